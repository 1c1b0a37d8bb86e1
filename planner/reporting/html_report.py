"""The report: one HTML file that needs nothing but a browser.

All data, styles, scripts and the Vega library are inside the file; its content security policy
forbids any request.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2
import numpy as np
import vl_convert
from markupsafe import Markup

from planner.reporting.charts import front_chart, hourly_chart, shown_wait_limit_min
from planner.reporting.definitions import DEFINITIONS
from planner.reporting.headline import (
    answer,
    count_text,
    minutes_text,
    percent_text,
    question,
)
from planner.reporting.map_data import map_data

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from planner.reporting.plan_results import PlanResults

_FIGURES = {
    "n_sessions_hpc": 0,
    "n_sessions_lpc": 0,
    "energy_mwh": 2,
    "mean_wait_min": 2,
    "p95_wait_min": 1,
    "utilisation_share": 3,
    "peak_power_kw": 0,
}
"""Columns of the site figures in the page, and the decimals they keep."""

_FRONT = {
    "n_hpc": 0,
    "n_lpc": 0,
    "mean_wait_min": 3,
    "p95_wait_min": 2,
    "share_wait_over_15_min": 4,
    "tcu": 4,
    "ecu": 4,
}


def write_html_report(results: PlanResults, path: Path) -> None:
    """Write the report.

    Parameters
    ----------
    results : PlanResults
        The plan.
    path : Path
        The file to write, UTF-8, about 1.5 MB for 350 sites and 100 solutions.
    """
    path.write_text(render_html_report(results), encoding="utf-8")


def render_html_report(results: PlanResults) -> str:
    """Text of the report.

    Parameters
    ----------
    results : PlanResults
        The plan.

    Returns
    -------
    str
        HTML; the same for the same results.
    """
    page = files("planner.reporting") / "page"
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"count": count_text, "percent": percent_text, "minutes": minutes_text}
    template = environment.from_string((page / "template.html").read_text(encoding="utf-8"))
    return template.render(
        results=results,
        question=_unbroken(question(results)),
        answer=_unbroken(answer(results)),
        definitions=DEFINITIONS,
        default=results.default_solution,
        named_rows=[
            (named, results.front.iloc[named.solution]) for named in results.named_solutions
        ],
        n_not_shown=int((results.front["mean_wait_min"] > shown_wait_limit_min(results)).sum()),
        unserved_share=results.summary["n_unserved"] / max(results.summary["n_trips"], 1),
        n_over_grid=_n_sites_over_grid(results),
        comparison=results.comparison.to_dict("records"),
        provenance=_flat(results.provenance),
        invariants=_flat(results.invariants),
        scenario=json.dumps(results.scenario, indent=2, ensure_ascii=False, default=str),
        style=(page / "style.css").read_text(encoding="utf-8"),
        scripts=[
            inline_script(text)
            for text in (
                chart_library(),
                (page / "site_map.js").read_text(encoding="utf-8"),
                (page / "site_table.js").read_text(encoding="utf-8"),
                (page / "page.js").read_text(encoding="utf-8"),
            )
        ],
        data=inline_json(page_data(results)),
    )


def page_data(results: PlanResults) -> dict[str, Any]:
    """Collect what the scripts of the page work on.

    Parameters
    ----------
    results : PlanResults
        The plan.

    Returns
    -------
    dict
        Plain values; figures rounded to what a reader can use, missing ones None.
    """
    sites = results.sites
    return {
        "study": results.name,
        "default": results.default_solution.name,
        "front": _columns(results.front, _FRONT),
        "named": [
            {
                "name": named.name,
                "solution": named.solution,
                "title": named.title,
                "text": named.text,
            }
            for named in results.named_solutions
        ],
        "sites": {
            "id": [str(value) for value in sites.site_id],
            "name": [str(value) for value in sites.name],
            "road": [str(value) for value in sites.road],
            "lon": sites.lon.round(5).tolist(),
            "lat": sites.lat.round(5).tolist(),
            "grid_connection_kw": _numbers(sites.grid_connection_kw, 0),
            "n_lpc": results.lpc_per_site.tolist(),
        },
        "layouts": results.hpc_layouts.tolist(),
        "figures": {
            named.name: _columns(results.figures_of(named.name), _FIGURES)
            for named in results.named_solutions
        },
        "map": map_data(results),
        "charts": {
            "front": front_chart(results).to_dict(),
            "wait": hourly_chart(results, "mean_wait_min").to_dict(),
            "use": hourly_chart(results, "occupied_share").to_dict(),
        },
    }


def inline_json(value: Any) -> Markup:
    """JSON that is safe inside a script element, whatever texts it holds.

    Parameters
    ----------
    value : Any
        Plain values without NaN.

    Returns
    -------
    Markup
        JSON without ``<``, ``>``, ``&`` and line separators.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - every character that could end the element is escaped


def inline_script(text: str) -> Markup:
    """Script text of ours or of a library, safe inside a script element.

    Parameters
    ----------
    text : str
        JavaScript in which ``</script`` and ``<!--`` occur in string literals only.

    Returns
    -------
    Markup
        The same script.
    """
    escaped = text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return Markup(escaped)  # noqa: S704 - no user text is in it


@cache
def chart_library() -> str:
    """Vega with its embedder, as a script that sets ``vegaEmbed``."""
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return bundle


def _n_sites_over_grid(results: PlanResults) -> int:
    figures = results.figures_of(results.default_solution.name)
    return int((figures["peak_power_kw"] > figures["grid_connection_kw"]).sum())


def _columns(table: pd.DataFrame, decimals: dict[str, int]) -> dict[str, list[float | int | None]]:
    return {name: _numbers(table[name].to_numpy(), digits) for name, digits in decimals.items()}


def _numbers(values: Any, decimals: int) -> list[float | int | None]:
    rounded = np.asarray(values, dtype=float).round(decimals).tolist()
    return [
        None if not math.isfinite(value) else int(value) if decimals == 0 else value
        for value in rounded
    ]


def _unbroken(text: str) -> str:
    """Text whose figures stay on one line with their units."""
    return re.sub(r"(?<=\d) (?=%|min\b)", "\N{NO-BREAK SPACE}", text)


def _flat(values: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Nested dictionaries as lines of (path, value), figures to four digits."""
    lines: list[tuple[str, str]] = []
    for key, value in values.items():
        if isinstance(value, dict):
            lines += _flat(value, f"{prefix}{key} · ")
        else:
            shown = f"{value:.4g}" if isinstance(value, float) else str(value)
            lines.append((f"{prefix}{key}".replace("_", " "), shown))
    return lines

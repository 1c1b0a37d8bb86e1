"""What the scripts of the report work on: plain values, and figures packed small."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from planner.plan.grid_binding import limits_points_by_grid
from planner.plan.map_classes import (
    GRID_LIMITS,
    USE,
    SiteClasses,
)
from planner.plan.schemas import HOURLY, SITES
from planner.plan.site_hour_schemas import SITE_HOURS
from planner.reporting.charts.chart_data import chart_data, front_axis, mark_label, published_marks
from planner.reporting.charts.front import FRONT_AXES
from planner.reporting.charts.plan import depot_power_rows, plan_charts
from planner.reporting.group_data import classes_of, group_data
from planner.reporting.map_data import map_data
from planner.reporting.packed_figures import packed
from planner.reporting.page_tables import PageColumn
from planner.reporting.phrases import phrase
from planner.tables.forms import TEXTS
from planner.tables.language import LANGUAGES
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from planner.plan.plan_results import PlanResults
    from planner.reporting.phrases import Phrase
    from planner.tables.forms import Form
    from planner.tables.table import Quantity

SCRIPTS = (
    "packed_figures.js",
    "site_table.js",
    "site_map.js",
    "map_legend.js",
    "group_tables.js",
    "group_map.js",
    "plan_charts.js",
    "page.js",
)
"""Scripts of the page after those of every page, in the order in which they run."""


def page_data(results: PlanResults, places: pd.DataFrame | None = None) -> dict[str, Any]:
    """Collect what the scripts of the page work on.

    Parameters
    ----------
    places : DataFrame, optional
        As :func:`~planner.reporting.map_data.map_data` takes them.

    Returns
    -------
    dict
        Plain values; figures rounded to what a reader can use, missing ones None.
    """
    detail = results.detail
    figures = (detail.site, SITES), (detail.hourly, HOURLY), (detail.site_hours, SITE_HOURS)
    with ThreadPoolExecutor(1) as thread:  # they are compressed without Python's lock
        in_thread = [thread.submit(packed, *each) for each in figures]
        drawn = map_data(results, places)
        charts = {language.code: plan_charts(results, language) for language in LANGUAGES}
        site_figures, hourly_figures, site_hours = (each.result() for each in in_thread)
    site_columns = SITES.without("solution_name")
    site_classes = SiteClasses.of([results.site_figures])
    static = [column for column in site_columns if column.name not in {"n_hpc", *detail.site}]
    return {
        "study": results.name,
        "default": results.default_solution.name,
        "front": _columns(results.front, results.front_schema.without("solution", "name")),
        "named": [
            {
                "name": named.name,
                "solution": named.solution,
                "title": phrase(named.title).texts,
                "text": phrase(named.text).texts,
            }
            for named in results.named_solutions
        ],
        "siteColumns": [
            {"key": column.name, "form": column.form, "title": PageColumn.of(column).title.texts}
            for column in site_columns
        ],
        "sites": _columns(results.figures_of(results.default_solution.name), static),
        "limitsByGrid": limits_points_by_grid(results),
        "classes": map_classes(site_classes),
        "groups": group_data(results),
        "pointSizes": site_classes.legend_points,
        "layouts": results.hpc_layouts.tolist(),
        "siteFigures": site_figures,
        "firstHour": int(detail.hour[0]),
        "hourlyFigures": hourly_figures,
        "siteHours": site_hours,
        "map": drawn,
        "longestWait": front_axis(results, "tcu").longest_wait_min,
        "chartData": chart_data(results) | {"depot-power": depot_power_rows(results)},
        "published": {
            language.code: {
                axis: [
                    mark | {"label": mark_label(str(mark["kind"]), language)}
                    for mark in published_marks(results, axis)
                ]
                for axis in FRONT_AXES
            }
            for language in LANGUAGES
        },
        "charts": charts,
    }


def map_classes(of_run: SiteClasses) -> dict[str, Any]:
    """Classes of the colours of the map, by what they show.

    Parameters
    ----------
    of_run : SiteClasses
        Those of the named plans.

    Returns
    -------
    dict
        ``title`` and ``labels`` by language, ``limits`` between the classes, ``colours`` (numbers).
    """
    shown: dict[str, tuple[Phrase, Form, Sequence[float]]] = {
        "use": (PageColumn.of(USE).title, USE.form, of_run.limits(USE)),
        "wait": (PageColumn.of(MEAN_WAIT).title, MEAN_WAIT.form, of_run.limits(MEAN_WAIT)),
        "grid": (phrase("Peak power to grid connection"), "percent", GRID_LIMITS),
    }
    return {name: classes_of(title, limits, form) for name, (title, form, limits) in shown.items()}


def _columns(table: pd.DataFrame, columns: Iterable[Quantity]) -> dict[str, list[Any]]:
    return {
        column.name: table[column.name].tolist()
        if column.form in TEXTS
        else _numbers(table[column.name].to_numpy(float))
        for column in columns
    }


def _numbers(values: NDArray[np.float64]) -> list[float | int | None]:
    # As many digits as the page's tables keep: what is rounded twice could differ from these.
    return [_number(f"{value:.10g}") if math.isfinite(value) else None for value in values]


def _number(written: str) -> float | int:
    return int(written) if written.isdigit() else float(written)

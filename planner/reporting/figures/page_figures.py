"""The charts of the pages of markets, depots and markets of plans as figures."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from planner.plan.finished_run import PLAN
from planner.reporting.charts.depot import DepotFrame, depot_charts
from planner.reporting.charts.look import PAPER
from planner.reporting.charts.map_frame import MapFrame
from planner.reporting.charts.market import market_charts
from planner.reporting.charts.market_chart_data import MarketFrame
from planner.reporting.charts.national_market import national_charts
from planner.reporting.charts.page_charts import read_page
from planner.reporting.figures.rendering import COLUMN_MM, PAGE_MM, Figure

if TYPE_CHECKING:
    from planner.plan.finished_run import FinishedRun
    from planner.reporting.charts.page_charts import ChartsOf
    from planner.tables.language import Language

MARKET, DEPOT = "market", "depot"
_PAGES: dict[str, tuple[str, Any, ChartsOf, str]] = {
    MARKET: ("report.html", MarketFrame, market_charts, ""),
    DEPOT: ("report.html", DepotFrame, depot_charts, ""),
    PLAN: ("market.html", MapFrame, national_charts, "market_"),
}
"""By kind of run: its page, the frame of its charts, what makes them, and what names begin with."""
_WIDE = ("alternatives", "cost", "flows", "schedule", "tours", "charge")
_MAP_MM = 120.0


def page_figures(run: FinishedRun, language: Language) -> tuple[Figure, ...]:
    """Figures of the charts of a run's page; none of a plan without a market.

    Raises
    ------
    RunDirectoryError
        If the page is missing.
    """
    if run.kind == PLAN and "market" not in run.summary:
        return ()
    page, frame_of, charts, begin = _PAGES[run.kind]
    told, rows = read_page(run.folder / page)
    frame = frame_of(**told)
    drawn = charts(frame, language, PAPER)
    return tuple(
        Figure(
            f"{begin}{name}".replace("-", "_"),
            _width_mm(name),
            language.text(
                "{what} Study {name}.", what=f"{chart.description.rstrip('.')}.", name=run.name
            ),
            partial(drawn_with, chart, rows),
        )
        for name, chart in drawn.items()
    )


def _width_mm(name: str) -> float:
    if name == "map":
        return _MAP_MM
    return PAGE_MM if name.startswith(_WIDE) else COLUMN_MM


def drawn_with(chart: Any, rows: dict[str, list[Any]], width: float) -> dict[str, Any]:
    """A chart of a width with those of the page's rows that it asks for."""
    spec: dict[str, Any] = PAPER.sized(chart, width).to_dict()
    asked = json.dumps(spec)
    used = {name: data for name, data in rows.items() if f'"name": "{name}"' in asked}
    return spec | {"datasets": used}

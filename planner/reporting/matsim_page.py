"""The page on a MATSim run beside its plan: one HTML file that needs only a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.reporting.charts.look import SCREEN
from planner.reporting.charts.matsim import matsim_chart_data, matsim_charts
from planner.reporting.matsim.event_columns import CHARGERS, OF_MATSIM, PLANNED
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import Columns, Section, Table, charted, hint
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import Phrase, phrase
from planner.tables.language import LANGUAGES
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from pathlib import Path

    from planner.reporting.matsim.event_differences import MatsimDifferences

EVENT_PAGE = "matsim.html"


def write_event_page(differences: MatsimDifferences, name: str, path: Path) -> None:
    """Write the page.

    Parameters
    ----------
    path : pathlib.Path
        The file to write, UTF-8.
    """
    charts = {
        language.code: {
            name: SCREEN.dressed(chart)
            for name, chart in matsim_charts(differences, language, SCREEN).items()
        }
        for language in LANGUAGES
    }
    text = render_page(
        {"study": name, "chartData": matsim_chart_data(differences), "charts": charts},
        kind="MATSim run",
        name=name,
        question=phrase("What did MATSim make of the plan?"),
        answer=Phrase.of(lambda language: " ".join(differences.sentences(language))),
        sections=[_differences(), _chargers(differences)],
    )
    path.write_text(text, encoding="utf-8")


def _differences() -> Section:
    of_waits = phrase("On the dashed line a MATSim charger has the wait that was planned.")
    panels = (
        charted(phrase("Mean wait at each MATSim charger"), "waits", hint(of_waits)),
        charted(phrase("Trucks that come to charge"), "coming"),
    )
    return Section(phrase("Planned and in MATSim"), (Columns(panels),))


def _chargers(differences: MatsimDifferences) -> Section:
    wait_min = differences.chargers[[f"{MEAN_WAIT.name}_{side}" for side in (PLANNED, OF_MATSIM)]]
    apart_min = wait_min.fillna(0.0).diff(axis=1).iloc[:, -1].abs()
    order = apart_min.sort_values(ascending=False, kind="stable").index
    table = PageTable.of("matsim-chargers", differences.chargers.loc[order], CHARGERS.columns)
    note = phrase("Those whose waits differ most come first.")
    return Section(phrase("MATSim chargers"), (hint(note), Table(table, "tall")))

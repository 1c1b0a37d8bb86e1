"""The folder of a plan: tables and map, then the page, figures and workbook made of them.

A second to import, of what no plan needs before it is computed.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from planner.files.spreadsheet_texts import write_csv_file
from planner.plan.depot_figures import write_national_depots
from planner.plan.finished_run import read_finished_run
from planner.plan.market_figures import write_national_tables
from planner.plan.plan_tables import write_tables
from planner.plan.warm_up import INITIAL_SOC_FILE
from planner.reporting.charts.look import PAPER
from planner.reporting.datapackage import write_datapackage
from planner.reporting.figures.run_figures import write_run_figures
from planner.reporting.gis.export import write_map
from planner.reporting.gis.plan_map import PLAN_MAP, plan_map
from planner.reporting.html_report import write_html_report
from planner.reporting.national_market_headline import MARKET_PAGE
from planner.reporting.national_market_report import write_national_report
from planner.reporting.page_rendering import chart_library, page_template
from planner.reporting.spreadsheet import write_spreadsheet
from planner.tables.language import ENGLISH

if TYPE_CHECKING:
    from pathlib import Path

    from planner.plan.compute import PlanOutcome
    from planner.reporting.figures.drawing import Drawing
    from planner.runs.progress import TimedStages


def make_ready() -> None:
    """Load what the first page and the first chart of a process wait for."""
    page_template()
    chart_library()
    PAPER.dressed(alt.Chart(pd.DataFrame({"x": [0.0]})).mark_point().encode(x="x:Q"))


def write_results(outcome: PlanOutcome, folder: Path) -> None:
    """Write the tables and the map of a plan."""
    results, market = outcome.results, outcome.market
    with ThreadPoolExecutor(1) as thread:
        # Parquet is written without Python's lock, as GDAL works.
        tables = thread.submit(_write_tables, outcome, folder)
        drawn = plan_map(results, None if market is None else market.sites)
        write_map(drawn, folder, PLAN_MAP, ENGLISH)
        tables.result()
    if outcome.scenario.market is not None and market is not None:
        write_national_tables(market, folder)
        write_national_report(outcome.scenario.market, market, drawn, folder / MARKET_PAGE)
    if results.depots is not None:
        write_national_depots(results.depots, folder)


def _write_tables(outcome: PlanOutcome, folder: Path) -> None:
    write_tables(outcome.results, folder)
    write_csv_file(outcome.arrival_soc, folder / "arrival_soc.csv")
    if outcome.initial_soc is not None:
        write_csv_file(outcome.initial_soc, folder / INITIAL_SOC_FILE)


def write_shown(outcome: PlanOutcome, folder: Path, stages: TimedStages, drawing: Drawing) -> None:
    """Write what people look at first, of a folder with tables, map and manifest.

    Parameters
    ----------
    drawing : Drawing
        Who draws the figures.
    """
    finished = read_finished_run(folder)
    results = replace(outcome.results, provenance=finished.manifest["provenance"])
    page, workbook = folder / "report.html", folder / "plan.xlsx"
    has_failed = Event()
    with stages("Writing page and figures"), ThreadPoolExecutor(1) as thread:
        figures = thread.submit(write_run_figures, finished, ENGLISH, drawing, has_failed.is_set)
        try:
            # While they are drawn, where another process does so.
            write_html_report(results, page)
            write_spreadsheet(finished, workbook, ENGLISH)
            figures.result()
        except BaseException:  # also Ctrl-C: the thread would draw all others before the end
            has_failed.set()
            raise
    write_datapackage(finished)

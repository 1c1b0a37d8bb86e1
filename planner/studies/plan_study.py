"""A plan of a country as a kind of study: its inputs, its stages, its files."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from numba import get_num_threads

from planner.files.spreadsheet_texts import write_csv_file
from planner.plan.compute import PlanOutcome, compute_plan, read_plan_inputs
from planner.plan.depot_figures import write_national_depots
from planner.plan.finished_run import read_finished_run
from planner.plan.input_files import input_files
from planner.plan.market_figures import write_national_tables
from planner.plan.plan_tables import write_tables
from planner.plan.warm_up import INITIAL_SOC_FILE
from planner.reporting.datapackage import write_datapackage
from planner.reporting.figures.drawing import DrawnBeside
from planner.reporting.figures.run_figures import write_run_figures
from planner.reporting.gis.export import write_map
from planner.reporting.gis.plan_map import PLAN_MAP, plan_map
from planner.reporting.html_report import write_html_report
from planner.reporting.manifest import plan_manifest
from planner.reporting.national_market_headline import MARKET_PAGE
from planner.reporting.national_market_report import write_national_report
from planner.reporting.spreadsheet import write_spreadsheet
from planner.runs.perform import Study, perform
from planner.tables.language import ENGLISH, translated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.plan.study_inputs import StudyInputs
    from planner.runs.progress import TimedStages
    from planner.scenario.model import Scenario

_BEGUN: dict[Path, DrawnBeside] = {}
"""Who will draw the figures of folders whose pages are written meanwhile."""


def _write(outcome: PlanOutcome, folder: Path) -> None:
    results, market = outcome.results, outcome.market
    drawn = plan_map(results, None if market is None else market.sites)
    with ThreadPoolExecutor(1) as thread:
        # GDAL works without Python's lock, as Parquet does.
        mapped = thread.submit(write_map, drawn, folder, PLAN_MAP, ENGLISH)
        write_tables(results, folder)
        write_csv_file(outcome.arrival_soc, folder / "arrival_soc.csv")
        if outcome.initial_soc is not None:
            write_csv_file(outcome.initial_soc, folder / INITIAL_SOC_FILE)
        mapped.result()
    if outcome.scenario.market is not None and market is not None:
        write_national_tables(market, folder)
        write_national_report(outcome.scenario.market, market, drawn, folder / MARKET_PAGE)
    if results.depots is not None:
        write_national_depots(results.depots, folder)


def _page(outcome: PlanOutcome, provenance: Mapping[str, Any], folder: Path) -> None:
    if get_num_threads() > 1:
        _BEGUN[folder] = DrawnBeside()  # is ready when the figures are drawn
    write_html_report(replace(outcome.results, provenance=dict(provenance)), folder / "report.html")


def _manifest(outcome: PlanOutcome, provenance: dict[str, Any]) -> dict[str, Any]:
    results = replace(outcome.results, provenance=provenance)
    return plan_manifest(results) | {
        "inputs": outcome.inputs,
        "translations": translated("inputs", outcome.inputs),
    }


def _finish(folder: Path, stages: TimedStages) -> None:
    finished = read_finished_run(folder)
    if get_num_threads() == 1:  # a second process would want a core that this run has not
        write_spreadsheet(finished, folder / "plan.xlsx", ENGLISH)
        with stages("Drawing figures"):
            write_run_figures(finished, ENGLISH)
    else:
        beside = _BEGUN.pop(folder, None) or DrawnBeside()
        with stages("Drawing figures"), beside, ThreadPoolExecutor(1) as thread:
            figures = thread.submit(write_run_figures, finished, ENGLISH, beside)
            # While they are drawn in another process.
            write_spreadsheet(finished, folder / "plan.xlsx", ENGLISH)
            figures.result()
    write_datapackage(finished)


PLAN: Study[Scenario, StudyInputs, PlanOutcome] = Study(
    kind="plan",
    files=input_files,
    read=read_plan_inputs,
    compute=compute_plan,
    write=_write,
    page=_page,
    manifest=_manifest,
    finish=_finish,
)


def run_plan(
    scenario: Scenario, *, cluster: str | None = None, workers: int | None = None, **more: Any
) -> Path:
    """Plan a scenario; its folder.

    Parameters
    ----------
    cluster : str, optional
        Address of a dask scheduler whose workers plan the stops of trips, or ``"local"`` for as
        many processes of this machine as ``workers`` says. Results do not depend on it.
    workers, **more
        See :func:`~planner.runs.perform.perform`.

    Raises
    ------
    ClusterError
        If the cluster is not there, or not of this version.
    """
    if cluster is None:
        return perform(PLAN, scenario, workers=workers, **more)
    from planner.plan.cluster_stops import ClusterWorkers  # noqa: PLC0415  # half a second

    on_cluster = partial(compute_plan, workers=ClusterWorkers(cluster, workers))
    return perform(replace(PLAN, compute=on_cluster), scenario, workers=workers, **more)

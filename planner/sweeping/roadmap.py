"""From a roadmap to its folder: years one after the other, none tears down what stands."""

from __future__ import annotations

from contextlib import nullcontext
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from planner.files.spreadsheet_texts import write_csv_file
from planner.optimization.point_bounds import within_plan
from planner.plan.finished_run import PLAN as PLAN_KIND
from planner.plan.finished_run import read_finished_run
from planner.plan.roadmap_tables import (
    POINTS,
    RoadmapTables,
    YearOfRoadmap,
    check_nothing_torn_down,
    regret_table,
    roadmap_tables,
)
from planner.reporting.roadmap_report import Ahead, PlannedYears, write_roadmap
from planner.runs.perform import perform
from planner.runs.progress import Quiet
from planner.runs.written_files import placing
from planner.scenario.roadmap import Roadmap, load_roadmap
from planner.studies.plan_study import PLAN

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import pandas as pd

    from planner.runs.progress import ProgressListener

    Listening = Callable[[int], AbstractContextManager[ProgressListener]]
    """Context in which a listener is told how far a year is."""

REMEDY = "name another folder with --out"
_STANDING = "standing"
RUNS_AHEAD = "runs-with-foresight"
"""Folder of the runs of years that look ahead."""


class FinishedRoadmap(NamedTuple):
    """A roadmap whose years are all planned."""

    folder: Path
    years: list[YearOfRoadmap]
    tables: RoadmapTables
    foresight: Ahead | None = None


def run_roadmap(
    roadmap: Roadmap | str | Path,
    *,
    out: Path | None = None,
    workers: int | None = None,
    resume: bool = False,
    listening: Listening | None = None,
) -> FinishedRoadmap:
    """Plan the years of a roadmap, each on what the one before has built.

    Parameters
    ----------
    roadmap : Roadmap, str or Path
        The roadmap, its file, or the name of one that comes with the planner.
    out : Path, optional
        Folder of the roadmap; ``outputs/<name>`` by default. The run of a year lies in
        ``runs/<year>``.
    workers : int, optional
        Processor cores to use; all by default. Results do not depend on it.
    resume : bool
        Go on with an interrupted roadmap; years that are complete and of which nothing has
        changed are not repeated.
    listening : callable, optional
        Given a year, a context in which a listener is told of its stages.

    Raises
    ------
    PlannerError
        If the roadmap is not valid or a folder cannot be written. Years that are done are kept.
    InvariantError
        If a year tears down what stands.
    """
    if not isinstance(roadmap, Roadmap):
        roadmap = load_roadmap(roadmap)
    folder = (out or Path("outputs") / roadmap.name).resolve()
    told = listening or (lambda _: nullcontext(Quiet()))
    plans = _Years(roadmap, folder, workers, told, resume=resume)
    years: list[YearOfRoadmap] = []
    for year in roadmap.scenarios:
        standing = _write_points(years[-1], folder / _STANDING / f"{year}.csv") if years else None
        now = plans.planned(year, "runs", standing)
        if years:
            check_nothing_torn_down(years[-1], now)
        years.append(now)
    ahead = plans.with_foresight() if roadmap.definition.foresight else None
    tables = roadmap_tables(years, folder)
    foresight = None
    if ahead is not None:
        further = roadmap_tables(ahead, folder)
        foresight = Ahead(PlannedYears(ahead, further), regret_table(tables, further))
    with placing(folder, REMEDY) as new:
        write_roadmap(roadmap.definition, PlannedYears(years, tables), foresight, new)
    return FinishedRoadmap(folder, years, tables, foresight)


class _Years:
    """Plans years of a roadmap."""

    def __init__(
        self, roadmap: Roadmap, folder: Path, workers: int | None, told: Listening, *, resume: bool
    ) -> None:
        self._roadmap, self._folder, self._workers = roadmap, folder, workers
        self._told, self._resume = told, resume

    def planned(
        self, year: int, runs: str, standing: Path | None, within: Path | None = None
    ) -> YearOfRoadmap:
        """Plan a year on what stands, with its run in a folder of the roadmap's."""
        with self._told(year) as listener:
            done = perform(
                PLAN,
                self._roadmap.scenario(year, standing, within),
                out=self._folder / runs / str(year),
                workers=self._workers,
                resume=self._resume,
                progress=listener,
            )
        run = read_finished_run(done, PLAN_KIND)
        return YearOfRoadmap(year, run, run.solution(self._roadmap.definition.solution).name)

    def with_foresight(self) -> list[YearOfRoadmap]:
        """Plan the last year as if nothing were built before it, the others within its plan."""
        *before, last_year = self._roadmap.scenarios
        last = self.planned(last_year, RUNS_AHEAD, None)
        points = last.sites()
        years: list[YearOfRoadmap] = []
        for year in before:
            standing = None
            if years:
                standing = _write_points(years[-1], self._folder / _STANDING / f"ahead-{year}.csv")
            own = self._roadmap.scenarios[year].optimization.bounds
            bounds = within_plan(points["n_hpc"], points["n_lpc"], own)
            within = _write_table(bounds, self._folder / _STANDING / f"bounds-{year}.csv")
            years.append(self.planned(year, RUNS_AHEAD, standing, within))
        years.append(last)
        for earlier, later in pairwise(years):
            check_nothing_torn_down(earlier, later, is_chosen_alone=True)
        return years


def _write_points(plan: YearOfRoadmap, path: Path) -> Path:
    """Table of what a year has."""
    return _write_table(plan.sites().reset_index()[["site_id", *POINTS]], path)


def _write_table(table: pd.DataFrame, path: Path) -> Path:
    """Write a table that runs read, the same bytes for the same plan."""
    with placing(path.parent, REMEDY) as new:
        write_csv_file(table, new / path.name)
    return path

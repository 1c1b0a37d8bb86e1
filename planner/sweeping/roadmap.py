"""From a roadmap to its folder: years one after the other, none tears down what stands."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from planner.files.spreadsheet_texts import write_csv_file
from planner.plan.finished_run import PLAN as PLAN_KIND
from planner.plan.finished_run import read_finished_run
from planner.plan.roadmap_tables import (
    POINTS,
    RoadmapTables,
    YearOfRoadmap,
    check_nothing_torn_down,
    roadmap_tables,
)
from planner.reporting.roadmap_report import write_roadmap
from planner.runs.perform import perform
from planner.runs.progress import Quiet
from planner.runs.written_files import placing
from planner.scenario.roadmap import Roadmap, load_roadmap
from planner.studies.plan_study import PLAN

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from planner.runs.progress import ProgressListener

    Listening = Callable[[int], AbstractContextManager[ProgressListener]]
    """Context in which a listener is told how far a year is."""

REMEDY = "name another folder with --out"
_STANDING = "standing"


class FinishedRoadmap(NamedTuple):
    """A roadmap whose years are all planned."""

    folder: Path
    years: list[YearOfRoadmap]
    tables: RoadmapTables


def run_roadmap(
    roadmap: Roadmap | str | Path,
    *,
    out: Path | None = None,
    workers: int | None = None,
    resume: bool = False,
    listening: Listening | None = None,
) -> FinishedRoadmap:
    """Plan the years of a roadmap, each on what the one before has built, without foresight.

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
    years: list[YearOfRoadmap] = []
    for year in roadmap.scenarios:
        standing = _write_standing(years[-1], year, folder) if years else None
        with told(year) as listener:
            done = perform(
                PLAN,
                roadmap.scenario(year, standing),
                out=folder / "runs" / str(year),
                workers=workers,
                resume=resume,
                progress=listener,
            )
        run = read_finished_run(done, PLAN_KIND)
        now = YearOfRoadmap(year, run, run.solution(roadmap.definition.solution).name)
        if years:
            check_nothing_torn_down(years[-1], now)
        years.append(now)
    tables = roadmap_tables(years, folder)
    with placing(folder, REMEDY) as new:
        write_roadmap(roadmap.definition, tables, new)
    return FinishedRoadmap(folder, years, tables)


def _write_standing(before: YearOfRoadmap, year: int, folder: Path) -> Path:
    """Table of what stands when a year begins, the same bytes for the same plan."""
    name = f"{year}.csv"
    with placing(folder / _STANDING, REMEDY) as new:
        write_csv_file(before.sites().reset_index()[["site_id", *POINTS]], new / name)
    return folder / _STANDING / name

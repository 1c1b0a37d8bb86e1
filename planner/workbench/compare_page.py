"""Two or more runs beside each other: on a swipe map, as a map of differences, in figures."""

from __future__ import annotations

import os
import shlex
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from planner.errors import InputDataError
from planner.plan.compared_runs import ComparedRun, read_runs
from planner.plan.finished_run import PLAN, FinishedRun, read_finished_run
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.schemas import FRONT
from planner.reporting.comparison_answer import comparison_answer, run_names
from planner.reporting.figure_page import section_charts
from planner.reporting.gis.plan_map import GEOPACKAGE
from planner.reporting.page_sections import Section, Table, hint
from planner.reporting.page_tables import PageColumn, PageTable, page_columns
from planner.reporting.phrases import Phrase, percent, phrase, verbatim
from planner.reporting.run_comparison import differences_sections, run_fronts_section
from planner.runs.manifests import MANIFEST, SWEEP_MANIFEST
from planner.said import said
from planner.workbench.compare_sites import AllSites, measures, pair_told
from planner.workbench.figure_rows import FigureRow
from planner.workbench.folder import inside
from planner.workbench.map_of_plan import Background, map_around
from planner.workbench.rendering import CHART_SCRIPTS, render, render_workbench
from planner.workbench.run_queue import COMPARE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from planner.reporting.page_tables import Cell

_MOST_RUNS = 12
_KEPT = 3
"""Comparisons in memory at a time."""
_SHOWN = FRONT.without("solution", "name")

Runs = Annotated[
    list[str], Query(description="Folders of finished runs, or of sweeps.", max_length=100)
]


@dataclass(frozen=True, eq=False)
class Compared:
    """Runs that are held against each other.

    Parameters
    ----------
    paths : tuple of str
        Their folders, from the folder of the workbench.
    compared : list of ComparedRun
        What differs between them.
    finished : list of FinishedRun
        Their plans.
    plans : list of DataFrame
        ``SITES`` of each.
    all_sites : AllSites
        Sites of any of them.
    """

    paths: tuple[str, ...]
    compared: list[ComparedRun]
    finished: list[FinishedRun]
    plans: list[pd.DataFrame]
    all_sites: AllSites

    @classmethod
    def of(cls, root: Path, runs: Sequence[str]) -> Compared:
        """Read runs of a folder; those of sweeps are all of their runs.

        Raises
        ------
        InputDataError
            If they are fewer than two, or more than fit beside each other.
        PlannerError
            If one is no finished run of the folder.
        """
        folders = [inside(root, run) for run in runs]
        for folder in folders:
            if (folder / MANIFEST).is_file():  # tells what else it is; a sweep has another one
                read_finished_run(folder, PLAN)
        compared = read_runs(folders)
        if not 2 <= len(compared) <= _MOST_RUNS:
            found = len(compared)
            msg = said(
                "runs: expected 2 to {most} side by side, found {found}; tick others",
                most=str(_MOST_RUNS),
                found=str(found),
            )
            raise InputDataError(msg)
        paths = tuple(_path_inside(root, each.folder) for each in compared)
        finished = [read_finished_run(each.folder, PLAN) for each in compared]
        plans = [each.sites() for each in finished]
        return cls(paths, compared, finished, plans, AllSites.of(plans))

    @property
    def names(self) -> list[str]:
        """What each run is called."""
        return run_names(self.compared)

    def sites(self, run: int, solution: str) -> pd.DataFrame:
        """Sites of a named plan of a run."""
        name = self.finished[run].solution(solution).name
        return self.plans[run][self.plans[run]["solution_name"] == name]

    def figures(self, run: int, solution: str) -> pd.Series:
        """Row of the front of a named plan."""
        finished = self.finished[run]
        return finished.front.iloc[finished.solution(solution).solution]


def _path_inside(root: Path, folder: Path) -> str:
    """A run's folder from that of the workbench: the table of a sweep may name any.

    Raises
    ------
    InputDataError
        If it lies elsewhere.
    """
    path = Path(os.path.relpath(folder.resolve(), root.resolve())).as_posix()
    inside(root, path)
    return path


class _Comparisons:
    """Comparisons of a folder, the last ones in memory."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._read = lru_cache(maxsize=_KEPT)(self._read_anew)

    def of(self, runs: Sequence[str]) -> Compared:
        """Comparison of some runs, read again where one of them has changed."""
        return self._read(tuple(runs), tuple(self._stamp(run) for run in runs))

    def _read_anew(self, runs: tuple[str, ...], stamps: tuple[int, ...]) -> Compared:  # noqa: ARG002
        return Compared.of(self._root, runs)

    def _stamp(self, run: str) -> int:
        for manifest in (MANIFEST, SWEEP_MANIFEST):
            with suppress(OSError):
                return (inside(self._root, run) / manifest).stat().st_mtime_ns
        return 0  # reading it tells what is wrong


def compare_routes(root: Path) -> APIRouter:
    """The page of compared runs, and what its maps ask."""
    router = APIRouter(tags=["comparisons"])
    comparisons = _Comparisons(root)

    @router.get("/compare", response_class=HTMLResponse, include_in_schema=False)
    def page(runs: Runs) -> str:
        return _page(comparisons.of(runs))

    @router.get("/api/comparisons/sites")
    def sites(
        runs: Runs,
        left: Annotated[int, Query(description="Number of a run, from 0.", ge=0)] = 0,
        right: Annotated[int, Query(description="Number of another one.", ge=0)] = 1,
        left_plan: Annotated[str, Query(description="Its named plan.")] = DEFAULT_SOLUTION,
        right_plan: Annotated[str, Query(description="That of the other.")] = DEFAULT_SOLUTION,
    ) -> dict[str, Any]:
        """Sites and figures of two plans of compared runs, and what differs between them."""
        compared = comparisons.of(runs)
        chosen = (left, left_plan), (right, right_plan)
        for number, _ in chosen:
            if number >= len(compared.paths):
                last = len(compared.paths) - 1
                msg = said(
                    "expected the number of a run, 0 to {last}; found {number}",
                    last=str(last),
                    number=str(number),
                )
                raise InputDataError(msg)
        tables = [compared.all_sites.figures(compared.sites(*each)) for each in chosen]
        before, after = (compared.figures(*each) for each in chosen)
        rows = [
            FigureRow.of(PageColumn.of(each).title, each.form, before[each.name], after[each.name])
            for each in _SHOWN
        ]
        return pair_told(tables[0], tables[1]) | {
            "site_id": compared.all_sites.sites.index.tolist(),
            "figures": render(
                "compare_figures.html",
                rows=rows,
                names=[_called(compared, *each) for each in chosen],
            ),
        }

    return router


def _called(compared: Compared, run: int, solution: str) -> Phrase:
    named = compared.finished[run].solution(solution)
    return phrase("{plan}, {run}", plan=phrase(named.title), run=verbatim(compared.names[run]))


def _page(compared: Compared) -> str:
    sections = [
        *differences_sections(compared.compared),
        run_fronts_section(compared.compared, "Electrification level"),
        _plans_section(compared),
    ]
    names = compared.names
    return render_workbench(
        "compare.html",
        _page_data(compared) | {"charts": section_charts(sections)},
        (
            *CHART_SCRIPTS,
            *(
                "site_map.js",
                "map_legend.js",
                "edit_map.js",
                "take_pictures.js",
                "compare_map.js",
                "compare.js",
            ),
        ),
        tab=phrase("Compare runs"),
        css="compare several",
        answer=Phrase.of(lambda language: comparison_answer(compared.compared, language)),
        runs=list(enumerate(names)),
        measures=[(each["key"], Phrase(each["title"])) for each in measures()],
        command=shlex.join((*COMPARE, *compared.paths)),
        sections=sections,
    )


def _page_data(compared: Compared) -> dict[str, Any]:
    """What the scripts of the page work on."""
    sites = compared.all_sites
    backgrounds = [Background.of(run.folder / GEOPACKAGE) for run in compared.finished]
    maps = map_around(backgrounds, sites.lon, sites.lat)
    busiest = max(road[2] for each in maps for road in each["roads"])
    return {
        "study": "comparison",
        "runs": compared.paths,
        "query": urlencode([("runs", path) for path in compared.paths]),
        "names": compared.names,
        "plans": [
            [{"name": each.name, "title": phrase(each.title).texts} for each in run.named_solutions]
            for run in compared.finished
        ],
        "sites": sites.told(),
        "measures": measures(),
        "map": maps[0] | {"mostTrucks": busiest, "flowSizes": _flow_sizes(maps)},
        "roads": [each["roads"] for each in maps],
    }


def _flow_sizes(maps: Sequence[dict[str, Any]]) -> list[int]:
    """Numbers of trucks in the legend: those of the busiest map."""
    sizes: list[int] = max((each["flowSizes"] for each in maps), key=max)
    return sizes


def _plans_section(compared: Compared) -> Section:
    """All named plans of all runs in one table."""
    rows: list[Sequence[Cell]] = [
        (
            verbatim(name),
            percent(run.level_share),
            phrase(named.title),
            *(float(finished.front.iloc[named.solution][each.name]) for each in _SHOWN),
        )
        for name, run, finished in zip(
            compared.names, compared.compared, compared.finished, strict=True
        )
        for named in finished.named_solutions
    ]
    columns = (
        PageColumn("run", phrase("Run")),
        PageColumn("level", phrase("Level")),
        PageColumn("plan", phrase("Plan")),
        *page_columns(_SHOWN),
    )
    told = phrase("The named plans of each run, from the trucks' side to the operators' side.")
    table = Table(PageTable("plans-of-runs", columns, rows), "tall")
    return Section(phrase("All named plans"), (hint(told), table))

"""A finished run as its own folder tells it: no input is read again.

Figures, spreadsheet and terminal are made from this, so that they can be made again from a folder
that was sent to somebody who has none of the inputs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from planner.errors import RunDirectoryError, quoted
from planner.plan.finished_levels import combinations_of, read_levels
from planner.plan.plan_results import DEFAULT_SOLUTION, Assumption
from planner.plan.schemas import (
    HOURLY,
    OBJECTIVES_BY_DEFAULT,
    SITES,
    front_schema,
)
from planner.plan.solution_names import no_such_solution
from planner.plan.trip_schemas import TRIPS
from planner.runs.manifests import MANIFEST, SWEEP_MANIFEST, read_manifest
from planner.said import AsWritten, said
from planner.scenario.study_kinds import KINDS
from planner.scenario.sweep import SweepDefinition
from planner.scenario.yaml_files import validated
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.table import Quantity
from planner.tables.table_files import read_parquet
from planner.tables.terms import NamedSolution

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from planner.plan.finished_levels import Combination
    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.tables.language import Language
    from planner.tables.table import Table

PLAN, SWEEP = "plan", "sweep"
_KEYS_OF_ALL = ("name", "summary", "scenario", "provenance")
_MOST_DIGITS = 9
"""Of the number of a solution: what is longer is none."""
_KEYS = {
    PLAN: (*_KEYS_OF_ALL, "headline", "named_solutions", "assumptions"),
    SWEEP: ("sweep", "complete"),
}


@dataclass(frozen=True)
class FinishedRun:
    """A finished run of any kind; what a kind does not have is told as missing.

    Parameters
    ----------
    kind : str
        ``"plan"``, ``"market"``, ``"depot"`` or ``"sweep"``.
    manifest : dict
        Contents of ``run.json``, or of ``sweep.json``.
    runs_in : pathlib.Path, optional
        Where the runs of a sweep are while its own files are being written elsewhere.
    """

    folder: Path
    kind: str
    manifest: dict[str, Any] = field(repr=False)
    runs_in: Path | None = None

    def table(self, table: Table | str) -> pd.DataFrame:
        """A table of the run, or of the name of its Parquet file.

        Raises
        ------
        RunDirectoryError
            If its file is missing or has other columns.
        """
        if isinstance(table, str):
            return read_parquet(self.folder / f"{table}.parquet")
        return read_parquet(self.folder / f"{table.name}.parquet", table.column_names)

    @property
    def name(self) -> str:
        """Name of the study."""
        return self.definition.name if self.kind == SWEEP else str(self.manifest["name"])

    @property
    def description(self) -> str:
        """What a single study says of itself, with what a command has changed in it."""
        return "" if self.kind == SWEEP else str(self.scenario.get("description", ""))

    @property
    def scenario(self) -> dict[str, Any]:
        """The resolved scenario, plain values."""
        scenario: dict[str, Any] = self.manifest["scenario"]
        return scenario

    @property
    def summary(self) -> dict[str, Any]:
        """Headline figures of all trips and of the default solution."""
        summary: dict[str, Any] = self.manifest["summary"]
        return summary

    @cached_property
    def front(self) -> pd.DataFrame:
        """``FRONT``: a row per solution of the Pareto front."""
        return self.table(front_schema(self.objectives, with_draws=self.has_draws))

    @property
    def has_draws(self) -> bool:
        """Whether its solutions have bands over several draws of the demand."""
        return "draws" in self.summary

    @cached_property
    def named_solutions(self) -> tuple[NamedSolution, ...]:
        """Named solutions, from the trucks' side to the operators' side.

        Raises
        ------
        RunDirectoryError
            If they are none of the front.
        """
        try:
            named = tuple(
                NamedSolution(
                    str(each["name"]), int(each["solution"]), str(each["title"]), str(each["text"])
                )
                for each in self.manifest["named_solutions"]
            )
            faulty = [each.name for each in named if not 0 <= each.solution < len(self.front)]
        except (KeyError, TypeError, ValueError) as error:
            named, faulty = (), [f"({error})"]
        if faulty or not named:
            msg = said(
                "{path}: expected named_solutions that are rows of the front; found others "
                "{found}; run the scenario again",
                path=str(self.folder / MANIFEST),
                found=AsWritten(", ".join(faulty)),
            )
            raise RunDirectoryError(msg)
        return named

    @property
    def level_share(self) -> float | None:
        """Share of trucks that are electric, where the scenario has one."""
        share = self.scenario.get("demand", {}).get("electrification_share")
        return None if share is None else float(share)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What is assumed, in reading order."""
        return tuple(Assumption(**each) for each in self.manifest["assumptions"])

    @property
    def objectives(self) -> tuple[Quantity, ...]:
        """What the search aimed at, in the order of the study."""
        told = self.manifest.get("objectives")
        if told is None:  # a run of a version that had the two alone
            return OBJECTIVES_BY_DEFAULT
        return tuple(Quantity(**each) for each in told)

    @property
    def default_solution(self) -> NamedSolution:
        """The named solution shown first: the balanced one, else the one in the middle."""
        for named in self.named_solutions:
            if named.name == DEFAULT_SOLUTION:
                return named
        return self.named_solutions[len(self.named_solutions) // 2]

    def question(self, language: Language) -> str:
        """The question that the run answers."""
        return self._headline(language)["question"]

    def answer(self, language: Language) -> str:
        """Its answer in two or three sentences."""
        return self._headline(language)["answer"]

    def _headline(self, language: Language) -> dict[str, str]:
        headline: dict[str, Any] = self.manifest["headline"]
        translated: dict[str, str] = headline.get("translations", {}).get(language.code, headline)
        return translated

    @property
    def shown_wait_limit_min(self) -> float:
        """Longest mean wait that pictures of the front show, minutes.

        Beyond the named solutions a front can go on to hours of waiting, which would press
        everything of interest against the axis.
        """
        named = [named.solution for named in self.named_solutions]
        return 1.15 * max(float(self.front[MEAN_WAIT.name].iloc[named].max()), 0.5)

    def titles(self, language: Language) -> dict[str, str]:
        """Names of the named solutions as they stand at the head of a row, by their keys."""
        titles = {named.name: language.text(named.title) for named in self.named_solutions}
        return {name: title[:1].upper() + title[1:] for name, title in titles.items()}

    def study_in_words(self, language: Language) -> str:
        """What is studied, for captions: name, share of electric trucks, sites."""
        share = self.level_share
        n_sites = language.count(self.summary["n_sites"])
        if share is None:
            return language.text("Study {name}: {n} sites", name=self.name, n=n_sites)
        return language.text(
            "Study {name}: {share} electric trucks, {n} sites",
            name=self.name,
            share=language.percent(share),
            n=n_sites,
        )

    def solution(self, name: str) -> NamedSolution:
        """Named solution of a name.

        Raises
        ------
        RunDirectoryError
            If the run has none of that name.
        """
        of_name = {named.name: named for named in self.named_solutions}
        if name not in of_name:
            raise no_such_solution(self.folder, name, of_name)
        return of_name[name]

    def solution_number(self, name: str) -> int:
        """Row of the front of a named solution, or of a number that is one already.

        Raises
        ------
        RunDirectoryError
            If the run has no such solution.
        """
        if not name.isdecimal() or len(name) > _MOST_DIGITS:
            return self.solution(name).solution
        if int(name) >= len(self.front):
            msg = said(
                "{folder}: expected a solution from 0 to {last} or its name; found {name}",
                folder=str(self.folder),
                last=str(len(self.front) - 1),
                name=name,
            )
            raise RunDirectoryError(msg)
        return int(name)

    @property
    def inputs_sha256(self) -> dict[str, str]:
        """SHA-256 of the inputs by what they are.

        Raises
        ------
        RunDirectoryError
            If the manifest does not say them.
        """
        try:
            found: dict[str, str] = self.manifest["provenance"]["inputs_sha256"]
        except (KeyError, TypeError) as error:
            told = "{path}: the key {key} is missing; run the scenario again"
            msg = said(told, path=str(self.folder / MANIFEST), key=str(error))
            raise RunDirectoryError(msg) from error
        return found

    def on_roads(self, name: str) -> SolutionOnRoads:
        """Read a solution with the roads, sites and trucks that it was planned for.

        Parameters
        ----------
        name : str
            For example ``"balanced"``, or its number.

        Raises
        ------
        RunDirectoryError
            If the run has no such solution, or an input has changed since.
        PlannerError
            If the network or the sites cannot be read any more.
        """
        # Readers of networks take seconds to import, and most want the tables alone.
        from planner.plan.solution_on_roads import solution_on_roads  # noqa: PLC0415

        return solution_on_roads(self, name)

    def sites(self) -> pd.DataFrame:
        """``SITES``: a row per named solution and site."""
        return self.table(SITES)

    def hourly(self) -> pd.DataFrame:
        """``HOURLY``: waits and points in use by hour."""
        return self.table(HOURLY)

    def trips(self, *columns: str) -> pd.DataFrame:
        """``TRIPS``: served and unserved, these columns alone where any are named."""
        path = self.folder / f"{TRIPS.name}.parquet"
        return read_parquet(path, columns or TRIPS.column_names)

    @cached_property
    def definition(self) -> SweepDefinition:
        """What a sweep was asked."""
        where = str(self.folder / SWEEP_MANIFEST)
        return validated(TypeAdapter(SweepDefinition), self.manifest["sweep"], where, {})

    @cached_property
    def levels(self) -> pd.DataFrame:
        """A row per combination and named solution of a sweep: means with intervals."""
        return read_levels(self.folder)

    @cached_property
    def combinations(self) -> tuple[Combination, ...]:
        """Combinations of the values of a sweep's axes, the last axis varying fastest."""
        return combinations_of(self.definition, self.levels, self.folder)

    @property
    def first_run(self) -> Path:
        """Folder of the first replication of the first combination of a sweep."""
        return (self.runs_in or self.folder) / "runs" / self.combinations[0].label / "replication-1"


def kind_of(folder: Path) -> str:
    """Kind of the result in a folder: ``kind`` in its manifest, a plan where it says none.

    Raises
    ------
    RunDirectoryError
        If the folder holds no result.
    """
    if (folder / SWEEP_MANIFEST).is_file() and not (folder / MANIFEST).is_file():
        return SWEEP
    return str(read_manifest(folder).get("kind", PLAN))


def read_finished_run(folder: str | Path, *kinds: str) -> FinishedRun:
    """Read what a result's folder tells of it; nothing else is looked at.

    Parameters
    ----------
    folder : str or pathlib.Path
        Folder of a run or of a sweep.
    *kinds : str
        Kinds that it may be of; any by default.

    Raises
    ------
    RunDirectoryError
        If the folder is not a complete result of this version of the planner, or of another kind.
    """
    folder = Path(folder)
    kind = kind_of(folder)
    _check_kind(folder, kind, kinds)
    name = SWEEP_MANIFEST if kind == SWEEP else MANIFEST
    run = FinishedRun(folder, kind, read_manifest(folder, name))
    missing = [key for key in _KEYS.get(kind, _KEYS_OF_ALL) if key not in run.manifest]
    if missing:
        msg = said(
            "{path}: expected the key {key}; found none; run the scenario again with this version "
            "of the planner",
            path=str(folder / name),
            key=repr(missing[0]),
        )
        raise RunDirectoryError(msg)
    # Read now: a fault is told before anything is made of the result.
    if kind == PLAN:
        _ = run.named_solutions
    elif kind == SWEEP:
        if not run.manifest["complete"]:
            told = "{folder}: the sweep is not complete; start it again, it resumes"
            msg = said(told, folder=str(folder))
            raise RunDirectoryError(msg)
        _ = run.combinations
    return run


def _check_kind(folder: Path, kind: str, kinds: Collection[str]) -> None:
    if not kinds or kind in kinds:
        return
    commands = [f"'{each.command}'" for each in KINDS.values() if each.result in kinds]
    rest = (
        "name one of its runs, below runs/"
        if kind == SWEEP
        else "it has its tables and pictures in its own folder"
    )
    msg = said(
        "{folder}: expected the folder of {commands}; found a result of the kind {kind}; {rest}",
        folder=str(folder),
        commands=AsWritten(", ".join(commands)),
        kind=quoted(kind),
        rest=rest,
    )
    raise RunDirectoryError(msg)

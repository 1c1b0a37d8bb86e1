"""A finished run as its own folder tells it: no input is read again.

Figures, spreadsheet and terminal are made from this, so that they can be made again from a folder
that was sent to somebody who has none of the inputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.errors import RunDirectoryError
from planner.plan.plan_results import DEFAULT_SOLUTION, Assumption
from planner.plan.schemas import (
    FRONT,
    HOURLY,
    SITES,
    TRIPS,
)
from planner.plan.stored_run import read_table
from planner.runs.run_directory import MANIFEST, read_manifest
from planner.scenario.suggestions import did_you_mean
from planner.tables.terms import NamedSolution

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from planner.tables.language import Language


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A finished run.

    Parameters
    ----------
    folder : pathlib.Path
        The run directory.
    manifest : dict
        Contents of ``run.json``.
    front : DataFrame
        ``FRONT``.
    named_solutions : tuple of NamedSolution
        From the trucks' side to the operators' side.
    """

    folder: Path
    manifest: dict[str, Any]
    front: pd.DataFrame
    named_solutions: tuple[NamedSolution, ...]

    @property
    def name(self) -> str:
        """Name of the study."""
        return str(self.manifest["name"])

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
        return 1.15 * max(float(self.front["mean_wait_min"].iloc[named].max()), 0.5)

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
            msg = (
                f"{self.folder}: expected one of its solutions ({', '.join(of_name)}); "
                f"found {name!r}{did_you_mean(name, of_name)}"
            )
            raise RunDirectoryError(msg)
        return of_name[name]

    def sites(self) -> pd.DataFrame:
        """``SITES``: a row per named solution and site."""
        return read_table(self.folder, SITES)

    def hourly(self) -> pd.DataFrame:
        """``HOURLY``: waits and points in use by hour."""
        return read_table(self.folder, HOURLY)

    def trips(self) -> pd.DataFrame:
        """``TRIPS``: served and unserved."""
        return read_table(self.folder, TRIPS)


_KEYS = ("name", "headline", "summary", "named_solutions", "scenario", "assumptions", "provenance")


def read_finished_run(folder: Path) -> FinishedRun:
    """Read what a run's folder tells of it.

    Parameters
    ----------
    folder : pathlib.Path
        The run directory.

    Returns
    -------
    FinishedRun

    Raises
    ------
    RunDirectoryError
        If the folder is not a complete run of this version of the planner.
    """
    manifest = read_manifest(folder)
    missing = [key for key in _KEYS if key not in manifest]
    if missing:
        msg = (
            f"{folder / MANIFEST}: expected the key {missing[0]!r}; found none; "
            "run the scenario again with this version of the planner"
        )
        raise RunDirectoryError(msg)
    front = read_table(folder, FRONT)
    try:
        named = tuple(
            NamedSolution(
                str(each["name"]), int(each["solution"]), str(each["title"]), str(each["text"])
            )
            for each in manifest["named_solutions"]
        )
        faulty = [each.name for each in named if not 0 <= each.solution < len(front)]
    except (KeyError, TypeError, ValueError) as error:
        named, faulty = (), [f"({error})"]
    if faulty or not named:
        msg = (
            f"{folder / MANIFEST}: expected named_solutions that are rows of the front; "
            f"found others {', '.join(faulty)}; run the scenario again"
        )
        raise RunDirectoryError(msg)
    return FinishedRun(folder, manifest, front, named)

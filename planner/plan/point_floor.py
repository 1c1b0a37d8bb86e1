"""The floor under every number of points: one for each site where trucks charge at high power."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from planner.plan.run_columns import FLOOR
from planner.tables.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from planner.tables.language import Language


def floor_sentence(n_hpc: float, n_visited: float, language: Language = ENGLISH) -> str:
    """Say how many of some high-power points the choice of sites alone calls for.

    Parameters
    ----------
    n_visited : float
        Sites where any truck charges at high power: each keeps one point at least.
    """
    if n_hpc == n_visited:
        return language.text(
            "Of {fewest} points, each is the only one of its site.", fewest=language.count(n_hpc)
        )
    return language.counted(
        n_visited,
        "Of {fewest} points, {n} is the one point that each visited site keeps.",
        "Of {fewest} points, {n} are the one point that each visited site keeps.",
        fewest=language.count(n_hpc),
    )


def named_floor_sentence(
    n_hpc: Sequence[int], n_visited: float, language: Language = ENGLISH
) -> str:
    """Say the floor under the points of the named plans of a run.

    Parameters
    ----------
    n_hpc : sequence of int
        High-power points of each plan.
    n_visited : float
        As :func:`floor_sentence` takes it; NaN where the run does not tell.

    Returns
    -------
    str
        One sentence; empty where the run does not tell.
    """
    if not isfinite(n_visited):
        return ""
    fewest, most = min(n_hpc), max(n_hpc)
    if fewest == most:
        return floor_sentence(fewest, n_visited, language)
    return language.counted(
        n_visited,
        "Of the {fewest} to {most} points of the named plans, {n} is the one point that each "
        "visited site keeps.",
        "Of the {fewest} to {most} points of the named plans, {n} are the one point that each "
        "visited site keeps.",
        fewest=language.count(fewest),
        most=language.count(most),
    )


def floors_sentence(n_visited: Iterable[float], language: Language = ENGLISH) -> str:
    """Say the floor under the points of plans that the sentence before counts.

    Parameters
    ----------
    n_visited : iterable of float
        Sites where any truck charges at high power, of each plan; NaN where a run does not tell.

    Returns
    -------
    str
        One sentence; empty where no run tells.
    """
    known = [each for each in n_visited if isfinite(each)]
    if not known:
        return ""
    least, most = language.count(min(known)), language.count(max(known))
    if least == most:
        return language.counted(
            min(known),
            "Of these points, {n} is the one point that each visited site keeps.",
            "Of these points, {n} are the one point that each visited site keeps.",
        )
    return language.text(
        "Of these points, between {least} and {most} are the one point that each visited site "
        "keeps.",
        least=least,
        most=most,
    )


def floor_of(summary: Mapping[str, float]) -> float:
    """Floor under the points of a run, from the summary of its ``run.json``; NaN if not told."""
    return float(summary.get(FLOOR.name, float("nan")))


def with_floor(figures: pd.DataFrame, summary: Mapping[str, float]) -> pd.DataFrame:
    """Figures of plans of a run with the floor under their points as a column of its own."""
    return figures.assign(**{FLOOR.name: floor_of(summary)})

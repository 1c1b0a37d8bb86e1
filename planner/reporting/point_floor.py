"""The floor under every number of points: one for each site that any truck visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.tables.language import ENGLISH

if TYPE_CHECKING:
    from planner.tables.language import Language

ONE_PER_VISITED_SITE = "of which one per visited site"
"""What the floor is called beside a number of points."""


def floor_sentence(n_hpc: float, n_visited: float, language: Language = ENGLISH) -> str:
    """Say how many of some high-power points the choice of sites alone calls for.

    Parameters
    ----------
    n_hpc : float
        High-power points of a plan.
    n_visited : float
        Sites that any truck visits: each keeps one point at least.
    language : Language
        Language of the sentence.
    """
    return language.text(
        "Of {fewest} points, {floor} are the one point that each visited site keeps.",
        fewest=language.count(n_hpc),
        floor=language.count(n_visited),
    )

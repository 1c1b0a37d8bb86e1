"""Mixes of two classes of high-power points that were found for the trucks of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.optimization.class_columns import (
    CLASS_ANSWERS,
    CLASS_FRONT,
    CLASS_SITES,
    CLASS_SWAPS,
)

if TYPE_CHECKING:
    import pandas as pd

    from planner.scenario.charger_classes import TwoClasses
    from planner.scenario.infrastructure_costs import Estimate
    from planner.tables.table import Table

FASTEST, SPARING = "fastest", "sparing"
"""What drivers do who leave alike from either class."""


@dataclass(frozen=True, slots=True)
class ClassPlans:
    """Mixes of two classes for the trucks of a run.

    Parameters
    ----------
    name : str
        The run.
    solution : str
        Its plan whose points were looked at.
    classes : TwoClasses
        The classes.
    point_costs : tuple of Estimate
        What a point of either costs, EUR.
    n_points : int
        Points whose swapping was looked at.
    more_min : float
        Time that a session might lose more on average, minutes.
    answers, swaps, front, sites : DataFrame
        ``CLASS_ANSWERS``, ``CLASS_SWAPS``, ``CLASS_FRONT`` and ``CLASS_SITES``.
    """

    name: str
    solution: str
    classes: TwoClasses
    point_costs: tuple[Estimate, Estimate]
    n_points: int
    more_min: float
    answers: pd.DataFrame
    swaps: pd.DataFrame
    front: pd.DataFrame
    sites: pd.DataFrame

    def tables(self) -> list[tuple[Table, pd.DataFrame]]:
        """The tables with what they hold."""
        return [
            (CLASS_ANSWERS, self.answers),
            (CLASS_SWAPS, self.swaps),
            (CLASS_FRONT, self.front),
            (CLASS_SITES, self.sites),
        ]

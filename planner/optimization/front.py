"""The Pareto front that a study reports, and the five solutions on it that have names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.pareto import non_dominated

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from planner.optimization.objectives import ObjectiveSpace
    from planner.simulation.queues import LayoutScores

NAMED_SOLUTIONS = ("logistics", "logistics-leaning", "balanced", "cpo-leaning", "cpo")


@dataclass(frozen=True, slots=True)
class NamingRules:
    """What the two ends of the named range tolerate.

    Parameters
    ----------
    wait_tolerance_min : float
        ``logistics`` may wait this much longer than the least wait of the front, minutes, >= 0:
        the last seconds would cost a great many points.
    energy_loss_share : float
        ``cpo`` must serve, within the horizon, all but this share of the most energy that a
        solution of the front serves, within [0, 1). Where no bound is tight that is the energy
        that unlimited points serve.
    """

    wait_tolerance_min: float
    energy_loss_share: float


@dataclass(frozen=True, slots=True)
class Front:
    """Non-dominated layouts by ascending mean wait, with two objectives by the other one too.

    Parameters
    ----------
    n_hpc : (n_solutions, n_sites) int32
        HPC points of each solution.
    n_lpc : (n_sites,) int32
        LPC points, the same for all solutions.
    space : ObjectiveSpace
        The objectives by name, and the reference point of their hypervolume.
    objectives : (n_solutions, n_objectives) float64
        Objectives of each solution in the full simulation.
    scores : LayoutScores
        What that simulation says besides, arrays (n_solutions,).
    named : dict of str to int
        Solution of each of ``NAMED_SOLUTIONS``, and of ``LEAST`` in a study with prices; on a
        front with few solutions names may share one.
    history : DataFrame
        Search history, a row per generation: generation, n_evaluations, hypervolume, n_front, and
        the best of each objective.
    """

    n_hpc: NDArray[np.int32]
    n_lpc: NDArray[np.int32]
    space: ObjectiveSpace
    objectives: NDArray[np.float64]
    scores: LayoutScores
    named: dict[str, int]
    history: pd.DataFrame

    @property
    def n_solutions(self) -> int:
        """Number of solutions."""
        return len(self.n_hpc)


def name_solutions(
    space: ObjectiveSpace, points: NDArray[np.float64], scores: LayoutScores, rules: NamingRules
) -> dict[str, int]:
    """Choose the five named solutions of a front.

    They stand on the way from least waiting to highest utilisation whatever the objectives are,
    so they are chosen among those solutions that no other one beats in these two.
    ``logistics``: highest utilisation among those that wait least, within the tolerance.
    ``cpo``: highest utilisation at which the energy served has not yet fallen, within the
    tolerance. ``balanced``: the knee between the two, all objectives scaled to one: the farthest
    from the plane (with two objectives the straight line) where they are all equally good.
    ``logistics-leaning`` and ``cpo-leaning``: halfway along the scaled way between ``balanced``
    and the two ends.

    Parameters
    ----------
    points : (n_solutions, n_objectives) float64
        Objectives.
    scores : LayoutScores
        Mean wait, utilisation and energy served within the horizon, arrays (n_solutions,).

    Returns
    -------
    dict of str to int
        Index of each of ``NAMED_SOLUTIONS``; along them the mean wait and the utilisation never
        fall.
    """
    energy_kwh = scores.hpc_energy_kwh + scores.lpc_energy_kwh
    serves_all = energy_kwh >= (1.0 - rules.energy_loss_share) * energy_kwh.max()
    way = non_dominated(np.column_stack([scores.mean_wait_min, -scores.tcu_share]))
    wait_min = scores.mean_wait_min[way]
    logistics = int(np.flatnonzero(wait_min <= wait_min[0] + rules.wait_tolerance_min)[-1])
    cpo = max(int(np.flatnonzero(serves_all[way]).max(initial=0)), logistics)

    way = way[logistics : cpo + 1]
    wait, use = _scaled(scores.mean_wait_min[way]), _scaled(scores.tcu_share[way])
    worth = -space.signs * np.apply_along_axis(_scaled, 0, points[way])
    knee = int(np.argmax(worth.sum(axis=1)))
    position = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(wait), np.diff(use)))])
    halfway = [
        int(np.argmin(np.abs(position - 0.5 * (position[knee] + end))))
        for end in (position[0], position[-1])
    ]
    indices = (0, halfway[0], knee, halfway[1], len(way) - 1)
    return {name: int(way[at]) for name, at in zip(NAMED_SOLUTIONS, indices, strict=True)}


def _scaled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values scaled from 0 at the least to 1 at the greatest; all 0 where they are equal."""
    span = np.ptp(values)
    return (values - values.min()) / span if span > 0.0 else np.zeros_like(values)

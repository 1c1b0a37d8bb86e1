"""The Pareto front that a study reports, and the five solutions on it that have names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.queues import LayoutScores

NAMED_SOLUTIONS = ("logistics", "logistics-leaning", "balanced", "cpo-leaning", "cpo")


@dataclass(frozen=True, slots=True)
class NamingRules:
    """What the two ends of the named range tolerate.

    Parameters
    ----------
    wait_tolerance_min : float
        ``logistics`` may wait this much longer than the least wait of the front, minutes, >= 0:
        the last seconds would cost a great many plugs.
    energy_loss_share : float
        ``cpo`` must serve, within the horizon, all but this share of the most energy that a
        solution of the front serves, within [0, 1). Where no bound is tight that is the energy
        that unlimited plugs serve.
    """

    wait_tolerance_min: float
    energy_loss_share: float


@dataclass(frozen=True, slots=True)
class Front:
    """Non-dominated layouts by ascending wait and ascending utilisation.

    Parameters
    ----------
    n_hpc : (n_solutions, n_sites) int32
        HPC plugs of each solution.
    n_lpc : (n_sites,) int32
        LPC plugs, the same for all solutions.
    scores : LayoutScores
        Figures of each solution in the full simulation, arrays (n_solutions,).
    named : dict of str to int
        Solution of each of ``NAMED_SOLUTIONS``; on a front with few solutions names may share one.
    history : DataFrame
        Search history, a row per generation: generation, n_evaluations, hypervolume, n_front,
        least_wait_min, highest_tcu_share.
    reference_wait_min : float
        Mean wait of the hypervolume's reference point, minutes.
    """

    n_hpc: NDArray[np.int32]
    n_lpc: NDArray[np.int32]
    scores: LayoutScores
    named: dict[str, int]
    history: pd.DataFrame
    reference_wait_min: float

    @property
    def n_solutions(self) -> int:
        """Number of solutions."""
        return len(self.n_hpc)

    def summary(self) -> pd.DataFrame:
        """Figures of each solution: a row per solution, its name or an empty text."""
        names = [""] * self.n_solutions
        for name, solution in self.named.items():
            names[solution] = names[solution] or name
        return pd.DataFrame(
            {
                "name": names,
                "n_hpc": self.n_hpc.sum(axis=1),
                "n_lpc": int(self.n_lpc.sum()),
                "mean_wait_min": self.scores.mean_wait_min,
                "tcu_share": self.scores.tcu_share,
                "hpc_energy_kwh": self.scores.hpc_energy_kwh,
                "lpc_energy_kwh": self.scores.lpc_energy_kwh,
                "n_hpc_processes": self.scores.n_hpc_processes,
                "n_lpc_rejected": self.scores.n_lpc_rejected,
            }
        )


def name_solutions(
    mean_wait_min: NDArray[np.float64],
    tcu_share: NDArray[np.float64],
    energy_kwh: NDArray[np.float64],
    rules: NamingRules,
) -> dict[str, int]:
    """Choose the five named solutions of a front.

    ``logistics``: highest utilisation among those that wait least, within the tolerance.
    ``cpo``: highest utilisation at which the energy served has not yet fallen, within the
    tolerance. ``balanced``: the knee between the two, farthest from the straight line between
    them, both objectives scaled to one.
    ``logistics-leaning`` and ``cpo-leaning``: halfway along the scaled front between ``balanced``
    and the two ends.

    Parameters
    ----------
    mean_wait_min, tcu_share : (n_solutions,) float64
        Objectives, both ascending.
    energy_kwh : (n_solutions,) float64
        Energy served within the horizon, HPC and LPC, kWh.
    rules : NamingRules
        Tolerances.

    Returns
    -------
    dict of str to int
        Index of each of ``NAMED_SOLUTIONS``, ascending in this order, not always strictly.
    """
    logistics = int(
        np.flatnonzero(mean_wait_min <= mean_wait_min[0] + rules.wait_tolerance_min)[-1]
    )
    serves_all = energy_kwh >= (1.0 - rules.energy_loss_share) * energy_kwh.max()
    cpo = int(np.flatnonzero(serves_all)[-1])
    cpo = max(cpo, logistics)

    span = slice(logistics, cpo + 1)
    wait, tcu = _scaled(mean_wait_min[span]), _scaled(tcu_share[span])
    knee = int(np.argmax(tcu - wait))
    position = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(wait), np.diff(tcu)))])
    halfway = [
        int(np.argmin(np.abs(position - 0.5 * (position[knee] + end))))
        for end in (position[0], position[-1])
    ]
    indices = (0, halfway[0], knee, halfway[1], cpo - logistics)
    return {name: logistics + index for name, index in zip(NAMED_SOLUTIONS, indices, strict=True)}


def _scaled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values scaled from 0 at the first to 1 at the last; all 0 where they are equal."""
    span = values[-1] - values[0]
    return (values - values[0]) / span if span > 0.0 else np.zeros_like(values)

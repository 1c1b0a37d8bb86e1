"""The fewest HPC points for trucks that know the queues of the layout they get.

Trucks that know where the queues are go elsewhere, so fewer points keep the same waits; but with
fewer points the queues are others, and trucks learn anew. The two are brought together in rounds:
the fewest points for what trucks do now, what trucks do once they know that layout, and again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.optimization.least_points import fewest_found
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import ChargerLayout, simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from planner.optimization.allocation import PlugBounds
    from planner.optimization.least_points import WaitTarget
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.metrics import LayoutFigures

MOST_ROUNDS = 12
"""Layouts that trucks learn at most."""
SMALLEST_STEP_SHARE = 0.002
"""Rounds end where the next layout saves less than this share of the points."""


@dataclass(frozen=True, slots=True)
class InformedPoints:
    """A layout that meets a target once trucks know it.

    Parameters
    ----------
    n_hpc : (n_sites,) int32
        HPC points of each site.
    figures : LayoutFigures
        Figures of these trucks in the full simulation.
    n_rounds : int
        Layouts that trucks learned on the way, this one included.
    """

    n_hpc: NDArray[np.int32]
    demand: ChargingDemand
    figures: LayoutFigures
    n_rounds: int


def informed_points(
    n_hpc: NDArray[np.int32],
    n_lpc: NDArray[np.int32],
    target: WaitTarget,
    *,
    learned: Callable[[ChargerLayout], ChargingDemand],
    bounds_of: Callable[[ChargingDemand], PlugBounds],
    progress: Callable[[int, int], None],
) -> InformedPoints | None:
    """Find the fewest HPC points that meet a target once trucks know the queues.

    Parameters
    ----------
    n_hpc : (n_sites,) int32
        Layout to start from: the fewest for trucks that know no queues.
    n_lpc : (n_sites,) int32
        LPC points.
    learned : callable
        Stops of trucks that know a layout, always from the same plans, so that the answer does
        not depend on the layouts before it.
    bounds_of : callable
        Fewest and most points of each site for such stops.
    progress : callable
        Called with the number of rounds done and to do at most.

    Returns
    -------
    InformedPoints or None
        The last layout of the rounds that meets the target; each has fewer points than the one
        before. None where trucks that know even the first one miss the target. No optimum is
        proved: another layout with fewer points may lie off this way.
    """
    found: InformedPoints | None = None
    for number in range(1, MOST_ROUNDS + 1):
        layout = ChargerLayout(n_hpc, n_lpc)
        demand = learned(layout)
        figures = layout_figures(demand, simulate(demand, layout), layout)
        progress(number, MOST_ROUNDS)
        if not target.is_met(figures):
            break
        found = InformedPoints(n_hpc, demand, figures, number)
        fewer = fewest_found(demand, n_hpc[None], n_lpc, bounds_of(demand), target)
        if fewer is None or fewer.sum() > (1.0 - SMALLEST_STEP_SHARE) * n_hpc.sum():
            break
        n_hpc = fewer
    return found

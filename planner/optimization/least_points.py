"""The inverse question: the fewest HPC points with which trucks wait no longer than a target.

With arrivals held fixed, total waiting is a sum over sites and the marginal allocation gives the
least waiting for every number of points (:mod:`planner.optimization.allocation`). But a truck that
waits arrives later everywhere after, so every answer here is judged in the full simulation, and the
wait tables are made anew from the arrivals that the best layout so far brings about, until nothing
is gained. In the end no single point can be taken away without missing the target.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.allocation import allocate, marginal_steps
from planner.optimization.long_waits import long_wait_counts
from planner.optimization.wait_tables import build_wait_tables
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import ChargerLayout, evaluate_layouts, simulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.optimization.allocation import MarginalSteps, PlugBounds
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.metrics import LayoutFigures
    from planner.simulation.queues import QueueResult

LONG_WAIT_PENALTIES_H = (0.0, 0.5, 2.0, 10.0)
"""What a wait beyond the limit of the p95 counts more than its own length, hours: tried in turn."""

MOST_ROUNDS = 20
"""New wait tables at most."""


@dataclass(frozen=True, slots=True)
class WaitTarget:
    """How long trucks may wait.

    Parameters
    ----------
    mean_min : float
        Longest mean wait, minutes; inf for any.
    p95_min : float
        Wait that 95 of 100 sessions must not exceed, minutes; inf for any.
    """

    mean_min: float = np.inf
    p95_min: float = np.inf

    def is_met(self, figures: LayoutFigures) -> bool:
        """Whether a layout keeps to it."""
        return figures.mean_wait_min <= self.mean_min and figures.p95_wait_min <= self.p95_min


@dataclass(frozen=True, slots=True)
class LeastPoints:
    """The cheapest layout found.

    Parameters
    ----------
    n_hpc : (n_sites,) int32
        HPC points of each site.
    figures : LayoutFigures
        Its figures in the full simulation.
    n_hpc_of_front : int or None
        HPC points of the cheapest given layout that meets the target, if one does.
    n_hpc_separable : int
        Fewest with which a target of the mean is met if no wait moved later arrivals: a
        yardstick, not a bound.
    """

    n_hpc: NDArray[np.int32]
    figures: LayoutFigures
    n_hpc_of_front: int | None
    n_hpc_separable: int


def least_points(
    demand: ChargingDemand,
    layouts: NDArray[np.int32],
    n_lpc: NDArray[np.int32],
    bounds: PlugBounds,
    target: WaitTarget,
) -> LeastPoints | None:
    """Find the fewest HPC points that meet a target.

    Parameters
    ----------
    demand : ChargingDemand
        Trucks and their stops.
    layouts : (n_layouts, n_sites) int32
        Layouts to start from, for example a Pareto front.
    n_lpc : (n_sites,) int32
        LPC points.
    bounds : PlugBounds
        Fewest and most HPC points of each site.
    target : WaitTarget
        What is asked.

    Returns
    -------
    LeastPoints or None
        None where not even the most points that the bounds allow meet the target.
    """
    search = _Search(demand, n_lpc, bounds, target)
    most = search.judge(bounds.upper)
    if most is None:
        return None
    best, n_hpc_of_front = most, None
    for layout in layouts[np.argsort(layouts.sum(axis=1), kind="stable")]:
        judged = search.judge(layout)
        if judged is not None:
            best, n_hpc_of_front = judged, int(judged.n_hpc.sum())
            break
    n_hpc_separable = _least_separable(search.steps(most)[0], most, target)
    for _ in range(MOST_ROUNDS):
        better = search.allocated_around(best)
        if better is None:
            break
        best = better
    while (better := search.one_less(best)) is not None:
        best = better
    return LeastPoints(best.n_hpc, best.figures, n_hpc_of_front, n_hpc_separable)


@dataclass(frozen=True, slots=True)
class _Judged:
    n_hpc: NDArray[np.int32]
    run: QueueResult
    figures: LayoutFigures


class _Search:
    def __init__(
        self,
        demand: ChargingDemand,
        n_lpc: NDArray[np.int32],
        bounds: PlugBounds,
        target: WaitTarget,
    ) -> None:
        self._demand = demand
        self._n_lpc = n_lpc
        self._bounds = bounds
        self._target = target

    def judge(self, n_hpc: NDArray[np.int32]) -> _Judged | None:
        """A layout with its figures if it meets the target."""
        layout = ChargerLayout(n_hpc, self._n_lpc)
        run = simulate(self._demand, layout)
        figures = layout_figures(self._demand, run, layout)
        return _Judged(n_hpc, run, figures) if self._target.is_met(figures) else None

    def steps(self, around: _Judged) -> list[MarginalSteps]:
        """Allocations for the arrivals that a layout brings about, one per penalty."""
        is_hpc = around.run.is_hpc
        site = self._demand.stop_site_idx[is_hpc]
        arrival_h, plug_h = around.run.queue_h[is_hpc], around.run.plug_h[is_hpc]
        tables = build_wait_tables(site, arrival_h, plug_h, self._demand.n_sites)
        steps = [marginal_steps(tables, self._bounds)]
        if np.isfinite(self._target.p95_min):
            limit_h = self._target.p95_min / 60.0
            n_longer = long_wait_counts(tables, site, arrival_h, plug_h, limit_h)
            for penalty_h in LONG_WAIT_PENALTIES_H[1:]:
                penalised_h = tables.total_wait_h + penalty_h * n_longer
                penalised = replace(tables, total_wait_h=penalised_h)
                steps.append(marginal_steps(penalised, self._bounds))
        return steps

    def allocated_around(self, best: _Judged) -> _Judged | None:
        """The fewest points that an allocation needs, if they are fewer than the best has."""
        found = best
        for steps in self.steps(best):
            low, high = int(steps.totals[0]) - 1, int(found.n_hpc.sum())
            # Invariant: high meets the target, low does not (as far as the order is monotone).
            while high - low > 1:
                middle = (low + high) // 2
                judged = self.judge(allocate(steps, middle))
                if judged is None:
                    low = middle
                else:
                    high, found = int(judged.n_hpc.sum()), judged
        return found if found is not best else None

    def one_less(self, best: _Judged) -> _Judged | None:
        """The best layout with a point taken away somewhere, if one meets the target."""
        sites = np.flatnonzero(best.n_hpc > self._bounds.lower)
        layouts = np.repeat(best.n_hpc[None], len(sites), axis=0)
        layouts[np.arange(len(sites)), sites] -= 1
        if not len(layouts):
            return None
        mean_wait_min = evaluate_layouts(self._demand, layouts, self._n_lpc).mean_wait_min
        order = np.argsort(mean_wait_min, kind="stable")
        order = order[mean_wait_min[order] <= self._target.mean_min]
        return next((judged for at in order if (judged := self.judge(layouts[at]))), None)


def _least_separable(steps: MarginalSteps, most: _Judged, target: WaitTarget) -> int:
    """Fewest points that keep to the mean when the arrivals are those of the most points."""
    n_processes = max(most.figures.n_hpc_processes, 1)
    saved_h = np.concatenate([[0.0], np.cumsum((steps.gain_h * steps.n_plugs)[::-1])])[::-1]
    wait_min = most.figures.mean_wait_min + 60.0 * saved_h / n_processes
    enough = int(np.argmax(wait_min <= target.mean_min + 1e-9))
    return int(steps.totals[enough])

"""The inverse question: the fewest HPC points with which trucks wait no longer than a target.

With arrivals held fixed, total waiting is a sum over sites and the marginal allocation gives the
least waiting for every number of points (:mod:`planner.optimization.allocation`). But a truck that
waits arrives later everywhere after, so every answer here is judged in the full simulation, and the
wait tables are made anew from the arrivals that the best layout so far brings about, until nothing
is gained. In the end no single point can be taken away without missing the target.

Beside the answer stand two totals below which no layout can be: one for arrivals held fixed, and
one that holds in the full simulation (:mod:`planner.optimization.inescapable_waits`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.allocation import allocate, marginal_steps
from planner.optimization.exact_allocation import fewest_plugs
from planner.optimization.inescapable_waits import (
    inescapable_waits,
    most_processes,
    waits_of_first_stops,
)
from planner.optimization.long_waits import long_wait_counts
from planner.optimization.wait_tables import build_wait_tables
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import ChargerLayout, evaluate_layouts, simulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.optimization.allocation import MarginalSteps, PlugBounds
    from planner.optimization.wait_tables import WaitTables
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
    n_hpc_separable : int or None
        No layout with fewer would meet the target if no wait moved later arrivals; None where none
        would. Tight where the target is of one kind. A yardstick: waits do move arrivals.
    n_hpc_proved : int or None
        No layout with fewer meets the target, whatever its waits do to later arrivals; None where
        none does.
    """

    n_hpc: NDArray[np.int32]
    figures: LayoutFigures
    n_hpc_of_front: int | None
    n_hpc_separable: int | None
    n_hpc_proved: int | None


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
    layouts : (n_layouts, n_sites) int32
        Layouts to start from, for example a Pareto front.
    n_lpc : (n_sites,) int32
        LPC points.
    bounds : PlugBounds
        Fewest and most HPC points of each site.

    Returns
    -------
    LeastPoints or None
        None where not even the most points that the bounds allow meet the target.
    """
    search = _Search(demand, n_lpc, bounds, target)
    most = search.judge(bounds.upper)
    if most is None:
        return None
    of_front = search.cheapest_of(layouts)
    best = search.improved(of_front or most)
    return LeastPoints(
        n_hpc=best.n_hpc,
        figures=best.figures,
        n_hpc_of_front=None if of_front is None else int(of_front.n_hpc.sum()),
        n_hpc_separable=search.fewest_with_fixed_arrivals(most),
        n_hpc_proved=fewest_proved(demand, bounds, target),
    )


def fewest_found(
    demand: ChargingDemand,
    layouts: NDArray[np.int32],
    n_lpc: NDArray[np.int32],
    bounds: PlugBounds,
    target: WaitTarget,
) -> NDArray[np.int32] | None:
    """The layout of :func:`least_points` alone, without what is proved about it.

    Parameters
    ----------
    demand, layouts, n_lpc, bounds, target
        As there.

    Returns
    -------
    (n_sites,) int32 or None
        None where not even the most points that the bounds allow meet the target.
    """
    search = _Search(demand, n_lpc, bounds, target)
    start = search.cheapest_of(layouts) or search.judge(bounds.upper)
    return None if start is None else search.improved(start).n_hpc


def fewest_proved(demand: ChargingDemand, bounds: PlugBounds, target: WaitTarget) -> int | None:
    """Total of HPC points below which no layout can meet a target.

    Parameters
    ----------
    bounds : PlugBounds
        Fewest and most HPC points of each site.

    Returns
    -------
    int or None
        A lower bound that holds in the full simulation; None where no layout can meet the target.

    Notes
    -----
    Mean and quantile are over the HPC processes that begin to queue inside the horizon. Trucks that
    find no overnight point add to these: at most as many as there are overnight stops.
    """
    n_most = most_processes(demand)
    of_first, n_long = waits_of_first_stops(demand, target.p95_min / 60.0)
    needs: list[int | None] = []
    if np.isfinite(target.mean_min):
        most_wait_h = target.mean_min / 60.0 * n_most
        needs += [
            fewest_plugs(tables, bounds, most_wait_h)
            for tables in (inescapable_waits(demand), of_first)
        ]
    if np.isfinite(target.p95_min):
        counted = replace(of_first, total_wait_h=n_long)
        needs.append(fewest_plugs(counted, bounds, _allowed_long_waits(n_most)))
    known = [total for total in needs if total is not None]
    return max(known) if len(known) == len(needs) > 0 else None


def _allowed_long_waits(n_processes: int) -> int:
    """In whole numbers, as the quantile is defined: 95 of 100 must not wait longer."""
    return n_processes - (95 * n_processes + 99) // 100


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

    def cheapest_of(self, layouts: NDArray[np.int32]) -> _Judged | None:
        """The layout with the fewest points that meets the target, if one does."""
        for layout in layouts[np.argsort(layouts.sum(axis=1), kind="stable")]:
            judged = self.judge(layout)
            if judged is not None:
                return judged
        return None

    def improved(self, best: _Judged) -> _Judged:
        """Allocate anew and take points away until nothing is gained."""
        for _ in range(MOST_ROUNDS):
            better = self.allocated_around(best)
            if better is None:
                break
            best = better
        while (better := self.one_less(best)) is not None:
            best = better
        return best

    def fewest_with_fixed_arrivals(self, around: _Judged) -> int | None:
        """Fewest points that the target takes for the arrivals that a layout brings about."""
        n_processes = around.figures.n_hpc_processes
        tables, n_longer = self._tables(around)
        fewest: list[int | None] = []
        if np.isfinite(self._target.mean_min):
            limit_h = self._target.mean_min / 60.0 * n_processes
            fewest.append(fewest_plugs(tables, self._bounds, limit_h))
        if n_longer is not None:
            counted = replace(tables, total_wait_h=n_longer)
            allowed = _allowed_long_waits(n_processes)
            fewest.append(fewest_plugs(counted, self._bounds, allowed))
        found = [total for total in fewest if total is not None]
        return max(found) if len(found) == len(fewest) > 0 else None

    def steps(self, around: _Judged) -> list[MarginalSteps]:
        """Allocations for the arrivals that a layout brings about, one per penalty."""
        tables, n_longer = self._tables(around)
        steps = [marginal_steps(tables, self._bounds)]
        if n_longer is not None:
            for penalty_h in LONG_WAIT_PENALTIES_H[1:]:
                penalised_h = tables.total_wait_h + penalty_h * n_longer
                penalised = replace(tables, total_wait_h=penalised_h)
                steps.append(marginal_steps(penalised, self._bounds))
        return steps

    def _tables(self, around: _Judged) -> tuple[WaitTables, NDArray[np.float64] | None]:
        """Waiting and, where the target limits them, numbers of long waits of each entry."""
        is_hpc = around.run.is_hpc
        site = self._demand.stop_site_idx[is_hpc]
        arrival_h, plug_h = around.run.queue_h[is_hpc], around.run.plug_h[is_hpc]
        counted_h = self._demand.counted_h
        tables = build_wait_tables(site, arrival_h, plug_h, self._demand.n_sites, counted_h)
        if not np.isfinite(self._target.p95_min):
            return tables, None
        limit_h = self._target.p95_min / 60.0
        return tables, long_wait_counts(tables, site, arrival_h, plug_h, limit_h, counted_h)

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

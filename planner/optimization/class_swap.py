"""Points of the faster class that a slower one can take the place of, one for one.

Each site keeps its number of points. With arrivals held fixed the time that trucks lose at a site
by each point it swaps is a table, and the swaps that cost least are taken first: exact along the
lower hulls of the tables (Fox 1966). Every layout is then judged in the full simulation, and
allocated anew with the arrivals that it brings about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.allocation import MarginalSteps, allocate, lower_hull
from planner.optimization.class_tables import class_arrivals
from planner.optimization.wait_tables import offsets
from planner.simulation.class_queues import (
    ClassLayout,
    ClassResult,
    counted_lost_h,
    simulate_classes,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.optimization.class_tables import ClassArrivals
    from planner.simulation.class_demand import ClassDemand

_N_CORRECTIONS = 2


@dataclass(frozen=True, slots=True)
class Swapped:
    """A layout in which some points are of the slower class.

    Parameters
    ----------
    mean_lost_min : float
        Mean time lost of a high-power session in the full simulation, minutes.
    """

    layout: ClassLayout
    result: ClassResult
    mean_lost_min: float

    @property
    def n_swapped(self) -> int:
        """Points of the slower class."""
        return int(self.layout.n_slow.sum())


@dataclass(frozen=True, slots=True)
class SwapQuestion:
    """Whose points may be swapped.

    Parameters
    ----------
    trucks : ClassDemand
        The trucks.
    n_points, n_lpc : (n_sites,) int32
        High-power points of both classes together, and overnight points, of each site.
    least_fast : (n_sites,) int32
        Points of the faster class that stay.
    """

    trucks: ClassDemand
    n_points: NDArray[np.int32]
    n_lpc: NDArray[np.int32]
    least_fast: NDArray[np.int32]

    def with_slow(self, n_slow: NDArray[np.int32]) -> Swapped:
        """Simulate with so many points of the slower class at each site."""
        layout = ClassLayout((self.n_points - n_slow).astype(np.int32), n_slow, self.n_lpc)
        result = simulate_classes(self.trucks, layout)
        return Swapped(layout, result, mean_lost_min(self.trucks, result))

    def swap(self, n_swapped: int, before: Swapped) -> Swapped:
        """Swap as many points where the time lost grows least.

        Parameters
        ----------
        before : Swapped
            A layout near it, whose arrivals are the first that it is allocated for.
        """
        best: Swapped | None = None
        for _ in range(1 + _N_CORRECTIONS):
            steps = swap_steps(class_arrivals(self.trucks, before.result), self)
            found = self.with_slow(allocate(steps, n_swapped))
            if best is None or found.mean_lost_min < best.mean_lost_min:
                best = found
            before = found
        return best if best is not None else before


def swap_steps(arrivals: ClassArrivals, asked: SwapQuestion) -> MarginalSteps:
    """Swaps of all sites, those that lose least time first; a loss is a gain below 0, hours."""
    most = asked.n_points - asked.least_fast
    n_rows = (most + 1).astype(np.int64)
    offset = offsets(n_rows)
    site = np.repeat(np.arange(len(n_rows)), n_rows)
    n_slow = np.arange(offset[-1]) - offset[site]
    lost_h = arrivals.lost_h(site, asked.n_points[site] - n_slow, n_slow)
    lower = np.zeros(len(n_rows), np.int32)
    step_site, n_points, gain_h = [np.empty(0, np.int32)], [np.empty(0, np.int32)], [np.empty(0)]
    for at in np.flatnonzero(n_rows > 1):
        of_site = lost_h[offset[at] : offset[at + 1]]
        possible = np.flatnonzero(np.isfinite(of_site))
        if not len(possible):
            continue
        first, last = possible[0], possible[-1]
        lower[at] = first
        hull = lower_hull(of_site[first : last + 1])
        wide = np.diff(hull)
        step_site.append(np.full(len(wide), at, np.int32))
        n_points.append(wide.astype(np.int32))
        # Near-collinear vertices may come out a rounding error in the wrong order.
        gain_h.append(np.minimum.accumulate(-np.diff(of_site[first:][hull]) / wide))
    gain = np.concatenate(gain_h)
    order = np.argsort(-gain, kind="stable")
    return MarginalSteps(
        lower, np.concatenate(step_site)[order], np.concatenate(n_points)[order], gain[order]
    )


def most_swapped(
    asked: SwapQuestion,
    known: list[Swapped],
    more_min: float,
    told: Callable[[int, int], None] | None = None,
) -> Swapped:
    """The most points that can be swapped with no more time lost than allowed.

    Parameters
    ----------
    known : list of Swapped
        Layouts with ascending numbers of swapped points, the first with the fewest.
    more_min : float
        By how much the mean time lost may exceed that of the first, minutes.
    """
    limit_min = known[0].mean_lost_min + more_min
    within = [each.mean_lost_min <= limit_min for each in known]
    last = max(at for at, is_within in enumerate(within) if is_within)
    best = known[last]
    if last + 1 == len(known):
        return best
    low, high = best.n_swapped, known[last + 1].n_swapped
    n_steps = max(int(np.ceil(np.log2(max(high - low, 1)))), 1)
    step = 0
    while high - low > 1:
        middle = (low + high) // 2
        found = asked.swap(middle, best)
        if found.mean_lost_min <= limit_min:
            best, low = found, middle
        else:
            high = middle
        step += 1
        if told is not None:
            told(min(step, n_steps), n_steps)
    return best


def mean_lost_min(trucks: ClassDemand, result: ClassResult) -> float:
    """Mean time lost of the high-power sessions that count, minutes; 0 without any."""
    lost_h = counted_lost_h(trucks, result)
    return 60.0 * float(lost_h.mean()) if len(lost_h) else 0.0

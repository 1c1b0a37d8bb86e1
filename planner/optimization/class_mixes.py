"""Mixes of two classes of high-power points of least cost, exact site by site.

With arrivals held fixed, what a site costs its operator and what time trucks lose there is a table
of its points of either class, and the mix of least cost is the least entry of each site's table.
Dearer or cheaper time of trucks gives the mixes along the way from least cost of operators to
least time lost, as in :mod:`planner.optimization.cost_allocation`. The grid connection of an entry
is reckoned for the power of its points, at most what trucks draw where none waits; every mix is
then simulated in full and priced with the peak that it has there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.costs.site_costs import SiteLoad
from planner.optimization.class_tables import class_arrivals
from planner.optimization.wait_table_kernel import site_peaks
from planner.runs.kernel_threads import in_blocks
from planner.simulation.class_queues import ClassLayout, as_served, simulate_classes
from planner.simulation.inside_horizon import drawn_power
from planner.simulation.metrics import loads_of_sites
from planner.simulation.occupancy import peak_load
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.costs.layout_costs import Prices
    from planner.optimization.class_tables import ClassArrivals
    from planner.simulation.class_demand import ClassDemand
    from planner.simulation.class_queues import ClassResult

TIME_FACTORS = np.geomspace(1e-1, 1e2, 16)
"""Costs of time that mixes are made for, in those of the set of prices, its own among them."""

_N_CORRECTIONS = 2

FAST, MIXED, SLOW = "fast", "mixed", "slow"
KINDS = (FAST, MIXED, SLOW)
"""Which classes stand anywhere: the faster one alone, both, the slower one alone."""


@dataclass(frozen=True, slots=True)
class MixLimits:
    """What sites have room and power for, each (n_sites,).

    Parameters
    ----------
    least_fast : int32
        Points of the faster class that stay.
    most_points : int32
        Most high-power points of both classes together.
    most_kw : float64
        Most power of these together, kW; inf where nothing limits it.
    """

    least_fast: NDArray[np.int32]
    most_points: NDArray[np.int32]
    most_kw: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MixProblem:
    """What mixes are looked for.

    Parameters
    ----------
    trucks : ClassDemand
        The trucks.
    n_lpc : (n_sites,) int32
        Overnight points of all mixes.
    power_kw : tuple of float
        Power of a point of the faster and of the slower class.
    prices : Prices
        Central values, with ``slow_point_eur``.
    """

    trucks: ClassDemand
    n_lpc: NDArray[np.int32]
    power_kw: tuple[float, float]
    limits: MixLimits
    prices: Prices

    @property
    def days(self) -> float:
        """Days that are simulated."""
        return self.trucks.demand.horizon_h / HOURS_PER_DAY

    def load(self, layout: ClassLayout, result: ClassResult) -> SiteLoad:
        """Points and load of sites; the energy is that of the plans, whatever the class.

        What a truck spares at the slower class it needs elsewhere, at no less cost.
        """
        demand = self.trucks.demand
        served = as_served(self.trucks, result)
        _, peak_kw = loads_of_sites(served, result.queues)
        planned_kwh, _ = loads_of_sites(demand, result.queues)
        return SiteLoad(
            layout.points.n_hpc.astype(np.int64),
            layout.n_lpc.astype(np.int64),
            peak_kw,
            planned_kwh / self.days,
            layout.n_slow.astype(np.int64),
        )


@dataclass(frozen=True, slots=True)
class MixTables:
    """Costs of every site by its points of either class, arrivals held fixed, each (n_entries,).

    Entries of a site stand together, those with fewer points first; only such at which every truck
    finds a point with its connector.
    """

    n_sites: int
    site: NDArray[np.int64]
    n_fast: NDArray[np.int32]
    n_slow: NDArray[np.int32]
    operator_eur_day: NDArray[np.float64]
    lost_h_day: NDArray[np.float64]

    def cheapest(
        self, kind: str, hour_eur: float
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]] | None:
        """Points of the faster and the slower class at least cost, each (n_sites,).

        Returns
        -------
        tuple or None
            None where trucks at some site cannot do with the kind of points.
        """
        cost = self.operator_eur_day + hour_eur * self.lost_h_day
        unlike = {FAST: self.n_slow > 0, SLOW: self.n_fast > 0}.get(kind)
        if unlike is not None:
            cost = np.where(unlike, np.inf, cost)
        order = np.lexsort((cost, self.site))
        sites, at = np.unique(self.site[order], return_index=True)
        first = order[at]
        if len(sites) < self.n_sites or not np.isfinite(cost[first]).all():
            return None
        return self.n_fast[first], self.n_slow[first]


def cheapest_mixes(
    problem: MixProblem, told: Callable[[int, int], None] | None = None
) -> dict[str, list[ClassLayout]]:
    """Mixes of least cost for dearer and cheaper time, by kind, each mix once.

    Arrivals are those that the mix of least cost of each kind brings about.
    """
    trucks, hour_eur = problem.trucks, problem.prices.value["truck_hour_eur"]
    unlimited = _without_queues(problem)
    free = simulate_classes(trucks, unlimited)
    found: dict[str, list[ClassLayout]] = {}
    for number, kind in enumerate(KINDS):
        result: ClassResult | None = free
        layouts: dict[bytes, ClassLayout] = {}
        for correction in range(1 + _N_CORRECTIONS):
            if result is None:
                break
            tables = mix_tables(problem, free, result)
            if correction:
                for factor in TIME_FACTORS:
                    if points := tables.cheapest(kind, hour_eur * factor):
                        layout = ClassLayout(*points, problem.n_lpc)
                        layouts[layout.n_fast.tobytes() + layout.n_slow.tobytes()] = layout
            points = tables.cheapest(kind, hour_eur)
            result = (
                None
                if points is None
                else simulate_classes(trucks, ClassLayout(*points, problem.n_lpc))
            )
        found[kind] = list(layouts.values())
        if told is not None:
            told(number + 1, len(KINDS))
    return found


def mix_tables(problem: MixProblem, free: ClassResult, result: ClassResult) -> MixTables:
    """Tables with the arrivals of a result.

    Parameters
    ----------
    free : ClassResult
        Without queues: what sites draw at most.
    """
    trucks = problem.trucks
    demand = trucks.demand
    arrivals = class_arrivals(trucks, result)
    fast_peak, slow_peak = _peaks(arrivals)
    n_sites = demand.n_sites
    entries = [_entries(problem, site, fast_peak, slow_peak) for site in range(n_sites)]
    site = np.repeat(np.arange(n_sites), [len(each) for each in entries])
    n_fast, n_slow = np.concatenate(entries).T
    lost_h = arrivals.lost_h(site, n_fast, n_slow)
    energy_kwh, free_kw = loads_of_sites(demand, free.queues)
    lpc_kw = _low_power_peaks(trucks, free)
    fast_kw, slow_kw = problem.power_kw
    points_kw = n_fast * fast_kw + n_slow * slow_kw
    load = SiteLoad(
        (n_fast + n_slow).astype(np.int64),
        problem.n_lpc[site].astype(np.int64),
        np.minimum(points_kw + lpc_kw[site], free_kw[site]),
        energy_kwh[site] / problem.days,
        n_slow.astype(np.int64),
    )
    operator_eur_day = problem.prices.sites_eur_day(load)
    serves = np.isfinite(lost_h)
    return MixTables(
        n_sites,
        site[serves],
        n_fast[serves].astype(np.int32),
        n_slow[serves].astype(np.int32),
        operator_eur_day[serves],
        lost_h[serves] / problem.days,
    )


def _entries(
    problem: MixProblem, site: int, fast_peak: NDArray[np.int64], slow_peak: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Pairs of numbers of points that a site may have and has use for, fewest first."""
    limits, (fast_kw, slow_kw) = problem.limits, problem.power_kw
    least = int(limits.least_fast[site])
    n_fast, n_slow = np.meshgrid(
        np.arange(least, max(int(fast_peak[site]), least) + 1),
        np.arange(int(slow_peak[site]) + 1),
        indexing="ij",
    )
    pairs = np.column_stack([n_fast.ravel(), n_slow.ravel()]).astype(np.int64)
    n_points, power_kw = pairs.sum(axis=1), pairs @ np.array([fast_kw, slow_kw])
    # What stands stays; a site that trucks use has room for one point, as in all plans.
    fits = (n_points <= limits.most_points[site]) & (power_kw <= limits.most_kw[site])
    chosen: NDArray[np.int64] = pairs[fits | (n_points <= max(least, 1))]
    return chosen[np.argsort(chosen.sum(axis=1), kind="stable")]


def _without_queues(problem: MixProblem) -> ClassLayout:
    """As many points as trucks that come: nobody waits."""
    demand = problem.trucks.demand
    n_stops = (demand.n_hpc_stops_at_site + demand.n_lpc_stops_at_site).astype(np.int32)
    needs_slow = np.zeros(demand.n_sites, np.bool_)
    needs_slow[demand.stop_site_idx[~problem.trucks.takes_fast]] = True
    return ClassLayout(n_stops, n_stops * needs_slow, problem.n_lpc)


def _peaks(arrivals: ClassArrivals) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Most points of either class that are of use at each site: with them nobody waits."""
    n_sites = len(arrivals.site_offset) - 1
    peaks = np.zeros((2, n_sites), np.int64)
    for row, peak in enumerate(peaks):
        plug_h = np.ascontiguousarray(arrivals.plug_h[:, row])
        in_blocks(site_peaks, n_sites, arrivals.site_offset, arrivals.arrival_h, plug_h, peak)
    return peaks[0], peaks[1]


def _low_power_peaks(trucks: ClassDemand, result: ClassResult) -> NDArray[np.float64]:
    """Highest power that overnight points draw at each site, kW."""
    demand = trucks.demand
    drawn = drawn_power(demand, result.queues)
    low = ~result.queues.is_hpc[drawn.session]
    site = demand.stop_site_idx[drawn.session]
    return peak_load(
        site[low], drawn.from_h[low], drawn.to_h[low], drawn.power_kw[low], demand.n_sites
    )

"""Layouts that do well in several scenarios: on the mean over them, and where waits are longest.

Layouts are made from the wait tables of all scenarios (:mod:`planner.optimization.scenario_tables`)
and judged in the full simulation of each. All that is said of them is said of the layouts that were
judged, so that a plan for all scenarios is never better than plans for each alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.allocation import PlugBounds
from planner.optimization.scenario_tables import ScenarioTables
from planner.optimization.seeding import hpc_arrivals, separable_model
from planner.optimization.wait_tables import build_wait_tables
from planner.simulation.queues import ChargerLayout, evaluate_layouts, points_occupied, simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from planner.optimization.site_limits import PlugLimits
    from planner.optimization.wait_tables import WaitTables
    from planner.simulation.charging_demand import ChargingDemand

ROUNDS = 3
"""How often layouts are made anew on the arrivals that the best so far brings about."""


@dataclass(frozen=True)
class DemandScenarios:
    """What trucks ask for in several scenarios, all at the same sites.

    Parameters
    ----------
    demands : sequence of ChargingDemand
        The first one is the study's own.
    weights : (n_scenarios,) float64
        How likely each is, sum 1.
    n_lpc : (n_sites,) int32
        LPC points of all layouts.
    bounds : PlugBounds
        Fewest and most HPC points of each site: enough for every scenario.
    tables : ScenarioTables
        With arrivals as without queues.
    """

    demands: Sequence[ChargingDemand]
    weights: NDArray[np.float64]
    n_lpc: NDArray[np.int32]
    bounds: PlugBounds
    tables: ScenarioTables

    @classmethod
    def of(
        cls,
        demands: Sequence[ChargingDemand],
        weights: Sequence[float],
        n_lpc: NDArray[np.int32],
        has_hpc: NDArray[np.bool_],
        limits: PlugLimits,
    ) -> DemandScenarios:
        """Set up scenarios.

        Parameters
        ----------
        has_hpc : (n_sites,) bool
            Sites that have HPC points.
        limits : PlugLimits
            Fewest and most points of each site by its own figures.
        """
        models = []
        for demand in demands:
            # Trucks that find no overnight point charge at high power: with a point for each
            # nobody waits.
            for_all = (demand.n_hpc_stops_at_site + demand.n_lpc_stops_at_site) * has_hpc
            unlimited = ChargerLayout(for_all.astype(np.int32), n_lpc)
            unlimited = ChargerLayout(points_occupied(demand, unlimited).n_hpc, n_lpc)
            models.append(separable_model(demand, unlimited, limits.existing_hpc, limits.max_hpc))
        bounds = PlugBounds(
            np.max([each.bounds.lower for each in models], axis=0),
            np.max([each.bounds.upper for each in models], axis=0),
        )
        shares = np.asarray(weights, np.float64)
        tables = ScenarioTables.of([each.tables for each in models])
        return cls(demands, shares / shares.sum(), n_lpc, bounds, tables)

    def tables_at(self, n_hpc: NDArray[np.int32]) -> ScenarioTables:
        """Wait tables of the arrivals that a layout brings about."""
        return ScenarioTables.of([self._tables(each, n_hpc) for each in self.demands])

    def _tables(self, demand: ChargingDemand, n_hpc: NDArray[np.int32]) -> WaitTables:
        run = simulate(demand, ChargerLayout(n_hpc, self.n_lpc))
        arrivals = hpc_arrivals(demand, run)
        return build_wait_tables(*arrivals, demand.n_sites, demand.counted_h)

    def judged(self, n_hpc: NDArray[np.int32]) -> JudgedLayouts:
        """Layouts, each once, in the full simulation of every scenario."""
        layouts = np.unique(n_hpc, axis=0)
        scores = [evaluate_layouts(each, layouts, self.n_lpc) for each in self.demands]
        return JudgedLayouts(
            layouts,
            np.column_stack([each.mean_wait_min for each in scores]),
            np.column_stack([each.tcu_share for each in scores]),
            self.weights,
        )


@dataclass(frozen=True)
class JudgedLayouts:
    """Layouts in the full simulation of every scenario.

    Parameters
    ----------
    n_hpc : (n_layouts, n_sites) int32
        HPC points, each layout once.
    wait_min, tcu_share : (n_layouts, n_scenarios) float64
        Mean wait of an HPC session, minutes; utilisation in time.
    weights : (n_scenarios,) float64
        How likely each scenario is, sum 1.
    """

    n_hpc: NDArray[np.int32]
    wait_min: NDArray[np.float64]
    tcu_share: NDArray[np.float64]
    weights: NDArray[np.float64]
    points: NDArray[np.int64] = field(init=False)
    expected_min: NDArray[np.float64] = field(init=False)
    worst_min: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        """Sum up."""
        object.__setattr__(self, "points", self.n_hpc.sum(axis=1, dtype=np.int64))
        object.__setattr__(self, "expected_min", self.wait_min @ self.weights)
        object.__setattr__(self, "worst_min", self.wait_min.max(axis=1))

    def row_of(self, n_hpc: NDArray[np.integer]) -> int:
        """Row of a layout that was judged."""
        return int(np.flatnonzero((self.n_hpc == n_hpc).all(axis=1))[0])

    def least(self, values: NDArray[np.float64], n_points: int) -> int:
        """Row of the layout with so many points at most where values are least.

        Of equals the one with the fewest points.
        """
        rows = np.flatnonzero(self.points <= n_points)
        return int(rows[np.lexsort((self.points[rows], values[rows]))[0]])

    def regret_min(self, row: int) -> NDArray[np.float64]:
        """How much longer trucks wait than with the best as many points, (n_scenarios,)."""
        rows = self.points <= self.points[row]
        regret: NDArray[np.float64] = self.wait_min[row] - self.wait_min[rows].min(axis=0)
        return regret

    def front(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Rows whose value no layout with as few points beats, fewest points first."""
        order = np.lexsort((values, self.points))
        before = np.concatenate([[np.inf], np.minimum.accumulate(values[order])[:-1]])
        rows: NDArray[np.int64] = order[values[order] < before]
        return rows

    def best_of_study(self, n_points: int) -> int:
        """Row of the layout that is best in the first scenario with so many points at most.

        Of layouts that are equally good there the one that is better on the mean counts.
        """
        first_min = self.wait_min[:, 0]
        least_min = first_min[self.least(first_min, n_points)]
        return self.least(np.where(first_min <= least_min, self.expected_min, np.inf), n_points)

    def value(self, n_points: int) -> ValueOfFlexibility:
        """What it is worth to plan for all scenarios, and to know which one comes."""
        rows = self.points <= n_points
        return ValueOfFlexibility(
            n_points,
            float(self.expected_min[self.best_of_study(n_points)]),
            float(self.expected_min[rows].min()),
            float(self.wait_min[rows].min(axis=0) @ self.weights),
        )


@dataclass(frozen=True, slots=True)
class ValueOfFlexibility:
    """Expected waits with so many points, by what the plan was made for, minutes.

    Parameters
    ----------
    of_study_min : float
        The plan that is best for the study alone (Birge 1982: EEV).
    of_all_min : float
        The plan that is best on the mean over scenarios (RP).
    informed_min : float
        A plan of its own for each scenario, as if that were known before building (WS).
    """

    n_points: int
    of_study_min: float
    of_all_min: float
    informed_min: float

    @property
    def stochastic_solution_min(self) -> float:
        """Value of the stochastic solution (VSS), >= 0."""
        return self.of_study_min - self.of_all_min

    @property
    def perfect_information_min(self) -> float:
        """Expected value of perfect information (EVPI), >= 0."""
        return self.of_all_min - self.informed_min


def robust_layouts(
    scenarios: DemandScenarios,
    given: NDArray[np.int32],
    totals: Sequence[int],
    progress: Callable[[int, int], None],
) -> JudgedLayouts:
    """Make layouts for the mean, the worst case and each scenario alone, and judge all.

    Parameters
    ----------
    given : (n_layouts, n_sites) int32
        Layouts to judge too, for example a front.
    totals : sequence of int
        Total points to make layouts for.
    progress : callable
        Told how many totals of how many are done.
    """
    layouts = [*given]
    alone = np.eye(len(scenarios.demands))
    for done, total in enumerate(totals, start=1):
        tables = scenarios.tables
        for number in range(ROUNDS):
            mean = tables.least_mean(scenarios.bounds, scenarios.weights, total)
            layouts += [mean, tables.least_worst(scenarios.bounds, scenarios.weights, total)]
            layouts += [tables.least_mean(scenarios.bounds, each, total) for each in alone]
            if number + 1 < ROUNDS:
                tables = scenarios.tables_at(mean)
        progress(done, len(totals))
    return scenarios.judged(np.array(layouts, np.int32))

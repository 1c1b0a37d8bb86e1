"""What a set of sites costs operators and trucks together, and how many sites cost least."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.costs.layout_costs import load_of_layouts
from planner.optimization.cost_allocation import cost_tables
from planner.optimization.seeding import separable_model
from planner.optimization.site_limits import layout_without_hpc_queues
from planner.plan.prices import prices_of
from planner.plan.stages import charging_demand
from planner.plan.study_inputs import site_limits
from planner.scenario.infrastructure_costs import DEFAULT_COST_SET, read_cost_set
from planner.selection.chosen import choose_sites, looked_at_alone
from planner.simulation.queues import simulate
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.plan.site_trucks import SiteTrucks
    from planner.selection.closing import Question

_N_SIZES = 5
"""Sizes that are looked at in one pass."""


class SystemCosts:
    """Costs of sets of sites on the mean day, each with the points that cost least.

    Parameters
    ----------
    lost_trip_h : float
        Hours of a truck that a trip counts as that cannot be driven.
    """

    def __init__(self, trucks: SiteTrucks, lost_trip_h: float) -> None:
        scenario = trucks.scenario
        if scenario.infrastructure_costs is None:
            costs = read_cost_set(DEFAULT_COST_SET)
            scenario = scenario.model_copy(update={"infrastructure_costs": costs})
        self._trucks, self._scenario, self._lost_trip_h = trucks, scenario, lost_trip_h
        self._limits = site_limits(scenario, trucks.inputs.sites)
        self._days = (scenario.horizon_h - scenario.start_h) / HOURS_PER_DAY
        self.looked_at: dict[int, float] = {}
        """Cost of the set found of each size that was looked at, EUR a day."""

    def eur_day(self, is_open: NDArray[np.bool_]) -> float:
        """What operators, and trucks by detours, charging, waiting and lost trips, pay a day."""
        trucks, scenario, inputs = self._trucks, self._scenario, self._trucks.inputs
        trucks.ways.is_closed[:] = ~is_open
        plans = trucks.plan(np.arange(inputs.trips.n_trips), has_tastes=True)
        demand = charging_demand(
            scenario, inputs.trips.vehicle_class_idx, plans, inputs.sites.n_sites
        )
        prices = prices_of(scenario, inputs, plans)
        if prices is None or not demand.n_stops:
            return np.inf
        hour_eur = prices.value["truck_hour_eur"]
        unlimited = layout_without_hpc_queues(demand, self._limits)
        bounds = separable_model(
            demand, unlimited, self._limits.existing_hpc, self._limits.max_hpc
        ).bounds
        run = simulate(demand, unlimited)
        tables = cost_tables(demand, run, unlimited.n_lpc, bounds, prices)
        layout = tables.cheapest(hour_eur).astype(np.int32)
        load = load_of_layouts(demand, layout[None], unlimited.n_lpc)
        n_lost = int((~plans.is_served & inputs.trips.is_counted).sum())
        lost_eur = n_lost / self._days * self._lost_trip_h * hour_eur
        return float(prices.of_layouts(load).system_cost_eur_day[0]) + lost_eur

    def cheapest_set(self, question: Question, told: Callable[[], None]) -> NDArray[np.bool_]:
        """Find the size whose best set costs least, closing in on it from a few sizes.

        Costs over sizes are taken to fall and then rise; a set that costs less may be missed where
        they do not.
        """
        n_sites = question.n_sites
        alone = looked_at_alone(question, told)
        sets: dict[int, NDArray[np.bool_]] = {}

        def cost(n_open: int) -> float:
            if n_open not in self.looked_at:
                sets[n_open] = choose_sites(question, n_open, alone).is_open
                self.looked_at[n_open] = self.eur_day(sets[n_open])
                told()
            return self.looked_at[n_open]

        low, high = max(1, int(question.stays.sum())), n_sites
        while True:
            sizes = sorted({round(size) for size in np.geomspace(low, high, _N_SIZES)})
            best = min(sizes, key=lambda size: (cost(size), size))
            known = sorted(self.looked_at)
            at = known.index(best)
            low, high = known[max(at - 1, 0)], known[min(at + 1, len(known) - 1)]
            inner = [size for size in range(low, high + 1) if size not in self.looked_at]
            if not inner:
                return sets[best]

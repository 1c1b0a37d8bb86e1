"""No layout that a search meets or reports leaves the limits of any site."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.optimization.optimize import optimize
from planner.optimization.quantile_layouts import quantile_layouts
from planner.optimization.seeding import start_of_search
from planner.optimization.site_limits import NO_LIMIT, PlugLimits
from planner.routing.stop_plans import StopKind
from planner.runs.random_streams import RandomStreams
from planner.scenario.optimization import Optimization
from planner.simulation.charging_demand import ChargingDemand
from planner.simulation.queues import unlimited_layout
from tests.bare_stop_plans import bare_stop_plans

N_SITES = 4
SETTINGS = Optimization(
    population=8, max_generations=3, convergence_window=3, max_solutions=8, archive_size=50
)


@st.composite
def demands(draw):
    """Trucks with one or two stops, some of them for the night, in one day."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_trips = draw(st.integers(5, 40))
    n_stops = rng.integers(1, 3, n_trips)
    n = int(n_stops.sum())
    is_rest = rng.random(n) < draw(st.sampled_from([0.0, 0.3, 0.9]))
    hold_h = np.where(is_rest, 11.0, 0.75)
    plans = bare_stop_plans(
        n_stops,
        entry_h=rng.uniform(0.0, 6.0, n_trips),
        first_leg_h=rng.uniform(0.0, 1.0, n_trips),
        stop_site_idx=rng.integers(0, N_SITES, n),
        stop_kind=np.where(is_rest, StopKind.LPC_REST, StopKind.HPC_BREAK),
        stop_plug_h=hold_h,
        stop_hold_h=hold_h,
        stop_energy_kwh=rng.uniform(100.0, 400.0, n),
        stop_next_leg_h=rng.uniform(1.0, 3.0, n),
    )
    return ChargingDemand.from_stop_plans(
        plans,
        n_sites=N_SITES,
        horizon_h=24.0,
        hpc_kw=720.0,
        lpc_kw=100.0,
        plug_overhead_h=5.0 / 60.0,
    )


@st.composite
def limits(draw):
    """Existing points and limits at or above them; at least one HPC point is allowed."""

    def counts(low, high):
        values = draw(st.lists(st.integers(low, high), min_size=N_SITES, max_size=N_SITES))
        return np.array(values, np.int32)

    existing_hpc, existing_lpc = counts(0, 3), counts(0, 3)
    is_known = counts(0, 1) == 1
    return PlugLimits(
        existing_hpc=existing_hpc,
        max_hpc=np.maximum(np.where(is_known, counts(1, 6), NO_LIMIT), existing_hpc),
        existing_lpc=existing_lpc,
        max_lpc=np.maximum(np.where(is_known, counts(0, 4), NO_LIMIT), existing_lpc),
    )


def within(layouts, bounds):
    return np.all((layouts >= bounds.existing_hpc) & (layouts <= bounds.max_hpc))


@settings(max_examples=15, deadline=None)
@given(demands(), limits())
def test_every_start_and_every_solution_keeps_to_the_limits(demand, bounds):
    start = start_of_search(demand, 8, bounds)
    model = start.model
    assert within(start.seed_n_hpc, bounds)
    assert within(start.corrected_n_hpc, bounds)
    assert within(quantile_layouts(model.occupancy, model.tables, model.bounds, 20), bounds)
    result = optimize(demand, SETTINGS, RandomStreams(1), limits=bounds)
    assert within(result.front.n_hpc, bounds)
    n_lpc = result.front.n_lpc
    assert np.all((n_lpc >= bounds.existing_lpc) & (n_lpc <= bounds.max_lpc))
    peak = unlimited_layout(demand).n_lpc
    assert np.array_equal(n_lpc, np.maximum(np.minimum(peak, bounds.max_lpc), bounds.existing_lpc))

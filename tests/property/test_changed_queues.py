"""A layout simulated from another one is the layout simulated in full, to the byte."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.layouts.known_layouts import KnownLayouts
from planner.routing.driving_calendar_kernel import DrivingBan
from planner.simulation.changed_queues import ChangedQueues
from planner.simulation.metrics import site_figures
from planner.simulation.plan_legs import Legs
from planner.simulation.queues import ChargerLayout, simulate
from planner.simulation.site_load import site_load
from tests.property.test_queues import demand_of, fleets, plug_counts, usable_counts

layouts = st.lists(st.tuples(plug_counts, plug_counts), min_size=2, max_size=4)


bans = st.one_of(
    st.just(DrivingBan()),
    st.builds(DrivingBan, st.integers(1, 127), st.just(2.0), st.integers(3, 20).map(float)),
)


def demand_with(trips, ban):
    """Every leg is driven in one piece that no ban may meet."""
    demand = demand_of(trips)
    if not ban.days:
        return demand
    n_stops = demand.n_stops
    whole = np.arange(n_stops + 1)
    legs = Legs(ban, whole, demand.stop_next_leg_h, np.zeros(n_stops), 0.0)
    return replace(demand, legs=legs)


def assert_same_bytes(found, expected):
    for each in fields(expected):
        one, other = getattr(found, each.name), getattr(expected, each.name)
        assert (one.dtype, one.tobytes()) == (other.dtype, other.tobytes()), each.name


@settings(max_examples=200, deadline=None)
@given(fleets, layouts, bans)
def test_what_changes_is_all_that_a_full_simulation_changes(trips, points, ban):
    demand = demand_with(trips, ban)
    queues = ChangedQueues(demand)
    before = None
    for n_hpc, n_lpc in points:
        layout = ChargerLayout(*usable_counts(demand, n_hpc, n_lpc))
        full = queues.full(layout)
        if before is None:
            before = full
            continue
        changed = queues.from_changes(before, layout)
        assert_same_bytes(changed.result, full.result)
        assert changed.trace.arrival_h.tobytes() == full.trace.arrival_h.tobytes()
        assert changed.trace.plug_in_h.tobytes() == full.trace.plug_in_h.tobytes()
        is_other = np.zeros(demand.n_stops, np.bool_)
        for each in fields(full.result):
            is_other |= getattr(full.result, each.name) != getattr(before.result, each.name)
        assert changed.changed_stop.tolist() == np.flatnonzero(is_other).tolist()
        before = changed


@settings(max_examples=60, deadline=None)
@given(fleets, layouts)
def test_figures_of_sites_do_not_depend_on_what_is_known(trips, points):
    demand = demand_of(trips)
    known = KnownLayouts(demand, most_changed_share=1.0)
    for n_hpc, n_lpc in points:
        layout = ChargerLayout(*usable_counts(demand, n_hpc, n_lpc))
        found = known.at(layout)
        result = simulate(demand, layout)
        assert_same_bytes(found.traced.result, result)
        assert_same_bytes(found.at_sites, site_figures(demand, result, layout))
        assert_same_bytes(found.load, site_load(demand, result, layout))

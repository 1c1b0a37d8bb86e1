"""Waiting that no layout escapes: below the full simulation always, equal to it where it can be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.optimization.inescapable_wait_kernel import total_lateness_h
from planner.optimization.inescapable_waits import (
    PIECE_H,
    inescapable_waits,
    most_processes,
    waits_of_first_stops,
)
from planner.optimization.wait_tables import build_wait_tables
from planner.simulation.inside_horizon import joins_inside_horizon
from planner.simulation.queues import ChargerLayout, evaluate_layouts, simulate, unlimited_layout


def _counted(demand, counted_h):
    return replace(demand, start_h=counted_h[0], horizon_h=counted_h[1] - counted_h[0])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("counted_h", [(0.0, 24.0), (4.0, 9.0)])
def test_every_layout_waits_at_least_as_long(make_demand, seed, counted_h):
    """Layouts drawn at random, with all that waits do to later arrivals and overnight stops."""
    demand = _counted(make_demand(seed, n_sites=6, n_trips=200), counted_h)
    rng = np.random.default_rng(seed)
    plug_h = np.where(demand.stop_is_hpc, rng.uniform(0.1, 1.0, demand.n_stops), 11.0)
    demand = replace(demand, stop_plug_h=plug_h, stop_hold_h=plug_h)
    unlimited = unlimited_layout(demand)
    peak = np.maximum(unlimited.n_hpc, 1)
    layouts = rng.integers(1, peak + 1, size=(200, demand.n_sites), dtype=np.int32)
    layouts[0] = 1
    n_lpc = (unlimited.n_lpc + 1) // 2
    scores = evaluate_layouts(demand, layouts, n_lpc)
    wait_h = scores.mean_wait_min / 60.0 * scores.n_hpc_processes
    bound_h = inescapable_waits(demand).wait_h(layouts)
    assert (bound_h <= wait_h + 1e-6).all()
    # In a short horizon most of what waits had to wait before it began, where nothing is counted.
    assert bound_h[0] > (0.1 if counted_h == (0.0, 24.0) else 0.02) * wait_h[0]
    assert (scores.n_hpc_processes <= most_processes(demand)).all()
    assert simulate(demand, ChargerLayout(layouts[0], n_lpc)).is_lpc_rejected.any()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("long_wait_h", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("counted_h", [(0.0, 24.0), (4.0, 9.0)])
def test_first_stops_wait_at_least_so_long_and_so_often(make_demand, seed, long_wait_h, counted_h):
    demand = _counted(make_demand(seed, n_sites=6, n_trips=200), counted_h)
    rng = np.random.default_rng(seed)
    plug_h = np.where(demand.stop_is_hpc, rng.uniform(0.1, 1.0, demand.n_stops), 11.0)
    demand = replace(demand, stop_plug_h=plug_h, stop_hold_h=plug_h)
    unlimited = unlimited_layout(demand)
    n_lpc = (unlimited.n_lpc + 1) // 2
    tables, n_long = waits_of_first_stops(demand, long_wait_h)
    counted = replace(tables, total_wait_h=n_long)
    n_bound = 0
    for _ in range(40):
        n_hpc = rng.integers(1, np.maximum(unlimited.n_hpc, 1) + 1).astype(np.int32)
        run = simulate(demand, ChargerLayout(n_hpc, n_lpc))
        wait_h = run.wait_h[run.is_hpc & joins_inside_horizon(demand, run)]
        assert tables.wait_h(n_hpc) <= wait_h.sum() + 1e-9
        assert counted.wait_h(n_hpc) <= (wait_h > long_wait_h).sum()
        n_bound += counted.wait_h(n_hpc)
    assert n_bound > 0


def test_for_single_stops_of_equal_length_it_is_the_waiting(make_demand):
    demand = make_demand(4, n_sites=5, n_trips=150)
    only = demand.trip_stop_offset[:-1]
    single = replace(
        demand,
        trip_stop_offset=np.arange(demand.n_trips + 1),
        plan_stop_idx=only,
        stop_site_idx=demand.stop_site_idx[only],
        stop_is_hpc=np.ones(demand.n_trips, np.bool_),
        # In one piece, so that nothing is lost by letting pieces of trucks take turns.
        stop_plug_h=np.full(demand.n_trips, PIECE_H),
        stop_hold_h=np.full(demand.n_trips, PIECE_H),
        stop_next_leg_h=demand.stop_next_leg_h[only],
        stop_energy_kwh=demand.stop_energy_kwh[only],
        stop_fallback_plug_h=demand.stop_fallback_plug_h[only],
        first_arrival_h=demand.first_arrival_h / 20.0,
    )
    layout = ChargerLayout(np.ones(5, np.int32), np.zeros(5, np.int32))
    run = simulate(single, layout)
    assert run.wait_h.sum() > 0.0
    bound = inescapable_waits(single)
    inside = joins_inside_horizon(single, run)
    assert bound.wait_h(layout.n_hpc) == pytest.approx(run.wait_h[inside].sum(), rel=1e-9)
    arrivals = single.stop_site_idx, single.first_arrival_h, single.stop_plug_h
    tables = build_wait_tables(*arrivals, single.n_sites)
    assert bound.peak.tolist() == tables.peak.tolist()
    np.testing.assert_allclose(bound.total_wait_h, tables.total_wait_h, rtol=1e-9, atol=1e-9)


def test_pieces_start_as_early_as_plugs_allow():
    rng = np.random.default_rng(2)
    release_h = np.sort(rng.uniform(0.0, 2.0, 60))
    for n_plugs in range(1, 6):
        free_h = [-np.inf] * n_plugs
        late_h = early_h = 0.0
        for release in release_h:
            first = min(range(n_plugs), key=lambda at: free_h[at])
            start = max(release, free_h[first])
            free_h[first] = start + 0.1
            late_h += start - release
            early_h += min(start, 1.5) - min(release, 1.5)
        assert total_lateness_h(release_h, 0.1, np.inf, n_plugs) == pytest.approx(late_h)
        assert total_lateness_h(release_h, 0.1, 1.5, n_plugs) == pytest.approx(early_h)

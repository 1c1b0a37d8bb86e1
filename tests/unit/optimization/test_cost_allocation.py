"""The layout of least cost is the one that trying all layouts finds, arrivals held fixed."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from planner.costs.layout_costs import Prices, load_of_layouts
from planner.optimization.allocation import plug_bounds
from planner.optimization.cost_allocation import as_they_arrive, cost_front, cost_tables
from planner.optimization.seeding import separable_model, start_of_search
from planner.scenario.infrastructure_costs import read_cost_set
from planner.simulation.queues import ChargerLayout, simulate, unlimited_layout

FACTORS = read_cost_set("germany-2030").factors(1000.0, 100.0)
PRICES = Prices({name: each.central for name, each in FACTORS.items()}, 150.0, 20.0)


def system_eur_day(demand, layouts, n_lpc):
    loads = load_of_layouts(demand, np.asarray(layouts, np.int32), n_lpc)
    return PRICES.of_layouts(loads).system_cost_eur_day


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("hour_factor", [0.05, 1.0, 30.0])
def test_no_layout_costs_less_where_arrivals_are_held_fixed(make_demand, seed, hour_factor):
    demand = make_demand(seed, 4, 60)
    unlimited = unlimited_layout(demand)
    run = simulate(demand, unlimited)
    bounds = plug_bounds(np.minimum(unlimited.n_hpc, 6))
    prices = Prices(
        PRICES.value | {"truck_hour_eur": hour_factor * PRICES.value["truck_hour_eur"]}, 60.0, 0.0
    )
    tables = cost_tables(demand, run, unlimited.n_lpc, bounds, prices)
    found = tables.cheapest(prices.value["truck_hour_eur"])

    ranges = [range(low, up + 1) for low, up in zip(bounds.lower, bounds.upper, strict=True)]
    layouts = np.array(list(product(*ranges)), np.int32)
    fixed = as_they_arrive(demand, run)
    cost = prices.of_layouts(load_of_layouts(fixed, layouts, unlimited.n_lpc)).system_cost_eur_day
    at = int(np.flatnonzero((layouts == found).all(axis=1))[0])
    assert cost[at] == pytest.approx(cost.min(), rel=1e-12)
    assert len(np.unique(cost)) > 10  # the layouts are told apart


def test_stops_that_are_held_fixed_are_the_run_that_they_come_from(demand):
    unlimited = unlimited_layout(demand)
    few_overnight = ChargerLayout(np.maximum(unlimited.n_hpc // 2, 1), unlimited.n_lpc // 2)
    run = simulate(demand, few_overnight)
    assert run.is_lpc_rejected.any()
    again = simulate(as_they_arrive(demand, run), few_overnight)
    assert np.array_equal(again.plug_in_h, run.plug_in_h)
    assert np.array_equal(again.release_h, run.release_h)
    assert not again.is_lpc_rejected.any()


def test_waits_by_points_are_those_of_the_wait_tables(demand):
    unlimited = unlimited_layout(demand)
    model = separable_model(demand, unlimited)
    run = simulate(demand, unlimited)
    tables = cost_tables(demand, run, unlimited.n_lpc, model.bounds, PRICES)
    days = demand.horizon_h / 24.0
    for n_points, wait_h_day in zip(tables.n_points, tables.wait_h_day, strict=True):
        assert wait_h_day.sum() * days == pytest.approx(model.tables.wait_h(n_points))


def test_dearer_time_buys_more_points_and_shorter_waits(demand):
    unlimited = unlimited_layout(demand)
    model = separable_model(demand, unlimited)
    run = simulate(demand, unlimited)
    tables = cost_tables(demand, run, unlimited.n_lpc, model.bounds, PRICES)
    layouts = [tables.cheapest(eur) for eur in (0.0, 5.0, 50.0, 500.0, 50_000.0)]
    n_points = [int(layout.sum()) for layout in layouts]
    waits = [model.tables.wait_h(layout) for layout in layouts]
    assert n_points == sorted(n_points)
    assert waits == sorted(waits, reverse=True)
    assert n_points[0] < n_points[-1]


def test_a_search_for_cost_begins_no_dearer_than_one_for_waits(demand):
    names = ("mean_wait_min", "system_cost_eur_day")
    without = start_of_search(demand, 15)
    start = start_of_search(demand, 15, None, names, PRICES)
    n_lpc = start.unlimited.n_lpc
    assert (
        system_eur_day(demand, start.corrected_n_hpc, n_lpc).min()
        <= system_eur_day(demand, without.corrected_n_hpc, n_lpc).min()
    )
    fronts = cost_front(
        cost_tables(demand, simulate(demand, start.unlimited), n_lpc, start.model.bounds, PRICES),
        PRICES,
    )
    assert {tuple(row) for row in fronts} <= {tuple(row) for row in start.seed_n_hpc}

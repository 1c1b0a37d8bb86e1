"""Connections of sites with batteries: kinds, grid fees, and known directions."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from planner.costs.battery_costs import read_battery_costs
from planner.costs.site_battery import ConnectionPrices, Kind
from planner.costs.site_costs import COMPONENTS, SiteLoad, site_costs
from planner.depot.microgrid_site import StorageSizing
from planner.grid.connection_rules import read_connection_rules
from planner.scenario.infrastructure_costs import read_cost_set

VALUE = {
    name: each.central for name, each in read_cost_set("germany-2030").factors(1000, 100).items()
}
KINDS = [
    Kind(each.name, each.up_to_kw or math.inf, each.fixed_eur.central)
    for each in read_connection_rules().classes
]
DEAR = StorageSizing(1e6, 1e6)


@pytest.fixture
def prices():
    sizing = read_battery_costs().sizing(VALUE["interest_share"], "central")
    return ConnectionPrices(VALUE, KINDS, sizing, 0.88, 1.0)


def rush(base_kw, top_kw, n_steps=1):
    load = np.full(96, base_kw)
    load[40 : 40 + n_steps] = top_kw
    return load


def test_without_a_battery_a_site_costs_what_its_plan_is_priced_at(prices):
    load = rush(200.0, 900.0)
    found = replace(prices, sizing=DEAR).least_cost(load)
    energy_kwh = load.sum() / 4.0
    one = SiteLoad(np.array([1]), np.array([0]), np.array([900.0]), np.array([energy_kwh]))
    priced = dict(zip(COMPONENTS, site_costs(one, VALUE).eur_year[0], strict=True))
    without_power = SiteLoad(np.array([1]), np.array([0]), np.zeros(1), np.array([energy_kwh]))
    points = dict(zip(COMPONENTS, site_costs(without_power, VALUE).eur_year[0], strict=True))
    assert found.battery_kwh == 0.0
    assert found.grid_eur_year == pytest.approx(
        priced["connection"] + priced["upkeep"] - points["upkeep"]
    )
    assert found.electricity_eur_year == pytest.approx(priced["electricity"])


def test_a_short_peak_above_a_kind_is_met_by_a_battery_and_the_smaller_kind(prices):
    load = rush(1000.0, 5200.0)
    plain, least = prices.without_battery(load), prices.least_cost(load)
    assert plain.kind == "own medium-voltage feeder from the substation"
    assert least.kind == "medium-voltage ring"
    assert 200.0 <= least.battery_kw <= 5200.0
    assert least.eur_year < plain.eur_year
    parts = least.grid_eur_year + least.electricity_eur_year + least.battery_eur_year
    assert least.eur_year == parts


def test_fewer_peaks_bring_a_site_the_grid_fee_of_high_use(prices):
    load = rush(1000.0, 4500.0, 2)
    least = prices.least_cost(load)
    assert prices.without_battery(load).bought_kwh_year < 2500.0 * 4500.0
    assert least.bought_kwh_year >= 2500.0 * least.power_kw


def test_cheaper_batteries_never_make_a_site_dearer(prices):
    load = rush(300.0, 2500.0, 3)
    cost = [
        replace(prices, sizing=StorageSizing(price, price)).least_cost(load).eur_year
        for price in (1e5, 40.0, 20.0, 5.0)
    ]
    assert cost == sorted(cost, reverse=True)
    assert cost[0] == prices.without_battery(load).eur_year


def test_a_site_that_draws_nothing_has_no_connection(prices):
    assert prices.least_cost(np.zeros(96)).eur_year == 0.0

"""Theory by hand, and what is made of a market's course."""

from __future__ import annotations

import numpy as np
import pytest

from planner.errors import InvariantError
from planner.market.alternatives import alternatives
from planner.market.analysis import (
    break_even_utilisation,
    rush_theory,
    slot_theory,
    undercutting_threshold_eur_kwh,
)
from planner.market.market_run import simulate_market
from planner.market.outcome import Band, checked_invariants
from planner.market.steady_state import steady_state
from planner.scenario.market_scenario import load_market

DEAR = "{electricity_eur_kwh: 0.7, charger_eur_kw_day: 1}"


@pytest.fixture(scope="module")
def run():
    scenario = load_market("odeshog-market", ["n_iterations=12000", "n_seeds=2"])
    return simulate_market(scenario)


def test_undercutting_pays_above_its_threshold():
    share = np.array([0.2, 0.5, 0.8, 0.95, 1.0])
    threshold = undercutting_threshold_eur_kwh(share, 0.08, 0.005)
    assert threshold[:4].tolist() == pytest.approx([0.09, 0.09, 0.105, 0.18])
    assert np.isnan(threshold[4])
    # a little above it the day's earnings rise by undercutting, a little below they fall
    for k, price in zip(share[:4], threshold[:4], strict=True):
        for margin, pays in ((price - 0.08 + 1e-4, True), (price - 0.08 - 1e-4, False)):
            assert ((margin - 0.005) * min(1.0, 2.0 * k) > margin * k) == pays


def test_break_even_of_the_study():
    use = break_even_utilisation(np.array([0.17, 0.40, 0.08, 0.05]), 0.08, 0.32)
    assert use[:2].tolist() == pytest.approx([0.148, 0.0417], abs=5e-4)
    assert np.isnan(use[2:]).all()


def test_prices_stand_near_the_threshold_off_the_rush(run):
    theory = slot_theory(run, steady_state(run))
    quiet = theory.demand_share < 0.8
    assert quiet.sum() >= 14
    assert abs(theory.paid_eur_kwh[quiet] - theory.threshold_eur_kwh[quiet]).max() < 0.02


def test_the_rush_pays_for_a_charger(run):
    rush = rush_theory(run, steady_state(run))
    assert rush.charger_eur_kw_day == pytest.approx(0.32 / 0.486)
    assert 2 <= rush.n_rush_hours <= 6
    assert rush.busy_earning_share == pytest.approx(1.0, abs=0.35)
    assert rush.sum_margin_eur_kw_day == pytest.approx(rush.charger_eur_kw_day, rel=0.5)


def test_utilisation_is_the_energy_by_what_chargers_can_give(run):
    state = steady_state(run)
    sold_kwh = state.sold_kwh_day.sum(axis=1)
    # chargers and energy vary together a little within the blocks
    expected = sold_kwh / (24.0 * 720.0 * state.n_chargers.sum(axis=1))
    np.testing.assert_allclose(state.utilisation, expected, rtol=1e-6)


def test_profit_is_of_the_average_day(run):
    state = steady_state(run)
    half = slice(20, None)
    earned = (
        run.means.revenue_eur[:, half].mean(axis=1)
        - 0.08 * run.means.sold_kwh[:, half].mean(axis=1)
    ).sum(axis=2)
    expected = 0.486 * earned - 0.32 * 720.0 * state.n_chargers
    np.testing.assert_allclose(state.profit_eur_day, expected, rtol=1e-9)


def test_a_lost_truck_is_noticed(run):
    means = run.means._replace(n_trucks=run.means.n_trucks * 0.999)
    broken = type(run)(run.scenario, run.arrivals, means)
    with pytest.raises(InvariantError, match="trucks of a market"):
        checked_invariants(broken)


def test_energy_that_appears_is_noticed(run):
    means = run.means._replace(sold_kwh=run.means.sold_kwh * 1.001)
    with pytest.raises(InvariantError, match="energy"):
        checked_invariants(type(run)(run.scenario, run.arrivals, means))


def test_a_band_leaves_out_what_is_not_known():
    assert Band.of(np.array([1.0, np.nan, 3.0])) == Band(2.0, 1.0, 3.0)
    assert np.isnan(Band.of(np.array([np.nan])).mean)


def test_alternatives_differ_in_one_respect_and_are_valid():
    scenario = load_market("odeshog-market")
    found = alternatives(scenario)
    assert len({(one.group, one.key, one.value) for one in found}) == len(found) > 35
    base = scenario.model_dump()
    for one in found:
        changed = {key for key, value in one.scenario.model_dump().items() if value != base[key]}
        allowed = {"n_seeds", "alternatives"}
        if one.key == "week":
            allowed |= {"demand_variation_share", "n_iterations"}
        if one.group == "organisation":
            allowed |= {"price_cap_eur_kwh", "operators"}
        own = {"start": "operators", "tariff": "operators", "min_chargers": "operators"}
        assert changed - allowed <= {own.get(one.key, one.key.split(".")[0])}
    assert {one.key for one in found if one.group == "rules"} == {
        f"rules.{name}" for name in type(scenario.rules).model_fields
    }


@pytest.mark.parametrize(
    "overrides",
    [
        ("operators={a: {}}", "price_cap_eur_kwh=0.5"),
        ("operators={a: {}, b: {}, c: {max_chargers: 10}}",),
        ("demand_variation_share=1", "week={mon: 1}"),
        (f"operators={{a: {{costs: {DEAR}}}, b: {{costs: {DEAR}}}}}",),
        ("trucks.waits=booking", "rules.match_share=0"),
    ],
)
def test_alternatives_are_valid_whatever_the_study(overrides):
    assert len(alternatives(load_market("odeshog-market", list(overrides)))) > 30

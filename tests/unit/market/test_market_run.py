"""Markets as wholes: bookkeeping, seeds, threads, bounds, and what their scenarios refuse."""

from __future__ import annotations

import re

import numba
import numpy as np
import pytest

from planner.errors import InputDataError, ScenarioError
from planner.market.arrivals import read_arrivals, scaled_day, typical_day
from planner.market.market_arrays import Operators, Rules
from planner.market.market_kernel import empty_means
from planner.market.market_run import random_states, run_markets, simulate_market
from planner.market.outcome import checked_invariants
from planner.market.period_kernel import empty_figures
from planner.market.steady_state import steady_state
from planner.market.update_kernel import propose_update
from planner.scenario.market_scenario import load_market

SMALL = ("n_iterations=400", "n_seeds=2")
CHANCES = (
    "remove_charger",
    "add_charger",
    "undercut_busier",
    "raise_queued",
    "raise_any",
    "lower_dearer",
)


def loaded(*overrides):
    return load_market("odeshog-market", [*SMALL, *overrides])


def one_market(operators):
    return Operators(*(field[None] for field in operators))


def test_turns_and_means_are_those_of_a_plain_loop(market):
    n_iterations, n_blocks = 90, 4
    rng = np.random.default_rng(4)
    trucks = market.trucks_at(np.sort(rng.integers(0, 1440, 120)))
    rules = Rules(0.4, 0.4, 0.5, 0.5, 0.5, 0.5, 0.5, 0.005, False)
    operators = market.operators_like(2)
    choice = market.Choice(0.9, False)
    means = empty_means(1, n_blocks, 2, 24)
    price, n_chargers = np.full((1, 2, 24), 0.2), np.array([[3, 4]])
    state = np.array([[11]], np.uint64)
    run_markets(
        n_iterations,
        0,
        np.zeros(1, np.int64),
        np.array([0, 120]),
        trucks,
        choice,
        one_market(operators),
        rules,
        np.arange(24),
        price,
        n_chargers,
        state,
        means,
    )
    own_price, own_chargers = np.full((2, 24), 0.2), np.array([3, 4])
    own_state = np.array([11], np.uint64)
    history = []
    now = market.simulated(trucks, operators, own_price, own_chargers, choice)
    for iteration in range(n_iterations):
        operator = iteration % 2
        tried_price, tried_chargers = own_price.copy(), own_chargers.copy()
        if propose_update(operator, rules, operators, now, tried_price, tried_chargers, own_state):
            tried = market.simulated(trucks, operators, tried_price, tried_chargers, choice)
            if tried.profit_eur[operator] >= now.profit_eur[operator] - 1e-9:
                own_price, own_chargers, now = tried_price, tried_chargers, tried
        history.append((own_price, own_chargers, now))
    np.testing.assert_allclose(price[0], own_price)
    assert n_chargers[0].tolist() == own_chargers.tolist()
    for block in range(n_blocks):
        part = history[n_iterations * block // n_blocks : n_iterations * (block + 1) // n_blocks]
        np.testing.assert_allclose(
            means.price_eur_kwh[0, block], np.mean([entry[0] for entry in part], axis=0)
        )
        np.testing.assert_allclose(
            means.n_chargers[0, block], np.mean([entry[1] for entry in part], axis=0)
        )
        for name in empty_figures(2, 24)._fields:
            expected = np.mean([getattr(entry[2], name) for entry in part], axis=0)
            np.testing.assert_allclose(
                getattr(means, name)[0, block], expected, rtol=1e-9, atol=1e-9, err_msg=name
            )


def test_figures_do_not_depend_on_threads_or_on_other_seeds():
    scenario = loaded()
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        alone = simulate_market(scenario)
    finally:
        numba.set_num_threads(before)
    more = simulate_market(loaded("n_seeds=3"))
    for name, values in alone.means._asdict().items():
        np.testing.assert_array_equal(values, getattr(more.means, name)[:2], err_msg=name)


def test_seeds_differ():
    assert len(np.unique(random_states(1, range(50)))) == 50
    price = simulate_market(loaded()).means.price_eur_kwh
    assert not np.array_equal(price[0], price[1])


@pytest.mark.parametrize(
    "overrides",
    [
        (),
        ("trucks.outside_price_eur_kwh=0.2",),
        ("operators={a: {n_chargers: 4}, b: {n_chargers: 3}, c: {n_chargers: 2}}",),
        ("operators={a: {n_chargers: 12}}", "price_cap_eur_kwh=0.4"),
        ("trucks.waits=booking",),
        ("demand_variation_share=1", "week={mon: 0.5, sat: 1.5}", "carry_over_h=0"),
    ],
)
def test_no_truck_and_no_energy_gets_lost(overrides):
    run = simulate_market(loaded(*overrides))
    held = checked_invariants(run)
    assert held["trucks_that_charge"] + held["trucks_that_drive_on"] == pytest.approx(
        run.arrivals.n_counted
    )


def test_a_price_cap_holds():
    run = simulate_market(
        loaded("operators={a: {n_chargers: 12, price_eur_kwh: 0.39}}", "price_cap_eur_kwh=0.4")
    )
    assert run.means.price_eur_kwh.max() == pytest.approx(0.4)


def test_an_operator_alone_asks_what_the_next_site_asks():
    run = simulate_market(
        loaded(
            "operators={a: {n_chargers: 25, price_eur_kwh: 0.15}}",
            "trucks.outside_price_eur_kwh=0.25",
            "n_iterations=4000",
        )
    )
    state = steady_state(run)
    assert state.paid_eur_kwh.mean() == pytest.approx(0.25, abs=0.01)
    assert state.paid_eur_kwh.max() <= 0.25 + 1e-6


def test_two_operators_compete_prices_down():
    state = steady_state(simulate_market(loaded("n_iterations=12000")))
    assert state.mean_price_eur_kwh.max() < 0.2
    assert (state.profit_eur_day > 0.0).all()
    assert state.low_price_hours() > 15


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("operators={a: {}}", "price_cap_eur_kwh or trucks.outside_price_eur_kwh to be set"),
        ("operators.south.min_chargers=0", "can come to be alone"),
        ("week={mon: 1}", "demand_variation_share: 1 where week"),
        ("price_cap_eur_kwh=0.05", "of at least 0.081"),
        ("operators.north.n_chargers=500", "n_chargers from min_chargers (1) to max_chargers"),
        ("operators.north.costs=karlson", "karlsson-grauers-2024"),
        ("arrivals.day=odeshogg", "one of odeshog"),
        ("rules.step=0.01", "step_eur_kwh"),
        (
            f"rules={{{', '.join(f'{rule}: 0' for rule in CHANCES)}}}",
            "at least one rule",
        ),
    ],
)
def test_a_scenario_says_what_is_wrong(override, expected):
    with pytest.raises(ScenarioError, match=re.escape(expected)):
        loaded(override)


def test_the_typical_day_of_odeshog_is_that_of_the_study():
    minutes = typical_day(loaded())["arrival_min"].to_numpy()
    by_hour = np.bincount((minutes // 60).astype(int), minlength=24)
    assert by_hour.tolist() == [
        *(22, 17, 11, 8, 9, 10, 14, 14, 15, 19, 21, 25),
        *(27, 34, 29, 32, 30, 27, 23, 24, 23, 21, 22, 22),
    ]
    assert len(minutes) == 499


def test_a_week_scales_the_day_and_leaves_parts_of_it():
    day = typical_day(loaded())
    for factor in (0.0, 0.3, 1.0, 1.7):
        assert len(scaled_day(day, factor)) == pytest.approx(499 * factor, abs=3)
    fewer, more = (set(scaled_day(day, factor)["arrival_min"]) for factor in (0.3, 0.7))
    assert fewer <= more
    week = read_arrivals(loaded("demand_variation_share=1", "week={mon: 1, tue: 1, sun: 0.5}"))
    trucks = np.bincount(week.trucks.slot_idx[week.trucks.arrival_min >= 0] // 24, minlength=7)
    assert trucks.tolist()[:6] == [499, 499, 0, 0, 0, 0]
    assert trucks[6] == pytest.approx(250, abs=2)
    # Sunday evening's trucks still charge when Monday begins
    before = week.trucks.arrival_min < 0.0
    assert before.any()
    assert (week.trucks.slot_idx[before] // 24 == 6).all()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("minute\n5\n", "column arrival_min"),
        ("arrival_min\n5\n1500\n", "arrival_min must be minutes .* found '1500'; see row 3"),
        ("arrival_min,energy_kwh\n5,0\n", "energy_kwh must be .* found '0'; see row 2"),
        ("arrival_min\nfive\n", "arrival_min must be a finite number .* found 'five' .* row 2"),
        ("arrival_min\n", "at least one row, found 1"),
    ],
)
def test_a_table_of_arrivals_says_what_is_wrong(tmp_path, text, expected):
    path = tmp_path / "day.csv"
    path.write_text(text)
    scenario = loaded(f"arrivals={{source: file, path: {path}}}")
    with pytest.raises(InputDataError, match=expected):
        read_arrivals(scenario)


def test_a_day_as_a_german_spreadsheet_writes_it_is_read(tmp_path):
    path = tmp_path / "day.csv"
    path.write_text("Ankunft;energy_kwh\n5,5;100\n7;200\n", encoding="cp1252")
    columns = "columns: {arrival_min: Ankunft}"
    trucks = read_arrivals(loaded(f"arrivals={{source: file, path: {path}, {columns}}}")).trucks
    counted = trucks.arrival_min >= 0.0
    assert trucks.arrival_min[counted].tolist() == [5.5, 7.0]
    assert trucks.energy_kwh[counted].tolist() == [100.0, 200.0]


def test_trucks_of_a_table_bring_their_own_energy(tmp_path):
    path = tmp_path / "day.csv"
    path.write_text("arrival_min,energy_kwh\n600,100\n601,720\n")
    arrivals = read_arrivals(loaded(f"arrivals={{source: file, path: {path}}}"))
    assert arrivals.trucks.energy_kwh.tolist() == [100.0, 720.0]
    assert arrivals.trucks.charging_min.tolist() == pytest.approx([100 / 12, 60.0])

"""Each rule by itself, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from planner.market.market_arrays import Rules
from planner.market.period_kernel import empty_figures
from planner.market.update_kernel import propose_update, uniform

NEVER = {
    "remove_charger": 0.0,
    "add_charger": 0.0,
    "undercut_busier": 0.0,
    "raise_queued": 0.0,
    "raise_any": 0.0,
    "lower_dearer": 0.0,
    "match_share": 0.0,
    "step_eur_kwh": 0.005,
    "one_at_a_time": False,
}


def rules(**changes):
    return Rules(**(NEVER | changes))


def proposed(market, rule, price, n_chargers, figures=None, *, operators=None, seed=1):
    """Offers after the first operator's turn, and whether they changed."""
    price = np.array(price, float)
    n_chargers = np.array(n_chargers, np.int64)
    figures = figures or empty_figures(*price.shape)
    operators = operators or market.operators_like(len(price))
    state = np.array([seed], np.uint64)
    changed = propose_update(0, rule, operators, figures, price, n_chargers, state)
    return price, n_chargers, changed


@pytest.mark.parametrize(
    ("rule", "earned", "expected"),
    [
        ("remove_charger", 99.0, 3),
        ("remove_charger", 101.0, 4),
        ("add_charger", 101.0, 5),
        ("add_charger", 99.0, 4),
    ],
)
def test_chargers_follow_what_the_last_one_earns(market, rule, earned, expected):
    figures = empty_figures(2, 3)
    figures.marginal_eur[0] = earned
    _, n_chargers, changed = proposed(
        market, rules(**{rule: 1.0}), np.full((2, 3), 0.2), [4, 4], figures
    )
    assert n_chargers.tolist() == [expected, 4]
    assert changed == (expected != 4)


def test_the_last_charger_stays(market):
    _, n_chargers, changed = proposed(
        market, rules(remove_charger=1.0), np.full((2, 3), 0.2), [1, 1]
    )
    assert n_chargers.tolist() == [1, 1]
    assert not changed


def test_an_operator_may_leave_and_come_back(market):
    operators = market.operators_like(2)._replace(min_chargers=np.zeros(2, np.int64))
    price = np.full((2, 3), 0.2)
    left = proposed(market, rules(remove_charger=1.0), price, [1, 1], operators=operators)
    assert left[1].tolist() == [0, 1]
    back = proposed(market, rules(add_charger=1.0), price, [0, 1], operators=operators)
    assert back[1].tolist() == [1, 1]


def test_a_busier_rival_is_undercut(market):
    figures = empty_figures(2, 3)
    figures.busy_min[:] = [[60.0, 0.0, 60.0], [60.0, 30.0, 90.0]]
    # use per charger: 30, 0, 30 against 60, 30, 90 with one charger
    price, _, _ = proposed(
        market, rules(undercut_busier=1.0), [[0.2, 0.2, 0.2], [0.3, 0.25, 0.22]], [2, 1], figures
    )
    changed = np.flatnonzero(price[0] != 0.2)
    assert len(changed) == 1
    assert price[0, changed[0]] == pytest.approx(price[1, changed[0]] - 0.005)


def test_an_equally_busy_rival_is_left_alone(market):
    figures = empty_figures(2, 3)
    figures.busy_min[:] = [[60.0] * 3, [30.0] * 3]
    _, _, changed = proposed(
        market, rules(undercut_busier=1.0), np.full((2, 3), 0.2), [2, 1], figures
    )
    assert not changed


@pytest.mark.parametrize(
    ("own", "rival", "expected"), [(0.2, 0.3, 0.295), (0.2, 0.2, 0.205), (0.3, 0.2, 0.305)]
)
def test_a_price_with_a_queue_rises_to_the_rivals_or_by_a_step(market, own, rival, expected):
    figures = empty_figures(2, 3)
    figures.queue_min[0, 1] = 4.0
    figures.queue_min[1, 2] = 4.0
    price, _, _ = proposed(
        market, rules(raise_queued=1.0), [[own] * 3, [rival] * 3], [1, 1], figures
    )
    assert price[0].tolist() == pytest.approx([own, expected, own])


def test_any_hour_may_rise(market):
    raised = {
        int(
            np.argmax(proposed(market, rules(raise_any=1.0), [[0.2] * 3] * 2, [1, 1], seed=n)[0][0])
        )
        for n in range(40)
    }
    assert raised == {0, 1, 2}


@pytest.mark.parametrize(("match_share", "expected"), [(1.0, 0.15), (0.0, 0.145)])
def test_a_dearer_hour_goes_down_to_or_below_the_rival(market, match_share, expected):
    price, _, _ = proposed(
        market,
        rules(lower_dearer=1.0, match_share=match_share),
        [[0.2, 0.2, 0.2], [0.3, 0.15, 0.25]],
        [1, 1],
    )
    assert price[0].tolist() == pytest.approx([0.2, expected, 0.2])


def test_the_cheapest_of_several_rivals_counts(market):
    price, _, _ = proposed(
        market,
        rules(lower_dearer=1.0),
        [[0.2], [0.19], [0.12]],
        [1, 1, 1],
        operators=market.operators_like(3),
    )
    assert price[0, 0] == pytest.approx(0.115)


def test_prices_stay_within_their_bounds(market):
    operators = market.operators_like(2, lowest=0.148, highest=0.21)
    down = proposed(market, rules(lower_dearer=1.0), [[0.2], [0.15]], [1, 1], operators=operators)[
        0
    ]
    assert down[0, 0] == pytest.approx(0.148)
    up = proposed(market, rules(raise_any=1.0), [[0.2], [0.3]], [1, 1], operators=operators)[0]
    assert up[0, 0] == pytest.approx(0.21)


def test_a_fixed_tariff_changes_at_all_hours(market):
    operators = market.operators_like(2)._replace(has_one_price=np.array([True, False]))
    price = proposed(
        market, rules(raise_any=1.0), [[0.2] * 3, [0.2] * 3], [1, 1], operators=operators
    )[0]
    assert price[0].tolist() == pytest.approx([0.205] * 3)


def test_one_rule_at_a_time_is_drawn_in_proportion(market):
    figures = empty_figures(2, 1)
    figures.marginal_eur[0] = 101.0  # adding a charger is possible, removing is not
    rule = rules(add_charger=0.75, raise_any=0.25, one_at_a_time=True)
    n_both, n_added = 0, 0
    for seed in range(2000):
        price, n_chargers, _ = proposed(market, rule, [[0.2], [0.2]], [4, 4], figures, seed=seed)
        added, raised = n_chargers[0] == 5, price[0, 0] > 0.2
        n_both += added and raised
        n_added += added
        assert added or raised
    assert n_both == 0
    assert n_added / 2000 == pytest.approx(0.75, abs=0.03)


def test_random_numbers_are_even():
    state = np.array([7], np.uint64)
    drawn = np.array([uniform(state) for _ in range(20_000)])
    assert 0.0 <= drawn.min() < drawn.max() < 1.0
    counts = np.histogram(drawn, bins=20, range=(0.0, 1.0))[0]
    assert abs(counts - 1000).max() < 150
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.03

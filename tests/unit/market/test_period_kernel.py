"""A period at a site: equal to the simulation in steps of a minute, and cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest


def random_case(seed, market, *, knows_waits):
    rng = np.random.default_rng(seed)
    n_operators = int(rng.integers(1, 5))
    minutes = np.sort(rng.integers(-120, 1440, int(rng.integers(50, 400))))
    charging_min = rng.integers(5, 70, len(minutes)).astype(float)
    trucks = market.trucks_at(
        minutes,
        energy_kwh=charging_min * rng.uniform(2.0, 15.0),
        charging_min=charging_min,
        outside_eur=rng.choice([np.inf, 30.0, 80.0], len(minutes)),
    )
    price = 0.08 + 0.005 * rng.integers(1, 40, (n_operators, 24))
    n_chargers = rng.integers(0, 6, n_operators)
    choice = market.Choice(0.9, knows_waits)
    return trucks, market.operators_like(n_operators), price, n_chargers, choice


@pytest.mark.parametrize("knows_waits", [False, True])
@pytest.mark.parametrize("seed", range(25))
def test_equals_the_simulation_in_steps_of_a_minute(market, seed, knows_waits):
    case = random_case(seed, market, knows_waits=knows_waits)
    kernel, steps = market.simulated(*case), market.stepped(*case)
    for name, got, expected in zip(kernel._fields, kernel, steps, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-6, err_msg=name)


def test_every_truck_charges_or_drives_on(market):
    trucks, operators, price, n_chargers, choice = random_case(3, market, knows_waits=False)
    figures = market.simulated(trucks, operators, price, n_chargers, choice)
    counted = trucks.arrival_min >= 0.0
    assert figures.n_trucks.sum() + figures.n_lost.sum() == counted.sum()


def test_equal_offers_are_taken_in_turns(market):
    trucks = market.trucks_at(range(0, 600, 40))
    figures = market.simulated(
        trucks, market.operators_like(3), np.full((3, 24), 0.2), np.array([1, 1, 1])
    )
    assert figures.n_trucks.sum(axis=1).tolist() == [5.0, 5.0, 5.0]


def test_a_truck_pays_the_price_of_its_arrival(market):
    price = np.full((1, 24), 0.2)
    price[0, 1] = 0.5
    trucks = market.trucks_at([50, 51])  # the second queues until minute 80, in the second hour
    figures = market.simulated(trucks, market.operators_like(1), price, np.array([1]))
    assert figures.revenue_eur[0, 0] == pytest.approx(2 * 360 * 0.2)
    assert figures.revenue_eur[0, 1] == 0.0
    assert figures.wait_min[0, 0] == 29.0
    assert figures.queue_min[0, :2].tolist() == [9.0, 20.0]
    assert figures.busy_min[0, :2].tolist() == [10.0, 50.0]


def test_queues_are_weighed_against_prices(market):
    # 360 kWh at one cent less save 3.60 euro; a queue of one at one charger costs 30 x 0.9 euro
    price = np.array([[0.2] * 24, [0.25] * 24])
    trucks = market.trucks_at([0, 1, 2])
    figures = market.simulated(trucks, market.operators_like(2), price, np.array([1, 1]))
    assert figures.n_trucks.sum(axis=1).tolist() == [2.0, 1.0]


def test_earnings_while_all_are_busy(market):
    # two chargers, trucks at 0 and 10 for 30 min each: both are busy for 20 min
    trucks = market.trucks_at([0, 10])
    operators = market.operators_like(1)
    figures = market.simulated(trucks, operators, np.full((1, 24), 0.2), np.array([2]))
    assert figures.marginal_eur[0] == pytest.approx(20 / 60 * 720 * 0.12)


def test_trucks_drive_on_where_the_outside_is_cheaper(market):
    trucks = market.trucks_at([0, 60], outside_eur=[100.0, 60.0])
    figures = market.simulated(
        trucks, market.operators_like(1), np.full((1, 24), 0.2), np.array([1])
    )
    assert figures.n_lost[:2].tolist() == [0.0, 1.0]
    assert figures.n_trucks.sum() == 1.0

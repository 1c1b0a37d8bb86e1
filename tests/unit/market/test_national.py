"""Markets at many sites: what ties them, and what must hold whatever they come to."""

from __future__ import annotations

from itertools import pairwise

import numba
import numpy as np
import pytest

from planner.market.corridor_kernel import fill_outside_costs
from planner.market.national import (
    NationalRun,
    SiteChoices,
    simulate_national_market,
)
from planner.market.national_files import read_national_run, write_national_run
from planner.market.national_operators import present_operators
from planner.scenario.national_market import NationalMarket

PLAN = np.array([6, 4, 1])


def settings(**changes):
    return NationalMarket.model_validate(
        {
            "price_cap_eur_kwh": 0.6,
            "n_iterations": 1200,
            "n_seeds": 2,
            "corridors": {"n_rounds": 12},
        }
        | changes
    )


def choices(n_stops=400, share_with_choice=0.5, seed=3):
    """Trucks of two days; some of those planned at the first two sites may use the other one."""
    rng = np.random.default_rng(seed)
    rows = []
    for stop in range(n_stops):
        planned = int(rng.integers(0, 3))
        minute, energy = rng.uniform(0, 2880), rng.uniform(100, 400)
        rows.append((stop, planned, minute, energy, 0.0))
        if planned < 2 and rng.random() < share_with_choice:
            rows.append((stop, 1 - planned, (minute + 30) % 2880, energy * 1.02, rng.uniform(0, 8)))
    stop, site, minute, energy, access = (np.array(column) for column in zip(*rows, strict=True))
    return SiteChoices(
        n_sites=3,
        n_days=2,
        offset=np.concatenate([[0], np.cumsum(np.bincount(stop))]),
        site_idx=site,
        arrival_min=minute,
        energy_kwh=energy,
        charging_min=energy / 10.0,
        access_min=access,
    )


def run(given=None, trucks=None, **options) -> NationalRun:
    return simulate_national_market(
        given or settings(), trucks or choices(), PLAN, charger_kw=1000.0, seed=5, **options
    )


def test_outside_costs_equal_the_plain_ones():
    trucks = choices(60)
    rng = np.random.default_rng(1)
    price, wait = rng.uniform(0.1, 0.5, (3, 24)), rng.uniform(0, 10, (3, 24))
    price[1, 5:9] = np.inf
    slot = (trucks.arrival_min // 60 % 24).astype(np.int64)
    got = np.empty(len(slot))
    known = (trucks.offset, trucks.site_idx, slot, trucks.energy_kwh, trucks.access_min)
    fill_outside_costs(0, len(trucks.offset) - 1, *known, price, wait, got)
    for first, last in pairwise(trucks.offset):
        at = range(first, last)
        waits = {k: wait[trucks.site_idx[k], slot[k]] + trucks.access_min[k] for k in at}
        cost = {k: trucks.energy_kwh[k] * price[trucks.site_idx[k], slot[k]] + waits[k] for k in at}
        for k in at:
            elsewhere = min((cost[other] for other in at if other != k), default=np.inf)
            assert got[k] == pytest.approx(elsewhere - waits[k])


def test_every_truck_without_a_choice_charges_at_its_site():
    trucks = choices(share_with_choice=0.0)
    found = run(settings(operators={"a": {"min_chargers": 1}, "b": {}}), trucks)
    n_trucks = found.means.n_trucks.sum(axis=(1, 2, 3)).reshape(2, 3)
    n_lost = found.means.n_lost.sum(axis=(1, 2)).reshape(2, 3)
    expected = np.bincount(trucks.site_idx, minlength=3)
    np.testing.assert_allclose(n_trucks + n_lost, np.tile(expected, (2, 1)), rtol=1e-9)


def test_trucks_with_a_choice_charge_about_once():
    # half of all stops swing between two sites only, which makes the most of prices that move
    found = run(
        settings(
            n_iterations=3000,
            corridors={"n_rounds": 30},
            operators={"a": {"min_chargers": 1}, "b": {"min_chargers": 1}},
        )
    )
    assert found.counted_share[:, 15:].mean() == pytest.approx(1.0, abs=0.1)


def test_a_site_loses_trucks_when_its_neighbour_is_cheaper():
    trucks = choices(share_with_choice=1.0)
    dear = run(settings(min_operators=2, operators={"a": {}, "b": {}}, price_cap_eur_kwh=0.6))
    # the third site has room for one operator: it keeps the cap and the points of the plan
    np.testing.assert_allclose(dear.means.n_chargers[[2, 5], 0].sum(axis=1), 1.0)
    asked = dear.means.price_eur_kwh[[2, 5], 0][dear.means.n_chargers[[2, 5], 0] > 0]
    np.testing.assert_allclose(asked, 0.6)
    found = run(settings(corridors={"n_rounds": 12, "max_extra_min": 30}), trucks)
    assert found.means.price_eur_kwh[:2].max() <= 0.6 + 1e-9


def test_operators_that_must_keep_the_plan_keep_it():
    found = run(builds_plan=True)
    n_points = found.means.n_chargers[:, 0].sum(axis=1).reshape(2, 3)
    np.testing.assert_allclose(n_points, np.tile(PLAN, (2, 1)))


def test_one_operator_per_point_in_turns():
    present = present_operators(np.array([5, 1, 1, 0, 2]), 2)
    assert present.tolist() == [[True, True], [True, False], [False, True], [False] * 2, [True] * 2]


def test_same_figures_with_one_thread_and_after_storing(tmp_path):
    found = run()
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        alone = run()
    finally:
        numba.set_num_threads(before)
    path = tmp_path / "market.npz"
    write_national_run(found, path)
    stored = read_national_run(path)
    for name, values in found.means._asdict().items():
        np.testing.assert_array_equal(values, getattr(alone.means, name), err_msg=name)
        np.testing.assert_array_equal(values, getattr(stored.means, name), err_msg=name)
    path.write_bytes(b"half a file")
    assert read_national_run(path) is None


def test_a_price_cap_is_asked_for():
    with pytest.raises(ValueError, match="price_cap_eur_kwh"):
        NationalMarket.model_validate({})
    with pytest.raises(ValueError, match=r"at least 0\.081"):
        settings(price_cap_eur_kwh=0.05)
    with pytest.raises(ValueError, match="min_operators of at most 2"):
        settings(min_operators=3)

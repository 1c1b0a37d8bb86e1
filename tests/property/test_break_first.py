"""The kernel of the rule `break_first` against the rule in plain Python, on roads of all kinds."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.routing.drivers import Drivers
from planner.routing.stop_planner import ExpectedWaits, plan_stops
from planner.routing.stop_plans import StopKind, TripStatus
from planner.scenario.driver_behaviour import DriverBehaviour, SiteSearch
from planner.simulation.driving_invariants import check_driving
from tests.property.break_first_twin import Driver
from tests.property.stop_plan_enumeration import KEY, TINY, leg
from tests.property.stop_planner_cases import random_case, with_curves


def random_behaviour(rng, limit_h, stop_cost_h):
    energy_stop = str(rng.choice(["as_needed", "full_break"]))
    return DriverBehaviour(
        stop_planning="break_first",
        stop_cost_min=60.0 * stop_cost_h,
        plug_in_at_breaks=str(rng.choice(["if_useful", "partly_charged", "always"])),
        energy_stop=energy_stop,
        energy_stop_counts_as_break=bool(energy_stop == "full_break" and rng.random() < 0.5),
        energy_stop_reserve_kwh=float(rng.choice([0.0, 14.0, 60.0])),
        promote_to_break_after_h=float(limit_h - rng.choice([0.0, 0.5, 1.5])),
        daily_rest=str(rng.choice(["after_driving_limit", "every_second_break"])),
        site_search=SiteSearch(
            nearest=int(rng.integers(1, 6)),
            before_limit_min=float(rng.choice([0.0, 10.0, 60.0])),
            window_h=(limit_h - rng.choice([0.0, 0.5, 1.5]), limit_h + rng.choice([0.0, 0.5])),
            detour_km=float(rng.choice([2.0, 10.0, 100.0])),
        ),
        below_minimum=str(rng.choice(["strand", "to_first_site"])),
        floor_soc_share=float(rng.choice([0.0, 0.05, 0.15])),
    )


def planned(seed, n_trips):
    rng = np.random.default_rng([seed, 2])
    case = random_case(seed, n_trips)
    if seed % 3 == 0:
        case = with_curves(case, seed)
    case.charging = replace(case.charging, hpc_to_share=float(rng.choice([1.0, 0.9, 0.6])))
    behaviour = random_behaviour(rng, case.rules.max_driving_before_break_h, case.stop_cost_h)
    drivers = Drivers(
        case.vehicles, case.rules, case.charging, case.choice, np.uint64(KEY), behaviour
    )
    # Half of the cases expect waits by the hour, as after a round of learning.
    waits = None
    if rng.random() < 0.5:
        by_hour_h = rng.uniform(0.0, 1.0, (case.sites.n_sites, 40)) * (rng.random(40) < 0.7)
        is_open = rng.random((2, case.sites.n_sites)) < 0.8
        waits = ExpectedWaits(float(rng.integers(0, 10)), by_hour_h, is_open)
    plans = plan_stops(case.graph, case.sites, case.trips, drivers, waits=waits)
    return case, drivers, waits, plans


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_every_trip_is_driven_as_the_rule_in_plain_python_drives_it(seed):
    case, drivers, waits, plans = planned(seed, 8)
    for trip in range(plans.n_trips):
        driver = Driver(case, trip, drivers.behaviour, waits)
        status = TripStatus(plans.status[trip])
        if math.isinf(leg(case, driver.speed, driver.place, driver.goal)[0]):
            assert status == TripStatus.NO_ROUTE
            continue
        if driver.energy < driver.floor - TINY:
            assert status == TripStatus.STARTS_BELOW_MINIMUM
            continue
        entry_h, battery_kwh = driver.clock, driver.battery
        journey = driver.go()
        if not journey.is_served:
            is_low = not journey.stops and not driver.starts_full
            expected = TripStatus.STARTS_TOO_LOW if is_low else TripStatus.NO_SITE_IN_RANGE
            assert status == expected
            continue
        assert status == TripStatus.SERVED
        stops, unplugged = (
            slice(*offset[trip : trip + 2])
            for offset in (plans.stop_offset, plans.unplugged_offset)
        )
        assert plans.stop_site_idx[stops].tolist() == [stop.site for stop in journey.stops]
        assert plans.stop_kind[stops].tolist() == [stop.kind for stop in journey.stops]
        for column, name, unit in (
            (plans.stop_arrival_h, "arrival_h", 1.0),
            (plans.stop_hold_h, "hold_h", 1.0),
            (plans.stop_energy_kwh, "charged_kwh", 1.0),
            (plans.stop_arrival_soc_share, "arrival_kwh", battery_kwh),
        ):
            expected = [getattr(stop, name) / unit for stop in journey.stops]
            assert column[stops] == pytest.approx(expected, abs=1e-6)
        found = zip(
            plans.unplugged_leg[unplugged],
            plans.unplugged_after_drive_h[unplugged],
            plans.unplugged_is_rest[unplugged],
            strict=True,
        )
        assert [
            (each[0], pytest.approx(each[1], abs=1e-6), each[2]) for each in found
        ] == journey.unplugged
        rules = case.rules
        lengths_h = [
            rules.rest_h if is_rest else rules.break_h for *_, is_rest in journey.unplugged
        ]
        assert plans.unplugged_length_h[unplugged].tolist() == lengths_h
        assert plans.entry_h[trip] == pytest.approx(entry_h)
        assert plans.arrival_h[trip] == pytest.approx(journey.arrival_h)
        assert plans.drive_h[trip] == pytest.approx(journey.drive_h)
        assert plans.distance_km[trip] == pytest.approx(journey.distance_km)
        assert plans.final_soc_share[trip] * battery_kwh == pytest.approx(
            journey.final_kwh, abs=1e-6
        )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_plans_by_the_rule_add_up(seed):
    case, drivers, _, plans = planned(seed, 20)
    check_driving(plans, case.trips, drivers)
    trucks = drivers.trucks(case.trips)
    for trip in np.flatnonzero(plans.is_served):
        battery_kwh, min_kwh, kwh_per_km, hpc_kw, *_ = trucks[trip]
        stops = slice(*plans.stop_offset[trip : trip + 2])
        charged_kwh, hold_h = plans.stop_energy_kwh[stops], plans.stop_hold_h[stops]
        gained_kwh = (plans.final_soc_share[trip] - plans.entry_soc_share[trip]) * battery_kwh
        driven_kwh = plans.distance_km[trip] * kwh_per_km
        assert sum(charged_kwh) - driven_kwh == pytest.approx(gained_kwh, abs=1e-6)
        legs_h = plans.first_leg_h[trip] + sum(plans.stop_next_leg_h[stops])
        unplugged_h = (
            plans.n_unplugged_breaks[trip] * (case.rules.break_h + case.stop_cost_h)
            + plans.n_unplugged_rests[trip] * (case.rules.rest_h + case.stop_cost_h)
            + len(hold_h) * case.stop_cost_h
        )
        assert plans.drive_h[trip] + unplugged_h == pytest.approx(legs_h)
        assert plans.arrival_h[trip] - plans.entry_h[trip] == pytest.approx(legs_h + sum(hold_h))
        assert np.all(charged_kwh > 0)
        assert np.all(plans.stop_plug_h[stops] > 0)
        assert np.all(plans.stop_plug_h[stops] <= hold_h + 1e-9)
        is_hpc = plans.stop_kind[stops] != StopKind.LPC_REST
        assert np.all((charged_kwh <= hpc_kw * plans.stop_plug_h[stops] + 1e-6)[is_hpc])
        arrival_kwh = plans.stop_arrival_soc_share[stops] * battery_kwh
        assert np.all(arrival_kwh + charged_kwh <= battery_kwh + 1e-6)
        lowest_kwh = min(min_kwh, drivers.floor_soc_share * battery_kwh)
        assert np.all(arrival_kwh >= lowest_kwh - 1e-6)
        assert plans.final_soc_share[trip] * battery_kwh >= lowest_kwh - 1e-6
        assert len(set(plans.stop_site_idx[stops])) == len(charged_kwh)

"""Driver rules are held against the breaks and rests of every plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.errors import InvariantError
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.scenario.driver_behaviour import DriverBehaviour
from planner.scenario.parameter_sets import DriverRules, VehicleClass
from planner.simulation.driving_invariants import check_driving
from tests.bare_stop_plans import bare_stop_plans
from tests.unit.simulation.test_reference_trips import trips_to

TRUCK = VehicleClass(
    battery_kwh=1e5,
    consumption_loaded_kwh_km=1.2,
    consumption_empty_kwh_km=1.2,
    max_charging_kw=1000.0,
    mean_speed_kmh=80.0,
)
DRIVERS = Drivers(
    [TRUCK],
    DriverRules(),
    ChargingPower(1000.0, 100.0),
    SiteChoice(),
    np.uint64(1),
    DriverBehaviour(stop_cost_min=6.0),
)


@pytest.fixture
def plans():
    """6 h with a break after 4 h, a charging break, then 5 h with a rest after 3 h."""
    return bare_stop_plans(
        [1],
        stop_site_idx=[0],
        stop_kind=[0],
        entry_h=np.zeros(1),
        first_leg_h=np.array([6.95]),  # 6 min more at each of its two stops
        stop_plug_h=np.array([0.75]),
        stop_hold_h=np.array([0.75]),
        stop_energy_kwh=np.array([400.0]),
        stop_next_leg_h=np.array([16.1]),
        n_unplugged_breaks=np.ones(1, np.int16),
        n_unplugged_rests=np.ones(1, np.int16),
        unplugged_offset=np.array([0, 2]),
        unplugged_leg=np.array([0, 1], np.int32),
        unplugged_after_drive_h=np.array([4.0, 3.0]),
        unplugged_length_h=np.array([0.75, 11.0]),
        unplugged_is_rest=np.array([False, True]),
    )


def test_the_longest_drives_are_told(plans):
    assert check_driving(plans, trips_to([1]), DRIVERS) == pytest.approx(
        {"longest_drive_to_break_h": 4.0, "longest_drive_to_rest_h": 9.0}
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"unplugged_after_drive_h": [4.6, 3.0]}, "4.6 h without a break"),
        ({"unplugged_after_drive_h": [4.0, 3.1]}, "9.1 h without a daily rest"),
        ({"unplugged_after_drive_h": [4.0, 5.1]}, "inf h"),
        ({"unplugged_after_drive_h": [np.nan, 3.0]}, "inf h"),
        ({"unplugged_leg": [1, 0]}, "inf h"),
        ({"unplugged_length_h": [0.5, 11.0]}, "inf h"),
        ({"stop_hold_h": [0.5]}, "inf h"),
        ({"unplugged_is_rest": [True, True]}, "0 unplugged breaks"),
        ({"n_unplugged_rests": [2]}, "1 unplugged daily rests on its legs, but 2"),
        ({"stop_kind": [1]}, "5 h without a break"),
    ],
)
def test_a_missing_late_or_misplaced_break_is_noticed(plans, changes, message):
    broken = {name: np.array(value, getattr(plans, name).dtype) for name, value in changes.items()}
    with pytest.raises(InvariantError, match=message):
        check_driving(replace(plans, **broken), trips_to([1]), DRIVERS)

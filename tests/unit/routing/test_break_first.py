"""The rule `break_first`, worked out by hand on a straight motorway at 80 km/h."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.stop_planner import plan_stops
from planner.routing.stop_plans import StopKind, TripStatus
from planner.scenario.driver_behaviour import DriverBehaviour, SiteSearch
from planner.scenario.parameter_sets import DriverRules
from planner.simulation.driving_invariants import check_driving

H_BREAK, H_REST = 0.75, 11.0
STUDY = {
    "stop_planning": "break_first",
    "plug_in_at_breaks": "partly_charged",
    "daily_rest": "every_second_break",
    "below_minimum": "to_first_site",
    "floor_soc_share": 0.0,
    "stop_cost_min": 0.0,
}


@pytest.fixture
def follow(truck):
    """Plan with the rule, 600 kW and 100 kW; keys of the behaviour and of the drivers as given."""

    def run(graph, sites, trips, *, charging=None, rules=None, known=None, battery_kwh=600, **keys):
        drivers = Drivers(
            [truck.model_copy(update={"battery_kwh": float(battery_kwh)})],
            rules or DriverRules(),
            charging or ChargingPower(hpc_kw=600.0, lpc_kw=100.0),
            SiteChoice(),
            np.uint64(7),
            DriverBehaviour(**(STUDY | keys)),
        )
        plans = plan_stops(graph, sites, trips, drivers, known=known)
        check_driving(plans, trips, drivers)
        return plans

    return run


def kinds(plans):
    return [StopKind(kind).name for kind in plans.stop_kind]


def test_who_did_not_start_full_charges_at_the_break_though_he_need_not(
    motorway, sites_at, trips_along, follow
):
    graph = motorway(400)  # 5 h of driving: 480 of 594 kWh, 6 kWh short of the minimum's 120
    trips = trips_along(graph, 2, initial_soc_share=[0.99, 1.0])
    plans = follow(graph, sites_at(graph, [347]), trips, plug_in_at_breaks="partly_charged")
    assert np.diff(plans.stop_offset).tolist() == [1, 0]
    assert plans.n_unplugged_breaks.tolist() == [0, 1]
    assert plans.unplugged_after_drive_h == pytest.approx([4.5])
    assert plans.stop_arrival_h == pytest.approx([6 + 347 / 80])
    assert plans.arrival_h == pytest.approx(np.full(2, 6 + 5 + H_BREAK))


@pytest.mark.parametrize(
    ("who", "n_stops"), [("if_useful", [0, 0]), ("partly_charged", [1, 0]), ("always", [1, 1])]
)
def test_who_plugs_in_at_breaks(motorway, sites_at, trips_along, follow, who, n_stops):
    graph = motorway(400)
    trips = trips_along(graph, 2, initial_soc_share=[0.99, 1.0])
    plans = follow(graph, sites_at(graph, [347]), trips, plug_in_at_breaks=who, battery_kwh=1000)
    assert np.diff(plans.stop_offset).tolist() == n_stops


def test_breaks_and_rests_take_turns(motorway, sites_at, trips_along, follow):
    graph = motorway(1400)  # 17.5 h
    plans = follow(graph, sites_at(graph, [350, 700, 1050]), trips_along(graph))
    assert kinds(plans) == ["HPC_BREAK", "LPC_REST", "HPC_BREAK"]
    assert plans.stop_site_idx.tolist() == [0, 1, 2]
    assert plans.arrival_h[0] == pytest.approx(6 + 17.5 + 2 * H_BREAK + H_REST)
    # 350 km take 420 kWh; 45 min at 600 kW bring 450, until the battery is full.
    assert plans.stop_energy_kwh == pytest.approx(np.full(3, 420.0))
    assert plans.final_soc_share[0] == pytest.approx(0.3)


def test_the_site_with_the_least_extra_driving_of_the_nearest_is_taken(
    motorway, sites_at, trips_along, follow
):
    graph = motorway(500)
    sites = sites_at(graph, [340, 350, 330], off_road_km=[2.0, 1.0, 0.0])
    assert follow(graph, sites, trips_along(graph)).stop_site_idx.tolist() == [2]
    # The point lies at 346.7 km: 350 is nearest (4.3 km), then 340 (8.7), then 330 (16.7).
    for nearest, chosen in ((1, 1), (2, 1), (3, 2)):
        plans = follow(graph, sites, trips_along(graph), site_search=SiteSearch(nearest=nearest))
        assert plans.stop_site_idx.tolist() == [chosen]


def test_the_point_of_the_search_lies_before_the_limit(motorway, sites_at, trips_along, follow):
    graph = motorway(500)
    sites = sites_at(graph, [320, 358])
    for minutes, chosen in ((10.0, 1), (30.0, 0)):
        search = SiteSearch(nearest=1, before_limit_min=minutes)
        plans = follow(graph, sites, trips_along(graph), site_search=search)
        assert plans.stop_site_idx.tolist() == [chosen]


def test_a_site_before_the_window_is_taken_only_for_want_of_another(
    motorway, sites_at, trips_along, follow
):
    graph = motorway(450)
    early, late = 300, 390  # 3.75 h and 4.875 h
    trips = trips_along(graph)
    plans = follow(graph, sites_at(graph, [early, late], off_road_km=[0.0, 1.0]), trips)
    assert plans.stop_site_idx.tolist() == [1]
    assert follow(graph, sites_at(graph, [early]), trips).stop_site_idx.tolist() == [0]


def test_nobody_drives_beyond_the_window(motorway, sites_at, trips_along, follow):
    graph = motorway(600)
    # 402 km are 5.025 h: a break at 4.5 h, and from there the site is one for energy.
    plans = follow(graph, sites_at(graph, [402]), trips_along(graph))
    assert plans.unplugged_after_drive_h == pytest.approx([4.5])
    assert kinds(plans) == ["HPC_INTERMEDIATE"]
    assert plans.first_leg_h[0] == pytest.approx(402 / 80 + H_BREAK)
    assert plans.stop_arrival_soc_share[0] == pytest.approx(1 - 402 * 1.2 / 600)


def test_an_energy_stop_charges_up_to_the_next_stop_and_the_reserve(
    motorway, sites_at, trips_along, follow
):
    graph = motorway(300)  # 3.75 h; from half full 150 km
    trips = trips_along(graph, initial_soc_share=0.5)
    plans = follow(graph, sites_at(graph, [140]), trips)
    assert kinds(plans) == ["HPC_INTERMEDIATE"]
    charged_kwh = 160 * 1.2 + 14
    assert plans.stop_energy_kwh[0] == pytest.approx(charged_kwh)
    assert plans.stop_hold_h[0] == pytest.approx(charged_kwh / 600 + 5 / 60)
    assert plans.arrival_h[0] == pytest.approx(6 + 3.75 + charged_kwh / 600 + 5 / 60)


def test_an_energy_stop_resets_nothing_unless_it_is_said_to(
    motorway, sites_at, trips_along, follow
):
    graph = motorway(450)  # 5.625 h
    sites, trips = sites_at(graph, [140, 350]), trips_along(graph, initial_soc_share=0.5)
    plans = follow(graph, sites, trips)
    assert kinds(plans) == ["HPC_INTERMEDIATE", "HPC_BREAK"]
    # Up to the limit at 360 km, not to the destination.
    assert plans.stop_energy_kwh[0] == pytest.approx(220 * 1.2 + 14)
    full = {"energy_stop": "full_break"}
    as_break = follow(graph, sites, trips, **full, energy_stop_counts_as_break=True)
    assert kinds(as_break) == ["HPC_BREAK"]  # 310 km are left, 3.9 h
    assert kinds(follow(graph, sites, trips, **full)) == ["HPC_INTERMEDIATE", "HPC_BREAK"]


def test_an_energy_stop_of_a_full_break_holds_the_point_all_the_time(
    motorway, sites_at, trips_along, follow
):
    graph = motorway(300)
    trips = trips_along(graph, initial_soc_share=0.5)
    plans = follow(graph, sites_at(graph, [140]), trips, energy_stop="full_break")
    assert (plans.stop_hold_h[0], plans.stop_plug_h[0]) == (H_BREAK, H_BREAK)
    assert plans.stop_energy_kwh[0] == pytest.approx(450.0)  # what 45 min bring; 468 would fit


def test_an_energy_stop_late_in_the_drive_is_made_the_break(
    motorway, sites_at, trips_along, follow
):
    graph = motorway(500)
    trips = trips_along(graph, initial_soc_share=0.86)  # 330 km, 4.125 h
    sites = sites_at(graph, [325, 365])
    assert kinds(follow(graph, sites, trips)) == ["HPC_BREAK"]
    later = follow(graph, sites, trips, promote_to_break_after_h=4.2)
    assert kinds(later) == ["HPC_INTERMEDIATE", "HPC_BREAK"]
    assert later.stop_energy_kwh[0] == pytest.approx(35 * 1.2 + 14)  # the break is due at 360 km


def test_a_truck_drives_on_below_its_minimum_to_the_nearest_site_where_it_may(
    motorway, sites_at, trips_along, follow
):
    graph = motorway(300)
    trips = trips_along(graph, initial_soc_share=0.25)  # 25 km to the minimum, 125 to nothing
    sites = sites_at(graph, [100])
    plans = follow(graph, sites, trips)
    assert plans.status[0] == TripStatus.SERVED
    assert plans.stop_arrival_soc_share[0] == pytest.approx(0.25 - 100 * 1.2 / 600)
    # What is missing to the minimum comes on top.
    assert plans.stop_energy_kwh[0] == pytest.approx(200 * 1.2 + 14 + 0.15 * 600)
    stranded = follow(graph, sites, trips, below_minimum="strand")
    assert stranded.status[0] == TripStatus.STARTS_TOO_LOW
    assert stranded.stranded_node_idx[0] == 0
    above = follow(graph, sites, trips, floor_soc_share=0.1)
    assert above.status[0] == TripStatus.STARTS_TOO_LOW
    assert follow(graph, sites, trips, floor_soc_share=0.05).status[0] == TripStatus.SERVED
    assert follow(graph, sites_at(graph, [130]), trips).status[0] == TripStatus.STARTS_TOO_LOW


def test_a_site_far_behind_the_destination_is_not_driven_to(
    motorway, sites_at, trips_along, follow
):
    graph = motorway(450)
    # 300 km to a border that asks for 60 km more; the site lies 5.025 h away, 102 km behind it.
    trips = trips_along(
        graph, destination_node_idx=6, initial_soc_share=0.81, abroad_after_km=100.0
    )
    plans = follow(graph, sites_at(graph, [402]), trips)
    assert (plans.n_stops, plans.n_unplugged_breaks[0]) == (0, 0)
    assert plans.final_soc_share[0] == pytest.approx(0.81 - 300 * 1.2 / 600)


def test_a_hole_of_the_network_is_told_from_a_low_start(motorway, sites_at, trips_along, follow):
    graph = motorway(1000)
    plans = follow(graph, sites_at(graph, [340]), trips_along(graph))
    assert plans.status[0] == TripStatus.NO_SITE_IN_RANGE
    assert np.isnan(plans.arrival_h[0])
    assert plans.n_stops == 0


def test_charging_ends_at_the_share_that_drivers_charge_to(motorway, sites_at, trips_along, follow):
    graph = motorway(1000)
    sites, trips = sites_at(graph, [340, 680]), trips_along(graph)
    charging = ChargingPower(hpc_kw=600.0, lpc_kw=100.0, hpc_to_share=0.9)
    plans = follow(graph, sites, trips, charging=charging)
    assert kinds(plans) == ["HPC_BREAK", "LPC_REST"]
    soc_share = plans.stop_arrival_soc_share + plans.stop_energy_kwh / 600
    assert soc_share == pytest.approx([0.9, 1.0])  # a rest fills the battery


def test_who_reaches_no_site_ahead_turns_back_to_one_behind_his_start(
    motorway, sites_at, trips_along, follow
):
    graph = motorway(600)
    # From kilometre 200 he gets 125 km far.
    sites = sites_at(graph, [170, 490])
    trips = trips_along(graph, origin_node_idx=4, initial_soc_share=0.25)
    plans = follow(graph, sites, trips)
    assert plans.status[0] == TripStatus.SERVED
    assert plans.stop_site_idx[0] == 0
    assert plans.distance_km[0] == pytest.approx(plans.direct_distance_km[0] + 60.0)


def test_a_break_that_could_charge_nothing_is_taken_unplugged(
    motorway, sites_at, trips_along, follow
):
    graph = motorway(400)
    trips = trips_along(graph, initial_soc_share=0.99)
    charging = ChargingPower(hpc_kw=600.0, lpc_kw=100.0, hpc_to_share=0.5)
    plans = follow(graph, sites_at(graph, [347]), trips, charging=charging, battery_kwh=3000)
    assert (plans.n_stops, plans.n_unplugged_breaks[0]) == (0, 1)


def test_the_rest_comes_with_the_daily_limit_where_the_rules_decide(
    motorway, sites_at, trips_along, follow
):
    graph = motorway(1400)
    # Due 0.25 h after the third break, within the window: taken with it.
    rules = DriverRules(max_driving_before_rest_h=13.5)
    sites = sites_at(graph, [350, 700, 1050])
    by_rule = follow(
        graph, sites, trips_along(graph), rules=rules, daily_rest="after_driving_limit"
    )
    assert kinds(by_rule) == ["HPC_BREAK", "HPC_BREAK", "LPC_REST"]
    in_turn = follow(graph, sites, trips_along(graph), rules=rules)
    assert kinds(in_turn) == ["HPC_BREAK", "LPC_REST", "HPC_BREAK"]


def test_many_stops_and_breaks_all_find_room(motorway, sites_at, trips_along, follow):
    graph = motorway(4000)
    sites = sites_at(graph, list(range(20, 4000, 40)))
    plans = follow(graph, sites, trips_along(graph, 2, initial_soc_share=0.9))
    assert np.diff(plans.stop_offset).tolist() == [11, 11]
    big = follow(graph, sites_at(graph, []), trips_along(graph), battery_kwh=6000)
    assert big.unplugged_after_drive_h == pytest.approx(np.arange(4.5, 50.0, 4.5))
    assert big.unplugged_is_rest.tolist() == [False, True] * 5 + [False]


def test_a_truck_from_abroad_goes_on_with_its_turn(motorway, sites_at, trips_along, follow):
    graph = motorway(400)
    # 500 km abroad: a break after 360 km; the next stop is a rest, 220 km behind the border.
    trips = trips_along(graph, abroad_before_km=500.0, initial_soc_share=0.9)
    plans = follow(graph, sites_at(graph, [210]), trips)
    assert kinds(plans) == ["LPC_REST"]


def test_drivers_who_follow_the_rule_know_of_no_queues(
    motorway, sites_at, trips_along, follow, queues
):
    graph = motorway(400)
    known = queues(n_sites=1, taken={})
    with pytest.raises(ValueError, match="give waits in place of known"):
        follow(graph, sites_at(graph, [347]), trips_along(graph), known=known)


def test_threads_do_not_change_the_plans(motorway, sites_at, trips_along, follow):
    graph = motorway(1400)
    rng = np.random.default_rng(3)
    trips = trips_along(graph, 3000, initial_soc_share=rng.uniform(0.2, 1.0, 3000))
    starts = rng.integers(0, graph.n_nodes - 1, 3000).astype(np.int32)
    trips = replace(trips, origin_node_idx=starts)
    sites = sites_at(graph, list(range(30, 1400, 50)))
    together = follow(graph, sites, trips)
    few = rng.choice(3000, 40, replace=False)
    apart = follow(graph, sites, trips.select(few))
    np.testing.assert_array_equal(together.arrival_h[few], apart.arrival_h)
    np.testing.assert_array_equal(together.select(few).stop_site_idx, apart.stop_site_idx)

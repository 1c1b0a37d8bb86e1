"""Plans worked out by hand, and what the planner promises about draws, threads and input."""

from __future__ import annotations

from dataclasses import replace

import numba
import numpy as np
import pytest

from planner.errors import InputDataError
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.stop_plans import StopKind, TripStatus
from planner.scenario.parameter_sets import DriverRules

H_BREAK, H_REST = 0.75, 11.0


def test_full_truck_that_arrives_above_minimum_takes_its_break_unplugged(
    motorway, sites_at, trips_along, plan
):
    graph = motorway(400)  # 5 h of driving
    plans = plan(graph, sites_at(graph, [200]), trips_along(graph))
    assert plans.status[0] == TripStatus.SERVED
    assert plans.n_stops == 0
    assert plans.n_unplugged_breaks[0] == 1
    assert plans.arrival_h[0] == pytest.approx(6 + 5 + H_BREAK)
    assert plans.final_soc_share[0] == pytest.approx(0.2)


def test_short_trip_has_neither_stop_nor_break(motorway, sites_at, trips_along, plan):
    graph = motorway(300)
    plans = plan(graph, sites_at(graph, [150]), trips_along(graph))
    assert (plans.n_stops, plans.n_unplugged_breaks[0]) == (0, 0)
    assert plans.first_leg_h[0] == pytest.approx(3.75)


def test_break_and_charging_fall_together(motorway, sites_at, trips_along, plan):
    graph = motorway(700)  # 8.75 h, one break; 300 kWh more than the battery holds
    plans = plan(graph, sites_at(graph, [350]), trips_along(graph))
    assert plans.stop_kind.tolist() == [StopKind.HPC_BREAK]
    assert plans.stop_arrival_h[0] == pytest.approx(6 + 350 / 80)
    assert plans.stop_arrival_soc_share[0] == pytest.approx(0.3)
    assert plans.stop_energy_kwh[0] == pytest.approx(420.0)  # 450 in 45 min, but full after 420
    assert plans.stop_plug_h[0] == plans.stop_hold_h[0] == H_BREAK
    assert plans.arrival_h[0] == pytest.approx(6 + 8.75 + H_BREAK)
    assert plans.n_unplugged_breaks[0] == 0


def test_released_plug_is_free_when_the_battery_is_full(motorway, sites_at, trips_along, plan):
    graph = motorway(700)
    rules = DriverRules(hpc_release="when_charged")
    plans = plan(graph, sites_at(graph, [350]), trips_along(graph), rules=rules)
    assert plans.stop_plug_h[0] == pytest.approx(420 / 600)
    assert plans.stop_hold_h[0] == H_BREAK


def test_intermediate_stop_charges_exactly_what_the_next_leg_needs(
    motorway, sites_at, trips_along, plan
):
    graph = motorway(300)  # 3.75 h, no break; from 50 % there are 150 km
    trips = trips_along(graph, initial_soc_share=0.5)
    plans = plan(graph, sites_at(graph, [100]), trips)
    assert plans.stop_kind.tolist() == [StopKind.HPC_INTERMEDIATE]
    needed_kwh = 300 * 1.2 - 0.3 * 600
    assert plans.stop_energy_kwh[0] == pytest.approx(needed_kwh)
    assert plans.stop_hold_h[0] == pytest.approx(needed_kwh / 600 + 5 / 60)
    assert plans.final_soc_share[0] == pytest.approx(0.2)


def test_daily_rest_is_spent_at_a_low_power_point(motorway, sites_at, trips_along, plan):
    graph = motorway(1000)  # 12.5 h: one break, one rest
    plans = plan(graph, sites_at(graph, [340, 680]), trips_along(graph))
    assert plans.stop_kind.tolist() == [StopKind.HPC_BREAK, StopKind.LPC_REST]
    assert plans.stop_energy_kwh[1] == pytest.approx(600 - (600 - 340 * 1.2))
    assert plans.stop_plug_h[1] == H_REST
    assert plans.arrival_h[0] == pytest.approx(6 + 12.5 + H_BREAK + H_REST)
    assert (plans.n_unplugged_breaks[0], plans.n_unplugged_rests[0]) == (0, 0)


def test_rest_when_the_break_is_due_saves_the_break(motorway, sites_at, trips_along, plan, truck):
    graph = motorway(400)
    # 5 h driven abroad, 5 h to go.
    big = truck.model_copy(update={"battery_kwh": 3000.0})
    trips = trips_along(graph, abroad_before_km=5 * 80.0)
    rules = DriverRules(max_driving_before_break_h=5.5, max_driving_before_rest_h=6.5)
    plans = plan(graph, sites_at(graph, [20]), trips, vehicles=[big], rules=rules)
    # Break due after 0.5 h, rest after 1.5 h: resting at once serves both.
    assert (plans.n_unplugged_breaks[0], plans.n_unplugged_rests[0]) == (0, 1)
    assert plans.arrival_h[0] - plans.entry_h[0] == pytest.approx(5 + H_REST)
    assert (plans.unplugged_leg.tolist(), plans.unplugged_is_rest.tolist()) == ([0], [True])
    assert plans.unplugged_after_drive_h == pytest.approx([0.5])


def test_more_breaks_than_there_is_room_for_are_all_kept(
    motorway, sites_at, trips_along, plan, truck
):
    graph = motorway(1000)  # 12.5 h, a break every hour
    big = truck.model_copy(update={"battery_kwh": 3000.0})
    rules = DriverRules(max_driving_before_break_h=1.0, max_driving_before_rest_h=20.0)
    trips = trips_along(graph, 3)
    plans = plan(graph, sites_at(graph, []), trips, vehicles=[big], rules=rules)
    assert plans.unplugged_offset.tolist() == [0, 12, 24, 36]
    assert plans.unplugged_after_drive_h == pytest.approx(np.tile(np.arange(1.0, 13.0), 3))
    assert not plans.unplugged_is_rest.any()


def test_one_way_site_serves_only_its_own_carriageway(motorway, sites_at, trips_along, plan):
    graph = motorway(500)
    sites = sites_at(graph, [250], ["down"])
    up = plan(graph, sites, trips_along(graph))
    assert up.status[0] == TripStatus.SERVED  # by turning twice, within the 100 km corridor
    assert up.distance_km[0] == pytest.approx(500 + 2 * 50)
    down = plan(graph, sites, trips_along(graph, origin_node_idx=10, destination_node_idx=0))
    assert down.distance_km[0] == pytest.approx(500)


def test_way_off_the_carriageway_is_driven_twice(motorway, sites_at, trips_along, plan):
    graph = motorway(500)
    plans = plan(graph, sites_at(graph, [250], off_road_km=2.0), trips_along(graph))
    assert plans.distance_km[0] == pytest.approx(504)
    assert plans.direct_distance_km[0] == pytest.approx(500)
    assert plans.drive_h[0] == pytest.approx(504 / 80)


def test_unserved_trips_say_why_and_where_they_strand(motorway, sites_at, trips_along, plan):
    graph = motorway(1000)
    trips = trips_along(graph, 2, initial_soc_share=[0.5, 0.1])
    plans = plan(graph, sites_at(graph, [300]), trips)
    assert plans.status.tolist() == [
        TripStatus.NO_SITE_IN_RANGE,
        TripStatus.STARTS_BELOW_MINIMUM,
    ]
    assert plans.stranded_node_idx.tolist() == [3, 0]  # 150 km from half full
    assert np.isnan(plans.arrival_h).all()


def test_trip_without_a_route_is_told_apart(motorway, sites_at, trips_along, plan):
    graph = motorway(200)
    arcs = {
        name: getattr(graph, name)[:4]
        for name in graph.__dataclass_fields__
        if name.startswith("arc_") and getattr(graph, name) is not None
    }
    one_way = replace(graph, **arcs)
    trips = trips_along(graph, origin_node_idx=4, destination_node_idx=0)
    plans = plan(one_way, sites_at(one_way, []), trips)
    assert plans.status[0] == TripStatus.NO_ROUTE
    assert np.isnan(plans.direct_distance_km[0])


def test_truck_from_abroad_enters_with_what_its_day_has_left(motorway, sites_at, trips_along, plan):
    graph = motorway(300)
    trips = trips_along(graph, abroad_before_km=500.0)
    plans = plan(graph, sites_at(graph, [100]), trips)
    # 360 km to the first break (432 kWh), 45 min bring 432 back, 140 km more to the border.
    # A stop for energy comes before: after 400 km only, so not.
    assert plans.entry_h[0] == pytest.approx(6 + 500 / 80 + H_BREAK)
    assert plans.entry_soc_share[0] == pytest.approx(1 - 140 * 1.2 / 600)
    # 1.75 h since the break: 3.75 h more need one other break.
    assert plans.n_unplugged_breaks[0] + plans.n_stops >= 1


def test_truck_going_abroad_brings_energy_for_the_first_kilometres(
    motorway, sites_at, trips_along, plan
):
    graph = motorway(400)
    trips = trips_along(graph, 2, abroad_after_km=[0.0, 500.0])
    plans = plan(graph, sites_at(graph, [200]), trips)
    assert np.diff(plans.stop_offset).tolist() == [0, 1]
    assert plans.final_soc_share[1] >= 0.2 + 60 * 1.2 / 600 - 1e-9


def test_known_queues_move_the_truck_to_another_site(motorway, sites_at, trips_along, plan, queues):
    graph = motorway(700)
    sites = sites_at(graph, [340, 350])
    for busy, chosen in ((0, 1), (1, 0)):
        known = queues(n_sites=2, taken={busy: [(0.0, 24.0)]})
        plans = plan(graph, sites, trips_along(graph), known=known)
        assert plans.stop_site_idx.tolist() == [chosen]


def test_full_overnight_points_move_the_truck_to_another_site(
    motorway, sites_at, trips_along, plan, queues
):
    graph = motorway(1400)
    sites = sites_at(graph, [350, 700, 700, 1060])
    # Both lie at the same place: the first is taken, were it not full.
    for taken, chosen in (({}, 1), ({4 + 1: [(0.0, 90.0)]}, 2)):
        plans = plan(graph, sites, trips_along(graph), known=queues(n_sites=4, taken=taken))
        rest = plans.stop_kind == StopKind.LPC_REST
        assert plans.stop_site_idx[rest].tolist() == [chosen]


def test_a_truck_alone_does_not_meet_itself(motorway, sites_at, trips_along, plan, queues):
    graph = motorway(700)
    sites, trips = sites_at(graph, [340, 350]), trips_along(graph)
    first = plan(graph, sites, trips)
    at_h = float(first.stop_arrival_h[0])
    taken = {int(first.stop_site_idx[0]): [(at_h, 0.75)]}
    own = plan(graph, sites, trips, known=queues(n_sites=2, taken=taken, own=[0]))
    assert own.stop_site_idx.tolist() == first.stop_site_idx.tolist()
    assert own.arrival_h[0] == first.arrival_h[0]
    of_another = plan(graph, sites, trips, known=queues(n_sites=2, taken=taken))
    assert of_another.stop_site_idx.tolist() != first.stop_site_idx.tolist()


def test_of_equally_quick_sites_the_first_is_taken(motorway, sites_at, trips_along, plan):
    graph = motorway(700)
    plans = plan(graph, sites_at(graph, [350, 350]), trips_along(graph))
    assert plans.stop_site_idx.tolist() == [0]


def test_more_stops_than_foreseen_are_all_kept(motorway, sites_at, trips_along, plan, truck):
    graph = motorway(2000)
    small = truck.model_copy(update={"battery_kwh": 200.0})
    sites = sites_at(graph, list(range(50, 2000, 100)))
    plans = plan(graph, sites, trips_along(graph, 3), vehicles=[small])
    n_stops = np.diff(plans.stop_offset)
    assert n_stops.min() > 6
    charged = np.add.reduceat(plans.stop_energy_kwh, plans.stop_offset[:-1])
    np.testing.assert_allclose(
        charged, 2000 * 1.2 - (1 - plans.final_soc_share) * 200.0, rtol=1e-12
    )


@pytest.mark.parametrize("behind_min", [0.0, 5.0])
def test_shares_of_two_sites_are_the_logit(
    motorway, sites_at, trips_along, plan, queues, behind_min
):
    graph = motorway(700)
    n = 20_000
    scale_h = 5 / 60
    sites = sites_at(graph, [345, 355])
    at_h = 6.0 + 355 / 80
    known = queues(2, {1: [(at_h - 0.01, 0.01 + behind_min / 60)]})
    known = known._replace(own_offset=np.zeros(n + 1, np.int64))
    plans = plan(
        graph,
        sites,
        trips_along(graph, n),
        choice=SiteChoice(taste_scale_h=scale_h),
        known=known,
    )
    assert plans.n_stops == n
    share = np.mean(plans.stop_site_idx == 0)
    expected = 1 / (1 + np.exp(-behind_min / 60 / scale_h))
    assert share == pytest.approx(expected, abs=4 * np.sqrt(0.25 / n))


def test_taste_never_adds_a_stop(motorway, sites_at, trips_along, plan):
    graph = motorway(400)
    sites = sites_at(graph, [50, 150, 250, 350])
    plans = plan(graph, sites, trips_along(graph, 500), choice=SiteChoice(taste_scale_h=2.0))
    assert plans.n_stops == 0


def test_same_plans_with_any_number_of_threads(motorway, sites_at, trips_along, plan):
    graph = motorway(1000)
    sites = sites_at(graph, list(range(15, 1000, 40)))
    n = 3000
    rng = np.random.default_rng(3)
    trips = trips_along(
        graph,
        n,
        origin_node_idx=rng.integers(0, 6, n),
        initial_soc_share=rng.uniform(0.2, 1.0, n),
    )
    before = numba.get_num_threads()
    try:
        results = []
        for n_threads in (1, before):
            numba.set_num_threads(n_threads)
            results.append(plan(graph, sites, trips, choice=SiteChoice()))
    finally:
        numba.set_num_threads(before)
    for name in results[0].__dataclass_fields__:
        one, many = (getattr(plans, name) for plans in results)
        assert one.tobytes() == many.tobytes(), name


def test_progress_ends_with_all_trips(motorway, sites_at, trips_along, plan):
    graph = motorway(700)
    reports = []
    plan(
        graph,
        sites_at(graph, [350]),
        trips_along(graph, 20),
        progress=lambda done, total: reports.append((done, total)),
    )
    assert reports[-1] == (20, 20)


def test_without_sites_only_short_trips_are_served(motorway, sites_at, trips_along, plan):
    graph = motorway(700)
    trips = trips_along(graph, 2, destination_node_idx=[6, 14])
    plans = plan(graph, sites_at(graph, []), trips)
    assert plans.status.tolist() == [TripStatus.SERVED, TripStatus.NO_SITE_IN_RANGE]


def test_no_trips_give_no_plans(motorway, sites_at, trips_along, plan):
    graph = motorway(700)
    plans = plan(graph, sites_at(graph, [350]), trips_along(graph, 0))
    assert (plans.n_trips, plans.n_stops) == (0, 0)


def test_faulty_input_is_refused_with_what_to_do(
    motorway, sites_at, trips_along, plan, truck, queues
):
    graph = motorway(700)
    sites = sites_at(graph, [350])
    trips = trips_along(graph, vehicle_class_idx=3)
    with pytest.raises(InputDataError, match="vehicle_class_idx is 3, expected 0 to 0"):
        plan(graph, sites, trips)
    stuck = truck.model_copy(update={"min_soc_share": 1.0})
    with pytest.raises(InputDataError, match="min_soc_share"):
        plan(graph, sites, trips_along(graph), vehicles=[stuck])
    with pytest.raises(
        InputDataError, match="expected those of 1 sites and 1 trips, found 2 and 1"
    ):
        plan(graph, sites, trips_along(graph), known=queues(n_sites=2, taken={}))


def test_vehicle_power_limits_charging(motorway, sites_at, trips_along, plan, truck):
    graph = motorway(700)
    weak = truck.model_copy(update={"max_charging_kw": 520.0})
    charging = ChargingPower(hpc_kw=1000.0, lpc_kw=100.0)
    plans = plan(
        graph, sites_at(graph, [350]), trips_along(graph), vehicles=[weak], charging=charging
    )
    assert plans.stop_energy_kwh[0] == pytest.approx(520 * H_BREAK)


def test_a_site_beyond_the_widest_corridor_serves_a_trip_that_has_no_other(
    motorway, sites_at, trips_along, plan
):
    graph = motorway(500)
    far = sites_at(graph, [250], off_road_km=60.0)  # 120 km more, beyond 100
    plans = plan(graph, far, trips_along(graph))
    assert plans.status[0] == TripStatus.SERVED
    assert plans.distance_km[0] == pytest.approx(620)


def test_a_truck_from_abroad_charges_before_the_border_what_takes_it_to_its_first_site(
    motorway, sites_at, trips_along, plan
):
    graph = motorway(400)
    # 120 kWh above the minimum, 100 km abroad: it enters with its minimum, at 7.25 h.
    trips = trips_along(graph, 2, initial_soc_share=[0.4, 0.39], abroad_before_km=[100.0, 0.0])
    plans = plan(graph, sites_at(graph, [150]), trips)
    # The one from here could be driven, had it started with more: no hole of the network.
    assert plans.status.tolist() == [TripStatus.SERVED, TripStatus.STARTS_TOO_LOW]
    charged_kwh = 150 * 1.2
    assert plans.entry_soc_share[0] == pytest.approx((120 + charged_kwh) / 600)
    assert plans.entry_h[0] == pytest.approx(6 + 100 / 80 + charged_kwh / 600 + 5 / 60)
    assert plans.stop_arrival_soc_share[0] == pytest.approx(0.2)


def test_a_truck_from_abroad_charges_to_full_where_its_first_site_leads_nowhere(
    motorway, sites_at, trips_along, plan
):
    graph = motorway(300)
    # From the site, 150 km off the motorway, a full battery does not take it to the destination.
    sites = sites_at(graph, [10], off_road_km=150.0)
    plans = plan(graph, sites, trips_along(graph, initial_soc_share=0.4, abroad_before_km=100.0))
    assert (plans.status[0], plans.n_stops) == (TripStatus.SERVED, 0)
    assert plans.entry_soc_share[0] == pytest.approx(1.0)
    assert plans.entry_h[0] == pytest.approx(6 + 100 / 80 + 480 / 600 + 5 / 60)


def test_another_site_in_the_narrow_corridor_delays_nobody_without_draws(
    motorway, sites_at, trips_along, plan
):
    graph = motorway(450)  # a break and 60 kWh more than the battery holds
    off_road_km = np.array([6.0, 0.0])  # 12 km more; the other one is too early for the break
    both = sites_at(graph, [225, 60], off_road_km=off_road_km)
    alone = plan(graph, sites_at(graph, [225], off_road_km=6.0), trips_along(graph))
    together = plan(graph, both, trips_along(graph))
    assert alone.arrival_h[0] == pytest.approx(6 + 462 / 80 + H_BREAK)
    assert together.arrival_h[0] == alone.arrival_h[0]
    drawn = SiteChoice(taste_scale_h=1e-9)  # with draws the corridor is part of the choice
    assert plan(graph, both, trips_along(graph), choice=drawn).stop_site_idx.tolist() == [1]


def test_a_trip_that_no_quickest_way_serves_takes_the_shortest(
    motorway, sites_at, trips_along, plan
):
    graph = motorway(500)  # more than the 400 km of a full battery
    slow_road = {
        "arc_from_idx": 0,
        "arc_to_idx": graph.n_nodes - 1,
        "arc_length_km": 390.0,
        "arc_free_speed_kmh": 60.0,
        "arc_road": "B1",
    }
    roads = {
        name: np.append(getattr(graph, name), np.asarray(value, getattr(graph, name).dtype))
        for name, value in slow_road.items()
    }
    graph = replace(graph, **roads)
    plans = plan(graph, sites_at(motorway(500), []), trips_along(graph))
    assert plans.status[0] == TripStatus.SERVED
    assert plans.distance_km[0] == pytest.approx(390)
    assert plans.direct_distance_km[0] == pytest.approx(500)
    assert plans.arrival_h[0] == pytest.approx(6 + 390 / 60 + H_BREAK)


@pytest.mark.parametrize(
    ("initial_soc_share", "status"),
    [
        (0.35, TripStatus.SERVED),
        (0.3, TripStatus.SERVED),
        (0.29, TripStatus.STARTS_TOO_LOW),
        (0.15, TripStatus.STARTS_BELOW_MINIMUM),
    ],
)
def test_a_truck_that_starts_too_low_reaches_its_first_site_down_to_the_floor(
    motorway, sites_at, trips_along, plan, initial_soc_share, status
):
    graph = motorway(500)
    trips = trips_along(graph, initial_soc_share=initial_soc_share)
    # 120 kWh to the first site; from there 400 km, all that a full battery takes above 20 %.
    plans = plan(graph, sites_at(graph, [100]), trips)
    assert plans.status[0] == status
    if status == TripStatus.SERVED:
        assert plans.stop_arrival_soc_share[0] == pytest.approx(initial_soc_share - 0.2)
        assert plans.final_soc_share[0] >= 0.2 - 1e-9
    else:
        # 95 km until the floor, of which the last node lies at 50; and it does not set out at all.
        assert plans.stranded_node_idx[0] == (1 if initial_soc_share > 0.2 else 0)


def test_a_truck_that_starts_below_its_minimum_charges_at_once(
    motorway, sites_at, trips_along, plan
):
    graph = motorway(400)
    plans = plan(graph, sites_at(graph, [5]), trips_along(graph, 2, initial_soc_share=[0.15, 0.05]))
    assert plans.status.tolist() == [TripStatus.SERVED, TripStatus.STARTS_BELOW_MINIMUM]
    assert plans.stop_arrival_soc_share[0] == pytest.approx(0.14)


def test_nobody_who_can_do_otherwise_comes_below_the_minimum(motorway, sites_at, trips_along, plan):
    graph = motorway(500)
    # The second site would do with one stop, but lies 390 km away; the first one, 200 km.
    near, far = sites_at(graph, [200, 390]), sites_at(graph, [390])
    trips = trips_along(graph, initial_soc_share=0.9)
    assert plan(graph, near, trips).lowest_soc_share()[0] >= 0.2 - 1e-9
    # Without it the same truck drives on to 12 %; one that starts full keeps its minimum.
    assert plan(graph, far, trips).stop_arrival_soc_share[0] == pytest.approx(0.9 - 0.78)
    assert plan(graph, far, trips_along(graph)).stop_arrival_soc_share[0] >= 0.2


SPLIT = DriverRules(split_break_h=(0.25, 0.5))


@pytest.mark.parametrize(
    ("rules", "holds_h", "unplugged_h"),
    [(DriverRules(), [1 / 12 + 0.1], [0.75]), (SPLIT, [0.25], [0.5])],
)
def test_an_energy_stop_drawn_out_to_15_min_is_the_first_part_of_the_break(
    motorway, sites_at, trips_along, plan, rules, holds_h, unplugged_h
):
    graph = motorway(450)  # 5.6 h and 60 kWh more than the battery holds: a site after 50 km alone
    plans = plan(graph, sites_at(graph, [50]), trips_along(graph), rules=rules)
    assert plans.stop_hold_h.tolist() == pytest.approx(holds_h)
    assert plans.stop_kind.tolist() == [StopKind.HPC_INTERMEDIATE]
    assert plans.unplugged_length_h.tolist() == unplugged_h
    assert plans.arrival_h[0] == pytest.approx(6 + 450 / 80 + sum(holds_h) + sum(unplugged_h))


def test_every_stop_takes_the_time_of_leaving_the_road(motorway, sites_at, trips_along, plan):
    graph = motorway(450)
    sites, trips = sites_at(graph, [50]), trips_along(graph)
    free, plans = (plan(graph, sites, trips, stop_cost_min=minutes) for minutes in (0.0, 6.0))
    # The truck parks before it plugs in, and once more for its break.
    assert plans.stop_arrival_h[0] == pytest.approx(free.stop_arrival_h[0] + 0.1)
    assert plans.first_leg_h[0] == pytest.approx(50 / 80 + 0.1)
    assert plans.stop_next_leg_h[0] == pytest.approx(400 / 80 + 0.75 + 0.1)
    assert plans.arrival_h[0] == pytest.approx(free.arrival_h[0] + 0.2)

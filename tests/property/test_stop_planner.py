"""The stop planner against an enumeration of all plans, written without its code."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import networkx as nx
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner.demand.trips import Trips
from planner.network.graph import RoadGraph
from planner.network.sites import Sites
from planner.random_streams import stable_hash
from planner.routing.expected_delays import ExpectedDelays
from planner.routing.stop_planner import ChargingPower, SiteChoice, plan_stops
from planner.routing.stop_plans import StopKind, TripStatus
from planner.scenario.parameter_sets import DriverRules, VehicleClass

TINY = 1e-9
MASK = (1 << 64) - 1
KEY = 0x1234_5678_9ABC_DEF0


@dataclass
class Case:
    """A small planning problem."""

    graph: RoadGraph
    sites: Sites
    trips: Trips
    vehicles: list[VehicleClass]
    rules: DriverRules
    charging: ChargingPower
    choice: SiteChoice
    wait_h: np.ndarray | None
    lpc_wait_h: np.ndarray | None = None
    lpc_full_share: np.ndarray | None = None
    legs: dict = field(default_factory=dict)
    paths: dict = field(default_factory=dict)


def names(prefix, n):
    return np.array([f"{prefix}{i}" for i in range(n)], dtype=object)


def random_graph(rng):
    """A line with both carriageways, sometimes with chords, slow roads and one-way parts."""
    n = int(rng.integers(4, 9))
    arcs = []
    for i in range(n - 1):
        length = rng.uniform(30, 220)
        arcs += [(i, i + 1, length), (i + 1, i, length * rng.uniform(0.98, 1.02))]
    if rng.random() < 0.5:
        for _ in range(int(rng.integers(1, 4))):
            i, j = rng.choice(n, 2, replace=False)
            arcs.append((int(i), int(j), abs(int(i) - int(j)) * rng.uniform(80, 160)))
    if rng.random() < 0.2:
        arcs.append((0, 1, rng.uniform(30, 220)))  # a parallel road
    start, end, length = (np.array(column) for column in zip(*arcs, strict=True))
    slow = rng.random() < 0.4
    speed = rng.choice([50.0, 60.0, 90.0, 120.0], len(arcs)) if slow else np.full(len(arcs), 120.0)
    return RoadGraph(
        node_id=names("n", n),
        node_name=names("n", n),
        lon=np.zeros(n),
        lat=np.zeros(n),
        arc_from_idx=start.astype(np.int32),
        arc_to_idx=end.astype(np.int32),
        arc_length_km=length.astype(float),
        arc_free_speed_kmh=speed,
        arc_road=names("A", len(arcs)),
    )


def random_sites(rng, graph):
    n = int(rng.integers(2, 7))
    reverse = graph.reverse_arc_idx()
    site, arc, offset, direction = [], [], [], []
    for s in range(n):
        a = int(rng.integers(graph.n_arcs))
        share = 0.0 if rng.random() < 0.1 else rng.random()
        is_both = reverse[a] >= 0 and rng.random() < 0.6
        direction.append("both" if is_both else "one")
        for attached, at in ((a, share), (reverse[a], 1 - share))[: 2 if is_both else 1]:
            site.append(s)
            arc.append(attached)
            offset.append(at * graph.arc_length_km[attached])
    return Sites(
        site_id=names("s", n),
        name=names("s", n),
        road=names("A", n),
        lon=np.zeros(n),
        lat=np.zeros(n),
        direction=np.array(direction, dtype=object),
        off_road_km=np.where(rng.random(n) < 0.5, 0.0, rng.uniform(0, 4, n)),
        parking_spaces=np.full(n, -1),
        grid_connection_kw=np.full(n, np.nan),
        attachment_site_idx=np.array(site, dtype=np.int32),
        attachment_arc_idx=np.array(arc, dtype=np.int32),
        attachment_offset_km=np.array(offset),
    )


def random_case(seed, n_trips=5):
    rng = np.random.default_rng(seed)
    graph = random_graph(rng)
    sites = random_sites(rng, graph)
    ends = np.array([rng.choice(graph.n_nodes, 2, replace=False) for _ in range(n_trips)])
    if rng.random() < 0.7:  # long trips, along the line
        ends[: n_trips - 1] = (0, graph.n_nodes - 1)
    vehicles = [
        VehicleClass(
            battery_kwh=rng.uniform(250, 700),
            consumption_loaded_kwh_km=rng.uniform(1.0, 1.4),
            consumption_empty_kwh_km=0.9,
            max_charging_kw=rng.uniform(200, 1200),
            min_soc_share=rng.choice([0.0, 0.1, 0.2]),
            mean_speed_kmh=rng.choice([65.0, 80.0]),
        )
        for _ in range(2)
    ]
    trips = Trips(
        trip_id=np.sort(rng.choice(10**6, n_trips, replace=False)),
        origin_node_idx=ends[:, 0].astype(np.int32),
        destination_node_idx=ends[:, 1].astype(np.int32),
        departure_h=rng.uniform(0, 20, n_trips),
        abroad_before_km=np.where(rng.random(n_trips) < 0.4, rng.uniform(0, 1500, n_trips), 0.0),
        abroad_after_km=np.where(rng.random(n_trips) < 0.4, rng.uniform(0, 300, n_trips), 0.0),
        is_loaded=rng.random(n_trips) < 0.7,
        initial_soc_share=np.where(rng.random(n_trips) < 0.4, 1.0, rng.random(n_trips)),
        vehicle_class_idx=rng.integers(0, 2, n_trips).astype(np.int16),
        electrification_rank=np.zeros(n_trips),
    )
    break_h, rest_h = rng.choice([0.75, 0.5]), rng.choice([11.0, 9.0])
    drive_h, day_h = ((4.5, 9.0), (4.5, 9.0), (4.0, 10.0), (3.0, 8.0), (5.0, 4.0))[rng.integers(5)]
    rules = DriverRules(
        break_h=break_h,
        rest_h=rest_h,
        max_driving_before_break_h=drive_h,
        max_driving_before_rest_h=day_h,
        hpc_release=str(rng.choice(["end_of_break", "when_charged"])),
    )
    wait_h = None
    if rng.random() < 0.5:
        wait_h = rng.uniform(0, 0.7, (sites.n_sites, 200)) * (rng.random((sites.n_sites, 1)) < 0.7)
    return Case(
        graph=graph,
        sites=sites,
        trips=trips,
        vehicles=vehicles,
        rules=rules,
        charging=ChargingPower(rng.uniform(150, 1000), rng.uniform(20, 120), rng.choice([0, 0.1])),
        choice=SiteChoice(taste_scale_h=rng.choice([0.0, 5 / 60, 0.5])),
        wait_h=wait_h,
    )


def with_full_overnight_points(case, seed):
    """The case with overnight points that are taken for some hours, and queues after the rest."""
    rng = np.random.default_rng([seed, 1])
    n_sites, n_bins = case.sites.n_sites, 200
    if case.wait_h is None:
        case.wait_h = np.zeros((n_sites, n_bins))
    case.lpc_full_share = np.zeros((n_sites, n_bins))
    for share in case.lpc_full_share:
        for _ in range(int(rng.integers(0, 4))):
            begin, length = rng.integers(0, n_bins), rng.integers(1, 40)
            share[begin : begin + length] = rng.choice([1.0, rng.random()])
    case.lpc_wait_h = case.lpc_full_share * rng.uniform(0, 1.5, (n_sites, n_bins))
    return case


# --- the enumeration -------------------------------------------------------------------------


def mixed(value):
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def liking_h(case, trip, site):
    bits = mixed(
        mixed(KEY ^ mixed(int(case.trips.trip_id[trip])))
        ^ stable_hash(str(case.sites.site_id[site]))
    )
    return -case.choice.taste_scale_h * math.log(-math.log(((bits >> 11) + 0.5) / 2**53))


def node_path(case, speed, start, end):
    """Time and length of the quickest path between nodes."""
    if speed not in case.paths:
        roads = nx.DiGraph()
        graph = case.graph
        for a in range(graph.n_arcs):
            i, j = int(graph.arc_from_idx[a]), int(graph.arc_to_idx[a])
            time = graph.arc_length_km[a] / min(graph.arc_free_speed_kmh[a], speed)
            if not roads.has_edge(i, j) or time < roads[i][j]["time"]:
                roads.add_edge(i, j, time=time, km=graph.arc_length_km[a])
        case.paths[speed] = roads, dict(nx.all_pairs_dijkstra(roads, weight="time"))
    roads, trees = case.paths[speed]
    if end not in trees[start][0]:
        return math.inf, math.inf
    path = trees[start][1][end]
    return trees[start][0][end], nx.path_weight(roads, path, "km")


def leg(case, speed, start, end):
    """Time and length of the quickest leg; places are ("node", i) or ("site", i)."""
    key = (speed, start, end)
    if key not in case.legs:
        case.legs[key] = min(_connections(case, speed, start, end), default=(math.inf, math.inf))
    return case.legs[key]


def _connections(case, speed, start, end):
    if start == end:
        return
    for exit_arc, exit_at, exit_node, out_h, out_km in _ends(case, speed, start, leaving=True):
        for entry_arc, entry_at, entry_node, in_h, in_km in _ends(case, speed, end, leaving=False):
            hours, length = node_path(case, speed, exit_node, entry_node)
            yield out_h + hours + in_h, out_km + length + in_km
            if exit_arc == entry_arc is not None and entry_at >= exit_at:
                ahead = entry_at - exit_at
                off_road = sum(case.sites.off_road_km[place[1]] for place in (start, end))
                arc_speed = min(case.graph.arc_free_speed_kmh[exit_arc], speed)
                yield ahead / arc_speed + off_road / speed, ahead + off_road


def _ends(case, speed, place, *, leaving):
    kind, index = place
    if kind == "node":
        yield None, 0.0, index, 0.0, 0.0
        return
    sites, graph = case.sites, case.graph
    for k in np.flatnonzero(sites.attachment_site_idx == index):
        arc = int(sites.attachment_arc_idx[k])
        at = sites.attachment_offset_km[k]
        on_arc = graph.arc_length_km[arc] - at if leaving else at
        node = int((graph.arc_to_idx if leaving else graph.arc_from_idx)[arc])
        off_road = sites.off_road_km[index]
        arc_speed = min(graph.arc_free_speed_kmh[arc], speed)
        yield arc, at, node, on_arc / arc_speed + off_road / speed, on_arc + off_road


def drives(hours, since_break, since_rest, rules, extra=0.0):
    """All ways to take unplugged breaks and rests: extra hours and counters at the end."""
    slack = min(
        rules.max_driving_before_break_h - since_break,
        rules.max_driving_before_rest_h - since_rest,
    )
    if hours <= slack + TINY:
        yield extra, since_break + hours, since_rest + hours
        return
    left, since_rest = hours - slack, since_rest + slack
    yield from drives(left, 0.0, 0.0, rules, extra + rules.rest_h)
    if since_rest < rules.max_driving_before_rest_h - TINY:
        yield from drives(left, 0.0, since_rest, rules, extra + rules.break_h)


def wait(case, site, clock):
    if case.wait_h is None:
        return 0.0
    raised = case.wait_h[site].copy()
    for k in range(1, len(raised)):
        raised[k] = max(raised[k], raised[k - 1] - 0.25)
    return float(np.interp(clock, (np.arange(len(raised)) + 0.5) * 0.25, raised))


def longest_charge_h(case):
    """Longest time at high power after an overnight stop, plugging included."""
    times = []
    for vehicle in case.vehicles:
        usable = vehicle.battery_kwh - vehicle.battery_kwh * vehicle.min_soc_share
        overnight = min(case.charging.lpc_kw, vehicle.max_charging_kw) * case.rules.rest_h
        hpc_kw = min(case.charging.hpc_kw, vehicle.max_charging_kw)
        times.append(min(usable, overnight) / hpc_kw + case.charging.plug_overhead_h)
    return max(times)


def overnight_delay(case, site, clock, charge_h):
    """Expected delay of an overnight stop whose energy takes so long at high power."""
    if case.lpc_full_share is None:
        return 0.0
    longest_h = longest_charge_h(case)
    assert charge_h <= longest_h + TINY
    share, raised = case.lpc_full_share[site], case.lpc_wait_h[site].copy()
    for k in range(1, len(raised)):
        # A quarter of an hour later nobody may be through earlier, however much there is to charge.
        for each_h in (0.0, longest_h):
            before_h = raised[k - 1] + share[k - 1] * each_h
            raised[k] = max(raised[k], before_h - 0.25 - share[k] * each_h)
    at = (np.arange(len(raised)) + 0.5) * 0.25
    return float(np.interp(clock, at, raised) + np.interp(clock, at, share) * charge_h)


class Enumeration:
    """All sequences of up to ``depth`` sites, kinds of stop and unplugged breaks of one trip."""

    def __init__(self, case, trip):
        self.case, self.trip = case, trip
        trips = case.trips
        vehicle = case.vehicles[trips.vehicle_class_idx[trip]]
        self.speed = vehicle.mean_speed_kmh
        self.battery = vehicle.battery_kwh
        self.minimum = vehicle.battery_kwh * vehicle.min_soc_share
        self.per_km = (
            vehicle.consumption_loaded_kwh_km
            if trips.is_loaded[trip]
            else vehicle.consumption_empty_kwh_km
        )
        self.hpc = min(case.charging.hpc_kw, vehicle.max_charging_kw)
        self.lpc = min(case.charging.lpc_kw, vehicle.max_charging_kw)
        self.origin = ("node", int(trips.origin_node_idx[trip]))
        self.destination = ("node", int(trips.destination_node_idx[trip]))
        reserve = min(trips.abroad_after_km[trip], case.choice.border_reserve_km)
        self.required = min(self.battery, self.minimum + reserve * self.per_km)
        self.entry = self.enter()

    def enter(self):
        """Drive in from abroad, kilometre by event."""
        rules, trips = self.case.rules, self.case.trips
        clock, left = trips.departure_h[self.trip], trips.abroad_before_km[self.trip]
        energy = trips.initial_soc_share[self.trip] * self.battery
        since_break = since_rest = 0.0
        while left > TINY:
            due = {
                "rest": (rules.max_driving_before_rest_h - since_rest) * self.speed,
                "break": (rules.max_driving_before_break_h - since_break) * self.speed,
                "energy": max(0.0, energy - self.minimum) / self.per_km,
                "border": left,
            }
            km = min(due.values())
            left -= km
            energy -= km * self.per_km
            clock += km / self.speed
            since_break += km / self.speed
            since_rest += km / self.speed
            if left <= TINY:
                break
            since_break = 0.0
            if due["rest"] <= km + TINY:
                since_rest = 0.0
                clock += rules.rest_h
                energy = min(self.battery, energy + self.lpc * rules.rest_h)
            else:
                clock += rules.break_h
                energy = min(self.battery, energy + self.hpc * rules.break_h)
        return clock, energy, since_break, since_rest

    def candidates(self, width_km):
        direct = leg(self.case, self.speed, self.origin, self.destination)[1]
        found = []
        for s in range(self.case.sites.n_sites):
            site = ("site", s)
            km = leg(self.case, self.speed, self.origin, site)[1]
            km += leg(self.case, self.speed, site, self.destination)[1]
            if km - direct <= width_km:
                found.append(s)
        return found

    def penalties(self, width_km):
        likings = {s: liking_h(self.case, self.trip, s) for s in self.candidates(width_km)}
        best = max(likings.values(), default=0.0)
        return {s: best - liking for s, liking in likings.items()}

    def best(self, width_km, depth):
        """Lowest perceived cost, inf where no plan with so many sites exists."""
        self.penalty = self.penalties(width_km)
        self.least = math.inf
        self.depart(self.origin, None, 0.0, *self.entry, depth)
        return self.least

    def depart(self, place, kind, cost, clock, energy, since_break, since_rest, depth):
        for end in [self.destination, *(("site", s) for s in self.penalty)]:
            hours, km = leg(self.case, self.speed, place, end)
            if math.isinf(hours) or cost + hours >= self.least:
                continue
            needed = self.required if end == self.destination else self.minimum
            needed += km * self.per_km
            charging = 0.0
            start = energy
            if kind == StopKind.HPC_INTERMEDIATE:
                if needed <= energy + TINY or needed > self.battery + TINY:
                    continue
                charging = (needed - energy) / self.hpc
                start = needed
            elif start < needed - TINY:
                continue
            for extra, b, r in self.drives_to(end, hours, since_break, since_rest):
                added = charging + hours + extra
                if end == self.destination:
                    self.least = min(self.least, cost + added)
                elif depth > 0:
                    state = (cost + added, clock + added, start - km * self.per_km, b, r)
                    self.stop(end, *state, depth - 1)

    def may_queue(self, place):
        kind, index = place
        if kind != "site" or self.case.wait_h is None:
            return False
        is_full = self.case.lpc_full_share is not None and self.case.lpc_full_share[index].any()
        return self.case.wait_h[index].any() or is_full

    def drives_to(self, end, hours, since_break, since_rest):
        rules = self.case.rules
        for extra, b, r in drives(hours, since_break, since_rest, rules):
            yield extra, b, r
            if self.may_queue(end):
                yield extra + rules.break_h, 0.0, r
                yield extra + rules.rest_h, 0.0, 0.0

    def stop(self, place, cost, clock, energy, since_break, since_rest, depth):
        rules, site = self.case.rules, place[1]
        self.depart(place, None, cost, clock, energy, since_break, since_rest, depth)
        queue = wait(self.case, site, clock)
        liked = cost + self.penalty[site]
        after = min(self.battery, energy + self.hpc * rules.break_h)
        if after > energy + TINY:
            hold = queue + rules.break_h
            kind = StopKind.HPC_BREAK
            self.depart(place, kind, liked + hold, clock + hold, after, 0.0, since_rest, depth)
        after = min(self.battery, energy + self.lpc * rules.rest_h)
        if after > energy + TINY:
            charge_h = (after - energy) / self.hpc + self.case.charging.plug_overhead_h
            hold = rules.rest_h + overnight_delay(self.case, site, clock, charge_h)
            kind = StopKind.LPC_REST
            self.depart(place, kind, liked + hold, clock + hold, after, 0.0, 0.0, depth)
        hold = queue + self.case.charging.plug_overhead_h
        kind = StopKind.HPC_INTERMEDIATE
        state = (liked + hold, clock + hold, energy, since_break, since_rest)
        self.depart(place, kind, *state, depth)


# --- the properties --------------------------------------------------------------------------


def planned(case, **changes):
    return plan_stops(
        case.graph,
        case.sites,
        changes.get("trips", case.trips),
        vehicles=case.vehicles,
        rules=case.rules,
        charging=case.charging,
        choice=case.choice,
        taste_key=np.uint64(KEY),
        expected=expected_delays(case),
    )


def expected_delays(case):
    if case.wait_h is None:
        return None
    nothing = np.zeros_like(case.wait_h)
    return ExpectedDelays(
        case.wait_h,
        nothing if case.lpc_wait_h is None else case.lpc_wait_h,
        nothing if case.lpc_full_share is None else case.lpc_full_share,
    )


def check_trip(case, plans, trip):
    enumeration = Enumeration(case, trip)
    clock, energy, _, _ = enumeration.entry
    assert plans.entry_h[trip] == pytest.approx(clock, abs=1e-9)
    status = TripStatus(plans.status[trip])
    if energy < enumeration.minimum - TINY:
        assert status in (TripStatus.STARTS_BELOW_MINIMUM, TripStatus.NO_ROUTE)
        return
    if math.isinf(leg(case, enumeration.speed, enumeration.origin, enumeration.destination)[0]):
        assert status == TripStatus.NO_ROUTE
        return
    first, last = plans.stop_offset[trip : trip + 2]
    for width_km in case.choice.corridor_detour_km:
        penalty = enumeration.penalties(width_km)
        stops = plans.stop_site_idx[first:last]
        cost = math.inf
        if status == TripStatus.SERVED and set(stops) <= set(penalty):
            cost = plans.arrival_h[trip] - plans.entry_h[trip] + sum(penalty[s] for s in stops)
        for depth in (3, 4, 5):
            least = enumeration.best(width_km, depth)
            assert least >= cost - 1e-9
            # Deeper only for plans that the shallow enumeration cannot hold: the planner's has
            # more stops or passes a site unplugged.
            if least == pytest.approx(cost, abs=1e-9) or (last - first) > depth:
                break
        if (last - first) > depth:
            return
        assert least == pytest.approx(cost, abs=1e-9), (trip, width_km)
        if not math.isinf(least):
            return
    assert status == TripStatus.NO_SITE_IN_RANGE


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
@example(11993)  # a break before the queue costs nothing while the queue gets shorter
@example(1148)  # earlier and cheaper, yet the longer wait ahead costs the lead
def test_no_enumerated_plan_is_better_and_the_planned_cost_is_among_them(seed):
    case = random_case(seed)
    plans = planned(case)
    for trip in range(case.trips.n_trips):
        check_trip(case, plans, trip)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_no_enumerated_plan_is_better_where_overnight_points_may_be_taken(seed):
    case = with_full_overnight_points(random_case(seed), seed)
    plans = planned(case)
    for trip in range(case.trips.n_trips):
        check_trip(case, plans, trip)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_plans_add_up(seed, may_be_full):
    case = random_case(seed, n_trips=20)
    if may_be_full:
        case = with_full_overnight_points(case, seed)
    plans = planned(case)
    trips = case.trips
    for trip in np.flatnonzero(plans.is_served):
        vehicle = case.vehicles[trips.vehicle_class_idx[trip]]
        per_km = Enumeration(case, trip).per_km
        stops = slice(*plans.stop_offset[trip : trip + 2])
        charged = plans.stop_energy_kwh[stops]
        hpc_kw = Enumeration(case, trip).hpc
        waits = [
            overnight_delay(case, site, clock, energy / hpc_kw + case.charging.plug_overhead_h)
            if kind == StopKind.LPC_REST
            else wait(case, site, clock)
            for site, clock, kind, energy in zip(
                plans.stop_site_idx[stops],
                plans.stop_arrival_h[stops],
                plans.stop_kind[stops],
                charged,
                strict=True,
            )
        ]
        unplugged_h = (
            plans.n_unplugged_breaks[trip] * case.rules.break_h
            + plans.n_unplugged_rests[trip] * case.rules.rest_h
        )
        hold_h = plans.stop_hold_h[stops]
        next_leg_h = plans.stop_next_leg_h[stops]
        total_h = plans.first_leg_h[trip] + sum(hold_h) + sum(next_leg_h) + sum(waits)
        assert plans.arrival_h[trip] - plans.entry_h[trip] == pytest.approx(total_h, abs=1e-9)
        assert plans.drive_h[trip] + unplugged_h == pytest.approx(
            plans.first_leg_h[trip] + sum(next_leg_h), abs=1e-9
        )
        balance = plans.entry_soc_share[trip] - plans.final_soc_share[trip]
        balance *= vehicle.battery_kwh
        assert balance + sum(charged) == pytest.approx(plans.distance_km[trip] * per_km, abs=1e-8)
        assert np.all(charged > 0)
        assert np.all(plans.stop_plug_h[stops] > 0)
        assert np.all(plans.stop_plug_h[stops] <= hold_h + 1e-12)
        after = plans.stop_arrival_soc_share[stops] + charged / vehicle.battery_kwh
        assert np.all(after <= 1 + 1e-9)
        assert np.all(plans.stop_arrival_soc_share[stops] >= vehicle.min_soc_share - 1e-9)
        assert plans.final_soc_share[trip] >= vehicle.min_soc_share - 1e-9
        reached_h = plans.entry_h[trip] + plans.first_leg_h[trip]
        for k, wait_h in enumerate(waits):
            assert plans.stop_arrival_h[stops][k] == pytest.approx(reached_h, abs=1e-9)
            reached_h += wait_h + hold_h[k] + next_leg_h[k]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.randoms(use_true_random=False))
def test_a_trip_is_planned_the_same_in_any_company(seed, random):
    case = random_case(seed, n_trips=8)
    order = list(range(8))
    random.shuffle(order)
    some = np.array(order[:5])
    together, apart = planned(case), planned(case, trips=case.trips.select(some))
    np.testing.assert_array_equal(together.arrival_h[some], apart.arrival_h)
    np.testing.assert_array_equal(together.status[some], apart.status)
    for k, trip in enumerate(some):
        stops, same = (
            plans.stop_site_idx[slice(*plans.stop_offset[i : i + 2])]
            for plans, i in ((together, trip), (apart, k))
        )
        np.testing.assert_array_equal(stops, same)

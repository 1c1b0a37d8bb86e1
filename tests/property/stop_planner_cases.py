"""Small planning problems of all kinds: roads, sites, trips, trucks, rules and queues."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from planner.demand.trips import Trips
from planner.network.graph import RoadGraph
from planner.network.sites import Sites
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.scenario.parameter_sets import DriverRules, VehicleClass


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
    stop_cost_h: float = 0.0
    joined_h: np.ndarray | None = None
    """Per site, ascending: when trucks join the queue for its one high-power point."""
    free_h: np.ndarray | None = None
    """When the point becomes free behind each of them."""
    lpc_full_from_h: np.ndarray | None = None
    """Per site: from then on its overnight points are taken."""
    weight: str = "time"
    """What the legs of the enumeration are least in: "time" or "km"."""
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
    case = Case(
        graph=graph,
        sites=sites,
        trips=trips,
        vehicles=vehicles,
        rules=rules,
        charging=ChargingPower(rng.uniform(150, 1000), rng.uniform(20, 120), rng.choice([0, 0.1])),
        choice=SiteChoice(taste_scale_h=rng.choice([0.0, 5 / 60, 0.5])),
    )
    if rng.random() < 0.5:
        case = with_queues(case, rng)
    case.stop_cost_h = float(np.random.default_rng([seed, 3]).choice([0.0, 0.05, 0.2]))
    if np.random.default_rng([seed, 4]).random() < 0.5:
        case.rules = with_split_breaks(case.rules)
    return case


def with_curves(case, seed):
    """The case with trucks that charge along curves of all shapes, at high power not to full."""
    rng = np.random.default_rng([seed, 3])

    def curved(vehicle):
        n = int(rng.integers(1, 5))
        soc = np.sort(rng.choice(101, n, replace=False)) / 100
        kw = rng.choice([60.0, 150.0, 300.0, 600.0, 900.0], n) * rng.uniform(0.9, 1.1, n)
        points = tuple(zip(soc.tolist(), kw.tolist(), strict=True))
        return vehicle.model_copy(update={"charging_curve": points})

    case.vehicles = [
        curved(vehicle) if rng.random() < 0.8 else vehicle for vehicle in case.vehicles
    ]
    share = max(float(rng.choice([1.0, 0.9, 0.6])), *(v.min_soc_share for v in case.vehicles))
    case.charging = replace(case.charging, hpc_to_share=share)
    return case


def with_split_breaks(rules):
    """The rules with breaks in two parts, a third and two thirds of them."""
    return DriverRules(
        **rules.model_dump() | {"split_break_h": (rules.break_h / 3, rules.break_h * 2 / 3)}
    )


def with_calendar(case, seed):
    """The case with a ban that many trips meet, and a week of unlike days."""
    rng = np.random.default_rng([seed, 5])
    rules = case.rules.model_dump()
    kind = rng.integers(3)
    if kind != 0:
        from_h, until_h = ((0.0, 22.0), (9.0, 22.0), (12.0, 19.0), (20.0, 21.5))[rng.integers(4)]
        days = ("mon", "tue") if rng.random() < 0.5 else ("mon", "wed", "thu")
        rules["driving_ban"] = {"days": days, "from_h": from_h, "until_h": until_h}
    if kind != 1:
        day_h, rest_h = rules["max_driving_before_rest_h"], rules["rest_h"]
        rules["week"] = {
            "begins": str(rng.choice(["monday", "trip"])),
            "long_day_h": day_h + 1.0,
            "long_days": int(rng.integers(3)),
            "reduced_rest_h": rest_h - 2.0,
            "reduced_rests": int(rng.integers(3)),
            "days": int(rng.integers(1, 4)),
            "driving_h": 2.5 * day_h,
            "two_weeks_driving_h": 4.0 * day_h,
            "weekly_rest_h": rest_h + 5.0,
        }
    case.rules = DriverRules(**rules)
    return case


def with_queues(case, rng):
    """The case with queues that grow and shrink at seven in ten sites."""
    size = (case.sites.n_sites, 100)
    case.joined_h = np.sort(rng.uniform(0.0, 50.0, size), axis=1)
    waits_h = rng.uniform(0.0, 1.5, size) * (rng.random((size[0], 1)) < 0.7)
    case.free_h = np.maximum.accumulate(case.joined_h + waits_h, axis=1)
    return case


def with_full_overnight_points(case, seed):
    """The case with overnight points that are taken from some hour on, and queues after the rest.

    Had they become free again, a truck might come later on purpose, which the planner leaves out.
    """
    rng = np.random.default_rng([seed, 1])
    if case.joined_h is None:
        with_queues(case, rng)
    case.lpc_full_from_h = rng.uniform(-10.0, 60.0, case.sites.n_sites)
    return case

"""Speed of the stop planner at national size, on a network of its own making.

Run ``python benchmarks/stop_planner.py [--trips N] [--sites N] [--nodes N] [--rules NAME ...]``.
Trips a second of processor time, for each rule set, with and without queues that trucks know;
compilation excluded.
"""

from __future__ import annotations

import argparse

import numpy as np
from measured import N_TURNS, Comparison, keep, processor_s
from scipy.spatial import Delaunay

from planner.demand.trips import Trips
from planner.network.graph import RoadGraph
from planner.network.sites import Sites
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.known_queues import KnownQueues
from planner.routing.stop_planner import plan_stops
from planner.scenario.parameter_library import bundled_library
from planner.scenario.parameter_sets import VehicleClass

SIDE_KM = 750.0
N_PLACES = 160


def national_graph(rng: np.random.Generator, n_nodes: int) -> RoadGraph:
    """Triangulated points in a square, both directions, the longest roads left out."""
    points = rng.uniform(0.0, SIDE_KM, (n_nodes, 2))
    corners = Delaunay(points).simplices
    edges = np.unique(np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]]]), axis=1), axis=0)
    length_km = 1.15 * np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
    edges, length_km = (
        values[length_km < np.quantile(length_km, 0.97)] for values in (edges, length_km)
    )
    n_arcs = 2 * len(edges)
    names = np.array([str(i) for i in range(n_nodes)], dtype=object)
    return RoadGraph(
        node_id=names,
        node_name=names,
        lon=points[:, 0],
        lat=points[:, 1],
        arc_from_idx=np.concatenate([edges[:, 0], edges[:, 1]]).astype(np.int32),
        arc_to_idx=np.concatenate([edges[:, 1], edges[:, 0]]).astype(np.int32),
        arc_length_km=np.tile(length_km, 2),
        arc_free_speed_kmh=np.full(n_arcs, 100.0),
        arc_road=np.full(n_arcs, "", dtype=object),
    )


def two_way_sites(rng: np.random.Generator, graph: RoadGraph, n_sites: int) -> Sites:
    """Sites at random places of the network, more on longer roads."""
    n_edges = graph.n_arcs // 2
    length_km = graph.arc_length_km[:n_edges]
    edge = rng.choice(n_edges, n_sites, p=length_km / length_km.sum())
    offset_km = rng.uniform(0.0, 1.0, n_sites) * length_km[edge]
    names = np.array([str(i) for i in range(n_sites)], dtype=object)
    return Sites(
        site_id=names,
        name=names,
        road=names,
        lon=graph.lon[graph.arc_from_idx[edge]],
        lat=graph.lat[graph.arc_from_idx[edge]],
        direction=np.full(n_sites, "both", dtype=object),
        off_road_km=np.full(n_sites, 0.3),
        parking_spaces=np.full(n_sites, -1),
        grid_connection_kw=np.full(n_sites, np.nan),
        attachment_site_idx=np.repeat(np.arange(n_sites), 2).astype(np.int32),
        attachment_arc_idx=np.column_stack([edge, edge + n_edges]).ravel().astype(np.int32),
        attachment_offset_km=np.column_stack([offset_km, length_km[edge] - offset_km]).ravel(),
    )


def long_trips(rng: np.random.Generator, graph: RoadGraph, n_trips: int) -> Trips:
    """Trips of at least 300 km between some of the nodes."""
    places = rng.choice(graph.n_nodes, N_PLACES, replace=False)
    ends = places[rng.integers(0, N_PLACES, (6 * n_trips, 2))]
    position = np.column_stack([graph.lon, graph.lat])
    apart_km = np.linalg.norm(position[ends[:, 0]] - position[ends[:, 1]], axis=1)
    ends = ends[(apart_km > 260.0) & (apart_km < 750.0)][:n_trips]
    is_from_abroad = rng.random(n_trips) < 0.2
    return Trips(
        trip_id=np.arange(n_trips),
        origin_node_idx=ends[:, 0].astype(np.int32),
        destination_node_idx=ends[:, 1].astype(np.int32),
        departure_h=rng.uniform(0.0, 96.0, n_trips),
        abroad_before_km=np.where(is_from_abroad, rng.uniform(50.0, 900.0, n_trips), 0.0),
        abroad_after_km=np.where(rng.random(n_trips) < 0.2, 200.0, 0.0),
        is_loaded=rng.random(n_trips) < 0.76,
        initial_soc_share=np.where(rng.random(n_trips) < 0.5, 1.0, rng.uniform(0.2, 1.0, n_trips)),
        vehicle_class_idx=np.zeros(n_trips, dtype=np.int16),
        electrification_rank=np.zeros(n_trips),
    )


def random_queues(rng: np.random.Generator, n_sites: int, n_trips: int) -> KnownQueues:
    """One point at each station, and a truck of somebody else's at it twice an hour."""
    n_stations, n_sessions = 2 * n_sites, 2 * 24 * 5
    joined_h = np.sort(rng.uniform(0.0, 24.0 * 5, (n_stations, n_sessions)), axis=1)
    free_h = np.maximum.accumulate(joined_h + rng.uniform(0.0, 0.5, joined_h.shape), axis=1)
    return KnownQueues(
        station_offset=np.arange(0, joined_h.size + 1, n_sessions),
        n_points=np.ones(n_stations, np.int32),
        joined_h=joined_h.ravel(),
        plug_in_h=joined_h.ravel(),
        plug_h=(free_h - joined_h).ravel(),
        free_h=free_h.ravel(),
        longest_h=np.full(n_stations, 24.0 * 5),
        own_offset=np.zeros(n_trips + 1, np.int64),
        own_session=np.empty(0, np.int64),
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--trips", type=int, default=70_000)
    options.add_argument("--sites", type=int, default=350)
    options.add_argument("--nodes", type=int, default=700)
    options.add_argument("--repeats", type=int, default=N_TURNS)
    options.add_argument("--rules", nargs="+", default=["eu-561-flat", "eu-561"])
    chosen = options.parse_args()
    rng = np.random.default_rng(1)
    graph = national_graph(rng, chosen.nodes)
    sites = two_way_sites(rng, graph, chosen.sites)
    trips = long_trips(rng, graph, chosen.trips)
    truck = VehicleClass(
        battery_kwh=600.0,
        consumption_loaded_kwh_km=1.2,
        consumption_empty_kwh_km=1.0,
        max_charging_kw=1000.0,
        mean_speed_kmh=65.0,
    )
    queues = random_queues(rng, sites.n_sites, chosen.trips)

    library = bundled_library()

    def plan(count: int, rules: str, known: KnownQueues | None) -> tuple[float, float]:
        drivers = Drivers(
            vehicles=[truck],
            rules=library.driver_rules(rules),
            charging=ChargingPower(hpc_kw=720.0, lpc_kw=100.0),
            choice=SiteChoice(),
            taste_key=np.uint64(1),
        )
        begun = processor_s()
        plans = plan_stops(
            graph,
            sites,
            trips.select(np.arange(count)),
            drivers,
            known=None if known is None else known.of_trips(np.arange(count)),
        )
        return count / (processor_s() - begun), float(plans.is_served.mean())

    plan(10, chosen.rules[0], None)  # compiles the kernels
    comparisons = []
    for rules in chosen.rules:
        for name, known in (("no queues known", None), ("queues known", queues)):
            turns = [plan(chosen.trips, rules, known) for _ in range(chosen.repeats)]
            comparisons.append(
                Comparison(
                    f"plan stops by {rules}, {name}",
                    f"{chosen.trips:,} trips, {chosen.sites} sites, {turns[0][1]:.1%} served",
                    [trips_a_second for trips_a_second, _ in turns],
                    unit="trips a second and core",
                    better="more",
                )
            )
    keep("stop_planner", comparisons)


if __name__ == "__main__":
    main()

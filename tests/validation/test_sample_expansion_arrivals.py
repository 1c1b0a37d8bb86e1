"""Trucks of an expanded sample reach the sites as irregularly as those of a real fleet, not more.

A grid of 8 x 8 towns with sites along its roads. The true fleet is drawn from known flows; a tenth
of it is the sample. Planned with the stop planner, hourly arrivals at sites are compared three
ways: an independent fleet of full size, the sample expanded by the planner, and the sample with
every trip repeated within its hour, as plans files are blown up elsewhere. Measure: variance over
mean of the hourly arrivals, around each site's and hour's mean over independent fleets.
"""

import numpy as np
import pytest

from planner.demand.calibration import german_calibration
from planner.demand.expansion import FleetTraits, departure_hours
from planner.demand.initial_soc import SocHistogram
from planner.demand.sample_expansion import PlacedRecords, SampleSettings, electric_trips
from planner.demand.surroundings import Surroundings, TripEnds
from planner.demand.trip_records import TripRecords
from planner.network.graph import RoadGraph
from planner.network.sites import Sites
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.stop_planner import plan_stops
from planner.runs.random_streams import RandomStreams
from planner.scenario.demand_sources import Border
from planner.scenario.parameter_sets import DriverRules, VehicleClass

SIDE = 8
SPACING_KM = 75.0
N_FULL = 8_000
SAMPLE_SHARE = 0.1
DAYS = ("mon", "tue", "wed", "thu")
N_HOURS = 120
TRAITS = FleetTraits(1.0, np.array([1.0]), 0.5, SocHistogram.uniform(0.2))


@pytest.fixture(scope="module")
def graph():
    column, row = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    node = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    start = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()]).astype(np.int32)
    end = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()]).astype(np.int32)
    name = np.array([str(n) for n in range(SIDE * SIDE)], dtype=object)
    n_arcs = 2 * len(start)
    return RoadGraph(
        node_id=name,
        node_name=name,
        lon=6.0 + column.ravel().astype(float),
        lat=47.0 + 0.65 * row.ravel(),
        arc_from_idx=np.concatenate([start, end]),
        arc_to_idx=np.concatenate([end, start]),
        arc_length_km=np.full(n_arcs, SPACING_KM),
        arc_free_speed_kmh=np.full(n_arcs, 100.0),
        arc_road=np.full(n_arcs, "", dtype=object),
    )


@pytest.fixture(scope="module")
def sites(graph):
    """A site in the middle of every road, for both directions."""
    n_sites = graph.n_arcs // 2
    name = np.array([str(n) for n in range(n_sites)], dtype=object)
    nowhere = np.zeros(n_sites)
    arcs = np.column_stack([np.arange(n_sites), np.arange(n_sites) + n_sites])
    return Sites(
        site_id=name,
        name=name,
        road=name,
        lon=nowhere,
        lat=nowhere,
        direction=np.full(n_sites, "both", dtype=object),
        off_road_km=nowhere,
        parking_spaces=np.full(n_sites, -1),
        grid_connection_kw=np.full(n_sites, np.nan),
        attachment_site_idx=np.repeat(np.arange(n_sites), 2).astype(np.int32),
        attachment_arc_idx=arcs.ravel().astype(np.int32),
        attachment_offset_km=np.full(2 * n_sites, SPACING_KM / 2),
    )


def drawn_records(n_trips, seed, graph):
    """Trips of a true fleet: gravity between towns of unequal size, over 300 km apart."""
    rng = np.random.default_rng(seed)
    size = np.random.default_rng(0).lognormal(0.0, 0.7, graph.n_nodes)
    away = np.abs(np.subtract.outer(graph.lon, graph.lon)) + np.abs(
        np.subtract.outer(graph.lat, graph.lat) / 0.65
    )
    pull = np.outer(size, size) * ((away >= 5.0) & (away <= 9.0))
    pair = rng.choice(pull.size, n_trips, p=pull.ravel() / pull.sum())
    origin, destination = np.divmod(pair, graph.n_nodes)
    hours = german_calibration().hour_shares("tue")
    departure_h = departure_hours(hours, n_trips, rng) + 24.0 * rng.integers(0, 4, n_trips)
    spread_deg = 0.2
    return TripRecords(
        record_idx=np.arange(n_trips),
        origin_lon=graph.lon[origin] + rng.normal(0.0, spread_deg, n_trips),
        origin_lat=graph.lat[origin] + rng.normal(0.0, 0.65 * spread_deg, n_trips),
        destination_lon=graph.lon[destination] + rng.normal(0.0, spread_deg, n_trips),
        destination_lat=graph.lat[destination] + rng.normal(0.0, 0.65 * spread_deg, n_trips),
        origin_node_idx=np.full(n_trips, -1, dtype=np.int32),
        destination_node_idx=np.full(n_trips, -1, dtype=np.int32),
        departure_h=departure_h,
        is_loaded=np.ones(n_trips, dtype=np.int8),
        initial_soc_share=np.full(n_trips, np.nan),
        vehicle_class_idx=np.zeros(n_trips, dtype=np.int16),
    )


@pytest.fixture(scope="module")
def arrivals(graph, sites):
    """Hourly arrivals at sites, (n_sites, N_HOURS), of the trips that records stand for."""
    surroundings = Surroundings(graph, Border())
    truck = VehicleClass(
        battery_kwh=600.0,
        consumption_loaded_kwh_km=1.2,
        consumption_empty_kwh_km=1.0,
        max_charging_kw=1000.0,
    )

    def fleet(records, sample_share, seed):
        origins = TripEnds(records.origin_lon, records.origin_lat, records.origin_node_idx)
        destinations = TripEnds(
            records.destination_lon, records.destination_lat, records.destination_node_idx
        )
        inland = np.zeros(records.n_records, dtype=np.bool_)
        passages = surroundings.passages(origins, destinations, inland, inland)
        placed = PlacedRecords(records, passages, inland, inland, 2500.0)
        settings = SampleSettings(sample_share, 1.0, 15.0, DAYS)
        return electric_trips(placed, surroundings, settings, TRAITS, RandomStreams(seed))

    def count(trips):
        power = ChargingPower(hpc_kw=720.0, lpc_kw=100.0)
        drivers = Drivers([truck], DriverRules(), power, SiteChoice(), np.uint64(3))
        plans = plan_stops(graph, sites, trips, drivers)
        counts = np.zeros((sites.n_sites, N_HOURS))
        hour = plans.stop_arrival_h.astype(int)
        within = hour < N_HOURS
        np.add.at(counts, (plans.stop_site_idx[within], hour[within]), 1.0)
        return counts

    return fleet, count


@pytest.fixture(scope="module")
def expected(arrivals, graph):
    """Mean arrivals of independent fleets, by site and hour."""
    fleet, count = arrivals
    fleets = [fleet(drawn_records(N_FULL, 100 + n, graph), 1.0, 100 + n) for n in range(6)]
    return np.mean([count(trips) for trips in fleets], axis=0)


def variance_to_mean(counts, expected):
    """Index of dispersion; the mean of six fleets adds a sixth of a fleet's own variance."""
    busy = expected > 0.5
    return (((counts - expected) ** 2)[busy] / expected[busy]).mean() / (1.0 + 1.0 / 6.0)


def test_an_expanded_sample_arrives_as_irregularly_as_a_full_fleet(arrivals, expected, graph):
    fleet, count = arrivals
    independent = fleet(drawn_records(N_FULL, 1, graph), 1.0, 1)
    sample = drawn_records(int(N_FULL * SAMPLE_SHARE), 2, graph)
    expanded = fleet(sample, SAMPLE_SHARE, 2)
    copies = round(1.0 / SAMPLE_SHARE)
    one_by_one = fleet(sample, 1.0, 2)
    repeated = one_by_one.select(np.repeat(np.arange(one_by_one.n_trips), copies))
    assert expanded.n_trips == independent.n_trips == repeated.n_trips == N_FULL
    full, ours, bunched = (
        variance_to_mean(count(trips), expected) for trips in (independent, expanded, repeated)
    )
    assert full == pytest.approx(1.0, abs=0.1)
    assert ours == pytest.approx(full, abs=0.15)
    assert bunched > 7.0

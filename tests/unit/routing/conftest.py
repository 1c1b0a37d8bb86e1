"""A straight motorway with both carriageways, sites on it, and trucks that drive along it."""

from __future__ import annotations

import numpy as np
import pytest

from planner.demand.trips import Trips
from planner.network.graph import RoadGraph
from planner.network.sites import Sites
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.known_queues import KnownQueues
from planner.routing.stop_planner import plan_stops
from planner.scenario.driver_behaviour import DriverBehaviour
from planner.scenario.parameter_sets import DriverRules, VehicleClass

NODE_SPACING_KM = 50.0


def names(prefix, n):
    return np.array([f"{prefix}{i}" for i in range(n)], dtype=object)


@pytest.fixture
def motorway():
    """Build a motorway of a given length, a node every 50 km, arc i from node i to i + 1."""

    def build(length_km):
        n = int(length_km / NODE_SPACING_KM) + 1
        up = np.arange(n - 1)
        start = np.concatenate([up, up + 1]).astype(np.int32)
        end = np.concatenate([up + 1, up]).astype(np.int32)
        return RoadGraph(
            node_id=names("n", n),
            node_name=names("n", n),
            lon=np.arange(n, dtype=float),
            lat=np.zeros(n),
            arc_from_idx=start,
            arc_to_idx=end,
            arc_length_km=np.full(2 * (n - 1), NODE_SPACING_KM),
            arc_free_speed_kmh=np.full(2 * (n - 1), 120.0),
            arc_road=names("A", 2 * (n - 1)),
        )

    return build


@pytest.fixture
def sites_at():
    """Place sites at kilometres; directions "both", "up" or "down"."""

    def build(graph, kilometres, directions=None, off_road_km=0.0):
        directions = directions or ["both"] * len(kilometres)
        n_up = graph.n_arcs // 2
        attachments = []
        for site, (km, direction) in enumerate(zip(kilometres, directions, strict=True)):
            arc, offset = int(km // NODE_SPACING_KM), km % NODE_SPACING_KM
            if direction != "down":
                attachments.append((site, arc, offset))
            if direction != "up":
                attachments.append((site, arc + n_up, NODE_SPACING_KM - offset))
        columns = [np.array(c) for c in zip(*attachments, strict=True)] or [np.empty(0)] * 3
        n = len(kilometres)
        return Sites(
            site_id=names("s", n),
            name=names("s", n),
            road=names("A", n),
            lon=np.zeros(n),
            lat=np.zeros(n),
            direction=np.array(["both" if d == "both" else "one" for d in directions], object),
            off_road_km=np.broadcast_to(np.asarray(off_road_km, float), n).copy(),
            parking_spaces=np.full(n, -1),
            grid_connection_kw=np.full(n, np.nan),
            attachment_site_idx=columns[0].astype(np.int32),
            attachment_arc_idx=columns[1].astype(np.int32),
            attachment_offset_km=columns[2].astype(float),
        )

    return build


@pytest.fixture
def trips_along():
    """Loaded trips from the first to the last node, departing at 6 h; any field can be set."""

    def build(graph, n=1, **fields):
        columns = {
            "trip_id": np.arange(n),
            "origin_node_idx": np.zeros(n, np.int32),
            "destination_node_idx": np.full(n, graph.n_nodes - 1, np.int32),
            "departure_h": np.full(n, 6.0),
            "abroad_before_km": np.zeros(n),
            "abroad_after_km": np.zeros(n),
            "is_loaded": np.ones(n, np.bool_),
            "initial_soc_share": np.ones(n),
            "vehicle_class_idx": np.zeros(n, np.int16),
            "electrification_rank": np.zeros(n),
        }
        for name, value in fields.items():
            columns[name] = np.broadcast_to(np.asarray(value, columns[name].dtype), n).copy()
        return Trips(**columns)

    return build


@pytest.fixture
def truck():
    """600 kWh, 1.2 kWh/km, 80 km/h, never below 20 %: 400 km from full to the minimum."""
    return VehicleClass(
        battery_kwh=600.0,
        consumption_loaded_kwh_km=1.2,
        consumption_empty_kwh_km=1.0,
        max_charging_kw=1000.0,
    )


@pytest.fixture
def plan(truck):
    """Plan with 600 kW and 100 kW, without taste; everything can be set."""

    def run(graph, sites, trips, **changes):
        return plan_stops(
            graph,
            sites,
            trips,
            Drivers(
                vehicles=changes.get("vehicles", [truck]),
                rules=changes.get("rules", DriverRules()),
                charging=changes.get("charging", ChargingPower(hpc_kw=600.0, lpc_kw=100.0)),
                choice=changes.get("choice", SiteChoice(taste_scale_h=0.0)),
                taste_key=changes.get("taste_key", np.uint64(7)),
                behaviour=DriverBehaviour(stop_cost_min=changes.get("stop_cost_min", 0.0)),
                spread=changes.get("spread"),
            ),
            known=changes.get("known"),
            progress=changes.get("progress"),
        )

    return run


@pytest.fixture
def queues():
    """One point at every station: ``taken`` are times of joining and hours on the point of each.

    Stations are the sites' high-power points, then their overnight points; ``own`` are the
    sessions of the one trip.
    """

    def build(n_sites, taken, own=()):
        sessions = [taken.get(station, []) for station in range(2 * n_sites)]
        joined_h = np.array([at for each in sessions for at, _ in each], np.float64)
        plug_h = np.array([hours for each in sessions for _, hours in each], np.float64)
        return KnownQueues(
            station_offset=np.cumsum([0, *(len(each) for each in sessions)]),
            n_points=np.ones(2 * n_sites, np.int32),
            joined_h=joined_h,
            plug_in_h=joined_h,
            plug_h=plug_h,
            free_h=joined_h + plug_h,
            longest_h=np.array([max([0.0, *(h for _, h in each)]) for each in sessions]),
            own_offset=np.array([0, len(own)]),
            own_session=np.array(own, np.int64),
        )

    return build

"""From a stored run to its trucks on the links of a MATSim network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.demand.trips import Trips
from planner.errors import InvariantError, RunDirectoryError
from planner.reporting.matsim.courses import ChargingStops, LegBreaks, PlannedFleet
from planner.reporting.matsim.legs import TripEnds, road_legs
from planner.routing.border_entry import entry_states
from planner.routing.charging_curves import hpc_session_h
from planner.routing.drivers import drivers_of, trip_power_kw
from planner.routing.stop_plans import StopKind, TripStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.reporting.matsim.network import MatsimNetwork

_TOLERANCE_KM = 0.001
_MAX_OTHER_WAY_SHARE = 0.05
"""Passing a site without plugging in is rare; more than this, and the roads are others."""


def planned_fleet(run: SolutionOnRoads, network: MatsimNetwork) -> PlannedFleet:
    """Bring the served trips of a run onto links.

    Parameters
    ----------
    network : MatsimNetwork
        Its roads and sites as links.

    Raises
    ------
    RunDirectoryError
        If trips and stops do not fit together or to the network, or there is no served trip.
    InvariantError
        If a truck stops where the solution has no point, or a leg is not as long as planned.
    """
    table = run.trips[run.trips["status"] == TripStatus.SERVED.name.lower()]
    if table.empty:
        msg = "the run has no trip that can be driven, so there is nothing to simulate"
        raise RunDirectoryError(msg)
    trips = _trips(table, run)
    n_stops = table["n_stops"].to_numpy()
    stop_trip = np.repeat(np.arange(trips.n_trips), n_stops)
    if not np.array_equal(trips.trip_id[stop_trip], run.stops["trip_id"].to_numpy()):
        msg = "the stops of the run are not those of its served trips; run the scenario again"
        raise RunDirectoryError(msg)
    site = _indices(run.stops["site_id"], run.sites.site_id, "site")
    drivers = drivers_of(run.scenario)
    roads = list(drivers.networks(run.graph, trips))
    network_idx = np.empty(trips.n_trips, dtype=np.int64)
    for number, (_, chosen) in enumerate(roads):
        network_idx[chosen] = number
    ends = TripEnds(
        origin_idx=trips.origin_node_idx.astype(np.int64),
        destination_idx=trips.destination_node_idx.astype(np.int64),
        network_idx=network_idx,
        stop_offset=np.append(0, np.cumsum(n_stops)),
        stop_site_idx=site,
    )
    legs = road_legs(run.graph, run.sites, network, ends, [each for each, _ in roads])
    led_km = np.add.reduceat(legs.length_km[legs.of_trip_leg], ends.leg_offset[:-1])
    is_other_way = ~np.isclose(led_km, table["distance_km"], rtol=0.0, atol=_TOLERANCE_KM)
    if is_other_way.mean() > _MAX_OTHER_WAY_SHARE:
        msg = (
            f"{is_other_way.mean():.0%} of the planned ways are not as long on the network as it "
            "is now; run the scenario again"
        )
        raise RunDirectoryError(msg)
    state, _ = entry_states(trips, table["entry_h"].to_numpy(), drivers)
    return PlannedFleet(
        scenario=run.scenario,
        network=network,
        trips=trips,
        entry_h=table["entry_h"].to_numpy(),
        entry_kwh=state[:, 0],
        origin_link=_links_into_nodes(run, network)[trips.origin_node_idx],
        leg_offset=ends.leg_offset,
        legs=legs,
        breaks=_leg_breaks(run.breaks, trips.trip_id, ends.leg_offset, _stop_cost_h(run)),
        is_other_way=is_other_way,
        stops=_charging_stops(run, network, trips.select(stop_trip), site),
    )


def _trips(table: pd.DataFrame, run: SolutionOnRoads) -> Trips:
    """Trips of the table; which level each belongs to is not known any more."""
    nodes, classes = run.graph.node_id, list(run.scenario.vehicles.classes)
    origin = _indices(table["origin_node_id"], nodes, "node")
    destination = _indices(table["destination_node_id"], nodes, "node")
    vehicle_class = _indices(table["vehicle_class"], classes, "vehicle class")
    return Trips(
        trip_id=table["trip_id"].to_numpy(),
        origin_node_idx=origin.astype(np.int32),
        destination_node_idx=destination.astype(np.int32),
        departure_h=table["departure_h"].to_numpy(),
        abroad_before_km=table["abroad_before_km"].to_numpy(),
        abroad_after_km=table["abroad_after_km"].to_numpy(),
        is_loaded=table["is_loaded"].to_numpy(),
        initial_soc_share=table["initial_soc_share"].to_numpy(),
        vehicle_class_idx=vehicle_class.astype(np.int16),
        electrification_rank=np.zeros(len(table)),
    )


def _indices(names: pd.Series[str], known: Iterable[str], what: str) -> NDArray[np.int64]:
    """Index of each name among the known ones."""
    number = {name: idx for idx, name in enumerate(known)}
    idx = names.map(number)
    if idx.isna().any():
        lost = names[idx.isna()].iloc[0]
        msg = f"the {what} {lost!r} of the run is not in its scenario; run the scenario again"
        raise RunDirectoryError(msg)
    return idx.to_numpy(dtype=np.int64).astype(np.int64)


def _charging_stops(
    run: SolutionOnRoads, network: MatsimNetwork, trips: Trips, site: NDArray[np.int64]
) -> ChargingStops:
    """Stops at points that the solution has, by the rules of the simulation.

    Where a site has no overnight point, a truck that plans to rest at one rests unplugged, then
    charges at high power.
    """
    kind = _indices(run.stops["kind"], [kind.name.lower() for kind in StopKind], "kind of stop")
    is_lpc = kind == StopKind.LPC_REST
    is_rejected = is_lpc & (run.n_lpc[site] == 0)
    at_lpc = is_lpc & ~is_rejected
    has_point = at_lpc | (run.n_hpc[site] > 0)
    if not has_point.all():
        lost = run.sites.site_id[site[np.argmin(has_point)]]
        msg = f"trucks stop at the site {lost!r}, which has no point for them in {run.solution!r}"
        raise InvariantError(msg)
    drivers = drivers_of(run.scenario)
    class_idx, charging = trips.vehicle_class_idx, drivers.charging
    battery_kwh = np.array([vehicle.battery_kwh for vehicle in drivers.vehicles])[class_idx]
    afterwards_h = hpc_session_h(
        run.stops["energy_kwh"].to_numpy(),
        trip_power_kw(drivers.vehicles, class_idx, charging.hpc_kw),
        charging.plug_overhead_h,
        drivers.trip_curves(class_idx),
        np.arange(trips.n_trips),
        run.stops["arrival_soc_share"].to_numpy() * battery_kwh,
    )
    hold_h = run.stops["hold_h"].to_numpy()
    return ChargingStops(
        link=np.where(at_lpc, network.lpc_link[site], network.hpc_link[site]),
        rest_h=_stop_cost_h(run) + np.where(is_rejected, hold_h, 0.0),
        plugged_h=np.where(is_rejected, afterwards_h, hold_h),
    )


def _stop_cost_h(run: SolutionOnRoads) -> float:
    """Time that each stop takes beside its break, rest or charging, hours."""
    return run.scenario.driver_behaviour.stop_cost_min / 60.0


def _leg_breaks(
    breaks: pd.DataFrame,
    trip_id: NDArray[np.int64],
    leg_offset: NDArray[np.int64],
    stop_cost_h: float,
) -> LegBreaks:
    """Breaks and rests by the legs of served trips."""
    trip = _indices(breaks["trip_id"], trip_id.tolist(), "trip")
    leg = leg_offset[trip] + breaks["leg"].to_numpy()
    if (leg >= leg_offset[trip + 1]).any() or (np.diff(leg) < 0).any():
        msg = "the breaks of the run are not those of its served trips; run the scenario again"
        raise RunDirectoryError(msg)
    return LegBreaks(
        offset=np.searchsorted(leg, np.arange(leg_offset[-1] + 1)),
        after_drive_h=breaks["after_drive_h"].to_numpy(),
        hold_h=stop_cost_h + breaks["length_h"].to_numpy(),
    )


def _links_into_nodes(run: SolutionOnRoads, network: MatsimNetwork) -> NDArray[np.int64]:
    """Last link of an arc into each node of the road graph: a truck starts at the end of one."""
    last_link = network.first_part[1:] - 1
    into = np.full(run.graph.n_nodes, -1, dtype=np.int64)
    into[run.graph.arc_to_idx[::-1]] = last_link[::-1]
    return into

"""Trips and plans as rows of the planner's kernels, and back into the contract between rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.routing.plan_writing_kernel import (
    ARRIVAL_H,
    CHARGED_KWH,
    DIRECT_KM,
    DISTANCE_KM,
    DRIVE_H,
    ENTRY_H,
    ENTRY_KWH,
    FINAL_KWH,
    FIRST_LEG_H,
    FIRST_TRY,
    HOLD_H,
    IS_EXACT,
    KIND,
    LOOKED_KM,
    NEXT_LEG_H,
    PLUG_H,
    SITE,
    STOP_ARRIVAL_H,
    STOP_ARRIVAL_KWH,
    UNPLUGGED_AFTER_DRIVE_H,
    UNPLUGGED_BREAKS,
    UNPLUGGED_IS_REST,
    UNPLUGGED_LEG,
    UNPLUGGED_LENGTH_H,
    UNPLUGGED_RESTS,
    PlanRows,
)
from planner.routing.stop_planner_kernel import SERVED, TripRows
from planner.routing.stop_plans import StopPlans, offsets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.routing.drivers import Drivers
    from planner.routing.site_legs import SiteLegs


def trip_rows(
    trips: Trips, truck: NDArray[np.float64], legs: SiteLegs, drivers: Drivers
) -> tuple[TripRows, NDArray[np.int64]]:
    """Trips grouped by OD pair, and the order that groups them."""
    origin = np.searchsorted(legs.origin_node_idx, trips.origin_node_idx)
    destination = np.searchsorted(legs.destination_node_idx, trips.destination_node_idx)
    # By OD pair, as trips of a pair share the corridor that is searched; stable, so that the order
    # within a pair is that of the trips.
    pair = origin * len(legs.destination_node_idx) + destination
    order = np.argsort(pair, kind="stable")
    pairs, first_trip = np.unique(pair[order], return_index=True)
    battery_kwh, min_kwh, kwh_per_km = truck[:, 0], truck[:, 1], truck[:, 2]
    reserve_km = np.minimum(trips.abroad_after_km, drivers.choice.border_reserve_km)
    required_kwh = np.minimum(battery_kwh, min_kwh + reserve_km * kwh_per_km)
    rows = TripRows(
        pairs // len(legs.destination_node_idx),
        pairs % len(legs.destination_node_idx),
        np.append(first_trip, len(order)).astype(np.int64),
        trips.trip_id[order],
        trips.departure_h[order],
        (trips.initial_soc_share * battery_kwh)[order],
        trips.abroad_before_km[order],
        required_kwh[order],
        np.minimum(min_kwh, drivers.floor_soc_share * battery_kwh)[order],
        truck[order],
    )
    return rows, order


def some_rows(rows: TripRows, chosen: NDArray[np.int64]) -> TripRows:
    """Rows of some trips, ascending, with the OD pairs that these have."""
    pairs, first_trip = np.unique(pair_of_trip(rows)[chosen], return_index=True)
    of_trips = {
        name: getattr(rows, name)[chosen]
        for name in TripRows._fields
        if name not in {"pair_origin", "pair_destination", "first_trip"}
    }
    return TripRows(
        pair_origin=rows.pair_origin[pairs],
        pair_destination=rows.pair_destination[pairs],
        first_trip=np.append(first_trip, len(chosen)).astype(np.int64),
        **of_trips,
    )


def pair_of_trip(rows: TripRows) -> NDArray[np.int64]:
    """OD pair of each trip, (n_trips,)."""
    return np.repeat(np.arange(len(rows.pair_origin)), np.diff(rows.first_trip))


def empty_plans(n_trips: int, n_stops: int, n_unplugged: int) -> PlanRows:
    """Rows for plans that are still to be made, with room for so many stops of each trip."""
    return PlanRows(
        np.zeros(n_trips, dtype=np.int8),
        np.zeros(n_trips, dtype=np.int64),
        np.empty((n_trips, IS_EXACT + 1)),
        np.arange(n_trips + 1, dtype=np.int64) * n_stops,
        np.empty((n_trips * n_stops, NEXT_LEG_H + 1)),
        np.arange(n_trips + 1, dtype=np.int64) * n_unplugged,
        np.empty((n_trips * n_unplugged, UNPLUGGED_IS_REST + 1)),
    )


def n_unplugged(plans: PlanRows) -> NDArray[np.int64]:
    """Breaks and rests of each trip, also where there is room for fewer, (n_trips,)."""
    count = plans.trip[:, UNPLUGGED_BREAKS] + plans.trip[:, UNPLUGGED_RESTS]
    return np.asarray(count, dtype=np.int64)


def with_room(
    plans: PlanRows, n_stops: NDArray[np.int64], n_unplugged: NDArray[np.int64]
) -> PlanRows:
    """Return the same rows with room for so many stops, breaks and rests of each trip at least.

    Parameters
    ----------
    n_stops, n_unplugged : (n_trips,) int64
    """
    first_stop, stops = _with_room(plans.first_stop, plans.stops, n_stops)
    first_unplugged, unplugged = _with_room(plans.first_unplugged, plans.unplugged, n_unplugged)
    return plans._replace(
        first_stop=first_stop, stops=stops, first_unplugged=first_unplugged, unplugged=unplugged
    )


def put_plans(plans: PlanRows, rows: NDArray[np.int64], planned: PlanRows) -> PlanRows:
    """Return ``plans`` with those of some trips filled in."""
    n_stops, n_breaks_rests = np.zeros((2, len(plans.status)), np.int64)
    n_stops[rows], n_breaks_rests[rows] = planned.n_stops, n_unplugged(planned)
    plans = with_room(plans, n_stops, n_breaks_rests)
    plans.status[rows] = planned.status
    plans.n_stops[rows] = planned.n_stops
    plans.trip[rows] = planned.trip
    stops = _rows_in_use(plans.first_stop[rows], planned.n_stops)
    plans.stops[stops] = _stops_in_use(planned)
    unplugged = _rows_in_use(plans.first_unplugged[rows], n_unplugged(planned))
    plans.unplugged[unplugged] = _unplugged_in_use(planned)
    return plans


def put_served(plans: PlanRows, rows: NDArray[np.int64], planned: PlanRows) -> PlanRows:
    """Return ``plans`` with other plans of some unserved trips, where these are served.

    The direct way stays what it was. Which try is made follows from all sites.
    """
    is_served = np.flatnonzero(planned.status == SERVED)
    planned.trip[is_served, DIRECT_KM] = plans.trip[rows[is_served], DIRECT_KM]
    planned.trip[is_served, LOOKED_KM], planned.trip[is_served, FIRST_TRY] = np.inf, 0.0
    return put_plans(plans, rows[is_served], _of_trips(planned, is_served))


def _of_trips(plans: PlanRows, chosen: NDArray[np.int64]) -> PlanRows:
    """Plans of some trips, with room for what they hold."""
    n_stops, n_breaks_rests = plans.n_stops[chosen], n_unplugged(plans)[chosen]
    return PlanRows(
        plans.status[chosen],
        n_stops,
        plans.trip[chosen],
        offsets(n_stops),
        plans.stops[_rows_in_use(plans.first_stop[chosen], n_stops)],
        offsets(n_breaks_rests),
        plans.unplugged[_rows_in_use(plans.first_unplugged[chosen], n_breaks_rests)],
    )


def stop_plans(
    plans: PlanRows, battery_kwh: NDArray[np.float64], stranded: NDArray[np.int32]
) -> StopPlans:
    """Plans in the form that other rooms read."""
    n_breaks_rests = n_unplugged(plans)
    stops, unplugged = _stops_in_use(plans), _unplugged_in_use(plans)
    stop_battery_kwh = np.repeat(battery_kwh, plans.n_stops)
    trip = plans.trip
    return StopPlans(
        status=plans.status,
        stop_offset=offsets(plans.n_stops),
        unplugged_offset=offsets(n_breaks_rests),
        entry_h=trip[:, ENTRY_H].copy(),
        arrival_h=trip[:, ARRIVAL_H].copy(),
        first_leg_h=trip[:, FIRST_LEG_H].copy(),
        distance_km=trip[:, DISTANCE_KM].copy(),
        direct_distance_km=trip[:, DIRECT_KM].copy(),
        drive_h=trip[:, DRIVE_H].copy(),
        n_unplugged_breaks=trip[:, UNPLUGGED_BREAKS].astype(np.int16),
        n_unplugged_rests=trip[:, UNPLUGGED_RESTS].astype(np.int16),
        entry_soc_share=trip[:, ENTRY_KWH] / battery_kwh,
        final_soc_share=trip[:, FINAL_KWH] / battery_kwh,
        stranded_node_idx=stranded,
        looked_km=trip[:, LOOKED_KM].copy(),
        is_first_try=trip[:, FIRST_TRY] == 1.0,
        is_exact=trip[:, IS_EXACT] == 1.0,
        stop_site_idx=stops[:, SITE].astype(np.int32),
        stop_kind=stops[:, KIND].astype(np.int8),
        stop_arrival_h=stops[:, STOP_ARRIVAL_H].copy(),
        stop_plug_h=stops[:, PLUG_H].copy(),
        stop_hold_h=stops[:, HOLD_H].copy(),
        stop_energy_kwh=stops[:, CHARGED_KWH].copy(),
        stop_arrival_soc_share=stops[:, STOP_ARRIVAL_KWH] / stop_battery_kwh,
        stop_next_leg_h=stops[:, NEXT_LEG_H].copy(),
        unplugged_leg=unplugged[:, UNPLUGGED_LEG].astype(np.int32),
        unplugged_after_drive_h=unplugged[:, UNPLUGGED_AFTER_DRIVE_H].copy(),
        unplugged_length_h=unplugged[:, UNPLUGGED_LENGTH_H].copy(),
        unplugged_is_rest=unplugged[:, UNPLUGGED_IS_REST].astype(np.bool_),
    )


def _stops_in_use(plans: PlanRows) -> NDArray[np.float64]:
    """Stops of all trips, one trip after another, (n_stops, n_columns)."""
    return plans.stops[_rows_in_use(plans.first_stop[:-1], plans.n_stops)]


def _unplugged_in_use(plans: PlanRows) -> NDArray[np.float64]:
    """Unplugged breaks and rests of all trips, one trip after another, (n_unplugged, n_columns)."""
    return plans.unplugged[_rows_in_use(plans.first_unplugged[:-1], n_unplugged(plans))]


def _rows_in_use(first: NDArray[np.int64], n_rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first so many rows of each trip whose room begins at ``first``, one after another."""
    return np.arange(n_rows.sum()) + np.repeat(first - offsets(n_rows)[:-1], n_rows)


def _with_room(
    first: NDArray[np.int64], table: NDArray[np.float64], n_rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Where the rows of each trip begin, and the rows, with room for so many at least."""
    room = np.diff(first)
    if (n_rows <= room).all():
        return first, table
    larger = offsets(np.maximum(room, n_rows))
    rows = np.empty((larger[-1], table.shape[1]))
    rows[_rows_in_use(larger[:-1], room)] = table
    return larger, rows

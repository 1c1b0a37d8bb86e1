"""A demand's stops as the event loop of the queues reads them, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.simulation.drawn_energy import chosen_draws
from planner.simulation.event_tables import PLANNED_DTYPE, SESSION_DTYPE, EventTables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.charging_demand import ChargingDemand

_DAY_H = 24.0
_FOLLOW_UPS_PER_BUCKET = 16


class EventLayout(NamedTuple):
    """The stops as the kernel reads them, and the way back."""

    tables: EventTables
    session_of_stop: NDArray[np.int64]
    """(n_stops,) the kernel's session of each stop."""
    fallback_of_stop: NDArray[np.int64]
    """(n_stops,) the HPC session after an LPC rejection; -1 at HPC stops."""
    stop_of_session: NDArray[np.int32]
    """(n_sessions,) the stop of each of the kernel's sessions."""


def lay_out_events(demand: ChargingDemand) -> EventLayout:
    """Number trips by first arrival, and their sessions in the order they are read."""
    offset = demand.trip_stop_offset
    n_trips, n_stops = demand.n_trips, demand.n_stops
    # Stable: trucks that arrive together keep the order of their trips, which decides who is first.
    order = np.argsort(demand.first_arrival_h, kind="stable")
    planned, session_of_stop = _planned_arrivals(demand, order)
    is_lpc = ~demand.stop_is_hpc
    fallback_of_stop = np.where(is_lpc, n_stops + np.cumsum(is_lpc) - 1, -1)
    # The session of the next stop, except behind the last one of each trip.
    following = np.roll(session_of_stop, -1)
    following[offset[1:] - 1] = -1

    session = np.zeros(n_stops + int(is_lpc.sum()), SESSION_DTYPE)
    hold_h = np.empty(len(session))
    energy_kwh = np.empty(len(session))
    draw_of_session = np.empty(len(session), np.int64)
    leg_of_session = np.zeros(len(session) if demand.legs.ban.days else 0, np.int64)
    if demand.legs.ban.days:
        leg_of_session[session_of_stop] = np.arange(n_stops)
        leg_of_session[fallback_of_stop[is_lpc]] = np.flatnonzero(is_lpc)

    at = session_of_stop
    session["station"][at] = demand.stop_site_idx + np.where(is_lpc, demand.n_sites, 0)
    session["plug_h"][at] = demand.stop_plug_h
    session["lag_h"][at] = demand.stop_hold_h + demand.stop_next_leg_h
    session["next_session"][at] = following
    hold_h[at] = demand.stop_hold_h
    energy_kwh[at] = demand.stop_energy_kwh
    draw_of_session[at] = np.arange(n_stops)

    # What a rejected truck does instead: it charges at high power and drives on at once.
    at = fallback_of_stop[is_lpc]
    plug_h = demand.stop_fallback_plug_h[is_lpc]
    session["station"][at] = demand.stop_site_idx[is_lpc]
    session["plug_h"][at] = plug_h
    session["lag_h"][at] = plug_h + demand.stop_next_leg_h[is_lpc]
    session["next_session"][at] = following[is_lpc]
    hold_h[at] = plug_h
    energy_kwh[at] = demand.stop_energy_kwh[is_lpc]
    draw_of_session[at] = n_stops + np.flatnonzero(is_lpc)

    fallback_session = np.full(len(session), -1, np.int32)
    fallback_session[session_of_stop] = fallback_of_stop

    # What is planned is sorted already; only trucks that are late pass through the buckets.
    n_buckets = max(64, (n_stops - n_trips) // _FOLLOW_UPS_PER_BUCKET)
    planned_h = planned["arrival_h"]
    origin_h = float(planned_h[0]) if n_trips else 0.0
    # A day beyond the last planned stop: long enough for the queues of most runs.
    span_h = _DAY_H + (float(planned_h[-1]) - origin_h if n_trips else 0.0)
    buckets_per_h = n_buckets / span_h
    bucket = ((planned_h - origin_h) * buckets_per_h).astype(np.int64)
    # In the order in which sessions are read: those of all trucks lie far apart in memory.
    draws = chosen_draws(demand.draws, draw_of_session)
    tables = EventTables(
        n_trips=n_trips,
        planned=planned,
        session=session,
        hold_h=hold_h,
        energy_kwh=energy_kwh,
        draw_offset=draws.offset,
        draw_until_h=draws.until_h,
        draw_until_kwh=draws.until_kwh,
        fallback_session=fallback_session,
        bucket_first_planned=np.searchsorted(bucket, np.arange(n_buckets + 1)).astype(np.int64),
        origin_h=origin_h,
        buckets_per_h=buckets_per_h,
        ban_days=demand.legs.ban.days,
        ban_from_h=demand.legs.ban.from_h,
        ban_until_h=demand.legs.ban.until_h,
        leg_of_session=leg_of_session,
        piece_offset=demand.legs.piece_offset,
        piece_drive_h=demand.legs.drive_h,
        piece_stand_h=demand.legs.stand_h,
        n_sites=demand.n_sites,
        start_h=float(demand.start_h),
        end_h=float(demand.start_h + demand.horizon_h),
    )
    stop_of_session = np.empty(len(session), np.int32)
    stop_of_session[session_of_stop] = np.arange(n_stops)
    stop_of_session[fallback_of_stop[is_lpc]] = np.flatnonzero(is_lpc)
    return EventLayout(tables, session_of_stop, fallback_of_stop, stop_of_session)


def _planned_arrivals(
    demand: ChargingDemand, order: NDArray[np.int64]
) -> tuple[NDArray[np.void], NDArray[np.int64]]:
    """Arrivals of trucks that never wait, and the numbers that sessions get by them.

    Parameters
    ----------
    order : (n_trips,) int64
        Trips in the order that gives them their numbers.

    Returns
    -------
    (n_stops,) of ``PLANNED_DTYPE``, (n_stops,) int64
        As in the tables, and the session of each stop.
    """
    offset, n_stops = demand.trip_stop_offset, demand.n_stops
    planned_h = _planned_h(demand)
    stops_of = np.diff(offset)[order]
    trip = np.repeat(np.arange(demand.n_trips), stops_of)
    begins_at = np.cumsum(stops_of) - stops_of
    stop = (offset[:-1][order] - begins_at)[trip] + np.arange(n_stops)
    # Stable: by time, then by trip, then in the order of a trip's stops.
    by_time = np.argsort(planned_h[stop], kind="stable")
    stop, trip = stop[by_time], trip[by_time]
    session_of_stop = np.full(n_stops, -1)
    session_of_stop[offset[:-1][order]] = np.arange(demand.n_trips)
    # Follow-ups in the order of their arrivals: what is read next mostly lies near what was last.
    follow_ups = stop[session_of_stop[stop] < 0]
    session_of_stop[follow_ups] = np.arange(demand.n_trips, n_stops)
    planned = np.empty(n_stops, PLANNED_DTYPE)
    planned["arrival_h"] = planned_h[stop]
    planned["session"] = session_of_stop[stop]
    planned["trip"] = trip
    return planned, session_of_stop


def _planned_h(demand: ChargingDemand) -> NDArray[np.float64]:
    """When each stop is reached without any waiting, hours, (n_stops,)."""
    offset = demand.trip_stop_offset
    planned_h = np.empty(demand.n_stops)
    planned_h[offset[:-1]] = demand.first_arrival_h
    is_last = np.zeros(demand.n_stops, np.bool_)
    is_last[offset[1:] - 1] = True
    stop = offset[:-1][~is_last[offset[:-1]]]
    # The sums of the event loop, so that nothing is rounded otherwise.
    while len(stop):
        if demand.legs.ban.days:
            departure_h = planned_h[stop] + demand.stop_hold_h[stop]
            planned_h[stop + 1] = demand.legs.ends_h(stop, departure_h)
        else:
            lag_h = demand.stop_hold_h[stop] + demand.stop_next_leg_h[stop]
            planned_h[stop + 1] = planned_h[stop] + lag_h
        stop = stop[~is_last[stop + 1]] + 1
    return planned_h

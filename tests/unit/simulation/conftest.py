"""Hand-written trips as stop plans whose energy and times add up."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from planner.routing.stop_plans import StopKind, StopPlans, TripStatus

BATTERY_KWH = 600.0
CONSUMPTION_KWH_KM = 1.2
MIN_SOC_SHARE = 0.2


class Stop(NamedTuple):
    site: int
    kind: StopKind = StopKind.HPC_BREAK
    plug_h: float = 0.75
    hold_h: float = 0.75
    energy_kwh: float = 300.0
    next_leg_h: float = 1.0


class Trip(NamedTuple):
    first_arrival_h: float
    stops: tuple[Stop, ...] = ()
    status: TripStatus = TripStatus.SERVED


def lpc(site: int, **changes) -> Stop:
    return Stop(site, StopKind.LPC_REST, **{"plug_h": 11.0, "hold_h": 11.0} | changes)


def plans_of(*trips: Trip) -> StopPlans:
    """Trucks enter half an hour before their first stop at 80 %, arrive everywhere at 30 %."""
    stops = [stop for trip in trips for stop in trip.stops]
    n_stops = np.array([len(trip.stops) for trip in trips], np.int64)
    served = np.array([trip.status == TripStatus.SERVED for trip in trips], np.bool_)
    charged_kwh = np.array([sum(stop.energy_kwh for stop in trip.stops) for trip in trips])
    entry_soc, final_soc = np.full(len(trips), 0.8), np.full(len(trips), 0.3)
    driven_kwh = charged_kwh + (entry_soc - final_soc) * BATTERY_KWH
    distance_km = np.where(served, driven_kwh / CONSUMPTION_KWH_KM, np.nan)
    first_arrival_h = np.array([trip.first_arrival_h for trip in trips], np.float64)

    def column(name: str, dtype: type = np.float64):
        return np.array([getattr(stop, name) for stop in stops], dtype)

    return StopPlans(
        status=np.array([trip.status for trip in trips], np.int8),
        stop_offset=np.concatenate([[0], np.cumsum(n_stops)]),
        entry_h=first_arrival_h - 0.5,
        arrival_h=np.where(served, first_arrival_h, np.nan),
        first_leg_h=np.full(len(trips), 0.5),
        distance_km=distance_km,
        direct_distance_km=distance_km,
        drive_h=distance_km / 80.0,
        n_unplugged_breaks=np.zeros(len(trips), np.int16),
        n_unplugged_rests=np.zeros(len(trips), np.int16),
        entry_soc_share=entry_soc,
        final_soc_share=final_soc,
        stranded_node_idx=np.where(served, -1, 0).astype(np.int32),
        looked_km=np.full(len(trips), np.inf),
        is_first_try=np.ones(len(trips), np.bool_),
        is_exact=np.ones(len(trips), np.bool_),
        stop_site_idx=column("site", np.int32),
        stop_kind=column("kind", np.int8),
        stop_arrival_h=np.zeros(len(stops)),
        stop_plug_h=column("plug_h"),
        stop_hold_h=column("hold_h"),
        stop_energy_kwh=column("energy_kwh"),
        stop_arrival_soc_share=np.full(len(stops), 0.3),
        stop_next_leg_h=column("next_leg_h"),
        unplugged_offset=np.zeros(len(trips) + 1, np.int64),
        unplugged_leg=np.zeros(0, np.int32),
        unplugged_after_drive_h=np.zeros(0),
        unplugged_length_h=np.zeros(0),
        unplugged_is_rest=np.zeros(0, np.bool_),
    )


class Cases(NamedTuple):
    """The builders, for tests to take as one fixture."""

    Stop: type[Stop] = Stop
    Trip: type[Trip] = Trip
    lpc = staticmethod(lpc)
    plans_of = staticmethod(plans_of)
    battery_kwh: float = BATTERY_KWH
    consumption_kwh_km: float = CONSUMPTION_KWH_KM
    min_soc_share: float = MIN_SOC_SHARE


@pytest.fixture
def cases() -> Cases:
    return Cases()

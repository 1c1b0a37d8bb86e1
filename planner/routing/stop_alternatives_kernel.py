"""Sites at which a truck could stop instead of the one in its plan, everything else unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.routing.site_choice_kernel import gumbel_draw
from planner.routing.truck_kernel import HPC, charging_h
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROUNDING_KWH = 1e-6
_ROUNDING_H = 1e-9


class Ways(NamedTuple):
    """Legs between places, as in :class:`~planner.routing.site_legs.SiteLegs`."""

    from_origin_h: NDArray[np.float64]
    from_origin_km: NDArray[np.float64]
    to_destination_h: NDArray[np.float64]
    to_destination_km: NDArray[np.float64]
    between_h: NDArray[np.float64]
    between_km: NDArray[np.float64]


class PlannedStop(NamedTuple):
    """High-power stops of plans, with the places before and after them.

    Parameters
    ----------
    site_idx : (n_stops,) int32
        Site of the plan.
    before_idx, after_idx : (n_stops,) int64
        Site before and after, or, where there is none, row of the origin or the destination.
    is_first, is_last : (n_stops,) bool
        Whether that is the trip's origin, or its destination.
    is_break : (n_stops,) bool
        Whether the stop is the mandatory break.
    energy_kwh, arrival_kwh, plug_h : (n_stops,) float64
        Energy charged and energy on arrival, kWh; time at the charging point, hours.
    spare_kwh : (n_stops,) float64
        Energy above the need with which the truck arrives at its next place, kWh.
    to_kwh, min_kwh, consumption_kwh_km, charging_kw : (n_stops,) float64
        The truck; ``to_kwh`` is where charging ends.
    curve : (n_stops, n_columns) float64
        Its charging curve.
    trip_id : (n_stops,) int64
        Number of the trip, by which its tastes are drawn.
    """

    site_idx: NDArray[np.int32]
    before_idx: NDArray[np.int64]
    after_idx: NDArray[np.int64]
    is_first: NDArray[np.bool_]
    is_last: NDArray[np.bool_]
    is_break: NDArray[np.bool_]
    energy_kwh: NDArray[np.float64]
    arrival_kwh: NDArray[np.float64]
    plug_h: NDArray[np.float64]
    spare_kwh: NDArray[np.float64]
    to_kwh: NDArray[np.float64]
    min_kwh: NDArray[np.float64]
    consumption_kwh_km: NDArray[np.float64]
    charging_kw: NDArray[np.float64]
    curve: NDArray[np.float64]
    trip_id: NDArray[np.int64]


class Found(NamedTuple):
    """Alternatives, stop after stop; the planned site is the first of each."""

    site_idx: NDArray[np.int32]
    shift_h: NDArray[np.float64]
    extra_h: NDArray[np.float64]
    energy_kwh: NDArray[np.float64]
    plug_h: NDArray[np.float64]
    taste_h: NDArray[np.float64]


@inner_kernel
def legs_through(stops: PlannedStop, stop: int, site: int, ways: Ways) -> tuple[float, ...]:
    """Hours and km of the legs to a site and from it, between a stop's neighbours."""
    before, after = stops.before_idx[stop], stops.after_idx[stop]
    if stops.is_first[stop]:
        to_h, to_km = ways.from_origin_h[before, site], ways.from_origin_km[before, site]
    else:
        to_h, to_km = ways.between_h[before, site], ways.between_km[before, site]
    if stops.is_last[stop]:
        from_h, from_km = ways.to_destination_h[after, site], ways.to_destination_km[after, site]
    else:
        from_h, from_km = ways.between_h[site, after], ways.between_km[site, after]
    return to_h, to_km, from_h, from_km


@inner_kernel
def alternatives_of_stop(
    stops: PlannedStop,
    stop: int,
    ways: Ways,
    max_extra_h: float,
    max_driving_h: float,
    taste_scale_h: float,
    taste_key: np.uint64,
    site_hash: NDArray[np.uint64],
    first: int,
    found: Found,
) -> int:
    """Count the alternatives of a stop; write them from ``first`` on where there is room."""
    n_found = 0
    room = len(found.site_idx)
    planned = stops.site_idx[stop]
    to_h, to_km, from_h, from_km = legs_through(stops, stop, planned, ways)
    consumption = stops.consumption_kwh_km[stop]
    for step in range(len(site_hash) + 1):
        # the planned site first, then the others in their order
        site = planned if step == 0 else step - 1
        if step > 0 and site == planned:
            continue
        extra_h, shift_h = 0.0, 0.0
        energy_kwh, plug_h = stops.energy_kwh[stop], stops.plug_h[stop]
        if step > 0:
            there_h, there_km, on_h, on_km = legs_through(stops, stop, site, ways)
            extra_h = there_h + on_h - to_h - from_h
            if not extra_h <= max_extra_h + _ROUNDING_H:
                continue
            longest_h = max(to_h, max_driving_h) + _ROUNDING_H
            if there_h > longest_h or on_h > max(from_h, max_driving_h) + _ROUNDING_H:
                continue
            arrival_kwh = stops.arrival_kwh[stop] + consumption * (to_km - there_km)
            energy_kwh += consumption * (there_km + on_km - to_km - from_km)
            if arrival_kwh < stops.min_kwh[stop] - _ROUNDING_KWH or energy_kwh <= 0.0:
                continue
            lacking_kwh = max(arrival_kwh + energy_kwh - stops.to_kwh[stop], 0.0)
            if lacking_kwh > stops.spare_kwh[stop] + _ROUNDING_KWH:
                continue
            energy_kwh -= lacking_kwh
            shift_h = there_h - to_h
            power_kw, curve = stops.charging_kw[stop], stops.curve[stop]
            needs_h = charging_h(curve, HPC, power_kw, arrival_kwh, energy_kwh)
            if stops.is_break[stop]:
                plug_h = max(plug_h, needs_h)
            else:
                planned_kwh = stops.energy_kwh[stop]
                plug_h += needs_h - charging_h(
                    curve, HPC, power_kw, stops.arrival_kwh[stop], planned_kwh
                )
        if first + n_found < room:
            at = first + n_found
            found.site_idx[at] = site
            found.shift_h[at] = shift_h
            found.extra_h[at] = extra_h
            found.energy_kwh[at] = energy_kwh
            found.plug_h[at] = plug_h
            found.taste_h[at] = 0.0
            if taste_scale_h > 0.0:
                found.taste_h[at] = -taste_scale_h * gumbel_draw(
                    taste_key, stops.trip_id[stop], site_hash[site]
                )
        n_found += 1
    return n_found


@kernel
def count_alternatives(
    stops: PlannedStop,
    ways: Ways,
    max_extra_h: float,
    max_driving_h: float,
    site_hash: NDArray[np.uint64],
    no_room: Found,
    n_alternatives: NDArray[np.int64],
) -> None:
    """Fill ``n_alternatives`` (n_stops,) with the number of sites that each stop could be at."""
    for stop in range(len(stops.site_idx)):
        n_alternatives[stop] = alternatives_of_stop(
            stops,
            stop,
            ways,
            max_extra_h,
            max_driving_h,
            0.0,
            np.uint64(0),
            site_hash,
            0,
            no_room,
        )


@kernel
def fill_alternatives(
    stops: PlannedStop,
    ways: Ways,
    max_extra_h: float,
    max_driving_h: float,
    taste_scale_h: float,
    taste_key: np.uint64,
    site_hash: NDArray[np.uint64],
    offset: NDArray[np.int64],
    found: Found,
) -> None:
    """Write the alternatives of all stops at their places, ``offset`` (n_stops + 1,)."""
    for stop in range(len(stops.site_idx)):
        alternatives_of_stop(
            stops,
            stop,
            ways,
            max_extra_h,
            max_driving_h,
            taste_scale_h,
            taste_key,
            site_hash,
            offset[stop],
            found,
        )

"""Conservation laws of a simulated plan, checked in every run and not only in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InvariantError
from planner.routing.stop_plans import SOC_TOLERANCE_SHARE, TripStatus
from planner.simulation.occupancy import peak_occupancy

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from planner.routing.stop_plans import StopPlans
    from planner.simulation.class_queues import ClassLayout, ClassResult
    from planner.simulation.queues import ChargerLayout, ChargingDemand, QueueResult

    _Kind: TypeAlias = tuple[str, NDArray[np.bool_], NDArray[np.int32]]
    """A kind of points: its name, the stops that it served, how many points each site has."""

ENERGY_TOLERANCE_SHARE = 1e-6
TIME_TOLERANCE_H = 1e-9
PEAK_TOLERANCE_SHARE = 1e-9
BAN_TOLERANCE_H = 1e-6


def check_energy(
    plans: StopPlans,
    *,
    battery_kwh: NDArray[np.float64],
    consumption_kwh_km: NDArray[np.float64],
    least_soc_share: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> dict[str, float | int]:
    """Check that plans lose or invent no kilowatt-hour: a law that holds whatever the layout.

    Parameters
    ----------
    battery_kwh, consumption_kwh_km : (n_trips,) float64
        Usable battery and consumption as driven of each trip.
    least_soc_share : two of (n_trips,) float64
        Least state of charge with which each trip's truck may come to its first stop, and anywhere
        else (:meth:`~planner.routing.drivers.Drivers.least_soc_share`).

    Returns
    -------
    dict
        Figures that show by how much each law holds, for ``run.json``.

    Raises
    ------
    InvariantError
        If a law is broken; the message says which, where and by how much.
    """
    figures = _check_balance(plans, battery_kwh, consumption_kwh_km)
    return figures | _check_lowest_soc(plans, *least_soc_share)


def check_queues(
    plans: StopPlans, demand: ChargingDemand, layout: ChargerLayout, result: QueueResult
) -> dict[str, float | int]:
    """Check that no truck or charging point was lost or invented.

    Parameters
    ----------
    plans : StopPlans
        The plans that the demand was built from.

    Returns
    -------
    dict
        Figures that show by how much each law holds, for ``run.json``.

    Raises
    ------
    InvariantError
        If a law is broken; the message says which, where and by how much.
    """
    kinds = (
        ("hpc", result.is_hpc, layout.n_hpc),
        ("lpc", ~result.is_hpc, layout.n_lpc),
    )
    return _check_kinds(plans, demand, result, kinds)


def check_class_queues(
    plans: StopPlans, demand: ChargingDemand, layout: ClassLayout, result: ClassResult
) -> None:
    """Check the same of queues at high-power points of two classes.

    Raises
    ------
    InvariantError
        If a law is broken; the message says which, where and by how much.
    """
    queues = result.queues
    kinds = (
        ("faster hpc", queues.is_hpc & ~result.is_slow, layout.n_fast),
        ("slower hpc", result.is_slow, layout.n_slow),
        ("lpc", ~queues.is_hpc, layout.n_lpc),
    )
    _check_kinds(plans, demand, queues, kinds)


def _check_kinds(
    plans: StopPlans, demand: ChargingDemand, result: QueueResult, kinds: tuple[_Kind, ...]
) -> dict[str, float | int]:
    figures: dict[str, float | int] = {}
    figures |= _check_trips(plans, demand, result)
    figures |= _check_times(demand, result)
    _check_bans(demand, result)
    figures |= _check_occupancy(demand, result, kinds)
    _check_order_of_service(demand, result, kinds)
    return figures


def check_peaks(site_peak_kw: NDArray[np.float64], all_sites_peak_kw: float) -> None:
    """Check that all sites together draw no less than the highest and no more than all peaks.

    Parameters
    ----------
    site_peak_kw : (n_sites,) float64
        Highest power of each site.
    all_sites_peak_kw : float
        Highest power of all sites at one moment.

    Raises
    ------
    InvariantError
        If the peaks cannot be those of the same sessions and hours.
    """
    one_group = np.zeros(len(site_peak_kw), np.int64)
    check_group_peaks(site_peak_kw, one_group, np.array([all_sites_peak_kw]))


def check_group_peaks(
    site_peak_kw: NDArray[np.float64],
    of_site: NDArray[np.int64],
    group_peak_kw: NDArray[np.float64],
) -> None:
    """Check the same of each group of sites.

    Parameters
    ----------
    site_peak_kw : (n_sites,) float64
        Highest power of each site.
    of_site : (n_sites,) int64
        Group of each site.
    group_peak_kw : (n_groups,) float64
        Highest power of each group's sites at one moment.

    Raises
    ------
    InvariantError
        If the peaks cannot be those of the same sessions and hours.
    """
    highest_kw = np.zeros(len(group_peak_kw))
    np.maximum.at(highest_kw, of_site, site_peak_kw)
    sum_kw = np.bincount(of_site, site_peak_kw, minlength=len(group_peak_kw))
    # Sums over thousands of sessions in another order differ in their last digits.
    slack_kw = PEAK_TOLERANCE_SHARE * sum_kw
    is_possible = (highest_kw - slack_kw <= group_peak_kw) & (group_peak_kw <= sum_kw + slack_kw)
    for group in np.flatnonzero(~is_possible)[:1]:
        message = (
            f"all sites together draw at most {group_peak_kw[group]:.6g} kW, the highest site "
            f"{highest_kw[group]:.6g} kW, and all peaks sum to {sum_kw[group]:.6g} kW"
        )
        raise InvariantError(message)


def _check_trips(
    plans: StopPlans, demand: ChargingDemand, result: QueueResult
) -> dict[str, float | int]:
    """Every trip is served or unserved, and every stop of a served trip was simulated."""
    n_served = int(plans.is_served.sum())
    reasons = [int(status) for status in TripStatus if status != TripStatus.SERVED]
    n_unserved = int(np.isin(plans.status, reasons).sum())
    if n_served + n_unserved != plans.n_trips:
        message = (
            f"{plans.n_trips} trips went in, but {n_served} are served and {n_unserved} unserved"
        )
        raise InvariantError(message)
    n_stops = int(np.diff(plans.stop_offset)[plans.is_served].sum())
    n_simulated = int(np.isfinite(result.release_h).sum())
    if not n_stops == demand.n_stops == n_simulated:
        message = (
            f"served trips have {n_stops} stops, {demand.n_stops} went into the simulation and "
            f"{n_simulated} came out with a release"
        )
        raise InvariantError(message)
    return {"n_trips": plans.n_trips, "n_served": n_served, "n_unserved": n_unserved}


def _check_times(demand: ChargingDemand, result: QueueResult) -> dict[str, float | int]:
    """A stop is arrival, queue, plug-in, release and departure, and leads to the next one."""
    for earlier_name, earlier_h, later_name, later_h in (
        ("arrival", result.arrival_h, "joining the queue", result.queue_h),
        ("joining the queue", result.queue_h, "plug-in", result.plug_in_h),
        ("plug-in", result.plug_in_h, "release", result.release_h),
    ):
        is_wrong = ~(later_h >= earlier_h)
        if is_wrong.any():
            at = int(np.argmax(is_wrong))
            message = (
                f"at {int(is_wrong.sum())} stops {later_name} comes before {earlier_name}, first "
                f"at stop {at} (site {demand.stop_site_idx[at]}): {later_h[at]} h before "
                f"{earlier_h[at]} h"
            )
            raise InvariantError(message)
    has_next = np.ones(demand.n_stops, np.bool_)
    has_next[demand.trip_stop_offset[1:] - 1] = False
    stop = np.flatnonzero(has_next)
    expected_h = demand.leg_ends_h(stop, result.departure_h[stop])
    gap_h = np.abs(result.arrival_h[stop + 1] - expected_h)
    is_wrong = ~(gap_h <= TIME_TOLERANCE_H)
    if is_wrong.any():
        row = int(np.argmax(is_wrong))
        message = (
            f"the truck of stop {stop[row]} arrives at its next stop at "
            f"{result.arrival_h[stop[row] + 1]} h, but departure and leg end at "
            f"{expected_h[row]} h; {int(is_wrong.sum())} such stops"
        )
        raise InvariantError(message)
    return {"worst_arrival_gap_h": float(gap_h.max(initial=0.0)), "n_sessions": demand.n_stops}


def _check_bans(demand: ChargingDemand, result: QueueResult) -> None:
    """No truck comes to a stop in a driving ban, or needs one's hours to come there in time."""
    legs = demand.legs
    if not legs.ban.days:
        return
    has_next = np.ones(demand.n_stops, np.bool_)
    has_next[demand.trip_stop_offset[1:] - 1] = False
    stop = np.flatnonzero(has_next)
    # On the road until it leaves it to park.
    left_road_h = result.arrival_h - legs.parking_h
    before_h = left_road_h - BAN_TOLERANCE_H
    is_banned = legs.banned_h(left_road_h) - legs.banned_h(before_h) > 0.5 * BAN_TOLERANCE_H
    departure_h, end_h = result.departure_h[stop], left_road_h[stop + 1]
    allowed_h = end_h - departure_h - legs.banned_h(end_h) + legs.banned_h(departure_h)
    is_banned[stop + 1] |= allowed_h < legs.driven_h(stop) - BAN_TOLERANCE_H
    if is_banned.any():
        at = int(np.argmax(is_banned))
        message = (
            f"{int(is_banned.sum())} trucks drive to their stops in a driving ban, first to stop "
            f"{at} (site {demand.stop_site_idx[at]}) at {result.arrival_h[at]:.6g} h"
        )
        raise InvariantError(message)


def _check_occupancy(
    demand: ChargingDemand, result: QueueResult, kinds: tuple[_Kind, ...]
) -> dict[str, float | int]:
    """No site ever has more trucks plugged in than charging points."""
    figures: dict[str, float | int] = {}
    for kind, is_kind, n_plugs in kinds:
        peak = peak_occupancy(
            demand.stop_site_idx[is_kind],
            result.plug_in_h[is_kind],
            result.release_h[is_kind],
            demand.n_sites,
        )
        if (peak > n_plugs).any():
            site = int(np.argmax(peak - n_plugs))
            message = (
                f"site {site} had {peak[site]} trucks at its {n_plugs[site]} {kind.upper()} "
                "charging points"
            )
            raise InvariantError(message)
        figures[f"n_sites_at_full_{kind}"] = int(((peak == n_plugs) & (n_plugs > 0)).sum())
    return figures


def _check_order_of_service(
    demand: ChargingDemand, result: QueueResult, kinds: tuple[_Kind, ...]
) -> None:
    """First come, first served at every site and kind of charging point."""
    kind = np.select([is_kind for _, is_kind, _ in kinds], np.arange(len(kinds)))
    station = demand.stop_site_idx + demand.n_sites * kind
    order = np.lexsort((result.plug_in_h, result.queue_h, station))
    is_same_station = np.diff(station[order]) == 0
    overtakes = is_same_station & (np.diff(result.plug_in_h[order]) < 0.0)
    if overtakes.any():
        row = int(np.argmax(overtakes))
        overtaken, by = order[row], order[row + 1]
        message = (
            f"at site {demand.stop_site_idx[by]} stop {by} was served before stop {overtaken}, "
            f"which came first; {int(overtakes.sum())} such pairs"
        )
        raise InvariantError(message)


def _check_balance(
    plans: StopPlans, battery_kwh: NDArray[np.float64], consumption_kwh_km: NDArray[np.float64]
) -> dict[str, float | int]:
    """Energy charged minus energy driven is the change of the fleet's state of charge."""
    served = plans.is_served
    charged_kwh = np.bincount(plans.stop_trip_idx, plans.stop_energy_kwh, minlength=plans.n_trips)[
        served
    ]
    driven_kwh = (plans.distance_km * consumption_kwh_km)[served]
    gained_kwh = ((plans.final_soc_share - plans.entry_soc_share) * battery_kwh)[served]
    error_kwh = charged_kwh - driven_kwh - gained_kwh
    total_driven_kwh = float(driven_kwh.sum())
    error_share = abs(float(error_kwh.sum())) / total_driven_kwh if total_driven_kwh else 0.0
    if not error_share <= ENERGY_TOLERANCE_SHARE:
        message = (
            f"the fleet charged {charged_kwh.sum():.6g} kWh and drove {total_driven_kwh:.6g} kWh, "
            f"but its batteries gained {gained_kwh.sum():.6g} kWh: {error_kwh.sum():.3g} kWh are "
            "not accounted for"
        )
        raise InvariantError(message)
    return {
        "energy_charged_mwh": float(charged_kwh.sum()) / 1000.0,
        "energy_driven_mwh": total_driven_kwh / 1000.0,
        "energy_gained_mwh": float(gained_kwh.sum()) / 1000.0,
        "energy_error_share": error_share,
        "worst_trip_energy_error_kwh": float(np.abs(error_kwh).max(initial=0.0)),
    }


def _check_lowest_soc(
    plans: StopPlans,
    first_least_soc_share: NDArray[np.float64],
    least_soc_share: NDArray[np.float64],
) -> dict[str, float | int]:
    """No truck arrives anywhere under the least state of charge that is allowed there."""
    served = plans.is_served
    trip_of_stop = plans.stop_trip_idx
    is_served_stop = served[trip_of_stop]
    is_first = np.arange(plans.n_stops) == plans.stop_offset[trip_of_stop]
    allowed = np.where(is_first, first_least_soc_share[trip_of_stop], least_soc_share[trip_of_stop])
    margin = np.concatenate(
        [
            (plans.stop_arrival_soc_share - allowed)[is_served_stop],
            (plans.final_soc_share - least_soc_share)[served],
        ]
    )
    trip = np.concatenate([trip_of_stop[is_served_stop], np.flatnonzero(served)])
    is_low = ~(margin >= -SOC_TOLERANCE_SHARE)
    if is_low.any():
        worst = int(np.argmin(margin))
        message = (
            f"{int(is_low.sum())} arrivals are under the minimum state of charge, the lowest by "
            f"{-margin[worst]:.4g} on trip {trip[worst]}"
        )
        raise InvariantError(message)
    return {"lowest_soc_margin_share": float(margin.min()) if len(margin) else 0.0}

"""What the rule `break_first` says: when a stop is due, at which site, and how much it charges.

Where a site lies along the way comes from driving times alone: the way to it branches off after
``(to the site + direct - onward) / 2``, and it lies ``(to the site + onward - direct) / 2`` off
the way, exactly so where ways fork like a tree. The distance between a point of the way and a site
is the sum of the two differences. A driver who took a break on the leg only looks at sites whose
branch is still ahead of him.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.routing.corridor_kernel import ORIGIN, Legs
from planner.routing.driving_kernel import TOLERANCE, Limits, energy_session_h
from planner.routing.trip_bound_kernel import HPC_BREAK, HPC_INTERMEDIATE, LPC_REST
from planner.routing.truck_kernel import Truck, hpc_level, lpc_level
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

IF_USEFUL, PARTLY_CHARGED, ALWAYS = range(3)
"""Who plugs in where a break or rest is due though he needs no energy for the rest of his trip."""

MOST_CHARGED_SHARE = 0.8
"""Most energy of a stop for energy alone, share of the battery."""

WANTED, DETOUR_ALONE, ANY = range(3)
"""What is asked of a site, each where nothing answers the one before."""

N_ASKED = 3

NO_WAITS = np.empty((0, 0))
"""What drivers expect who know of no queues."""

ALL_OPEN = np.ones((2, 0), np.bool_)
"""Sites that drivers know of who know of no layout: all of them."""


class BreakFirst(NamedTuple):
    """The rule as the kernel sees it.

    Parameters
    ----------
    plugs_in : int
        ``IF_USEFUL``, ``PARTLY_CHARGED`` or ``ALWAYS``.
    is_full_break : bool
        A stop for energy alone lasts as long as a break and charges all the time.
    counts_as_break : bool
        It also resets the driving time before a break.
    reserve_kwh : float
        What it charges beyond the consumption up to the next stop, kWh, >= 0.
    promote_after_h : float
        Driving since the last break after which it becomes the break or rest, hours.
    rests_every_second : bool
        Breaks and rests take turns; else the rest comes with the driving limit of the day.
    n_nearest : int
        Sites looked at around a point, >= 1.
    before_limit_h : float
        How long before the limit that point lies, hours, >= 0.
    early_h, late_h : float
        How much before and after the limit the site may be reached, hours, >= 0.
    detour_km : float
        Longest detour through a site, km.
    drives_below_minimum : bool
        Trucks drive on below their minimum, down to their floor.
    wait_h : (n_sites, n_hours) float64
        Wait that drivers expect at a high-power point by the hour in which they come, hours, >= 0;
        ``NO_WAITS`` where they expect none. It counts in the choice of a site and moves no clock.
    wait_from_h : float
        Where the first of these hours begins, hours since Monday 00:00.
    is_open : (2, n_sites) bool
        Whether a site has a point for breaks and stops for energy, and one for rests;
        ``ALL_OPEN`` where drivers take all for open.
    """

    plugs_in: int
    is_full_break: bool
    counts_as_break: bool
    reserve_kwh: float
    promote_after_h: float
    rests_every_second: bool
    n_nearest: int
    before_limit_h: float
    early_h: float
    late_h: float
    detour_km: float
    drives_below_minimum: bool
    wait_h: NDArray[np.float64] = NO_WAITS
    wait_from_h: float = 0.0
    is_open: NDArray[np.bool_] = ALL_OPEN


class Way(NamedTuple):
    """Ways from a place to every site, (n_sites,), from there on, and to the destination."""

    to_h: NDArray[np.float64]
    to_km: NDArray[np.float64]
    onward_h: NDArray[np.float64]
    onward_km: NDArray[np.float64]
    direct_h: float
    direct_km: float


class State(NamedTuple):
    """A truck on a leg.

    ``clock_h`` and ``energy_kwh`` are those at the start of the leg, ``driven_h`` and ``held_h``
    driving and unplugged stops on it so far, the counters those after that driving.
    ``is_rest_next`` matters where breaks and rests take turns.
    """

    place: int
    clock_h: float
    energy_kwh: float
    driven_h: float
    held_h: float
    since_break_h: float
    since_rest_h: float
    is_rest_next: bool


@kernel
def rest_due_h(limits: Limits, rule: BreakFirst) -> float:
    """Driving after which the rest is due even where it is not its turn, hours."""
    if rule.rests_every_second:
        return 2.0 * limits.drive_to_break_h + rule.late_h
    return limits.drive_to_rest_h


class Due(NamedTuple):
    """The next break or rest: driving on the leg and driving from now, hours; kind of the stop."""

    at_h: float
    left_h: float
    kind: int


@inner_kernel
def next_due(state: State, limits: Limits, rule: BreakFirst) -> Due:
    """When the next break or rest is due, and which of them."""
    until_break_h = limits.drive_to_break_h - state.since_break_h
    until_rest_h = rest_due_h(limits, rule) - state.since_rest_h
    left_h = max(0.0, min(until_break_h, until_rest_h))
    # Where breaks and rests do not take turns, a rest due soon after a break saves it.
    slack_h = 0.0 if rule.rests_every_second else rule.late_h
    is_rest = until_rest_h <= until_break_h + slack_h + TOLERANCE
    if rule.rests_every_second and state.is_rest_next:
        is_rest = True
    return Due(state.driven_h + left_h, left_h, LPC_REST if is_rest else HPC_BREAK)


@inner_kernel
def energy_point_h(
    state: State, final_kwh: float, required_kwh: float, truck: Truck, way: Way
) -> float:
    """Driving on the leg after which the truck needs energy, hours."""
    # Up to the destination the minimum is enough, at it perhaps not: a border behind it.
    keep_kwh = required_kwh if final_kwh >= truck.min_kwh - TOLERANCE else truck.min_kwh
    way_kwh = max(TOLERANCE, way.direct_km * truck.kwh_per_km)
    share = (state.energy_kwh - keep_kwh) / way_kwh
    return max(state.driven_h, share * way.direct_h)


@inner_kernel
def way_from(place: int, origin: int, destination: int, legs: Legs) -> Way:
    """Ways from a site, or from the origin."""
    onward_h, onward_km = legs.to_destination_h[destination], legs.to_destination_km[destination]
    if place == ORIGIN:
        return Way(
            legs.from_origin_h[origin],
            legs.from_origin_km[origin],
            onward_h,
            onward_km,
            legs.direct_h[origin, destination],
            legs.direct_km[origin, destination],
        )
    return Way(
        legs.between_h[place],
        legs.between_km[place],
        onward_h,
        onward_km,
        onward_h[place],
        onward_km[place],
    )


@inner_kernel
def nearest_sites(
    point_h: float,
    latest_h: float,
    floor_kwh: float,
    state: State,
    truck: Truck,
    way: Way,
    is_visited: NDArray[np.bool_],
    kind: int,
    rule: BreakFirst,
    turns_back: bool,  # noqa: FBT001 - kernels have no keyword-only arguments
) -> NDArray[np.int64]:
    """Sites nearest to a point of the way that the truck can reach, nearest first, -1 behind.

    ``turns_back`` adds sites whose branch lies behind the place where the leg begins.
    """
    n_nearest = rule.n_nearest
    nearest = np.full(n_nearest, -1, np.int64)
    distance_h = np.full(n_nearest, np.inf)
    for site in range(len(way.to_h)):
        to_h, onward_h = way.to_h[site], way.onward_h[site]
        through_h = to_h + onward_h
        if is_visited[site] or not np.isfinite(through_h) or to_h > latest_h + TOLERANCE:
            continue
        branch_h = (to_h + way.direct_h - onward_h) / 2.0
        if rule.is_open.shape[1] > 0 and not rule.is_open[1 if kind == LPC_REST else 0, site]:
            continue
        is_passed = branch_h < state.driven_h - TOLERANCE or to_h < state.driven_h
        if is_passed and not turns_back:
            continue
        if state.energy_kwh - way.to_km[site] * truck.kwh_per_km < floor_kwh - TOLERANCE:
            continue
        away_h = abs(branch_h - point_h) + (through_h - way.direct_h) / 2.0
        slot = n_nearest
        # Equally near ones stay in the order of the sites, also where rounding tells them apart.
        while slot > 0 and away_h < distance_h[slot - 1] - TOLERANCE:
            slot -= 1
        if slot == n_nearest:
            continue
        for behind in range(n_nearest - 1, slot, -1):
            distance_h[behind], nearest[behind] = distance_h[behind - 1], nearest[behind - 1]
        distance_h[slot], nearest[slot] = away_h, site
    return nearest


@inner_kernel
def expected_wait_h(site: int, kind: int, at_h: float, rule: BreakFirst) -> float:
    """Wait that a driver expects who comes to a site, hours; nobody queues for overnight points."""
    hour = int(np.floor(at_h - rule.wait_from_h))
    if kind == LPC_REST or hour < 0 or hour >= rule.wait_h.shape[1]:
        return 0.0
    return float(rule.wait_h[site, hour])


@inner_kernel
def site_around(
    nearest: NDArray[np.int64],
    earliest_h: float,
    kind: int,
    state: State,
    way: Way,
    rule: BreakFirst,
) -> int:
    """Site with the least extra driving and wait, of the best kind there is; -1 where none is.

    First those within the detour that are not reached too early count, then those within the
    detour, then all.
    """
    for asked in range(N_ASKED):
        best, least_h = -1, np.inf
        for site in nearest:
            if site < 0:
                break
            through_km = way.to_km[site] + way.onward_km[site]
            if asked <= DETOUR_ALONE and through_km - way.direct_km > rule.detour_km + TOLERANCE:
                continue
            if asked == WANTED and way.to_h[site] < earliest_h - TOLERANCE:
                continue
            extra_h = way.to_h[site] + way.onward_h[site] - way.direct_h
            at_h = state.clock_h + state.held_h + way.to_h[site]
            extra_h += expected_wait_h(site, kind, at_h, rule)
            if extra_h < least_h - TOLERANCE:
                best, least_h = site, extra_h
        if best >= 0:
            return int(best)
    return -1


@inner_kernel
def stop_charge_kwh(kind: int, arrival_kwh: float, truck: Truck, limits: Limits) -> float:
    """Energy that a break or a rest charges, kWh; none where the battery holds as much."""
    if kind == LPC_REST:
        return float(lpc_level(truck, arrival_kwh, limits.rest_h) - arrival_kwh)
    return float(hpc_level(truck, arrival_kwh, limits.break_h) - arrival_kwh)


@inner_kernel
def energy_charge_kwh(
    site: int,
    arrival_kwh: float,
    until_due_h: float,
    required_kwh: float,
    truck: Truck,
    way: Way,
    rule: BreakFirst,
) -> float:
    """Energy that a stop for energy alone charges, kWh.

    Consumption to where the next break or rest is due, or to the destination, and the reserve;
    what is missing to the minimum comes on top.
    """
    onward_h, next_km = way.onward_h[site], way.onward_km[site]
    charge_kwh = rule.reserve_kwh + max(0.0, truck.min_kwh - arrival_kwh)
    if until_due_h < onward_h:
        next_km *= until_due_h / onward_h
    else:
        charge_kwh += required_kwh - truck.min_kwh
    charge_kwh += next_km * truck.kwh_per_km
    room_kwh = truck.battery_kwh - arrival_kwh
    return float(min(charge_kwh, MOST_CHARGED_SHARE * truck.battery_kwh, room_kwh))


@inner_kernel
def stop_length_h(kind: int, limits: Limits) -> float:
    """Length of a break or rest, hours."""
    return limits.rest_h if kind == LPC_REST else limits.break_h


@inner_kernel
def energy_stop(
    state: State,
    site: int,
    due: Due,
    required_kwh: float,
    truck: Truck,
    way: Way,
    limits: Limits,
    rule: BreakFirst,
) -> tuple[int, float, float]:
    """Kind, length and energy of a stop for energy: promoted to the break or rest, or not."""
    arrival_kwh = state.energy_kwh - way.to_km[site] * truck.kwh_per_km
    drive_h = way.to_h[site] - state.driven_h
    if state.since_break_h + drive_h >= rule.promote_after_h - TOLERANCE:
        charged_kwh = stop_charge_kwh(due.kind, arrival_kwh, truck, limits)
        if charged_kwh > TOLERANCE:
            return due.kind, stop_length_h(due.kind, limits), charged_kwh
    if rule.is_full_break:
        charged_kwh = stop_charge_kwh(HPC_BREAK, arrival_kwh, truck, limits)
        kind = HPC_BREAK if rule.counts_as_break else HPC_INTERMEDIATE
        return kind, limits.break_h, charged_kwh
    left_h = max(0.0, due.left_h - drive_h)
    charged_kwh = energy_charge_kwh(site, arrival_kwh, left_h, required_kwh, truck, way, rule)
    hold_h = energy_session_h(truck, arrival_kwh, charged_kwh, limits)
    return HPC_INTERMEDIATE, hold_h, charged_kwh

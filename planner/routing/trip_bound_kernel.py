"""What one trip asks of its corridor, and lower bounds on what it still has to spend."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.routing.corridor_kernel import HOURS, KM
from planner.routing.driving_kernel import TOLERANCE, Limits, least_stop_h, saved_by_part_h
from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.routing.corridor_kernel import Corridor
    from planner.routing.known_queues import KnownQueues
    from planner.routing.truck_kernel import Truck

HPC_BREAK, HPC_INTERMEDIATE, LPC_REST, FIRST_PART, SECOND_PART, VIA, ARRIVED, STARTED = range(8)
"""What a label stands for: leaving after one of the three kinds of stop
(:class:`~planner.routing.stop_plans.StopKind`), after an energy stop that is drawn out to the first
part of a split break, or after its second part, leaving without plugging in, having arrived, having
entered the road graph."""

N_STOP_MODES = VIA


ONWARD_H, ONWARD_KM, FROM_FULL_H, WITH_STOP_H, PENALTY_H = range(5)
"""Columns of ``places``: least driving time and length to the destination, bounds on driving and
taste to there when leaving with a full battery and when at least one more stop is made, and the
perceived cost of a stop beyond its time."""

N_PLACE_COLUMNS = 5

SLACK = 1e-6
"""Hours or kilometres by which nothing is left out that rounding might let in."""


class Needs(NamedTuple):
    """What legs take from a truck's battery, and what it must hold.

    Numbers alone: handing over an array costs more than what is worked out from these.

    Parameters
    ----------
    hpc_to_kwh : float
        Energy in the battery at which charging at a high-power point ends.
    required_kwh : float
        Least energy at the destination.
    floor_kwh : float
        Least energy with which the truck may come to its first site.
    """

    battery_kwh: float
    min_kwh: float
    kwh_per_km: float
    hpc_kw: float
    hpc_to_kwh: float
    required_kwh: float
    floor_kwh: float


class Demand(NamedTuple):
    """What one trip asks of a corridor.

    ``places`` (n_candidates + 1, 5) says what is still to come at each site and, in its last row,
    at the destination: nothing. ``queues`` are those that the driver knows, without his own truck.
    ``ends`` (n_candidates + 1, n_candidates + 1) says of each place, and in its last row of the
    origin, how many sites it is worth driving to from there, and which, ascending.
    """

    truck: Truck
    needs: Needs
    limits: Limits
    places: NDArray[np.float64]
    queues: KnownQueues
    ends: NDArray[np.int32]


class Onward(NamedTuple):
    """A row of ``places``."""

    hours: float
    km: float
    from_full_h: float
    with_stop_h: float
    penalty_h: float


@inner_kernel
def needs_of(truck: Truck, required_kwh: float, floor_kwh: float) -> Needs:
    """Needs of a truck on a trip."""
    return Needs(
        truck.battery_kwh,
        truck.min_kwh,
        truck.kwh_per_km,
        truck.hpc_kw,
        truck.hpc_to_kwh,
        required_kwh,
        floor_kwh,
    )


@inner_kernel(**UNCOUNTED)
def onward_from(places: NDArray[np.float64], place: int) -> Onward:
    """What is still to come at a site."""
    return Onward(
        places[place, ONWARD_H],
        places[place, ONWARD_KM],
        places[place, FROM_FULL_H],
        places[place, WITH_STOP_H],
        places[place, PENALTY_H],
    )


@inner_kernel(**UNCOUNTED)
def departure_energy(
    mode: int,
    energy_kwh: float,
    length_km: float,
    is_destination: bool,  # noqa: FBT001 - kernels have no keyword-only arguments
    needs: Needs,
) -> float:
    """Energy with which a truck sets out on a leg; negative where it cannot drive it.

    An intermediate stop charges exactly what the leg needs, and none that needs nothing.
    """
    needed_kwh = needs.min_kwh
    if is_destination:
        needed_kwh = needs.required_kwh
    elif mode == STARTED:
        needed_kwh = needs.floor_kwh
    needed_kwh += length_km * needs.kwh_per_km
    if mode == HPC_INTERMEDIATE:
        if needed_kwh - energy_kwh <= TOLERANCE or needed_kwh > needs.hpc_to_kwh + TOLERANCE:
            return -1.0
        return needed_kwh
    if energy_kwh < needed_kwh - TOLERANCE:
        return -1.0
    return energy_kwh


@inner_kernel(**UNCOUNTED)
def may_set_out(energy_kwh: float, nearest_km: float, direct_km: float, needs: Needs) -> bool:
    """Whether a truck comes to its nearest site, ``nearest_km`` away, or to its destination."""
    to_site_kwh = departure_energy(STARTED, energy_kwh, nearest_km, False, needs)
    to_end_kwh = departure_energy(STARTED, energy_kwh, direct_km, True, needs)
    return bool(to_site_kwh >= 0.0 or to_end_kwh >= 0.0)


@inner_kernel(**UNCOUNTED)
def fill_cost_to_go(corridor: Corridor, needs: Needs, places: NDArray[np.float64]) -> None:
    """Fill what is still to come at each site, of which the penalties stand there already.

    Stops may lie as far apart as a full battery reaches, as if each filled it at no time.
    """
    range_km = (needs.battery_kwh - needs.min_kwh) / needs.kwh_per_km + TOLERANCE
    least, onward = corridor.least, corridor.onward
    n_candidates = len(corridor.site_idx)
    places[n_candidates] = 0.0
    for i in range(n_candidates):
        places[i, ONWARD_H], places[i, ONWARD_KM] = onward[HOURS, i], onward[KM, i]
        needed_kwh = needs.required_kwh + onward[KM, i] * needs.kwh_per_km
        reaches = needed_kwh <= needs.battery_kwh + TOLERANCE
        places[i, FROM_FULL_H] = onward[HOURS, i] if reaches else np.inf
        places[i, WITH_STOP_H] = np.inf
    is_changed = True
    while is_changed:
        is_changed = False
        for i in range(n_candidates):
            for j in range(n_candidates):
                hours = least[HOURS, i, j] + places[j, PENALTY_H] + places[j, FROM_FULL_H]
                if hours < places[i, WITH_STOP_H] and least[KM, i, j] <= range_km:
                    places[i, WITH_STOP_H] = hours
                    is_changed = True
            places[i, FROM_FULL_H] = min(places[i, FROM_FULL_H], places[i, WITH_STOP_H])


@inner_kernel(**UNCOUNTED)
def fill_ends(
    start: tuple[float, float, float, float, float],
    limit_h: float,
    corridor: Corridor,
    demand: Demand,
) -> bool:
    """Fill which sites it is worth driving to, and tell whether any was left out for the limit.

    Those are left out that no battery reaches, and those on the way to which a truck cannot be for
    less than the limit, whatever it does before and after: a leg makes the least drive longer by
    what it leads away from the destination.

    Parameters
    ----------
    start : tuple
        Clock, energy, both counters and day of the driver's week on entering the road graph.
    limit_h : float
        Cost below which plans are looked for.
    """
    needs, limits, ends = demand.needs, demand.limits, demand.ends
    n_candidates = len(corridor.site_idx)
    way, onward = corridor.way, corridor.onward
    most_kwh = max(needs.battery_kwh, start[1]) - min(needs.min_kwh, needs.floor_kwh)
    range_km = most_kwh / needs.kwh_per_km + SLACK
    least_h = way[HOURS, n_candidates, n_candidates]
    for i in range(n_candidates):
        least_h = min(least_h, way[HOURS, n_candidates, i] + onward[HOURS, i])
    stop_h = least_stop_h(least_h, start[2], start[3], -1.0, 0.0, start[0], start[4], limits)
    most_longer_h = limit_h - (least_h + stop_h) + SLACK
    is_cut = False
    for place in range(n_candidates + 1):
        here_h = onward[HOURS, place] if place < n_candidates else least_h
        n_ends = 0
        for end in range(n_candidates):
            through_h = way[HOURS, place, end] + onward[HOURS, end]
            if way[KM, place, end] > range_km or through_h == np.inf:
                continue
            if through_h - here_h > most_longer_h:
                is_cut = True
                continue
            n_ends += 1
            ends[place, n_ends] = end
        ends[place, 0] = n_ends
    return is_cut


@inner_kernel(**UNCOUNTED)
def cost_to_go(mode: int, energy_kwh: float, needed_kwh: float, onward: Onward) -> float:
    """Lower bound on driving and taste from a site to the destination, hours."""
    if mode == HPC_INTERMEDIATE:
        return float(onward.from_full_h)
    hours = onward.hours if energy_kwh >= needed_kwh - TOLERANCE else onward.with_stop_h
    if mode == ARRIVED:
        hours = min(hours, onward.penalty_h + onward.from_full_h)
    return float(hours)


@inner_kernel(**UNCOUNTED)
def bound_on_cost(
    state: tuple[float, float, float, float, float, float, float],
    before_h: float,
    mode: int,
    onward: Onward,
    needs: Needs,
    limits: Limits,
    limit_h: float,
) -> float:
    """Lower bound on the perceived cost at the destination.

    Driving and taste still to come, the fewest stops that the driver rules ask for on the
    quickest drive, and at least the time that the missing energy takes. ``before_h`` is driving
    that the cost already holds and the stops and counters do not. Where driving and taste alone
    reach ``limit_h`` stops are not added: they take most of the time.
    """
    needed_kwh = needs.required_kwh + onward.km * needs.kwh_per_km
    without_stops_h = state[0] + cost_to_go(mode, state[2], needed_kwh, onward)
    if without_stops_h >= limit_h:
        return float(without_stops_h)
    drive_h = before_h + onward.hours
    charging_h = (needed_kwh - state[2]) / needs.hpc_kw
    saved_h = 0.0
    if state[5] > 0.0:
        saved_h = saved_by_part_h(limits)
    elif mode == HPC_INTERMEDIATE and limits.first_part_h < np.inf:
        # Of an energy stop that may become the first part the cost holds plugging in already.
        saved_h = min(limits.plug_overhead_h, saved_by_part_h(limits))
    return without_stops_h + least_stop_h(
        drive_h, state[3], state[4], charging_h, saved_h, state[1], state[6], limits
    )

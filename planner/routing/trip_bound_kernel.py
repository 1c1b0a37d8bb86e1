"""What one trip asks of its corridor, and lower bounds on what it still has to spend."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from planner.routing.corridor_kernel import HOURS, KM
from planner.routing.driving_kernel import TOLERANCE, Limits, least_stop_h, saved_by_part_h

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


class Demand(NamedTuple):
    """What one trip asks of a corridor.

    ``from_full_h`` and ``with_stop_h`` (n_candidates,) bound driving and taste from a site to the
    destination: leaving with a full battery, and when at least one more stop is made. ``queues``
    are those that the driver knows, without his own truck. ``floor_kwh`` is the least energy with
    which the truck may come to its first site.
    """

    truck: Truck
    limits: Limits
    required_kwh: float
    floor_kwh: float
    penalty_h: NDArray[np.float64]
    queues: KnownQueues
    from_full_h: NDArray[np.float64]
    with_stop_h: NDArray[np.float64]


@njit(cache=True)
def departure_energy(
    mode: int, energy_kwh: float, length_km: float, end: int, corridor: Corridor, demand: Demand
) -> float:
    """Energy with which a truck sets out on a leg; negative where it cannot drive it.

    An intermediate stop charges exactly what the leg needs, and none that needs nothing.
    """
    needed_kwh = demand.truck.min_kwh
    if end == len(corridor.site_idx):
        needed_kwh = demand.required_kwh
    elif mode == STARTED:
        needed_kwh = demand.floor_kwh
    needed_kwh += length_km * demand.truck.kwh_per_km
    if mode == HPC_INTERMEDIATE:
        if needed_kwh - energy_kwh <= TOLERANCE or needed_kwh > demand.truck.hpc_to_kwh + TOLERANCE:
            return -1.0
        return needed_kwh
    if energy_kwh < needed_kwh - TOLERANCE:
        return -1.0
    return energy_kwh


@njit(cache=True)
def fill_cost_to_go(corridor: Corridor, demand: Demand) -> None:
    """Fill the bounds on driving and taste from each site to the destination.

    Stops may lie as far apart as a full battery reaches, as if each filled it at no time.
    """
    truck = demand.truck
    from_full_h, with_stop_h = demand.from_full_h, demand.with_stop_h
    range_km = (truck.battery_kwh - truck.min_kwh) / truck.kwh_per_km + TOLERANCE
    least, onward = corridor.least, corridor.onward
    n_candidates = len(corridor.site_idx)
    for i in range(n_candidates):
        needed_kwh = demand.required_kwh + onward[KM, i] * truck.kwh_per_km
        reaches = needed_kwh <= truck.battery_kwh + TOLERANCE
        from_full_h[i] = onward[HOURS, i] if reaches else np.inf
        with_stop_h[i] = np.inf
    is_changed = True
    while is_changed:
        is_changed = False
        for i in range(n_candidates):
            for j in range(n_candidates):
                hours = least[HOURS, i, j] + demand.penalty_h[j] + from_full_h[j]
                if hours < with_stop_h[i] and least[KM, i, j] <= range_km:
                    with_stop_h[i] = hours
                    is_changed = True
            from_full_h[i] = min(from_full_h[i], with_stop_h[i])


@njit(cache=True)
def cost_to_go(
    place: int, mode: int, energy_kwh: float, corridor: Corridor, demand: Demand
) -> float:
    """Lower bound on driving and taste from a site to the destination, hours."""
    from_full_h = demand.from_full_h[place]
    if mode == HPC_INTERMEDIATE:
        return float(from_full_h)
    onward_h = corridor.onward[HOURS, place]
    needed_kwh = demand.required_kwh + corridor.onward[KM, place] * demand.truck.kwh_per_km
    hours = onward_h if energy_kwh >= needed_kwh - TOLERANCE else demand.with_stop_h[place]
    if mode == ARRIVED:
        hours = min(hours, demand.penalty_h[place] + from_full_h)
    return float(hours)


@njit(cache=True)
def bound_on_cost(
    state: tuple[float, float, float, float, float, float, float],
    before_h: float,
    place: int,
    mode: int,
    corridor: Corridor,
    demand: Demand,
) -> float:
    """Lower bound on the perceived cost at the destination.

    Driving and taste still to come, the fewest stops that the driver rules ask for on the
    quickest drive, and at least the time that the missing energy takes. ``before_h`` is driving
    that the cost already holds and the stops and counters do not.
    """
    drive_h = before_h + corridor.onward[HOURS, place]
    needed_kwh = demand.required_kwh + corridor.onward[KM, place] * demand.truck.kwh_per_km
    charging_h = (needed_kwh - state[2]) / demand.truck.hpc_kw
    saved_h = 0.0
    if state[5] > 0.0:
        saved_h = saved_by_part_h(demand.limits)
    elif mode == HPC_INTERMEDIATE and demand.limits.first_part_h < np.inf:
        # Of an energy stop that may become the first part the cost holds plugging in already.
        saved_h = min(demand.limits.plug_overhead_h, saved_by_part_h(demand.limits))
    return (
        state[0]
        + cost_to_go(place, mode, state[2], corridor, demand)
        + least_stop_h(
            drive_h,
            state[3],
            state[4],
            charging_h,
            saved_h,
            state[1],
            state[6],
            demand.limits,
        )
    )

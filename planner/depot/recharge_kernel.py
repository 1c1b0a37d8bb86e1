"""A recharge at the depot between two stops of a tour: what each asks, and the best of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.depot.route_course_kernel import (
    DEEPEST,
    LATE,
    LEAVE,
    LOAD,
    NEED,
    REST_WARP,
    USED,
    WARP,
    fill_rest,
)
from planner.depot.route_terms_kernel import (
    BATTERY,
    COST,
    DEPOT,
    INITIAL,
    KWH,
    KWH_PER_KG,
    LACK,
    LATENESS,
    RESERVE,
    TRAVEL_MIN,
    Terms,
    excess,
)
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEP_MIN = 15.0
"""Length of the steps of the recharge prices, minutes."""


class RechargeOption(NamedTuple):
    """A recharge at the depot after some stops of a tour.

    Parameters
    ----------
    energy_kwh : float
        Energy of the tour with the detour to the depot.
    before_kwh, after_kwh : float
        Energy that the truck must have, reserve included, when it sets out in the morning and
        when it leaves the depot again.
    least_kwh, most_kwh : float
        Energy that it has to and that it can usefully recharge.
    arrival_min, leave_by_min : float
        Earliest arrival, and latest departure that keeps all that follows in time.
    lateness, lack : float
        How far the tour breaks these rules.
    """

    energy_kwh: float
    before_kwh: float
    after_kwh: float
    least_kwh: float
    most_kwh: float
    arrival_min: float
    leave_by_min: float
    lateness: float
    lack: float


@kernel
def recharge_option(
    terms: Terms,
    truck: int,
    stops: NDArray[np.int64],
    n_stops: int,
    i: int,
    room: NDArray[np.float64],
) -> RechargeOption:
    """What a recharge between stop i and stop i + 1 (from 1) asks; the room must be filled."""
    ways, trucks = terms.ways, terms.trucks
    before = stops[i - 1]
    after = stops[i]
    load = room[LOAD, i]
    home = ways[KWH, before, DEPOT] + ways[KWH_PER_KG, before, DEPOT] * load
    out = ways[KWH, DEPOT, after] + ways[KWH_PER_KG, DEPOT, after] * load
    at_depot = room[USED, i] + home
    # The battery may be lowest on the way: energy can also flow back downhill.
    before_kwh = max(room[DEEPEST, i], at_depot) + trucks[RESERVE, truck]
    after_kwh = max(trucks[RESERVE, truck], out + room[NEED, i + 1])
    least = max(0.0, after_kwh - (trucks[INITIAL, truck] - at_depot))
    lack = excess(before_kwh - trucks[INITIAL, truck]) + excess(after_kwh - trucks[BATTERY, truck])
    energy = at_depot + out + room[USED, n_stops + 1] - room[USED, i + 1]
    arrival = room[LEAVE, i] + ways[TRAVEL_MIN, before, DEPOT]
    leave_by = room[LATE, i + 1] - ways[TRAVEL_MIN, DEPOT, after]
    ready = arrival + 60.0 * least / terms.charger_kw
    lateness = excess(room[WARP, i] + max(0.0, ready - leave_by) + room[REST_WARP, i + 1])
    window = max(0.0, leave_by - arrival)
    useful = min(after_kwh - before_kwh + at_depot, terms.charger_kw * window / 60.0)
    most = max(least, useful)
    return RechargeOption(
        energy,
        before_kwh,
        after_kwh,
        least,
        most,
        arrival,
        max(leave_by, ready),
        lateness,
        lack,
    )


@inner_kernel
def best_recharge(
    terms: Terms,
    weight: NDArray[np.float64],
    truck: int,
    stops: NDArray[np.int64],
    n_stops: int,
    cost: float,
    room: NDArray[np.float64],
) -> tuple[float, float, float, int, float]:
    """Cost, lateness, missing energy, place and energy of the best recharge at the depot."""
    ways = terms.ways
    fill_rest(terms, truck, stops, n_stops, room)
    best = (np.inf, 0.0, 0.0, -1, 0.0)
    best_value = np.inf
    for i in range(1, n_stops):
        option = recharge_option(terms, truck, stops, n_stops, i, room)
        before = stops[i - 1]
        after = stops[i]
        least_kwh = option.least_kwh
        price = terms.recharge_price[0]
        if len(terms.recharge_price) > 1:
            price = _lowest_price(terms.recharge_price, option.arrival_min, option.leave_by_min)
        # Energy at the depot replaces what the truck starts with where it is cheaper.
        energy = option.most_kwh if price < terms.initial_price else least_kwh
        option_cost = (
            cost
            + ways[COST, before, DEPOT]
            + ways[COST, DEPOT, after]
            - ways[COST, before, after]
            + terms.initial_price * (option.energy_kwh - energy)
            + price * energy
        )
        value = option_cost + weight[LATENESS] * option.lateness + weight[LACK] * option.lack
        if value < best_value:
            best_value = value
            best = (option_cost, option.lateness, option.lack, i, energy)
    return best


@inner_kernel
def _lowest_price(price: NDArray[np.float64], begin_min: float, end_min: float) -> float:
    """Lowest price of the steps that a window touches."""
    last = len(price) - 1
    step = min(last, max(0, int(begin_min // STEP_MIN)))
    # Without a bound an infinite end would have no step.
    end = min(last, max(step, int(min(end_min, 1e6) // STEP_MIN)))
    lowest = price[step]
    while step < end:
        step += 1
        lowest = min(lowest, price[step])
    return float(lowest)

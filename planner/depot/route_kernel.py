"""What one truck's tour costs and where it breaks a rule, with the best place of a recharge."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEPOT = 0
"""Number of the depot among the places; stops follow from 1."""

NO_RECHARGE, RECHARGE, EITHER = cast("tuple[int, int, int]", tuple(np.arange(3)))
"""Whether a tour goes without a recharge, has one, or has whichever costs less. Numbers of numpy's:
for Python's own, numba would compile every kernel anew for each of them."""

OVERLOAD, LATENESS, LACK, FAULT = range(4)
"""Ways of breaking a rule: kg above the payload, minutes late, kWh missing, a tour without a
delivery (or a truck without a tour, where all have to go)."""

NOTHING = 1e-9
"""What rounding may make of a rule that is kept."""

STEP_MIN = 15.0
"""Length of the steps of the recharge prices, minutes."""


COST, TRAVEL_MIN, KWH, KWH_PER_KG = range(4)
"""Rows of the tables of ways."""

DELIVERY, PICKUP, SERVICE_MIN, OPEN_MIN, CLOSE_MIN, LEAVE_COST = range(6)
"""Rows of the table of places."""

PAYLOAD, BATTERY, INITIAL, RESERVE, AVAILABLE_MIN, BACK_BY_MIN, FIXED_COST = range(7)
"""Rows of the table of trucks."""


class Terms(NamedTuple):
    """All that a tour is measured by: the problem as arrays.

    Few arrays with all that belongs together, because each one costs time at every call.

    Parameters
    ----------
    ways : (4, n_places, n_places) float64
        Cost, minutes, kWh and kWh per kg from one place to another; the depot is place 0.
    places : (6, n_places) float64
        Loads, kg; service and windows, minutes (of the depot: 0, -inf and inf); cost of a stop
        that no tour holds.
    trucks : (7, n_trucks) float64
        Payload, kg; energies, kWh; minutes between which it is there; cost of sending it out.
    recharge_price : (n_steps,) float64
        What a kWh recharged in a step of the day is taken to cost; the last holds from then on.
    initial_price : float
        Cost of a kWh of the morning's energy.
    charger_kw : float
        Power of a charger, kW.
    timed, electric, all_go, all_alike : bool
        Whether windows can be missed, whether energy costs or can be short, whether every truck
        needs a tour, whether all trucks are the same.
    """

    ways: NDArray[np.float64]
    places: NDArray[np.float64]
    trucks: NDArray[np.float64]
    recharge_price: NDArray[np.float64]
    initial_price: float
    charger_kw: float
    timed: bool
    electric: bool
    all_go: bool
    all_alike: bool


class Verdict(NamedTuple):
    """What a tour costs, how far it breaks each rule, and its recharge.

    Parameters
    ----------
    cost : float
        Cost without penalties; infinite where a delivery comes after a pickup.
    overload, lateness, lack, fault : float
        How far each rule is broken; all 0 in a feasible tour.
    recharge_after : int
        Stops before the recharge, or -1 without one.
    recharge_kwh : float
        Energy recharged.
    """

    cost: float
    overload: float
    lateness: float
    lack: float
    fault: float
    recharge_after: int
    recharge_kwh: float


@njit(cache=True, inline="always")
def _excess(amount: float) -> float:
    """By how much a rule is broken, given how far something is above its bound."""
    return amount if amount > NOTHING else 0.0


@njit(cache=True, inline="always")
def penalised(verdict: Verdict, weight: NDArray[np.float64]) -> float:
    """Cost with every broken rule at its weight."""
    return float(
        verdict.cost
        + weight[OVERLOAD] * verdict.overload
        + weight[LATENESS] * verdict.lateness
        + weight[LACK] * verdict.lack
        + weight[FAULT] * verdict.fault
    )


@njit(cache=True)
def evaluate(
    terms: Terms,
    weight: NDArray[np.float64],
    truck: int,
    stops: NDArray[np.int64],
    n_stops: int,
    recharge: int,
    room: NDArray[np.float64],
) -> Verdict:
    """Cost and broken rules of a tour.

    Parameters
    ----------
    terms : Terms
        The problem.
    weight : (4,) float64
        Weights of the broken rules, by which the place of a recharge is chosen.
    truck : int
        The truck.
    stops : (>= n_stops,) int64
        Places in order, without the depot.
    n_stops : int
        Number of stops.
    recharge : int
        ``NO_RECHARGE``, ``RECHARGE`` or ``EITHER``.
    room : (ROOM_ROWS, >= n_stops + 2) float64
        Overwritten.

    Returns
    -------
    Verdict
    """
    if n_stops == 0:
        return Verdict(0.0, 0.0, 0.0, 0.0, 1.0 if terms.all_go else 0.0, -1, 0.0)
    cost = terms.trucks[FIXED_COST, truck]
    delivered = 0.0
    collected = 0.0
    last = DEPOT
    for i in range(n_stops):
        place = stops[i]
        if terms.places[PICKUP, place] > 0.0:
            collected += terms.places[PICKUP, place]
        elif collected > 0.0:
            return Verdict(np.inf, 0.0, 0.0, 0.0, 0.0, -1, 0.0)
        else:
            delivered += terms.places[DELIVERY, place]
        cost += terms.ways[COST, last, place]
        last = place
    cost += terms.ways[COST, last, DEPOT]
    overload = _excess(delivered - terms.trucks[PAYLOAD, truck]) + _excess(
        collected - terms.trucks[PAYLOAD, truck]
    )
    fault = 1.0 if delivered == 0.0 else 0.0
    if not terms.electric:
        lateness = _forward(terms, truck, stops, n_stops, room) if terms.timed else 0.0
        return Verdict(cost, overload, lateness, 0.0, fault, -1, 0.0)
    used = _drive(terms, stops, n_stops, delivered, room)
    lateness = _forward(terms, truck, stops, n_stops, room)
    reserve = terms.trucks[RESERVE, truck]
    lack = _excess(room[DEEPEST, n_stops + 1] + reserve - terms.trucks[INITIAL, truck])
    plain = Verdict(cost + terms.initial_price * used, overload, lateness, lack, fault, -1, 0.0)
    if recharge == NO_RECHARGE or n_stops < 2 or terms.charger_kw <= 0.0:
        return plain
    with_recharge = _best_recharge(terms, weight, truck, stops, n_stops, cost, room)
    verdict = Verdict(
        with_recharge[0],
        overload,
        with_recharge[1],
        with_recharge[2],
        fault,
        int(with_recharge[3]),
        with_recharge[4],
    )
    if recharge == RECHARGE or penalised(verdict, weight) < penalised(plain, weight) - 1e-9:
        return verdict
    return plain


ROOM_ROWS = 10
LOAD, LEG_KWH, USED, DEEPEST, LEAVE, WARP, NEED, EARLY, LATE, REST_WARP = range(ROOM_ROWS)
"""Rows of the working room. By place of the tour, from the start (0) to the end (n + 1): load and
energy of the way onwards; energy used on arrival and its highest so far; time of going on and
lateness so far; and, for the rest of the tour from there: energy needed, earliest and latest begin
that cause no more lateness, and the lateness that it has by itself."""


@njit(cache=True)
def _drive(
    terms: Terms,
    stops: NDArray[np.int64],
    n_stops: int,
    delivered: float,
    room: NDArray[np.float64],
) -> float:
    """Fill loads and energies along the tour; give its energy."""
    load = delivered
    used = 0.0
    deepest = 0.0
    last = DEPOT
    room[USED, 0] = 0.0
    room[DEEPEST, 0] = 0.0
    for i in range(n_stops + 1):
        place = stops[i] if i < n_stops else DEPOT
        leg = terms.ways[KWH, last, place] + terms.ways[KWH_PER_KG, last, place] * load
        room[LOAD, i] = load
        room[LEG_KWH, i] = leg
        used += leg
        deepest = max(deepest, used)
        room[USED, i + 1] = used
        room[DEEPEST, i + 1] = deepest
        load += terms.places[PICKUP, place] - terms.places[DELIVERY, place]
        last = place
    return used


@njit(cache=True)
def _forward(
    terms: Terms, truck: int, stops: NDArray[np.int64], n_stops: int, room: NDArray[np.float64]
) -> float:
    """Fill times along the tour driven as early as can be; give its lateness.

    A truck that comes late is taken to have come at the closing, and the minutes are counted.
    """
    now = terms.trucks[AVAILABLE_MIN, truck]
    warp = 0.0
    last = DEPOT
    room[LEAVE, 0] = now
    room[WARP, 0] = 0.0
    for i in range(n_stops):
        place = stops[i]
        now += terms.ways[TRAVEL_MIN, last, place]
        if now > terms.places[CLOSE_MIN, place]:
            warp += now - terms.places[CLOSE_MIN, place]
            now = terms.places[CLOSE_MIN, place]
        now = max(now, terms.places[OPEN_MIN, place]) + terms.places[SERVICE_MIN, place]
        room[LEAVE, i + 1] = now
        room[WARP, i + 1] = warp
        last = place
    overtime = now + terms.ways[TRAVEL_MIN, last, DEPOT] - terms.trucks[BACK_BY_MIN, truck]
    return float(_excess(warp + max(0.0, overtime)))


@njit(cache=True)
def _backward(
    terms: Terms, truck: int, stops: NDArray[np.int64], n_stops: int, room: NDArray[np.float64]
) -> None:
    """Fill what the rest of the tour needs from each place on: energy and time."""
    end = n_stops + 1
    room[NEED, end] = terms.trucks[RESERVE, truck]
    room[EARLY, end] = terms.trucks[AVAILABLE_MIN, truck]
    room[LATE, end] = terms.trucks[BACK_BY_MIN, truck]
    room[REST_WARP, end] = 0.0
    following = DEPOT
    for i in range(n_stops, 0, -1):
        place = stops[i - 1]
        room[NEED, i] = max(terms.trucks[RESERVE, truck], room[LEG_KWH, i] + room[NEED, i + 1])
        onward = terms.places[SERVICE_MIN, place] + terms.ways[TRAVEL_MIN, place, following]
        wait = max(0.0, room[EARLY, i + 1] - onward - terms.places[CLOSE_MIN, place])
        warp = max(0.0, terms.places[OPEN_MIN, place] + onward - room[LATE, i + 1])
        room[EARLY, i] = max(room[EARLY, i + 1] - onward, terms.places[OPEN_MIN, place]) - wait
        room[LATE, i] = min(room[LATE, i + 1] - onward, terms.places[CLOSE_MIN, place]) + warp
        room[REST_WARP, i] = room[REST_WARP, i + 1] + warp
        following = place


@njit(cache=True)
def _best_recharge(
    terms: Terms,
    weight: NDArray[np.float64],
    truck: int,
    stops: NDArray[np.int64],
    n_stops: int,
    cost: float,
    room: NDArray[np.float64],
) -> tuple[float, float, float, int, float]:
    """Cost, lateness, missing energy, place and energy of the best recharge at the depot."""
    _backward(terms, truck, stops, n_stops, room)
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
        energy = option.most_kwh if price < terms.initial_price else least_kwh
        option_cost = (
            cost
            + terms.ways[COST, before, DEPOT]
            + terms.ways[COST, DEPOT, after]
            - terms.ways[COST, before, after]
            + terms.initial_price * (option.energy_kwh - energy)
            + price * energy
        )
        value = option_cost + weight[LATENESS] * option.lateness + weight[LACK] * option.lack
        if value < best_value:
            best_value = value
            best = (option_cost, option.lateness, option.lack, i, energy)
    return best


class RechargeOption(NamedTuple):
    """A recharge at the depot after some stops of a tour.

    Parameters
    ----------
    energy_kwh : float
        Energy of the tour with the detour to the depot.
    at_depot_kwh : float
        Energy used when the truck comes to the depot.
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
    at_depot_kwh: float
    before_kwh: float
    after_kwh: float
    least_kwh: float
    most_kwh: float
    arrival_min: float
    leave_by_min: float
    lateness: float
    lack: float


@njit(cache=True)
def recharge_option(
    terms: Terms,
    truck: int,
    stops: NDArray[np.int64],
    n_stops: int,
    i: int,
    room: NDArray[np.float64],
) -> RechargeOption:
    """What a recharge between stop i and stop i + 1 (from 1) asks; the room must be filled."""
    before = stops[i - 1]
    after = stops[i]
    load = room[LOAD, i]
    home = terms.ways[KWH, before, DEPOT] + terms.ways[KWH_PER_KG, before, DEPOT] * load
    out = terms.ways[KWH, DEPOT, after] + terms.ways[KWH_PER_KG, DEPOT, after] * load
    at_depot = room[USED, i] + home
    before_kwh = max(room[DEEPEST, i], at_depot) + terms.trucks[RESERVE, truck]
    after_kwh = max(terms.trucks[RESERVE, truck], out + room[NEED, i + 1])
    least = max(0.0, after_kwh - (terms.trucks[INITIAL, truck] - at_depot))
    lack = _excess(before_kwh - terms.trucks[INITIAL, truck]) + _excess(
        after_kwh - terms.trucks[BATTERY, truck]
    )
    energy = at_depot + out + room[USED, n_stops + 1] - room[USED, i + 1]
    arrival = room[LEAVE, i] + terms.ways[TRAVEL_MIN, before, DEPOT]
    leave_by = room[LATE, i + 1] - terms.ways[TRAVEL_MIN, DEPOT, after]
    ready = arrival + 60.0 * least / terms.charger_kw
    lateness = _excess(room[WARP, i] + max(0.0, ready - leave_by) + room[REST_WARP, i + 1])
    window = max(0.0, leave_by - arrival)
    useful = min(after_kwh - before_kwh + at_depot, terms.charger_kw * window / 60.0)
    most = max(least, useful)
    return RechargeOption(
        energy,
        at_depot,
        before_kwh,
        after_kwh,
        least,
        most,
        arrival,
        max(leave_by, ready),
        lateness,
        lack,
    )


@njit(cache=True)
def fill_room(
    terms: Terms, truck: int, stops: NDArray[np.int64], n_stops: int, room: NDArray[np.float64]
) -> None:
    """Fill the working room for :func:`recharge_option`."""
    delivered = 0.0
    for i in range(n_stops):
        delivered += terms.places[DELIVERY, stops[i]]
    _drive(terms, stops, n_stops, delivered, room)
    _forward(terms, truck, stops, n_stops, room)
    _backward(terms, truck, stops, n_stops, room)


@njit(cache=True)
def _lowest_price(price: NDArray[np.float64], begin_min: float, end_min: float) -> float:
    """Lowest price of the steps that a window touches."""
    last = len(price) - 1
    step = min(last, max(0, int(begin_min // STEP_MIN)))
    end = min(last, max(step, int(min(end_min, 1e6) // STEP_MIN)))
    lowest = price[step]
    while step < end:
        step += 1
        lowest = min(lowest, price[step])
    return float(lowest)

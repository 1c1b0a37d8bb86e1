"""Loads, energy and times along a tour, from its start onwards and from its end back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.depot.route_terms_kernel import (
    AVAILABLE_MIN,
    BACK_BY_MIN,
    CLOSE_MIN,
    DELIVERY,
    DEPOT,
    KWH,
    KWH_PER_KG,
    OPEN_MIN,
    PICKUP,
    RESERVE,
    SERVICE_MIN,
    TRAVEL_MIN,
    Terms,
    excess,
)
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROOM_ROWS = 10
LOAD, LEG_KWH, USED, DEEPEST, LEAVE, WARP, NEED, EARLY, LATE, REST_WARP = range(ROOM_ROWS)
"""Rows of the working room. By place of the tour, from the start (0) to the end (n + 1): load and
energy of the way onwards; energy used on arrival and its highest so far; time of going on and
lateness so far; and, for the rest of the tour from there: energy needed, earliest and latest begin
that cause no more lateness, and the lateness that it has by itself."""


@inner_kernel
def fill_energy(
    terms: Terms,
    stops: NDArray[np.int64],
    n_stops: int,
    delivered: float,
    room: NDArray[np.float64],
) -> float:
    """Fill loads and energies along the tour; give its energy."""
    ways, places = terms.ways, terms.places
    load = delivered
    used = 0.0
    deepest = 0.0
    last = DEPOT
    room[USED, 0] = 0.0
    room[DEEPEST, 0] = 0.0
    for i in range(n_stops + 1):
        place = stops[i] if i < n_stops else DEPOT
        leg = ways[KWH, last, place] + ways[KWH_PER_KG, last, place] * load
        room[LOAD, i] = load
        room[LEG_KWH, i] = leg
        used += leg
        deepest = max(deepest, used)
        room[USED, i + 1] = used
        room[DEEPEST, i + 1] = deepest
        load += places[PICKUP, place] - places[DELIVERY, place]
        last = place
    return used


@inner_kernel
def fill_times(
    terms: Terms, truck: int, stops: NDArray[np.int64], n_stops: int, room: NDArray[np.float64]
) -> float:
    """Fill times along the tour driven as early as can be; give its lateness.

    A truck that comes late is taken to have come at the closing, and the minutes are counted.
    """
    ways, places, trucks = terms.ways, terms.places, terms.trucks
    now = trucks[AVAILABLE_MIN, truck]
    warp = 0.0
    last = DEPOT
    room[LEAVE, 0] = now
    room[WARP, 0] = 0.0
    for i in range(n_stops):
        place = stops[i]
        now += ways[TRAVEL_MIN, last, place]
        if now > places[CLOSE_MIN, place]:
            warp += now - places[CLOSE_MIN, place]
            now = places[CLOSE_MIN, place]
        now = max(now, places[OPEN_MIN, place]) + places[SERVICE_MIN, place]
        room[LEAVE, i + 1] = now
        room[WARP, i + 1] = warp
        last = place
    overtime = now + ways[TRAVEL_MIN, last, DEPOT] - trucks[BACK_BY_MIN, truck]
    return float(excess(warp + max(0.0, overtime)))


@inner_kernel
def fill_rest(
    terms: Terms, truck: int, stops: NDArray[np.int64], n_stops: int, room: NDArray[np.float64]
) -> None:
    """Fill what the rest of the tour needs from each place on: energy and time."""
    ways, places, trucks = terms.ways, terms.places, terms.trucks
    end = n_stops + 1
    room[NEED, end] = trucks[RESERVE, truck]
    room[EARLY, end] = trucks[AVAILABLE_MIN, truck]
    room[LATE, end] = trucks[BACK_BY_MIN, truck]
    room[REST_WARP, end] = 0.0
    following = DEPOT
    for i in range(n_stops, 0, -1):
        place = stops[i - 1]
        room[NEED, i] = max(trucks[RESERVE, truck], room[LEG_KWH, i] + room[NEED, i + 1])
        onward = places[SERVICE_MIN, place] + ways[TRAVEL_MIN, place, following]
        wait = max(0.0, room[EARLY, i + 1] - onward - places[CLOSE_MIN, place])
        warp = max(0.0, places[OPEN_MIN, place] + onward - room[LATE, i + 1])
        room[EARLY, i] = max(room[EARLY, i + 1] - onward, places[OPEN_MIN, place]) - wait
        room[LATE, i] = min(room[LATE, i + 1] - onward, places[CLOSE_MIN, place]) + warp
        room[REST_WARP, i] = room[REST_WARP, i + 1] + warp
        following = place


@kernel
def fill_room(
    terms: Terms, truck: int, stops: NDArray[np.int64], n_stops: int, room: NDArray[np.float64]
) -> None:
    """Fill the working room for :func:`~planner.depot.recharge_kernel.recharge_option`."""
    places = terms.places
    delivered = 0.0
    for i in range(n_stops):
        delivered += places[DELIVERY, stops[i]]
    fill_energy(terms, stops, n_stops, delivered, room)
    fill_times(terms, truck, stops, n_stops, room)
    fill_rest(terms, truck, stops, n_stops, room)

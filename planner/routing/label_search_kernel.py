"""Label setting for one trip: the exact search among the candidate sites of its corridor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.routing.corridor_kernel import HOURS, KM, ORIGIN, Corridor
from planner.routing.driving_kernel import DOMINANCE_TOLERANCE, least_stop_h
from planner.routing.label_growth_kernel import add_departures, extend
from planner.routing.label_kernel import (
    BEST,
    BOUND_H,
    IS_COARSE,
    IS_CUT,
    IS_DEAD,
    MODE,
    MOST_LABELS,
    N_LABELS,
    N_QUEUED,
    PARENT,
    PLACE,
    Labels,
    add_label,
    clear,
    pop,
    push,
)
from planner.routing.trip_bound_kernel import (
    ARRIVED,
    FROM_FULL_H,
    PENALTY_H,
    STARTED,
    VIA,
    Demand,
    departure_energy,
    fill_cost_to_go,
    fill_ends,
)
from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST_MARGIN_H = 0.4
"""Plans this much longer than the direct way are looked for first, hours."""

LAST_MARGIN_H = 5.0
"""Beyond this all plans are looked for."""

FIRST_SLACK_H = 0.25
"""By how much a state may be worse than the one that stands for it, once the exact search is given
up, hours."""


@inner_kernel
def search_below(
    limit_h: float,
    labels: Labels,
    start: tuple[float, float, float, float, float],
    corridor: Corridor,
    demand: Demand,
    head: NDArray[np.int64],
    outcomes: NDArray[np.float64],
) -> tuple[Labels, NDArray[np.float64], bool]:
    """Best plan of a trip among those that cost less than a limit.

    Best first by a lower bound on the final cost, so that the search may stop at the first label
    that cannot beat the best arrival known. The result stands in ``labels.register``.

    Returns
    -------
    labels, outcomes
        The working memory, perhaps grown.
    has_ended : bool
        Whether ``register[MOST_LABELS]`` labels were enough.
    """
    n_candidates = len(corridor.site_idx)
    clear(labels, limit_h)
    if fill_ends(start, limit_h, corridor, demand):
        labels.register[IS_CUT] = 1
    for candidate in range(n_candidates):
        head[candidate] = -1
    clock_h, energy_kwh, since_break_h, since_rest_h, day = start
    state = (0.0, clock_h, energy_kwh, since_break_h, since_rest_h, 0.0, day)
    label = add_label(labels.value, labels.link, labels.register, state, 0.0, ORIGIN, STARTED, -1)
    push(labels.value, labels.queue, labels.register, label)
    while labels.register[N_QUEUED] > 0:
        if labels.register[N_LABELS] > labels.register[MOST_LABELS]:
            return labels, outcomes, False
        label = pop(labels.value, labels.queue, labels.register)
        if labels.value[label, BOUND_H] >= labels.limit_h[0]:
            break
        mode = labels.link[label, MODE]
        if mode == ARRIVED:
            if labels.link[label, IS_DEAD] == 0:
                labels = add_departures(labels, label, corridor, demand)
            continue
        before = ORIGIN
        if mode == VIA:
            before = labels.link[labels.link[labels.link[label, PARENT], PARENT], PLACE]
        labels, outcomes = extend(labels, label, before, head, outcomes, corridor, demand)
    return labels, outcomes, True


@inner_kernel(**UNCOUNTED)
def least_cost(
    start: tuple[float, float, float, float, float], corridor: Corridor, demand: Demand
) -> float:
    """About the least that any plan costs, hours; inf where there is none.

    Driving and taste to the destination, past a site where the energy asks for it, and the stops
    that the direct way asks for.
    """
    needs, places = demand.needs, demand.places
    drive_h, length_km = corridor.way[HOURS, -1, -1], corridor.way[KM, -1, -1]
    missing_kwh = needs.required_kwh + length_km * needs.kwh_per_km - start[1]
    stop_h = least_stop_h(
        drive_h,
        start[2],
        start[3],
        missing_kwh / needs.hpc_kw,
        0.0,
        start[0],
        start[4],
        demand.limits,
    )
    if departure_energy(STARTED, start[1], length_km, True, needs) < 0.0:
        drive_h = np.inf
        for end in range(len(corridor.site_idx)):
            length_km = corridor.way[KM, -1, end]
            if departure_energy(STARTED, start[1], length_km, False, needs) >= 0.0:
                through_h = corridor.way[HOURS, -1, end] + places[end, PENALTY_H]
                drive_h = min(drive_h, through_h + places[end, FROM_FULL_H])
    return float(drive_h + stop_h)


@inner_kernel
def search(
    labels: Labels,
    start: tuple[float, float, float, float, float],
    corridor: Corridor,
    demand: Demand,
    head: NDArray[np.int64],
    outcomes: NDArray[np.float64],
    most_states: int,
) -> tuple[Labels, NDArray[np.float64]]:
    """Best plan of a trip within a corridor.

    Plans not much longer than the direct way are tried first: most trips have one, and knowing
    that nothing dearer is wanted saves most of the work. The limit is raised until a plan is
    found or nothing was left out because of it, so that the result does not depend on it.

    A truck that charges little at each stop may have states without end. Once more than
    ``most_states`` were looked at, the search begins anew and lets a state stand for those that are
    better by a quarter of an hour at most; then by four times as much among twice as many states,
    until it ends. Such a plan may take longer than it must; none is missed, since energy is told
    apart as before.

    Parameters
    ----------
    labels : Labels
        Working space; emptied first.
    start : tuple
        Clock, energy, both counters and day of the driver's week on entering the road graph.
    head : (n_candidates,) int64
        Working space.
    most_states : int
        States up to which the search is exact, > 0.

    Returns
    -------
    labels : Labels
        ``register[BEST]`` is the label at the destination, -1 where the trip cannot be driven,
        ``register[IS_COARSE]`` whether the exact search was given up.
    outcomes : (capacity, 7) float64
    """
    fill_cost_to_go(corridor, demand.needs, demand.places)
    least_h = least_cost(start, corridor, demand)
    margin_h = FIRST_MARGIN_H
    labels.register[MOST_LABELS], labels.register[IS_COARSE] = most_states, 0
    labels.slack_h[0] = DOMINANCE_TOLERANCE
    while True:
        labels, outcomes, has_ended = search_below(
            least_h + margin_h, labels, start, corridor, demand, head, outcomes
        )
        labels.register[MOST_LABELS] -= labels.register[N_LABELS]
        if not has_ended:
            labels.slack_h[0] = max(FIRST_SLACK_H, 4.0 * labels.slack_h[0])
            most_states *= 2
            labels.register[MOST_LABELS], labels.register[IS_COARSE] = most_states, 1
            continue
        if labels.register[BEST] >= 0 or labels.register[IS_CUT] == 0:
            return labels, outcomes
        margin_h = np.inf if margin_h > LAST_MARGIN_H else 4.0 * margin_h

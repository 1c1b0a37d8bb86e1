"""Pool of labels and the queue in which the stop planner works through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.routing.driving_kernel import DOMINANCE_TOLERANCE
from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

COST_H, CLOCK_H, ENERGY_KWH, SINCE_BREAK_H, SINCE_REST_H, HAS_PART, DAY, BOUND_H = range(8)
"""Columns of ``value``: perceived cost, clock, energy, both counters, 1 where the first part of a
split break is taken, day of the driver's week, bound on the final cost."""

PLACE, MODE, PARENT, NEXT, IS_DEAD, N_BREAKS, N_RESTS, N_SHORT = range(8)
"""Columns of ``link``; ``NEXT`` chains the labels of a place, breaks and rests are unplugged, short
are breaks whose first part was taken before: one at most, and the first of them."""

N_LABELS, N_QUEUED, BEST, IS_CUT, MOST_LABELS, IS_COARSE = range(6)
"""Entries of ``register``: labels, labels in the queue, best label at the destination (-1 where
there is none yet), whether a label was left out because of the limit; labels beyond which the
search does not go, and whether it told states apart but coarsely."""


class Labels(NamedTuple):
    """Label pool: ``value`` (capacity, 8), ``link`` (capacity, 8), ``queue`` (capacity,).

    ``limit_h`` (1,) is the cost from which labels are left out: that of the best arrival, or a
    first guess. ``slack_h`` (1,) is by how much a state may be worse in hours and still stand for
    another one: rounding alone where plans are exact.
    """

    value: NDArray[np.float64]
    link: NDArray[np.int64]
    queue: NDArray[np.int64]
    register: NDArray[np.int64]
    limit_h: NDArray[np.float64]
    slack_h: NDArray[np.float64]


@inner_kernel
def empty_labels(capacity: int) -> Labels:
    """Return a pool without labels."""
    return Labels(
        np.empty((capacity, 8)),
        np.empty((capacity, 8), np.int64),
        np.empty(capacity, np.int64),
        np.zeros(6, np.int64),
        np.full(1, np.inf),
        np.full(1, DOMINANCE_TOLERANCE),
    )


@inner_kernel
def with_room(labels: Labels, n_more: int) -> Labels:
    """Return the pool, or a larger copy where it lacks room for so many more labels."""
    n_labels = labels.register[N_LABELS]
    if n_labels + n_more <= len(labels.queue):
        return labels
    larger = empty_labels(2 * (n_labels + n_more))
    # Loops, because array assignments take seconds to compile.
    for label in range(n_labels):
        for column in range(labels.value.shape[1]):
            larger.value[label, column] = labels.value[label, column]
        for column in range(labels.link.shape[1]):
            larger.link[label, column] = labels.link[label, column]
        larger.queue[label] = labels.queue[label]
    for entry in range(len(labels.register)):
        larger.register[entry] = labels.register[entry]
    larger.limit_h[0], larger.slack_h[0] = labels.limit_h[0], labels.slack_h[0]
    return larger


@inner_kernel(**UNCOUNTED)
def clear(labels: Labels, limit_h: float) -> None:
    """Empty the pool and set the cost from which labels are left out."""
    labels.register[N_LABELS], labels.register[N_QUEUED] = 0, 0
    labels.register[BEST], labels.register[IS_CUT] = -1, 0
    labels.limit_h[0] = limit_h


@inner_kernel(**UNCOUNTED)
def is_cut_off(bound_h: float, limit_h: float, register: NDArray[np.int64]) -> bool:
    """Whether a bound on the final cost rules a label out; remembers a cut by the limit."""
    if bound_h < limit_h:
        return False
    if np.isfinite(bound_h):
        register[IS_CUT] = 1
    return True


@inner_kernel(**UNCOUNTED)
def state_of(
    value: NDArray[np.float64], label: int
) -> tuple[float, float, float, float, float, float, float]:
    """Cost, clock, energy and counters of a label, whether it has a first part, and its day."""
    return (
        value[label, COST_H],
        value[label, CLOCK_H],
        value[label, ENERGY_KWH],
        value[label, SINCE_BREAK_H],
        value[label, SINCE_REST_H],
        value[label, HAS_PART],
        value[label, DAY],
    )


@inner_kernel(**UNCOUNTED)
def add_label(
    value: NDArray[np.float64],
    link: NDArray[np.int64],
    register: NDArray[np.int64],
    state: tuple[float, float, float, float, float, float, float],
    bound_h: float,
    place: int,
    mode: int,
    parent: int,
) -> int:
    """Put a label into the pool, which must have room for it.

    This and what follows takes only those arrays of the pool that it needs: each one costs time.
    """
    label = register[N_LABELS]
    register[N_LABELS] += 1
    value[label, COST_H], value[label, CLOCK_H], value[label, ENERGY_KWH] = state[:3]
    value[label, SINCE_BREAK_H], value[label, SINCE_REST_H] = state[3], state[4]
    value[label, HAS_PART], value[label, DAY], value[label, BOUND_H] = state[5], state[6], bound_h
    link[label, PLACE], link[label, MODE], link[label, PARENT] = place, mode, parent
    link[label, NEXT], link[label, IS_DEAD] = -1, 0
    link[label, N_BREAKS], link[label, N_RESTS], link[label, N_SHORT] = 0, 0, 0
    return int(label)


@inner_kernel(**UNCOUNTED)
def precedes(bound_h: float, label: int, other_bound_h: float, other: int) -> bool:
    """Whether a label comes first: the lower bound, then the older label."""
    return bound_h < other_bound_h or (bound_h == other_bound_h and label < other)


@inner_kernel(**UNCOUNTED)
def push(
    value: NDArray[np.float64], queue: NDArray[np.int64], register: NDArray[np.int64], label: int
) -> None:
    """Queue a label (binary heap)."""
    bound_h = value[label, BOUND_H]
    position = register[N_QUEUED]
    register[N_QUEUED] += 1
    while position > 0:
        above = (position - 1) // 2
        if not precedes(bound_h, label, value[queue[above], BOUND_H], queue[above]):
            break
        queue[position] = queue[above]
        position = above
    queue[position] = label


@inner_kernel(**UNCOUNTED)
def pop(value: NDArray[np.float64], queue: NDArray[np.int64], register: NDArray[np.int64]) -> int:
    """Take the first label from the queue, which must not be empty."""
    first = queue[0]
    register[N_QUEUED] -= 1
    n_queued = register[N_QUEUED]
    last = queue[n_queued]
    last_bound_h = value[last, BOUND_H]
    position = 0
    while True:
        below = 2 * position + 1
        if below >= n_queued:
            break
        bound_h = value[queue[below], BOUND_H]
        if below + 1 < n_queued:
            other_bound_h = value[queue[below + 1], BOUND_H]
            if precedes(other_bound_h, queue[below + 1], bound_h, queue[below]):
                below, bound_h = below + 1, other_bound_h
        if not precedes(bound_h, queue[below], last_bound_h, last):
            break
        queue[position] = queue[below]
        position = below
    queue[position] = last
    return int(first)


@inner_kernel(**UNCOUNTED)
def is_no_worse(
    one: tuple[float, float, float, float, float, float, float],
    other: tuple[float, float, float, float, float, float, float],
    slack_h: float,
    is_clock_compared: bool,  # noqa: FBT001 - kernels have no keyword-only arguments
) -> bool:
    """Whether nobody need follow the other state; as in :func:`is_dominated`."""
    return bool(
        one[0] <= other[0] + slack_h
        and one[2] >= other[2] - min(slack_h, DOMINANCE_TOLERANCE)
        and one[3] <= other[3] + slack_h
        and one[4] <= other[4] + slack_h
        and one[5] >= other[5]
        and one[6] == other[6]
        and (
            not is_clock_compared
            or (one[1] <= other[1] + slack_h and one[0] - one[1] <= other[0] - other[1] + slack_h)
        )
    )


@inner_kernel(**UNCOUNTED)
def is_dominated(
    value: NDArray[np.float64],
    link: NDArray[np.int64],
    head: NDArray[np.int64],
    place: int,
    state: tuple[float, float, float, float, float, float, float],
    slack_h: float,
    is_clock_compared: bool,  # noqa: FBT001 - kernels have no keyword-only arguments
) -> bool:
    """Whether an arrival is no better than an earlier one at its place; strikes out worse ones.

    Parameters
    ----------
    head : (n_places,) int64
        First label of each place's chain, -1 where there is none.
    state : tuple
        Cost, clock, energy, both counters, part and day of the arrival. Days of the driver's week
        are compared with the same day alone: the next may be a longer one, or a shorter.
    slack_h : float
        As in :class:`Labels`. Energy is told apart whatever the slack: with less of it a truck may
        reach no site, while time only costs time.
    is_clock_compared : bool
        Whether the clock matters beyond the cost: only where waiting depends on it. Then the clock
        and the taste so far (cost less clock) are compared one by one: who arrives earlier starts
        earlier, but may wait so much longer that a lead in cost alone is lost.
    """
    before = -1
    label = head[place]
    while label >= 0:
        following = link[label, NEXT]
        other = state_of(value, label)
        if is_no_worse(other, state, slack_h, is_clock_compared):
            return True
        if is_no_worse(state, other, 0.0, is_clock_compared):
            link[label, IS_DEAD] = 1
            if before < 0:
                head[place] = following
            else:
                link[before, NEXT] = following
        else:
            before = label
        label = following
    return False

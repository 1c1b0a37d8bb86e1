"""Pool of labels and the queue in which the stop planner works through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from planner.routing.driving_kernel import DOMINANCE_TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

COST_H, CLOCK_H, ENERGY_KWH, SINCE_BREAK_H, SINCE_REST_H, HAS_PART, DAY, BOUND_H = range(8)
"""Columns of ``value``: perceived cost, clock, energy, both counters, 1 where the first part of a
split break is taken, day of the driver's week, bound on the final cost."""

PLACE, MODE, PARENT, NEXT, IS_DEAD, N_BREAKS, N_RESTS, N_SHORT = range(8)
"""Columns of ``link``; ``NEXT`` chains the labels of a place, breaks and rests are unplugged, short
are breaks whose first part was taken before: one at most, and the first of them."""

N_LABELS, N_QUEUED, BEST, IS_CUT = range(4)
"""Entries of ``register``: labels, labels in the queue, best label at the destination (-1 where
there is none yet), whether a label was left out because of the limit."""


class Labels(NamedTuple):
    """Label pool: ``value`` (capacity, 8), ``link`` (capacity, 8), ``queue`` (capacity,).

    ``limit_h`` (1,) is the cost from which labels are left out: that of the best arrival, or a
    first guess.
    """

    value: NDArray[np.float64]
    link: NDArray[np.int64]
    queue: NDArray[np.int64]
    register: NDArray[np.int64]
    limit_h: NDArray[np.float64]


@njit(cache=True)
def empty_labels(capacity: int) -> Labels:
    """Return a pool without labels."""
    return Labels(
        np.empty((capacity, 8)),
        np.empty((capacity, 8), np.int64),
        np.empty(capacity, np.int64),
        np.zeros(4, np.int64),
        np.full(1, np.inf),
    )


@njit(cache=True)
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
    larger.limit_h[0] = labels.limit_h[0]
    return larger


@njit(cache=True)
def clear(labels: Labels, limit_h: float) -> None:
    """Empty the pool and set the cost from which labels are left out."""
    labels.register[N_LABELS], labels.register[N_QUEUED] = 0, 0
    labels.register[BEST], labels.register[IS_CUT] = -1, 0
    labels.limit_h[0] = limit_h


@njit(cache=True)
def is_cut_off(labels: Labels, bound_h: float) -> bool:
    """Whether a bound on the final cost rules a label out; remembers a cut by the limit."""
    if bound_h < labels.limit_h[0]:
        return False
    if np.isfinite(bound_h):
        labels.register[IS_CUT] = 1
    return True


@njit(cache=True)
def precedes(labels: Labels, one: int, other: int) -> bool:
    """Whether a label comes first: the lower bound, then the older label."""
    bound, other_bound = labels.value[one, BOUND_H], labels.value[other, BOUND_H]
    return bound < other_bound or (bound == other_bound and one < other)


@njit(cache=True)
def push(labels: Labels, label: int) -> None:
    """Queue a label (binary heap)."""
    queue = labels.queue
    position = labels.register[N_QUEUED]
    labels.register[N_QUEUED] += 1
    while position > 0:
        above = (position - 1) // 2
        if not precedes(labels, label, queue[above]):
            break
        queue[position] = queue[above]
        position = above
    queue[position] = label


@njit(cache=True)
def pop(labels: Labels) -> int:
    """Take the first label from the queue, which must not be empty."""
    queue = labels.queue
    first = queue[0]
    labels.register[N_QUEUED] -= 1
    n_queued = labels.register[N_QUEUED]
    last = queue[n_queued]
    position = 0
    while True:
        below = 2 * position + 1
        if below >= n_queued:
            break
        if below + 1 < n_queued and precedes(labels, queue[below + 1], queue[below]):
            below += 1
        if not precedes(labels, queue[below], last):
            break
        queue[position] = queue[below]
        position = below
    queue[position] = last
    return int(first)


@njit(cache=True)
def is_dominated(
    labels: Labels,
    head: NDArray[np.int64],
    place: int,
    state: tuple[float, float, float, float, float, float, float],
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
    is_clock_compared : bool
        Whether the clock matters beyond the cost: only where waiting depends on it. Then the clock
        and the taste so far (cost less clock) are compared one by one: who arrives earlier starts
        earlier, but may wait so much longer that a lead in cost alone is lost.
    """
    cost_h, clock_h, energy_kwh, since_break_h, since_rest_h, has_part, day = state
    before = -1
    label = head[place]
    while label >= 0:
        other = labels.value[label]
        following = labels.link[label, NEXT]
        if (
            other[COST_H] <= cost_h + DOMINANCE_TOLERANCE
            and other[ENERGY_KWH] >= energy_kwh - DOMINANCE_TOLERANCE
            and other[SINCE_BREAK_H] <= since_break_h + DOMINANCE_TOLERANCE
            and other[SINCE_REST_H] <= since_rest_h + DOMINANCE_TOLERANCE
            and other[HAS_PART] >= has_part
            and other[DAY] == day
            and (
                not is_clock_compared
                or (
                    other[CLOCK_H] <= clock_h + DOMINANCE_TOLERANCE
                    and other[COST_H] - other[CLOCK_H] <= cost_h - clock_h + DOMINANCE_TOLERANCE
                )
            )
        ):
            return True
        if (
            cost_h <= other[COST_H]
            and energy_kwh >= other[ENERGY_KWH]
            and since_break_h <= other[SINCE_BREAK_H]
            and since_rest_h <= other[SINCE_REST_H]
            and has_part >= other[HAS_PART]
            and other[DAY] == day
            and (
                not is_clock_compared
                or (
                    clock_h <= other[CLOCK_H] and cost_h - clock_h <= other[COST_H] - other[CLOCK_H]
                )
            )
        ):
            labels.link[label, IS_DEAD] = 1
            if before < 0:
                head[place] = following
            else:
                labels.link[before, NEXT] = following
        else:
            before = label
        label = following
    return False

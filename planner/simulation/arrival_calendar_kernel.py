"""Calendar of the queue simulation: who arrives next, of all trucks of a country.

First arrivals are sorted before the run, the arrivals that come of it lie in narrow time buckets
(:mod:`planner.simulation.queue_kernel` says why); both streams are merged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

NODE_DTYPE = np.dtype(
    [("arrival_h", np.float64), ("session", np.int32), ("next_trip", np.int32)], align=True
)
"""What a truck does next, and the next truck in the same bucket (-1 at the end of the list)."""


class Workspace(NamedTuple):
    """Scratch memory of one thread, used again for each of its layouts."""

    node: NDArray[np.void]
    bucket_head: NDArray[np.int32]
    due_h: NDArray[np.float64]
    due_trip: NDArray[np.int32]
    ring_begin: NDArray[np.int64]
    ring_front: NDArray[np.int64]


@njit(cache=True)
def is_earlier(a_h: float, a_trip: int, b_h: float, b_trip: int) -> bool:
    """Order of events: by time, then by trip."""
    return a_h < b_h or (a_h == b_h and a_trip < b_trip)


@njit(cache=True)
def insert_due(
    due_h: NDArray[np.float64], due_trip: NDArray[np.int32], n_due: int, arrival_h: float, trip: int
) -> None:
    """Insert into the events that are due, which are kept latest first."""
    # From the back: the next event is taken off the end, and a bucket holds a handful.
    j = n_due
    while j > 0 and is_earlier(due_h[j - 1], due_trip[j - 1], arrival_h, trip):
        due_h[j] = due_h[j - 1]
        due_trip[j] = due_trip[j - 1]
        j -= 1
    due_h[j] = arrival_h
    due_trip[j] = trip


@njit(cache=True)
def open_bucket(work: Workspace, bucket: int) -> int:
    """Move a bucket's events to the due ones, sorted; returns how many there are."""
    n_due = 0
    trip = work.bucket_head[bucket]
    work.bucket_head[bucket] = -1
    while trip >= 0:
        insert_due(work.due_h, work.due_trip, n_due, work.node[trip].arrival_h, trip)
        n_due += 1
        trip = work.node[trip].next_trip
    return n_due


@njit(cache=True)
def schedule(work: Workspace, position: float, trip: int) -> None:
    """Put a truck's next event into a later bucket; the last one collects all beyond."""
    overflow = work.bucket_head.size - 1
    # Compared as a float: a time far beyond the buckets need not fit an integer.
    bucket = overflow if position >= overflow else int(position)
    work.node[trip].next_trip = work.bucket_head[bucket]
    work.bucket_head[bucket] = trip


@njit(cache=True)
def reopen_overflow(work: Workspace) -> tuple[float, float]:
    """Spread the events beyond the last bucket over all buckets again: new origin and 1/width."""
    overflow = work.bucket_head.size - 1
    head = work.bucket_head[overflow]
    work.bucket_head[overflow] = -1
    earliest_h = np.inf
    latest_h = -np.inf
    trip = head
    while trip >= 0:
        earliest_h = min(earliest_h, work.node[trip].arrival_h)
        latest_h = max(latest_h, work.node[trip].arrival_h)
        trip = work.node[trip].next_trip
    # Twice the span, so that most of what these trucks do afterwards still finds a bucket.
    buckets_per_h = overflow / max(2.0 * (latest_h - earliest_h), 24.0)
    trip = head
    while trip >= 0:
        following = work.node[trip].next_trip
        schedule(work, (work.node[trip].arrival_h - earliest_h) * buckets_per_h, trip)
        trip = following
    return earliest_h, buckets_per_h


@njit(cache=True)
def next_arrival(
    first_arrival_h: NDArray[np.float64],
    next_first: int,
    last_first: int,
    node: NDArray[np.void],
    due_h: NDArray[np.float64],
    due_trip: NDArray[np.int32],
    n_due: int,
) -> tuple[int, int, float, int, int]:
    """Take the next arrival of two sorted streams: first arrivals, and those that came of this run.

    Returns
    -------
    trip, session : int
        What arrives.
    now_h : float
        When, hours.
    next_first, n_due : int
        What is left of the streams.
    """
    if next_first < last_first and (
        n_due == 0
        or is_earlier(
            first_arrival_h[next_first],
            next_first,
            due_h[n_due - 1],
            due_trip[n_due - 1],
        )
    ):
        return next_first, next_first, first_arrival_h[next_first], next_first + 1, n_due
    trip = due_trip[n_due - 1]
    return trip, node[trip].session, due_h[n_due - 1], next_first, n_due - 1


@njit(cache=True)
def go_on(
    work: Workspace,
    trip: int,
    session: int,
    arrival_h: float,
    position: float,
    bucket: int,
    n_due: int,
) -> int:
    """Let a truck come to its next session; returns how many events are due in this bucket.

    Parameters
    ----------
    position : float
        The arrival in buckets.
    bucket : int
        The one that is open.
    """
    work.node[trip].arrival_h = arrival_h
    work.node[trip].session = session
    # An arrival within the bucket that is open must still come in its turn.
    if position >= bucket + 1:
        schedule(work, position, trip)
        return n_due
    insert_due(work.due_h, work.due_trip, n_due, arrival_h, trip)
    return n_due + 1

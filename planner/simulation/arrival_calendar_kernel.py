"""Calendar of the queue simulation: who arrives next, of all trucks of a country.

First arrivals are sorted before the run, the arrivals that come of it lie in narrow time buckets
(:mod:`planner.simulation.queue_kernel` says why); both streams are merged. Only trucks on their way
to a later stop need a note of it: these are few, and the note that was read last is written on
next, so that those in use stay in the processor's own memory however many trucks there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.runs.kernel_decorators import inner_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

NODE_DTYPE = np.dtype(
    [
        ("arrival_h", np.float64),
        ("session", np.int32),
        ("trip", np.int32),
        ("next_node", np.int32),
    ],
    align=True,
)
"""What a truck does next, and the next node in the same bucket or unused (-1 at the end)."""


class Workspace(NamedTuple):
    """Scratch memory of one thread, used again for each of its layouts."""

    node: NDArray[np.void]
    unused: NDArray[np.int32]
    """(2,) first node of the list of those given back, -1 for none; nodes ever in use."""
    bucket_head: NDArray[np.int32]
    due_h: NDArray[np.float64]
    due_node: NDArray[np.int32]
    ring_begin: NDArray[np.int64]
    ring_front: NDArray[np.int64]


@inner_kernel
def make_workspace(
    n_trips: int, n_buckets: int, ring_begin: NDArray[np.int64], ring_front: NDArray[np.int64]
) -> Workspace:
    """Allocate scratch memory for one thread, for rings that are kept as said."""
    return Workspace(
        # A truck has one stop ahead of it at any time; memory that is never touched costs nothing.
        np.empty(n_trips, NODE_DTYPE),
        np.array([-1, 0], np.int32),
        np.full(n_buckets, -1, np.int32),
        np.empty(n_trips, np.float64),
        np.empty(n_trips, np.int32),
        ring_begin,
        ring_front,
    )


@inner_kernel
def is_earlier(a_h: float, a_trip: int, b_h: float, b_trip: int) -> bool:
    """Order of events: by time, then by trip."""
    return a_h < b_h or (a_h == b_h and a_trip < b_trip)


@inner_kernel
def insert_due(
    node: NDArray[np.void],
    due_h: NDArray[np.float64],
    due_node: NDArray[np.int32],
    n_due: int,
    new: int,
) -> None:
    """Insert a node into the events that are due, which are kept latest first."""
    arrival_h, trip = node[new].arrival_h, node[new].trip
    # From the back: the next event is taken off the end, and a bucket holds a handful.
    j = n_due
    while j > 0 and is_earlier(due_h[j - 1], node[due_node[j - 1]].trip, arrival_h, trip):
        due_h[j] = due_h[j - 1]
        due_node[j] = due_node[j - 1]
        j -= 1
    due_h[j] = arrival_h
    due_node[j] = new


@inner_kernel
def open_bucket(work: Workspace, bucket: int) -> int:
    """Move a bucket's events to the due ones, sorted; returns how many there are."""
    n_due = 0
    at = work.bucket_head[bucket]
    work.bucket_head[bucket] = -1
    while at >= 0:
        insert_due(work.node, work.due_h, work.due_node, n_due, at)
        n_due += 1
        at = work.node[at].next_node
    return n_due


@inner_kernel
def schedule(work: Workspace, position: float, at: int) -> None:
    """Put a node into a later bucket; the last one collects all beyond."""
    overflow = work.bucket_head.size - 1
    # Compared as a float: a time far beyond the buckets need not fit an integer.
    bucket = overflow if position >= overflow else int(position)
    work.node[at].next_node = work.bucket_head[bucket]
    work.bucket_head[bucket] = at


@inner_kernel
def reopen_overflow(work: Workspace) -> tuple[float, float]:
    """Spread the events beyond the last bucket over all buckets again: new origin and 1/width."""
    overflow = work.bucket_head.size - 1
    head = work.bucket_head[overflow]
    work.bucket_head[overflow] = -1
    earliest_h = np.inf
    latest_h = -np.inf
    at = head
    while at >= 0:
        earliest_h = min(earliest_h, work.node[at].arrival_h)
        latest_h = max(latest_h, work.node[at].arrival_h)
        at = work.node[at].next_node
    # Twice the span, so that most of what these trucks do afterwards still finds a bucket.
    buckets_per_h = overflow / max(2.0 * (latest_h - earliest_h), 24.0)
    at = head
    while at >= 0:
        following = work.node[at].next_node
        schedule(work, (work.node[at].arrival_h - earliest_h) * buckets_per_h, at)
        at = following
    return earliest_h, buckets_per_h


@inner_kernel
def next_arrival(
    first_arrival_h: NDArray[np.float64],
    next_first: int,
    last_first: int,
    work: Workspace,
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
            work.due_h[n_due - 1],
            work.node[work.due_node[n_due - 1]].trip,
        )
    ):
        return next_first, next_first, first_arrival_h[next_first], next_first + 1, n_due
    at = work.due_node[n_due - 1]
    work.node[at].next_node = work.unused[0]
    work.unused[0] = at
    node = work.node[at]
    return node.trip, node.session, node.arrival_h, next_first, n_due - 1


@inner_kernel
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
    at = work.unused[0]
    if at >= 0:
        work.unused[0] = work.node[at].next_node
    else:
        at = work.unused[1]
        work.unused[1] += 1
    work.node[at].arrival_h = arrival_h
    work.node[at].session = session
    work.node[at].trip = trip
    # An arrival within the bucket that is open must still come in its turn.
    if position >= bucket + 1:
        schedule(work, position, at)
        return n_due
    insert_due(work.node, work.due_h, work.due_node, n_due, at)
    return n_due + 1

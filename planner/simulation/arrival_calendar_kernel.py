"""Calendar of the queue simulation: who arrives next, of all trucks of a country.

Arrivals as planned are sorted before the run, those of trucks that are late lie in narrow time
buckets (:mod:`planner.simulation.queue_kernel` says why); both streams are merged. A bucket's
events stand in a row, which is read in one go when its time has come; the few for which a row has
no room, and those beyond the last bucket, are lists through nodes that are used again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.event_tables import EventTables

IN_ROW = 8
"""Events of a bucket that stand in a row: a line of a processor's memory for when, one for who."""

_BITS = 32
_SESSION = 2**_BITS - 1


class Workspace(NamedTuple):
    """Scratch memory of one thread, used again for each of its layouts."""

    row_h: NDArray[np.float64]
    row_who: NDArray[np.int64]
    """(n_buckets * IN_ROW,) when the first events of each bucket are, and :func:`who` comes."""
    n_in_row: NDArray[np.int32]
    """(n_buckets,) how many of them there are."""
    node_h: NDArray[np.float64]
    node_who: NDArray[np.int64]
    next_node: NDArray[np.int32]
    """All other events of a bucket, and those beyond the last one: lists, -1 at their ends."""
    unused: NDArray[np.int32]
    """(2,) first node of the list of those given back, -1 for none; nodes ever in use."""
    bucket_head: NDArray[np.int32]
    due_h: NDArray[np.float64]
    due_who: NDArray[np.int64]
    is_late: NDArray[np.bool_]
    """(n_stops,) whether a truck comes to a session otherwise than planned; false after a run."""
    ring_begin: NDArray[np.int64]
    ring_front: NDArray[np.int64]


@inner_kernel
def make_workspace(
    tables: EventTables, ring_begin: NDArray[np.int64], ring_front: NDArray[np.int64]
) -> Workspace:
    """Allocate scratch memory for one thread, for rings that are kept as said."""
    n_trips = tables.n_trips
    n_buckets = tables.bucket_first_planned.size
    return Workspace(
        np.empty(n_buckets * IN_ROW, np.float64),
        np.empty(n_buckets * IN_ROW, np.int64),
        np.zeros(n_buckets, np.int32),
        # A truck has one stop ahead of it at any time; memory that is never touched costs nothing.
        np.empty(n_trips, np.float64),
        np.empty(n_trips, np.int64),
        np.empty(n_trips, np.int32),
        np.array([-1, 0], np.int32),
        np.full(n_buckets, -1, np.int32),
        np.empty(n_trips, np.float64),
        np.empty(n_trips, np.int64),
        np.zeros(tables.planned.size, np.bool_),
        ring_begin,
        ring_front,
    )


@inner_kernel(inline="always")
def who(trip: int, session: int) -> int:
    """Trip and session in one number, in the order of the trips: each has one session at a time."""
    return (trip << _BITS) | session


@inner_kernel(inline="always")
def is_earlier(a_h: float, a_who: int, b_h: float, b_who: int) -> bool:
    """Order of events: by time, then by trip."""
    return a_h < b_h or (a_h == b_h and a_who < b_who)


@inner_kernel(inline="always")
def insert_due(
    due_h: NDArray[np.float64],
    due_who: NDArray[np.int64],
    n_due: int,
    arrival_h: float,
    comes: int,
) -> None:
    """Insert an event into those that are due, which are kept latest first."""
    # From the back: the next event is taken off the end, and a bucket holds a handful.
    j = n_due
    while j > 0 and is_earlier(due_h[np.uintp(j - 1)], due_who[np.uintp(j - 1)], arrival_h, comes):
        due_h[np.uintp(j)] = due_h[np.uintp(j - 1)]
        due_who[np.uintp(j)] = due_who[np.uintp(j - 1)]
        j -= 1
    due_h[np.uintp(j)] = arrival_h
    due_who[np.uintp(j)] = comes


@inner_kernel(inline="always")
def open_bucket(work: Workspace, bucket: int) -> int:
    """Move a bucket's events to the due ones, sorted; returns how many there are."""
    due_h, due_who = work.due_h, work.due_who
    n_due: int = work.n_in_row[bucket]
    first = bucket * IN_ROW
    for k in range(n_due):
        insert_due(
            due_h, due_who, k, work.row_h[np.uintp(first + k)], work.row_who[np.uintp(first + k)]
        )
    work.n_in_row[bucket] = 0
    at = work.bucket_head[bucket]
    work.bucket_head[bucket] = -1
    while at >= 0:
        insert_due(due_h, due_who, n_due, work.node_h[at], work.node_who[at])
        n_due += 1
        at = give_back(work, at)
    return n_due


@inner_kernel(inline="always")
def give_back(work: Workspace, at: int) -> int:
    """Let a node be written on again; returns the one that stood behind it."""
    following: int = work.next_node[at]
    work.next_node[at] = work.unused[0]
    work.unused[0] = at
    return following


@inner_kernel(inline="always")
def schedule(work: Workspace, position: float, arrival_h: float, comes: int) -> None:
    """Put an event into a later bucket; the last one collects all beyond."""
    overflow = work.bucket_head.size - 1
    # Compared as a float: a time far beyond the buckets need not fit an integer.
    bucket = overflow if position >= overflow else int(position)
    n_in_row = work.n_in_row[np.uintp(bucket)]
    if bucket < overflow and n_in_row < IN_ROW:
        slot = np.uintp(bucket * IN_ROW + n_in_row)
        work.row_h[slot] = arrival_h
        work.row_who[slot] = comes
        work.n_in_row[np.uintp(bucket)] = n_in_row + 1
        return
    at = work.unused[0]
    if at >= 0:
        work.unused[0] = work.next_node[at]
    else:
        at = work.unused[1]
        work.unused[1] += 1
    work.node_h[at] = arrival_h
    work.node_who[at] = comes
    work.next_node[at] = work.bucket_head[bucket]
    work.bucket_head[bucket] = at


@inner_kernel(**UNCOUNTED)
def reopen_overflow(work: Workspace) -> tuple[float, float]:
    """Spread the events beyond the last bucket over all buckets again: new origin and 1/width."""
    overflow = work.bucket_head.size - 1
    head = work.bucket_head[overflow]
    work.bucket_head[overflow] = -1
    earliest_h = np.inf
    latest_h = -np.inf
    at = head
    while at >= 0:
        earliest_h = min(earliest_h, work.node_h[at])
        latest_h = max(latest_h, work.node_h[at])
        at = work.next_node[at]
    # Twice the span, so that most of what these trucks do afterwards still finds a bucket.
    buckets_per_h = overflow / max(2.0 * (latest_h - earliest_h), 24.0)
    at = head
    while at >= 0:
        arrival_h, comes = work.node_h[at], work.node_who[at]
        at = give_back(work, at)
        schedule(work, (arrival_h - earliest_h) * buckets_per_h, arrival_h, comes)
    return earliest_h, buckets_per_h


@inner_kernel(inline="always")
def pass_over_late(
    tables: EventTables, work: Workspace, next_planned: int, last_planned: int
) -> int:
    """Pass over planned arrivals of trucks that are late; returns the first that takes place.

    Who is late once comes to no later stop as planned, which is told here: before its time.
    """
    while next_planned < last_planned:
        at = tables.planned[np.uintp(next_planned)].session
        if not work.is_late[np.uintp(at)]:
            break
        work.is_late[np.uintp(at)] = False
        set_late(tables, work, at)
        next_planned += 1
    return next_planned


@inner_kernel(inline="always")
def set_late(tables: EventTables, work: Workspace, session: int) -> None:
    """Let the truck of a session not come to its next stop as planned."""
    following = tables.session[np.uintp(session)].next_session
    if following >= 0:
        work.is_late[np.uintp(following)] = True


@inner_kernel(inline="always")
def next_arrival(
    planned: NDArray[np.void],
    next_planned: int,
    last_planned: int,
    work: Workspace,
    n_due: int,
) -> tuple[bool, int, int, float, int, int]:
    """Take the next arrival of two sorted streams: as planned, and of trucks that are late.

    Returns
    -------
    is_on_time : bool
        Whether it is one as planned.
    trip, session : int
        What arrives.
    now_h : float
        When, hours.
    next_planned, n_due : int
        What is left of the streams.
    """
    if next_planned < last_planned:
        first = planned[np.uintp(next_planned)]
        if n_due == 0 or is_earlier(
            first.arrival_h,
            who(first.trip, first.session),
            work.due_h[np.uintp(n_due - 1)],
            work.due_who[np.uintp(n_due - 1)],
        ):
            return True, first.trip, first.session, first.arrival_h, next_planned + 1, n_due
    comes = work.due_who[np.uintp(n_due - 1)]
    trip, session = comes >> _BITS, comes & _SESSION
    return False, trip, session, work.due_h[np.uintp(n_due - 1)], next_planned, n_due - 1


@inner_kernel(inline="always")
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
    comes = who(trip, session)
    # An arrival within the bucket that is open must still come in its turn.
    if position >= bucket + 1:
        schedule(work, position, arrival_h, comes)
        return n_due
    insert_due(work.due_h, work.due_who, n_due, arrival_h, comes)
    return n_due + 1

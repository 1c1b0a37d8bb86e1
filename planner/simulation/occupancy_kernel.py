"""Highest loads of groups of sessions, from sessions in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.runs.kernel_decorators import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Changes(NamedTuple):
    """Begins or ends of sessions in the order of time, each (n_sessions,)."""

    session: NDArray[np.int64]
    at_h: NDArray[np.float64]
    load: NDArray[np.float64]


@kernel(nogil=True)
def bring_ties_in_order(ascending: NDArray[np.float64], order: NDArray[np.int64]) -> None:
    """Sort the positions of equal values, (n,), in place: what a stable sort does, in less time."""
    first = 0
    for i in range(1, len(order) + 1):
        if i == len(order) or ascending[i] != ascending[first]:
            if i - first > 1:
                order[first:i].sort()
            first = i


@kernel(nogil=True)
def fill_peaks_in_order(
    begins: Changes,
    ends: Changes,
    row: NDArray[np.int64],
    group: NDArray[np.int32],
    peak: NDArray[np.float64],
) -> None:
    """Fill in the highest sum of loads of each group, all in one way through time.

    Parameters
    ----------
    row : (n_sessions,) int64
        Row of ``group`` that tells of each session, as numbered before they were put in order.
    group : (n_rows, n_partitions) int32
        Groups that a session belongs to, one of each partition.
    peak : (n_groups,) float64
        Zeros, filled in.
    """
    now = np.zeros(len(peak))
    n_partitions = group.shape[1]
    n_ended = 0
    for begun in range(len(begins.session)):
        # At equal times what ends comes before what begins.
        while n_ended < len(ends.session) and ends.at_h[n_ended] <= begins.at_h[begun]:
            ended = row[ends.session[n_ended]]
            for partition in range(n_partitions):
                now[group[ended, partition]] -= ends.load[n_ended]
            n_ended += 1
        begin = row[begins.session[begun]]
        for partition in range(n_partitions):
            at = group[begin, partition]
            now[at] += begins.load[begun]
            peak[at] = max(peak[at], now[at])

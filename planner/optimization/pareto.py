"""Non-dominated points, hypervolume and thinning in the plane of waiting and utilisation.

Everywhere here a point is better the shorter its mean wait and the higher its utilisation (TCU).
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

REFERENCE_WAIT_MIN = 60.0
"""Reference point of the hypervolume: an hour of mean wait and no utilisation at all."""


def non_dominated(
    mean_wait_min: NDArray[np.float64], tcu_share: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Indices of the points that no other point beats.

    Parameters
    ----------
    mean_wait_min : (n,) float64
        Mean wait, minutes.
    tcu_share : (n,) float64
        Utilisation.

    Returns
    -------
    (n_front,) int64
        By ascending wait, and so by strictly ascending utilisation; of equal points the first.
    """
    order = np.lexsort((-tcu_share, mean_wait_min))
    best_before = np.concatenate([[-np.inf], np.maximum.accumulate(tcu_share[order])[:-1]])
    return order[tcu_share[order] > best_before].astype(np.int64)


def hypervolume(
    mean_wait_min: NDArray[np.float64],
    tcu_share: NDArray[np.float64],
    reference_wait_min: float = REFERENCE_WAIT_MIN,
) -> float:
    """Area that a set of points dominates, as a share of the area that an ideal point would.

    Parameters
    ----------
    mean_wait_min : (n,) float64
        Mean wait, minutes.
    tcu_share : (n,) float64
        Utilisation, within [0, 1].
    reference_wait_min : float
        Mean wait of the reference point, minutes, > 0; its utilisation is 0. Points that wait
        longer add nothing.

    Returns
    -------
    float
        Within [0, 1]; 1 for no wait at full utilisation.
    """
    front = non_dominated(mean_wait_min, tcu_share)
    waits = np.minimum(mean_wait_min[front], reference_wait_min)
    widths = np.diff(np.concatenate([waits, [reference_wait_min]]))
    return float(widths @ tcu_share[front]) / reference_wait_min


def weakly_dominated(
    points: NDArray[np.float64], by_points: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Tell for each point whether some other set has one that is nowhere worse.

    Parameters
    ----------
    points : (n, 2) float64
        Mean wait in minutes and utilisation.
    by_points : (m, 2) float64
        The other set.

    Returns
    -------
    (n,) bool
    """
    no_longer = by_points[None, :, 0] <= points[:, None, 0]
    no_emptier = by_points[None, :, 1] >= points[:, None, 1]
    return np.asarray((no_longer & no_emptier).any(axis=1))


def covering_points(front: NDArray[np.float64], covered: NDArray[np.float64]) -> NDArray[np.int64]:
    """Fewest points of a front that are together nowhere worse than given points.

    Parameters
    ----------
    front : (n, 2) float64
        Non-dominated points, mean wait and utilisation both strictly ascending.
    covered : (m, 2) float64
        Points, each weakly dominated by one of the front.

    Returns
    -------
    (k,) int64
        Ascending indices into ``front``.

    Notes
    -----
    The front's points that are nowhere worse than a given one are neighbours: an interval. The
    fewest points that meet all intervals are found by ending order.
    """
    first = np.searchsorted(front[:, 1], covered[:, 1], side="left")
    last = np.searchsorted(front[:, 0], covered[:, 0], side="right") - 1
    if np.any(first > last):
        message = "a point to cover is not weakly dominated by the front"
        raise ValueError(message)
    chosen: list[int] = []
    for i in np.argsort(last, kind="stable"):
        if not chosen or first[i] > chosen[-1]:
            chosen.append(int(last[i]))
    return np.array(chosen, dtype=np.int64)


def thin_front(
    front: NDArray[np.float64], n_points: int, kept: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Leave out the points that a front misses least, one after the other.

    Parameters
    ----------
    front : (n, 2) float64
        Non-dominated points, mean wait and utilisation both strictly ascending.
    n_points : int
        Points to keep at most; more remain only if ``kept`` and the two ends are more.
    kept : (k,) int64
        Indices that stay in any case.

    Returns
    -------
    (n_kept,) int64
        Ascending indices into ``front``.

    Notes
    -----
    A point's worth is the rectangle between its neighbours, its exclusive part of the
    hypervolume, on a logarithmic scale of waits since they run over orders of magnitude. Among
    equals the first one goes.
    """
    wait, tcu = np.log1p(front[:, 0]), front[:, 1]
    n = len(front)
    left, right = np.arange(n) - 1, np.arange(n) + 1
    fixed = np.zeros(n, dtype=bool)
    fixed[kept] = True
    fixed[[0, n - 1]] = True

    def worth(i: int) -> float:
        return float((wait[right[i]] - wait[i]) * (tcu[i] - tcu[left[i]]))

    current = {int(i): worth(int(i)) for i in np.flatnonzero(~fixed)}
    heap = [(value, i) for i, value in current.items()]
    heapq.heapify(heap)
    n_left = n
    while n_left > n_points and heap:
        value, i = heapq.heappop(heap)
        if current.get(i) != value:
            continue
        del current[i]
        n_left -= 1
        before, after = int(left[i]), int(right[i])
        right[before], left[after] = after, before
        for neighbour in (before, after):
            if neighbour in current:
                current[neighbour] = worth(neighbour)
                heapq.heappush(heap, (current[neighbour], neighbour))
    gone = ~fixed
    gone[list(current)] = False
    return np.flatnonzero(~gone)

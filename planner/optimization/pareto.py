"""Non-dominated points, hypervolume and thinning of a front of any number of objectives.

Everywhere here a point is a row of costs: in each objective less is better.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np
from pymoo.indicators.hv import Hypervolume
from pymoo.operators.survival.rank_and_crowding.metrics import get_crowding_function
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PLANE = 2
"""Objectives of a front that is a curve: each point has one neighbour on either side."""


def non_dominated(costs: NDArray[np.float64]) -> NDArray[np.int64]:
    """Indices of the points that no other point beats.

    Parameters
    ----------
    costs : (n, n_objectives) float64
        Points.

    Returns
    -------
    (n_front,) int64
        By ascending first cost, then second and so on; of equal points the first.
    """
    found = NonDominatedSorting().do(costs, only_non_dominated_front=True)
    front = np.sort(np.asarray(found, np.int64))
    front = front[np.lexsort(costs[front].T[::-1])]
    is_first = np.ones(len(front), dtype=bool)
    is_first[1:] = (np.diff(costs[front], axis=0) != 0.0).any(axis=1)
    return front[is_first]


def hypervolume(
    costs: NDArray[np.float64], reference: NDArray[np.float64], ideal: NDArray[np.float64]
) -> float:
    """Volume that a set of points dominates, as a share of the volume that an ideal point would.

    Parameters
    ----------
    costs : (n, n_objectives) float64
        Points; those that are not better than the reference in every objective add nothing.
    reference, ideal : (n_objectives,) float64
        The two corners.

    Returns
    -------
    float
        Within [0, 1]; 1 for the ideal point.
    """
    whole = Hypervolume(ref_point=reference, norm_ref_point=False).do(costs)
    return float(whole / np.prod(reference - ideal))


def weakly_dominated(
    costs: NDArray[np.float64], by_costs: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Tell for each point whether some other set has one that is nowhere worse.

    Parameters
    ----------
    costs : (n, n_objectives) float64
        Points.
    by_costs : (m, n_objectives) float64
        The other set.

    Returns
    -------
    (n,) bool
    """
    return np.asarray(_nowhere_worse(costs, by_costs).any(axis=1))


def _nowhere_worse(costs: NDArray[np.float64], by_costs: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether points of the other set are nowhere worse than each point, (n, m)."""
    return np.asarray((by_costs[None] <= costs[:, None]).all(axis=2))


def covering_points(front: NDArray[np.float64], covered: NDArray[np.float64]) -> NDArray[np.int64]:
    """Few points of a front that are together nowhere worse than given points.

    Parameters
    ----------
    front : (n, n_objectives) float64
        Non-dominated points as :func:`non_dominated` sorts them.
    covered : (m, n_objectives) float64
        Points, each weakly dominated by one of the front.

    Returns
    -------
    (k,) int64
        Ascending indices into ``front``.

    Notes
    -----
    Of two objectives the front's points that are nowhere worse than a given one are neighbours:
    an interval. The fewest points that meet all intervals are found by ending order. Of more it is
    a set cover, found greedily: few points, not always the fewest.
    """
    if not weakly_dominated(covered, front).all():
        message = "a point to cover is not weakly dominated by the front"
        raise ValueError(message)
    if front.shape[1] == _PLANE:
        return _covering_in_plane(front, covered)
    is_covering = _nowhere_worse(covered, front)
    chosen: list[int] = []
    while len(is_covering):
        chosen.append(int(is_covering.sum(axis=0).argmax()))
        is_covering = is_covering[~is_covering[:, chosen[-1]]]
    return np.array(sorted(chosen), dtype=np.int64)


def _covering_in_plane(
    front: NDArray[np.float64], covered: NDArray[np.float64]
) -> NDArray[np.int64]:
    first = np.searchsorted(-front[:, 1], -covered[:, 1], side="left")
    last = np.searchsorted(front[:, 0], covered[:, 0], side="right") - 1
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
    front : (n, n_objectives) float64
        Non-dominated points as :func:`non_dominated` sorts them, on scales of one's choice.
    n_points : int
        Points to keep at most; more remain only if ``kept`` and the ends are more.
    kept : (k,) int64
        Indices that stay in any case.

    Returns
    -------
    (n_kept,) int64
        Ascending indices into ``front``.

    Notes
    -----
    Of two objectives a point's worth is the rectangle between its neighbours, its exclusive part
    of the hypervolume; among equals the first one goes. Of more it is pymoo's distance to its
    nearest neighbours (Kukkonen and Deb 2006), points that go one by one; the best point of each
    objective stays.
    """
    if front.shape[1] == _PLANE:
        return _thinned_in_plane(front, n_points, kept)
    if len(front) <= n_points:
        return np.arange(len(front))
    distance = get_crowding_function("mnn").do(front, n_remove=len(front) - n_points)
    distance[kept] = np.inf
    n_kept = max(n_points, int(np.isinf(distance).sum()))
    return np.sort(np.argsort(-distance, kind="stable")[:n_kept])


def _thinned_in_plane(
    front: NDArray[np.float64], n_points: int, kept: NDArray[np.int64]
) -> NDArray[np.int64]:
    n = len(front)
    left, right = np.arange(n) - 1, np.arange(n) + 1
    fixed = np.zeros(n, dtype=bool)
    fixed[kept] = True
    fixed[[0, n - 1]] = True

    def worth(i: int) -> float:
        width = front[right[i], 0] - front[i, 0]
        return float(width * (front[left[i], 1] - front[i, 1]))

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

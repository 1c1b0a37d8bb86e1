"""Carriageways of one road that are drawn apart: which one lies opposite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_APART_KM = 0.5
"""Carriageways of one road at most so far apart are each other's opposite, km."""
MAX_OPPOSITE_COS = -0.5
"""Opposite carriageways lead in directions that differ by over 120°."""
HEADING_STEP_M = 25.0
"""The heading at a point is taken between the points so far before and behind it."""


def heading_at(line: NDArray[np.object_], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Direction in which each line leads at a share of its length.

    Parameters
    ----------
    line : (n,) object
        Courses as shapely LineStrings, metres.
    share : (n,) float64
        Share of the length at which to look, within [0, 1].

    Returns
    -------
    (n, 2) float64
        Vectors (x, y), of any length.
    """
    length = shapely.length(line)
    step = np.minimum(HEADING_STEP_M, length / 2.0)
    at = np.clip(share * length, step, np.maximum(length - step, step))
    before = shapely.get_coordinates(shapely.line_interpolate_point(line, at - step))
    after = shapely.get_coordinates(shapely.line_interpolate_point(line, at + step))
    heading: NDArray[np.float64] = after - before
    return heading


def opposite_carriageways(
    lines: NDArray[np.object_],
    line_road: NDArray[np.object_],
    line_idx: NDArray[np.int64],
    share: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find the carriageway across the median from points on carriageways.

    Parameters
    ----------
    lines : (n_lines,) object
        Courses of all carriageways as shapely LineStrings, metres.
    line_road : (n_lines,) object
        References of their roads, written alike
        (:func:`~planner.network.snapping.normalised_road`).
    line_idx : (n,) int64
        Carriageway of each point.
    share : (n,) float64
        Share of its length at which the point lies.

    Returns
    -------
    (n,) int64
        The nearest line of the same road within :data:`MAX_APART_KM` that leads the other way
        there, the first among equals; -1 where there is none.
    (n,) float64
        Share of that line's length at which it is nearest to the point; 0 where there is none.
    """
    foot = shapely.line_interpolate_point(lines[line_idx], share, normalized=True)
    point, candidate = shapely.STRtree(lines).query(
        foot, predicate="dwithin", distance=MAX_APART_KM * 1000.0
    )
    same_road = line_road[line_idx[point]] == line_road[candidate]
    point, candidate = point[same_road], candidate[same_road]
    line = lines[candidate]
    at = shapely.line_locate_point(line, foot[point]) / np.maximum(shapely.length(line), 1e-6)
    one = heading_at(lines[line_idx[point]], share[point])
    other = heading_at(line, at)
    # The other carriageway runs against this one where it passes, wherever it leads further on.
    cosine = (one * other).sum(axis=1) / np.maximum(
        np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1), 1e-9
    )
    leads_back = cosine < MAX_OPPOSITE_COS
    point, candidate, at = point[leads_back], candidate[leads_back], at[leads_back]
    apart_m = np.round(shapely.distance(lines[candidate], foot[point]), 3)
    order = np.lexsort((candidate, apart_m, point))
    found, first = np.unique(point[order], return_index=True)
    opposite = np.full(len(line_idx), -1, dtype=np.int64)
    opposite_share = np.zeros(len(line_idx))
    opposite[found] = candidate[order[first]]
    opposite_share[found] = at[order[first]]
    return opposite, opposite_share

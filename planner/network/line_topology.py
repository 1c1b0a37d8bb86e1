"""From drawn lines to nodes and pieces between them: where lines meet, and who ends where."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Transformer
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.ops import substring

from planner.files.coordinates import LON_LAT

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SAME_VERTEX_DEG = 1e-8
"""Vertices that agree to this, about a millimetre, are one vertex."""


@dataclass(frozen=True, slots=True)
class LineTopology:
    """Pieces of lines between the nodes at which lines meet.

    Parameters
    ----------
    lon, lat : (n_nodes,) float64
        Positions of the nodes, degrees.
    from_idx, to_idx : (n_pieces,) int32
        End nodes of each piece, in the drawn direction.
    line_idx : (n_pieces,) int64
        The line that each piece is of.
    line_share : (n_pieces,) float64
        The piece's share of the length of its line.
    course : (n_pieces,) object
        Course from node to node as shapely LineString, degrees.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    from_idx: NDArray[np.int32]
    to_idx: NDArray[np.int32]
    line_idx: NDArray[np.int64]
    line_share: NDArray[np.float64]
    course: NDArray[np.object_]


def join_lines(lines: NDArray[np.object_], tolerance_m: float) -> LineTopology:
    """Split lines where they meet, and give ends that lie close together one node.

    Lines meet where they have a vertex in common, and where one ends within the tolerance of
    another. Lines that only cross, as roads do at bridges, do not meet.

    Parameters
    ----------
    lines : (n_lines,) object
        Shapely LineStrings in degrees, not empty.
    tolerance_m : float
        How far an end may lie from the end or line that it belongs to, metres, >= 0.

    Returns
    -------
    LineTopology
        Nodes in the order in which lines reach them, pieces in the order of the lines. Pieces that
        shrink to a node are left out.
    """
    centre = shapely.get_coordinates(lines).mean(axis=0)
    metric = f"+proj=laea +lon_0={centre[0]:.3f} +lat_0={centre[1]:.3f} +units=m"
    to_metric = Transformer.from_crs(LON_LAT, metric, always_xy=True)
    drawn = shapely.transform(lines, lambda xy: np.column_stack(to_metric.transform(*xy.T)))
    breaks_line, breaks_m = (
        np.concatenate(parts)
        for parts in zip(
            _shared_vertices(lines, drawn), _ends_beside(drawn, tolerance_m), strict=True
        )
    )
    pieces, line_idx = _split(drawn, breaks_line, breaks_m, tolerance_m)
    ends_xy = shapely.get_coordinates(
        np.concatenate([shapely.get_point(pieces, 0), shapely.get_point(pieces, -1)])
    )
    node = _clusters(ends_xy, tolerance_m)
    from_idx, to_idx = node[: len(pieces)], node[len(pieces) :]
    # A short piece from a node to itself is what the snapping of ends left over, no road.
    kept = (from_idx != to_idx) | (shapely.length(pieces) > 2.0 * tolerance_m)
    count = np.bincount(node)
    # A node lies in the middle of the ends that it gathers.
    x, y = (np.bincount(node, weights=axis) / count for axis in ends_xy.T)
    lon, lat = to_metric.transform(x, y, direction="INVERSE")
    return LineTopology(
        lon=np.asarray(lon),
        lat=np.asarray(lat),
        from_idx=from_idx[kept],
        to_idx=to_idx[kept],
        line_idx=line_idx[kept],
        line_share=(shapely.length(pieces) / shapely.length(drawn)[line_idx])[kept],
        course=_courses(
            pieces[kept], np.column_stack([lon, lat]), from_idx[kept], to_idx[kept], to_metric
        ),
    )


def _shared_vertices(
    lines: NDArray[np.object_], drawn: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Lines and distances along them, metres, of vertices that several lines have, or one twice."""
    degrees, line = shapely.get_coordinates(lines, return_index=True)
    xy = shapely.get_coordinates(drawn)
    grid = np.round(degrees / _SAME_VERTEX_DEG).astype(np.int64)
    _, vertex, count = np.unique(grid, axis=0, return_inverse=True, return_counts=True)
    # Vertices of all lines stand in one array: no step leads from a line to the next.
    step_m = np.zeros(len(xy))
    step_m[1:] = np.where(line[1:] == line[:-1], np.hypot(*np.diff(xy, axis=0).T), 0.0)
    total_m = np.cumsum(step_m)
    begin_m = total_m[np.searchsorted(line, np.arange(len(lines)))]
    shared = count[vertex.ravel()] > 1
    return line[shared], (total_m - begin_m[line])[shared]


def _ends_beside(
    drawn: NDArray[np.object_], tolerance_m: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Lines and distances along them, metres, at which other lines end."""
    ends = np.concatenate([shapely.get_point(drawn, 0), shapely.get_point(drawn, -1)])
    end, line = shapely.STRtree(drawn).query(ends, predicate="dwithin", distance=tolerance_m)
    other = end % len(drawn) != line
    end, line = end[other], line[other]
    return line, shapely.line_locate_point(drawn[line], ends[end])


def _split(
    drawn: NDArray[np.object_],
    breaks_line: NDArray[np.int64],
    breaks_m: NDArray[np.float64],
    tolerance_m: float,
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Cut lines at their breaks, leaving out breaks within the tolerance of one before."""
    length_m = shapely.length(drawn)
    apart_m = max(tolerance_m, 1e-3)
    inside = (breaks_m > apart_m) & (breaks_m < length_m[breaks_line] - apart_m)
    order = np.lexsort((breaks_m[inside], breaks_line[inside]))
    cuts: dict[int, list[float]] = {}
    for line, at_m in zip(
        breaks_line[inside][order].tolist(), breaks_m[inside][order].tolist(), strict=True
    ):
        before = cuts.setdefault(line, [])
        if not before or at_m - before[-1] > apart_m:
            before.append(at_m)
    pieces: list[object] = []
    line_idx: list[int] = []
    for line, course in enumerate(drawn):
        stations = [0.0, *cuts.get(line, []), length_m[line]]
        if len(stations) == 2:
            pieces.append(course)
        else:
            pieces += [substring(course, start, end) for start, end in pairwise(stations)]
        line_idx += [line] * (len(stations) - 1)
    return np.array(pieces, dtype=object), np.array(line_idx, dtype=np.int64)


def _clusters(xy: NDArray[np.float64], tolerance_m: float) -> NDArray[np.int32]:
    """Label of each point: points within the tolerance of each other, or of one between, agree."""
    pairs = cKDTree(xy).query_pairs(max(tolerance_m, 1e-3), output_type="ndarray")
    shape = (len(xy), len(xy))
    near = csr_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=shape)
    _, label = connected_components(near, directed=False)
    return np.asarray(label, dtype=np.int32)


def _courses(
    pieces: NDArray[np.object_],
    node: NDArray[np.float64],
    from_idx: NDArray[np.int32],
    to_idx: NDArray[np.int32],
    to_metric: Transformer,
) -> NDArray[np.object_]:
    """Courses in degrees, their ends moved onto their nodes."""
    xy, piece = shapely.get_coordinates(pieces, return_index=True)
    lon, lat = to_metric.transform(xy[:, 0], xy[:, 1], direction="INVERSE")
    points = np.column_stack([lon, lat])
    each = np.arange(len(pieces))  # there may be none, where all have shrunk to nodes
    points[np.searchsorted(piece, each)] = node[from_idx]
    points[np.searchsorted(piece, each, side="right") - 1] = node[to_idx]
    return np.asarray(shapely.linestrings(points, indices=piece))

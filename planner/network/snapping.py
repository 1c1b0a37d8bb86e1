"""Attach places to the carriageways they lie on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Transformer

from planner.errors import InputDataError
from planner.network.carriageways import heading_at, opposite_carriageways
from planner.network.directions import side_vector
from planner.network.sites import DIRECTION_BOTH, DIRECTION_ONE
from planner.said import said

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

ACCESS_ROAD = "access"
"""Arcs whose road begins so link places to the network and carry no sites."""

_SEPARATORS = re.compile(r"[\s\-_.]")
_MOTORWAY_WORD = re.compile(r"^(BUNDESAUTOBAHN|AUTOBAHN|BAB)A?(?=\d)")


@dataclass(frozen=True, slots=True)
class Snapping:
    """Where each place touches the network.

    Parameters
    ----------
    arc_idx : (n_places,) int32
        Arc that the place is attached to, -1 where no arc is near enough.
    offset_km : (n_places,) float64
        Distance from the start of the arc, km along the road.
    opposite_arc_idx : (n_places,) int32
        Arc of the opposite carriageway where the place serves both, else -1.
    opposite_offset_km : (n_places,) float64
        Distance from the start of that arc, km along the road; NaN where there is none.
    distance_km : (n_places,) float64
        Straight distance to the course of the arc; to the nearest arc where none is near enough.
    """

    arc_idx: NDArray[np.int32]
    offset_km: NDArray[np.float64]
    opposite_arc_idx: NDArray[np.int32]
    opposite_offset_km: NDArray[np.float64]
    distance_km: NDArray[np.float64]


def normalised_road(road: str) -> str:
    """Write a road's reference the one way that makes ``A 7``, ``a7`` and ``BAB 7`` the same."""
    return _MOTORWAY_WORD.sub("A", _SEPARATORS.sub("", road.upper()))


def snap_places(
    graph: RoadGraph,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    road: NDArray[np.object_],
    direction: NDArray[np.object_],
    max_snap_km: float,
    keeps_left: NDArray[np.bool_] | None = None,
) -> Snapping:
    """Attach places to their nearest arcs.

    Distances are measured in a metric projection (Lambert azimuthal equal-area, centred on the
    network) to the arcs' geometry, or to straight lines between their ends where there is none.
    An arc of the road that the place names goes before nearer arcs of other roads. The opposite
    carriageway is the arc with swapped ends or, where carriageways are drawn apart, the nearest arc
    of the same road that leads the other way
    (:func:`~planner.network.carriageways.opposite_carriageways`).

    Parameters
    ----------
    graph : RoadGraph
        The network; its access arcs are left out.
    lon, lat : (n_places,) float64
        Positions, degrees, EPSG:4326.
    road : (n_places,) object
        Reference of the road of each place, empty where unknown.
    direction : (n_places,) object
        ``"both"``, ``"one"`` (the side the place lies on decides; where carriageways are drawn
        apart, the nearest one) or a side as
        :func:`~planner.network.directions.read_direction` gives it.
    max_snap_km : float
        Farthest a place may lie from an arc, km.
    keeps_left : (n_places,) bool, optional
        Whether traffic keeps to the left at each place; nowhere without it.

    Returns
    -------
    Snapping
        Arc, offset and distance of each place. On a schematic network the distance says how far
        the drawn line is from the true road, not how far the place is from the carriageway; and
        the side of a drawn line says nothing there (on the built-in network it agrees with the
        side that official rest areas are named after in 51 % of cases): give a compass side.

    Raises
    ------
    InputDataError
        If the network has access arcs only.

    Notes
    -----
    Ties go to the arc with the lowest index, so that the result does not depend on the tree.
    """
    lines, to_metric, eligible = _metric_lines(graph)
    points = shapely.points(*to_metric.transform(lon, lat))
    line_road = _normalised_roads(graph.arc_road[eligible])
    near = _nearest_on_road(lines, line_road, points, _normalised_roads(road), max_snap_km)
    snapped = near.line_idx >= 0
    line, point = lines[near.line_idx[snapped]], points[snapped]
    arc = eligible[near.line_idx[snapped]]
    share = shapely.line_locate_point(line, point) / np.maximum(shapely.length(line), 1e-6)
    # Schematic networks have a reverse arc on the same line; drawn carriageways are looked for.
    opposite, opposite_share = graph.reverse_arc_idx()[arc], 1.0 - share
    alone = opposite < 0
    beside_idx, opposite_share[alone] = opposite_carriageways(
        lines, line_road, near.line_idx[snapped][alone], share[alone]
    )
    opposite[alone] = np.where(beside_idx >= 0, eligible[beside_idx], -1)
    wanted = direction[snapped]
    both = wanted == DIRECTION_BOTH
    # Of carriageways drawn apart the nearest is the one that a place lies beside.
    by_side = ~both & (opposite >= 0) & ~(alone & (wanted == DIRECTION_ONE))
    # With traffic on the right a site that is served lies to the right of its carriageway.
    outward = _rightward(line, share, _side_vectors(line, point, wanted))
    if keeps_left is not None:
        outward = np.where(keeps_left[snapped], -outward, outward)
    swapped = by_side & (outward < 0.0)
    length_km = graph.arc_length_km
    result = Snapping(
        arc_idx=np.full(len(points), -1, dtype=np.int32),
        offset_km=np.full(len(points), np.nan),
        opposite_arc_idx=np.full(len(points), -1, dtype=np.int32),
        opposite_offset_km=np.full(len(points), np.nan),
        distance_km=near.distance_km,
    )
    result.arc_idx[snapped] = served = np.where(swapped, opposite, arc)
    result.offset_km[snapped] = np.where(swapped, opposite_share, share) * length_km[served]
    result.opposite_arc_idx[snapped] = other = np.where(both, opposite, -1)
    result.opposite_offset_km[snapped] = np.where(
        other >= 0, opposite_share * length_km[other], np.nan
    )
    return result


def _normalised_roads(roads: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.array([normalised_road(name) for name in roads], dtype=object)


@dataclass(frozen=True, slots=True)
class _Nearest:
    """Line chosen for each point, -1 where none is near enough, and the distance to it."""

    line_idx: NDArray[np.int64]
    distance_km: NDArray[np.float64]


def _nearest_on_road(
    lines: NDArray[np.object_],
    line_road: NDArray[np.object_],
    points: NDArray[np.object_],
    road: NDArray[np.object_],
    max_snap_km: float,
) -> _Nearest:
    """Nearest line of the named road within reach, else the nearest line within reach."""
    tree = shapely.STRtree(lines)
    place, candidate = tree.query(points, predicate="dwithin", distance=max_snap_km * 1000.0)
    distance_m = shapely.distance(points[place], lines[candidate])
    other_road = (road[place] != line_road[candidate]) & (road[place] != "")
    # Both directions of a road share one line: rounding to the millimetre makes that a tie.
    order = np.lexsort((candidate, np.round(distance_m, 3), other_road, place))
    found, first = np.unique(place[order], return_index=True)
    line_idx = np.full(len(points), -1, dtype=np.int64)
    line_idx[found] = candidate[order[first]]
    # How far off the dropped ones are is said too.
    nearest = np.where(line_idx >= 0, line_idx, tree.nearest(points))
    return _Nearest(line_idx, shapely.distance(points, lines[nearest]) / 1000.0)


def _side_vectors(
    line: NDArray[np.object_], point: NDArray[np.object_], direction: NDArray[np.object_]
) -> NDArray[np.float64]:
    """Direction (x, y) in which each place lies as seen from its carriageway, shape (n, 2)."""
    foot = shapely.line_interpolate_point(line, shapely.line_locate_point(line, point))
    seen: NDArray[np.float64] = shapely.get_coordinates(point) - shapely.get_coordinates(foot)
    for idx, name in enumerate(direction):
        seen[idx] = side_vector(name) or seen[idx]
    return seen


def _rightward(
    line: NDArray[np.object_], share: NDArray[np.float64], vector: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Component of each vector towards the right-hand side of the line at a share of its length."""
    heading = heading_at(line, share)
    return np.asarray(vector[:, 0] * heading[:, 1] - vector[:, 1] * heading[:, 0])


def _metric_lines(
    graph: RoadGraph,
) -> tuple[NDArray[np.object_], Transformer, NDArray[np.int32]]:
    """Courses of the arcs that may carry sites, in metres, the projection, and their indices."""
    eligible = np.flatnonzero(
        [not str(road).lower().startswith(ACCESS_ROAD) for road in graph.arc_road]
    ).astype(np.int32)
    if eligible.size == 0:
        msg = said("the network has access arcs only; sites need at least one road to lie on")
        raise InputDataError(msg)
    # Centred on the network, so that distances of a country are true to a few per mille.
    centre = f"+lat_0={np.median(graph.lat):.3f} +lon_0={np.median(graph.lon):.3f}"
    to_metric = Transformer.from_crs("EPSG:4326", f"+proj=laea {centre} +units=m", always_xy=True)
    if graph.arc_geometry is None:
        x, y = to_metric.transform(graph.lon, graph.lat)
        ends = np.stack([graph.arc_from_idx[eligible], graph.arc_to_idx[eligible]], axis=1)
        return shapely.linestrings(np.stack([x[ends], y[ends]], axis=2)), to_metric, eligible
    lines = shapely.transform(
        graph.arc_geometry[eligible],
        lambda xy: np.column_stack(to_metric.transform(xy[:, 0], xy[:, 1])),
    )
    return lines, to_metric, eligible

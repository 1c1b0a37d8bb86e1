"""Distances by road between points along the motorways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.network.distances import travel_matrix, truck_network
from planner.network.od_trucks import TRUCK_SPEED_KMH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.site_generation import CoursePoints


def point_distances_km(graph: RoadGraph, points: CoursePoints) -> NDArray[np.float64]:
    """Length of the way that trucks take from each point to each other.

    Where the network has both carriageways as one pair of arcs, a truck sets out and arrives on
    either of them, as it may at a site for both directions.

    Returns
    -------
    (n_points, n_points) float64
        From row to column, km; infinite where there is no way.
    """
    arc, offset_km = points.arc_idx, points.offset_km
    length_km = graph.arc_length_km[arc]
    start, end = graph.arc_from_idx[arc], graph.arc_to_idx[arc]
    two_way = graph.reverse_arc_idx()[arc] >= 0
    ends = np.concatenate([start, end])
    travel = travel_matrix(truck_network(graph, TRUCK_SPEED_KMH), ends, ends)
    row = {"start": travel.row(start), "end": travel.row(end)}
    column = {"start": travel.column(start), "end": travel.column(end)}
    # Off a point to either end of its arc, and from either end of an arc to its point.
    to_end = {"start": np.where(two_way, offset_km, np.inf), "end": length_km - offset_km}
    from_end = {"start": offset_km, "end": np.where(two_way, length_km - offset_km, np.inf)}
    shortest_km = np.full((len(arc), len(arc)), np.inf)
    for leaving in ("start", "end"):
        for reaching in ("start", "end"):
            between = travel.length_km[np.ix_(row[leaving], column[reaching])]
            way_km = to_end[leaving][:, None] + between + from_end[reaching][None, :]
            np.minimum(shortest_km, way_km, out=shortest_km)
    ahead_km = offset_km[None, :] - offset_km[:, None]
    same_arc = arc[:, None] == arc[None, :]
    stays = same_arc & ((ahead_km >= 0.0) | two_way[:, None])
    return np.where(stays, np.minimum(np.abs(ahead_km), shortest_km), shortest_km)

"""Courses of roads, and the trucks on both of their carriageways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph


def arc_lines(graph: RoadGraph, arcs: NDArray[np.int64]) -> list[shapely.LineString]:
    """Course of arcs in degrees: their geometry, or the straight line where there is none.

    Parameters
    ----------
    arcs : (n,) int64
        Arcs wanted.

    Returns
    -------
    list of LineString
        EPSG:4326.
    """
    if graph.arc_geometry is not None:
        return list(graph.arc_geometry[arcs])
    ends = np.stack([graph.arc_from_idx[arcs], graph.arc_to_idx[arcs]], axis=1)
    return list(shapely.linestrings(np.stack([graph.lon[ends], graph.lat[ends]], axis=2)))


def two_way_flows(
    graph: RoadGraph, trucks_per_day: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """One arc per pair of carriageways, with the trucks of both.

    Parameters
    ----------
    trucks_per_day : (n_arcs,) float64
        Trucks per day on each arc.

    Returns
    -------
    arcs : (n_roads,) int64
        The arc of lower index of each pair, ascending.
    flows : (n_roads,) float64
        Trucks per day in both directions.
    """
    reverse = graph.reverse_arc_idx()
    index = np.arange(graph.n_arcs)
    has_partner = (reverse >= 0) & (reverse[reverse] == index)
    arcs = index[~has_partner | (index < reverse)]
    partner_flow = np.where(has_partner[arcs], trucks_per_day[reverse[arcs]], 0.0)
    return arcs, trucks_per_day[arcs] + partner_flow

"""Road graphs from OpenStreetMap: each carriageway an arc of its own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod

from planner.errors import InputDataError
from planner.network.cleaning import LeftOut, clean_graph
from planner.network.contraction import contract_graph
from planner.network.graph import RoadGraph
from planner.network.osm_exits import join_exits
from planner.network.osm_file import read_osm_roads
from planner.network.osm_tags import (
    closed_to_trucks,
    driving_directions,
    lanes_per_direction,
    road_reference,
    truck_free_speed_kmh,
)
from planner.said import joined, said, set_off

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.cleaning import NetworkReport
    from planner.network.osm_file import OsmRoads
    from planner.network.osm_objects import OsmWay
    from planner.scenario.osm_sources import OsmNetwork

MIN_ARC_KM = 0.001
"""Length of an arc between nodes drawn on the same spot, km."""
_EARTH = Geod(ellps="WGS84")


def load_osm_network(settings: OsmNetwork) -> tuple[RoadGraph, NetworkReport]:
    """Read the motorways of a scenario from a file or from the servers, ready for routing.

    Parameters
    ----------
    settings : OsmNetwork
        The scenario's ``network`` section.

    Returns
    -------
    RoadGraph
        The largest strongly connected part, nodes at junctions only.
    NetworkReport
        What was kept and dropped.

    Raises
    ------
    InputDataError
        If the file or the servers' answer is broken, or the motorways do not lead to each other.
    """
    if settings.path is not None:
        where = str(settings.path)
        roads = read_osm_roads(settings.path, include_trunk=settings.include_trunk)
    else:
        # OSMnx takes seconds to import, which only those who ask the servers should wait for.
        from planner.network.osm_place import OsmServers, read_osm_place  # noqa: PLC0415

        place = settings.place or ""
        where = f"network.place {place!r}"
        servers = OsmServers(settings.overpass_url, settings.nominatim_url)
        roads = read_osm_place(place, servers, include_trunk=settings.include_trunk)
    graph, left_out = graph_from_osm(roads, where)
    whole, report = clean_graph(graph, left_out)
    if whole.n_arcs == 0:
        more = ""
        if not settings.include_trunk:
            more = set_off("or set network.include_trunk: true", ", ")
        msg = said(
            "{where}: expected motorways that lead to each other, found {dropped_km} km "
            "without a way round. Check the extract{more}.",
            where=where,
            dropped_km=round(report.dropped_km),
            more=more,
        )
        raise InputDataError(msg)
    contracted = contract_graph(whole)
    return contracted, replace(report, n_nodes=contracted.n_nodes, n_arcs=contracted.n_arcs)


def graph_from_osm(roads: OsmRoads, where: str) -> tuple[RoadGraph, tuple[LeftOut, ...]]:
    """Split ways into arcs where roads meet, and join the ramps of each exit.

    Returns
    -------
    RoadGraph
        Nodes where ways begin, end or meet; an arc for each direction that may be driven, with its
        course; lengths on the WGS84 ellipsoid. Ramps are access arcs of the road
        :data:`~planner.network.osm_tags.RAMP`; ramps of an exit are joined as
        :func:`~planner.network.osm_exits.join_exits` says.
    tuple of LeftOut
        Ways closed to trucks by tag, reversible ways, ways that are deleted or older versions, and
        ways with nodes that the file lacks.

    Raises
    ------
    InputDataError
        If no way can be driven.
    """
    open_ways, left_out = _open_ways(roads)
    drawn = _draw(open_ways, roads)
    if drawn.length_km.size == 0:
        told = joined(
            said("{n} {what}", n=item.count, what=item.what) for item in left_out if item.count
        )
        msg = said(
            "{where}: expected motorways open to trucks, found none ({told}). Check the extract.",
            where=where,
            told=told,
        )
        raise InputDataError(msg)
    graph = _directed(drawn, open_ways, roads)
    return join_exits(graph, roads), left_out


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Pieces of ways between nodes where roads meet, in the drawn direction, (n_pieces,) each.

    Nodes are positions in :attr:`OsmRoads.node_id`, ways positions in the list of ways.
    """

    way: NDArray[np.int64]
    from_node: NDArray[np.int64]
    to_node: NDArray[np.int64]
    length_km: NDArray[np.float64]
    course: NDArray[np.object_]


def _open_ways(roads: OsmRoads) -> tuple[list[OsmWay], tuple[LeftOut, ...]]:
    """Ways that trucks may drive, and what keeps them off the others."""
    open_ways: list[OsmWay] = []
    closed: dict[str, list[OsmWay]] = defaultdict(list)
    known = set(roads.node_id.tolist())
    n_incomplete = 0
    for way in roads.ways:
        reason = closed_to_trucks(way.tags)
        if reason is None and not any(driving_directions(way.tags)):
            reason = f"oneway={way.tags['oneway']}"
        if reason is not None:
            closed[reason].append(way)
            continue
        open_ways.append(way)
        n_incomplete += not known.issuperset(way.node_ids)
    left_out = [
        LeftOut(
            said("ways with {tag}", tag=reason),
            len({way.way_id for way in ways}),
            _driven_km(ways, roads),
        )
        for reason, ways in sorted(closed.items())
    ]
    outdated = LeftOut("ways that are deleted, or older versions", roads.n_outdated, np.nan)
    missing = LeftOut("ways in part, as the file lacks some of their nodes", n_incomplete, np.nan)
    return open_ways, (*left_out, outdated, missing)


def _driven_km(ways: list[OsmWay], roads: OsmRoads) -> float:
    drawn = _draw(ways, roads)
    n_directions = np.array([max(sum(driving_directions(way.tags)), 1) for way in ways])
    return float((drawn.length_km * n_directions[drawn.way]).sum())


def _draw(ways: list[OsmWay], roads: OsmRoads) -> _Drawn:
    """Split ways at the nodes where they meet; a missing node is a gap."""
    n_refs = np.array([len(way.node_ids) for way in ways], dtype=np.int64)
    ref = np.array([node for way in ways for node in way.node_ids], dtype=np.int64)
    way = np.repeat(np.arange(len(ways)), n_refs)
    node = np.minimum(np.searchsorted(roads.node_id, ref), len(roads.node_id) - 1)
    known = roads.node_id[node] == ref
    # A step leads from one reference to the next of the same way; repeated nodes are no step.
    step = np.flatnonzero((way[1:] == way[:-1]) & known[1:] & known[:-1] & (node[1:] != node[:-1]))
    if step.size == 0:
        nothing = np.empty(0, dtype=np.int64)
        return _Drawn(nothing, nothing, nothing, np.empty(0), np.empty(0, dtype=object))
    n_uses = np.bincount(node[known], minlength=len(roads.node_id))
    goes_on = np.concatenate([[False], (np.diff(step) == 1) & (way[step[1:]] == way[step[:-1]])])
    first = np.flatnonzero(~goes_on | (n_uses[node[step]] > 1))
    last = np.append(first[1:], step.size) - 1
    lon, lat = roads.lon[node], roads.lat[node]
    step_km = _EARTH.inv(lon[step], lat[step], lon[step + 1], lat[step + 1])[2] / 1000.0
    n_points = last - first + 2
    starts = np.cumsum(n_points) - n_points
    at = np.arange(n_points.sum()) + np.repeat(step[first] - starts, n_points)
    piece = np.repeat(np.arange(first.size), n_points)
    return _Drawn(
        way=way[step[first]],
        from_node=node[step[first]],
        to_node=node[step[last] + 1],
        length_km=np.maximum(np.add.reduceat(step_km, first), MIN_ARC_KM),
        course=shapely.linestrings(np.column_stack([lon[at], lat[at]]), indices=piece),
    )


def _directed(drawn: _Drawn, ways: list[OsmWay], roads: OsmRoads) -> RoadGraph:
    """An arc for each piece and direction that may be driven: all along, then all against."""
    directions = np.array([driving_directions(way.tags) for way in ways])[drawn.way]
    along, against = np.flatnonzero(directions[:, 0]), np.flatnonzero(directions[:, 1])
    piece = np.concatenate([along, against])
    speed = np.array([truck_free_speed_kmh(way.tags) for way in ways])
    lanes = np.array([lanes_per_direction(way.tags) for way in ways], dtype=np.int64)
    road = np.array([road_reference(way.tags) for way in ways], dtype=object)
    used, end = np.unique(
        np.concatenate(
            [
                drawn.from_node[along],
                drawn.to_node[against],
                drawn.to_node[along],
                drawn.from_node[against],
            ]
        ),
        return_inverse=True,
    )
    node_id = roads.node_id[used]
    return RoadGraph(
        node_id=np.array([str(node) for node in node_id], dtype=object),
        node_name=np.array(
            [roads.exit_names.get(node, f"node {node}") for node in node_id.tolist()], dtype=object
        ),
        lon=roads.lon[used],
        lat=roads.lat[used],
        arc_from_idx=end[: piece.size].astype(np.int32),
        arc_to_idx=end[piece.size :].astype(np.int32),
        arc_length_km=drawn.length_km[piece],
        arc_free_speed_kmh=speed[drawn.way[piece]],
        arc_road=road[drawn.way[piece]],
        arc_geometry=np.concatenate([drawn.course[along], shapely.reverse(drawn.course[against])]),
        arc_lanes=lanes[drawn.way[piece]],
    )

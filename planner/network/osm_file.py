"""Motorways and their ramps out of an OpenStreetMap file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import osmium

from planner.errors import InputDataError
from planner.network.osm_objects import OsmFile, require_ids
from planner.network.osm_tags import WAY_TAGS, is_ramp, road_classes
from planner.said import joined, said

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from osmium import BaseFilter

    from planner.network.osm_objects import OsmWay

PUBLIC_ROADS = frozenset(
    f"{name}{link}"
    for name in ("trunk", "primary", "secondary", "tertiary")
    for link in ("", "_link")
) | {"unclassified", "residential", "living_street", "road"}
"""Classes of the roads on which trucks go on from an exit; a rest area has service ways only."""


@dataclass(frozen=True, slots=True)
class OsmRoads:
    """Ways of the road network as OpenStreetMap draws them, and their surroundings.

    Parameters
    ----------
    ways : list of OsmWay
        In the order of the file.
    node_id : (n_nodes,) int64
        Nodes of the ways that the file holds, ascending.
    lon, lat : (n_nodes,) float64
        Their positions, degrees, EPSG:4326.
    exit_names : dict of int to str
        Name of each node that is tagged as a motorway junction with a number (``ref``).
    public_node_ids, other_node_ids : frozenset of int
        Ends of ways where a public road goes on, and where only other ways (service) do.
    n_outdated : int
        Ways that the file holds as deleted or in an older version, which are not read.
    """

    ways: list[OsmWay]
    node_id: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    exit_names: dict[int, str]
    public_node_ids: frozenset[int] = frozenset()
    other_node_ids: frozenset[int] = frozenset()
    n_outdated: int = 0


def read_osm_roads(path: Path, *, include_trunk: bool) -> OsmRoads:
    """Read motorways and their ramps.

    Parameters
    ----------
    path : pathlib.Path
        File as PBF or XML, plain or packed; a country may come whole or cut to its motorways.
    include_trunk : bool
        Whether trunk roads belong to the network too.

    Raises
    ------
    InputDataError
        If the file is of another type or broken, or holds no such ways or none of their nodes.
    """
    file = OsmFile(path)
    classes = road_classes(include_trunk=include_trunk)
    found = file.ways(_of_classes(classes), tags=WAY_TAGS)
    ways = found.items
    if not ways:
        raise _no_roads(file, include_trunk=include_trunk)
    require_ids(path, ways)
    public, other = _read_surroundings(file, _loose_ends(ways), classes)
    return replace(
        _with_nodes(file, ways),
        public_node_ids=public,
        other_node_ids=other,
        n_outdated=found.n_outdated,
    )


def _of_classes(classes: tuple[str, ...]) -> BaseFilter:
    return osmium.filter.TagFilter(*(("highway", name) for name in classes))


def _no_roads(file: OsmFile, *, include_trunk: bool) -> InputDataError:
    wanted = (
        joined(("highway=motorway", "highway=trunk"), " or ")
        if include_trunk
        else "highway=motorway"
    )
    remedy: str = "Check the region and the filter of the extract."
    if not include_trunk:
        trunk = len(file.ways(_of_classes(("trunk",))).items)
        if trunk:
            remedy = said(
                "It holds {n} ways tagged highway=trunk: set network.include_trunk: true to read "
                "them.",
                n=trunk,
            )
    return InputDataError(
        said(
            "{path}: expected ways tagged {wanted}, found none. {remedy}",
            path=str(file.path),
            wanted=wanted,
            remedy=remedy,
        )
    )


def _loose_ends(ways: list[OsmWay]) -> set[int]:
    """Ends of ramps, and ends of other ways where no way of the network goes on."""
    of_ramps: set[int] = set()
    n_ways: Counter[int] = Counter()
    for way in ways:
        ends = {way.node_ids[0], way.node_ids[-1]} if way.node_ids else set()
        n_ways.update(ends)
        if is_ramp(way.tags):
            of_ramps |= ends
    return of_ramps | {node for node, count in n_ways.items() if count == 1}


def _read_surroundings(
    file: OsmFile, node_ids: set[int], classes: tuple[str, ...]
) -> tuple[frozenset[int], frozenset[int]]:
    """Which of the nodes lie on public roads outside the network, and which on other ways."""
    ways = file.ways(osmium.filter.KeyFilter("highway"), tags=("highway",), touching=node_ids)
    public: set[int] = set()
    other: set[int] = set()
    for way in ways.items:
        kind = way.tags["highway"]
        if kind not in classes:
            touched = node_ids.intersection(way.node_ids)
            (public if kind in PUBLIC_ROADS else other).update(touched)
    return frozenset(public), frozenset(other - public)


def _with_nodes(file: OsmFile, ways: list[OsmWay]) -> OsmRoads:
    wanted = {node_id for way in ways for node_id in way.node_ids}
    nodes = file.nodes(ids=wanted, tags=("highway", "ref", "name")).items
    if not nodes:
        msg = said(
            "{path}: expected the nodes of its {n} motorway ways, found none of them. Cut "
            "the extract with the nodes (osmium tags-filter does, with -R it does not).",
            path=str(file.path),
            n=str(len(ways)),
        )
        raise InputDataError(msg)
    nodes.sort(key=lambda node: node.node_id)
    return OsmRoads(
        ways,
        np.array([node.node_id for node in nodes], dtype=np.int64),
        np.array([node.lon for node in nodes], dtype=np.float64),
        np.array([node.lat for node in nodes], dtype=np.float64),
        {
            node.node_id: exit_name(node.tags["ref"], node.tags.get("name"))
            for node in nodes
            if "ref" in node.tags and node.tags.get("highway") == "motorway_junction"
        },
    )


def exit_name(number: str, name: str | None) -> str:
    """Call an exit by its name and number."""
    return f"{name} ({number})" if name else f"Exit {number}"

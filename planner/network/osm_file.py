"""Motorways out of an OpenStreetMap file, XML or PBF, with pyosmium.

libosmium refuses entities in XML and bounds the size of every block of a PBF file, so that a file
cannot blow up in memory.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import osmium

from planner.errors import InputDataError
from planner.network.osm_tags import WAY_TAGS, is_ramp, road_classes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from osmium import BaseFilter
    from osmium.osm import Node, Relation, Way, osm_entity_bits
    from osmium.osm.types import OSMEntity

FILE_TYPES = (".osm.pbf", ".pbf", ".osm.xml", ".osm")
PUBLIC_ROADS = frozenset(
    f"{name}{link}"
    for name in ("trunk", "primary", "secondary", "tertiary")
    for link in ("", "_link")
) | {"unclassified", "residential", "living_street", "road"}
"""Classes of the roads on which trucks go on from an exit; a rest area has service ways only."""


@dataclass(frozen=True, slots=True)
class OsmWay:
    """A way with the tags of :data:`~planner.network.osm_tags.WAY_TAGS` that it has."""

    way_id: int
    node_ids: tuple[int, ...]
    tags: dict[str, str]


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
    """

    ways: list[OsmWay]
    node_id: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    exit_names: dict[int, str]
    public_node_ids: frozenset[int] = frozenset()
    other_node_ids: frozenset[int] = frozenset()


def read_osm_roads(path: Path, *, include_trunk: bool) -> OsmRoads:
    """Read motorways and their ramps.

    Parameters
    ----------
    path : pathlib.Path
        File as .osm, .osm.xml, .osm.pbf or .pbf; a country may come whole or cut to its motorways.
    include_trunk : bool
        Whether trunk roads belong to the network too.

    Returns
    -------
    OsmRoads
        All their ways.

    Raises
    ------
    InputDataError
        If the file is of another type or broken, or holds no such ways or none of their nodes.
    """
    require_osm_file(path)
    classes = road_classes(include_trunk=include_trunk)
    with broken_file_named(path):
        ways = _read_ways(path, classes)
        if not ways:
            msg = (
                f"{path}: expected ways tagged highway={classes[0]}, found none. Check the region "
                "and the filter of the extract."
            )
            raise InputDataError(msg)
        _refuse_editor_ids(path, ways)
        public, other = _read_surroundings(path, _loose_ends(ways), classes)
        return _with_nodes(path, ways, public, other)


def require_osm_file(path: Path) -> None:
    """Raise InputDataError if a file's name ends like no type that is read."""
    if not path.name.lower().endswith(FILE_TYPES):
        msg = (
            f"{path}: expected an OpenStreetMap file as {', '.join(FILE_TYPES)}, found "
            f"{''.join(path.suffixes[-2:])!r}. Convert it with osmium cat, or rename it."
        )
        raise InputDataError(msg)


@contextmanager
def broken_file_named(path: Path) -> Iterator[None]:
    """Turn what pyosmium raises on a broken file into an InputDataError."""
    try:
        yield
    except (RuntimeError, osmium.InvalidLocationError) as error:
        msg = (
            f"{path}: expected a whole OpenStreetMap file, found a fault: {error}. "
            "Fetch the file again, and check that its ending tells its type."
        )
        raise InputDataError(msg) from error


def nodes_of(path: Path, *filters: BaseFilter) -> Iterator[Node]:
    """Nodes of a file that pass all filters, one after the other; each lives until the next."""
    return cast("Iterator[Node]", _filtered(path, osmium.osm.NODE, filters))


def ways_of(path: Path, *filters: BaseFilter) -> Iterator[Way]:
    """Ways of a file that pass all filters, one after the other; each lives until the next."""
    return cast("Iterator[Way]", _filtered(path, osmium.osm.WAY, filters))


def relations_of(path: Path, *filters: BaseFilter) -> Iterator[Relation]:
    """Relations of a file that pass all filters; each lives until the next."""
    return cast("Iterator[Relation]", _filtered(path, osmium.osm.RELATION, filters))


def _filtered(
    path: Path, entities: osm_entity_bits, filters: tuple[BaseFilter, ...]
) -> Iterator[OSMEntity]:
    processor = osmium.FileProcessor(path, entities)
    for chosen in filters:
        processor = processor.with_filter(chosen)
    return iter(processor)


def _read_ways(path: Path, classes: tuple[str, ...]) -> list[OsmWay]:
    chosen = osmium.filter.TagFilter(*(("highway", name) for name in classes))
    return [
        OsmWay(
            way.id,
            tuple(node.ref for node in way.nodes),
            {tag.k: tag.v for tag in way.tags if tag.k in WAY_TAGS},
        )
        for way in ways_of(path, chosen)
    ]


def _refuse_editor_ids(path: Path, ways: list[OsmWay]) -> None:
    lowest = min((min(way.node_ids, default=1) for way in ways), default=1)
    if lowest < 1:
        msg = (
            f"{path}: expected nodes numbered from 1, found {lowest}, as editors number what is "
            "not uploaded yet. Renumber with osmium renumber."
        )
        raise InputDataError(msg)


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
    path: Path, node_ids: set[int], classes: tuple[str, ...]
) -> tuple[frozenset[int], frozenset[int]]:
    """Which of the nodes lie on public roads outside the network, and which on other ways."""
    tracker = osmium.IdTracker()
    for node_id in node_ids:
        tracker.add_node(node_id)
    ways = ways_of(path, osmium.filter.KeyFilter("highway"), tracker.contains_filter())
    public: set[int] = set()
    other: set[int] = set()
    for way in ways:
        kind = way.tags["highway"]
        if kind not in classes:
            touched = {node.ref for node in way.nodes} & node_ids
            (public if kind in PUBLIC_ROADS else other).update(touched)
    return frozenset(public), frozenset(other - public)


def _with_nodes(
    path: Path, ways: list[OsmWay], public: frozenset[int], other: frozenset[int]
) -> OsmRoads:
    wanted = {node_id for way in ways for node_id in way.node_ids}
    node_ids: list[int] = []
    positions: list[tuple[float, float]] = []
    exit_names: dict[int, str] = {}
    for node in nodes_of(path, osmium.filter.IdFilter(wanted)):
        location = node.location
        if not location.valid():
            continue
        node_ids.append(node.id)
        positions.append((location.lon, location.lat))
        if "ref" in node.tags and node.tags.get("highway") == "motorway_junction":
            exit_names[node.id] = exit_name(node.tags["ref"], node.tags.get("name"))
    if not node_ids:
        msg = (
            f"{path}: expected the nodes of its {len(ways)} motorway ways, found none of them. "
            "Cut the extract with the nodes (osmium tags-filter does, with -R it does not)."
        )
        raise InputDataError(msg)
    node_id, first = np.unique(np.array(node_ids, dtype=np.int64), return_index=True)
    lon, lat = np.array(positions)[first].T
    return OsmRoads(ways, node_id, lon, lat, exit_names, public, other)


def exit_name(number: str, name: str | None) -> str:
    """Call an exit by its name and number."""
    return f"{name} ({number})" if name else f"Exit {number}"

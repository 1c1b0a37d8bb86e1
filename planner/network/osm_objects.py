"""Objects of an OpenStreetMap file as they stand now, XML or PBF, with pyosmium.

libosmium refuses entities in XML and bounds the size of every block of a PBF file, so that a file
cannot blow up in memory; packed XML is looked through by our own bounded reader first. Of an
object with several versions the newest counts, and what is deleted is none: neither libosmium nor
pyosmium sees to that.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

import osmium

from planner.errors import InputDataError
from planner.files.bounds import OSM
from planner.files.input_files import checked_input
from planner.files.safe_files import FETCH_AGAIN, open_text_or_gzip
from planner.files.safe_xml import feed_xml
from planner.network.osm_strings import refuse_null_signs
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from osmium import BaseFilter
    from osmium.osm import Node, Relation, Way, osm_entity_bits

FILE_TYPES = (".osm.pbf", ".osm", ".osm.gz", ".osm.bz2")
"""Types of files that are read, for messages."""
MAX_ID = 2**40
"""Highest number that an object may have; nodes of OpenStreetMap have come to 2**34."""
SMALL_FILE_BYTES = 20_000_000
"""Up to here numbers are looked up in Python: pyosmium's sets take 4 MB for every 33 million
numbers that lie apart, which is 1.6 GB for nodes of all years."""

# The longest first: the ending is also what libosmium is told.
_XML_ENDINGS = tuple(
    f"{plain}{packed}"
    for packed in (".gz", ".bz2", "")
    for plain in (".osm.xml", ".osh.xml", ".osm", ".osh")
)
_PBF_ENDINGS = (".osm.pbf", ".osh.pbf", ".pbf")
_CHANGE_ENDINGS = (".osc", ".osc.gz", ".osc.bz2", ".osc.xml", ".osc.pbf")
_CHUNK_BYTES = 1_000_000
_EDITORS_MARK = b"action="
_MAX_QUOTED = 200

Item = TypeVar("Item")


class OsmNode(NamedTuple):
    """A node with those of the wanted tags that it has; position in degrees, EPSG:4326."""

    node_id: int
    lon: float
    lat: float
    tags: dict[str, str]


@dataclass(frozen=True, slots=True)
class OsmWay:
    """A way with those of the wanted tags that it has."""

    way_id: int
    node_ids: tuple[int, ...]
    tags: dict[str, str]


@dataclass(frozen=True, slots=True)
class OsmRelation:
    """A relation with those of the wanted tags that it has, and its ways that are no holes."""

    relation_id: int
    way_ids: tuple[int, ...]
    tags: dict[str, str]


@dataclass(frozen=True, slots=True)
class Found(Generic[Item]):
    """What a file holds of a kind.

    Parameters
    ----------
    items : list
        Objects as they stand now, in the order of the file.
    n_outdated : int
        Objects that match too and are deleted or an older version.
    """

    items: list[Item]
    n_outdated: int


class OsmFile:
    """An OpenStreetMap file that is asked for its objects.

    Parameters
    ----------
    path : pathlib.Path
        File as PBF or XML, plain or packed; with the history of its objects or without.

    Raises
    ------
    InputDataError
        If the file is missing, of another type, damaged or packed beyond reason.
    """

    def __init__(self, path: Path) -> None:
        ending = _known_ending(path)
        self.path = path
        # Told the type, libosmium guesses none from capitals; an absolute path is never an address.
        self._source = osmium.io.File(str(path.absolute()), ending.removeprefix("."))
        is_xml = ending in _XML_ENDINGS
        if not is_xml:
            refuse_null_signs(path)
        self._deleted = _deleted_by_an_editor(path) if is_xml else frozenset()
        self._is_small = path.stat().st_size <= SMALL_FILE_BYTES
        with self._faults_named():
            header = osmium.FileProcessor(self._source).header
            # XML files seldom say in their header that they hold several versions.
            self._may_hold_versions = is_xml or header.has_multiple_object_versions

    def nodes(
        self, *filters: BaseFilter, ids: Collection[int] | None = None, tags: Collection[str] = ()
    ) -> Found[OsmNode]:
        """Nodes that pass all filters and have one of the numbers, and a position."""

        def read(node: Node) -> OsmNode | None:
            location = node.location
            if not location.valid():
                return None
            return OsmNode(node.id, location.lon, location.lat, self._tags("node", node, tags))

        return self._current("node", osmium.osm.NODE, filters, ids, read)

    def ways(
        self,
        *filters: BaseFilter,
        ids: Collection[int] | None = None,
        tags: Collection[str] = (),
        touching: AbstractSet[int] | None = None,
    ) -> Found[OsmWay]:
        """Ways that pass all filters, have one of the numbers, and touch one of the nodes."""

        def read(way: Way) -> OsmWay | None:
            refs = tuple(node.ref for node in way.nodes)
            if touching is not None and touching.isdisjoint(refs):
                return None
            return OsmWay(way.id, refs, self._tags("way", way, tags))

        if touching is not None and not self._is_small:
            filters = (*filters, _touching_filter(touching))
        return self._current("way", osmium.osm.WAY, filters, ids, read)

    def relations(self, *filters: BaseFilter, tags: Collection[str] = ()) -> Found[OsmRelation]:
        """Relations that pass all filters."""

        def read(relation: Relation) -> OsmRelation:
            ways = tuple(
                part.ref for part in relation.members if part.type == "w" and part.role != "inner"
            )
            return OsmRelation(relation.id, ways, self._tags("relation", relation, tags))

        return self._current("relation", osmium.osm.RELATION, filters, None, read)

    def _current(
        self,
        kind: str,
        entity: osm_entity_bits,
        filters: Sequence[BaseFilter],
        ids: Collection[int] | None,
        read: Callable[[Any], Item | None],
    ) -> Found[Item]:
        """What ``read`` makes of the newest version of each object, if it is not deleted."""
        # Numbers and items apart: a pair for each node of a country would keep Python's collector
        # of garbage busier than the file.
        newest: dict[int, int] = {}
        items: dict[int, Item | None] = {}
        gone: set[int] = set()
        n_seen = 0
        with self._faults_named():
            for thing in self._filtered(entity, filters, ids):
                n_seen += 1
                number, version = thing.id, thing.version
                # An object without a version replaces the one before it.
                if newest.get(number, version) > version:
                    continue
                newest[number] = version
                if thing.visible and not (self._deleted and (kind, number) in self._deleted):
                    items[number] = read(thing)
                    gone.discard(number)
                else:
                    items[number] = None
                    gone.add(number)
            if filters and newest and (self._may_hold_versions or n_seen > len(newest)):
                gone |= self._overtaken(entity, newest)
        found = [item for number, item in items.items() if item is not None and number not in gone]
        return Found(found, n_seen - len(newest) + len(gone))

    def _overtaken(self, entity: osm_entity_bits, newest: dict[int, int]) -> set[int]:
        """Numbers of objects of which a newer version passes the filters no more."""
        return {
            thing.id
            for thing in self._filtered(entity, (), newest.keys())
            if thing.version > newest[thing.id]
            or (thing.version == newest[thing.id] and not thing.visible)
        }

    def _filtered(
        self, entity: osm_entity_bits, filters: Sequence[BaseFilter], ids: Collection[int] | None
    ) -> Iterator[Any]:
        """Objects one after the other; each lives until the next."""
        wanted = None if ids is None else {number for number in ids if number <= MAX_ID}
        processor = osmium.FileProcessor(self._source, entity)
        for chosen in filters:
            processor = processor.with_filter(chosen)
        if wanted is not None and not self._is_small:
            processor = processor.with_filter(osmium.filter.IdFilter(wanted))
        for thing in cast("Iterator[Any]", processor):
            if wanted is None or thing.id in wanted:
                yield thing

    def _tags(self, kind: str, thing: Any, keys: Collection[str]) -> dict[str, str]:
        tags = thing.tags
        # Most nodes have none, and asking how many takes a tenth of the time of asking which.
        if not keys or not len(tags):
            return {}
        try:
            return {tag.k: tag.v for tag in tags if tag.k in keys}
        except UnicodeDecodeError as error:
            msg = said(
                "{path}: {kind} {id}: expected tags in UTF-8, found others "
                "({error}). {fetch_again}.",
                path=str(self.path),
                kind=kind,
                id=str(thing.id),
                error=str(error),
                fetch_again=FETCH_AGAIN,
            )
            raise InputDataError(msg) from error

    @contextmanager
    def _faults_named(self) -> Iterator[None]:
        """Turn what pyosmium raises on a broken file into an InputDataError."""
        try:
            yield
        except (RuntimeError, ValueError, MemoryError, osmium.InvalidLocationError) as error:
            told = str(error)
            fault = told if len(told) <= _MAX_QUOTED else f"{told[:_MAX_QUOTED]} ..."
            msg = said(
                "{path}: expected a whole OpenStreetMap file, found a fault: {fault}. Fetch the "
                "file again, and check that its ending tells its type.",
                path=str(self.path),
                fault=fault,
            )
            raise InputDataError(msg) from error


def require_ids(path: Path, ways: Sequence[OsmWay]) -> None:
    """Raise InputDataError if a way names a node by a number that no node can have."""
    for way in ways:
        lowest, highest = min(way.node_ids, default=1), max(way.node_ids, default=1)
        if lowest < 1:
            msg = said(
                "{path}: way {way_id}: expected nodes numbered from 1, found {lowest}, as "
                "editors number what is not uploaded yet. Renumber with osmium renumber.",
                path=str(path),
                way_id=str(way.way_id),
                lowest=str(lowest),
            )
            raise InputDataError(msg)
        if highest > MAX_ID:
            msg = said(
                "{path}: way {way_id}: expected nodes numbered up to {max_id}, found {highest}. "
                "{fetch_again}.",
                path=str(path),
                way_id=str(way.way_id),
                max_id=str(MAX_ID),
                highest=str(highest),
                fetch_again=FETCH_AGAIN,
            )
            raise InputDataError(msg)


def _known_ending(path: Path) -> str:
    """Ending of a file that is there and of a type that is read."""
    name = path.name.lower()
    if name.endswith(_CHANGE_ENDINGS):
        msg = said(
            "{path}: expected an OpenStreetMap file as {listed}, found a change file, which "
            "holds only what was altered. Apply it to its extract with osmium apply-changes, "
            "and name what comes out.",
            path=str(path),
            listed=", ".join(FILE_TYPES),
        )
        raise InputDataError(msg)
    ending = next((end for end in _XML_ENDINGS + _PBF_ENDINGS if name.endswith(end)), None)
    if ending is None:
        msg = said(
            "{path}: expected an OpenStreetMap file as {listed}, found {found}. Convert "
            "it with osmium cat, or rename it.",
            path=str(path),
            listed=", ".join(FILE_TYPES),
            found=repr("".join(path.suffixes[-2:])),
        )
        raise InputDataError(msg)
    checked_input(path, OSM)
    return ending


def _touching_filter(node_ids: Collection[int]) -> BaseFilter:
    tracker = osmium.IdTracker()
    for node_id in node_ids:
        tracker.add_node(node_id)
    return tracker.contains_filter()


def _deleted_by_an_editor(path: Path) -> frozenset[tuple[str, int]]:
    """Kind and number of what an editor (JOSM) has marked as to be deleted at the next upload.

    libosmium does not look at the mark. Reading the file through also refuses what is packed
    beyond reason before libosmium unpacks it.
    """
    marked = False
    end_of_last = b""
    with open_text_or_gzip(path, OSM) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            marked = marked or _EDITORS_MARK in end_of_last + chunk
            end_of_last = chunk[-len(_EDITORS_MARK) :]
    if not marked:
        return frozenset()
    marks = _EditorsMarks()
    feed_xml(path, marks, bounds=OSM)
    return frozenset(marks.deleted)


class _EditorsMarks:
    """Collects objects with ``action="delete"``."""

    def __init__(self) -> None:
        self.deleted: set[tuple[str, int]] = set()

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        number = attributes.get("id", "")
        if attributes.get("action") == "delete" and number.lstrip("-").isdecimal():
            self.deleted.add((tag, int(number)))

    def data(self, text: str, /) -> None:
        """Texts say nothing here."""

    def end(self, tag: str, /) -> None:
        """Nothing ends here."""

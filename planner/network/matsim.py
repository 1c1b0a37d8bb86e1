"""Road networks of MATSim, ``network.xml`` or ``network.xml.gz`` of either version.

The file is streamed by :mod:`planner.files.safe_xml`, not by matsim-tools: that reader alone
takes longer, expands entities, unpacks without bound, ignores the encoding that a file declares,
names no link in its errors and stops at links without a capacity. Tests hold both against each
other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import InputDataError
from planner.files.bounds import MATSIM_NETWORK
from planner.files.coordinates import reference_system, to_lon_lat
from planner.files.safe_xml import feed_xml
from planner.files.table_columns import numbers, refuse_rows
from planner.network.cleaning import LeftOut
from planner.network.graph_tables import graph_from_tables
from planner.network.osm_tags import RAMP
from planner.network.road_lengths import check_lengths
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

CRS_ATTRIBUTE = "coordinateReferenceSystem"
TYPE_ATTRIBUTES = ("type", "osm:way:highway")
"""Attributes of a link that may hold its type, where the link itself states none."""
MODE_OF_LINKS_WITHOUT = "car"
"""MATSim's own reading of a link without modes."""
_KMH_PER_M_S = 3.6
_SHOWN_TYPES = 12
_LINK_KEYS = ("id", "from", "to", "length", "freespeed", "modes")


@dataclass(frozen=True, slots=True)
class LinkFilter:
    """Which links of a network are read.

    Parameters
    ----------
    modes : frozenset of str
        A link is read if one of its modes is among these.
    types : frozenset of str or None
        Types to read, ``motorway`` standing for ``highway.motorway`` too; None reads all.
    """

    modes: frozenset[str]
    types: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class _Network:
    """Texts of a file: a row per node or link, index the identifiers; the name of its system."""

    nodes: pd.DataFrame
    links: pd.DataFrame
    crs: str | None


def read_matsim_network(
    path: Path, crs: str | None, wanted: LinkFilter, road_attribute: str
) -> tuple[RoadGraph, tuple[LeftOut, ...]]:
    """Read a MATSim network.

    Parameters
    ----------
    path : pathlib.Path
        Network of version 1 or 2, plain or packed.
    crs : str or None
        System of its coordinates; None takes the one that the file's attributes name.
    road_attribute : str
        Attribute of a link that holds the road's reference, such as ``osm:way:ref``.

    Returns
    -------
    RoadGraph
        Wanted links and their nodes in the order of the file. Ramps (types ending in ``_link``) are
        access arcs of the road :data:`~planner.network.osm_tags.RAMP`.
    tuple of LeftOut
        Links of other modes and other types, and nodes without any link that is read.

    Raises
    ------
    InputDataError
        If the file is broken, no link is wanted, a link's node is missing, an identifier is
        repeated, a value is impossible, or the coordinates do not fit their system.
    """
    where = str(path)
    network = _parse(path, road_attribute)
    links, left_out = _wanted_links(network.links, wanted, where)
    twice = links.index.duplicated(keep=False)
    refuse_rows(links, np.asarray(twice), where, "link ids must be unique")
    used = set(links["from"]) | set(links["to"])
    has_link = network.nodes["id"].isin(used).to_numpy()
    nodes = network.nodes[has_link]
    graph = graph_from_tables(
        _node_table(nodes, crs or network.crs, where), _arc_table(links, where), where, where
    )
    check_lengths(graph, where)
    n_without = int((~has_link).sum())
    return graph, (*left_out, LeftOut("nodes without any link that is read", n_without, np.nan))


@dataclass(frozen=True, slots=True)
class LinkMiddles:
    """Middle of each link of a network.

    Parameters
    ----------
    row_of : dict of str to int
        Row by the identifier of a link.
    xy : (n_links, 2) float64
        Middle between its nodes, in the network's system; NaN where one of them is not there.
    crs : str or None
        The system that the file names.
    """

    row_of: dict[str, int]
    xy: NDArray[np.float64]
    crs: str | None

    def of(self, link: str) -> tuple[float, float] | None:
        """Middle of a link; None where the network has no such link, or not where it lies."""
        row = self.row_of.get(link)
        if row is None or np.isnan(self.xy[row]).any():
            return None
        return float(self.xy[row, 0]), float(self.xy[row, 1])


def read_link_middles(path: Path) -> LinkMiddles:
    """Read where the links of a MATSim network lie, of all modes.

    Parameters
    ----------
    path : pathlib.Path
        Network of version 1 or 2, plain or packed.

    Raises
    ------
    InputDataError
        If the file is broken or no network, or a node has a coordinate that is no number.
    """
    network = _parse(path, "")
    nodes = network.nodes
    ends = pd.DataFrame(
        {axis: numbers(nodes, axis, str(path), "coordinate") for axis in ("x", "y")},
        index=nodes["id"].to_numpy(),
    )
    # Of nodes with the same id the first counts: each end of a link needs one place.
    ends = ends[~ends.index.duplicated()]
    xy = [ends.reindex(network.links[end]).to_numpy() for end in ("from", "to")]
    return LinkMiddles(
        {str(link): row for row, link in enumerate(network.links["id"])},
        np.asarray((xy[0] + xy[1]) / 2.0, dtype=np.float64),
        network.crs,
    )


class _Reader:
    """Collects what is needed of nodes, links and attributes, in the order of the file."""

    def __init__(self, road_attribute: str) -> None:
        self.nodes: list[tuple[str | None, ...]] = []
        self.links: list[tuple[str | None, ...]] = []
        self.types: list[str | None] = []
        self.roads: list[str | None] = []
        self.crs: str | None = None
        self._targets = dict.fromkeys(TYPE_ATTRIBUTES, self.types)
        self._targets[road_attribute] = self.roads
        self._in_link = False
        self._name = ""
        self._texts: list[str] = []

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        """Take nodes and links at once, and look for the text of attributes that matter."""
        get = attributes.get
        if tag == "attribute":
            name = get("name", "")
            if (name in self._targets and self._in_link) or name == CRS_ATTRIBUTE:
                self._name = name
        elif tag == "link":
            self.links.append(tuple(map(get, _LINK_KEYS)))
            self.types.append(get("type"))
            self.roads.append(None)
            self._in_link = True
        elif tag == "node":
            self._in_link = False
            self.nodes.append((get("id"), get("x"), get("y")))

    def data(self, text: str, /) -> None:
        """Keep the text of an attribute that matters."""
        if self._name:
            self._texts.append(text)

    def end(self, tag: str, /) -> None:
        """Give the text of an attribute to the link it is of."""
        if not self._name or tag != "attribute":
            return
        text = "".join(self._texts).strip() or None
        if self._name == CRS_ATTRIBUTE:
            self.crs = text
        # The link's own type comes first, then the attributes in the order of the file.
        elif self._targets[self._name][-1] is None:
            self._targets[self._name][-1] = text
        self._name = ""
        self._texts.clear()


def _parse(path: Path, road_attribute: str) -> _Network:
    reader = _Reader(road_attribute)
    feed_xml(path, reader, root="network", bounds=MATSIM_NETWORK)
    n_nodes, n_links = len(reader.nodes), len(reader.links)
    if not n_nodes or not n_links:
        msg = said(
            "{path}: expected nodes and links, found {n_nodes} nodes and {n_links} links.",
            path=str(path),
            n_nodes=str(n_nodes),
            n_links=str(n_links),
        )
        raise InputDataError(msg)
    links = _named(reader.links, _LINK_KEYS, "link")
    return _Network(
        nodes=_named(reader.nodes, ("id", "x", "y"), "node"),
        links=links.assign(
            type=pd.Series(reader.types, index=links.index, dtype=object),
            road=pd.Series(reader.roads, index=links.index, dtype=object),
        ),
        crs=reader.crs,
    )


def _named(rows: list[tuple[str | None, ...]], columns: tuple[str, ...], kind: str) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(columns), dtype=object)
    return table.set_index(pd.Index(table["id"], name=kind))


def _wanted_links(
    links: pd.DataFrame, wanted: LinkFilter, where: str
) -> tuple[pd.DataFrame, tuple[LeftOut, ...]]:
    by_mode = _chosen(links["modes"].fillna(MODE_OF_LINKS_WITHOUT), wanted.modes, _modes_of)
    if not by_mode.any():
        msg = said(
            "{where}: expected links for {listed}, found only {told}. Name other modes.",
            where=where,
            listed=", ".join(sorted(wanted.modes)),
            told=_told(links["modes"]),
        )
        raise InputDataError(msg)
    by_type = np.ones(len(links), dtype=bool)
    if wanted.types is not None:
        types = frozenset(kind for name in wanted.types for kind in _types_of(name))
        by_type = _chosen(links["type"].fillna(""), types, _types_of)
    if not (by_mode & by_type).any():
        msg = said(
            "{where}: expected links of type {listed}, found only {told}. Name other link_types.",
            where=where,
            listed=", ".join(sorted(wanted.types or ())),
            told=_told(links["type"][by_mode]),
        )
        raise InputDataError(msg)
    return links[by_mode & by_type], (
        _left_out(links, ~by_mode, "links for other modes"),
        _left_out(links, by_mode & ~by_type, "links of other types"),
    )


def _chosen(
    texts: pd.Series[str], wanted: frozenset[str], names_in: Callable[[str], set[str]]
) -> NDArray[np.bool_]:
    """Whether each text holds one of the names; few texts differ, so each is looked at once."""
    fits = {text: not wanted.isdisjoint(names_in(text)) for text in texts.unique()}
    return texts.map(fits).to_numpy(dtype=bool)


def _modes_of(text: str) -> set[str]:
    return {mode.strip() for mode in text.split(",")}


def _types_of(text: str) -> set[str]:
    """A type and its last part: ``highway.motorway`` is a ``motorway`` too."""
    return {text, text.replace(":", ".").rsplit(".", 1)[-1]}


def _told(values: Iterable[str | None]) -> str:
    """Say which values there are, most frequent first."""
    counted = Counter("nothing" if value is None else value for value in values).most_common()
    shown = [f"{value} ({count})" for value, count in counted[:_SHOWN_TYPES]]
    more = len(counted) - _SHOWN_TYPES
    return said("{names} and {n} more", names=shown, n=more) if more > 0 else ", ".join(shown)


def _left_out(links: pd.DataFrame, chosen: NDArray[np.bool_], what: str) -> LeftOut:
    length_m = pd.to_numeric(links["length"][chosen], errors="coerce").sum()
    return LeftOut(what, int(chosen.sum()), float(length_m) / 1000.0)


def _node_table(nodes: pd.DataFrame, crs: str | None, where: str) -> pd.DataFrame:
    x, y = numbers(nodes, "x", where, "coordinate"), numbers(nodes, "y", where, "coordinate")
    refuse_rows(nodes, np.isnan(x) | np.isnan(y), where, "every node needs x and y")
    if crs is None:
        msg = said(
            "{where}: names no coordinate reference system. Name it: crs: EPSG:25832, say.",
            where=where,
        )
        raise InputDataError(msg)
    lon, lat = to_lon_lat(x, y, reference_system(crs, where), where)
    return pd.DataFrame(
        {"node_id": nodes["id"], "name": nodes["id"], "lon": lon, "lat": lat}, index=nodes.index
    )


def _arc_table(links: pd.DataFrame, where: str) -> pd.DataFrame:
    is_ramp = links["type"].str.endswith("_link").fillna(value=False).astype(bool)
    return pd.DataFrame(
        {
            "from_node_id": links["from"],
            "to_node_id": links["to"],
            "length_km": numbers(links, "length", where, "m") / 1000.0,
            "free_speed_kmh": numbers(links, "freespeed", where, "m/s") * _KMH_PER_M_S,
            "road": links["road"].mask(is_ramp, RAMP),
        },
        index=links.index,
    )

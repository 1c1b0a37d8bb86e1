"""Road graphs of the European synthetic truck-flow data set (ETISplus, Speth et al. 2022).

The data set is published as CSV; cut-outs of single countries come as GraphML (directed edges with
a length, nodes with a position, no road references and no speeds) and as segments. The CSV layouts
are in :mod:`planner.network.etisplus_tables`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from planner.errors import InputDataError, quoted
from planner.files.bounds import GRAPHML
from planner.files.safe_xml import feed_xml
from planner.network.etisplus_tables import (
    EDGES_FILE,
    SEGMENTS_FILE,
    read_published_network,
    read_segments,
)
from planner.network.graph_tables import graph_from_tables
from planner.said import joined, said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.network.cleaning import LeftOut
    from planner.network.graph import RoadGraph

FREE_SPEED_KMH = 100.0
"""The files state no speeds; trucks on these trunk roads are bound by their own speed anyway."""
GRAPHML_FILE = "graph.graphml"
LAYOUTS = (GRAPHML_FILE, EDGES_FILE, SEGMENTS_FILE)
"""Files that say how a folder is laid out; of several the first is read."""
_NAMESPACE = "{http://graphml.graphdrawing.org/xmlns}"


def read_etisplus_network(
    folder: Path, file: str | None = None, countries: Sequence[str] = ()
) -> tuple[RoadGraph, tuple[LeftOut, ...]]:
    """Read the road graph of a folder of the data set.

    Parameters
    ----------
    folder : pathlib.Path
        Folder with one of :data:`LAYOUTS`.
    file : str, optional
        The one of them to read; by default the first that is there.
    countries : sequence of str
        Countries to keep, as the published layout names them; empty keeps all.

    Returns
    -------
    RoadGraph
        All nodes and edges of the file; free speed :data:`FREE_SPEED_KMH` except for segments,
        which state their own; no road references.
    tuple of LeftOut
        Edges with an end outside the kept countries.

    Raises
    ------
    InputDataError
        If no file is there, it is broken, or countries are to be kept of a layout that knows none.
    """
    there = [name for name in LAYOUTS if (folder / name).is_file()]
    chosen = file or (there[0] if there else None)
    if chosen not in there:
        expected = file or joined(LAYOUTS, " or ")
        msg = said(
            "{folder}: expected a folder with {expected}, found none. Check network.path.",
            folder=str(folder),
            expected=expected,
        )
        raise InputDataError(msg)
    if chosen == EDGES_FILE:
        return read_published_network(folder, countries, FREE_SPEED_KMH)
    if countries:
        msg = said(
            "{folder}: does not say countries; only {edges_file} does. Leave them out.",
            folder=str(folder / chosen),
            edges_file=EDGES_FILE,
        )
        raise InputDataError(msg)
    if chosen == SEGMENTS_FILE:
        return read_segments(folder), ()
    return _read_graphml(folder / GRAPHML_FILE), ()


def _read_graphml(path: Path) -> RoadGraph:
    reader = _GraphmlReader(path)
    feed_xml(path, reader, bounds=GRAPHML)
    nodes, edges = reader.records["node"], reader.records["edge"]
    if not nodes or not edges:
        msg = said(
            "{path}: expected nodes and edges, found {n_nodes} nodes and {n_edges} edges.",
            path=str(path),
            n_nodes=str(len(nodes)),
            n_edges=str(len(edges)),
        )
        raise InputDataError(msg)
    return graph_from_tables(_node_table(nodes), _arc_table(edges), str(path), str(path))


class _GraphmlReader:
    """Attributes and data of all nodes and edges, by the names that the file's keys declare."""

    def __init__(self, path: Path) -> None:
        self.records: dict[str, list[dict[str, str]]] = {"node": [], "edge": []}
        self._path = path
        self._key_name: dict[str, str] = {}
        self._attributes: dict[str, str] | None = None
        self._data: dict[str, str] = {}
        self._name = ""
        self._texts: list[str] = []

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        """Take keys at once, keep attributes of nodes and edges until their data is known."""
        kind = tag.removeprefix(_NAMESPACE)
        if kind == "graph" and attributes.get("edgedefault") != "directed":
            found = quoted(attributes.get("edgedefault", "none"))
            msg = said(
                "{path}: expected edgedefault directed, found {found}.",
                path=str(self._path),
                found=found,
            )
            raise InputDataError(msg)
        if kind == "key":
            self._key_name[attributes.get("id", "")] = attributes.get("attr.name", "")
        elif kind in self.records:
            self._attributes, self._data = attributes, {}
        elif kind == "data" and self._attributes is not None:
            self._name = self._key_name.get(attributes.get("key", ""), "")
            self._texts.clear()

    def data(self, text: str, /) -> None:
        """Keep the text of a data element."""
        if self._name:
            self._texts.append(text)

    def end(self, tag: str, /) -> None:
        """Give a text to its node or edge, and a node or edge to its like."""
        kind = tag.removeprefix(_NAMESPACE)
        if kind == "data" and self._name:
            self._data[self._name] = "".join(self._texts).strip()
            self._name = ""
        elif kind in self.records and self._attributes is not None:
            # The attributes win: an edge's data may hold an "id" of their own.
            record = self._data | {key: value.strip() for key, value in self._attributes.items()}
            self.records[kind].append(record)
            GRAPHML.check(self._path, objects=len(self.records[kind]))
            self._attributes = None


def _node_table(nodes: list[dict[str, str]]) -> pd.DataFrame:
    node_id = [node.get("id") for node in nodes]
    return pd.DataFrame(
        {
            "node_id": node_id,
            "name": node_id,
            "lon": [node.get("position_x") for node in nodes],
            "lat": [node.get("position_y") for node in nodes],
        },
        index=pd.Index(node_id, name="node"),
        dtype=object,
    )


def _arc_table(edges: list[dict[str, str]]) -> pd.DataFrame:
    ends = [f"{edge.get('source')} -> {edge.get('target')}" for edge in edges]
    return pd.DataFrame(
        {
            "from_node_id": [edge.get("source") for edge in edges],
            "to_node_id": [edge.get("target") for edge in edges],
            "length_km": [edge.get("distance") for edge in edges],
            "free_speed_kmh": str(FREE_SPEED_KMH),
            "road": "",
        },
        index=pd.Index(ends, name="edge"),
        dtype=object,
    )

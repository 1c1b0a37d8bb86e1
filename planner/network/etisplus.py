"""Road graphs of the European synthetic truck-flow data set (ETISplus, Speth et al. 2022).

The data set is published as CSV; cut-outs of single countries come as GraphML (directed edges with
a length, nodes with a position, no road references and no speeds) and as segments. The CSV layouts
are in :mod:`planner.network.etisplus_tables`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from planner.errors import InputDataError
from planner.files.bounds import GRAPHML
from planner.files.input_files import checked_input
from planner.network.etisplus_tables import (
    EDGES_FILE,
    SEGMENTS_FILE,
    read_published_network,
    read_segments,
)
from planner.network.graph_tables import graph_from_tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from xml.etree.ElementTree import Element  # the type alone; defusedxml parses

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
        expected = file or " or ".join(LAYOUTS)
        msg = f"{folder}: expected a folder with {expected}, found none. Check network.path."
        raise InputDataError(msg)
    if chosen == EDGES_FILE:
        return read_published_network(folder, countries, FREE_SPEED_KMH)
    if countries:
        msg = f"{folder / chosen}: does not say countries; only {EDGES_FILE} does. Leave them out."
        raise InputDataError(msg)
    if chosen == SEGMENTS_FILE:
        return read_segments(folder), ()
    return _read_graphml(folder / GRAPHML_FILE), ()


def _read_graphml(path: Path) -> RoadGraph:
    try:
        nodes, edges = _parse(checked_input(path, GRAPHML))
    except DefusedXmlException as error:
        msg = f"{path}: document types and entities are refused in GraphML. Remove them."
        raise InputDataError(msg) from error
    except (ParseError, ValueError, LookupError) as error:  # the last two: an unknown encoding
        msg = f"{path}: expected well-formed XML, found a fault: {error}. Fetch the file again."
        raise InputDataError(msg) from error
    if not nodes or not edges:
        msg = f"{path}: expected nodes and edges, found {len(nodes)} nodes and {len(edges)} edges."
        raise InputDataError(msg)
    return graph_from_tables(_node_table(nodes), _arc_table(edges), str(path), str(path))


def _parse(path: Path) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Attributes and data of all nodes and edges, by the names that the file's keys declare."""
    key_name: dict[str, str] = {}
    nodes: list[dict[str, str]] = []
    edges: list[dict[str, str]] = []
    for event, element in iterparse(path, events=("start", "end"), forbid_dtd=True):
        tag = element.tag.removeprefix(_NAMESPACE)
        if event == "start":
            if tag == "graph" and element.get("edgedefault") != "directed":
                msg = f"{path}: expected edgedefault directed, found {element.get('edgedefault')}."
                raise InputDataError(msg)
            continue
        if tag == "key":
            key_name[element.get("id", "")] = element.get("attr.name", "")
        elif tag in {"node", "edge"}:
            (nodes if tag == "node" else edges).append(_record(element, key_name))
            element.clear()
    return nodes, edges


def _record(element: Element, key_name: dict[str, str]) -> dict[str, str]:
    data = {
        key_name.get(child.get("key", ""), ""): (child.text or "").strip()
        for child in element
        if child.tag == f"{_NAMESPACE}data"
    }
    # The attributes win: an edge's data may hold an "id" of their own.
    return data | {key: value.strip() for key, value in element.attrib.items()}


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

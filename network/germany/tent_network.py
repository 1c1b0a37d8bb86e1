"""Which roads of the network belong to the trans-European transport network (TEN-T)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx
import yaml
from network_sources import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from course_geometry import Network

CORE, COMPREHENSIVE = "core", "comprehensive"
_LONG_DISTANCE = re.compile(r"A\d{1,2}")
_WHOLE = "whole"


def tent_classes(network: Network, source: Path) -> dict[frozenset[str], str]:
    """TEN-T class of the edges that have one, by their nodes.

    No list of the comprehensive network's sections is public: long-distance motorways, those of
    one or two digits, count as such where they are not core.

    Raises
    ------
    SourceError
        If a section of the core network does not lie on its road.
    """
    core = yaml.safe_load((source / "tent_core.yaml").read_text(encoding="utf-8"))
    classes = {
        ends: COMPREHENSIVE
        for ends, edge in network.edges.items()
        if _LONG_DISTANCE.fullmatch(edge.road)
    }
    return classes | dict.fromkeys(_core_edges(network, core), CORE)


def _core_edges(
    network: Network, core: Mapping[str, str | list[tuple[str, str]]]
) -> set[frozenset[str]]:
    found: set[frozenset[str]] = set()
    for road, sections in core.items():
        edges = [edge for edge in network.edges.values() if edge.road == road]
        course = nx.Graph()
        for edge in edges:
            course.add_edge(edge.from_id, edge.to_id, weight=edge.length_km)
        if sections == _WHOLE:
            found |= {frozenset((edge.from_id, edge.to_id)) for edge in edges}
            continue
        for start, end in sections:
            try:
                nodes = nx.shortest_path(course, start, end, weight="weight")
            except (nx.NodeNotFound, nx.NetworkXNoPath) as error:
                msg = f"tent_core.yaml: {road} has no course from {start} to {end}"
                raise SourceError(msg) from error
            found |= {frozenset(pair) for pair in pairwise(nodes)}
    return found

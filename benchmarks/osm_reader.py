"""Reading a country's motorways from OpenStreetMap, against OSMnx.

Protocol: a made country of ten motorways from west to east and eight from south to north, each
carriageway drawn for itself with a node every 126 m, in ways of 2 km, with ramps at every crossing
and at an exit every 10 km: about 25,000 km of carriageways and 200,000 nodes, the size of the
German network. Ours reads the PBF and the XML file into a graph that is ready for routing: exits
joined, unreachable parts dropped, arcs joined between junctions. OSMnx reads the XML file, once as
drawn and once with its simplification, which is the nearest to what ours does. One process, minimum
over repetitions.

Run: ``python benchmarks/osm_reader.py``
"""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import osmium
import osmnx
import pyrosm
from measured import compared, keep
from osmium.osm.mutable import Node, Way

from planner.network.osm import load_osm_network
from planner.scenario.osm_sources import OsmNetwork

if TYPE_CHECKING:
    from planner.network.graph import RoadGraph

WEST, EAST, SOUTH, NORTH = 6.0, 14.4, 47.5, 55.0
N_WEST_EAST, N_SOUTH_NORTH = 10, 8
NODE_KM, WAY_NODES, EXIT_NODES = 0.126, 16, 80
MEDIAN_KM, RAMP_KM, LANE_KM = 0.03, 0.2, 0.6
KM_PER_LAT = 111.2
KM_PER_LON = KM_PER_LAT * math.cos(math.radians(51.25))
WIDTH_KM, HEIGHT_KM = (EAST - WEST) * KM_PER_LON, (NORTH - SOUTH) * KM_PER_LAT
RAMP = {"highway": "motorway_link", "oneway": "yes"}


class Country:
    """Nodes (km east and north of the corner) and ways, written as they come."""

    def __init__(self) -> None:
        self.nodes: list[tuple[float, float]] = []
        self.ways: list[tuple[list[int], dict[str, str]]] = []

    def node(self, x_km: float, y_km: float) -> int:
        """Add a node, and give its number."""
        self.nodes.append((x_km, y_km))
        return len(self.nodes)

    def ramp(self, start: int, end: int) -> None:
        """Add a ramp from node to node."""
        (x, y), (to_x, to_y) = self.nodes[start - 1], self.nodes[end - 1]
        middle = [
            self.node(x + share * (to_x - x), y + share * (to_y - y))
            for share in (0.2, 0.4, 0.6, 0.8)
        ]
        self.ways.append(([start, *middle, end], RAMP))

    def write(self, path: Path) -> None:
        """Write all of it; positions are off by a few metres, as drawn ones are."""
        shift = np.random.default_rng(2026).normal(0.0, 0.002, (len(self.nodes), 2))
        with osmium.SimpleWriter(path) as writer:
            for number, (x_km, y_km) in enumerate((np.array(self.nodes) + shift).tolist(), start=1):
                position = (WEST + x_km / KM_PER_LON, SOUTH + y_km / KM_PER_LAT)
                writer.add_node(Node(id=number, version=1, location=position))
            for number, (refs, tags) in enumerate(self.ways, start=1):
                writer.add_way(Way(id=number, version=1, nodes=refs, tags=tags))


def made_country() -> Country:
    country = Country()
    west_east = [
        _motorway(country, f"A {number + 1}", (number + 0.5) * HEIGHT_KM / N_WEST_EAST, along=True)
        for number in range(N_WEST_EAST)
    ]
    south_north = [
        _motorway(
            country, f"A {number + 51}", (number + 0.5) * WIDTH_KM / N_SOUTH_NORTH, along=False
        )
        for number in range(N_SOUTH_NORTH)
    ]
    for row, one in enumerate(west_east):
        for column, other in enumerate(south_north):
            at_x = (column + 0.5) * WIDTH_KM / N_SOUTH_NORTH
            at_y = (row + 0.5) * HEIGHT_KM / N_WEST_EAST
            _interchange(country, one, other, at_x, at_y)
    return country


def _motorway(country: Country, ref: str, across_km: float, *, along: bool) -> list[list[int]]:
    """Two carriageways in driving order, and exits on them."""
    length_km = WIDTH_KM if along else HEIGHT_KM
    n_nodes = int(length_km / NODE_KM)
    carriageways: list[list[int]] = []
    for side in (-1.0, 1.0) if along else (1.0, -1.0):
        line = []
        for number in range(n_nodes):
            to = number * NODE_KM
            off = across_km + side * MEDIAN_KM / 2.0
            line.append(country.node(to, off) if along else country.node(off, to))
        if len(carriageways) == 1:
            line.reverse()
        tags = {"highway": "motorway", "ref": ref, "maxspeed": "120", "lanes": "2", "oneway": "yes"}
        for first in range(0, n_nodes - 1, WAY_NODES):
            country.ways.append((line[first : first + WAY_NODES + 1], tags))
        carriageways.append(line)
    for at in range(EXIT_NODES // 2, n_nodes - EXIT_NODES // 2, EXIT_NODES):
        _exit(country, carriageways, at, n_nodes)
    return carriageways


def _exit(country: Country, carriageways: list[list[int]], at: int, n_nodes: int) -> None:
    ends = []
    for line, middle in zip(carriageways, (at, n_nodes - 1 - at), strict=True):
        x, y = country.nodes[line[middle] - 1]
        sign = 1.0 if line is carriageways[1] else -1.0
        end = country.node(x + sign * RAMP_KM, y + sign * RAMP_KM)
        country.ramp(line[middle - 3], end)
        country.ramp(end, line[middle + 3])
        ends.append(end)
    country.ways.append((ends, {"highway": "secondary"}))


def _interchange(
    country: Country, one: list[list[int]], other: list[list[int]], at_x: float, at_y: float
) -> None:
    """A ramp from every carriageway to both of the other road."""
    before = round(LANE_KM / NODE_KM)

    def crossing(line: list[int], at_km: float, *, along: bool) -> int:
        first = country.nodes[line[0] - 1][0 if along else 1]
        return round(abs(at_km - first) / NODE_KM)

    for line in one:
        leave = crossing(line, at_x, along=True)
        for target in other:
            join = crossing(target, at_y, along=False)
            country.ramp(line[leave - before], target[join + before])
            country.ramp(target[join - before], line[leave + before])


def main() -> None:
    """Compare, and keep the figures."""
    with tempfile.TemporaryDirectory() as folder:
        pbf, xml = Path(folder, "country.osm.pbf"), Path(folder, "country.osm.xml")
        country = made_country()
        country.write(pbf)
        country.write(xml)
        on = f"{len(country.nodes):,} nodes, {len(country.ways):,} ways of a made country"

        def ours(path: Path) -> tuple[RoadGraph, object]:
            return load_osm_network(OsmNetwork(source="osm", path=path))

        def by_osmnx(*, simplify: bool) -> object:
            return osmnx.graph_from_xml(xml, simplify=simplify, retain_all=True)

        def by_pyrosm() -> object:
            return pyrosm.OSM(str(pbf)).get_network(network_type="driving", nodes=True)

        graph, _ = ours(pbf)
        of_pbf = compared(
            "read roads from OpenStreetMap, PBF (planner: to a graph; pyrosm: to tables)",
            on,
            {"planner": lambda: ours(pbf), "pyrosm": by_pyrosm},
        )
        of_xml = compared(
            f"read roads from OpenStreetMap, XML (planner: {graph.n_nodes:,} nodes remain)",
            on,
            {
                "planner": lambda: ours(xml),
                "osmnx, as drawn": lambda: by_osmnx(simplify=False),
                "osmnx, simplified": lambda: by_osmnx(simplify=True),
            },
        )
    keep("osm_reader", [of_pbf, of_xml])


if __name__ == "__main__":
    main()

"""Checks of the built network: connectivity, lengths, known distances, a reference graph."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from statistics import median, quantiles
from typing import TYPE_CHECKING

import networkx as nx
from course_geometry import Network, great_circle_km
from network_sources import Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from freight_regions import Region
    from network_sources import Road

N_COMPARED_CITIES = 40
MIN_PAIR_KM = 100.0
LISTED_DEVIATION = 0.10
NEIGHBOURS = frozenset({"DK", "PL", "CZ", "AT", "CH", "FR", "LU", "BE", "NL"})


@dataclass(frozen=True)
class Check:
    """Outcome of one check, with what was found."""

    name: str
    found: str
    passed: bool


@dataclass(frozen=True)
class Pair:
    """Distances between two cities, km; ``deviation`` is relative to the reference."""

    from_region: str
    to_region: str
    air_km: float
    network_km: float
    reference_km: float

    @property
    def deviation(self) -> float:
        """Relative deviation of the network from the reference."""
        return self.network_km / self.reference_km - 1.0


def as_graph(network: Network) -> nx.Graph[str]:
    """Undirected graph with edge attribute ``km`` and node attribute ``position``."""
    graph: nx.Graph[str] = nx.Graph()
    for edge in network.edges.values():
        graph.add_edge(edge.from_id, edge.to_id, km=edge.length_km)
    for node_id in graph:
        graph.nodes[node_id]["position"] = network.nodes[node_id].position
    return graph


def read_reference_graph(path: Path) -> nx.Graph[str]:
    """Reference graph (GraphML with position_x, position_y, distance in km), undirected."""
    reference: nx.Graph[str] = nx.Graph()
    for a, b, data in nx.read_graphml(path).edges(data=True):
        km = float(data["distance"])
        known = reference.get_edge_data(a, b)
        reference.add_edge(a, b, km=km if known is None else min(km, known["km"]))
    for node, data in nx.read_graphml(path).nodes(data=True):
        reference.nodes[node]["position"] = Position(
            float(data["position_x"]), float(data["position_y"])
        )
    return reference


def nearest_node(graph: nx.Graph[str], position: Position) -> str:
    """Node closest to a position."""
    return min(
        (great_circle_km(data["position"], position), node) for node, data in graph.nodes(data=True)
    )[1]


def compare_with_reference(
    network: Network, regions: Iterable[Region], reference: nx.Graph[str]
) -> list[Pair]:
    """Distances of the largest cities more than 100 km apart in both graphs.

    Every city starts at the node of the coarser reference graph that is nearest to its centre,
    and at the node of our network nearest to that node: both graphs are asked for the way
    between the same two points, and no access length has to be guessed.
    """
    cities = sorted(
        (r for r in regions if r.kind == "city"), key=lambda r: (-r.population, r.region_id)
    )[:N_COMPARED_CITIES]
    graph = as_graph(network)
    theirs = {r.region_id: nearest_node(reference, r.position) for r in cities}
    ours = {
        name: nearest_node(graph, reference.nodes[node]["position"])
        for name, node in theirs.items()
    }
    our_km = {n: nx.single_source_dijkstra_path_length(graph, ours[n], weight="km") for n in ours}
    their_km = {
        n: nx.single_source_dijkstra_path_length(reference, theirs[n], weight="km") for n in theirs
    }
    return [
        Pair(
            a.region_id,
            b.region_id,
            air_km,
            our_km[a.region_id][ours[b.region_id]],
            their_km[a.region_id][theirs[b.region_id]],
        )
        for a, b in combinations(cities, 2)
        if (air_km := great_circle_km(a.position, b.position)) > MIN_PAIR_KM
    ]


def reason_for(pair: Pair, reasons: Sequence[Mapping[str, str]]) -> str:
    """Why a pair deviates: the first reason for the pair, else for one of its cities."""
    ends = {pair.from_region, pair.to_region}
    for row in reasons:
        named = {row["region"], row["other_region"]} - {""}
        if named <= ends:
            return row["reason"]
    return ""


def check_structure(network: Network, regions: Sequence[Region]) -> list[Check]:
    """Counts, connectivity, total length and neighbours."""
    graph = as_graph(network)
    motorway_km = sum(e.length_km for e in network.edges.values() if e.road.startswith("A"))
    connected = nx.is_connected(graph) and len(graph) == len(network.nodes)
    domestic = [r for r in regions if r.kind != "gateway"]
    gateway_countries = {r.country for r in regions if r.kind == "gateway"}
    missing = sorted(NEIGHBOURS - gateway_countries)
    return [
        Check("nodes >= 400", str(len(network.nodes)), len(network.nodes) >= 400),
        Check("motorway km 12,000-14,000", f"{motorway_km:,.0f}", 12_000 <= motorway_km <= 14_000),
        Check("strongly connected (all arcs two-way)", str(connected), connected),
        Check("domestic regions 150-250", str(len(domestic)), 150 <= len(domestic) <= 250),
        Check("gateways to nine neighbours", f"missing {missing}", not missing),
    ]


def check_road_distances(
    network: Network, regions: Sequence[Region], rows: Sequence[Mapping[str, str]]
) -> list[Check]:
    """Known road distances, each within 5 %."""
    graph = as_graph(network)
    node_of = {r.region_id: r.node_id for r in regions}
    checks = []
    for row in rows:
        km = nx.shortest_path_length(
            graph, node_of[row["from_region"]], node_of[row["to_region"]], weight="km"
        )
        deviation = km / float(row["road_km"]) - 1.0
        checks.append(
            Check(
                f"{row['from_region']} - {row['to_region']}, {row['road_km']} km by road",
                f"{km:.0f} km, {100 * deviation:+.1f} %",
                abs(deviation) <= 0.05,
            )
        )
    return checks


def check_against_reference(
    pairs: Sequence[Pair], reasons: Sequence[Mapping[str, str]]
) -> list[Check]:
    """Median and 90th percentile of the deviation, and a reason for every large one."""
    deviations = [abs(pair.deviation) for pair in pairs]
    middle = median(deviations)
    p90 = quantiles(deviations, n=10, method="inclusive")[-1]
    large = [pair for pair in pairs if abs(pair.deviation) > LISTED_DEVIATION]
    unexplained = [pair for pair in large if not reason_for(pair, reasons)]
    return [
        Check(f"median deviation <= 5 % ({len(pairs)} pairs)", f"{middle:.1%}", middle <= 0.05),
        Check("90th percentile of deviation <= 15 %", f"{p90:.1%}", p90 <= 0.15),
        Check(
            f"reason for every pair off > 10 % ({len(large)} pairs)",
            f"{len(unexplained)} without",
            not unexplained,
        ),
    ]


def length_table(network: Network, motorways: Iterable[Road]) -> list[str]:
    """Lines of a table of built and official length per motorway, km."""
    lines = ["motorway  built km  official km  difference"]
    for road in motorways:
        built_km = network.road_km(road.reference)
        if road.official_km is None:
            lines.append(f"{road.reference:8s} {built_km:9.1f}            -")
        else:
            difference = built_km / road.official_km - 1.0
            lines.append(
                f"{road.reference:8s} {built_km:9.1f} {road.official_km:12.0f} {difference:+11.1%}"
            )
    return lines

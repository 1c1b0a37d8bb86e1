"""Turn road courses into nodes with coordinates and edges with lengths."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from network_sources import KM_PER_DEGREE_LAT, CoursePoint, Gazetteer, Position, Road, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

EARTH_RADIUS_KM = 6371.0088
WINDING_FACTOR = 1.05
"""Road length over the length of the polyline through its points, where nothing better is known."""
WINDING_RANGE = (1.0, 1.15)
"""A motorway's own factor (official length over polyline) is kept within these bounds."""
FEDERAL_WINDING_FACTOR = 1.2
RELAXATION = 0.35
"""Share of its distance from the chord of its neighbours by which an exit is moved towards it."""
RELAXATION_MAX_KM = 1.5
MOTORWAY_SPEED_KMH = 100.0
FEDERAL_SPEED_KMH = 50.0


@dataclass(frozen=True)
class Node:
    """A network node; ``kind`` is junction, exit, border or city."""

    node_id: str
    name: str
    kind: str
    position: Position


@dataclass(frozen=True)
class Edge:
    """A two-way road between two nodes: length in km, free speed in km/h."""

    from_id: str
    to_id: str
    length_km: float
    free_speed_kmh: float
    road: str


@dataclass
class Network:
    """Nodes by id and the two-way edges between them."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[frozenset[str], Edge] = field(default_factory=dict)

    def add_edge(self, edge: Edge) -> None:
        """Add an edge unless another road already joins the same two nodes."""
        key = frozenset((edge.from_id, edge.to_id))
        if len(key) == 2:
            self.edges.setdefault(key, edge)

    def road_km(self, reference: str) -> float:
        """Length of all edges of one road, km."""
        return sum(edge.length_km for edge in self.edges.values() if edge.road == reference)


def great_circle_km(a: Position, b: Position) -> float:
    """Length of the great circle between two positions, km."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(b.lon - a.lon) / 2
    haversine = (
        math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(haversine))


def shifted(position: Position, east_km: float, north_km: float) -> Position:
    """Position moved by some km to the east and north."""
    km_per_degree_lon = KM_PER_DEGREE_LAT * math.cos(math.radians(position.lat))
    return Position(
        position.lon + east_km / km_per_degree_lon, position.lat + north_km / KM_PER_DEGREE_LAT
    )


def local_km(origin: Position, position: Position) -> tuple[float, float]:
    """Coordinates of ``position`` in km to the east and north of ``origin``."""
    km_per_degree_lon = KM_PER_DEGREE_LAT * math.cos(math.radians(origin.lat))
    return (
        (position.lon - origin.lon) * km_per_degree_lon,
        (position.lat - origin.lat) * KM_PER_DEGREE_LAT,
    )


def slug(text: str) -> str:
    """Readable ASCII identifier, for example ``kreuz-koeln-nord``."""
    for umlaut, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(umlaut, plain).replace(umlaut.upper(), plain.capitalize())
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def node_kind(name: str) -> str:
    """Kind of a node that has coordinates of its own, from its name."""
    return "border" if name.startswith("Grenze ") else "junction"


class CourseBuilder:
    """Places the points of all roads and joins them with edges.

    Parameters
    ----------
    interchanges : mapping of str to Position
        Interchanges and border crossings with coordinates of their own.
    gazetteer : Gazetteer
        Where exits get their coordinates from.
    """

    def __init__(self, interchanges: Mapping[str, Position], gazetteer: Gazetteer) -> None:
        self.network = Network()
        self._interchanges = interchanges
        self._gazetteer = gazetteer
        self._node_of_token: dict[tuple[str, str], str] = {}
        self.errors: list[str] = []

    def add_motorways(self, roads: Iterable[Road]) -> None:
        """Add motorways: exits belong to one road, lengths follow the official length."""
        low, high = WINDING_RANGE
        for road in roads:
            chains = [self._chain(road.reference, section.points) for section in road.sections]
            polyline_km = [self._polyline_km(chain) for chain in chains]
            known_km = [section.known_km for section in road.sections]
            rest_factor = WINDING_FACTOR
            if road.official_km is not None:
                rest_km = sum(
                    km for km, known in zip(polyline_km, known_km, strict=True) if not known
                )
                rest_official_km = road.official_km - sum(known or 0.0 for known in known_km)
                rest_factor = rest_official_km / max(rest_km, 0.1)
            for chain, km, known in zip(chains, polyline_km, known_km, strict=True):
                factor = known / km if known else rest_factor
                self._join(chain, road.reference, min(max(factor, low), high), MOTORWAY_SPEED_KMH)

    def add_federal_roads(self, roads: Iterable[Road]) -> None:
        """Add federal roads: a place named by several of them is one node."""
        for road in roads:
            for section in road.sections:
                chain = self._chain("", section.points)
                factor = FEDERAL_WINDING_FACTOR
                if section.known_km is not None:
                    factor = max(section.known_km / self._polyline_km(chain), 1.0)
                self._join(chain, road.reference, factor, FEDERAL_SPEED_KMH)

    def _chain(self, owner: str, section: Sequence[CoursePoint]) -> list[str]:
        fixed = [self._known_node(owner, point) for point in section]
        positions = self._place(owner, section, fixed)
        chain: list[str] = []
        for index, point in enumerate(section):
            node_id = fixed[index]
            if node_id is None:
                node_id = self._new_exit(owner, point, self._relaxed(positions, index))
            chain.append(node_id)
        return chain

    def _known_node(self, owner: str, point: CoursePoint) -> str | None:
        if point.place in self._interchanges:
            name = point.place
            node = Node(slug(name), name, node_kind(name), self._interchanges[name])
            self.network.nodes.setdefault(node.node_id, node)
            return node.node_id
        road = point.road if point.road.startswith("A") else owner
        suffix = point.token.rpartition("/")[2] if point.road else point.token
        for key in ((road, suffix), (road, point.place)):
            if (key == (owner, point.token) or point.road or not owner) and (
                key in self._node_of_token
            ):
                return self._node_of_token[key]
        if point.road.startswith("A"):
            self.errors.append(f"{point.token}: the motorway has no such point")
        return None

    def _place(
        self, owner: str, section: Sequence[CoursePoint], fixed: Sequence[str | None]
    ) -> list[Position]:
        """Choose among places of the same name those that make the course shortest."""
        layers: list[list[tuple[Position, float]]] = []
        for point, node_id in zip(section, fixed, strict=True):
            if node_id is not None:
                layers.append([(self.network.nodes[node_id].position, 0.0)])
                continue
            try:
                found = self._gazetteer.candidates(point.place)
            except SourceError as error:
                self.errors.append(f"{owner or 'federal road'}, {point.token}: {error}")
                found = []
            bearing = math.radians(point.bearing_deg)
            east, north = point.offset_km * math.sin(bearing), point.offset_km * math.cos(bearing)
            layers.append([(shifted(p.position, east, north), cost) for p, cost in found])
        if any(not layer for layer in layers):
            return [layer[0][0] if layer else Position(10.0, 51.0) for layer in layers]
        return shortest_course(layers)

    def _relaxed(self, positions: Sequence[Position], index: int) -> Position:
        """Move an exit part of the way to the chord between its neighbours.

        A place lies beside its motorway, so a course through place centres zigzags.
        """
        if not 0 < index < len(positions) - 1:
            return positions[index]
        here, before, after = positions[index], positions[index - 1], positions[index + 1]
        bx, by = local_km(here, before)
        ax, ay = local_km(here, after)
        dx, dy = ax - bx, ay - by
        chord_sq = dx * dx + dy * dy
        if chord_sq == 0.0:
            return here
        along = min(max(-(bx * dx + by * dy) / chord_sq, 0.0), 1.0)
        foot_x, foot_y = bx + along * dx, by + along * dy
        off_km = math.hypot(foot_x, foot_y)
        share = min(RELAXATION, RELAXATION_MAX_KM / max(off_km, 1e-9))
        return shifted(here, share * foot_x, share * foot_y)

    def _new_exit(self, owner: str, point: CoursePoint, position: Position) -> str:
        node_id = f"{slug(point.place)}-{owner.lower()}" if owner else slug(point.place)
        if node_id in self.network.nodes:
            node_id = f"{slug(point.token)}-{owner.lower()}" if owner else slug(point.token)
        name = f"{point.place} ({owner})" if owner else point.place
        kind = "exit" if owner else "city"
        self.network.nodes[node_id] = Node(node_id, name, kind, position)
        self._node_of_token.setdefault((owner, point.token), node_id)
        self._node_of_token.setdefault((owner, point.place), node_id)
        return node_id

    def _polyline_km(self, chain: Sequence[str]) -> float:
        nodes = self.network.nodes
        return sum(
            great_circle_km(nodes[a].position, nodes[b].position)
            for a, b in itertools.pairwise(chain)
            if frozenset((a, b)) not in self.network.edges
        )

    def _join(self, chain: Sequence[str], road: str, factor: float, speed_kmh: float) -> None:
        nodes = self.network.nodes
        for a, b in itertools.pairwise(chain):
            length_km = factor * great_circle_km(nodes[a].position, nodes[b].position)
            self.network.add_edge(Edge(a, b, max(length_km, 0.1), speed_kmh, road))


def shortest_course(layers: Sequence[Sequence[tuple[Position, float]]]) -> list[Position]:
    """Pick one candidate per point so that the course is shortest (Viterbi, 1967).

    Parameters
    ----------
    layers : sequence of sequences of (Position, float)
        Candidates of each point with a penalty in km; every layer has at least one.

    Returns
    -------
    list of Position
        One position per layer.
    """
    cost = [penalty for _, penalty in layers[0]]
    back: list[list[int]] = []
    for previous, layer in itertools.pairwise(layers):
        choices = [
            min(
                range(len(previous)),
                key=lambda i, here=here: cost[i] + great_circle_km(previous[i][0], here),  # type: ignore[misc]
            )
            for here, _ in layer
        ]
        cost = [
            cost[i] + great_circle_km(previous[i][0], here) + penalty
            for i, (here, penalty) in zip(choices, layer, strict=True)
        ]
        back.append(choices)
    best = min(range(len(cost)), key=cost.__getitem__)
    path = [best]
    for choices in reversed(back):
        path.append(choices[path[-1]])
    path.reverse()
    return [layer[i][0] for layer, i in zip(layers, path, strict=True)]

"""Build the light European road network: E-roads and motorways on a simplified OpenStreetMap.

Run it with ``world_highways.py`` of the package scgraph-data (24 MB, only for this script)::

    pip download --no-deps scgraph-data==2.0.0 && unzip scgraph_data-*.whl
    python network/europe/build_europe.py scgraph_data/world_highways.py

It writes nodes.csv, arcs.csv and accuracy.csv, and names the places that it did not find. The same
sources give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyogrio
import shapely
import yaml
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

HERE = Path(__file__).parent
EXTENT = (-11.0, 34.0, 32.0, 71.5)
FREE_SPEED_KMH = 100.0
"""What a truck's own limit binds below, as on the motorways of the German network."""
FARTHEST_TOWN_KM = 15.0
DETOUR, DETOUR_KM = 1.6, 25.0
"""A way longer than this times the straight line and that much misses a piece of road."""
STRAIGHT_FACTOR = 1.1
"""Length of such a road over the straight line; our assumption."""
SAME_PLACE_KM = 0.7
"""Carriageways and ramps nearer than this are one road here."""
TOLERANCE_DEG = 0.004
LEAST_PIECE_KM = 0.2
USED_BEFORE = 0.9
"""Weight of roads that have a number already: two roads that run together stay together."""


@dataclass(frozen=True)
class Place:
    """A named place of a course."""

    name: str
    lon: float
    lat: float


def main() -> None:
    """Read, match the courses, simplify, split at borders and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    lon, lat, ends, length = read_highways(parser.parse_args().source)
    places = Gazetteer()
    courses = read_courses(places)
    links = read_links(places)
    roads = match(lon, lat, ends, length, courses)
    network = Network(roads)
    network.merge()
    network.connect(courses, links)
    factor = network.calibrate(places)
    network.simplify()
    network.split_at_borders()
    network.keep_largest()
    network.write(factor)


def read_highways(
    path: Path,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Nodes and undirected edges within the extent."""
    text = path.read_text(encoding="utf-8")
    graph_text = re.search(r"^graph=(.*)$", text, re.MULTILINE)
    nodes_text = re.search(r"^nodes=(.*)$", text, re.MULTILINE)
    if graph_text is None or nodes_text is None:
        message = f"{path}: expected world_highways.py of scgraph-data 2.0.0"
        raise SystemExit(message)
    nodes = np.array(json.loads(nodes_text[1]))
    graph = json.loads(re.sub(r"(\d+):", r'"\1":', graph_text[1]))
    lon, lat = nodes[:, 1], nodes[:, 0]
    inside = (lon > EXTENT[0]) & (lat > EXTENT[1]) & (lon < EXTENT[2]) & (lat < EXTENT[3])
    new = np.cumsum(inside) - 1
    ends, length = [], []
    for start, row in enumerate(graph):
        if inside[start]:
            for other, km in row.items():
                stop = int(other)
                if start < stop and inside[stop]:
                    ends.append((new[start], new[stop]))
                    length.append(km)
    return lon[inside], lat[inside], np.array(ends), np.array(length, dtype=float)


class Gazetteer:
    """Coordinates of the places that courses name."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Place] = {}
        towns = _rows(HERE.parent / "towns" / "europe.csv")
        for row in [*_rows(HERE / "source" / "places.csv"), *towns]:
            for name in {row.get("name") or row["name_en"], row.get("name_de") or ""} - {""}:
                place = Place(name, float(row["lon"]), float(row["lat"]))
                self.known.setdefault((name, ""), place)
                self.known.setdefault((name, row["country"]), place)

    def find(self, text: str) -> Place | None:
        """Place of a course: with coordinates of its own, or known by name."""
        if own := re.fullmatch(r"(.+) (-?\d+\.\d+) (\d+\.\d+)", text):
            return Place(own[1], float(own[2]), float(own[3]))
        if of := re.fullmatch(r"(.+) ([A-Z]{2})", text):
            return self.known.get((of[1], of[2]))
        return self.known.get((text, ""))


def read_courses(places: Gazetteer) -> list[tuple[str, Place, Place]]:
    """Road, and the two ends of each of its pieces."""
    found = yaml.safe_load((HERE / "source" / "courses.yaml").read_text(encoding="utf-8"))
    pieces = []
    for road, course in found.items():
        label = road.split()[-1] if " " in road else road
        for part in course if isinstance(course[0], list) else [course]:
            ends = [place for text in part if (place := places.find(text))]
            if len(ends) < len(part):
                print("not found:", road, [text for text in part if not places.find(text)])
            pieces += [(label, *pair) for pair in itertools.pairwise(ends)]
    return pieces


def read_links(places: Gazetteer) -> list[tuple[str, Place, Place, float, float]]:
    """Bridges, tunnels and ferries that the roads lack: road, ends, km, km/h."""
    links = []
    for row in _rows(HERE / "source" / "links.csv"):
        one, other = places.find(row["from"]), places.find(row["to"])
        if one is None or other is None:
            print("not found:", row)
            continue
        links.append(
            (row["road"], one, other, float(row["length_km"]), float(row["free_speed_kmh"]))
        )
    return links


@dataclass
class Roads:
    """Undirected pieces of road: ends (n, 2), km, label, km/h, and where nodes lie."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    ends: NDArray[np.int64]
    km: NDArray[np.float64]
    label: list[str]


def match(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    ends: NDArray[np.int64],
    length: NDArray[np.float64],
    courses: list[tuple[str, Place, Place]],
) -> Roads:
    """Give the roads that the courses take their numbers, and leave out all others."""
    number = len(lon)
    both = np.r_[ends, ends[:, ::-1]]
    weight = coo_matrix((np.r_[length, length], both.T), shape=(number, number)).tocsr()
    weight.data = np.maximum(weight.data, 1e-3)
    _, part = connected_components(weight, directed=False)
    large = np.flatnonzero(np.bincount(part)[part] > 200)
    tree = cKDTree(_flat(lon[large], lat[large]))
    label: dict[tuple[int, int], str] = {}
    drawn: dict[tuple[int, int], float] = {}
    for road, one, other in courses:
        crow = float(_km(one.lon, one.lat, other.lon, other.lat))
        far, near = tree.query(
            _flat(np.array([one.lon, other.lon]), np.array([one.lat, other.lat]))
        )
        start, stop = large[near]
        if far.max() > FARTHEST_TOWN_KM:
            continue
        limit = max(DETOUR * crow, crow + DETOUR_KM)
        km, before = dijkstra(weight, indices=start, return_predecessors=True, limit=limit)
        if not np.isfinite(km[stop]):
            continue
        while stop != start:
            step = int(before[stop])
            edge = (min(step, int(stop)), max(step, int(stop)))
            if edge not in label:
                label[edge] = road
                drawn[edge] = weight[edge]
                weight[edge[0], edge[1]] *= USED_BEFORE
                weight[edge[1], edge[0]] *= USED_BEFORE
            stop = step
    edges = list(label)
    return Roads(
        lon, lat, np.array(edges), np.array([drawn[e] for e in edges]), list(label.values())
    )


class Network:
    """The network on its way to the files."""

    def __init__(self, roads: Roads) -> None:
        used, ends = np.unique(roads.ends, return_inverse=True)
        self.lon, self.lat = roads.lon[used], roads.lat[used]
        self.edges: dict[tuple[int, int], tuple[float, str, float]] = {}
        for (one, other), km, label in zip(ends.reshape(-1, 2), roads.km, roads.label, strict=True):
            self._add(int(one), int(other), km, label, FREE_SPEED_KMH)
        self.country_of_edge: list[str] = []

    def _add(self, one: int, other: int, km: float, label: str, speed: float) -> None:
        edge = (min(one, other), max(one, other))
        if one != other and (edge not in self.edges or km < self.edges[edge][0]):
            if edge in self.edges:
                _, label, speed = self.edges[edge]
            self.edges[edge] = (max(km, 0.05), label, speed)

    def merge(self) -> None:
        """Make one node of those that lie together: carriageways, ramps, interchanges."""
        pairs = cKDTree(_flat(self.lon, self.lat)).query_pairs(SAME_PLACE_KM, output_type="ndarray")
        number = len(self.lon)
        joined = coo_matrix((np.ones(len(pairs)), pairs.T), shape=(number, number))
        _, group = connected_components(joined, directed=False)
        # A long chain of near nodes is a road, not a place: it is cut into squares.
        square = np.stack([group, *(np.floor(_flat(self.lon, self.lat) / 1.5).T)], axis=1)
        _, place = np.unique(square, axis=0, return_inverse=True)
        place = place.reshape(-1)
        count = np.bincount(place)
        self.lon = np.bincount(place, weights=self.lon) / count
        self.lat = np.bincount(place, weights=self.lat) / count
        old, self.edges = self.edges, {}
        for (one, other), (km, label, speed) in old.items():
            self._add(int(place[one]), int(place[other]), km, label, speed)

    def connect(
        self,
        courses: list[tuple[str, Place, Place]],
        links: list[tuple[str, Place, Place, float, float]],
    ) -> None:
        """Add bridges and ferries, and straight pieces where a course is not on the roads."""
        for road, one, other, km, speed in links:
            self._add(self._node(one), self._node(other), km, road, speed)
        graph, missing = self._graph(), []
        for road, one, other in courses:
            start, stop = self._node(one), self._node(other)
            if start >= graph.shape[0] or stop >= graph.shape[0]:
                graph = self._graph()
            crow = float(_km(one.lon, one.lat, other.lon, other.lat))
            limit = max(DETOUR * crow, crow + DETOUR_KM) * 1.05
            if not np.isfinite(dijkstra(graph, indices=start, limit=limit)[stop]):
                missing.append((road, one.name, other.name))
                self._add(start, stop, STRAIGHT_FACTOR * crow, road, FREE_SPEED_KMH)
                graph = self._graph()
        print(len(missing), "pieces drawn straight:", missing)
        self.straight = missing

    def _node(self, place: Place) -> int:
        far = _km(place.lon, place.lat, self.lon, self.lat)
        nearest = int(np.argmin(far))
        if far[nearest] <= FARTHEST_TOWN_KM:
            return nearest
        self.lon, self.lat = np.append(self.lon, place.lon), np.append(self.lat, place.lat)
        return len(self.lon) - 1

    def _graph(self) -> csr_matrix:
        ends = np.array(list(self.edges))
        km = np.array([edge[0] for edge in self.edges.values()])
        number = len(self.lon)
        both = np.r_[ends, ends[:, ::-1]]
        return coo_matrix((np.r_[km, km], both.T), shape=(number, number)).tocsr()

    def calibrate(self, places: Gazetteer) -> float:
        """Factor that makes known distances right in the middle; writes accuracy.csv."""
        rows, graph = [], self._graph()
        for row in _rows(HERE / "source" / "road_distances.csv"):
            one, other = places.find(row["from"]), places.find(row["to"])
            if one is None or other is None:
                message = f"road_distances.csv: unknown place in {row}"
                raise SystemExit(message)
            km = dijkstra(graph, indices=self._node(one))[self._node(other)]
            rows.append((row["from"], row["to"], float(row["km"]), float(km)))
        factor = round(float(np.median([known / km for _, _, known, km in rows])), 3)
        print("factor", factor)
        with (HERE / "accuracy.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("from", "to", "known_km", "here_km", "deviation_percent"))
            for one_name, other_name, known, km in rows:
                here = km * factor
                deviation = f"{100 * (here / known - 1):.1f}"
                print(one_name, other_name, known, round(here), deviation)
                writer.writerow((one_name, other_name, f"{known:.0f}", f"{here:.0f}", deviation))
        return factor

    def simplify(self) -> None:
        """Take out nodes where a road only goes on nearly straight."""
        chains = [(chain, *self._like(chain[0], chain[1])) for chain in self._chains()]
        old, self.edges = self.edges, {}
        for chain, label, speed in chains:
            line = shapely.LineString([(self.lon[n], self.lat[n]) for n in chain])
            km = [old[min(pair), max(pair)][0] for pair in itertools.pairwise(chain)]
            total = np.r_[0.0, np.cumsum(km)]
            for one, other in itertools.pairwise(
                _kept(line, shapely.simplify(line, TOLERANCE_DEG))
            ):
                self._add(chain[one], chain[other], float(total[other] - total[one]), label, speed)

    def _like(self, one: int, other: int) -> tuple[str, float]:
        """Number and speed of a road."""
        return self.edges[min(one, other), max(one, other)][1:]

    def _chains(self) -> list[list[int]]:
        """Nodes of each stretch between those where roads meet or change."""
        neighbours: dict[int, list[int]] = {}
        for one, other in self.edges:
            neighbours.setdefault(one, []).append(other)
            neighbours.setdefault(other, []).append(one)
        inner = {
            node
            for node, near in neighbours.items()
            if len(near) == 2 and self._like(node, near[0]) == self._like(node, near[1])
        }
        done: set[tuple[int, ...]] = set()
        chains = []
        for node in sorted(set(neighbours) - inner):
            for first in sorted(neighbours[node]):
                chain = [node, first]
                while chain[-1] in inner:
                    chain.append(self._onward(chain, neighbours))
                if tuple(reversed(chain)) not in done:
                    done.add(tuple(chain))
                    chains.append(chain)
        return chains

    @staticmethod
    def _onward(chain: list[int], neighbours: dict[int, list[int]]) -> int:
        one, other = neighbours[chain[-1]]
        return other if one == chain[-2] else one

    def split_at_borders(self) -> None:
        """Put a node where a road passes from one country to another, and name all countries."""
        outlines = pyogrio.read_dataframe(HERE.parent / "outlines" / "europe.geojson")
        outlines = outlines[outlines["iso_a2"].str.len() == 2]
        code, area = outlines["iso_a2"].to_numpy(object), outlines.geometry.to_numpy()
        tree = shapely.STRtree(area)

        def country(lon: float, lat: float) -> str:
            return str(code[tree.nearest(shapely.Point(lon, lat))])

        at_node = [country(x, y) for x, y in zip(self.lon, self.lat, strict=True)]
        self.at_border: set[int] = set()
        old, self.edges = self.edges, {}
        of_edge: dict[tuple[int, int], str] = {}
        for (one, other), (km, label, speed) in old.items():
            if at_node[one] == at_node[other]:
                self._add(one, other, km, label, speed)
                of_edge[one, other] = at_node[one]
                continue
            share = self._border(one, other, at_node[one], country)
            middle = len(self.lon)
            lon = self.lon[one] + share * (self.lon[other] - self.lon[one])
            lat = self.lat[one] + share * (self.lat[other] - self.lat[one])
            self.lon, self.lat = np.append(self.lon, lon), np.append(self.lat, lat)
            at_node.append(at_node[one])
            self.at_border.add(middle)
            for end, part in ((one, share), (other, 1.0 - share)):
                self._add(end, middle, part * km, label, speed)
                of_edge[min(end, middle), max(end, middle)] = at_node[end]
        self.country_of_edge = [of_edge[edge] for edge in self.edges]

    def _border(
        self, one: int, other: int, here: str, country: Callable[[float, float], str]
    ) -> float:
        low, high = 0.0, 1.0
        for _ in range(12):
            share = (low + high) / 2.0
            lon = self.lon[one] + share * (self.lon[other] - self.lon[one])
            lat = self.lat[one] + share * (self.lat[other] - self.lat[one])
            low, high = (share, high) if country(lon, lat) == here else (low, share)
        # Never so near an end that both are one point.
        far = float(_km(self.lon[one], self.lat[one], self.lon[other], self.lat[other]))
        least = min(LEAST_PIECE_KM / max(far, LEAST_PIECE_KM), 0.5)
        return min(max((low + high) / 2.0, least), 1.0 - least)

    def keep_largest(self) -> None:
        """Leave out roads that lead nowhere else."""
        _, part = connected_components(self._graph(), directed=False)
        largest = np.argmax(np.bincount(part))
        kept = [part[one] == largest for one, _ in self.edges]
        lost = sum(
            edge[0] for edge, keep in zip(self.edges.values(), kept, strict=True) if not keep
        )
        print(f"left out {lost:.0f} km that nothing joins")
        self.country_of_edge = list(itertools.compress(self.country_of_edge, kept))
        self.edges = dict(itertools.compress(self.edges.items(), kept))

    def write(self, factor: float) -> None:
        """Write nodes and arcs, numbered from north to south."""
        used = sorted(
            {node for edge in self.edges for node in edge},
            key=lambda n: (-self.lat[n], self.lon[n]),
        )
        name = {
            node: f"{'B' if node in self.at_border else 'N'}{place}"
            for place, node in enumerate(used, 1)
        }
        called = self._called(used)
        with (HERE / "nodes.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("node_id", "name", "lon", "lat"))
            for node, near in zip(used, called, strict=True):
                writer.writerow(
                    (name[node], near, f"{self.lon[node]:.4f}", f"{self.lat[node]:.4f}")
                )
        rank = {node: place for place, node in enumerate(used)}
        rows = sorted(
            (*sorted(edge, key=rank.__getitem__), *values, country)
            for (edge, values), country in zip(
                self.edges.items(), self.country_of_edge, strict=True
            )
        )
        rows.sort(key=lambda row: (rank[row[0]], rank[row[1]]))
        km = sum(row[2] for row in rows) * factor
        print(f"{len(used)} nodes, {len(rows)} roads, {km:.0f} km")
        with (HERE / "arcs.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(
                ("from_node_id", "to_node_id", "length_km", "free_speed_kmh", "road", "country")
            )
            for one, other, length, label, speed, country in rows:
                at_sea = label in {"ferry", "shuttle"}
                long = length * (1.0 if at_sea else factor)
                writer.writerow(
                    (name[one], name[other], f"{long:.2f}", f"{speed:.0f}", label, country)
                )

    def _called(self, used: list[int]) -> list[str]:
        """Nearest town of each node."""
        towns = _rows(HERE.parent / "towns" / "europe.csv") + [
            row | {"name_en": row["name"]} for row in _rows(HERE / "source" / "places.csv")
        ]
        lon, lat = (np.array([float(row[key]) for row in towns]) for key in ("lon", "lat"))
        _, near = cKDTree(_sphere(lon, lat)).query(_sphere(self.lon[used], self.lat[used]))
        return [towns[place]["name_en"] for place in near]


def _kept(line: shapely.LineString, simple: shapely.LineString) -> Iterator[int]:
    """Positions in a line of the points that its simplified form has."""
    points = list(simple.coords)
    at = 0
    for position, point in enumerate(line.coords):
        if at < len(points) and point == points[at]:
            yield position
            at += 1


def _flat(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points in km, right in the middle of Europe and good for distances nearby."""
    return np.column_stack([lon * 111.2 * np.cos(np.radians(lat)), lat * 111.2])


def _sphere(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    a, b = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)])


def _km(
    lon: float, lat: float, to_lon: NDArray[np.float64] | float, to_lat: NDArray[np.float64] | float
) -> NDArray[np.float64]:
    a, b, c, d = map(np.radians, (lon, lat, to_lon, to_lat))
    part = np.sin((d - b) / 2) ** 2 + np.cos(b) * np.cos(d) * np.sin((c - a) / 2) ** 2
    return np.asarray(2 * 6371.0 * np.arcsin(np.sqrt(part)))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()

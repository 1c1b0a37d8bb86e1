"""Freight regions: domestic catchments, ports and border gateways, each tied to one node."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from course_geometry import Edge, Network, Node, great_circle_km, local_km, slug
from network_sources import Place, Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ACCESS_FACTOR = 1.3
"""Length of an access link over the great circle."""
ACCESS_SPEED_KMH = 40.0
ON_NODE_KM = 1.5
"""A region this close to a node is attached to it without a link."""
MAX_ACCESS_LINKS = 3
MIN_ACCESS_ANGLE_DEG = 70.0
URBAN_RADIUS_KM_PER_SQRT_INHABITANT = 0.008
LARGE_CITY_INHABITANTS = 100_000
LARGE_CITY_SPACING_KM = 6.0
TOWN_SPACING_KM = 32.0
TOWN_INHABITANTS = 9_000
INHABITANTS_PER_MT = 13_500
"""Weight of 1 Mt of port throughput: half of it by road, 37 t of road freight an inhabitant."""
GERMAN_NAMES = {"Munich": "München", "Nuremberg": "Nürnberg", "Cologne": "Köln"}
REMOTE_BOROUGHS = frozenset({"Bergedorf", "Porz am Rhein", "Rahlstedt"})
"""City parts that lie outside the radius of `without_city_parts`."""


@dataclass(frozen=True)
class Region:
    """One row of regions.csv; ``population`` and ``weight`` as in the README."""

    region_id: str
    name: str
    kind: str
    node_id: str
    position: Position
    population: int
    country: str
    weight: float
    state: str
    km_abroad_median: float


def without_city_parts(places: Iterable[Place]) -> list[Place]:
    """Drop boroughs and suburbs that GeoNames lists besides the city they belong to.

    A place counts as part of a larger one within 0.008 km times the square root of the larger
    one's inhabitants (Berlin 15 km, Köln 8 km, a city of 100,000 2.5 km).
    """
    kept: list[Place] = []
    cores: list[tuple[Place, float]] = []
    for place in sorted(places, key=lambda p: (-p.population, p.geoname_id)):
        if place.name in REMOTE_BOROUGHS or any(
            abs(place.position.lat - core.position.lat) * 111.0 <= radius_km
            and great_circle_km(place.position, core.position) <= radius_km
            for core, radius_km in cores
        ):
            continue
        kept.append(place)
        if place.population >= 20_000:
            cores.append((place, URBAN_RADIUS_KM_PER_SQRT_INHABITANT * math.sqrt(place.population)))
    return kept


def scaled_populations(
    places: Sequence[Place], states: Sequence[Mapping[str, str]]
) -> dict[int, float]:
    """Inhabitants each place stands for, so that every state sums to its official population."""
    total: dict[str, int] = {}
    for place in places:
        total[place.admin1] = total.get(place.admin1, 0) + place.population
    official = {row["admin1"]: float(row["population"]) for row in states}
    return {
        place.geoname_id: place.population * official[place.admin1] / total[place.admin1]
        for place in places
        if place.admin1 in official
    }


def regional_centres(places: Sequence[Place]) -> list[Place]:
    """Choose the places that name a region: large cities, then towns far enough from all others.

    Parameters
    ----------
    places : sequence of Place
        Candidates in descending order of population.

    Returns
    -------
    list of Place
    """
    centres: list[Place] = []
    for place in places:
        large = place.population >= LARGE_CITY_INHABITANTS
        spacing_km = LARGE_CITY_SPACING_KM if large else TOWN_SPACING_KM
        if place.population < TOWN_INHABITANTS:
            break
        if all(great_circle_km(place.position, c.position) >= spacing_km for c in centres):
            centres.append(place)
    return centres


def catchments(
    centres: Sequence[Place], places: Sequence[Place], inhabitants: Mapping[int, float]
) -> dict[int, float]:
    """Inhabitants of all places nearest to each centre, by GeoNames id of the centre."""
    weight = {centre.geoname_id: 0.0 for centre in centres}
    for place in places:
        nearest = min(centres, key=lambda c: great_circle_km(c.position, place.position))
        weight[nearest.geoname_id] += inhabitants.get(place.geoname_id, 0.0)
    return weight


def linkable_nodes(network: Network) -> frozenset[str]:
    """Ids of the nodes on roads inside the country, which access links may lead to."""
    return frozenset(
        node_id
        for node_id, node in network.nodes.items()
        if node.kind != "border" and not node_id.startswith("city-")
    )


def access_nodes(network: Network, position: Position, roads: frozenset[str]) -> list[Node]:
    """Nodes a place reaches the network by: the nearest ones that lie in different directions.

    Parameters
    ----------
    network : Network
        Roads without access links.
    position : Position
        Centre of the place.
    roads : frozenset of str
        Ids of the nodes that may be linked.

    Returns
    -------
    list of Node
        One to three nodes; a further one is at most 1.6 times or 5 km further than the first.
    """
    by_distance = sorted(
        (great_circle_km(network.nodes[node_id].position, position), node_id) for node_id in roads
    )
    limit_km = max(1.6 * by_distance[0][0], by_distance[0][0] + 5.0)
    chosen: list[Node] = []
    bearings: list[float] = []
    for distance_km, node_id in by_distance:
        if distance_km > limit_km or len(chosen) == MAX_ACCESS_LINKS:
            break
        node = network.nodes[node_id]
        east, north = local_km(position, node.position)
        bearing = math.degrees(math.atan2(east, north))
        turns = [abs((bearing - other + 180.0) % 360.0 - 180.0) for other in bearings]
        if all(turn >= MIN_ACCESS_ANGLE_DEG for turn in turns):
            chosen.append(node)
            bearings.append(bearing)
    return chosen


def attach(
    network: Network, region_id: str, name: str, position: Position, roads: frozenset[str]
) -> str:
    """Tie a place to the network, by access links if it is not at a node; returns its node id."""
    nodes = access_nodes(network, position, roads)
    if great_circle_km(nodes[0].position, position) <= ON_NODE_KM and nodes[0].kind != "junction":
        node_id = nodes[0].node_id
        nodes = access_nodes(network, position, roads - {node_id})
    else:
        node_id = f"city-{region_id}"
        network.nodes[node_id] = Node(node_id, name, "city", position)
    here = network.nodes[node_id].position
    for node in nodes:
        length_km = max(ACCESS_FACTOR * great_circle_km(node.position, here), 0.5)
        network.add_edge(Edge(node_id, node.node_id, length_km, ACCESS_SPEED_KMH, "access"))
    return node_id


def city_regions(
    network: Network, places: Iterable[Place], states: Sequence[Mapping[str, str]]
) -> list[Region]:
    """Domestic regions that together hold the whole population."""
    cleaned = without_city_parts(places)
    centres = regional_centres(cleaned)
    weight = catchments(centres, cleaned, scaled_populations(cleaned, states))
    state_of = {row["admin1"]: row["state"] for row in states}
    roads = linkable_nodes(network)
    regions: list[Region] = []
    taken: set[str] = set()
    for centre in centres:
        name = GERMAN_NAMES.get(centre.name, centre.name)
        region_id = slug(name)
        if region_id in taken:
            region_id = f"{region_id}-{slug(state_of[centre.admin1])}"
        taken.add(region_id)
        regions.append(
            Region(
                region_id,
                name,
                "city",
                attach(network, region_id, name, centre.position, roads),
                centre.position,
                centre.population,
                "DE",
                weight[centre.geoname_id],
                state_of[centre.admin1],
                0.0,
            )
        )
    return regions


def port_regions(network: Network, rows: Sequence[Mapping[str, str]]) -> list[Region]:
    """Ports and freight airports, weighted by throughput."""
    roads = linkable_nodes(network)
    return [
        Region(
            slug(row["name"]),
            row["name"],
            "port",
            attach(network, slug(row["name"]), row["name"], position, roads),
            position,
            0,
            "DE",
            float(row["throughput_mt"]) * INHABITANTS_PER_MT,
            row["state"],
            0.0,
        )
        for row in rows
        for position in [Position(float(row["lon"]), float(row["lat"]))]
    ]


def gateway_regions(network: Network, rows: Sequence[Mapping[str, str]]) -> list[Region]:
    """Border crossings and ferry terminals, weighted by trucks per day in both directions."""
    regions = []
    for row in rows:
        road, _, place = row["node"].rpartition("/")
        node = network.nodes[slug(f"{place} {road}") if road else slug(place)]
        regions.append(
            Region(
                f"gateway-{slug(place.removeprefix('Grenze '))}",
                row["name"],
                "gateway",
                node.node_id,
                node.position,
                0,
                row["country"],
                float(row["trucks_per_day"]),
                "",
                float(row["km_abroad_median"]),
            )
        )
    return regions

"""The built-in German network against known distances and, where present, a reference graph."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from tests.reference_data import reference_path

ROOT = Path(__file__).resolve().parents[2]
NETWORK = ROOT / "network" / "germany"
NEIGHBOURS = {"DK", "PL", "CZ", "AT", "CH", "FR", "LU", "BE", "NL"}
ROAD_KM = {
    ("hamburg", "muenchen"): 778,
    ("berlin", "koeln"): 573,
    ("berlin", "muenchen"): 585,
    ("frankfurt-am-main", "hamburg"): 493,
    ("koeln", "frankfurt-am-main"): 190,
    ("stuttgart", "muenchen"): 232,
    ("leipzig", "nuernberg"): 280,
    ("hannover", "dortmund"): 210,
    ("berlin", "hamburg"): 289,
    ("kassel", "frankfurt-am-main"): 193,
    ("freiburg", "frankfurt-am-main"): 270,
    ("bremen", "koeln"): 312,
    ("dresden", "berlin"): 193,
    ("hannover", "berlin"): 286,
}


@pytest.fixture(scope="module")
def nodes() -> pd.DataFrame:
    return pd.read_csv(NETWORK / "nodes.csv").set_index("node_id")


@pytest.fixture(scope="module")
def arcs() -> pd.DataFrame:
    return pd.read_csv(NETWORK / "arcs.csv")


@pytest.fixture(scope="module")
def regions() -> pd.DataFrame:
    return pd.read_csv(NETWORK / "regions.csv", keep_default_na=False).set_index("region_id")


@pytest.fixture(scope="module")
def graph(nodes: pd.DataFrame, arcs: pd.DataFrame) -> nx.DiGraph:
    graph = nx.from_pandas_edgelist(
        arcs, "from_node_id", "to_node_id", ["length_km", "road"], create_using=nx.DiGraph
    )
    graph.add_nodes_from(nodes.index)
    for node, row in nodes.iterrows():
        graph.nodes[node].update(lon=row["lon"], lat=row["lat"])
    return graph


def great_circle_km(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    half_lat = math.radians(lat_b - lat_a) / 2
    half_lon = math.radians(lon_b - lon_a) / 2
    haversine = (
        math.sin(half_lat) ** 2
        + math.cos(math.radians(lat_a)) * math.cos(math.radians(lat_b)) * math.sin(half_lon) ** 2
    )
    return 2 * 6371.0088 * math.asin(math.sqrt(haversine))


def nearest(graph: nx.DiGraph, lon: float, lat: float) -> str:
    return min(
        (great_circle_km(data["lon"], data["lat"], lon, lat), node)
        for node, data in graph.nodes(data=True)
    )[1]


def test_size(nodes, arcs):
    motorway = arcs[arcs["road"].str.match(r"A\d")]
    assert len(nodes) >= 400
    assert 12_000 <= motorway["length_km"].sum() / 2 <= 14_000


def test_every_arc_has_its_opposite(arcs):
    there = arcs.set_index(["from_node_id", "to_node_id"])["length_km"]
    back = arcs.set_index(["to_node_id", "from_node_id"])["length_km"].reindex(there.index)
    assert there.index.is_unique
    assert (there == back.to_numpy()).all()


def test_lengths_are_not_shorter_than_the_great_circle(graph):
    short = [
        (a, b)
        for a, b, data in graph.edges(data=True)
        if data["length_km"]
        < 0.999
        * great_circle_km(
            graph.nodes[a]["lon"],
            graph.nodes[a]["lat"],
            graph.nodes[b]["lon"],
            graph.nodes[b]["lat"],
        )
        - 0.01
    ]
    assert not short


def test_strongly_connected(graph):
    assert nx.is_strongly_connected(graph)


def test_motorways_a1_to_a99_are_there(arcs):
    numbers = [*range(1, 16), 17, 19, 20, 21, *range(23, 32), 33, 36, 37, 38, 39, 40, 42, 43]
    numbers += [44, 45, 46, 48, 49, 52, 57, 59, *range(60, 68), *range(70, 74), 81, *range(92, 97)]
    numbers += [98, 99]
    assert {f"A{number}" for number in numbers} <= set(arcs["road"])


def test_regions(nodes, regions):
    assert set(regions["node_id"]) <= set(nodes.index)
    assert regions.index.is_unique
    domestic = regions[regions["kind"] != "gateway"]
    gateways = regions[regions["kind"] == "gateway"]
    assert 150 <= len(domestic) <= 250
    assert set(gateways["country"]) >= NEIGHBOURS
    assert (gateways["km_abroad_median"].astype(float) > 0).all()
    cities = regions[regions["kind"] == "city"]
    assert cities["weight"].sum() == pytest.approx(84.4e6, rel=0.01)
    assert cities["state"].nunique() == 16


@pytest.mark.parametrize(("ends", "road_km"), ROAD_KM.items(), ids=str)
def test_road_distance(graph, regions, ends, road_km):
    a, b = (regions.loc[region, "node_id"] for region in ends)
    km = nx.shortest_path_length(graph, a, b, weight="length_km")
    assert km == pytest.approx(road_km, rel=0.05)


@pytest.fixture(scope="module")
def reference() -> nx.DiGraph:
    graph = nx.DiGraph(nx.read_graphml(reference_path("germany_etisplus/graph.graphml")))
    for data in (data for _, data in graph.nodes(data=True)):
        data.update(lon=data["position_x"], lat=data["position_y"])
    return graph


@pytest.fixture(scope="module")
def deviations(graph, regions, reference) -> pd.Series:
    cities = regions[regions["kind"] == "city"].nlargest(40, "population")
    theirs = {r: nearest(reference, row["lon"], row["lat"]) for r, row in cities.iterrows()}
    ours = {
        r: nearest(graph, reference.nodes[n]["lon"], reference.nodes[n]["lat"])
        for r, n in theirs.items()
    }
    found = {}
    for a, b in combinations(cities.index, 2):
        one, other = cities.loc[a], cities.loc[b]
        if great_circle_km(one["lon"], one["lat"], other["lon"], other["lat"]) > 100:
            km = nx.dijkstra_path_length(graph, ours[a], ours[b], weight="length_km")
            reference_km = nx.dijkstra_path_length(
                reference, theirs[a], theirs[b], weight="distance"
            )
            found[a, b] = km / reference_km - 1
    return pd.Series(found)


def test_deviation_from_the_reference(deviations):
    assert len(deviations) > 500
    assert deviations.abs().median() <= 0.05
    assert deviations.abs().quantile(0.9) <= 0.15


def test_every_large_deviation_has_a_reason(deviations):
    listed = pd.read_csv(NETWORK / "accuracy.csv", keep_default_na=False)
    explained = {
        frozenset((row.from_region, row.to_region)) for row in listed.itertuples() if row.reason
    }
    large = deviations[deviations.abs() > 0.10]
    assert {frozenset(pair) for pair in large.index} <= explained

"""A small study in the formats that people have: a ring of towns, seven sites, a table of flows."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from pathlib import Path

TOWNS = {"west": (7.0, 50.0), "north": (9.5, 52.2), "east": (12.5, 50.4), "south": (10.0, 48.0)}
STEPS = 6

SCENARIO = """\
name: small
description: Four towns on a ring of motorways
seed: 3
network: {source: etisplus, path: roads}
sites: {source: table, path: sites.csv}
demand:
  source: od_table
  path: flows.csv
  electrification_share: 0.5
  days: [mon, tue]
  min_distance_km: 200
optimization: {population: 16, max_generations: 15, convergence_tolerance: 0}
"""


def ring_of_roads() -> nx.DiGraph:
    """Roads between neighbouring towns, each in six steps and both directions."""
    roads = nx.DiGraph()
    towns = list(TOWNS)
    number = 0
    for start, end in pairwise([*towns, towns[0]]):
        (lon_a, lat_a), (lon_b, lat_b) = TOWNS[start], TOWNS[end]
        nodes = [start, *(f"{start}-{end}-{step}" for step in range(1, STEPS)), end]
        for step, node in enumerate(nodes):
            share = step / STEPS
            roads.add_node(
                node,
                position_x=lon_a + share * (lon_b - lon_a),
                position_y=lat_a + share * (lat_b - lat_a),
            )
        for here, there in pairwise(nodes):
            for a, b in ((here, there), (there, here)):
                roads.add_edge(a, b, distance=52.0, id=number)
                number += 1
    return roads


def write_study(folder: Path) -> Path:
    """Write study.yaml and everything it names."""
    roads = ring_of_roads()
    (folder / "roads").mkdir(exist_ok=True)
    nx.write_graphml(roads, folder / "roads" / "graph.graphml")
    at = [f"{a}-{b}-{step}" for a, b in pairwise([*TOWNS, "west"]) for step in (2, 4)][:7]
    places = [(node, roads.nodes[node]) for node in at]
    rows = [
        f"{node},Site {node},{place['position_x']},{place['position_y']},9000"
        for node, place in places
    ]
    (folder / "sites.csv").write_text(
        "id,name,lon,lat,grid_connection_kw\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    flows = [
        f"{a},{b},{30_000 + 5_000 * row}"
        for row, (a, b) in enumerate((a, b) for a in TOWNS for b in TOWNS if a != b)
    ]
    (folder / "flows.csv").write_text(
        "origin,destination,trucks_per_year\n" + "\n".join(flows) + "\n", encoding="utf-8"
    )
    (folder / "study.yaml").write_text(SCENARIO, encoding="utf-8")
    return folder

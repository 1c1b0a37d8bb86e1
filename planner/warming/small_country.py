"""A country so small that nearly all time of its plan goes into compiling kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BREAK_FIRST = "driver_behaviour=break-first"
"""With these drivers its stop planner is soon compiled."""
_N_TOWNS = 12
_STUDY = """\
name: small-country
network: {source: tables, nodes: nodes.csv, arcs: arcs.csv, contract: false}
sites: {source: table, path: sites.csv}
demand: {source: od_table, path: flows.csv, electrification_share: 0.01, days: [mon]}
optimization: {population: 8, max_generations: 2, max_solutions: 5}
"""


def write_small_country(folder: Path) -> Path:
    """Write a motorway with towns and rest areas along it; the file of its study."""
    longitude = [round(6.0 + 0.9 * town, 2) for town in range(_N_TOWNS)]
    pairs = range(_N_TOWNS - 1)
    tables = {
        "nodes": ["node_id,lon,lat", *(f"t{n},{lon},50.0" for n, lon in enumerate(longitude))],
        "arcs": [
            "from_node_id,to_node_id,length_km,free_speed_kmh,road,oneway",
            *(f"t{n},t{n + 1},65,100,A 1,no" for n in pairs),
        ],
        "sites": [
            "id,name,lon,lat",
            *(f"r{n},Rest area {n},{longitude[n] + 0.45},50.0" for n in pairs),
        ],
        "flows": [
            "origin,destination,trucks_per_year",
            f"t0,t{_N_TOWNS - 1},400000",
            f"t{_N_TOWNS - 1},t0,400000",
        ],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    study = folder / "study.yaml"
    study.write_text(_STUDY, encoding="utf-8")
    return study

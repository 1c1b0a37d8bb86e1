"""How many places the law on truck charging asks of countries, beside what they plan.

    python benchmarks/law_places.py          # half a minute

Pools may stand anywhere: places for both directions are looked for every 20 km along the roads, and
spared one by one. In Germany the core network is the official one and other motorways are taken as
comprehensive; elsewhere the roads come without their class, which is assumed here: in Denmark the
E-roads that are core, other roads comprehensive; in France all core, or all comprehensive.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

from planner.afir.fewest import fewest_points
from planner.afir.law import read_law
from planner.afir.places import PointPowers
from planner.afir.tent_roads import TentRoads
from planner.network.load import load_network
from planner.network.site_generation import sites_by_spacing
from planner.scenario.load import load_scenario

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

_LOOKED_FOR_KM = 20.0
_HPC_KW = 1000.0
_DANISH_CORE = ("E20", "E45", "E47", "E55")
_NO_ROADS = ("ferry", "access")
CASES = (
    ("Germany", "germany-10", "2025", "32 (TRATON 2024)"),
    ("Germany", "germany-10", "2027", "104 (TRATON 2024)"),
    ("Germany", "germany-10", "2030", "314 (TRATON 2024)"),
    ("Denmark, core", "denmark", "2030", "25 parks, 175 points, 133 MW"),
    ("Denmark, core and others", "denmark", "2030", "25 parks, 175 points, 133 MW"),
    ("France, all core", "france", "2030", "519 areas (demand of 2035)"),
    ("France, all comprehensive", "france", "2030", "519 areas (demand of 2035)"),
)


def _classes(graph: RoadGraph, case: str) -> NDArray[np.object_]:
    """Class of each arc in the TEN-T, as it is known or assumed."""
    if graph.arc_tent_class is not None:
        return graph.arc_tent_class
    road = graph.arc_road.astype(str)
    other = "" if case.endswith("Denmark, core") else "comprehensive"
    core = np.isin(road, _DANISH_CORE) if "Denmark" in case else np.full(len(road), "core" in case)
    found = np.where(core, "core", other).astype(object)
    found[np.isin(road, _NO_ROADS)] = ""
    return found


def main() -> None:
    """Print the table."""
    law = read_law()
    table = Table("", "year", "km", "published", "places", "in one direction", "points", "MW")
    for case, study, year, published in CASES:
        graph, _ = load_network(load_scenario(study).network)
        graph = replace(graph, arc_tent_class=_classes(graph, case))
        sites, _ = sites_by_spacing(graph, _LOOKED_FOR_KM)
        roads = TentRoads.of(graph, sites, law, law.years[year])
        share = law.years[year].share_of_length
        n_hpc = fewest_points(roads, sites, _HPC_KW, np.zeros(sites.n_sites), share_of_length=share)
        power_kw = PointPowers(_HPC_KW).together_kw(n_hpc)
        needed_kw = np.nan_to_num(roads.needed()[0])[n_hpc > 0].sum()
        directions = roads.n_attached[n_hpc > 0].sum()
        table.add_row(
            case,
            year,
            f"{roads.pieces.length_km.sum() / 2.0:,.0f}",
            published,
            f"{np.count_nonzero(power_kw)}",
            f"{directions}",
            f"{n_hpc.sum():,}",
            f"{needed_kw / 1000.0:,.0f}",
        )
    Console(width=140).print(table)


if __name__ == "__main__":
    main()

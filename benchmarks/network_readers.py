"""Reading a MATSim network of 100,000 links, against matsim-tools alone.

Protocol: a made network of version 2 as ``network.xml.gz``, a grid of two-way roads drawn with a
node at every bend, every link with modes and three attributes (type, reference, origin).
matsim-tools reads it into its tables and stops there. Ours reads it into a road graph: coordinates
turned to degrees and checked, links chosen, every value checked; and, in a second line, cleans and
contracts it too, as a study needs it. One process, ours and theirs by turns, minimum over
repetitions; both must find the same links.

Run: ``python benchmarks/network_readers.py``
"""

from __future__ import annotations

import gzip
import tempfile
import warnings
from pathlib import Path

import numpy as np
from matsim.Network import read_network
from measured import compared, keep

from planner.network.load import load_network
from planner.network.matsim import LinkFilter, read_matsim_network
from planner.scenario.road_file_sources import MatsimNetwork

N_LINES, N_BENDS, SPACING_M = 47, 11, 1000.0
"""Roads each way, nodes between two crossings, distance between neighbouring nodes."""
N_REPETITIONS = 7
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE network SYSTEM "http://www.matsim.org/files/dtd/network_v2.dtd">
<network>
<attributes><attribute name="coordinateReferenceSystem" class="java.lang.String">EPSG:25832\
</attribute></attributes>
<nodes>
"""
LINK = """<link id="{id}" from="{a}" to="{b}" length="{length:.1f}" freespeed="33.33" \
capacity="4000.0" permlanes="2.0" oneway="1" modes="car,truck"><attributes>\
<attribute name="type" class="java.lang.String">highway.motorway</attribute>\
<attribute name="osm:way:ref" class="java.lang.String">A {road}</attribute>\
<attribute name="origid" class="java.lang.String">{id}</attribute></attributes></link>
"""


def write_network(path: Path) -> int:
    """Write the made network; the number of its links."""
    generator = np.random.default_rng(2026)
    size = (N_LINES - 1) * (N_BENDS + 1) + 1
    position: dict[tuple[int, int], int] = {}
    links: list[tuple[int, int, int]] = []
    for road in range(N_LINES):
        fixed = road * (N_BENDS + 1)
        for along in range(size):
            for place in ((along, fixed), (fixed, along)):
                position.setdefault(place, len(position))
        for along in range(size - 1):
            for way, (start, end) in enumerate(
                (((along, fixed), (along + 1, fixed)), ((fixed, along), (fixed, along + 1)))
            ):
                a, b = position[start], position[end]
                links += [(2 * road + way, a, b), (2 * road + way, b, a)]
    length_m = SPACING_M * generator.uniform(1.05, 1.3, len(links))
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(HEAD)
        for (column, row), node in position.items():
            x, y = 400_000.0 + SPACING_M * column, 5_400_000.0 + SPACING_M * row
            file.write(f'<node id="{node}" x="{x}" y="{y}"></node>\n')
        file.write("</nodes>\n<links>\n")
        for link, (road, a, b) in enumerate(links):
            file.write(LINK.format(id=link, a=a, b=b, length=length_m[link], road=road))
        file.write("</links></network>\n")
    return len(links)


def main() -> None:
    warnings.simplefilter("ignore", ResourceWarning)  # matsim-tools leaves its files open
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.xml.gz"
        n_links = write_network(path)
        wanted = LinkFilter(frozenset({"truck"}))
        settings = MatsimNetwork(source="matsim", path=path, modes=["truck"])
        theirs = read_network(path)
        ours, _ = read_matsim_network(path, None, wanted, "osm:way:ref")
        assert np.allclose(ours.arc_length_km, theirs.links["length"] / 1000.0)
        assert len(ours.node_id) == len(theirs.nodes)
        contracted, _ = load_network(settings)
        sides = {
            "planner, checked road graph": lambda: read_matsim_network(
                path, None, wanted, "osm:way:ref"
            ),
            "matsim-tools, tables only": lambda: read_network(path),
        }
        whole = {
            "planner, cleaned and contracted too": lambda: load_network(settings),
            "matsim-tools, tables only": lambda: read_network(path),
        }
        on = f"{n_links:,} links, contracted to {contracted.n_arcs:,} arcs"
        what = "read a MATSim network"
        comparisons = [
            compared(what, on, sides),
            compared(f"{what}, clean and contract", on, whole),
        ]
    keep("network_readers", comparisons)


if __name__ == "__main__":
    main()

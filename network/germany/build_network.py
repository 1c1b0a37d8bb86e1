"""Build the German motorway network from its hand-written sources.

Reads `source/`, writes `nodes.csv`, `arcs.csv` and `regions.csv` (and `accuracy.csv` if a
reference graph is given) next to this file, prints a table of checks and exits with status 1 if
one of them fails. The same sources and the same GeoNames data give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import network_checks as checks
from course_geometry import CourseBuilder, Network
from freight_regions import Region, city_regions, gateway_regions, port_regions
from network_sources import (
    Gazetteer,
    Road,
    SourceError,
    german_places,
    read_interchanges,
    read_roads,
    read_table,
)
from tent_network import tent_classes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

HERE = Path(__file__).resolve().parent


def build_roads(source: Path) -> tuple[Network, list[Road]]:
    """Motorways and federal roads of `source`.

    Returns
    -------
    Network
        All roads, without access links.
    list of Road
        The motorways as written in the source.

    Raises
    ------
    SourceError
        If a place is unknown or a reference to another road leads nowhere.
    """
    interchanges = read_interchanges(source / "interchanges.csv")
    gazetteer = Gazetteer(german_places())
    gazetteer.add_own_places(read_table(source / "places.csv"))
    builder = CourseBuilder(interchanges, gazetteer)
    motorways = read_roads(source / "motorways.yaml", interchanges)
    builder.add_motorways(motorways)
    builder.add_federal_roads(read_roads(source / "federal_roads.yaml", interchanges))
    if builder.errors:
        raise SourceError("\n".join(builder.errors))
    return builder.network, motorways


def build_regions(network: Network, source: Path) -> list[Region]:
    """Freight regions; adds their access links to ``network``."""
    states = read_table(source / "states.csv")
    return [
        *city_regions(network, german_places(), states),
        *port_regions(network, read_table(source / "ports.csv")),
        *gateway_regions(network, read_table(source / "gateways.csv")),
    ]


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one table as UTF-8 CSV with Unix line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_network(network: Network, tent_class: Mapping[frozenset[str], str], folder: Path) -> None:
    """Write nodes.csv and arcs.csv (both directions of every road), sorted by id."""
    nodes = sorted(network.nodes.values(), key=lambda node: node.node_id)
    write_csv(
        folder / "nodes.csv",
        ("node_id", "name", "kind", "lon", "lat"),
        (
            (n.node_id, n.name, n.kind, f"{n.position.lon:.5f}", f"{n.position.lat:.5f}")
            for n in nodes
        ),
    )
    arcs = sorted(
        (
            a,
            b,
            f"{edge.length_km:.3f}",
            f"{edge.free_speed_kmh:.0f}",
            edge.road,
            tent_class.get(key, ""),
        )
        for key, edge in network.edges.items()
        for a, b in ((edge.from_id, edge.to_id), (edge.to_id, edge.from_id))
    )
    header = ("from_node_id", "to_node_id", "length_km", "free_speed_kmh", "road", "tent_class")
    write_csv(folder / "arcs.csv", header, arcs)


def write_regions(regions: Iterable[Region], folder: Path) -> None:
    """Write regions.csv in the order the regions were made."""
    header = [
        "region_id",
        "name",
        "kind",
        "node_id",
        "lon",
        "lat",
        "population",
        "country",
        "weight",
        "state",
        "km_abroad_median",
    ]
    rows = (
        (
            r.region_id,
            r.name,
            r.kind,
            r.node_id,
            f"{r.position.lon:.5f}",
            f"{r.position.lat:.5f}",
            r.population,
            r.country,
            f"{r.weight:.0f}",
            r.state,
            f"{r.km_abroad_median:.0f}",
        )
        for r in regions
    )
    write_csv(folder / "regions.csv", header, rows)


def write_accuracy(pairs: Sequence[checks.Pair], source: Path, folder: Path) -> None:
    """Write accuracy.csv: the pairs off by more than 10 %, largest first, with the reason."""
    reasons = read_table(source / "deviation_reasons.csv")
    header = [
        "from_region",
        "to_region",
        "air_km",
        "network_km",
        "reference_km",
        "deviation_pct",
        "reason",
    ]
    large = [p for p in pairs if abs(p.deviation) > checks.LISTED_DEVIATION]
    rows = (
        (
            p.from_region,
            p.to_region,
            f"{p.air_km:.1f}",
            f"{p.network_km:.1f}",
            f"{p.reference_km:.1f}",
            f"{100 * p.deviation:.1f}",
            checks.reason_for(p, reasons),
        )
        for p in sorted(large, key=lambda p: -abs(p.deviation))
    )
    write_csv(folder / "accuracy.csv", header, rows)


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=HERE / "source", help="hand-written sources")
    parser.add_argument("--output", type=Path, default=HERE, help="folder for the CSV files")
    parser.add_argument(
        "--reference",
        type=Path,
        help="GraphML graph to compare distances with; writes accuracy.csv",
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, write, check; returns the exit status."""
    options = parse_arguments(arguments)
    try:
        network, motorways = build_roads(options.source)
        tent_class = tent_classes(network, options.source)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    regions = build_regions(network, options.source)
    write_network(network, tent_class, options.output)
    write_regions(regions, options.output)
    results = checks.check_structure(network, regions)
    known = read_table(options.source / "road_distances.csv")
    results += checks.check_road_distances(network, regions, known)
    if options.reference is not None:
        reference = checks.read_reference_graph(options.reference)
        pairs = checks.compare_with_reference(network, regions, reference)
        reasons = read_table(options.source / "deviation_reasons.csv")
        results += checks.check_against_reference(pairs, reasons)
        write_accuracy(pairs, options.source, options.output)
    print("\n".join(checks.length_table(network, motorways)))
    for check in results:
        print(f"{'ok    ' if check.passed else 'FAILED'}  {check.name}: {check.found}")
    return 0 if all(check.passed for check in results) else 1


if __name__ == "__main__":
    sys.exit(main())

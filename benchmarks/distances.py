"""Driving times from places to all nodes of a country's roads, against libraries of graphs.

Protocol: the built-in Germany as it is read, driving time of the quickest arc between neighbours,
trees from 100 places; ours with predecessors, which everything after needs, and lengths along the
same paths, the peers with times alone. The graph of each side is made before. All must find the
same times.

Run: ``python benchmarks/distances.py``
"""

from __future__ import annotations

import igraph
import networkit
import networkx as nx
import numpy as np
import rustworkx
from measured import compared, keep

from planner.network.builtin import read_builtin_network
from planner.network.distances import travel_matrix, truck_network

N_PLACES = 100
SPEED_KMH = 80.0


def main() -> None:
    """Compare, and keep the figures."""
    graph = read_builtin_network()
    network = truck_network(graph, SPEED_KMH)
    matrix = network.time_matrix
    chosen = np.random.default_rng(1).choice(graph.n_nodes, N_PLACES, replace=False)
    places = np.sort(chosen).astype(np.int32)
    everywhere = np.arange(graph.n_nodes, dtype=np.int32)
    rows, columns = matrix.nonzero()
    hours = matrix.data
    edges = list(zip(rows.tolist(), columns.tolist(), hours.tolist(), strict=True))

    of_networkx: nx.DiGraph[int] = nx.DiGraph()
    of_networkx.add_weighted_edges_from(edges)
    of_igraph = igraph.Graph(
        n=graph.n_nodes, edges=[edge[:2] for edge in edges], directed=True, edge_attrs={"h": hours}
    )
    of_rustworkx = rustworkx.PyDiGraph()
    of_rustworkx.add_nodes_from(range(graph.n_nodes))
    of_rustworkx.add_edges_from(edges)
    of_networkit = networkit.Graph(graph.n_nodes, weighted=True, directed=True)
    for start, end, hour in edges:
        of_networkit.addEdge(start, end, hour)

    def by_networkx() -> list[dict[int, float]]:
        return [nx.single_source_dijkstra_path_length(of_networkx, int(i)) for i in places]

    def by_rustworkx() -> list[object]:
        return [
            rustworkx.dijkstra_shortest_path_lengths(of_rustworkx, int(i), float) for i in places
        ]

    def by_networkit() -> object:
        found = networkit.distance.SPSP(of_networkit, places.tolist())
        found.run()
        return found.getDistances()

    sides = {
        "planner": lambda: travel_matrix(network, places, everywhere),
        "networkx": by_networkx,
        "igraph": lambda: of_igraph.distances(source=places.tolist(), weights="h"),
        "rustworkx": by_rustworkx,
        "networkit": by_networkit,
    }
    ours = sides["planner"]().time_h
    finite = np.isfinite(ours)
    assert np.allclose(np.array(sides["igraph"]())[finite], ours[finite])
    assert np.allclose(np.array(sides["networkit"]())[finite], ours[finite])
    assert np.isclose(by_networkx()[3][int(everywhere[-1])], ours[3, -1])
    on = f"{N_PLACES} places, {graph.n_nodes:,} nodes, {len(edges):,} arcs of Germany"
    comparison = compared("driving times from places", on, sides, unit="ms", per_second=1e3)
    keep("distances", [comparison])


if __name__ == "__main__":
    main()

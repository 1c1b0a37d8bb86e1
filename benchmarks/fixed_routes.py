"""Where a truck charges on its way, beside a solver of charging on fixed routes and plain labels.

Protocol: trips, network and sites of `stop_planner.py` (350 sites, trips of 260 to 750 km), one
thread, compilation excluded. The planner keeps to battery, breaks and rests of drivers and to all
its rules of choice. The peers solve less, without any rule of drivers:

* frvcpy: least duration with charging of any length at any of the sites, battery alone; it gets the
  matrices of times and energies ready made;
* labels on a networkx graph: least duration with stops of 45 min, battery alone, in Python; legs
  between sites are ready made too.

Run: ``python benchmarks/fixed_routes.py``
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx
import numba
import numpy as np
from frvcpy import solver
from measured import compared, keep
from stop_planner import long_trips, national_graph, two_way_sites

from planner.network.distances import travel_matrix, truck_network
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.stop_planner import plan_stops
from planner.scenario.parameter_library import bundled_library
from planner.scenario.parameter_sets import VehicleClass

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_NODES, N_SITES, N_TRIPS = 700, 350, 20_000
N_OF_PEERS = 4
HPC_KW = 720.0
BREAK_H = 0.75
RESERVE_SHARE = 0.1
RULES = "eu-561-flat"
TRUCK = VehicleClass(
    battery_kwh=600.0,
    consumption_loaded_kwh_km=1.2,
    consumption_empty_kwh_km=1.0,
    max_charging_kw=1000.0,
    mean_speed_kmh=65.0,
)
USABLE_KWH = (1.0 - RESERVE_SHARE) * TRUCK.battery_kwh


@dataclass(frozen=True)
class FixedRoute:
    """A trip: from place 0 to place 1, sites after them; hours and kWh between all."""

    time_h: NDArray[np.float64]
    energy_kwh: NDArray[np.float64]
    initial_kwh: float

    def by_frvcpy(self) -> float:
        """Least duration, hours; infinite where there is none."""
        sites = range(2, len(self.time_h))
        full_h = USABLE_KWH / HPC_KW
        curve = {"cs_type": 0, "time": [0.0, full_h], "charge": [0.0, USABLE_KWH]}
        instance = {
            "energy_matrix": self.energy_kwh.tolist(),
            "time_matrix": self.time_h.tolist(),
            "max_q": USABLE_KWH,
            "css": [{"node_id": site, "cs_type": 0} for site in sites],
            "breakpoints_by_type": [curve],
        }
        duration_h, _ = solver.Solver(instance, [0, 1], self.initial_kwh).solve()
        return float(duration_h)

    def by_networkx(self) -> float:
        """Least duration with stops of 45 min, hours; infinite where there is none."""
        graph: nx.DiGraph[int] = nx.DiGraph()
        near = np.argwhere(self.energy_kwh <= USABLE_KWH)
        graph.add_edges_from(
            (int(a), int(b), {"h": self.time_h[a, b], "kwh": self.energy_kwh[a, b]})
            for a, b in near
            if a != b
        )
        labels: dict[int, list[tuple[float, float]]] = {}
        heap = [(0.0, -self.initial_kwh, 0)]
        while heap:
            at_h, minus_kwh, place = heapq.heappop(heap)
            if place == 1:
                return at_h
            kept = labels.setdefault(place, [])
            if any(h <= at_h and kwh >= -minus_kwh for h, kwh in kept):
                continue
            kept.append((at_h, -minus_kwh))
            leaves_kwh, leaves_h = -minus_kwh, at_h
            if place > 1:
                leaves_kwh = min(leaves_kwh + HPC_KW * BREAK_H, USABLE_KWH)
                leaves_h += BREAK_H
            for following, leg in graph.adj[place].items():
                if leg["kwh"] <= leaves_kwh:
                    left_kwh = leaves_kwh - leg["kwh"]
                    heapq.heappush(heap, (leaves_h + leg["h"], -left_kwh, following))
        return float("inf")


def main() -> None:
    """Compare, and keep the figures."""
    numba.set_num_threads(1)
    rng = np.random.default_rng(1)
    graph = national_graph(rng, N_NODES)
    sites = two_way_sites(rng, graph, N_SITES)
    trips = long_trips(rng, graph, N_TRIPS)
    drivers = Drivers(
        vehicles=[TRUCK],
        rules=bundled_library().driver_rules(RULES),
        charging=ChargingPower(hpc_kw=HPC_KW, lpc_kw=100.0),
        choice=SiteChoice(),
        taste_key=np.uint64(1),
    )
    network = truck_network(graph, TRUCK.mean_speed_kmh)
    at_node = graph.arc_from_idx[sites.attachment_arc_idx[::2]]

    def fixed(trip: int) -> FixedRoute:
        ends = [trips.origin_node_idx[trip], trips.destination_node_idx[trip]]
        places = np.array([*ends, *at_node], dtype=np.int32)
        found = travel_matrix(network, places, places)
        cells = np.ix_(found.row(places), found.column(places))
        per_km = TRUCK.consumption_loaded_kwh_km
        full = float(trips.initial_soc_share[trip] * TRUCK.battery_kwh)
        initial_kwh = max(full - RESERVE_SHARE * TRUCK.battery_kwh, 0.3 * USABLE_KWH)
        return FixedRoute(found.time_h[cells], per_km * found.length_km[cells], initial_kwh)

    routes = [fixed(trip) for trip in range(N_OF_PEERS)]
    sides = {
        f"planner, {RULES}": lambda: plan_stops(graph, sites, trips, drivers),
        "frvcpy": lambda: [route.by_frvcpy() for route in routes],
        "labels on networkx": lambda: [route.by_networkx() for route in routes],
    }
    parts = dict.fromkeys(sides, N_OF_PEERS) | {next(iter(sides)): N_TRIPS}
    # With charging of any length nobody comes later than with stops of 45 min.
    for route in routes:
        assert route.by_frvcpy() <= route.by_networkx() + 1e-6
    comparison = compared(
        "plan the stops of a trip",
        f"{N_SITES} sites; planner {N_TRIPS:,} trips, peers {N_OF_PEERS} of them",
        sides,
        parts=parts,
        unit="ms",
        per_second=1e3,
        aim="100 times or more",
    )
    keep("fixed_routes", [comparison])


if __name__ == "__main__":
    main()

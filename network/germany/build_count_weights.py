"""Weights of regions, crossings, distances and transit that meet traffic counts.

    python network/germany/build_count_weights.py stations.csv

The volumes of the built-in demand are weighed anew by the counts (``demand.calibrate``, all
stations, routes spread), and what they come to by region, crossing, distance and transit pair is
written: ``region_weights_counts.csv``, ``transit_counts.csv`` and
``config/demand_germany_counts.yaml``, from which the gravity model makes the volumes of
``demand.fitted_to: counts``. The counts themselves are no part of these.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.demand.calibration import german_calibration
from planner.demand.count_calibration import weigh_by_counts
from planner.demand.expansion import OF_THE_COUNTRY, TRANSIT
from planner.demand.gravity import gravity_flows
from planner.demand.load import builtin_places
from planner.demand.od_distances import distance_matrix_km
from planner.demand.regions import read_regions, spread_over_nodes
from planner.demand.transit import transit_flows
from planner.network.builtin import read_builtin_network
from planner.network.route_spread import route_spread_of
from planner.runs.random_streams import RandomStreams
from planner.scenario.count_calibration import CountCalibration
from planner.scenario.demand_sources import BuiltinTransit
from planner.scenario.route_spread import RouteSpreadSettings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.calibration import DemandCalibration
    from planner.demand.od_flows import OdFlows
    from planner.network.graph import RoadGraph

HERE = Path(__file__).parent
LEAST_WEIGHT = 0.001
"""Of a region that counts leave next to nothing; all of them together have 1,000."""
HEADER = """\
# What is other than in demand_germany.yaml where the built-in demand meets traffic counts.
# Computed by network/germany/build_count_weights.py from counts of heavy vehicles 2018 to 2022 at
# motorway stations (Bundesanstalt für Straßenwesen, CC BY 4.0); method and figures in
# network/germany/README.md. Not counted themselves: how far trips go follows from where they pass.

"""


def main() -> None:
    """Weigh, sum and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stations", type=Path)
    stations = parser.parse_args().stations
    graph, calibration = read_builtin_network(), german_calibration()
    places = builtin_places(graph, "sample")
    distance_km = distance_matrix_km(graph, places.node_idx, places.node_idx)
    transit = transit_flows(BuiltinTransit(source="builtin"), graph, places, calibration)
    parts = {OF_THE_COUNTRY: gravity_flows(places, distance_km, calibration), TRANSIT: transit}
    spread = route_spread_of(RouteSpreadSettings(), RandomStreams(1))
    settings = CountCalibration(counts=stations, held_out_share=0.0)
    weighed, told = weigh_by_counts(
        parts, settings, graph, calibration, calibration.min_distance_km, spread
    )
    print("\n".join(told))
    write_transit(weighed[TRANSIT], graph, parts[TRANSIT])
    flows = weighed[OF_THE_COUNTRY]
    regions = read_regions(HERE / "regions.csv", graph, calibration.state_percent)
    ends = ends_of_regions(flows, regions, graph, calibration)
    write_weights(regions, ends)
    write_calibration(flows, regions, ends, calibration)


def ends_of_regions(
    flows: OdFlows, regions: pd.DataFrame, graph: RoadGraph, calibration: DemandCalibration
) -> NDArray[np.float64]:
    """Trip ends of each region, and trips through each gateway, in an average week."""
    enters, leaves = flows.abroad_before_median_km > 0.0, flows.abroad_after_median_km > 0.0
    trips, n_nodes = flows.trips_per_week, graph.n_nodes
    inland = np.bincount(flows.origin_node_idx, trips * ~enters, minlength=n_nodes)
    inland += np.bincount(flows.destination_node_idx, trips * ~leaves, minlength=n_nodes)
    abroad = np.bincount(flows.origin_node_idx, trips * enters, minlength=n_nodes)
    abroad += np.bincount(flows.destination_node_idx, trips * leaves, minlength=n_nodes)
    kind, node_idx = regions["kind"].to_numpy(), regions["node_idx"].to_numpy(np.int32)
    weight = regions["weight"].to_numpy(np.float64)
    city, gateway = np.flatnonzero(kind == "city"), kind == "gateway"
    # A node of several regions hands its ends to them by what each of them puts there.
    share = np.zeros((len(regions), n_nodes))
    of_state = regions.groupby("state")["weight"].transform("sum").to_numpy(np.float64)
    for place, region in enumerate(city):
        alone = np.zeros(len(city))
        alone[place] = weight[region]
        share[region] = spread_over_nodes(
            node_idx[city], alone, graph, calibration.catchment, node_idx[gateway]
        )
    ports = np.flatnonzero(kind == "port")
    share[ports, node_idx[ports]] = weight[ports]
    percent = regions["state"].map(calibration.state_percent).fillna(0.0).to_numpy()
    share *= np.divide(percent, of_state, out=np.zeros(len(regions)), where=~gateway)[:, None]
    total = share.sum(axis=0)
    ends = np.divide(share, total, out=np.zeros_like(share), where=total > 0.0) @ inland
    return np.where(gateway, abroad[node_idx], ends)


def write_weights(regions: pd.DataFrame, ends: NDArray[np.float64]) -> None:
    """Weights of inland regions and of gateways, each in parts of 1,000."""
    gateway = (regions["kind"] == "gateway").to_numpy()
    whole = np.where(gateway, ends[gateway].sum(), ends[~gateway].sum())
    weight = np.maximum(1000.0 * ends / whole, LEAST_WEIGHT)
    table = pd.DataFrame({"region_id": regions["region_id"], "weight": weight.round(3)})
    table.to_csv(HERE / "region_weights_counts.csv", index=False)


def write_transit(flows: OdFlows, graph: RoadGraph, before: OdFlows) -> None:
    """Transit by pair, in trucks of a working day as in transit.csv."""
    table = pd.read_csv(HERE / "transit.csv")
    ends = [graph.node_id[each] for each in (flows.origin_node_idx, flows.destination_node_idx)]
    factor = pd.Series(
        flows.trips_per_week / before.trips_per_week, pd.MultiIndex.from_arrays(ends)
    )
    pairs = pd.MultiIndex.from_frame(table[["origin", "destination"]])
    trucks = table["trucks_per_working_day"] * factor.loc[pairs].to_numpy()
    table = table.assign(trucks_per_working_day=trucks.round(1))
    table.to_csv(HERE / "transit_counts.csv", index=False)


def write_calibration(
    flows: OdFlows,
    regions: pd.DataFrame,
    ends: NDArray[np.float64],
    calibration: DemandCalibration,
) -> None:
    """Shares of distances, countries of gateways and states, in %."""
    edges_km = np.asarray(calibration.distance_bin_edges_km)
    distance_bin = np.digitize(flows.inside_km, edges_km) - 1
    is_border = (flows.abroad_before_median_km > 0.0) | (flows.abroad_after_median_km > 0.0)
    trips = 100.0 * flows.trips_per_week / flows.trips_per_week.sum()
    n_bins = len(edges_km) - 1
    both = [
        np.bincount(distance_bin[mask], trips[mask], minlength=n_bins).round(2)
        for mask in (~is_border, is_border)
    ]
    both[0][np.argmax(both[0])] += 100.0 - sum(each.sum() for each in both)
    gateway = (regions["kind"] == "gateway").to_numpy()
    named = calibration.gateway_country_percent
    country = regions["country"].where(regions["country"].isin(list(named)), "other")
    by_country = percent_of(ends[gateway], country[gateway])
    by_state = percent_of(ends[~gateway], regions["state"][~gateway])
    lines = [
        f"domestic_trips_percent: {[round(float(each), 2) for each in both[0]]}",
        f"border_trips_percent: {[round(float(each), 2) for each in both[1]]}",
        f"gateway_country_percent: {mapping({name: by_country[name] for name in named})}",
        "state_percent:",
        *(f"  {name}: {by_state[name]}" for name in calibration.state_percent),
    ]
    path = HERE.parents[1] / "config" / "demand_germany_counts.yaml"
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


def percent_of(ends: NDArray[np.float64], names: pd.Series) -> dict[str, float]:
    """Parts of all ends by name, %."""
    sums = pd.Series(ends).groupby(names.to_numpy()).sum()
    return {name: round(float(100.0 * part / sums.sum()), 2) for name, part in sums.items()}


def mapping(values: dict[str, float]) -> str:
    """Mapping as YAML on one line."""
    return "{" + ", ".join(f"{name}: {value}" for name, value in values.items()) + "}"


if __name__ == "__main__":
    main()

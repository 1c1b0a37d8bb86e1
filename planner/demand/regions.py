"""Freight regions and gateways of the built-in network, and the nodes where their trips begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.files.csv_tables import read_text_table
from planner.files.table_columns import numbers, refuse_rows, require_columns
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.demand.calibration import Catchment
    from planner.network.graph import RoadGraph

KINDS = ("city", "port", "gateway")
REGION_COLUMNS = ("kind", "node_id", "country", "state", "weight", "km_abroad_median")
EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, slots=True)
class FreightPlaces:
    """Nodes where trips begin and end, with their share of the region's freight.

    Parameters
    ----------
    node_idx : (n_places,) int32
        Node of the road graph; a node appears once among inland places, and once per gateway.
    weight : (n_places,) float64
        Attraction of freight, in parts of any whole, > 0.
    country : (n_places,) object
        ``"DE"`` for inland places, the neighbour's ISO code for gateways.
    is_gateway : (n_places,) bool
        Whether trips go on abroad from there.
    abroad_median_km : (n_places,) float64
        Median distance abroad of the trips through a gateway, km; 0 for inland places.
    """

    node_idx: NDArray[np.int32]
    weight: NDArray[np.float64]
    country: NDArray[np.object_]
    is_gateway: NDArray[np.bool_]
    abroad_median_km: NDArray[np.float64]


def read_freight_places(
    path: Path,
    graph: RoadGraph,
    state_percent: Mapping[str, float],
    catchment: Catchment,
    weights: Path | None = None,
) -> FreightPlaces:
    """Read regions, scale them by state and spread each city's weight over the nodes around it.

    Ports and gateways keep to their own node: their freight comes together there.

    Parameters
    ----------
    path : pathlib.Path
        ``regions.csv`` with the columns :data:`REGION_COLUMNS`; state is empty at gateways.
    state_percent : mapping of str to float
        Trip ends by state, in parts of any whole; within a state they follow the weights.
    weights : pathlib.Path, optional
        Table with ``region_id`` and ``weight`` of every region, in place of the weights of
        ``path``.

    Returns
    -------
    FreightPlaces
        Inland places first, then gateways.

    Raises
    ------
    InputDataError
        If the file is missing, a column is missing, a node is unknown or a value impossible.
    """
    regions = read_regions(path, graph, state_percent, weights)
    node_idx = regions["node_idx"].to_numpy(np.int32)
    weight = _scaled_by_state(regions, state_percent)
    gateway = (regions["kind"] == "gateway").to_numpy()
    city = (regions["kind"] == "city").to_numpy()
    inland_weight = spread_over_nodes(
        node_idx[city], weight[city], graph, catchment, node_idx[gateway]
    )
    np.add.at(inland_weight, node_idx[~city & ~gateway], weight[~city & ~gateway])
    inland = np.flatnonzero(inland_weight > 0.0).astype(np.int32)
    n_inland, n_gateways = len(inland), int(gateway.sum())
    countries = regions["country"].to_numpy(object)[gateway]
    abroad_km = regions["km_abroad_median"].to_numpy(np.float64)[gateway]
    return FreightPlaces(
        node_idx=np.concatenate((inland, node_idx[gateway])),
        weight=np.concatenate((inland_weight[inland], weight[gateway])),
        country=np.concatenate((np.full(n_inland, "DE", dtype=object), countries)),
        is_gateway=np.repeat([False, True], [n_inland, n_gateways]),
        abroad_median_km=np.concatenate((np.zeros(n_inland), abroad_km)),
    )


def read_regions(
    path: Path, graph: RoadGraph, state_percent: Mapping[str, float], weights: Path | None = None
) -> pd.DataFrame:
    """Checked regions with node_idx, weight and km_abroad_median as numbers.

    Parameters and errors as for :func:`read_freight_places`.
    """
    where = str(path)
    regions = read_text_table(path)
    require_columns(regions, REGION_COLUMNS, where)
    if weights is not None:
        given = read_text_table(weights)
        require_columns(given, ("region_id", "weight"), str(weights))
        of_region = dict(zip(given["region_id"], given["weight"], strict=True))
        unknown = ~regions["region_id"].isin(of_region).to_numpy()
        refuse_rows(
            regions,
            unknown,
            where,
            said("every region must have a weight in {file}", file=weights.name),
        )
        regions["weight"] = regions["region_id"].map(of_region)
    node_idx = pd.Index(graph.node_id).get_indexer(pd.Index(regions["node_id"]))
    weight = numbers(regions, "weight", where, "parts of any whole")
    abroad_km = numbers(regions, "km_abroad_median", where, "km")
    is_gateway = (regions["kind"] == "gateway").to_numpy()
    rules = {
        said("kind must be one of {kinds}", kinds=list(KINDS)): ~regions["kind"]
        .isin(KINDS)
        .to_numpy(),
        "node_id must be a node of the network; rebuild both together": node_idx < 0,
        said("state must be one of {states}", states=list(state_percent)): ~is_gateway
        & ~regions["state"].isin(list(state_percent)).to_numpy(),
        "weight must be above 0": ~(weight > 0.0),
        "km_abroad_median must be above 0 at a gateway": is_gateway & ~(abroad_km > 0.0),
    }
    for rule, broken in rules.items():
        refuse_rows(regions, broken, where, rule)
    return regions.assign(node_idx=node_idx, weight=weight, km_abroad_median=abroad_km)


def _scaled_by_state(
    regions: pd.DataFrame, state_percent: Mapping[str, float]
) -> NDArray[np.float64]:
    """Weights whose sums by state are the states' shares; gateways keep theirs, (n_regions,)."""
    weight = regions["weight"].to_numpy(np.float64).copy()
    inland = (regions["kind"] != "gateway").to_numpy()
    state = regions["state"].to_numpy(object)
    for name in set(state[inland].tolist()):
        member = inland & (state == name)
        weight[member] *= state_percent[name] / weight[member].sum()
    return weight


def spread_over_nodes(
    city_node_idx: NDArray[np.int32],
    city_weight: NDArray[np.float64],
    graph: RoadGraph,
    catchment: Catchment,
    gateway_node_idx: NDArray[np.int32],
) -> NDArray[np.float64]:
    """Weight of every node, (n_nodes,): a city's weight over the nodes nearest to it."""
    distance_km = great_circle_km(
        graph.lon[city_node_idx], graph.lat[city_node_idx], graph.lon, graph.lat
    )
    n_cities = len(city_node_idx)
    nearest = distance_km == distance_km.min(axis=0)
    reached = nearest & (distance_km <= catchment.radius_km)
    reached[:, gateway_node_idx] = False
    reached[np.arange(n_cities), city_node_idx] = True
    by_distance = np.argsort(np.where(reached, distance_km, np.inf), axis=1, kind="stable")
    beyond = by_distance[:, catchment.max_nodes :]
    reached[np.arange(n_cities)[:, None], beyond] = False
    pull = np.where(reached, np.exp(-distance_km / catchment.decay_km), 0.0)
    spread: NDArray[np.float64] = (city_weight / pull.sum(axis=1)) @ pull
    return spread


def great_circle_km(
    lon_a: NDArray[np.float64],
    lat_a: NDArray[np.float64],
    lon_b: NDArray[np.float64],
    lat_b: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Great-circle distance between all points of two sets, (n_a, n_b) float64, km (haversine)."""
    lon_a, lat_a = np.radians(lon_a)[:, None], np.radians(lat_a)[:, None]
    lon_b, lat_b = np.radians(lon_b)[None, :], np.radians(lat_b)[None, :]
    haversine = (
        np.sin((lat_b - lat_a) / 2.0) ** 2
        + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2.0) ** 2
    )
    distance: NDArray[np.float64] = (
        2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(haversine, 1.0)))
    )
    return distance

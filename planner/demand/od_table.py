"""OD tables and matrices onto the road graph: trucks between nodes or zones become flows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.demand.od_distances import pair_distances_km
from planner.demand.od_flows import OdFlows
from planner.demand.od_volumes import OdVolumes, read_od_volumes
from planner.demand.od_zones import places_of
from planner.demand.surroundings import Passages, Surroundings, TripEnds
from planner.errors import InputDataError
from planner.network.named_nodes import CUT_OFF, CUT_OFF_PARTS
from planner.said import joined, said

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.calibration import DemandCalibration
    from planner.network.graph import RoadGraph
    from planner.scenario.demand_sources import OdTableDemand

DAYS_PER_WEEK = 7.0
ZONE_LOG_SPREAD = 0.05
"""Standard deviation of ln(distance abroad) of trips between the same two zones: where in its zone
a trip begins. Our definition."""

_LEFT_OUT = "{where}: left out: {what}."


def read_od_table(
    demand: OdTableDemand, graph: RoadGraph, weeks_per_year: float
) -> tuple[OdFlows, tuple[str, ...]]:
    """Read an OD table or matrix.

    Parameters
    ----------
    demand : OdTableDemand
        The scenario's demand section: file, columns, unit, zones, border.
    weeks_per_year : float
        Weeks over which a year's trucks are spread.

    Returns
    -------
    flows : OdFlows
        Flows of at least the minimum distance, sorted by origin and destination.
    notices : tuple of str
        What was summed or left out, with numbers; a sentence each.

    Raises
    ------
    InputDataError
        If a file cannot be read, a column or value is missing, a node or zone is unknown, a number
        is negative, or nothing is left.

    Notes
    -----
    One truck is one trip in the direction of its row. Zones beyond the network's ground are reached
    over the border (:class:`~planner.demand.surroundings.Surroundings`). Where flows that cross a
    border are clipped at a node inside the country, as in the national extracts of ETISplus, the
    table cannot tell what was driven abroad: the trip is taken to begin or end at that node.
    """
    where = demand.path.name
    notices: list[str] = []
    keys = demand.table_keys("demand")
    volumes = read_od_volumes(demand.path, keys, demand.matrix, demand.lookup)
    zones = places_of(volumes.name, demand.zones, graph, str(demand.path))
    places = zones.ends
    volumes = _summed_pairs(where, volumes, notices)
    surroundings = None
    if (places.node_idx == -1).any():
        surroundings = Surroundings(graph, demand.border)
    volumes = _on_the_network(volumes, places, surroundings, demand, notices)
    ways = _passages(volumes, places, surroundings)
    max_abroad_km = demand.border.max_abroad_km
    beyond_km = zones.abroad_km
    before_km = ways.abroad_before_km + beyond_km[volumes.origin_idx]
    after_km = ways.abroad_after_km + beyond_km[volumes.destination_idx]
    before_km, after_km = (np.minimum(km, max_abroad_km) for km in (before_km, after_km))
    inside_km = _inside_km(graph, ways)
    total_km = inside_km + before_km + after_km
    kept = _kept_pairs(where, inside_km, total_km, volumes.volume, demand, notices)
    if not kept.any():
        msg = said(
            "{path}: no flow of {min_distance_km} km or more is left; lower "
            "demand.min_distance_km or check the table. {notices}",
            path=str(demand.path),
            min_distance_km=demand.min_distance_km,
            notices=joined(notices, " "),
        )
        raise InputDataError(msg)
    weeks = {"year": weeks_per_year, "week": 1.0, "day": 1.0 / DAYS_PER_WEEK}[demand.trucks_per]
    flows = OdFlows(
        origin_node_idx=ways.origin_node_idx,
        destination_node_idx=ways.destination_node_idx,
        trips_per_week=volumes.volume / weeks,
        inside_km=inside_km,
        abroad_before_median_km=before_km,
        abroad_after_median_km=after_km,
    )
    return flows.select(kept), tuple(notices)


def known_distances(calibration: DemandCalibration, max_abroad_km: float) -> DemandCalibration:
    """Calibration for flows whose distance abroad is that of their zones.

    Parameters
    ----------
    calibration : DemandCalibration
        Profiles and constants; its spread of distances abroad is that of whole countries.
    max_abroad_km : float
        Longest distance abroad, km.
    """
    spread = calibration.abroad_distance.model_copy(
        update={"log_standard_deviation": ZONE_LOG_SPREAD, "max_km": max_abroad_km}
    )
    return calibration.model_copy(update={"abroad_distance": spread})


def _summed_pairs(where: str, volumes: OdVolumes, notices: list[str]) -> OdVolumes:
    """Sum repeated pairs and drop empty ones; sorted by origin and destination."""
    n_places = len(volumes.name)
    # One number for each pair sorts and groups faster than rows of two; 64 bits, as 50,000 places
    # already overflow 32.
    pair = volumes.origin_idx.astype(np.int64) * n_places + volumes.destination_idx
    pairs, position = np.unique(pair, return_inverse=True)
    summed: NDArray[np.float64] = np.bincount(position, weights=volumes.volume).astype(np.float64)
    if len(pairs) < len(pair):
        repeated = len(pair) - len(pairs)
        what = "{where}: rows that repeat an OD pair ({n}): their trucks were summed."
        notices.append(said(what, where=where, n=repeated))
    driven = summed > 0.0
    origin, destination = np.divmod(pairs[driven], n_places)
    return OdVolumes(
        volumes.name, origin.astype(np.int32), destination.astype(np.int32), summed[driven]
    )


def _of_trucks(pairs: NDArray[np.bool_], volume: NDArray[np.float64], demand: OdTableDemand) -> str:
    """How many pairs are meant, and the trucks on them."""
    of_period = {
        "year": "{n}, with {trucks} trucks a year",
        "week": "{n}, with {trucks} trucks a week",
        "day": "{n}, with {trucks} trucks a day",
    }
    trucks = round(float(volume[pairs].sum()))
    return said(of_period[demand.trucks_per], n=int(pairs.sum()), trucks=trucks)


def _on_the_network(
    volumes: OdVolumes,
    places: TripEnds,
    surroundings: Surroundings | None,
    demand: OdTableDemand,
    notices: list[str],
) -> OdVolumes:
    """Leave out pairs with an end on a part of the network that was dropped."""
    by_id = places.node_idx == CUT_OFF
    off = by_id if surroundings is None else surroundings.is_cut_off(places)
    lost = off[volumes.origin_idx] | off[volumes.destination_idx]
    if not lost.any():
        return volumes
    share = volumes.volume[lost].sum() / volumes.volume.sum()
    of_trucks = _of_trucks(lost, volumes.volume, demand)
    found = said(
        "OD pairs that begin or end on {parts} ({of_trucks}, {share} % of all)",
        parts=CUT_OFF_PARTS,
        of_trucks=of_trucks,
        share=float(f"{100 * share:.3g}"),
    )
    if lost.all():
        msg = said(
            "{path}: expected OD pairs on the connected network, found none: {found}. Add "
            "the roads that join these parts, or use the table that belongs to the network.",
            path=str(demand.path),
            found=found,
        )
        raise InputDataError(msg)
    notices.append(said(_LEFT_OUT, where=demand.path.name, what=found))
    return replace(
        volumes,
        origin_idx=volumes.origin_idx[~lost],
        destination_idx=volumes.destination_idx[~lost],
        volume=volumes.volume[~lost],
    )


def _passages(volumes: OdVolumes, places: TripEnds, surroundings: Surroundings | None) -> Passages:
    """Where the pairs drive on the graph; without surroundings all ends are nodes of it."""
    origins, destinations = (
        TripEnds(places.lon[idx], places.lat[idx], places.node_idx[idx])
        for idx in (volumes.origin_idx, volumes.destination_idx)
    )
    if surroundings is None:
        inland = np.zeros(len(volumes.volume))
        return Passages(origins.node_idx, destinations.node_idx, inland, inland)
    return surroundings.passages(
        origins, destinations, surroundings.is_abroad(origins), surroundings.is_abroad(destinations)
    )


def _inside_km(graph: RoadGraph, ways: Passages) -> NDArray[np.float64]:
    """Distance on the graph, km; NaN for pairs that pass it by."""
    enters = ways.origin_node_idx >= 0
    inside_km = np.full(len(enters), np.nan)
    inside_km[enters] = pair_distances_km(
        graph, ways.origin_node_idx[enters], ways.destination_node_idx[enters]
    )
    return inside_km


def _kept_pairs(
    where: str,
    inside_km: NDArray[np.float64],
    total_km: NDArray[np.float64],
    volume: NDArray[np.float64],
    demand: OdTableDemand,
    notices: list[str],
) -> NDArray[np.bool_]:
    """Mask of the pairs that become trips; every pair left out is counted in a notice."""
    passes_by = np.isnan(inside_km)
    same_node = inside_km == 0.0
    unreachable = np.isinf(inside_km)
    too_short = (total_km < demand.min_distance_km) & ~same_node
    for left_out, pairs in (
        (passes_by, "OD pairs that pass the network by"),
        (same_node, "OD pairs that begin and end at the same node"),
        (unreachable, "OD pairs without a way between their nodes"),
        (too_short, said("OD pairs shorter than {km} km", km=demand.min_distance_km)),
    ):
        if left_out.any():
            of_trucks = _of_trucks(left_out, volume, demand)
            what = said("{pairs} ({of_trucks})", pairs=pairs, of_trucks=of_trucks)
            notices.append(said(_LEFT_OUT, where=where, what=what))
    kept: NDArray[np.bool_] = ~(passes_by | same_node | unreachable | too_short)
    return kept

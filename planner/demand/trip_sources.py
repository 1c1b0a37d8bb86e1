"""Trips of files onto the road graph: what drives there, what was left out, and the fleet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.demand.calibration import DAYS
from planner.demand.od_distances import pair_distances_km
from planner.demand.sample_expansion import (
    KINDS_OF_DAY,
    PlacedRecords,
    SampleSettings,
    electric_trips,
    kind_of_day,
)
from planner.demand.surroundings import Passages, Surroundings, TripEnds
from planner.demand.trip_records import left_out
from planner.errors import InputDataError
from planner.network.named_nodes import CUT_OFF_PARTS
from planner.said import joined, said

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.expansion import FleetTraits
    from planner.demand.trip_records import TripRecords
    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.runs.random_streams import RandomStreams
    from planner.scenario.demand_sources import MatsimPlansDemand, TripTableDemand
    from planner.scenario.parameter_sets import Day

WEEK_H = 168.0


@dataclass(frozen=True, slots=True)
class SampledFleet:
    """The electric trips that a file stands for, and what the full fleet looks like.

    Parameters
    ----------
    electric : Trips
        Electric trips on the wanted days.
    n_by_day : dict
        Trips of the full fleet on each wanted day.
    is_domestic : (n_records,) bool
        Sampled trips with both ends on the graph's ground.
    is_loaded_share : float
        Share of them that carry freight.
    inside_km : (n_records,) float64
        Their distance on the graph, km.
    notices : tuple of str
        What was left out, moved or bounded.
    """

    electric: Trips
    n_by_day: dict[str, int]
    is_domestic: NDArray[np.bool_]
    is_loaded_share: float
    inside_km: NDArray[np.float64]
    notices: tuple[str, ...]


def fleet_of_records(
    records: TripRecords,
    demand: MatsimPlansDemand | TripTableDemand,
    graph: RoadGraph,
    traits: FleetTraits,
    streams: RandomStreams,
) -> SampledFleet:
    """Put the trips of a file onto the graph and draw the electric ones of the full fleet.

    Parameters
    ----------
    traits : FleetTraits
        What the file does not state of single trips.

    Raises
    ------
    InputDataError
        If no trip drives on the graph on the wanted days.
    """
    surroundings = Surroundings(graph, demand.border)
    where = demand.path.name
    notices: list[str] = []
    records = _within_the_week(records, demand, where, notices)
    records = _on_the_network(records, surroundings, demand, notices)
    placed = _placed(records, surroundings, demand.border.max_abroad_km)
    placed, inside_km = _kept(placed, graph, demand, notices)
    return SampledFleet(
        electric=_electric(placed, surroundings, demand, demand.days, traits, streams),
        n_by_day=_full_fleet_by_day(placed.records.departure_h, demand),
        is_domestic=~(placed.from_abroad | placed.to_abroad),
        is_loaded_share=_loaded_share(placed.records, traits),
        inside_km=inside_km,
        notices=tuple(notices),
    )


def electric_on_day(
    records: TripRecords,
    day: Day,
    demand: MatsimPlansDemand | TripTableDemand,
    graph: RoadGraph,
    traits: FleetTraits,
    streams: RandomStreams,
) -> Trips:
    """Electric trips that a file knows of a day of the week, none where it has no such day.

    Parameters
    ----------
    records, demand, graph, traits, streams
        As for :func:`fleet_of_records`; ``demand.days`` plays no part.
    """
    surroundings = Surroundings(graph, demand.border)
    records = records.select(_is_wanted(records, demand.sample_share, (day,)))
    records = records.select(~_is_cut_off(records, surroundings))
    placed = _placed(records, surroundings, demand.border.max_abroad_km)
    passes_by, same_node, too_short, _ = _not_driven(placed, graph, demand.min_distance_km)
    placed = _selected(placed, ~(passes_by | same_node | too_short))
    return _electric(placed, surroundings, demand, (day,), traits, streams)


def _electric(
    placed: PlacedRecords,
    surroundings: Surroundings,
    demand: MatsimPlansDemand | TripTableDemand,
    days: tuple[Day, ...],
    traits: FleetTraits,
    streams: RandomStreams,
) -> Trips:
    settings = SampleSettings(
        demand.sample_share, demand.electrification_share, demand.spread_km, days
    )
    return electric_trips(placed, surroundings, settings, traits, streams)


def _is_wanted(
    records: TripRecords, sample_share: float, days: tuple[Day, ...]
) -> NDArray[np.bool_]:
    """Trips of the first week on some days or, of a sample, on days of the same kinds."""
    day = records.departure_h // 24.0
    if sample_share == 1.0:
        wanted = np.isin(day, [DAYS.index(one) for one in days])
    else:
        kinds = [kind for kind, members in enumerate(KINDS_OF_DAY) if set(members) & set(days)]
        wanted = np.isin(kind_of_day(records.departure_h % WEEK_H), kinds)
    return np.asarray(wanted & (records.departure_h < WEEK_H))


def _within_the_week(
    records: TripRecords,
    demand: MatsimPlansDemand | TripTableDemand,
    where: str,
    notices: list[str],
) -> TripRecords:
    """Trips on days of the kinds that the study looks at, in the first week."""
    first_week = records.departure_h < WEEK_H
    if not first_week.all():
        what = "trips that set out after the first week"
        notices.append(left_out(where, int((~first_week).sum()), what))
    records = records.select(first_week)
    wanted = _is_wanted(records, demand.sample_share, demand.days)
    if not wanted.any():
        msg = said(
            "{path}: no trip sets out on {listed}; hours count from Monday 00:00. Check "
            "demand.days and the departures",
            path=str(demand.path),
            listed=", ".join(demand.days),
        )
        raise InputDataError(msg)
    if not wanted.all():
        notices.append(left_out(where, int((~wanted).sum()), "trips that set out on other days"))
    return records.select(wanted)


def _on_the_network(
    records: TripRecords,
    surroundings: Surroundings,
    demand: MatsimPlansDemand | TripTableDemand,
    notices: list[str],
) -> TripRecords:
    """Trips without those that have an end on a part of the network that was dropped."""
    lost = _is_cut_off(records, surroundings)
    if not lost.any():
        return records
    what = said(
        "trips that begin or end on {parts}, {share} % of all",
        parts=CUT_OFF_PARTS,
        share=float(f"{100 * lost.mean():.3g}"),
    )
    if lost.all():
        msg = said(
            "{path}: expected trips on the connected network, found none: all {n} begin or "
            "end on {cut_off_parts}. Add the roads that join these parts, or use the trips "
            "that belong to the network.",
            path=str(demand.path),
            n=len(lost),
            cut_off_parts=CUT_OFF_PARTS,
        )
        raise InputDataError(msg)
    notices.append(left_out(demand.path.name, int(lost.sum()), what))
    return records.select(~lost)


def _is_cut_off(records: TripRecords, surroundings: Surroundings) -> NDArray[np.bool_]:
    origins, destinations = _ends(records)
    return np.asarray(surroundings.is_cut_off(origins) | surroundings.is_cut_off(destinations))


def _ends(records: TripRecords) -> tuple[TripEnds, TripEnds]:
    return (
        TripEnds(records.origin_lon, records.origin_lat, records.origin_node_idx),
        TripEnds(records.destination_lon, records.destination_lat, records.destination_node_idx),
    )


def _placed(
    records: TripRecords, surroundings: Surroundings, max_abroad_km: float
) -> PlacedRecords:
    origins, destinations = _ends(records)
    from_abroad, to_abroad = surroundings.is_abroad(origins), surroundings.is_abroad(destinations)
    passages = surroundings.passages(origins, destinations, from_abroad, to_abroad)
    return PlacedRecords(records, passages, from_abroad, to_abroad, max_abroad_km)


def _kept(
    placed: PlacedRecords,
    graph: RoadGraph,
    demand: MatsimPlansDemand | TripTableDemand,
    notices: list[str],
) -> tuple[PlacedRecords, NDArray[np.float64]]:
    """Trips that drive on the graph and are long enough, and their distance on it, km."""
    way, where, min_distance_km = placed.passages, demand.path.name, demand.min_distance_km
    passes_by, same_node, too_short, inside_km = _not_driven(placed, graph, min_distance_km)
    for mask, what in (
        (passes_by, "trips that pass the network by"),
        (same_node, "trips that begin and end at the same node of the network"),
        (too_short, said("trips shorter than {km} km", km=min_distance_km)),
    ):
        if mask.any():
            notices.append(left_out(where, int(mask.sum()), what))
    kept = ~(passes_by | same_node | too_short)
    if not kept.any() and too_short.sum() > passes_by.sum():
        msg = said(
            "{where}: no trip of {km} km or more is left; lower demand.min_distance_km or check "
            "the trips. {notices}",
            where=where,
            km=min_distance_km,
            notices=joined(notices, " "),
        )
        raise InputDataError(msg)
    if not kept.any() or (placed.from_abroad & placed.to_abroad).mean() > 0.99:
        msg = said(
            "{where}: no trip is left that begins or ends on the network; check demand.crs "
            "and whether network and trips are of the same country. {notices}",
            where=where,
            notices=joined(notices, " "),
        )
        raise InputDataError(msg)
    longest_km = np.maximum(way.abroad_before_km, way.abroad_after_km)[kept]
    beyond = longest_km > placed.max_abroad_km
    if beyond.any() and demand.border.abroad == "driven":
        notices.append(
            said(
                "{where}: bounded to {most} km abroad: trips with an end farther abroad than "
                "trucks drive ({n}, up to {longest} km).",
                where=where,
                most=placed.max_abroad_km,
                n=int(beyond.sum()),
                longest=round(float(longest_km.max())),
            )
        )
    return _selected(placed, kept), inside_km[kept]


def _not_driven(
    placed: PlacedRecords, graph: RoadGraph, min_distance_km: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.float64]]:
    """Trips that pass the graph by, end where they begin, or are too short; km on the graph."""
    way = placed.passages
    passes_by = way.origin_node_idx < 0
    same_node = (way.origin_node_idx == way.destination_node_idx) & ~passes_by
    drives = ~(passes_by | same_node)
    inside_km = np.zeros(len(drives))
    inside_km[drives] = pair_distances_km(
        graph, way.origin_node_idx[drives], way.destination_node_idx[drives]
    )
    abroad_km = np.minimum(way.abroad_before_km, placed.max_abroad_km) + np.minimum(
        way.abroad_after_km, placed.max_abroad_km
    )
    return passes_by, same_node, drives & (inside_km + abroad_km < min_distance_km), inside_km


def _selected(placed: PlacedRecords, kept: NDArray[np.bool_]) -> PlacedRecords:
    way = placed.passages
    return PlacedRecords(
        placed.records.select(kept),
        Passages(*(getattr(way, name)[kept] for name in Passages.__dataclass_fields__)),
        placed.from_abroad[kept],
        placed.to_abroad[kept],
        placed.max_abroad_km,
    )


def _full_fleet_by_day(
    departure_h: NDArray[np.float64], demand: MatsimPlansDemand | TripTableDemand
) -> dict[str, int]:
    counts = np.bincount((departure_h // 24.0).astype(np.int64), minlength=7)
    return {day: round(counts[DAYS.index(day)] / demand.sample_share) for day in demand.days}


def _loaded_share(records: TripRecords, traits: FleetTraits) -> float:
    said = records.is_loaded >= 0
    return float(np.where(said, records.is_loaded == 1, traits.loaded_share).mean())

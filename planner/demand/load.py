"""The one door of this room: trips of a scenario's demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np

from planner.demand.calibration import DAYS, german_calibration
from planner.demand.count_calibration import weigh_by_counts
from planner.demand.expansion import OF_THE_COUNTRY, TRANSIT, FleetTraits, FullFleet, expand
from planner.demand.gravity import gravity_flows
from planner.demand.initial_soc import partial_soc
from planner.demand.matsim_plans import PlanFilter, read_matsim_plans
from planner.demand.matsim_vehicles import read_initial_soc
from planner.demand.od_distances import distance_matrix_km
from planner.demand.od_table import known_distances, read_od_table
from planner.demand.regions import read_freight_places
from planner.demand.transit import transit_flows
from planner.demand.trip_sources import WEEK_H, electric_on_day, fleet_of_records
from planner.demand.trip_table import read_trip_table
from planner.demand.trips import Trips
from planner.errors import InputDataError, ScenarioError
from planner.said import counted, said
from planner.scenario.bundled import bundled_path
from planner.scenario.demand_sources import MatsimPlansDemand, TripTableDemand
from planner.scenario.parameter_sets import Day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from planner.demand.calibration import DemandCalibration
    from planner.demand.expansion import Part
    from planner.demand.od_flows import OdFlows
    from planner.demand.regions import FreightPlaces
    from planner.network.graph import RoadGraph
    from planner.network.route_spread import RouteSpread
    from planner.runs.random_streams import RandomStreams
    from planner.scenario.demand_sources import (
        BuiltinDemand,
        Demand,
        FittedTo,
        OdTableDemand,
    )

DISTANCE_QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class DemandReport:
    """What the full fleet looks like, and what was taken from it.

    Parameters
    ----------
    n_full_fleet : int
        Trips of the full fleet on the scenario's days.
    n_full_fleet_by_day : dict
        The same by day.
    n_electric : int
        Trips that are electric at the scenario's level.
    domestic_share : float
        Share of full-fleet trips with both ends in the country.
    loaded_share : float
        Share of full-fleet trips that carry freight.
    mean_inside_km : float
        Mean distance of full-fleet trips on the road graph, km.
    inside_km_at_quantile : dict
        Quantiles of that distance, km.
    notices : tuple of str
        What the reader summed or left out.
    """

    n_full_fleet: int
    n_full_fleet_by_day: dict[str, int]
    n_electric: int
    electrification_share: float
    domestic_share: float
    loaded_share: float
    mean_inside_km: float
    inside_km_at_quantile: dict[float, float]
    notices: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Say for a person what the demand is, and what was summed or left out if anything was."""
        return [
            counted(
                self.n_full_fleet,
                "{n} long-haul trip of all trucks, {n_electric} of them electric ({share} % of "
                "all)",
                "{n} long-haul trips of all trucks, {n_electric} of them electric ({share} % of "
                "all)",
                n_electric=self.n_electric,
                share=float(f"{100 * self.electrification_share:.3g}"),
            ),
            said(
                "mean distance on the network {km} km, {share} % with both ends on it",
                km=round(self.mean_inside_km),
                share=round(100 * self.domestic_share),
            ),
            *self.notices,
        ]


def load_trips(
    demand: Demand,
    graph: RoadGraph,
    vehicle_mix: Mapping[str, float],
    streams: RandomStreams,
    warm_up_days: int = 0,
    spread: RouteSpread | None = None,
) -> tuple[Trips, DemandReport]:
    """Electric trips of a scenario.

    Parameters
    ----------
    vehicle_mix : mapping of str to float
        Share of each vehicle class; ``vehicle_class_idx`` follows its order.
    warm_up_days : int
        Days before the first one whose trips come too, within [0, 7]: each as the same day of
        the week is in this demand, so that Monday follows the demand's own Sunday.
    spread : RouteSpread, optional
        How trucks spread over routes, for volumes that are weighed by counts.

    Returns
    -------
    trips : Trips
        Trips that are electric at the scenario's level, sorted by ``trip_id``; those of the days
        before come first (:attr:`~planner.demand.trips.Trips.is_counted`).
    report : DemandReport
        Counts of the full fleet and of what was taken, without the days before.

    Raises
    ------
    InputDataError
        If a file is broken or does not belong to the graph, or no trip is electric.
    ScenarioError
        If the built-in demand is asked for trips shorter than it knows.
    """
    traits = _traits(demand, vehicle_mix)
    before = days_before(demand.days[0], warm_up_days)
    if isinstance(demand, MatsimPlansDemand | TripTableDemand):
        trips, report = _from_records(demand, graph, list(vehicle_mix), traits, streams, before)
    else:
        trips, report = _from_flows(demand, graph, traits, streams, before, spread)
    if demand.border.abroad == "ignored":
        # After the choice of trips: how far they go abroad makes them long-haul all the same.
        trips = trips.from_border_to_border()
    return trips, report


def days_before(first_day: Day, n_days: int) -> list[tuple[Day, float]]:
    """Days before a day of the week, the nearest first, and how far each must be moved.

    Parameters
    ----------
    first_day : str
        ``"mon"`` to ``"sun"``.
    n_days : int
        Number of days, within [0, 7].

    Returns
    -------
    list of (str, float)
        Day of the week, and hours to add to its own times: 0, or -168 where it comes later in the
        week than ``first_day``.
    """
    week = get_args(Day)
    first = week.index(first_day)
    return [
        (week[(first - back) % len(week)], WEEK_H * ((first - back) // len(week)))
        for back in range(1, n_days + 1)
    ]


def _with_warm_up(counted: Trips, before: list[tuple[Trips, float]]) -> Trips:
    """Trips of the horizon's days behind those of the days before, by trip_id."""
    joined = Trips.joined([*(trips.as_warm_up(later_h) for trips, later_h in before), counted])
    return joined.select(np.argsort(joined.trip_id, kind="stable"))


def _refuse_none_electric(demand: Demand, n_full_fleet: int, electric: Trips) -> None:
    if electric.n_trips == 0:
        msg = said(
            "demand: expected at least one electric trip; the full fleet has {n_full_fleet} "
            "trips of {min_distance_km} km or more on {listed} and none is electric at a "
            "share of {electrification_share}; raise electrification_share, add days, or "
            "lower min_distance_km",
            n_full_fleet=str(n_full_fleet),
            min_distance_km=demand.min_distance_km,
            listed=", ".join(demand.days),
            electrification_share=demand.electrification_share,
        )
        raise InputDataError(msg)


def _from_records(
    demand: MatsimPlansDemand | TripTableDemand,
    graph: RoadGraph,
    vehicle_classes: list[str],
    traits: FleetTraits,
    streams: RandomStreams,
    before: list[tuple[Day, float]],
) -> tuple[Trips, DemandReport]:
    """Electric trips of a file of single trips."""
    notices: tuple[str, ...] = ()
    if demand.source == "trips":
        records = read_trip_table(
            demand.path,
            demand.table_keys("demand"),
            demand.crs,
            graph,
            vehicle_classes,
            demand.time_zone,
        )
    else:
        initial_soc = None if demand.vehicles is None else read_initial_soc(demand.vehicles)
        chosen = PlanFilter(demand.modes, demand.subpopulations)
        records, notices = read_matsim_plans(
            demand.path, demand.crs, chosen, initial_soc, demand.network
        )
    fleet = fleet_of_records(records, demand, graph, traits, streams)
    _refuse_none_electric(demand, sum(fleet.n_by_day.values()), fleet.electric)
    warm_up = [
        (electric_on_day(records, day, demand, graph, traits, streams), later_h)
        for day, later_h in before
    ]
    quantiles = np.quantile(fleet.inside_km, DISTANCE_QUANTILES)
    return _with_warm_up(fleet.electric, warm_up), DemandReport(
        n_full_fleet=sum(fleet.n_by_day.values()),
        n_full_fleet_by_day=fleet.n_by_day,
        n_electric=fleet.electric.n_trips,
        electrification_share=demand.electrification_share,
        domestic_share=float(fleet.is_domestic.mean()),
        loaded_share=fleet.is_loaded_share,
        mean_inside_km=float(fleet.inside_km.mean()),
        inside_km_at_quantile=dict(zip(DISTANCE_QUANTILES, quantiles.tolist(), strict=True)),
        notices=(*notices, *fleet.notices),
    )


def _from_flows(
    demand: BuiltinDemand | OdTableDemand,
    graph: RoadGraph,
    traits: FleetTraits,
    streams: RandomStreams,
    before: list[tuple[Day, float]],
    spread: RouteSpread | None,
) -> tuple[Trips, DemandReport]:
    """Electric trips of OD volumes."""
    fitted_to = demand.fitted_to if demand.source == "builtin" else "sample"
    calibration = german_calibration(fitted_to)
    parts, notices = _parts(demand, graph, calibration)
    if demand.calibrate is not None:
        parts, weighed = weigh_by_counts(
            parts, demand.calibrate, graph, calibration, demand.min_distance_km, spread
        )
        notices = (*notices, *weighed)
    if demand.source == "od_table":
        calibration = known_distances(calibration, demand.border.max_abroad_km)
    inside_km = np.concatenate([flows.inside_km for flows in parts.values()])

    def long_haul(days: Sequence[Day], share: float = 1.0) -> FullFleet:
        """Trips that are long enough, of which so many are electric."""

        def is_wanted(trips: Trips, flow_idx: NDArray[np.int64]) -> NDArray[np.bool_]:
            abroad_km = trips.abroad_before_km + trips.abroad_after_km
            is_far = inside_km[flow_idx] + abroad_km >= demand.min_distance_km
            return is_far & trips.is_electric(share)

        return _expanded(parts, days, traits, calibration, streams, is_wanted)

    share = demand.electrification_share
    full = long_haul(demand.days)
    electric = full.trips.electrified(share)
    _refuse_none_electric(demand, full.trips.n_trips, electric)
    warm_up = [(long_haul([day], share).trips, later_h) for day, later_h in before]
    n_transit = int((full.flow_idx >= parts[OF_THE_COUNTRY].n_flows).sum())
    if n_transit:
        passing = counted(
            n_transit,
            "{n} of all trips passes through from border to border",
            "{n} of all trips pass through from border to border",
        )
        notices = (*notices, passing)
    report = _report(full, inside_km[full.flow_idx], electric, demand, notices)
    return _with_warm_up(electric, warm_up), report


def _expanded(
    parts: Mapping[Part, OdFlows],
    days: Sequence[Day],
    traits: FleetTraits,
    calibration: DemandCalibration,
    streams: RandomStreams,
    is_wanted: Callable[[Trips, NDArray[np.int64]], NDArray[np.bool_]],
) -> FullFleet:
    """Trips of all parts that are wanted, by number; flows are numbered on from part to part."""
    fleets = [
        expand(flows, days, traits, calibration, streams, part) for part, flows in parts.items()
    ]
    first_flow = np.cumsum([0, *(flows.n_flows for flows in parts.values())])[:-1]
    trips = Trips.joined([fleet.trips for fleet in fleets])
    flow_idx = np.concatenate(
        [fleet.flow_idx + first for fleet, first in zip(fleets, first_flow, strict=True)]
    )
    wanted = np.flatnonzero(is_wanted(trips, flow_idx))
    by_number = wanted[np.argsort(trips.trip_id[wanted], kind="stable")]
    return FullFleet(trips.select(by_number), flow_idx[by_number])


def _parts(
    demand: BuiltinDemand | OdTableDemand, graph: RoadGraph, calibration: DemandCalibration
) -> tuple[dict[Part, OdFlows], tuple[str, ...]]:
    """Flows of each part of the demand, that of the country first."""
    if demand.source == "od_table":
        flows, notices = read_od_table(demand, graph, calibration.weeks_per_year)
        return {OF_THE_COUNTRY: flows}, notices
    if demand.min_distance_km < calibration.min_distance_km:
        fault = said(
            "demand.min_distance_km: the built-in demand holds trips of {least_km} km and more; "
            "found {km}; raise it, or bring shorter trips in an OD table",
            least_km=calibration.min_distance_km,
            km=demand.min_distance_km,
        )
        raise ScenarioError([fault], said("scenario"))
    places = builtin_places(graph, demand.fitted_to)
    distance_km = distance_matrix_km(graph, places.node_idx, places.node_idx)
    parts = {OF_THE_COUNTRY: gravity_flows(places, distance_km, calibration)}
    transit = transit_flows(demand.transit, graph, places, calibration, demand.fitted_to)
    return parts if transit is None else parts | {TRANSIT: transit}, ()


def builtin_places(graph: RoadGraph, fitted_to: FittedTo) -> FreightPlaces:
    """Regions and gateways of the built-in network, with the weights that meet either data."""
    calibration = german_calibration(fitted_to)
    weights = "network/germany/region_weights_counts.csv" if fitted_to == "counts" else None
    return read_freight_places(
        bundled_path("network/germany/regions.csv"),
        graph,
        calibration.state_percent,
        calibration.catchment,
        None if weights is None else bundled_path(weights),
    )


def _traits(demand: Demand, vehicle_mix: Mapping[str, float]) -> FleetTraits:
    soc = demand.initial_soc
    return FleetTraits(
        loaded_share=demand.loaded_share,
        vehicle_shares=np.array(list(vehicle_mix.values()), dtype=np.float64),
        full_soc_share=soc.full_share,
        partial_soc=partial_soc(soc),
    )


def _report(
    full: FullFleet,
    inside_km: NDArray[np.float64],
    electric: Trips,
    demand: BuiltinDemand | OdTableDemand,
    notices: tuple[str, ...],
) -> DemandReport:
    trips = full.trips
    day = (trips.departure_h // 24.0).astype(np.int64)
    is_domestic = (trips.abroad_before_km == 0.0) & (trips.abroad_after_km == 0.0)
    quantiles = np.quantile(inside_km, DISTANCE_QUANTILES)
    return DemandReport(
        n_full_fleet=trips.n_trips,
        n_full_fleet_by_day={name: int((day == DAYS.index(name)).sum()) for name in demand.days},
        n_electric=electric.n_trips,
        electrification_share=demand.electrification_share,
        domestic_share=float(is_domestic.mean()),
        loaded_share=float(trips.is_loaded.mean()),
        mean_inside_km=float(inside_km.mean()),
        inside_km_at_quantile=dict(zip(DISTANCE_QUANTILES, quantiles.tolist(), strict=True)),
        notices=notices,
    )

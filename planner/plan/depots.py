"""The depots of a plan: which trips start there, and with what charge they leave."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.demand.depot_places import depot_positions, read_depot_places
from planner.demand.depot_trips import distance_km, trips_of_depots
from planner.demand.initial_soc import arrival_soc, departing_with, partial_soc
from planner.depot.cooptimizer import plan_depot
from planner.depot.departures import Stay, charge_departures, requests_of_tours
from planner.depot.depot_inputs import microgrid_site, read_depot, read_tariff_of
from planner.errors import InputDataError, SolverError
from planner.plan.depot_figures import (
    DepotFigures,
    DepotHead,
    depot_figures_as_arrays,
    depot_figures_of_arrays,
    figures_of_depot,
)
from planner.runs.random_streams import RandomStreams
from planner.runs.stage_files import read_arrays, write_arrays
from planner.said import AsWritten, counted, joined, said, with_points

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.demand.depot_places import DepotInPlan
    from planner.demand.depot_trips import DepotTrips
    from planner.demand.trips import Trips
    from planner.depot.charging_requests import ChargingRequest
    from planner.depot.microgrid_site import MicrogridSite
    from planner.network.graph import RoadGraph
    from planner.runs.progress import Advance
    from planner.scenario.depot_model import DepotScenario
    from planner.scenario.model import Scenario
    from planner.scenario.national_depots import NationalDepots

_DAY_H = 24.0
_LEAD_DAYS = 1
"""Days before the first departures, in which trucks stand at the depot already."""


@dataclass(frozen=True, slots=True)
class PlanDepots:
    """What depots do in a plan.

    Parameters
    ----------
    trips : Trips
        All trips; those that start at depots leave with what these gave them.
    drawn_soc_share : (n_departures,) float64
        State of charge that the trips of ``figures.trucks`` would start with without depots.
    notices : tuple of str
        Depots that nothing starts at.
    """

    trips: Trips
    figures: DepotFigures
    drawn_soc_share: NDArray[np.float64]
    notices: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Say for a person what the depots do."""
        depots, trucks = self.figures.depots, self.figures.trucks
        check = DepotCheck(len(depots), int(depots["n_trucks"].sum()))
        if not len(trucks):
            return [*check.sentences(), *self.notices]
        starting = counted(
            len(trucks),
            "{n} trip starts there ({share} % of all), with {soc} % on average",
            "{n} trips start there ({share} % of all), with {soc} % on average",
            share=round(100.0 * len(trucks) / self.trips.n_trips, 1),
            soc=round(100.0 * float(trucks["departure_soc_share"].mean())),
        )
        return [*check.sentences(), starting, *self.notices]


@dataclass(frozen=True, slots=True)
class DepotCheck:
    """Depots of a scenario that can be planned."""

    n_depots: int
    n_trucks: int

    def sentences(self) -> list[str]:
        """Say for a person what was read."""
        trucks = counted(self.n_trucks, "{n} truck", "{n} trucks")
        return [said("{n} with {trucks}", n=self.n_depots, trucks=trucks)]


def depots_of_plan(
    scenario: Scenario,
    settings: NationalDepots,
    graph: RoadGraph,
    trips: Trips,
    *,
    cache: Path | None = None,
    progress: Advance | None = None,
) -> PlanDepots:
    """Charge the trucks that start at depots.

    Parameters
    ----------
    settings : NationalDepots
        Its section ``depots``.
    cache : pathlib.Path, optional
        Folder in which finished depots are kept for a run that is taken up again.
    progress : callable, optional
        Told how many depots of how many are done.

    Raises
    ------
    PlannerError
        If a depot lies far from all roads, or its study cannot be planned.
    """
    depots = read_depot_places(settings)
    lon, lat = depot_positions(depots, graph)
    _refuse_far_ones(depots, lon, lat, graph, settings.reach_km)
    n_trucks = np.array([depot.place.trucks for depot in depots], dtype=np.int64)
    chosen = trips_of_depots(trips, graph, lon, lat, n_trucks, settings.reach_km)
    arrival = arrival_soc(
        partial_soc(scenario.demand.initial_soc),
        trips.trip_id[chosen.trip_idx],
        RandomStreams(scenario.seed).key("depots.arrival_soc"),
    )
    stays_of = _Stays(scenario, settings, trips)
    tours = _Tours()
    found = []
    for number, depot in enumerate(depots):
        file = None if cache is None else cache / f"depot-{number:04d}.npz"
        stored = None if file is None else read_arrays(file)
        if stored is not None:
            figures = depot_figures_of_arrays(stored)
        else:
            mine = chosen.depot_idx == number
            trip_idx = chosen.trip_idx[mine]
            with _naming(depot):
                figures = _charged(
                    depot,
                    (float(lon[number]), float(lat[number])),
                    stays_of(trip_idx, arrival[mine]),
                    trips.trip_id[trip_idx],
                    int(chosen.n_in_reach[number]),
                    tours if settings.own_tours else None,
                    scenario,
                )
            if file is not None:
                write_arrays(file, depot_figures_as_arrays(figures))
        found.append(figures)
        if progress is not None:
            progress(number + 1, len(depots))
    together = DepotFigures.together(found)
    row = {trip: row for row, trip in enumerate(trips.trip_id)}
    leaving = np.array([row[trip] for trip in together.trucks["trip_id"]], dtype=np.int64)
    left = together.trucks["departure_soc_share"].to_numpy()
    return PlanDepots(
        departing_with(trips, leaving, left),
        together,
        trips.initial_soc_share[leaving],
        tuple(_without_trips(depots, chosen, settings.reach_km)),
    )


def check_depots(scenario: Scenario, settings: NationalDepots, graph: RoadGraph) -> DepotCheck:
    """Read all that the depots of a scenario name, without charging anything.

    Raises
    ------
    PlannerError
        If the table of depots, a position, a study or a file that it names is not valid.
    """
    depots = read_depot_places(settings)
    lon, lat = depot_positions(depots, graph)
    _refuse_far_ones(depots, lon, lat, graph, settings.reach_km)
    for depot in depots:
        with _naming(depot):
            _site(depot.study, scenario)
            if settings.own_tours:
                read_depot(depot.study)
    return DepotCheck(len(depots), sum(depot.place.trucks for depot in depots))


@contextmanager
def _naming(depot: DepotInPlan) -> Iterator[None]:
    """Say which of the depots a fault is of."""
    try:
        yield
    except (InputDataError, SolverError) as error:
        msg = said(
            "depots, {depot} ({file}): {fault}",
            depot=AsWritten(depot.place.id),
            file=str(depot.file),
            fault=error.args[0],
        )
        raise type(error)(msg) from error


def _refuse_far_ones(
    depots: tuple[DepotInPlan, ...],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    graph: RoadGraph,
    reach_km: float,
) -> None:
    faults = []
    for depot, east, north in zip(depots, lon, lat, strict=True):
        nearest_km = float(distance_km(east, north, graph.lon, graph.lat).min())
        if nearest_km > reach_km:
            faults.append(
                said(
                    "{depot} at {lon}, {lat}: the nearest node of the road network is {km} km away",
                    depot=AsWritten(depot.place.id),
                    lon=round(float(east), 4),
                    lat=round(float(north), 4),
                    km=round(nearest_km),
                )
            )
    if faults:
        head = "depots: expected each within reach_km ({reach} km) of the road network:"
        remedy = "Check longitude and latitude (lon first, degrees), or raise depots.reach_km."
        msg = joined((with_points(said(head, reach=reach_km), faults), said(remedy)), "\n")
        raise InputDataError(msg)


def _without_trips(
    depots: tuple[DepotInPlan, ...], chosen: DepotTrips, reach_km: float
) -> Iterator[str]:
    for depot, n_in_reach, nearest_km in zip(
        depots, chosen.n_in_reach, chosen.nearest_km, strict=True
    ):
        if not n_in_reach:
            yield said(
                "no electric trip begins within {reach} km of {depot} and nearer to it than to "
                "another depot (the nearest begins {nearest} km away)",
                reach=reach_km,
                depot=str(depot.place.id),
                nearest=round(float(nearest_km)),
            )


class _Stays:
    """Trips as trucks that stand at a depot before they leave."""

    def __init__(self, scenario: Scenario, settings: NationalDepots, trips: Trips) -> None:
        self._scenario, self._trips = scenario, trips
        self._target = settings.target_soc_share
        self._stay_h = min(settings.stay_h or scenario.driver_rules.rest_h, _DAY_H * _LEAD_DAYS)

    def __call__(
        self, trip_idx: NDArray[np.int64], arrival_share: NDArray[np.float64]
    ) -> list[Stay]:
        vehicles = list(self._scenario.vehicles.classes.values())
        rules = self._scenario.driver_rules
        first_h = horizon_start_h(self._scenario)
        stays = []
        for trip, arrived in zip(trip_idx, arrival_share, strict=True):
            vehicle = vehicles[self._trips.vehicle_class_idx[trip]]
            per_km = (
                vehicle.consumption_loaded_kwh_km
                if self._trips.is_loaded[trip]
                else vehicle.consumption_empty_kwh_km
            )
            stint_km = rules.max_driving_before_break_h * vehicle.mean_speed_kmh
            battery = vehicle.battery_kwh
            leaves_min = 60.0 * float(self._trips.departure_h[trip] - first_h)
            stays.append(
                Stay(
                    start_min=leaves_min - 60.0 * self._stay_h,
                    end_min=leaves_min,
                    battery_kwh=battery,
                    arrival_kwh=battery * float(arrived),
                    needed_kwh=min(battery, vehicle.min_soc_share * battery + stint_km * per_km),
                    wanted_kwh=battery * self._target,
                    max_kw=vehicle.max_charging_kw,
                )
            )
        return stays


class _Tours:
    """Own tours of depots; those of equal depots are planned once."""

    def __init__(self) -> None:
        self._requests: dict[str, list[ChargingRequest]] = {}

    def requests(self, study: DepotScenario, n_days: int) -> list[ChargingRequest]:
        """What the co-optimised tours ask for on the simulated days."""
        key = study.model_dump_json()
        if key not in self._requests:
            inputs = read_depot(study)
            planned = plan_depot(
                inputs.problem, inputs.site, study.seed, n_iterations=study.depot.iterations
            )
            self._requests[key] = requests_of_tours(
                inputs.problem,
                planned.co_optimised.dispatch,
                range(_LEAD_DAYS, _LEAD_DAYS + n_days),
            )
        return self._requests[key]


def _charged(
    depot: DepotInPlan,
    lon_lat: tuple[float, float],
    stays: list[Stay],
    trip_id: NDArray[np.int64],
    n_in_reach: int,
    tours: _Tours | None,
    scenario: Scenario,
) -> DepotFigures:
    study = depot.study
    site, currency = _site(study, scenario)
    own = [] if tours is None else tours.requests(study, len(scenario.demand.days))
    return figures_of_depot(
        DepotHead(
            depot_id=depot.place.id,
            study=study.name,
            currency=currency,
            lon=lon_lat[0],
            lat=lon_lat[1],
            n_trucks=depot.place.trucks,
            n_in_reach=n_in_reach,
        ),
        charge_departures(site, own, stays),
        stays,
        trip_id,
        horizon_start_h(scenario),
    )


def _site(study: DepotScenario, scenario: Scenario) -> tuple[MicrogridSite, str]:
    """A depot's microgrid over the horizon, and the currency of its prices."""
    tariff = read_tariff_of(study.depot.site)
    site = microgrid_site(
        study.depot,
        tariff,
        first_day(study, scenario),
        _LEAD_DAYS + len(scenario.demand.days),
        lead_days=_LEAD_DAYS,
    )
    return site, tariff.currency


def horizon_start_h(scenario: Scenario) -> float:
    """Begin of the time over which depots are planned, hours since Monday 00:00."""
    return scenario.start_h - _DAY_H * _LEAD_DAYS


def first_day(study: DepotScenario, scenario: Scenario) -> dt.date:
    """Day on which the horizon begins: that of the scenario's week around the study's day."""
    day = study.depot.date()
    monday = day - dt.timedelta(days=day.weekday())
    return monday + dt.timedelta(hours=horizon_start_h(scenario))

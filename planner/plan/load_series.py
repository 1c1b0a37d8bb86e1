"""Load that the sessions of a solution put on places over time, and what of it could shift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd

from planner.errors import InputDataError, InvariantError
from planner.plan.load_calendar import dated_load, first_monday
from planner.plan.load_places import places_of
from planner.plan.load_schemas import LOAD, LOAD_ENVELOPE, LOAD_PLACES, LOAD_SESSIONS
from planner.plan.stages import charging_demand
from planner.routing.drivers import drivers_of, trip_power_kw
from planner.said import AsWritten, said
from planner.simulation.drawn_energy import DrawnPower, power_in_steps
from planner.simulation.inside_horizon import drawn_power, energy_inside_horizon
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import ChargerLayout, simulate
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from planner.plan.load_calendar import DatedLoad, Span
    from planner.plan.load_places import By, Places
    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.simulation.queues import ChargingDemand, QueueResult

_MOST_ROWS = 8_000_000
"""Rows of a table of loads that a machine of 8 GB writes."""
_TOLERANCE_KWH = 0.5
"""Energies agree to the kilowatt-hour."""


class LoadQuestion(NamedTuple):
    """What load is asked for.

    Parameters
    ----------
    minutes : int
        Length of a step, a divisor of an hour or a day.
    year : int
        Calendar year of the dates.
    country : str
        Country of the public holidays of a year, empty for none.
    """

    by: By = "site"
    span: Span = "week"
    minutes: int = 15
    year: int = 2030
    country: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """Load of a solution.

    Parameters
    ----------
    series, places_table, sessions, envelope : DataFrame
        ``LOAD``, ``LOAD_PLACES``, ``LOAD_SESSIONS`` and ``LOAD_ENVELOPE``.
    simulated_kwh : dict of (n_places, n_steps) float64
        Energy of each step of the simulated days by kind of point.
    """

    question: LoadQuestion
    places: Places
    series: pd.DataFrame
    places_table: pd.DataFrame
    sessions: pd.DataFrame
    envelope: pd.DataFrame
    simulated_kwh: Mapping[str, NDArray[np.float64]]


def load_of(plan: SolutionOnRoads, asked: LoadQuestion) -> Load:
    """Load of a solution of a finished run.

    Raises
    ------
    InputDataError
        If nothing is known of the sites that places could be told by, or the table would be too
        long.
    InvariantError
        If the load has another energy than the run, or lies outside of what could shift.
    """
    scenario, places = plan.scenario, places_of(plan.scenario, plan.sites, asked.by)
    _check_length(len(places), len(scenario.demand.days), asked)
    demand = charging_demand(scenario, plan.vehicle_class_idx(), plan.plans(), plan.sites.n_sites)
    layout = ChargerLayout(plan.n_hpc.astype(np.int32), plan.n_lpc.astype(np.int32))
    result = simulate(demand, layout)
    figures = layout_figures(demand, result, layout)
    energy_kwh = {"hpc": 1000.0 * figures.energy_hpc_mwh, "lpc": 1000.0 * figures.energy_lpc_mwh}
    _check_run(plan, energy_kwh)
    place = places.of_site[demand.stop_site_idx]
    steps = LoadSteps(demand, asked.minutes, len(places))
    drawn = drawn_power(demand, result)
    by_kind = {
        kind: steps.energy_kwh(_chosen(drawn, result.is_hpc == (kind == "hpc")), place)
        for kind in energy_kwh
    }
    for kind, kwh in by_kind.items():
        _check_energy(f"load at {kind} points", kwh.sum(), energy_kwh[kind])
    sessions = _session_table(plan, places, demand, result, asked.year)
    _check_energy("sessions", sessions["energy_kwh"].sum(), sum(energy_kwh.values()))
    dated = {
        kind: dated_load(kwh, scenario.demand.days, asked.span, asked.year, asked.country)
        for kind, kwh in by_kind.items()
    }
    return Load(
        asked,
        places,
        _series(places, dated, asked.minutes),
        _place_table(plan, places, by_kind, dated, asked.minutes),
        sessions,
        _envelope(places, sessions, by_kind["lpc"], steps, asked.year),
        by_kind,
    )


def _check_length(n_places: int, n_days: int, asked: LoadQuestion) -> None:
    n_days = {"days": n_days, "week": 7, "year": 365}[asked.span]
    n_rows = n_places * n_days * HOURS_PER_DAY * 60 // asked.minutes
    if n_rows > _MOST_ROWS:
        msg = said(
            "--by {by} --span {span} --minutes {minutes}: expected a table of at most {most} rows; "
            "found {n}; use --minutes 60, fewer places or a shorter span",
            by=AsWritten(asked.by),
            span=AsWritten(asked.span),
            minutes=str(asked.minutes),
            most=_MOST_ROWS,
            n=n_rows,
        )
        raise InputDataError(msg)


def _series(places: Places, dated: Mapping[str, DatedLoad], minutes: int) -> pd.DataFrame:
    start = dated["hpc"].start
    power_kw = {
        f"{kind}_kw": load.energy_kwh.ravel() / (minutes / 60.0) for kind, load in dated.items()
    }
    steps = {
        "place": np.repeat(np.array(places.key, object), len(start)),
        "start": np.tile(np.datetime_as_string(start, unit="m").astype(object), len(places)),
    }
    return pd.DataFrame(steps | power_kw)[LOAD.column_names]


def _place_table(
    plan: SolutionOnRoads,
    places: Places,
    simulated_kwh: Mapping[str, NDArray[np.float64]],
    dated: Mapping[str, DatedLoad],
    minutes: int,
) -> pd.DataFrame:
    written_kwh = dated["hpc"].energy_kwh + dated["lpc"].energy_kwh
    connection_kw = plan.sites.grid_connection_kw
    table = pd.DataFrame(
        {
            "place": places.key,
            "name": places.name,
            "lon": places.lon,
            "lat": places.lat,
            "n_sites": places.sums(np.ones(plan.sites.n_sites, np.int64)),
            "n_hpc": places.sums(plan.n_hpc),
            "n_lpc": places.sums(plan.n_lpc),
            "grid_connection_kw": np.bincount(places.of_site, connection_kw, len(places)),
            "hpc_mwh": simulated_kwh["hpc"].sum(axis=1) / 1000.0,
            "lpc_mwh": simulated_kwh["lpc"].sum(axis=1) / 1000.0,
            "written_mwh": written_kwh.sum(axis=1) / 1000.0,
            "peak_kw": written_kwh.max(axis=1) / (minutes / 60.0),
        }
    )
    return table[LOAD_PLACES.column_names]


class LoadSteps:
    """Steps of the simulated days at places."""

    def __init__(self, demand: ChargingDemand, minutes: int, n_places: int) -> None:
        self.step_h = minutes / 60.0
        self.first = round(demand.start_h / self.step_h)
        self.n_steps = round(demand.horizon_h / self.step_h)
        self.n_places = n_places

    def energy_kwh(self, drawn: DrawnPower, place: NDArray[np.int64]) -> NDArray[np.float64]:
        """Energy by place and step, (n_places, n_steps)."""
        parts = power_in_steps(drawn, self.step_h)
        cell = place[parts.session] * self.n_steps + parts.step - self.first
        kwh = np.bincount(cell, parts.energy_kwh, minlength=self.n_places * self.n_steps)
        return np.asarray(kwh, np.float64).reshape(self.n_places, self.n_steps)

    def starts(self, year: int) -> NDArray[np.object_]:
        """When each step begins, dated by the year's first week, (n_steps,)."""
        at_h = self.step_h * np.arange(self.first, self.first + self.n_steps, dtype=np.float64)
        return _dated(at_h, year, "m")


def _dated(at_h: NDArray[np.float64], year: int, unit: Literal["m", "s"]) -> NDArray[np.object_]:
    """Hours since Monday 00:00 as text."""
    monday = np.datetime64(first_monday(year), "s")
    at = monday + np.round(3600.0 * at_h).astype("timedelta64[s]")
    texts: NDArray[np.object_] = np.datetime_as_string(at, unit=unit).astype(object)
    return texts


def _chosen(drawn: DrawnPower, is_chosen: NDArray[np.bool_]) -> DrawnPower:
    """Power of some of the sessions."""
    kept = is_chosen[drawn.session]
    return DrawnPower(
        drawn.session[kept], drawn.from_h[kept], drawn.to_h[kept], drawn.power_kw[kept]
    )


def _session_table(
    plan: SolutionOnRoads,
    places: Places,
    demand: ChargingDemand,
    result: QueueResult,
    year: int,
) -> pd.DataFrame:
    """Sessions that charge in the simulated days."""
    energy_kwh = energy_inside_horizon(demand, result)
    stop = np.flatnonzero(energy_kwh > 0.0)
    energy_kwh, site, is_hpc = energy_kwh[stop], demand.stop_site_idx[stop], result.is_hpc[stop]
    begin_h, end_h = demand.counted_h
    start_h = np.maximum(result.plug_in_h[stop], begin_h)
    leaves_h = np.minimum(result.release_h[stop], end_h)
    trip = np.repeat(demand.trip_idx, np.diff(demand.trip_stop_offset))[stop]
    class_idx = plan.vehicle_class_idx()[trip]
    drivers, plans = drivers_of(plan.scenario), plan.plans()
    powers = drivers.charging.hpc_kw, drivers.charging.lpc_kw
    hpc_kw, lpc_kw = (trip_power_kw(drivers.vehicles, class_idx, kw) for kw in powers)
    battery_kwh = np.array([each.battery_kwh for each in drivers.vehicles])[class_idx]
    classes = np.array(list(plan.scenario.vehicles.classes), object)
    soc_share = plans.stop_arrival_soc_share[demand.plan_stop_idx[stop]]
    drawn_before_kwh = demand.stop_energy_kwh[stop] - energy_kwh
    # What a session of an earlier day has drawn by the begin of the simulated days.
    begun = np.where(result.plug_in_h[stop] < begin_h, drawn_before_kwh, 0.0)
    table = pd.DataFrame(
        {
            "place": np.array(places.key, object)[places.of_site[site]],
            "site_id": plan.sites.site_id[site],
            "trip_id": plan.all_trips()["trip_id"].to_numpy()[trip],
            "vehicle_class": classes[class_idx],
            "point": np.where(is_hpc, "hpc", "lpc").astype(object),
            "start": _dated(start_h, year, "s"),
            "end": _dated(leaves_h, year, "s"),
            "start_h": start_h,
            "end_h": leaves_h,
            "energy_kwh": energy_kwh,
            # A session too short for its energy draws it over all of its time.
            "max_kw": np.maximum(
                np.where(is_hpc, hpc_kw, lpc_kw), energy_kwh / (leaves_h - start_h)
            ),
            "start_soc_share": soc_share + begun / battery_kwh,
            "battery_kwh": battery_kwh,
        }
    ).sort_values(["start_h", "site_id", "trip_id"], kind="stable", ignore_index=True)
    return table.assign(session=np.arange(len(table)))[LOAD_SESSIONS.column_names]


def _envelope(
    places: Places,
    sessions: pd.DataFrame,
    lpc_kwh: NDArray[np.float64],
    steps: LoadSteps,
    year: int,
) -> pd.DataFrame:
    """Between which energies overnight charging could lie, place by place."""
    overnight = sessions[sessions["point"] == "lpc"]
    place = pd.Index(places.key).get_indexer(pd.Index(overnight["place"]))
    start_h, end_h, energy_kwh, max_kw = (
        overnight[name].to_numpy(np.float64)
        for name in ("start_h", "end_h", "energy_kwh", "max_kw")
    )
    session, charging_h = np.arange(len(overnight)), energy_kwh / max_kw

    def kwh(from_h: NDArray[np.float64], to_h: NDArray[np.float64]) -> NDArray[np.float64]:
        return steps.energy_kwh(DrawnPower(session, from_h, to_h, max_kw), place)

    charged_kwh = np.cumsum(lpc_kwh, axis=1)
    least_kwh = np.cumsum(kwh(np.maximum(end_h - charging_h, start_h), end_h), axis=1)
    most_kwh = np.cumsum(kwh(start_h, np.minimum(start_h + charging_h, end_h)), axis=1)
    _check_between(least_kwh, charged_kwh, most_kwh)
    # Sums in another order differ in their last digits, and programs check bands to these.
    least_kwh = np.minimum(least_kwh, most_kwh)
    starts = steps.starts(year)
    return pd.DataFrame(
        {
            "place": np.repeat(np.array(places.key, object), steps.n_steps),
            "start": np.tile(starts, len(places)),
            "lpc_kwh": charged_kwh.ravel(),
            "min_kwh": least_kwh.ravel(),
            "max_kwh": most_kwh.ravel(),
            "max_kw": kwh(start_h, end_h).ravel() / steps.step_h,
        }
    )[LOAD_ENVELOPE.column_names]


def _check_run(plan: SolutionOnRoads, energy_kwh: Mapping[str, float]) -> None:
    """The sessions are those that the run counted."""
    row = plan.run.front.iloc[plan.number]
    for kind, kwh in energy_kwh.items():
        _check_energy(f"sessions at {kind} points", kwh, 1000.0 * row[f"energy_{kind}_mwh"])


def _check_energy(what: str, found_kwh: float, expected_kwh: float) -> None:
    if not abs(found_kwh - expected_kwh) <= _TOLERANCE_KWH:
        msg = f"{what}: {found_kwh:.1f} kWh, but the run has {expected_kwh:.1f} kWh"
        raise InvariantError(msg)


def _check_between(
    least_kwh: NDArray[np.float64], charged_kwh: NDArray[np.float64], most_kwh: NDArray[np.float64]
) -> None:
    """What is charged at once lies between least and most, and all three end with the same."""
    worst = max(
        (least_kwh - charged_kwh).max(initial=0.0), (charged_kwh - most_kwh).max(initial=0.0)
    )
    ends = np.ptp([each[:, -1].sum() for each in (least_kwh, charged_kwh, most_kwh)])
    if not max(worst, ends) <= _TOLERANCE_KWH:
        msg = f"overnight charging lies {max(worst, ends):.3g} kWh outside of what could shift"
        raise InvariantError(msg)

"""A MATSim run of an exported plan beside that plan: sessions, waits, energy, state of charge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import InputDataError
from planner.plan.stages import charging_demand
from planner.reporting.matsim.event_columns import CHARGERS, OF_MATSIM, PLANNED, SESSIONS, TRUCKS
from planner.reporting.matsim.events import read_sessions
from planner.reporting.matsim.network import charger_ids
from planner.simulation.queues import ChargerLayout, simulate
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from pathlib import Path

    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.tables.language import Language
    from planner.tables.table import Table

_SIDES = (PLANNED, OF_MATSIM)
_KEY = ["trip_id", "charger_id", "visit"]
_MIN_PER_H = 60.0
_N_NAMED = 3
"""Chargers that sentences name."""


@dataclass(frozen=True, slots=True)
class MatsimDifferences:
    """What a MATSim run gave, beside the plan that it was given.

    Parameters
    ----------
    solution : str
        The solution whose points both have.
    sessions, chargers, trucks : DataFrame
        ``SESSIONS``, ``CHARGERS`` and ``TRUCKS``.
    n_unfinished : int
        Visits of the events that end without unplugging: in a queue, or at the end of the run.
    """

    solution: str
    sessions: pd.DataFrame
    chargers: pd.DataFrame
    trucks: pd.DataFrame
    n_unfinished: int

    def tables(self) -> list[tuple[Table, pd.DataFrame]]:
        """The tables with what they hold."""
        return [(SESSIONS, self.sessions), (CHARGERS, self.chargers), (TRUCKS, self.trucks)]

    def sentences(self, language: Language) -> list[str]:
        """Say for a person what the run gave, beside what was planned."""
        found_mwh = self.energy_mwh(OF_MATSIM)
        lines = [
            language.text(
                "Sessions: {found} in MATSim, {planned} planned; {both} visits of a truck to a "
                "charger are in both.",
                found=language.count(self.n_sessions(OF_MATSIM)),
                planned=language.count(self.n_sessions(PLANNED)),
                both=language.count(self.n_in_both),
            ),
            language.text(
                "Mean wait: {found} in MATSim, {planned} planned, of the same trucks: those of the "
                "days before are in neither.",
                found=language.minutes(self.mean_wait_min(OF_MATSIM)),
                planned=language.minutes(self.mean_wait_min(PLANNED)),
            ),
            language.text(
                "Energy: {found} in MATSim, {planned} MWh planned.",
                found=language.text("not told by the events")
                if np.isnan(found_mwh)
                else f"{language.number(found_mwh, 1)} MWh",
                planned=language.number(self.energy_mwh(PLANNED), 1),
            ),
        ]
        if self.n_unfinished:
            lines.append(
                language.counted(
                    self.n_unfinished,
                    "{n} visit ends without unplugging: its truck left the queue, or the run "
                    "ended before.",
                    "{n} visits end without unplugging: their trucks left the queue, or the run "
                    "ended before.",
                )
            )
        if worst := self._most_other_wait(language):
            lines.append(language.text("Waits differ most at {chargers}.", chargers=worst))
        return lines

    def _most_other_wait(self, language: Language) -> str:
        """The three chargers whose mean waits differ most, as text; empty where none does."""
        waits = self.chargers.set_index("charger_id")[[f"{MEAN_WAIT.name}_{s}" for s in _SIDES]]
        waits = waits.fillna(0.0).round(1)
        more_min = waits[f"{MEAN_WAIT.name}_{OF_MATSIM}"] - waits[f"{MEAN_WAIT.name}_{PLANNED}"]
        most = more_min[more_min != 0.0].abs().nlargest(_N_NAMED).index
        signed = {name: ("+" if more_min[name] > 0.0 else "") for name in most}
        return ", ".join(
            f"{name} ({signed[name]}{language.number(more_min[name], 1)} min)" for name in most
        )

    def n_sessions(self, side: str) -> int:
        """Sessions with a plug-in, planned or of MATSim."""
        return int(self.chargers[f"n_sessions_{side}"].sum())

    def mean_wait_min(self, side: str) -> float:
        """Mean wait of these sessions, minutes; NaN where there are none."""
        return float(self.sessions[f"wait_min_{side}"].mean())

    def energy_mwh(self, side: str) -> float:
        """Energy charged, MWh; NaN where no event tells it."""
        return float(self.sessions[f"energy_kwh_{side}"].sum(min_count=1)) / 1000.0

    @property
    def n_in_both(self) -> int:
        """Visits that both have."""
        both = self.sessions[[f"queue_h_{side}" for side in _SIDES]].notna().all(axis=1)
        return int(both.sum())


def matsim_differences(run: SolutionOnRoads, events: Path) -> MatsimDifferences:
    """Hold the events of a MATSim run against the plan that it was given.

    Parameters
    ----------
    run : SolutionOnRoads
        The run in the solution that was exported.

    Raises
    ------
    InputDataError
        If the events cannot be read, or none of their chargers is of the plan.

    Notes
    -----
    The plan's side is simulated anew with the trucks that the export holds: those of the days
    before, which fill the queues of the run's own report, are in neither.
    """
    planned, sites = _planned_visits(run)
    read = read_sessions(events)
    battery_kwh = _battery_kwh_by_truck(run)
    found = _numbered(
        pd.DataFrame(
            {
                "trip_id": np.array([each.truck for each in read], dtype=object),
                "charger_id": np.array([each.charger for each in read], dtype=object),
                "queue_h": np.array([each.queue_h for each in read], dtype=np.float64),
                "plug_in_h": np.array([each.plug_in_h for each in read], dtype=np.float64),
                "unplug_h": np.array([each.unplug_h for each in read], dtype=np.float64),
                "energy_kwh": np.array([each.energy_kwh for each in read], dtype=np.float64),
                "soc_share": np.array(
                    [each.soc_in_kwh / battery_kwh.get(each.truck, np.nan) for each in read],
                    dtype=np.float64,
                ),
            }
        )
    )
    if not found["charger_id"].isin(list(sites)).any():
        msg = (
            f"{events}: expected sessions at chargers of the plan, for example "
            f"{next(iter(sites))}; found {found['charger_id'].iloc[0] if len(found) else 'none'}"
        )
        raise InputDataError(msg)
    sessions = _beside(planned, found)
    sessions["site_id"] = sessions["charger_id"].map(sites).fillna("").astype(object)
    return MatsimDifferences(
        run.solution,
        sessions[list(SESSIONS.column_names)],
        _summed(sessions, ["charger_id", "site_id"])[list(CHARGERS.column_names)],
        _summed(sessions, ["trip_id"])[list(TRUCKS.column_names)],
        n_unfinished=int(found["unplug_h"].isna().sum()),
    )


def _planned_visits(run: SolutionOnRoads) -> tuple[pd.DataFrame, dict[str, str]]:
    """Sessions by the planner's own queues, and the site of each charger."""
    plans = run.plans()
    of_horizon = np.arange(len(run.warm_up_trips), plans.n_trips)
    classes = run.vehicle_class_idx()[of_horizon]
    plans = plans.select(of_horizon)
    demand = charging_demand(run.scenario, classes, plans, run.sites.n_sites)
    layout = ChargerLayout(run.n_hpc.astype(np.int32), run.n_lpc.astype(np.int32))
    result = simulate(demand, layout)
    hpc, lpc = charger_ids(run.sites.site_id)
    n_stops_of_trip = np.diff(demand.trip_stop_offset)
    trip_id = run.trips["trip_id"].to_numpy()[demand.trip_idx]
    site = demand.stop_site_idx
    visits = pd.DataFrame(
        {
            "trip_id": np.repeat(trip_id, n_stops_of_trip).astype(str).astype(object),
            "charger_id": np.where(result.is_hpc, hpc[site], lpc[site]),
            "queue_h": result.queue_h,
            "plug_in_h": result.plug_in_h,
            "unplug_h": result.release_h,
            "energy_kwh": demand.stop_energy_kwh,
            "soc_share": plans.stop_arrival_soc_share[demand.plan_stop_idx],
        }
    )
    sites = dict(zip([*hpc, *lpc], [*run.sites.site_id] * 2, strict=True))
    return _numbered(visits), sites


def _battery_kwh_by_truck(run: SolutionOnRoads) -> dict[str, float]:
    classes = run.scenario.vehicles.classes
    return {
        str(trip_id): classes[name].battery_kwh
        for trip_id, name in zip(run.trips["trip_id"], run.trips["vehicle_class"], strict=True)
    }


def _numbered(visits: pd.DataFrame) -> pd.DataFrame:
    """Visits with their number among those of their truck to their charger, and their times."""
    visits = visits.sort_values(["queue_h", "trip_id"], kind="stable")
    visits["visit"] = visits.groupby(["trip_id", "charger_id"]).cumcount() + 1
    visits["wait_min"] = (visits["plug_in_h"] - visits["queue_h"]) * _MIN_PER_H
    visits["plugged_in_h"] = visits["unplug_h"] - visits["plug_in_h"]
    return visits.drop(columns="plug_in_h")


def _beside(planned: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Visits of both sides in one table, by the time at which a truck is planned to come."""
    both = planned.merge(found, on=_KEY, how="outer", suffixes=[f"_{side}" for side in _SIDES])
    comes_h = both[f"queue_h_{PLANNED}"].fillna(both[f"queue_h_{OF_MATSIM}"])
    order = both.assign(comes_h=comes_h).sort_values(["comes_h", *_KEY], kind="stable").index
    return both.loc[order].reset_index(drop=True)


def _summed(sessions: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Figures of both sides by truck or charger."""
    groups = sessions.groupby(by, sort=True)
    columns = {}
    for side in _SIDES:
        wait_min, energy_kwh = groups[f"wait_min_{side}"], groups[f"energy_kwh_{side}"]
        columns[f"n_sessions_{side}"] = wait_min.count().astype(np.int64)
        columns[f"{MEAN_WAIT.name}_{side}"] = wait_min.mean()
        columns[f"wait_min_{side}"] = wait_min.sum()
        columns[f"energy_kwh_{side}"] = energy_kwh.sum(min_count=1)
        columns[f"min_soc_share_{side}"] = groups[f"soc_share_{side}"].min()
    return pd.DataFrame(columns).reset_index()

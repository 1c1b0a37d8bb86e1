"""Tables of the depots of a plan: what their trucks leave with, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.depot.microgrid_site import STEP_H
from planner.plan.depot_schemas import (
    DEPOT_TRUCKS,
    DEPOTS,
    NATIONAL_DEPOT_SCHEMAS,
)
from planner.tables.table_files import write_csv, write_parquet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.depot.departures import Departures, Stay
    from planner.depot.microgrid_site import MicrogridPlan

_REACHED_KWH = 0.01
"""What a truck may lack of an energy and still be said to have it."""


@dataclass(frozen=True, slots=True)
class DepotHead:
    """What is said of a depot beside its power and its trucks.

    Parameters
    ----------
    depot_id, study, currency : str
        Name, name of its study, currency of its tariff.
    lon, lat : float
        Where it stands, degrees.
    n_trucks, n_in_reach : int
        Trucks based there, and trips that begin in its area.
    """

    depot_id: str
    study: str
    currency: str
    lon: float
    lat: float
    n_trucks: int
    n_in_reach: int


@dataclass(frozen=True, slots=True)
class DepotFigures:
    """The depots of a plan.

    Parameters
    ----------
    depots : DataFrame
        ``DEPOTS``.
    trucks : DataFrame
        ``DEPOT_TRUCKS``.
    power : DataFrame
        ``DEPOT_POWER``.
    """

    depots: pd.DataFrame
    trucks: pd.DataFrame
    power: pd.DataFrame

    @property
    def tables(self) -> tuple[pd.DataFrame, ...]:
        """Tables in the order of their schemas."""
        return self.depots, self.trucks, self.power

    @classmethod
    def together(cls, each: Sequence[DepotFigures]) -> DepotFigures:
        """Figures of several depots in one."""
        return cls(
            *(
                pd.concat([one.tables[number] for one in each], ignore_index=True)
                for number in range(len(NATIONAL_DEPOT_SCHEMAS))
            )
        )

    def summary(self, drawn_soc_share: NDArray[np.float64]) -> dict[str, Any]:
        """Headline figures for ``run.json``.

        Parameters
        ----------
        drawn_soc_share : (n_trucks,) float64
            State of charge that the same trips would start with if there were no depots.
        """
        depots, trucks = self.depots, self.trucks
        added: dict[str, float] = {}
        per_kwh: dict[str, float] = {}
        for currency in sorted(set(depots["currency"])):
            of_currency = depots[depots["currency"] == currency]
            added[currency] = float((of_currency["cost"] - of_currency["cost_without"]).sum())
            energy_kwh = float(of_currency["energy_trucks_kwh"].sum())
            per_kwh[currency] = _ratio(added[currency], energy_kwh)
        return {
            "n_depots": len(depots),
            "n_trucks": int(depots["n_trucks"].sum()),
            "n_departures": len(trucks),
            "n_as_wanted": int(depots["n_as_wanted"].sum()),
            "n_below_need": int(depots["n_below_need"].sum()),
            "arrival_soc_share": _mean(trucks["arrival_soc_share"].to_numpy()),
            "departure_soc_share": _mean(trucks["departure_soc_share"].to_numpy()),
            "soc_share_without_depots": _mean(drawn_soc_share),
            "energy_trucks_kwh": float(depots["energy_trucks_kwh"].sum()),
            "missing_kwh": float(depots["missing_kwh"].sum()),
            "grid_energy_kwh": float(depots["grid_energy_kwh"].sum()),
            "highest_grid_peak_kw": float(depots["grid_peak_kw"].max()),
            "cost_of_trucks": added,
            "cost_per_kwh": per_kwh,
        }


def figures_of_depot(
    head: DepotHead,
    departures: Departures,
    stays: Sequence[Stay],
    trip_id: NDArray[np.int64],
    start_h: float,
) -> DepotFigures:
    """Figures of one depot.

    Parameters
    ----------
    departures : Departures
        How its trucks are charged.
    trip_id : (n_stays,) int64
        Their trips.
    start_h : float
        Begin of the horizon, hours since Monday 00:00.
    """
    trucks = _truck_table(head, departures, stays, trip_id, start_h)
    return DepotFigures(
        _depot_table(head, departures, stays, trucks),
        trucks,
        _power_table(head, departures, start_h),
    )


def _truck_table(
    head: DepotHead,
    departures: Departures,
    stays: Sequence[Stay],
    trip_id: NDArray[np.int64],
    start_h: float,
) -> pd.DataFrame:
    def of_stays(name: str) -> NDArray[np.float64]:
        return np.array([getattr(stay, name) for stay in stays], dtype=np.float64)

    battery_kwh, arrival_kwh = of_stays("battery_kwh"), of_stays("arrival_kwh")
    received_kwh = departures.received_kwh
    left_kwh = np.minimum(arrival_kwh + received_kwh, battery_kwh)
    return pd.DataFrame(
        {
            "depot_id": np.full(len(stays), head.depot_id, dtype=object),
            "trip_id": trip_id,
            "arrival_h": start_h + of_stays("start_min") / 60.0,
            "departure_h": start_h + of_stays("end_min") / 60.0,
            "arrival_soc_share": arrival_kwh / battery_kwh,
            "departure_soc_share": left_kwh / battery_kwh,
            "energy_kwh": received_kwh,
            "missing_kwh": np.maximum(of_stays("wanted_kwh") - left_kwh, 0.0),
        }
    )


def _depot_table(
    head: DepotHead, departures: Departures, stays: Sequence[Stay], trucks: pd.DataFrame
) -> pd.DataFrame:
    power, without = departures.power, departures.without
    site = power.site
    left_kwh = [stay.arrival_kwh for stay in stays] + departures.received_kwh
    needed_kwh = np.array([min(stay.needed_kwh, stay.wanted_kwh) for stay in stays])
    energy_kwh = float(departures.received_kwh.sum())
    left = trucks["departure_soc_share"].to_numpy()
    return pd.DataFrame(
        {
            "depot_id": [head.depot_id],
            "lon": head.lon,
            "lat": head.lat,
            "study": head.study,
            "n_trucks": head.n_trucks,
            "n_in_reach": head.n_in_reach,
            "n_departures": len(stays),
            "arrival_soc_share": _mean(trucks["arrival_soc_share"].to_numpy()),
            "departure_soc_share": _mean(left),
            "lowest_departure_soc_share": float(left.min()) if len(left) else np.nan,
            "n_as_wanted": int((trucks["missing_kwh"] <= _REACHED_KWH).sum()),
            "n_below_need": int((left_kwh < needed_kwh - _REACHED_KWH).sum()) if stays else 0,
            "energy_trucks_kwh": energy_kwh,
            "missing_kwh": float(trucks["missing_kwh"].sum()),
            "energy_own_kwh": float(power.truck_kw[: departures.n_own].sum()) * STEP_H,
            "own_missing_kwh": departures.own_missing_kwh,
            "n_chargers": site.n_chargers,
            "charger_kw": site.charger_kw,
            "grid_connection_kw": site.max_import_kw if np.isfinite(site.max_import_kw) else np.nan,
            "grid_peak_kw": power.grid_peak_kw,
            "grid_peak_without_kw": without.grid_peak_kw,
            "grid_energy_kwh": power.grid_energy_kwh,
            "grid_energy_without_kwh": without.grid_energy_kwh,
            "cost": _cost(power),
            "cost_without": _cost(without),
            "cost_demand_added": power.demand_cost - without.demand_cost,
            "cost_per_kwh": _ratio(_cost(power) - _cost(without), energy_kwh),
            "currency": head.currency,
            "is_proved": power.is_proved and without.is_proved,
        }
    )


def _power_table(head: DepotHead, departures: Departures, start_h: float) -> pd.DataFrame:
    power, n_own = departures.power, departures.n_own
    site = power.site
    drawn_kw = power.truck_kw / site.charger_efficiency
    return pd.DataFrame(
        {
            "depot_id": np.full(site.n_steps, head.depot_id, dtype=object),
            "hour": start_h + STEP_H * np.arange(site.n_steps),
            "load_kw": site.load_kw,
            "pv_kw": site.pv_kw,
            "trucks_kw": drawn_kw[n_own:].sum(axis=0),
            "own_trucks_kw": drawn_kw[:n_own].sum(axis=0),
            "storage_kw": power.charge_kw - power.discharge_kw,
            "import_kw": power.import_kw,
            "export_kw": power.export_kw,
            "import_without_kw": departures.without.import_kw,
        }
    )


def _cost(power: MicrogridPlan) -> float:
    """Cost of the flows as they are told, free of the solver's rounding."""
    return power.energy_cost + power.demand_cost + power.wear_cost


def write_depot_parquet(figures: DepotFigures, folder: Path) -> None:
    """Write the tables as Parquet."""
    for schema, table in zip(NATIONAL_DEPOT_SCHEMAS, figures.tables, strict=True):
        write_parquet(table, schema, folder / f"{schema.name}.parquet")


def depot_figures_as_arrays(figures: DepotFigures) -> dict[str, NDArray[np.uint8]]:
    """The tables as the bytes of Parquet files by name, for a file of a finished stage."""
    arrays = {}
    for schema, table in zip(NATIONAL_DEPOT_SCHEMAS, figures.tables, strict=True):
        content = BytesIO()
        write_parquet(table, schema, content)
        arrays[schema.name] = np.frombuffer(content.getvalue(), np.uint8)
    return arrays


def depot_figures_of_arrays(arrays: Mapping[str, NDArray[np.uint8]]) -> DepotFigures:
    """The tables from what :func:`depot_figures_as_arrays` gave."""
    return DepotFigures(
        *(
            pd.read_parquet(BytesIO(arrays[name].tobytes()))
            for name in (schema.name for schema in NATIONAL_DEPOT_SCHEMAS)
        )
    )


def write_national_depots(figures: DepotFigures, folder: Path) -> None:
    """Write the tables of a plan's depots: all as Parquet, all but the powers as CSV too.

    Parameters
    ----------
    folder : Path
        An existing folder.
    """
    write_depot_parquet(figures, folder)
    for schema, table in ((DEPOTS, figures.depots), (DEPOT_TRUCKS, figures.trucks)):
        write_csv(table, schema, folder / f"{schema.name}.csv")


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else np.nan


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator > 0.0 else np.nan

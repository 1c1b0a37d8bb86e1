"""Load and sessions as eDisGo reads them: time series of loads, and its folder electromobility.

High-power points are eDisGo's use case ``hpc``, low-power points its ``public``. Loads have no bus:
where they join the grid is eDisGo's to say.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.files.spreadsheet_texts import write_csv_file
from planner.plan.load_calendar import first_monday
from planner.reporting.load.wide_tables import KW_PER_MW, in_mega, write_series

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.plan.load_series import Load

_USE_CASES = {"hpc": "hpc", "lpc": "public"}
_SLACK_MW = 1e-9
"""Power above the band's: eDisGo compares sums of energy with it to their last digit."""
_BANDS = {"upper_power": "max_kw", "lower_energy": "min_kwh", "upper_energy": "max_kwh"}


def write_edisgo(load: Load, folder: Path) -> None:
    """Write the tables of loads, and those of electromobility in a folder of its own."""
    parks = _parks(load)
    write_csv_file(_loads(load, parks), folder / "loads.csv")
    names = {point: parks.loc[parks["point"] == point, "load"].tolist() for point in _USE_CASES}
    series = [in_mega(load.series, f"{point}_kw", names[point]) for point in _USE_CASES]
    active = pd.concat(series, axis=1)
    write_series(active, folder / "loads_active_power.csv", "timestamp")
    write_series(0.0 * active, folder / "loads_reactive_power.csv", "timestamp")
    electromobility = folder / "electromobility"
    electromobility.mkdir()
    write_csv_file(_processes(load, parks), electromobility / "charging_processes.csv")
    write_csv_file(_potential(parks), electromobility / "potential_charging_parks.csv")
    write_csv_file(_run(load), electromobility / "metadata_simbev_run.csv")
    for band, column in _BANDS.items():
        path = electromobility / f"flexibility_band_{band}.csv"
        band_mega = in_mega(load.envelope, column, names["lpc"])
        slack = _SLACK_MW if band == "upper_power" else 0.0
        write_series(band_mega + slack, path, "timestamp")


def _parks(load: Load) -> pd.DataFrame:
    """A park per place and kind of point, numbered."""
    parks = pd.concat(
        [load.places_table.assign(point=point) for point in _USE_CASES], ignore_index=True
    )
    return parks.assign(
        park=np.arange(len(parks)),
        load=parks["place"] + " " + parks["point"],
        use_case=parks["point"].map(_USE_CASES),
    )


def _loads(load: Load, parks: pd.DataFrame) -> pd.DataFrame:
    limit_kw = load.sessions.groupby("point")["max_kw"].max().reindex(list(_USE_CASES))
    n_points = parks["n_hpc"].where(parks["point"] == "hpc", parks["n_lpc"])
    return pd.DataFrame(
        {
            "name": parks["load"],
            "bus": "",
            "p_set": n_points * parks["point"].map(limit_kw.fillna(0.0)) / KW_PER_MW,
            "type": "charging_point",
            "annual_consumption": np.nan,
            "sector": parks["use_case"],
            "number_households": np.nan,
        }
    )


def _processes(load: Load, parks: pd.DataFrame) -> pd.DataFrame:
    """Sessions in whole steps: from the one in which they begin to the one in which they end."""
    sessions, step_h = load.sessions, load.question.minutes / 60.0
    of_park = parks.set_index(["place", "point"])["park"]
    park = of_park.loc[pd.MultiIndex.from_frame(sessions[["place", "point"]])].to_numpy()
    first = np.floor(_simulated_from_h(load) / step_h)
    start = np.floor(sessions["start_h"] / step_h) - first
    end = np.ceil(sessions["end_h"] / step_h) - first - 1.0
    return pd.DataFrame(
        {
            "process": sessions["session"],
            "ags": 0,
            "car_id": sessions["session"],
            "destination": sessions["site_id"],
            "use_case": sessions["point"].map(_USE_CASES),
            "nominal_charging_capacity_kW": sessions["max_kw"],
            "grid_charging_capacity_kW": sessions["max_kw"],
            "chargingdemand_kWh": sessions["energy_kwh"],
            "park_time_timesteps": (end - start + 1.0).astype(np.int64),
            "park_start_timesteps": start.astype(np.int64),
            "park_end_timesteps": end.astype(np.int64),
            "charging_park_id": park,
            "charging_point_id": _points(park, sessions),
        }
    )


def _points(park: NDArray[np.int64], sessions: pd.DataFrame) -> NDArray[np.int64]:
    """Point of each session in its park, from 0: the lowest that is free when it begins."""
    free: dict[int, list[int]] = {}
    taken: dict[int, list[tuple[float, int]]] = {}
    points = np.empty(len(park), np.int64)
    for row, (at, start_h, end_h) in enumerate(
        zip(park.tolist(), sessions["start_h"], sessions["end_h"], strict=True)
    ):
        of_park, idle = taken.setdefault(at, []), free.setdefault(at, [])
        while of_park and of_park[0][0] <= start_h:
            heapq.heappush(idle, heapq.heappop(of_park)[1])
        points[row] = heapq.heappop(idle) if idle else len(of_park)
        heapq.heappush(of_park, (end_h, int(points[row])))
    return points


def _potential(parks: pd.DataFrame) -> pd.DataFrame:
    point = [
        f"POINT ({lon:.6f} {lat:.6f})" for lon, lat in zip(parks["lon"], parks["lat"], strict=True)
    ]
    return pd.DataFrame(
        {
            "id": parks["park"],
            "ags": 0,
            "use_case": parks["use_case"],
            "user_centric_weight": 1.0,
            "geometry": point,
        }
    )


def _run(load: Load) -> pd.DataFrame:
    """What eDisGo knows of the run: a day more than simulated.

    It leaves out sessions that reach the last step of its time.
    """
    starts = pd.to_datetime(load.envelope["start"])
    first, end = (starts.iloc[at].normalize() for at in (0, -1))
    end += pd.Timedelta(1, "D")
    row = {
        "run": 0,
        "regio_type": "",
        "eta_cp": 1.0,
        "stepsize": load.question.minutes,
        "start_date": first.date(),
        "end_date": end.date(),
        "soc_min": 0.0,
        "grid_timeseries": False,
        "grid_timeseries_by_usecase": False,
        "days": (end - first).days + 1,
    }
    return pd.DataFrame([row])


def _simulated_from_h(load: Load) -> float:
    """Begin of the simulated days, hours since Monday 00:00."""
    first = np.datetime64(load.envelope["start"].iloc[0])
    return float((first - np.datetime64(first_monday(load.question.year))) / np.timedelta64(1, "h"))

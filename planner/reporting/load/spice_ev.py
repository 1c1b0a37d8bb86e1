"""Sessions as scenarios of SpiceEV, one file per place: each session is a vehicle with a stand."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from planner.plan.load_series import Load

_CONNECTOR = "GC1"
_NOT_IN_FILE_NAMES = re.compile(r"[^\w.-]+")


def write_spice_ev(load: Load, folder: Path) -> None:
    """Write a scenario of each place at which trucks charge."""
    step = load.envelope["start"].unique()
    minutes = len(step) * load.question.minutes
    places = load.places_table.set_index("place")
    limit_kw = load.sessions.groupby("point")["max_kw"].max()
    for number, (place, sessions) in enumerate(load.sessions.groupby("place", sort=False)):
        here = places.loc[str(place)]
        points_kw = sum(here[f"n_{point}"] * kw for point, kw in limit_kw.items())
        scenario = {
            "scenario": {
                "name": str(here["name"]),
                "start_time": f"{step[0]}:00",
                # Steps of a minute: stands begin and end within longer ones.
                "interval": 1,
                "n_intervals": minutes,
            },
            **_of_sessions(sessions, float(points_kw)),
        }
        # Names of groups may be any text: the number keeps files apart.
        name = _NOT_IN_FILE_NAMES.sub("-", str(place))
        path = folder / f"{number:03d}-{name}.json"
        path.write_text(json.dumps(scenario, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _of_sessions(sessions: pd.DataFrame, points_kw: float) -> dict[str, Any]:
    """Components and events; what is charged goes into batteries whole, as in the simulation.

    Parameters
    ----------
    points_kw : float
        Power of all points of the place.
    """
    types: dict[str, dict[str, Any]] = {}
    vehicles, stations, events = {}, {}, []
    last = str(sessions["end"].max())
    for each in sessions.to_dict("records"):
        vehicle, station = f"truck-{each['session']}", f"CS_truck-{each['session']}"
        kind = f"{each['vehicle_class']} {each['point']} {each['max_kw']:.3f} kW"
        types.setdefault(
            kind,
            {
                "name": kind,
                "capacity": each["battery_kwh"],
                "charging_curve": [[0, each["max_kw"]], [1, each["max_kw"]]],
                "min_charging_power": 0,
                "battery_efficiency": 1,
                "v2g": False,
            },
        )
        begins = float(each["start_soc_share"])
        vehicles[vehicle] = {
            "connected_charging_station": None,
            "estimated_time_of_arrival": each["start"],
            "soc": begins,
            "desired_soc": 0,
            "vehicle_type": kind,
        }
        stations[station] = {"max_power": each["max_kw"], "min_power": 0, "parent": _CONNECTOR}
        arrival = {
            "connected_charging_station": station,
            "estimated_time_of_departure": each["end"],
            "soc_delta": 0,
            "desired_soc": min(begins + each["energy_kwh"] / each["battery_kwh"], 1.0),
        }
        events += [
            _event(vehicle, "arrival", each["start"], arrival),
            _event(vehicle, "departure", each["end"], {"estimated_time_of_arrival": last}),
        ]
    return {
        "components": {
            "vehicle_types": types,
            "vehicles": vehicles,
            "grid_connectors": {
                _CONNECTOR: {
                    "max_power": points_kw,
                    # Where energy costs nothing, SpiceEV charges beyond what is asked for.
                    "cost": {"type": "fixed", "value": 1},
                }
            },
            "charging_stations": stations,
            "batteries": {},
            "photovoltaics": {},
        },
        "events": {
            "grid_operator_signals": [],
            "fixed_load": {},
            "local_generation": {},
            "vehicle_events": sorted(events, key=lambda event: str(event["start_time"])),
        },
    }


def _event(vehicle: str, kind: str, at: str, update: dict[str, Any]) -> dict[str, Any]:
    return {
        "signal_time": at,
        "start_time": at,
        "vehicle_id": vehicle,
        "event_type": kind,
        "update": update,
    }

"""Energy of a truck on the ways between places, from load, speed and slope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.said import said

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.scenario.depot_vehicles import DepotVehicle

GRAVITY_M_S2 = 9.81
_JOULES_PER_KWH = 3.6e6
_FASTEST_M_S = 50.0


@dataclass(frozen=True, slots=True)
class ArcEnergy:
    """Energy of each way as a line over the load: ``empty_kwh + per_kg_kwh * load_kg``.

    Parameters
    ----------
    empty_kwh : (n_places, n_places) float64
        Energy of the empty truck, kWh at the battery; below 0 where it gains on a descent.
    per_kg_kwh : (n_places, n_places) float64
        What every kg of load adds, kWh/kg.
    """

    empty_kwh: NDArray[np.float64]
    per_kg_kwh: NDArray[np.float64]


def arc_energy(
    vehicle: DepotVehicle,
    distance_m: NDArray[np.float64],
    time_s: NDArray[np.float64],
    slope: NDArray[np.float64] | None = None,
) -> ArcEnergy:
    """Energy of every way for a truck, whatever it carries.

    Parameters
    ----------
    distance_m, time_s : (n_places, n_places) float64
        Length and driving time of each way; their ratio is the speed.
    slope : (n_places, n_places) float64, optional
        Mean rise of each way, metres per metre; level ways by default.

    Returns
    -------
    ArcEnergy
        Coefficients at the battery.

    Raises
    ------
    InputDataError
        If a way is negative, takes no time, or would be driven faster than 180 km/h.

    Notes
    -----
    Tractive power of a steady drive, ``m g v sin θ + m g C_r v cos θ + ½ rho C_d A v³``, over the
    driving time; what a stop costs is the energy of speeding up, ``½ m v²``, less what braking
    brings back. A way on which resistance and slope together push the truck gives back the share
    that it regenerates. Where an empty truck has to drive and a full one to brake, energy bends
    with the load; the line then goes through both ends and lies above the bend in between.
    """
    speed = _speeds(distance_m, time_s)
    angle = np.zeros_like(distance_m) if slope is None else np.arctan(slope)
    ends = [
        _energy_kwh(vehicle, distance_m, time_s, speed, angle, vehicle.curb_mass_kg + load)
        for load in (0.0, vehicle.payload_kg)
    ]
    return ArcEnergy(ends[0], (ends[1] - ends[0]) / vehicle.payload_kg)


def _energy_kwh(
    vehicle: DepotVehicle,
    distance_m: NDArray[np.float64],
    time_s: NDArray[np.float64],
    speed: NDArray[np.float64],
    angle: NDArray[np.float64],
    mass_kg: float,
) -> NDArray[np.float64]:
    """Energy at the battery of a truck of a given mass, (n_places, n_places) float64, kWh."""
    weight = mass_kg * GRAVITY_M_S2
    rolling = weight * vehicle.rolling_resistance * np.cos(angle)
    drag = 0.5 * vehicle.air_density_kg_m3 * vehicle.drag_area_m2 * speed**2
    wheel_j = (rolling + drag + weight * np.sin(angle)) * distance_m
    stop_j = 0.5 * mass_kg * speed**2 * vehicle.stops_per_km * distance_m / 1000.0
    from_battery = 1.0 / vehicle.drivetrain_efficiency
    back = vehicle.regeneration_share
    joules = np.where(wheel_j >= 0.0, wheel_j * from_battery, wheel_j * back)
    joules = joules + stop_j * (from_battery - back) + 1000.0 * vehicle.auxiliary_kw * time_s
    return np.asarray(joules / _JOULES_PER_KWH)


def _speeds(distance_m: NDArray[np.float64], time_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean speed of each way, m/s; 0 from a place to itself."""
    for what, table in (("distance", distance_m), ("driving time", time_s)):
        wrong = np.argwhere(~(table >= 0.0) | np.isinf(table))
        if len(wrong):
            i, j = (int(place) for place in wrong[0])
            msg = said(
                "{what} from place {i} to place {j} (0 is the depot): expected a number of 0 or "
                "more, found {found}; a place that no road reaches cannot be served, leave it out "
                "or mend the table",
                what=what,
                i=i,
                j=j,
                found=f"{table[i, j]:g}",
            )
            raise InputDataError(msg)
    speed = np.divide(distance_m, time_s, out=np.zeros_like(distance_m), where=time_s > 0.0)
    too_fast = np.argwhere((speed > _FASTEST_M_S) | ((time_s == 0.0) & (distance_m > 0.0)))
    if len(too_fast):
        i, j = (int(place) for place in too_fast[0])
        msg = said(
            "the way from place {i} to place {j} (0 is the depot): expected at most {most} km/h, "
            "found {metres} m in {seconds} s; check the units of distances (m) and times (s)",
            i=i,
            j=j,
            most=3.6 * _FASTEST_M_S,
            metres=float(distance_m[i, j]),
            seconds=float(time_s[i, j]),
        )
        raise InputDataError(msg)
    return speed

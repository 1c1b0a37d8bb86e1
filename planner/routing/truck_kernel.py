"""A truck as the kernels see it, and how it charges: at one power, or along a curve.

This is the one place for the time that energy takes and the energy that a time gives. Along a
curve power is linear in the energy in the battery between the curve's points, so that charging
follows an exponential there: both are exact, nothing is stepped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

HPC, LPC = range(2)
"""Kinds of charging points."""

CURVE_ROWS = 5
"""Rows of a curve: energy in the battery, kWh, ascending; then for each kind of point the power
there, kW, and the time from empty up to it, hours."""

CURVE_COLUMN = 7
"""First column of the curve in a truck's row; the columns before are the truck's other fields."""


class Truck(NamedTuple):
    """One truck on one trip.

    Parameters
    ----------
    hpc_kw, lpc_kw : float
        Highest power at a point of either kind.
    hpc_to_kwh : float
        Energy in the battery at which charging at a high-power point ends.
    curve : (5 * n_points,) float64
        Charging curve, row by row; empty where power is the same whatever the battery holds.
    """

    battery_kwh: float
    min_kwh: float
    kwh_per_km: float
    hpc_kw: float
    lpc_kw: float
    speed_kmh: float
    hpc_to_kwh: float
    curve: NDArray[np.float64]


@inner_kernel
def truck_of(row: NDArray[np.float64]) -> Truck:
    """Truck whose fields, then its curve, stand in a row."""
    return Truck(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[CURVE_COLUMN:])


@inner_kernel(**UNCOUNTED)
def slope_at(curve: NDArray[np.float64], kind: int, segment: int) -> float:
    """By how much power changes with the energy in the battery, kW per kWh."""
    n = len(curve) // CURVE_ROWS
    kw = curve[(1 + 2 * kind) * n : (2 + 2 * kind) * n]
    gained_kwh = curve[segment + 1] - curve[segment]
    return float((kw[segment + 1] - kw[segment]) / gained_kwh) if gained_kwh > 0.0 else 0.0


@inner_kernel(**UNCOUNTED)
def hours_to(curve: NDArray[np.float64], kind: int, kwh: float) -> float:
    """Time from an empty battery up to so much energy along a curve, hours."""
    n = len(curve) // CURVE_ROWS
    kw = curve[(1 + 2 * kind) * n : (2 + 2 * kind) * n]
    segment = 0
    while segment < n - 2 and curve[segment + 1] < kwh:
        segment += 1
    begun_h, added_kwh = curve[(2 + 2 * kind) * n + segment], kwh - curve[segment]
    change = slope_at(curve, kind, segment) * added_kwh / kw[segment]
    # log(1 + x) / x is 1 where power does not change.
    factor = np.log1p(change) / change if change != 0.0 else 1.0
    return float(begun_h + added_kwh / kw[segment] * factor)


@inner_kernel(**UNCOUNTED)
def energy_after(curve: NDArray[np.float64], kind: int, hours: float) -> float:
    """Energy in the battery so long after it was empty, along a curve, kWh; at most full."""
    n = len(curve) // CURVE_ROWS
    kw = curve[(1 + 2 * kind) * n : (2 + 2 * kind) * n]
    begun_h = curve[(2 + 2 * kind) * n : (3 + 2 * kind) * n]
    if hours >= begun_h[n - 1]:
        return float(curve[n - 1])
    segment = 0
    while segment < n - 2 and begun_h[segment + 1] < hours:
        segment += 1
    since_h = hours - begun_h[segment]
    change = slope_at(curve, kind, segment) * since_h
    factor = np.expm1(change) / change if change != 0.0 else 1.0
    return float(curve[segment] + kw[segment] * since_h * factor)


@inner_kernel
def charging_h(
    curve: NDArray[np.float64], kind: int, power_kw: float, from_kwh: float, charged_kwh: float
) -> float:
    """Time that energy takes, hours.

    Parameters
    ----------
    power_kw : float
        Power where there is no curve.
    from_kwh : float
        Energy in the battery before.
    """
    if len(curve) == 0:
        return charged_kwh / power_kw
    return hours_to(curve, kind, from_kwh + charged_kwh) - hours_to(curve, kind, from_kwh)


@inner_kernel
def level_after(
    curve: NDArray[np.float64],
    kind: int,
    power_kw: float,
    from_kwh: float,
    hours: float,
    to_kwh: float,
) -> float:
    """Energy in the battery after charging for a time, up to ``to_kwh``; never less than before."""
    if len(curve) == 0:
        reached_kwh = from_kwh + power_kw * hours
    else:
        reached_kwh = energy_after(curve, kind, hours_to(curve, kind, from_kwh) + hours)
    return max(from_kwh, min(to_kwh, reached_kwh))


@inner_kernel(**UNCOUNTED)
def hpc_charging_h(truck: Truck, from_kwh: float, charged_kwh: float) -> float:
    """Time that energy takes at a high-power point, hours."""
    return charging_h(truck.curve, HPC, truck.hpc_kw, from_kwh, charged_kwh)


@inner_kernel(**UNCOUNTED)
def hpc_level(truck: Truck, from_kwh: float, hours: float) -> float:
    """Energy in the battery after a time at a high-power point, kWh."""
    return level_after(truck.curve, HPC, truck.hpc_kw, from_kwh, hours, truck.hpc_to_kwh)


@inner_kernel(**UNCOUNTED)
def lpc_level(truck: Truck, from_kwh: float, hours: float) -> float:
    """Energy in the battery after a time at an overnight point, kWh."""
    return level_after(truck.curve, LPC, truck.lpc_kw, from_kwh, hours, truck.battery_kwh)


@kernel
def fill_charging_h(
    curves: NDArray[np.float64],
    curve_idx: NDArray[np.int64],
    kind: NDArray[np.int64],
    from_kwh: NDArray[np.float64],
    charged_kwh: NDArray[np.float64],
    hours: NDArray[np.float64],
) -> None:
    """Fill the time that energy takes in many sessions, hours, (n,); each has a row of curves."""
    for row in range(len(hours)):
        curve, to_kwh = curves[curve_idx[row]], from_kwh[row] + charged_kwh[row]
        hours[row] = hours_to(curve, kind[row], to_kwh) - hours_to(curve, kind[row], from_kwh[row])

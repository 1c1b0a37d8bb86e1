"""Charging curves of vehicle classes at the points of a study, as the kernels read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.routing.truck_kernel import CURVE_ROWS, HPC, LPC, fill_charging_h

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.scenario.parameter_sets import VehicleClass


def curves_at_points(
    vehicles: Sequence[VehicleClass], hpc_kw: float, lpc_kw: float
) -> NDArray[np.float64]:
    """Curves of vehicle classes, each cut off at what a point gives.

    Returns
    -------
    (n_classes, 5 * n_points) float64
        Rows as in :data:`~planner.routing.truck_kernel.CURVE_ROWS`, one after the other. No columns
        where no class has a curve; where some have, a class without one has a flat one.
    """
    if not any(vehicle.charging_curve for vehicle in vehicles):
        return np.empty((len(vehicles), 0))
    curves = [_curve(vehicle, (hpc_kw, lpc_kw)) for vehicle in vehicles]
    n_points = max(curve.shape[1] for curve in curves)
    # Points repeated at the end are never reached.
    padded = [np.pad(each, ((0, 0), (0, n_points - each.shape[1])), mode="edge") for each in curves]
    return np.array([each.ravel() for each in padded])


def _curve(vehicle: VehicleClass, point_kw: tuple[float, float]) -> NDArray[np.float64]:
    """Rows of the curve of a class, (5, n_points)."""
    soc, kw = _shape(vehicle)
    caps_kw = [vehicle.power_at_kw(each) for each in point_kw]
    # Power is linear between the points of the curve and where it crosses what a point gives.
    knots = [soc, np.array([0.0, 1.0])]
    for cap_kw in caps_kw:
        crosses = (kw[:-1] - cap_kw) * (kw[1:] - cap_kw) < 0.0
        part = (cap_kw - kw[:-1][crosses]) / (kw[1:] - kw[:-1])[crosses]
        knots.append(soc[:-1][crosses] + part * (soc[1:] - soc[:-1])[crosses])
    at = np.unique(np.concatenate(knots))
    rows = np.empty((CURVE_ROWS, len(at)))
    rows[0] = at * vehicle.battery_kwh
    for kind, cap_kw in zip((HPC, LPC), caps_kw, strict=True):
        power_kw = np.minimum(np.interp(at, soc, kw), cap_kw)
        rows[1 + 2 * kind] = power_kw
        rows[2 + 2 * kind] = np.concatenate([[0.0], np.cumsum(_hours(rows[0], power_kw))])
    return rows


def _shape(vehicle: VehicleClass) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """State of charge and power of a curve's points; outside them power stays what it is."""
    points = vehicle.charging_curve or ((0.0, vehicle.max_charging_kw),)
    soc, kw = np.array(points, dtype=np.float64).T
    return soc, kw


def _hours(kwh: NDArray[np.float64], kw: NDArray[np.float64]) -> NDArray[np.float64]:
    """Time from each point of a curve to the next, hours."""
    change = kw[1:] / kw[:-1] - 1.0
    is_flat = change == 0.0
    factor = np.log1p(change) / np.where(is_flat, 1.0, change)
    hours: NDArray[np.float64] = np.diff(kwh) / kw[:-1] * np.where(is_flat, 1.0, factor)
    return hours


@dataclass(frozen=True, slots=True)
class TripCurves:
    """Curves by which the trucks of trips charge.

    Parameters
    ----------
    of_class : (n_classes, 5 * n_points) float64
        From :func:`curves_at_points`, with columns.
    class_idx : (n_trips,) int64
        Row of each trip.
    battery_kwh : (n_trips,) float64
        Usable capacity.
    """

    of_class: NDArray[np.float64]
    class_idx: NDArray[np.int64]
    battery_kwh: NDArray[np.float64]

    def hours(
        self,
        trip: NDArray[np.int64],
        kind: NDArray[np.int64],
        from_kwh: NDArray[np.float64],
        charged_kwh: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Time that energy takes in sessions of trips at kinds of points, hours, (n,)."""
        hours = np.empty(len(trip))
        fill_charging_h(self.of_class, self.class_idx[trip], kind, from_kwh, charged_kwh, hours)
        return hours


def hpc_session_h(
    energy_kwh: NDArray[np.float64],
    hpc_kw: NDArray[np.float64],
    plug_overhead_h: float,
    curves: TripCurves | None,
    trip: NDArray[np.int64],
    from_kwh: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Length of high-power sessions that last as long as their energy takes, hours, (n,).

    Parameters
    ----------
    energy_kwh, from_kwh : (n,) float64
        Energy charged, and in the battery before.
    hpc_kw : (n,) float64
        Power where there are no curves.
    trip : (n,) int64
        Trip of each among those of ``curves``.
    """
    if curves is None:
        return energy_kwh / hpc_kw + plug_overhead_h
    return curves.hours(trip, np.full(len(trip), HPC), from_kwh, energy_kwh) + plug_overhead_h

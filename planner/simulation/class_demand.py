"""What a second, slower class of high-power points means for the stops of trucks.

A truck stops where its plan says and takes what its plan says, with one exception: on a break at a
point of the slower class it drives on when the break is over, if what it has by then is enough for
the rest of its trip as planned. It does not count on later stops to make up for it, so that the
time it loses is told rather too long than too short.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.routing.charging_curves import TripCurves, curves_at_points
from planner.routing.drivers import trip_power_kw
from planner.routing.stop_plans import StopKind
from planner.routing.truck_kernel import LPC
from planner.simulation.class_queue_kernel import ClassSessions
from planner.simulation.drawn_energy import draws_along_curves, draws_at_full_power

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.routing.drivers import Drivers
    from planner.routing.stop_plans import StopPlans
    from planner.scenario.charger_classes import PointClass
    from planner.scenario.parameter_sets import VehicleClass
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.drawn_energy_kernel import Draws

_HALVINGS = 40
"""Steps in which the energy that fits into a time along a curve is found."""


@dataclass(frozen=True, slots=True)
class ClassDemand:
    """Stops of trucks where high-power points are of two classes.

    Parameters
    ----------
    demand : ChargingDemand
        The stops, whose high-power sessions are those at the faster class.
    slow_energy_kwh : (n_stops,) float64
        Energy charged at the slower class, kWh.
    slow_plug_h, slow_hold_h : (n_stops,) float64
        Time at a point of the slower class, and from plug-in there to departure, hours; of an
        overnight stop after a rejection.
    takes_fast, takes_slow : (n_stops,) bool
        Whether the truck has the connector of each class; one of them it has.
    slow_draws : Draws
        Power over time at the slower class.
    spares_fast : bool
        Whether trucks that leave alike from either class take the slower one.
    """

    demand: ChargingDemand
    slow_energy_kwh: NDArray[np.float64]
    slow_plug_h: NDArray[np.float64]
    slow_hold_h: NDArray[np.float64]
    takes_fast: NDArray[np.bool_]
    takes_slow: NDArray[np.bool_]
    slow_draws: Draws
    spares_fast: bool = False

    @property
    def sessions(self) -> ClassSessions:
        """The same by the sessions of the event tables, as the kernel reads them."""
        of_session = self.demand.events.stop_of_session
        return ClassSessions(
            self.slow_plug_h[of_session],
            self.slow_hold_h[of_session],
            self.takes_fast[of_session],
            self.takes_slow[of_session],
            self.spares_fast,
        )


def class_demand(
    demand: ChargingDemand,
    plans: StopPlans,
    drivers: Drivers,
    vehicle_class_idx: NDArray[np.int16],
    classes: tuple[PointClass, PointClass],
    *,
    spares_fast: bool = False,
) -> ClassDemand:
    """Lay out the stops of trucks for two classes of high-power points.

    Parameters
    ----------
    demand : ChargingDemand
        Stops of ``plans``.
    vehicle_class_idx : (n_trips,) int16
        Class of each trip's truck.
    classes : tuple of PointClass
        The faster class, whose power drivers plan with, and the slower one.
    """
    fast, slow = classes
    slow_kw = min(slow.power_kw, drivers.charging.hpc_kw)
    n_trip_stops = np.diff(plans.stop_offset)
    stop_trip = np.repeat(np.arange(plans.n_trips), n_trip_stops)[demand.plan_stop_idx]
    at_slow = _SlowPoint(demand, plans, drivers.vehicles, vehicle_class_idx, stop_trip, slow_kw)
    is_break = plans.stop_kind[demand.plan_stop_idx] == StopKind.HPC_BREAK
    cut_kwh = _spared_kwh(demand, plans, drivers, vehicle_class_idx, stop_trip, at_slow, is_break)
    energy_kwh = demand.stop_energy_kwh - cut_kwh
    overhead_h = np.where(is_break, 0.0, drivers.charging.plug_overhead_h)
    lasts_h = at_slow.hours(energy_kwh) + overhead_h
    is_hpc = demand.stop_is_hpc
    plug_h = np.where(is_hpc, demand.stop_plug_h, demand.stop_fallback_plug_h)
    hold_h = np.where(is_hpc, demand.stop_hold_h, demand.stop_fallback_plug_h)
    slow_plug_h = np.maximum(plug_h, lasts_h)
    has = [
        np.array([each.connector in v.connectors for v in drivers.vehicles])
        for each in (fast, slow)
    ]
    takes_fast, takes_slow = (of_class[vehicle_class_idx][stop_trip] for of_class in has)
    return ClassDemand(
        demand,
        energy_kwh,
        slow_plug_h,
        np.maximum(hold_h, lasts_h),
        takes_fast,
        takes_slow,
        at_slow.draws(energy_kwh, slow_plug_h),
        spares_fast,
    )


class _SlowPoint:
    """How the truck of each stop charges at a point of the slower class."""

    def __init__(
        self,
        demand: ChargingDemand,
        plans: StopPlans,
        vehicles: Sequence[VehicleClass],
        vehicle_class_idx: NDArray[np.int16],
        stop_trip: NDArray[np.int64],
        slow_kw: float,
    ) -> None:
        battery_kwh = np.array([vehicle.battery_kwh for vehicle in vehicles])[vehicle_class_idx]
        self._trip = stop_trip
        self._kw = trip_power_kw(vehicles, vehicle_class_idx, slow_kw)[stop_trip]
        soc_share = plans.stop_arrival_soc_share[demand.plan_stop_idx]
        self._from_kwh = soc_share * battery_kwh[stop_trip]
        # The second kind of point of a curve is the one asked for, whatever its power.
        curves = curves_at_points(vehicles, slow_kw, slow_kw)
        self._curves = None
        if curves.shape[1]:
            self._curves = TripCurves(curves, vehicle_class_idx.astype(np.int64), battery_kwh)
        self._kind = np.full(len(stop_trip), LPC)

    def hours(self, energy_kwh: NDArray[np.float64]) -> NDArray[np.float64]:
        """Time that energy takes, hours, (n_stops,)."""
        if self._curves is None:
            return energy_kwh / self._kw
        return self._curves.hours(self._trip, self._kind, self._from_kwh, energy_kwh)

    def energy_within(
        self, hours: NDArray[np.float64], most_kwh: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Energy that a time gives, at most so much, kWh, (n_stops,)."""
        if self._curves is None:
            return np.minimum(self._kw * hours, most_kwh)
        low, high = np.zeros_like(most_kwh), most_kwh.copy()
        fits_all = self.hours(most_kwh) <= hours
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            fits = self.hours(middle) <= hours
            low, high = np.where(fits, middle, low), np.where(fits, high, middle)
        return np.where(fits_all, most_kwh, low)

    def draws(self, energy_kwh: NDArray[np.float64], plug_h: NDArray[np.float64]) -> Draws:
        """Power over time of sessions."""
        if self._curves is None:
            return draws_at_full_power(energy_kwh, self._kw, plug_h)
        return draws_along_curves(
            self._curves, self._trip, self._kind, self._from_kwh, energy_kwh, plug_h
        )


def _spared_kwh(
    demand: ChargingDemand,
    plans: StopPlans,
    drivers: Drivers,
    vehicle_class_idx: NDArray[np.int16],
    stop_trip: NDArray[np.int64],
    at_slow: _SlowPoint,
    is_break: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Energy that each stop may do without, so that it ends with the break, kWh, (n_stops,).

    Whatever the truck does at its other stops, it comes to each of them, and to the end of its
    trip, with the least state of charge and the reserve beyond the border.
    """
    vehicle = [
        (each.battery_kwh, each.battery_kwh * each.min_soc_share, each.consumption_loaded_kwh_km)
        for each in drivers.vehicles
    ]
    battery_kwh, least_kwh, kwh_km = np.array(vehicle).T[:, vehicle_class_idx]
    reserve_kwh = drivers.choice.border_reserve_km * kwh_km
    at_end_kwh = plans.final_soc_share * battery_kwh - least_kwh - reserve_kwh
    at_stop_kwh = (
        plans.stop_arrival_soc_share[demand.plan_stop_idx] * battery_kwh[stop_trip]
        - least_kwh[stop_trip]
    )
    fits_kwh = at_slow.energy_within(demand.stop_hold_h, demand.stop_energy_kwh)
    wanted_kwh = np.where(is_break, demand.stop_energy_kwh - fits_kwh, 0.0)
    spared_kwh = np.zeros(demand.n_stops)
    offset = demand.trip_stop_offset
    spare_kwh = at_end_kwh[demand.trip_idx]
    # From the last stop of each trip to its first: what a stop spares is missing at all later
    # places, of which the one with the least to spare counts.
    for before_end in range(1, int(np.diff(offset).max(initial=0)) + 1):
        trips = np.flatnonzero(np.diff(offset) >= before_end)
        stop = offset[trips + 1] - before_end
        spared_kwh[stop] = np.minimum(wanted_kwh[stop], np.maximum(spare_kwh[trips], 0.0))
        spare_kwh[trips] = np.minimum(spare_kwh[trips] - spared_kwh[stop], at_stop_kwh[stop])
    return spared_kwh

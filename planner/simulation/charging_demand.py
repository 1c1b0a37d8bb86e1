"""The stops of all charging trips, laid out once for the many simulations that read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from planner.routing.charging_curves import hpc_session_h
from planner.routing.drivers import trip_power_kw
from planner.routing.stop_plans import StopKind
from planner.routing.truck_kernel import HPC, LPC
from planner.simulation.drawn_energy import (
    draws_along_curves,
    draws_at_full_power,
    joined,
)
from planner.simulation.event_layout import lay_out_events
from planner.simulation.plan_legs import NO_LEGS, Legs, legs_after_stops

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.routing.charging_curves import TripCurves
    from planner.routing.drivers import Drivers
    from planner.routing.driving_kernel import Limits
    from planner.routing.stop_plans import StopPlans
    from planner.simulation.drawn_energy_kernel import Draws
    from planner.simulation.event_layout import EventLayout


@dataclass(frozen=True, slots=True)
class ChargingDemand:
    """Stops of all trips that charge, ready to be simulated under any layout.

    Stops are those of the served trips in the order of the plans. Build it with
    :meth:`from_stop_plans`.

    Parameters
    ----------
    start_h, horizon_h : float
        Start and length of the horizon, hours since Monday 00:00 and hours. Trips may come to
        their stops before it: they fill queues and are not counted.
    trip_idx : (n_charging_trips,) int64
        Trip of the plans, for each trip with a stop.
    trip_stop_offset : (n_charging_trips + 1,) int64
        Where the stops of each of these trips begin.
    plan_stop_idx : (n_stops,) int64
        Stop of the plans.
    stop_site_idx : (n_stops,) int32
        Site.
    stop_is_hpc : (n_stops,) bool
        Planned at an HPC point.
    stop_plug_h, stop_hold_h, stop_next_leg_h : (n_stops,) float64
        Time at the charging point, from plug-in to departure, and from there to the next stop or
        the destination, hours.
    stop_energy_kwh : (n_stops,) float64
        Energy charged, kWh.
    stop_fallback_plug_h : (n_stops,) float64
        Time on an HPC point if an LPC stop is rejected, hours.
    first_arrival_h : (n_charging_trips,) float64
        Arrival at the first stop, hours since Monday 00:00.
    draws : Draws
        Power over time of the ``n_stops`` stops as planned, then of each on an HPC point.
    legs : Legs
        Of each stop the leg that follows, where there are driving bans. ``stop_hold_h`` is then
        without the wait for the end of a ban, and ``stop_next_leg_h`` with it, as planned.

    Raises
    ------
    ValueError
        If a site index, a time or an energy is out of range.
    """

    n_sites: int
    start_h: float
    horizon_h: float
    trip_idx: NDArray[np.int64]
    trip_stop_offset: NDArray[np.int64]
    plan_stop_idx: NDArray[np.int64]
    stop_site_idx: NDArray[np.int32]
    stop_is_hpc: NDArray[np.bool_]
    stop_plug_h: NDArray[np.float64]
    stop_hold_h: NDArray[np.float64]
    stop_next_leg_h: NDArray[np.float64]
    stop_energy_kwh: NDArray[np.float64]
    stop_fallback_plug_h: NDArray[np.float64]
    first_arrival_h: NDArray[np.float64]
    draws: Draws
    legs: Legs = NO_LEGS
    events: EventLayout = field(init=False, repr=False)
    n_hpc_stops_at_site: NDArray[np.int64] = field(init=False, repr=False)
    """Planned HPC stops, (n_sites,)."""
    n_lpc_stops_at_site: NDArray[np.int64] = field(init=False, repr=False)
    """Planned LPC stops, (n_sites,)."""

    def __post_init__(self) -> None:
        """Check the stops and lay them out for the kernel."""
        _check_stops(self)
        # Every layout is checked against them.
        of_hpc = self.stop_site_idx[self.stop_is_hpc], self.stop_site_idx[~self.stop_is_hpc]
        for name, site_idx in zip(
            ("n_hpc_stops_at_site", "n_lpc_stops_at_site"), of_hpc, strict=True
        ):
            object.__setattr__(self, name, np.bincount(site_idx, minlength=self.n_sites))
        object.__setattr__(self, "events", lay_out_events(self))

    @property
    def counted_h(self) -> tuple[float, float]:
        """Start and end of the time in which trucks must join a queue to count, hours."""
        return self.start_h, self.start_h + self.horizon_h

    @property
    def n_stops(self) -> int:
        """Number of stops."""
        return len(self.stop_site_idx)

    @property
    def n_trips(self) -> int:
        """Number of trips with a stop."""
        return len(self.trip_idx)

    def leg_ends_h(
        self, stop: NDArray[np.int64], departure_h: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """When trucks come to the ends of the legs that follow stops, hours, (n,).

        Parameters
        ----------
        stop : (n,) int64
            The stops.
        departure_h : (n,) float64
            When each truck is ready to set out.
        """
        if self.legs.ban.days:
            return self.legs.ends_h(stop, departure_h)
        return departure_h + self.stop_next_leg_h[stop]

    @classmethod
    def from_stop_plans(
        cls,
        plans: StopPlans,
        *,
        n_sites: int,
        horizon_h: float,
        hpc_kw: float | NDArray[np.float64],
        lpc_kw: float | NDArray[np.float64],
        plug_overhead_h: float,
        curves: TripCurves | None = None,
        start_h: float = 0.0,
        limits: Limits | None = None,
    ) -> ChargingDemand:
        """Flatten the stops of the served trips; trips without a stop are left out.

        Parameters
        ----------
        n_sites : int
            Charging sites, > every ``stop_site_idx``.
        horizon_h : float
            Length of the horizon, hours, > 0.
        hpc_kw, lpc_kw : float or (n_trips,) float64
            Power at an HPC and at an LPC point, kW, > 0; per trip where trucks differ
            (:func:`~planner.routing.drivers.trip_power_kw`).
        plug_overhead_h : float
            Plugging in and paying after an LPC rejection, hours, >= 0.
        curves : TripCurves, optional
            Charging curves of the trips' trucks, cut off at these powers; without them power is
            the same whatever the battery holds.
        start_h : float
            Start of the horizon, hours since Monday 00:00.
        limits : Limits, optional
            Rules of the drivers, whose bans delay trucks that wait; without them none do.

        Raises
        ------
        ValueError
            If a site index, a time or an energy is out of range.
        """
        n_trip_stops = np.diff(plans.stop_offset)
        is_charging = plans.is_served & (n_trip_stops > 0)
        trip_idx = np.flatnonzero(is_charging)
        plan_stop_idx = np.flatnonzero(np.repeat(is_charging, n_trip_stops))
        stop_trip = np.repeat(trip_idx, n_trip_stops[trip_idx])
        energy_kwh = plans.stop_energy_kwh[plan_stop_idx]
        is_hpc = plans.stop_kind[plan_stop_idx] != StopKind.LPC_REST
        plug_h = plans.stop_plug_h[plan_stop_idx]
        legs, hold_h = NO_LEGS, plans.stop_hold_h[plan_stop_idx]
        next_leg_h = plans.stop_next_leg_h[plan_stop_idx]
        if limits is not None and limits.ban.days:
            legs = legs_after_stops(plans, plan_stop_idx, limits)
            is_break = plans.stop_kind[plan_stop_idx] == StopKind.HPC_BREAK
            at_least_h = np.where(is_break, np.minimum(hold_h, limits.break_h), 0.0)
            due_h = np.maximum(plug_h, at_least_h)
            next_leg_h, hold_h = next_leg_h + (hold_h - due_h), due_h
        stop_hpc_kw, stop_lpc_kw = (
            np.broadcast_to(np.asarray(power_kw, np.float64), (plans.n_trips,))[stop_trip]
            for power_kw in (hpc_kw, lpc_kw)
        )
        battery_kwh = np.ones(plans.n_trips) if curves is None else curves.battery_kwh
        from_kwh = plans.stop_arrival_soc_share[plan_stop_idx] * battery_kwh[stop_trip]
        fallback_h = hpc_session_h(
            energy_kwh, stop_hpc_kw, plug_overhead_h, curves, stop_trip, from_kwh
        )

        def draws_at(is_high: NDArray[np.bool_], lasts_h: NDArray[np.float64]) -> Draws:
            if curves is None:
                power_kw = np.where(is_high, stop_hpc_kw, stop_lpc_kw)
                return draws_at_full_power(energy_kwh, power_kw, lasts_h)
            kind = np.where(is_high, HPC, LPC)
            return draws_along_curves(curves, stop_trip, kind, from_kwh, energy_kwh, lasts_h)

        return cls(
            n_sites=n_sites,
            start_h=start_h,
            horizon_h=horizon_h,
            trip_idx=trip_idx,
            trip_stop_offset=np.concatenate([[0], np.cumsum(n_trip_stops[trip_idx])]),
            plan_stop_idx=plan_stop_idx,
            stop_site_idx=plans.stop_site_idx[plan_stop_idx],
            stop_is_hpc=is_hpc,
            stop_plug_h=plug_h,
            stop_hold_h=hold_h,
            stop_next_leg_h=next_leg_h,
            stop_energy_kwh=energy_kwh,
            stop_fallback_plug_h=fallback_h,
            first_arrival_h=(plans.entry_h + plans.first_leg_h)[trip_idx],
            draws=joined(draws_at(is_hpc, plug_h), draws_at(np.ones_like(is_hpc), fallback_h)),
            legs=legs,
        )


def demand_of_trucks(
    plans: StopPlans,
    drivers: Drivers,
    vehicle_class_idx: NDArray[np.int16],
    *,
    n_sites: int,
    start_h: float,
    horizon_h: float,
) -> ChargingDemand:
    """Stops of trucks that are driven and charged as a study says.

    Parameters
    ----------
    drivers : Drivers
        Vehicles and power of the charging points.
    vehicle_class_idx : (n_trips,) int16
        Class of each trip's truck.
    n_sites, start_h, horizon_h
        As for :meth:`ChargingDemand.from_stop_plans`.
    """
    charging = drivers.charging
    return ChargingDemand.from_stop_plans(
        plans,
        n_sites=n_sites,
        start_h=start_h,
        horizon_h=horizon_h,
        hpc_kw=trip_power_kw(drivers.vehicles, vehicle_class_idx, charging.hpc_kw),
        lpc_kw=trip_power_kw(drivers.vehicles, vehicle_class_idx, charging.lpc_kw),
        plug_overhead_h=charging.plug_overhead_h,
        curves=drivers.trip_curves(vehicle_class_idx),
        limits=drivers.limits,
    )


def _check_stops(demand: ChargingDemand) -> None:
    """Refuse stops that cannot be simulated."""
    site = demand.stop_site_idx
    if len(site) and not (site.min() >= 0 and site.max() < demand.n_sites):
        message = (
            f"stop_site_idx must lie in [0, {demand.n_sites}), found {site.min()} to "
            f"{site.max()}; build the stop plans with the same sites"
        )
        raise ValueError(message)
    if not demand.horizon_h > 0.0:
        message = f"horizon_h must be > 0, found {demand.horizon_h}"
        raise ValueError(message)
    for name, values, is_right in (
        ("first_arrival_h", demand.first_arrival_h, np.isfinite(demand.first_arrival_h)),
        ("stop_plug_h", demand.stop_plug_h, demand.stop_plug_h > 0.0),
        ("stop_hold_h", demand.stop_hold_h, demand.stop_hold_h > 0.0),
        ("stop_energy_kwh", demand.stop_energy_kwh, demand.stop_energy_kwh > 0.0),
        ("stop_fallback_plug_h", demand.stop_fallback_plug_h, demand.stop_fallback_plug_h > 0.0),
        ("stop_next_leg_h", demand.stop_next_leg_h, demand.stop_next_leg_h >= 0.0),
    ):
        is_wrong = ~(is_right & np.isfinite(values))
        if is_wrong.any():
            row = int(np.argmax(is_wrong))
            message = (
                f"{name} must be finite, legs >= 0 and all else at a charging point > 0: "
                f"{int(is_wrong.sum())} of {len(values)} are not, the first is {values[row]} "
                f"at index {row}"
            )
            raise ValueError(message)

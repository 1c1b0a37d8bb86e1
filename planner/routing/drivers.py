"""How the trucks of a study are planned: vehicles, rules, charging power and choice of sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.network.distances import MEAN_TIMES, truck_network
from planner.network.route_spread import route_spread_of
from planner.routing.break_first_rule_kernel import (
    ALWAYS,
    IF_USEFUL,
    PARTLY_CHARGED,
    BreakFirst,
    rest_due_h,
)
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.charging_curves import TripCurves, curves_at_points
from planner.routing.driving_calendar_kernel import DriverWeek, DrivingBan
from planner.routing.driving_kernel import Limits
from planner.runs.random_streams import RandomStreams
from planner.scenario.driver_behaviour import DriverBehaviour
from planner.scenario.parameter_sets import WEEK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.distances import TruckNetwork
    from planner.network.graph import RoadGraph
    from planner.network.route_spread import RouteSpread
    from planner.scenario.model import Scenario
    from planner.scenario.parameter_sets import DriverRules, VehicleClass


_LEAST_TIME = DriverBehaviour()

_PLUGS_IN = {"if_useful": IF_USEFUL, "partly_charged": PARTLY_CHARGED, "always": ALWAYS}


@dataclass(frozen=True, slots=True)
class Drivers:
    """What :func:`~planner.routing.stop_planner.plan_stops` takes beside roads, sites and trips.

    Parameters
    ----------
    vehicles : sequence of VehicleClass
        What ``trips.vehicle_class_idx`` counts.
    rules : DriverRules
        Driving times, breaks and rests.
    charging : ChargingPower
        Power of the points.
    choice : SiteChoice
        How drivers choose among sites.
    behaviour : DriverBehaviour
        Whether they plan exactly or follow the rule `break_first`, and with which figures.
    spread : RouteSpread or None
        How differently they find the roads; without it all take the ways quickest in the mean.
    """

    vehicles: Sequence[VehicleClass]
    rules: DriverRules
    charging: ChargingPower
    choice: SiteChoice
    taste_key: np.uint64
    behaviour: DriverBehaviour = _LEAST_TIME
    spread: RouteSpread | None = None

    @property
    def limits(self) -> Limits:
        """Rules and plugging time as the kernels see them: the only place that turns them so."""
        rules, week = self.rules, driver_week(self.rules)
        has_week = week.n_days > 0
        return Limits(
            rules.max_driving_before_break_h,
            rules.break_h,
            week.long_day_h if has_week else rules.max_driving_before_rest_h,
            week.reduced_rest_h if has_week else rules.rest_h,
            self.charging.plug_overhead_h,
            rules.hpc_release == "when_charged",
            self.behaviour.stop_cost_min / 60.0,
            *(rules.split_break_h or (np.inf, np.inf)),
            driving_ban(rules),
            week,
        )

    @property
    def break_first(self) -> BreakFirst | None:
        """The rule that they follow, as its kernel sees it; none where they plan exactly."""
        behaviour = self.behaviour
        if not behaviour.is_break_first:
            return None
        search, limit_h = behaviour.site_search, self.rules.max_driving_before_break_h
        return BreakFirst(
            plugs_in=_PLUGS_IN[behaviour.plug_in_at_breaks],
            is_full_break=behaviour.energy_stop == "full_break",
            counts_as_break=behaviour.energy_stop_counts_as_break,
            reserve_kwh=behaviour.energy_stop_reserve_kwh,
            promote_after_h=behaviour.promote_to_break_after_h,
            rests_every_second=behaviour.daily_rest == "every_second_break",
            n_nearest=search.nearest,
            before_limit_h=search.before_limit_min / 60.0,
            early_h=limit_h - search.window_h[0],
            late_h=search.window_h[1] - limit_h,
            detour_km=search.detour_km,
            drives_below_minimum=behaviour.below_minimum == "to_first_site",
        )

    @property
    def allowed_drive_h(self) -> tuple[float, float]:
        """Longest drives without a break and without a daily rest that their behaviour allows."""
        limits, rule = self.limits, self.break_first
        if rule is None:
            return limits.drive_to_break_h, limits.drive_to_rest_h
        # Abroad they keep to the rules alone, whose day may be the longer one.
        day_h = max(limits.drive_to_rest_h, rest_due_h(limits, rule))
        return limits.drive_to_break_h + rule.late_h, day_h + rule.late_h

    @property
    def floor_soc_share(self) -> float:
        """Least state of charge with which a truck may come to a site, inf where the minimum is."""
        behaviour = self.behaviour
        return np.inf if behaviour.below_minimum == "strand" else behaviour.floor_soc_share

    def least_soc_share(
        self, min_soc_share: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Least states of charge on arrival at the first stop, and anywhere else.

        Parameters
        ----------
        min_soc_share : (n_trips,) float64
            The minimum of each trip's truck.
        """
        floor_share = np.minimum(min_soc_share, self.floor_soc_share)
        return floor_share, floor_share if self.behaviour.is_break_first else min_soc_share

    @property
    def curves(self) -> NDArray[np.float64]:
        """Charging curves of the vehicle classes, no columns where none has one."""
        return curves_at_points(self.vehicles, self.charging.hpc_kw, self.charging.lpc_kw)

    def trip_curves(self, class_idx: NDArray[np.int16]) -> TripCurves | None:
        """Charging curves of trips' trucks, (n_trips,) classes; none where no class has one."""
        curves = self.curves
        if not curves.shape[1]:
            return None
        battery_kwh = np.array([vehicle.battery_kwh for vehicle in self.vehicles])
        return TripCurves(curves, class_idx.astype(np.int64), battery_kwh[class_idx])

    def trucks(self, trips: Trips) -> NDArray[np.float64]:
        """Truck of each trip, (n_trips, 7 and the curve's columns), as ``truck_of`` reads it."""
        by_load = np.array(
            [
                [
                    (
                        vehicle.battery_kwh,
                        vehicle.battery_kwh * vehicle.min_soc_share,
                        consumption_kwh_km,
                        vehicle.power_at_kw(self.charging.hpc_kw),
                        vehicle.power_at_kw(self.charging.lpc_kw),
                        vehicle.mean_speed_kmh,
                        vehicle.battery_kwh * self.charging.hpc_to_share,
                        *curve,
                    )
                    for consumption_kwh_km in (
                        vehicle.consumption_empty_kwh_km,
                        vehicle.consumption_loaded_kwh_km,
                    )
                ]
                for vehicle, curve in zip(self.vehicles, self.curves, strict=True)
            ]
        )
        trucks: NDArray[np.float64] = by_load[
            trips.vehicle_class_idx, trips.is_loaded.astype(np.int64)
        ]
        return trucks

    def networks(
        self, graph: RoadGraph, trips: Trips
    ) -> Iterator[tuple[TruckNetwork, NDArray[np.int64]]]:
        """Roads as trips find them, and the trips, each once: by speed of the truck and by draw."""
        for speed_kmh, draw, chosen in self.groups(trips):
            yield truck_network(graph, speed_kmh, self.spread, draw), chosen

    def groups(self, trips: Trips) -> Iterator[tuple[float, int, NDArray[np.int64]]]:
        """Speed of the truck, draw of the roads, and the trips that have both."""
        of_class = np.array([vehicle.mean_speed_kmh for vehicle in self.vehicles])
        speed_kmh = of_class[trips.vehicle_class_idx]
        draw = np.full(trips.n_trips, MEAN_TIMES)
        if self.spread is not None:
            draw = self.spread.draw_of_trips(trips.trip_id)
        for speed in np.unique(speed_kmh):
            for number in np.unique(draw[speed_kmh == speed]):
                chosen = np.flatnonzero((speed_kmh == speed) & (draw == number))
                yield float(speed), int(number), chosen


def driving_ban(rules: DriverRules) -> DrivingBan:
    """Driving ban of the rules as kernels see it."""
    ban = rules.driving_ban
    if ban is None:
        return DrivingBan()
    days = sum(1 << WEEK.index(day) for day in ban.all_days)
    return DrivingBan(days, float(ban.from_h), float(ban.until_h))


def driver_week(rules: DriverRules) -> DriverWeek:
    """Week of the rules as kernels see it: of which days it consists."""
    week = rules.week
    if week is None:
        return DriverWeek()

    def n_days(hours: float) -> int:
        """Days on which there is anything left to drive."""
        days_h = [week.long_day_h] * week.long_days
        days_h = (days_h + [rules.max_driving_before_rest_h] * week.days)[: week.days]
        before_h = np.cumsum([0.0, *days_h[:-1]])
        return int((before_h < hours).sum())

    next_h = week.two_weeks_driving_h - week.driving_h
    return DriverWeek(
        n_days(week.driving_h),
        n_days(next_h),
        float(week.driving_h),
        float(next_h),
        week.long_days,
        float(week.long_day_h),
        float(rules.max_driving_before_rest_h),
        week.reduced_rests,
        float(week.reduced_rest_h),
        float(rules.rest_h),
        float(week.weekly_rest_h),
        week.begins == "monday",
    )


def trip_power_kw(
    vehicles: Sequence[VehicleClass], vehicle_class_idx: NDArray[np.int16], point_kw: float
) -> NDArray[np.float64]:
    """Highest power of trips' trucks at a point, kW, (n_trips,): the lower of what each allows."""
    of_class = np.array([vehicle.power_at_kw(point_kw) for vehicle in vehicles])
    power_kw: NDArray[np.float64] = of_class[vehicle_class_idx]
    return power_kw


def drivers_of(scenario: Scenario) -> Drivers:
    """Drivers of a scenario."""
    chargers, routing = scenario.chargers, scenario.routing
    streams = RandomStreams(scenario.seed)
    return Drivers(
        vehicles=list(scenario.vehicles.classes.values()),
        rules=scenario.driver_rules,
        charging=ChargingPower(
            chargers.hpc_session_kw,
            chargers.lpc_kw,
            chargers.plug_overhead_min / 60.0,
            chargers.hpc_charge_to_share,
        ),
        choice=SiteChoice(
            routing.corridor_detour_km,
            routing.taste_scale_min / 60.0,
            routing.border_reserve_km,
        ),
        taste_key=streams.key("routing.taste"),
        behaviour=scenario.driver_behaviour,
        spread=route_spread_of(routing.route_spread, streams),
    )

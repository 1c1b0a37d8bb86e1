"""How the trucks of a study are planned: vehicles, rules, charging power and choice of sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.routing.driving_kernel import Limits
from planner.routing.stop_planner import ChargingPower, SiteChoice
from planner.runs.random_streams import RandomStreams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.scenario.model import Scenario
    from planner.scenario.parameter_sets import DriverRules, VehicleClass


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
    """

    vehicles: Sequence[VehicleClass]
    rules: DriverRules
    charging: ChargingPower
    choice: SiteChoice
    taste_key: np.uint64

    @property
    def limits(self) -> Limits:
        """Rules and plugging time as the kernels see them: the only place that turns them so."""
        rules = self.rules
        return Limits(
            rules.max_driving_before_break_h,
            rules.break_h,
            rules.max_driving_before_rest_h,
            rules.rest_h,
            self.charging.plug_overhead_h,
            rules.hpc_release == "when_charged",
        )

    def trucks(self, trips: Trips) -> NDArray[np.float64]:
        """Truck of each trip, (n_trips, 6), columns as in ``Truck`` of the driving kernel."""
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
                    )
                    for consumption_kwh_km in (
                        vehicle.consumption_empty_kwh_km,
                        vehicle.consumption_loaded_kwh_km,
                    )
                ]
                for vehicle in self.vehicles
            ]
        )
        trucks: NDArray[np.float64] = by_load[
            trips.vehicle_class_idx, trips.is_loaded.astype(np.int64)
        ]
        return trucks


def trip_power_kw(
    vehicles: Sequence[VehicleClass], vehicle_class_idx: NDArray[np.int16], point_kw: float
) -> NDArray[np.float64]:
    """Power of trips' trucks at a charging point, kW, (n_trips,): the lower of what each allows."""
    of_class = np.array([vehicle.power_at_kw(point_kw) for vehicle in vehicles])
    power_kw: NDArray[np.float64] = of_class[vehicle_class_idx]
    return power_kw


def drivers_of(scenario: Scenario) -> Drivers:
    """Drivers of a scenario."""
    chargers, routing = scenario.chargers, scenario.routing
    return Drivers(
        vehicles=list(scenario.vehicles.classes.values()),
        rules=scenario.driver_rules,
        charging=ChargingPower(chargers.hpc_kw, chargers.lpc_kw, chargers.plug_overhead_min / 60.0),
        choice=SiteChoice(
            routing.corridor_detour_km,
            routing.taste_scale_min / 60.0,
            routing.border_reserve_km,
        ),
        taste_key=RandomStreams(scenario.seed).key("routing.taste"),
    )

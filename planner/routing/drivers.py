"""How the trucks of a study are planned: vehicles, rules, charging power and choice of sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.random_streams import RandomStreams
from planner.routing.stop_planner import ChargingPower, SiteChoice

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

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
    taste_key : numpy.uint64
        Key of their taste.
    """

    vehicles: Sequence[VehicleClass]
    rules: DriverRules
    charging: ChargingPower
    choice: SiteChoice
    taste_key: np.uint64


def drivers_of(scenario: Scenario) -> Drivers:
    """Drivers of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The study.

    Returns
    -------
    Drivers
    """
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

"""What the queues of a scenario are simulated with, and trucks that learn them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.routing.drivers import drivers_of
from planner.runs.random_streams import RandomStreams
from planner.scenario.replanning import Replanning
from planner.simulation.charging_demand import demand_of_trucks
from planner.simulation.replanning import replan
from planner.simulation.rule_replanning import replan_by_rule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from planner.plan.study_inputs import StudyInputs
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import Advance
    from planner.scenario.model import Scenario
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import ChargerLayout
    from planner.simulation.replanning import ReplanningResult


OF_RULE = Replanning(iterations=10, share=0.3)
"""How drivers who follow `break_first` learn where a study does not say: as in the German study."""


def replan_trips(
    scenario: Scenario,
    inputs: StudyInputs,
    plans: StopPlans,
    layout: ChargerLayout,
    progress: Advance | None = None,
    of_round: Advance | None = None,
) -> ReplanningResult:
    """Let the trucks of a scenario learn the queues of a layout.

    Parameters
    ----------
    scenario : Scenario
        The study; without a section ``replanning`` the defaults count.
    layout : ChargerLayout
        Any layout that these can be simulated with.
    progress : callable, optional
        Told how many iterations of how many are done.
    of_round : callable, optional
        Told how many trucks of how many have planned anew in an iteration.

    Returns
    -------
    ReplanningResult
        New plans, and how the queues went on the way there.
    """
    by_rule = scenario.driver_behaviour.is_break_first
    learn = replan_by_rule if by_rule else replan
    return learn(
        inputs.graph,
        inputs.sites,
        inputs.trips,
        plans,
        layout,
        drivers=drivers_of(scenario),
        settings=scenario.replanning or (OF_RULE if by_rule else Replanning()),
        draw_key=RandomStreams(scenario.seed).key("simulation.replanning"),
        start_h=scenario.start_h,
        horizon_h=scenario.horizon_h - scenario.start_h,
        progress=progress,
        of_round=of_round,
    )


def charging_demand(
    scenario: Scenario, vehicle_class_idx: NDArray[np.int16], plans: StopPlans, n_sites: int
) -> ChargingDemand:
    """Stops of all trips, laid out for the queues over the scenario's days.

    Parameters
    ----------
    vehicle_class_idx : (n_trips,) int16
        Class of each trip's truck.

    Returns
    -------
    ChargingDemand
        What the queues are simulated with.
    """
    return demand_of_trucks(
        plans,
        drivers_of(scenario),
        vehicle_class_idx,
        n_sites=n_sites,
        start_h=scenario.start_h,
        horizon_h=scenario.horizon_h - scenario.start_h,
    )

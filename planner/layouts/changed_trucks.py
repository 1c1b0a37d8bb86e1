"""The trucks of a finished run where something comes otherwise than in its study."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from planner.layouts.run_trucks import inputs_of_run
from planner.plan.study_inputs import charge_at_depots, read_demand
from planner.plan.warm_up import INITIAL_SOC_FILE, drawing_from
from planner.runs.manifests import MANIFEST
from planner.scenario.load import Change, ScenarioDocument

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.plan.study_inputs import StudyInputs
    from planner.scenario.model import Scenario
    from planner.scenario.parameter_sets import VehicleClass

CONSUMPTION = ("consumption_loaded_kwh_km", "consumption_empty_kwh_km")


@dataclass(frozen=True, slots=True)
class RunTrucks:
    """The study of a run with its inputs, which others are read beside.

    Parameters
    ----------
    scenario : Scenario
        The study, drawing from the histogram of the run where runs before it gave the charge.
    """

    scenario: Scenario
    inputs: StudyInputs
    run_dir: Path

    @classmethod
    def of(cls, run: SolutionOnRoads, run_dir: Path) -> RunTrucks:
        """Read the inputs of a finished run again, see ``inputs_of_run``."""
        return cls(_drawing(run.scenario, run_dir), inputs_of_run(run, run_dir), run_dir)

    def study_with(self, keys: Mapping[str, Any], where: str) -> Scenario:
        """Study of the run with some of its keys set anew.

        Parameters
        ----------
        where : str
            What asks for it, for messages.

        Raises
        ------
        ScenarioError
            If it is not valid so.
        """
        document = ScenarioDocument(
            self.run_dir / MANIFEST, self.scenario.model_dump(mode="json", exclude_none=True)
        )
        changed = document.scenario([Change(key, value, where) for key, value in keys.items()])
        return changed.model_copy(update={"description": self.scenario.description})

    def inputs_of(self, scenario: Scenario) -> StudyInputs:
        """Inputs of another study at the same roads and sites; trips are read where they differ."""
        if scenario == self.scenario:
            return self.inputs
        trips = self.inputs.trips
        if scenario.depots is not None or _trips_key(scenario) != _trips_key(self.scenario):
            trips, _ = read_demand(scenario, self.inputs.graph)
        inputs = replace(self.inputs, trips=trips, depots=None)
        return charge_at_depots(scenario, inputs)


def with_vehicles_scaled(scenario: Scenario, factors: Mapping[str, float]) -> Scenario:
    """Study with figures of all its vehicle classes multiplied.

    Parameters
    ----------
    factors : mapping
        By name of a figure of ``VehicleClass``.
    """
    classes = {name: _scaled(each, factors) for name, each in scenario.vehicles.classes.items()}
    vehicles = scenario.vehicles.model_copy(update={"classes": classes})
    return scenario.model_copy(update={"vehicles": vehicles})


def _scaled(vehicle: VehicleClass, factors: Mapping[str, float]) -> VehicleClass:
    figures: dict[str, Any] = {
        name: factor * getattr(vehicle, name) for name, factor in factors.items()
    }
    if vehicle.charging_curve and "max_charging_kw" in factors:
        # A truck that accepts more does so along its whole curve.
        factor = factors["max_charging_kw"]
        figures["charging_curve"] = tuple((soc, factor * kw) for soc, kw in vehicle.charging_curve)
    return vehicle.model_copy(update=figures)


def _drawing(scenario: Scenario, run_dir: Path) -> Scenario:
    if not scenario.demand.initial_soc.is_warmed_up:
        return scenario
    return drawing_from(scenario, run_dir / INITIAL_SOC_FILE)


def _trips_key(scenario: Scenario) -> tuple[object, ...]:
    """What trips depend on, apart from roads."""
    vehicles = scenario.vehicles.mix, scenario.simulation.warm_up_days
    return scenario.demand, scenario.seed, *vehicles

"""The named parameter sets: those that come with the planner, and those beside a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationInfo

from planner.errors import quoted
from planner.said import meant, said
from planner.scenario.bundled import bundled_path
from planner.scenario.driver_behaviour import DriverBehaviour
from planner.scenario.infrastructure_costs import study_cost_set
from planner.scenario.operator_costs import OperatorCosts
from planner.scenario.parameter_sets import DriverRules, Section, VehicleClass
from planner.scenario.yaml_files import read_yaml_mapping, validated

SetT = TypeVar("SetT", bound=Section)


@dataclass(frozen=True, slots=True)
class ParameterLibrary:
    """Parameter sets by name."""

    vehicles: dict[str, VehicleClass]
    rules: dict[str, DriverRules]
    costs: dict[str, OperatorCosts]
    behaviours: dict[str, DriverBehaviour]
    folder: Path = Path()

    def vehicle(self, name: str) -> VehicleClass:
        """Vehicle class of a name; ValueError with the allowed names where unknown."""
        return _looked_up(self.vehicles, name, "vehicle class", "vehicles.yaml")

    def driver_rules(self, name: str) -> DriverRules:
        """Driver rules of a name; ValueError with the allowed names where unknown."""
        return _looked_up(self.rules, name, "rule set", "driver_rules.yaml")

    def driver_behaviour(self, name: str) -> DriverBehaviour:
        """Driver behaviour of a name; ValueError with the allowed names where unknown."""
        return _looked_up(self.behaviours, name, "driver behaviour", "driver_behaviour.yaml")

    def operator_costs(self, name: str) -> OperatorCosts:
        """Operators' costs of a name; ValueError with the allowed names where unknown."""
        return _looked_up(self.costs, name, "set of operators' costs", "operator_costs.yaml")

    def infrastructure_costs(self, given: object) -> object:
        """Costs of sites by name or figures, still to be validated; ValueError with the names."""
        return study_cost_set(given, self.folder)


def _looked_up(sets: dict[str, SetT], name: str, kind: str, file: str) -> SetT:
    if name not in sets:
        msg = said(
            "the name of a {kind} from config/{file} ({listed}); found {name}{hint}",
            kind=kind,
            file=file,
            listed=", ".join(sorted(sets)),
            name=quoted(name),
            hint=meant(name, sets),
        )
        raise ValueError(msg)
    return sets[name]


@cache
def bundled_library() -> ParameterLibrary:
    """Parameter sets that come with the planner."""
    return _read(bundled_path("config"))


def library_beside(scenario_folder: Path) -> ParameterLibrary:
    """Bundled sets, added to and overridden by those in ``config/`` beside a scenario file."""
    bundled = bundled_library()
    own = _read(scenario_folder / "config")
    return ParameterLibrary(
        bundled.vehicles | own.vehicles,
        bundled.rules | own.rules,
        bundled.costs | own.costs,
        bundled.behaviours | own.behaviours,
        scenario_folder,
    )


def library_of(info: ValidationInfo) -> ParameterLibrary:
    """Library that a scenario is being validated with; the bundled one by default."""
    library = (info.context or {}).get("library")
    return library if isinstance(library, ParameterLibrary) else bundled_library()


def _read(folder: Path) -> ParameterLibrary:
    return ParameterLibrary(
        _read_sets(folder / "vehicles.yaml", VehicleClass),
        _read_sets(folder / "driver_rules.yaml", DriverRules),
        _read_sets(folder / "operator_costs.yaml", OperatorCosts),
        _read_sets(folder / "driver_behaviour.yaml", DriverBehaviour),
    )


def _read_sets(path: Path, model: type[SetT]) -> dict[str, SetT]:
    if not path.is_file():
        return {}
    adapter = TypeAdapter(dict[str, model])  # type: ignore[valid-type]
    return validated(
        adapter, read_yaml_mapping(path), path.name, {"base_dir": path.parent.resolve()}
    )

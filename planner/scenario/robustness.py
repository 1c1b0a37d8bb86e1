"""What plans are to be held against: scenarios of the demand and of the sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, TypeAdapter, field_validator, model_validator

from planner.errors import ScenarioError
from planner.said import joined, said
from planner.scenario.bundled import bundled_path
from planner.scenario.parameter_sets import Number, Positive, Section, Whole
from planner.scenario.yaml_files import read_yaml_mapping, validated

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

_FILE = "config/robustness.yaml"
_FIXED = {
    "name": "the study keeps its name",
    "description": "the study keeps its description",
    "seed": "give draws",
    "network": "plans are held against other trucks on the same roads",
    "sites": "plans are held against other trucks at the same sites; site_lost closes one",
    "standing": "what stands is part of the plans",
    "optimization": "nothing is searched anew by it",
    "demand.days": "waits of other days are of another kind",
    "simulation": "waits of other days are of another kind",
    "replications": "give draws",
}
MOST_SCENARIOS = 40
"""More scenarios than these are taken for a mistake."""


class ConsumptionFactor(Section):
    """By how much trucks need more, with the range of what is known."""

    low: Number = Field(ge=1.0, le=3.0)
    central: Number = Field(ge=1.0, le=3.0)
    high: Number = Field(ge=1.0, le=3.0)
    sure: Literal["official", "published", "given", "assumed"]
    source: str


class RobustnessScenario(Section):
    """One thing that may come otherwise than planned; what is named counts together."""

    name: str = Field(min_length=1, max_length=60, description="What tables call it.")
    weight: Positive = Field(
        default=1.0, le=1e6, description="How likely it is, against the others and the study."
    )
    set: dict[str, Any] = Field(
        default_factory=dict,
        description="Keys of the study to set, for example `demand.electrification_share: 0.15`.",
    )
    draws: Whole = Field(
        default=0,
        ge=0,
        le=20,
        description="As many scenarios, each with another draw of the demand; they share the "
        "weight. 0: the draw of the study.",
    )
    site_lost: str = Field(default="", description="Name or key of a site that is out of service.")
    winter: bool = Field(
        default=False, description="Whether trucks need as much as in winter (config/robustness)."
    )

    @field_validator("set")
    @classmethod
    def _keys_may_change(cls, keys: dict[str, Any]) -> dict[str, Any]:
        faults = [
            joined((key, reason), ": ")
            for key in keys
            for fixed, reason in _FIXED.items()
            if key == fixed or key.startswith(f"{fixed}.")
        ]
        if faults:
            msg = said(
                "keys that may come otherwise than planned; found {listed}",
                listed=joined(faults),
            )
            raise ValueError(msg)
        return keys

    @model_validator(mode="after")
    def _differs(self) -> Self:
        if not (self.set or self.draws or self.site_lost or self.winter):
            msg = said("something that comes otherwise: set, draws, site_lost or winter")
            raise ValueError(msg)
        return self


class Robustness(Section):
    """Scenarios that plans are held against, beside the study itself."""

    study_weight: Positive = Field(
        default=1.0, le=1e6, description="How likely it is that all comes as in the study."
    )
    scenarios: tuple[RobustnessScenario, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [each.name for each in self.scenarios]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            msg = said(
                "scenarios of different names; found twice {listed}", listed=", ".join(twice)
            )
            raise ValueError(msg)
        n_all = sum(max(each.draws, 1) for each in self.scenarios)
        if n_all > MOST_SCENARIOS:
            msg = said(
                "at most {most} scenarios with all draws; found {n_all}",
                most=str(MOST_SCENARIOS),
                n_all=str(n_all),
            )
            raise ValueError(msg)
        return self


class _File(Section):
    robustness: Robustness


class _Bundled(_File):
    winter_consumption: ConsumptionFactor


def read_robustness(file: Path | None) -> Robustness:
    """Read scenarios from a file with the key ``robustness``, or those that come with the planner.

    Raises
    ------
    ScenarioError
        With all faults of the file at once.
    """
    if file is None:
        return _bundled().robustness
    keys = read_yaml_mapping(file)
    if "robustness" not in keys:
        found = ", ".join(map(str, keys)) or "nothing"
        fault = said(
            "expected the key robustness with scenarios; found {found}. For example "
            "robustness: {{scenarios: [{{name: winter, winter: true}}]}}",
            found=found,
        )
        raise ScenarioError([fault], str(file))
    return validated(TypeAdapter(_File), keys, str(file), {}).robustness


def winter_consumption() -> ConsumptionFactor:
    """What trucks need in winter over what the study says."""
    return _bundled().winter_consumption


def _bundled() -> _Bundled:
    file = bundled_path(_FILE)
    return validated(TypeAdapter(_Bundled), read_yaml_mapping(file), str(file), {})

"""What is moved one at a time to see what a plan depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from planner.errors import ScenarioError
from planner.said import said
from planner.scenario.bundled import bundled_path
from planner.scenario.parameter_sets import Number, Section, VehicleClass
from planner.scenario.yaml_files import read_yaml_mapping, validated

if TYPE_CHECKING:
    from pathlib import Path

BUNDLED = "config/tornado.yaml"
OF_VEHICLES = "vehicles."
"""What keys begin with that mean a figure of every vehicle class."""


class TruckFactor(Section):
    """Figures of trucks that are multiplied together."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Its key in tables.")
    title: str = Field(min_length=1, description="What it is.")
    keys: tuple[str, ...] = Field(min_length=1, description="Keys of the scenario.")
    low: Number = Field(gt=0.0, le=100.0)
    central: Number = Field(default=1.0, gt=0.0, le=100.0)
    high: Number = Field(gt=0.0, le=100.0)
    sure: Literal["official", "published", "given", "assumed"] = "given"
    source: str = ""

    @model_validator(mode="after")
    def _can_be_moved(self) -> Self:
        if self.central != 1.0:
            msg = said(
                "central: 1, which is the study; found {central}", central=f"{self.central:g}"
            )
            raise ValueError(msg)
        if not self.low <= 1.0 <= self.high:
            msg = said(
                "low up to 1 and high from 1; found {low} and {high}",
                low=f"{self.low:g}",
                high=f"{self.high:g}",
            )
            raise ValueError(msg)
        figures = [
            name
            for key in self.keys
            if key.startswith(OF_VEHICLES) and (name := key.removeprefix(OF_VEHICLES))
        ]
        known = [
            name for name, each in VehicleClass.model_fields.items() if each.annotation is float
        ]
        if unknown := [name for name in figures if name not in known]:
            msg = said(
                "figures of vehicles out of {listed}; found {found}",
                listed=", ".join(f"{OF_VEHICLES}{name}" for name in known),
                found=", ".join(f"{OF_VEHICLES}{name}" for name in unknown),
            )
            raise ValueError(msg)
        return self


class _File(Section):
    factors: tuple[TruckFactor, ...] = Field(min_length=1)


def read_truck_factors(file: Path | None) -> tuple[TruckFactor, ...]:
    """Factors of a file of the layout of ``config/tornado.yaml``, or those in it.

    Raises
    ------
    ScenarioError
        With all faults of the file at once.
    """
    path = file or bundled_path(BUNDLED)
    factors = validated(TypeAdapter(_File), read_yaml_mapping(path), str(path), {}).factors
    names = [each.name for each in factors]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        fault = said("factors: expected different names; found twice {names}", names=twice)
        raise ScenarioError([fault], str(path))
    return factors

"""A roadmap: one scenario in several years, each planned on what stands since those before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, TypeAdapter, field_validator

from planner.errors import ScenarioError
from planner.said import bracketed, joined, said
from planner.scenario.load import Change, bundled_or_given
from planner.scenario.parameter_sets import Section
from planner.scenario.patterns import StudyName
from planner.scenario.point_bounds import PointBounds
from planner.scenario.standing_points import StandingPoints
from planner.scenario.study_kinds import refuse_another_kind
from planner.scenario.sweep import base_document
from planner.scenario.yaml_files import read_yaml_mapping, validated

if TYPE_CHECKING:
    from planner.scenario.model import Scenario

_YEAR = re.compile(r"[1-9][0-9]{3}")
_OWN = {
    "name": "the roadmap has a name",
    "description": "the roadmap has a description",
}
_STANDS = "what stands is what the year before has built"
_OF_BEFORE = "standing"


class RoadmapDefinition(Section):
    """One scenario, the years to plan it for, and what differs between them."""

    name: StudyName = Field(
        description="Name of the roadmap and of its folder in outputs/: lower-case letters, "
        "digits, dot, dash and underscore.",
    )
    description: str = Field(default="", description="What the roadmap asks, for its page.")
    base: str = Field(
        min_length=1,
        description="The scenario: a file, or a folder with a study, relative to this one; or the "
        "name of one that comes with the planner.",
    )
    fixed: dict[str, Any] = Field(
        default_factory=dict,
        description="Keys of the scenario to set in all years, for example "
        "`optimization.max_generations: 100`.",
    )
    solution: Literal["logistics", "logistics-leaning", "balanced", "cpo-leaning", "cpo"] = Field(
        default="balanced",
        description="Named solution that is built in each year; cpo is the operator's.",
    )
    foresight: bool = Field(
        default=False,
        description="Whether to plan the years with foresight too: the last one first as if "
        "nothing were built before it, the others within its plan; the page shows both, and what "
        "looking no further than a year costs. It takes twice the time.",
    )
    years: dict[int, dict[str, Any]] = Field(
        description="Years in ascending order, at least two, and the keys of the scenario to set "
        "from each on, for example `2030: {demand.electrification_share: 0.15}`. A key that a "
        "later year does not name keeps its value.",
    )

    @field_validator("years", mode="before")
    @classmethod
    def _are_years(cls, years: object) -> object:
        if not isinstance(years, dict):
            return years
        found = ", ".join(map(str, years)) or "none"
        numbers = [int(year) for year in years if _YEAR.fullmatch(str(year))]
        if len(numbers) < len(years):
            msg = said("years in four digits, for example 2030; found {found}", found=found)
            raise ValueError(msg)
        if len(numbers) < 2:
            msg = said(
                "at least two years; found {found}: `planner run` plans a single one",
                found=found,
            )
            raise ValueError(msg)
        if numbers != sorted(set(numbers)):
            msg = said("years in ascending order; found {found}", found=found)
            raise ValueError(msg)
        return {int(year): {} if keys is None else keys for year, keys in years.items()}

    @field_validator("years")
    @classmethod
    def _keys_may_change(cls, years: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
        faults = [
            joined((f"{year}.{key}", _OWN.get(key, _STANDS)), ": ")
            for number, (year, keys) in enumerate(years.items())
            for key in keys
            if key in _OWN or (number and key.partition(".")[0] == _OF_BEFORE)
        ]
        if faults:
            msg = said("keys that may change by year; found {listed}", listed="; ".join(faults))
            raise ValueError(msg)
        return years


@dataclass(frozen=True, slots=True)
class Roadmap:
    """A roadmap whose years are all valid.

    Parameters
    ----------
    scenarios : dict of int to Scenario
        Study of each year in ascending order, as if nothing were built before it.
    """

    definition: RoadmapDefinition
    scenarios: dict[int, Scenario]

    @property
    def name(self) -> str:
        """Name of the roadmap."""
        return self.definition.name

    def scenario(self, year: int, standing: Path | None, within: Path | None = None) -> Scenario:
        """Study of a year on what the years before have built.

        Parameters
        ----------
        standing : pathlib.Path, optional
            Table of what stands; none in the first year, which has the study's own.
        within : pathlib.Path, optional
            Table of the bounds of all sites that may have points, of a plan that looks ahead.
        """
        scenario = self.scenarios[year]
        sections: dict[str, Any] = {}
        if standing is not None:
            sections[_OF_BEFORE] = StandingPoints(path=standing.resolve())
        if within is not None:
            bounds = PointBounds(path=within.resolve(), left_out="closed")
            search = scenario.optimization.model_copy(update={"bounds": bounds})
            sections["optimization"] = search
        return scenario.model_copy(update=sections) if sections else scenario


def load_roadmap(path: str | Path) -> Roadmap:
    """Read a roadmap and validate the study of each of its years.

    Raises
    ------
    ScenarioError
        With all faults of the file, or of all years, at once.
    """
    file = bundled_or_given(Path(path))
    keys = read_yaml_mapping(file)
    refuse_another_kind(keys, "roadmap", file)
    return roadmap_of_keys(keys, file)


def roadmap_of_keys(keys: dict[str, Any], file: Path) -> Roadmap:
    """Validate the keys of a roadmap's file and the study of each of its years.

    Raises
    ------
    ScenarioError
        As :func:`load_roadmap` does.
    """
    definition = validated(TypeAdapter(RoadmapDefinition), keys, str(file), {})
    document = base_document(definition.base, file)
    scenarios: dict[int, Scenario] = {}
    faults: dict[str, int] = {}
    so_far = dict(definition.fixed)
    for year, changed in definition.years.items():
        so_far |= changed
        named = so_far | {"name": f"{definition.name}-{year}"}
        try:
            scenarios[year] = _of_year(
                document.scenario(
                    [Change(key, value, f"{file}, {year}") for key, value in named.items()]
                ),
                year,
            )
        except ScenarioError as error:
            for fault in error.faults:
                faults.setdefault(fault, year)
    if faults:
        raise ScenarioError(
            [
                joined((fault, bracketed(said("from {year} on", year=str(year)))), " ")
                for fault, year in faults.items()
            ],
            str(file),
        )
    return Roadmap(definition, scenarios)


def _of_year(scenario: Scenario, year: int) -> Scenario:
    """The study of a year, in which what opens later does not stand yet."""
    existing = scenario.sites.existing
    if existing is None or existing.year is not None:
        return scenario
    dated = existing.model_copy(update={"year": year})
    return scenario.model_copy(
        update={"sites": scenario.sites.model_copy(update={"existing": dated})}
    )

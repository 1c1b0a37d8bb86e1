"""The search of a study, and what all its plans keep to: section ``optimization``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from planner.said import said
from planner.scenario.parameter_sets import NotNegative, Section, Share, Whole
from planner.scenario.point_bounds import PointBounds  # pydantic reads the annotations


class LawOfPlans(Section):
    """What every plan has to fulfil as far as its sites can."""

    afir: Literal[2025, 2027, 2030] = Field(
        description="Year at whose end plans fulfil Article 4 of the regulation on charging "
        "infrastructure (AFIR) along the TEN-T roads; the network must say which these are."
    )


class Optimization(Section):
    """The search for the Pareto set of numbers of charging points (NSGA-II)."""

    objectives: tuple[str, ...] = Field(
        default=("mean_wait_min", "tcu"),
        min_length=2,
        max_length=3,
        description="Two or three figures of a plan that the search makes as good as it can; the "
        "section Objectives of docs/reference/scenario.md lists them.",
    )
    law: LawOfPlans | None = Field(
        default=None,
        description="Law that sets the fewest points of each site; none without it.",
    )
    bounds: PointBounds | None = Field(
        default=None,
        description="Fewest and most points of single sites in every plan, such as changes made "
        "on the workbench or the plan of a later year; none without it.",
    )
    population: Whole = Field(default=100, ge=8, le=2000, description="Layouts in a generation.")
    max_generations: Whole = Field(
        default=500, ge=1, le=100_000, description="Generations after which the search ends anyway."
    )
    convergence_tolerance: NotNegative = Field(
        default=1e-4,
        le=0.1,
        description="The search ends when the front's hypervolume gains no more than this share "
        "within convergence_window; 0 searches to max_generations.",
    )
    convergence_window: Whole = Field(
        default=5, ge=1, le=1000, description="Generations over which that gain is measured."
    )
    archive_size: Whole = Field(
        default=2000, ge=50, le=100_000, description="Undominated layouts kept while searching."
    )
    compare_methods: bool = Field(
        default=False,
        description="Whether to hold the front against quantile layouts and a plain NSGA-II with "
        "as many simulations, for a table of the report; it takes about as long as the search and "
        "changes no plan.",
    )
    max_solutions: Whole = Field(
        default=100, ge=5, le=500, description="Solutions of the front that are reported."
    )
    wait_tolerance_min: NotNegative = Field(
        default=0.05,
        le=1440.0,
        description="The logistics solution may wait this much longer than the least wait of the "
        "front, minutes: the last seconds would cost a great many points.",
    )
    energy_loss_share: Share = Field(
        default=0.001,
        lt=1.0,
        description="The cpo solution serves all but this share of the most energy that any "
        "solution of the front serves within the simulated days.",
    )

    @field_validator("objectives")
    @classmethod
    def _each_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(names)) != len(names):
            msg = said("each objective once; found {listed}", listed=", ".join(names))
            raise ValueError(msg)
        return names

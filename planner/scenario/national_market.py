"""Competing operators at every site of a plan: the section ``market`` of a scenario."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from planner.said import said
from planner.scenario.market_sections import OperatorTerms, UpdateRules
from planner.scenario.parameter_sets import NotNegative, Number, Positive, Section, Whole
from planner.scenario.patterns import OperatorName


class SiteOperator(OperatorTerms):
    """An operator that may build at every site."""

    min_chargers: Whole = Field(
        default=0,
        ge=0,
        le=1000,
        description="Points that it keeps at each of its sites whatever they earn; 0 lets it leave "
        "a site, or never come.",
    )


class Corridors(Section):
    """Competition between sites: trucks charge elsewhere on their way where that costs less."""

    max_extra_min: NotNegative = Field(
        default=6.0,
        le=60.0,
        description="Longest additional driving time to another site, minutes.",
    )
    n_rounds: Whole = Field(
        default=40,
        ge=4,
        le=1000,
        description="Times at which trucks learn what the other sites cost; in between, operators "
        "take their turns at all sites at once.",
    )


class NationalMarket(Section):
    """Operators compete at the sites of the balanced plan."""

    operators: dict[OperatorName, SiteOperator] = Field(
        default={"north": {}, "south": {}},  # validated like any other
        validate_default=True,
        min_length=1,
        max_length=8,
        description="Operators by name; they take turns in this order. A site with fewer points "
        "in the plan has one operator per point, chosen in turns.",
    )
    min_operators: Whole = Field(
        default=1,
        ge=1,
        le=8,
        description="Sites that have room for fewer operators than this keep the price cap and "
        "the plan's points.",
    )
    price_cap_eur_kwh: Positive = Field(
        le=10.0,
        description="Highest price that is allowed, EUR/kWh. Must be given: trucks that have no "
        "other site on their way pay any price.",
    )
    truck_eur_min: NotNegative = Field(
        default=0.6, le=10.0, description="Cost of a minute of a truck with its driver, EUR/min."
    )
    queue_uncertainty: NotNegative = Field(
        default=1.5,
        le=10.0,
        description="Factor by which an expected queue weighs more because it is uncertain.",
    )
    days_per_week: Number = Field(
        default=5.0,
        gt=0.0,
        le=7.0,
        description="Days of a week that are like the simulated ones; charging points cost on "
        "all seven.",
    )
    corridors: Corridors | None = Field(
        default_factory=Corridors,
        description="Competition between sites; without it each site's trucks are its own.",
    )
    day_types: bool = Field(
        default=False,
        description="Whether each simulated day has prices of its own; otherwise all have the same "
        "24. It needs as many times the n_iterations as there are days.",
    )
    max_growth: Number = Field(
        default=3.0,
        ge=1.0,
        le=20.0,
        description="Most points that operators may build at a site, in parts of the plan's.",
    )
    rules: UpdateRules = Field(default_factory=UpdateRules)
    n_iterations: Whole = Field(
        default=8000,
        ge=100,
        le=1_000_000,
        description="Turns at each site, of all operators together; the second half is the result.",
    )
    n_seeds: Whole = Field(
        default=3, ge=1, le=100, description="Repetitions with other random numbers, for a band."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for name, operator in self.operators.items():
            operator.check_cap(name, self.price_cap_eur_kwh)
        if self.min_operators > len(self.operators):
            msg = said(
                "min_operators of at most {n}, the number of operators; found {min_operators}",
                n=len(self.operators),
                min_operators=str(self.min_operators),
            )
            raise ValueError(msg)
        if self.corridors is not None and self.n_iterations < self.corridors.n_rounds:
            msg = said(
                "n_iterations of at least corridors.n_rounds ({n_rounds}); found {n_iterations}",
                n_rounds=str(self.corridors.n_rounds),
                n_iterations=str(self.n_iterations),
            )
            raise ValueError(msg)
        return self

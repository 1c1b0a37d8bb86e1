"""What every market shares: operators with their costs, their rules, and how trucks choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from planner.said import said
from planner.scenario.operator_costs import OperatorCosts
from planner.scenario.parameter_library import library_of
from planner.scenario.parameter_sets import NotNegative, Positive, Section, Share, Whole

if TYPE_CHECKING:
    from collections.abc import Collection


class OperatorTerms(Section):
    """What an operator pays, and how it may set its prices."""

    costs: OperatorCosts = Field(
        default="karlsson-grauers-2024",  # a name, looked up like any other
        validate_default=True,
        description="A name from config/operator_costs.yaml, or the costs themselves.",
        json_schema_extra=lambda schema: schema.update(
            anyOf=[{"type": "string"}, {"$ref": schema.pop("$ref")}]
        ),
    )
    tariff: Literal["hourly", "fixed"] = Field(
        default="hourly",
        description="hourly: a price of its own for every hour; fixed: one price at all times.",
    )

    @field_validator("costs", mode="before")
    @classmethod
    def _costs_by_name(cls, value: object, info: ValidationInfo) -> object:
        return library_of(info).operator_costs(value) if isinstance(value, str) else value

    def check_cap(self, name: str, price_cap_eur_kwh: float) -> None:
        """Refuse a cap below what an operator of this name pays, as a fault of the section."""
        lowest = self.costs.electricity_eur_kwh + self.costs.min_margin_eur_kwh
        if price_cap_eur_kwh < lowest:
            msg = said(
                "price_cap_eur_kwh of at least {lowest}, what electricity and the least "
                "margin cost {name}; found {price_cap_eur_kwh}",
                lowest=f"{lowest:g}",
                name=name,
                price_cap_eur_kwh=f"{price_cap_eur_kwh:g}",
            )
            raise ValueError(msg)


class Operator(OperatorTerms):
    """A charge point operator: what it begins with, what it pays and what binds it."""

    n_chargers: Whole = Field(
        default=10, ge=0, le=1000, description="Charging points that it begins with."
    )
    price_eur_kwh: Positive = Field(
        default=0.3, le=10.0, description="Price at all hours that it begins with, EUR/kWh."
    )
    min_chargers: Whole = Field(
        default=1,
        ge=0,
        le=1000,
        description="Charging points that it keeps whatever they earn, as a concession may ask "
        "for; 1 keeps the site open, 0 lets the operator leave it.",
    )
    max_chargers: Whole = Field(
        default=100,
        ge=1,
        le=1000,
        description="Most charging points that it can build at the site.",
    )

    @model_validator(mode="after")
    def _begins_within_its_bounds(self) -> Self:
        if not self.min_chargers <= self.n_chargers <= self.max_chargers:
            msg = said(
                "n_chargers from min_chargers ({min_chargers}) to max_chargers "
                "({max_chargers}); found {n_chargers}",
                min_chargers=str(self.min_chargers),
                max_chargers=str(self.max_chargers),
                n_chargers=str(self.n_chargers),
            )
            raise ValueError(msg)
        return self


class TruckChoice(Section):
    """How trucks choose between operators: energy x price + cost of time x expected queue."""

    truck_eur_min: NotNegative = Field(
        default=0.6,
        le=10.0,
        description="Cost of a minute of a truck with its driver, EUR/min.",
    )
    queue_uncertainty: NotNegative = Field(
        default=1.5,
        le=10.0,
        description="Factor by which an expected queue weighs more because it is uncertain.",
    )
    waits: Literal["queue", "booking"] = Field(
        default="queue",
        description="queue: a truck judges its wait by the trucks that queue per charging point; "
        "booking: it books and knows the wait, so that the factor for uncertainty falls away.",
    )
    outside_price_eur_kwh: Positive | None = Field(
        default=None,
        le=10.0,
        description="Price at the next site, to which a truck drives on where all operators cost "
        "more, queue included, EUR/kWh; without it trucks pay what is asked.",
    )
    outside_detour_eur: NotNegative = Field(
        default=0.0, le=1000.0, description="What driving on to the next site costs a truck, EUR."
    )


class UpdateRules(Section):
    """How operators change their offers: the probability of each rule when their turn comes."""

    remove_charger: Share = Field(
        default=0.5,
        description="Remove a charging point where the last one earned less than it costs.",
    )
    add_charger: Share = Field(
        default=0.5,
        description="Add a charging point where the last one earned more than it costs.",
    )
    undercut_busier: Share = Field(
        default=0.5,
        description="Go a step below a rival in an hour in which the rival's charging points are "
        "busier.",
    )
    raise_queued: Share = Field(default=0.5, description="Raise the price in an hour with a queue.")
    raise_any: Share = Field(default=0.5, description="Raise the price in an hour drawn at random.")
    lower_dearer: Share = Field(
        default=0.5,
        description="Go down to a rival's price, or a step below it, in an hour in which it is not "
        "cheaper than the rival.",
    )
    match_share: Share = Field(
        default=0.5, description="Share of these that meet the rival's price, not go below it."
    )
    step_eur_kwh: Positive = Field(
        default=0.005, le=1.0, description="Step of prices (delta), EUR/kWh."
    )
    one_at_a_time: bool = Field(
        default=True,
        description="Whether an operator tries one rule in its turn, drawn in proportion to the "
        "probabilities, rather than each rule with its own.",
    )

    @model_validator(mode="after")
    def _something_can_change(self) -> Self:
        chances = (
            self.remove_charger,
            self.add_charger,
            self.undercut_busier,
            self.raise_queued,
            self.raise_any,
            self.lower_dearer,
        )
        if not any(chances):
            msg = said("at least one rule with a probability above 0; found none")
            raise ValueError(msg)
        return self


def fault_of_unbounded_prices(
    operators: Collection[Operator], trucks: TruckChoice, price_cap_eur_kwh: float | None
) -> str:
    """Why prices of a market could rise without end; empty where they cannot.

    Demand does not depend on price: an operator that is or comes to be alone could ask anything.
    """
    if price_cap_eur_kwh is not None or trucks.outside_price_eur_kwh is not None:
        return ""
    n_staying = sum(operator.min_chargers > 0 for operator in operators)
    if n_staying >= 2:
        return ""
    return said(
        "price_cap_eur_kwh or trucks.outside_price_eur_kwh to be set, for an operator is alone "
        "and trucks charge at any price: its prices would rise without end; found neither"
        if len(operators) == 1
        else "price_cap_eur_kwh or trucks.outside_price_eur_kwh to be set, for an operator can "
        "come to be alone (min_chargers: 0) and trucks charge at any price: its prices would rise "
        "without end; found neither"
    )

"""What running charging points costs: the named sets of ``config/operator_costs.yaml``."""

from __future__ import annotations

from pydantic import Field

from planner.scenario.parameter_sets import NotNegative, Positive, Section


class OperatorCosts(Section):
    """Costs of a charge point operator."""

    description: str = Field(default="", description="What the costs stand for.")
    electricity_eur_kwh: NotNegative = Field(
        le=5.0, description="What a kWh costs the operator, grid fees by energy included, EUR/kWh."
    )
    charger_eur_kw_day: NotNegative = Field(
        le=50.0,
        description="What a charging point costs a day per kW of its power, used or not: "
        "depreciation, interest, fixed grid fees, upkeep, EUR/kW/day.",
    )
    min_margin_eur_kwh: Positive = Field(
        default=0.001,
        le=5.0,
        description="Least that a price stands above the cost of electricity, EUR/kWh.",
    )
    source: str = Field(default="", description="Where the figures come from.")

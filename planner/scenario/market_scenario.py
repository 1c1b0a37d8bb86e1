"""A market at one site as a validated study: ``planner market`` runs it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from planner.errors import quoted
from planner.said import said
from planner.scenario.bundled import bundled_path
from planner.scenario.input_paths import InputPath
from planner.scenario.load import bundled_or_given, parse_override, read_document
from planner.scenario.market_sections import (
    Operator,
    TruckChoice,
    UpdateRules,
    fault_of_unbounded_prices,
)
from planner.scenario.parameter_sets import (
    NotNegative,
    Number,
    Positive,
    Section,
    Share,
    Whole,
)
from planner.scenario.patterns import OperatorName, StudyName
from planner.scenario.table_sections import TableSection

if TYPE_CHECKING:
    from collections.abc import Sequence

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TYPICAL_DAYS = "config/typical_days"
"""Folder of the days that come with the planner."""


class BuiltinDay(Section):
    """A typical day that comes with the planner."""

    source: Literal["builtin"]
    day: str = Field(
        default="odeshog", description="Name of a file of config/typical_days, without .csv."
    )

    @field_validator("day")
    @classmethod
    def _is_there(cls, day: str) -> str:
        names = sorted(path.stem for path in bundled_path(TYPICAL_DAYS).glob("*.csv"))
        if day not in names:
            msg = said("one of {listed}; found {day}", listed=", ".join(names), day=quoted(day))
            raise ValueError(msg)
        return day


class FileDay(TableSection):
    """A typical day from a table with a row per truck."""

    source: Literal["file"]
    path: InputPath = Field(
        description="CSV, Excel or Parquet file with the column arrival_min, minutes after "
        "midnight, 0 to below 1440; optional columns energy_kwh and charging_min replace "
        "those of the section trucks."
    )


class HourlyDay(Section):
    """A typical day from the number of trucks in each hour, evenly spread within the hour."""

    source: Literal["hourly"]
    trucks_per_hour: tuple[Annotated[Whole, Field(ge=0, le=10_000)], ...] = Field(
        min_length=24, max_length=24, description="Trucks that arrive in each hour, 0 to 23."
    )

    @field_validator("trucks_per_hour")
    @classmethod
    def _somebody_comes(cls, counts: tuple[int, ...]) -> tuple[int, ...]:
        if not any(counts):
            msg = said("at least one truck; found none")
            raise ValueError(msg)
        return counts


TypicalDay = Annotated[BuiltinDay | FileDay | HourlyDay, Field(discriminator="source")]


class MarketTrucks(TruckChoice):
    """The trucks that come to the site."""

    energy_kwh: Positive = Field(
        default=360.0, le=2000.0, description="Energy that a truck charges, kWh."
    )
    charging_kw: Positive = Field(
        default=720.0,
        le=5000.0,
        description="Mean power of a charging point while it charges, by which its cost is "
        "counted, kW.",
    )


class MarketScenario(Section):
    """One study of a market: who comes, who offers, and how offers change."""

    name: StudyName
    description: str = Field(default="", description="What the study asks, for the report.")
    seed: Whole = Field(default=1, ge=0, lt=2**32, description="Seed of all random draws.")
    arrivals: TypicalDay
    week: dict[Weekday, Annotated[Number, Field(ge=0.0, le=10.0)]] | None = Field(
        default=None,
        description="Trucks on each day of the week, in parts of the typical day's; each day then "
        "has prices of its own and all share the charging points. Without it every day is the "
        "typical one. Days that are not named have no trucks.",
    )
    demand_variation_share: Share = Field(
        default=1.0,
        gt=0.0,
        description="Mean demand over the year in parts of the typical day's (f of the study): "
        "a charging point's cost is divided by it, its use multiplied. 1 with `week`.",
    )
    carry_over_h: NotNegative = Field(
        default=3.0,
        le=24.0,
        description="Trucks that came so long before midnight still charge or queue when the day "
        "begins, hours; 0 begins with an empty site.",
    )
    trucks: MarketTrucks = Field(default_factory=MarketTrucks)
    operators: dict[OperatorName, Operator] = Field(
        min_length=1,
        max_length=8,
        description="Operators by name; they take turns in this order.",
    )
    price_cap_eur_kwh: Positive | None = Field(
        default=None,
        le=10.0,
        description="Highest price that is allowed, EUR/kWh. This or trucks.outside_price_eur_kwh "
        "must be given where an operator is, or can come to be, alone.",
    )
    rules: UpdateRules = Field(default_factory=UpdateRules)
    n_iterations: Whole = Field(
        default=20_000,
        ge=100,
        le=10_000_000,
        description="Turns, of all operators together; the second half is the result.",
    )
    n_seeds: Whole = Field(
        default=10, ge=1, le=1000, description="Repetitions with other random numbers, for a band."
    )
    alternatives: bool = Field(
        default=True,
        description="Whether to run other starts, rules, tariffs and numbers of operators too, for "
        "the report; it takes some 40 times as long.",
    )

    @model_validator(mode="after")
    def _a_price_is_bounded(self) -> Self:
        fault = fault_of_unbounded_prices(
            tuple(self.operators.values()), self.trucks, self.price_cap_eur_kwh
        )
        if fault:
            raise ValueError(fault)
        return self

    @model_validator(mode="after")
    def _a_cap_leaves_a_margin(self) -> Self:
        for name, operator in self.operators.items():
            if self.price_cap_eur_kwh is not None:
                operator.check_cap(name, self.price_cap_eur_kwh)
        return self

    @model_validator(mode="after")
    def _days_vary_in_one_way(self) -> Self:
        if self.week is None:
            return self
        if self.demand_variation_share != 1.0:
            msg = said(
                "demand_variation_share: 1 where week gives the days, which take its place; "
                "found {demand_variation_share}",
                demand_variation_share=f"{self.demand_variation_share:g}",
            )
            raise ValueError(msg)
        if not any(self.week.values()):
            msg = said("week: trucks on at least one day; found none")
            raise ValueError(msg)
        return self


def load_market(path: str | Path, overrides: Sequence[str] = ()) -> MarketScenario:
    """Read and validate a market scenario.

    Parameters
    ----------
    path : str or Path
        A scenario file, or the name of one that comes with the planner (``odeshog-market``).
    overrides : sequence of str
        ``key.path=value`` each, applied before validation.

    Raises
    ------
    ScenarioError
        With all faults at once.
    """
    document = read_document(bundled_or_given(Path(path)), "market")
    return document.section(MarketScenario, [parse_override(override) for override in overrides])

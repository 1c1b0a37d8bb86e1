"""Where the trips of a study come from: the ``demand`` section."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from planner.scenario.input_paths import InputPath
from planner.scenario.parameter_sets import NotNegative, Section, Share

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class InitialSoc(Section):
    """State of charge with which trucks set out."""

    full_share: Share = Field(
        default=0.5, description="Share of trips that start full (depot or destination charging)."
    )
    min_share: Share = Field(
        default=0.2, description="Lowest state of charge of the other trips, share of the battery."
    )
    arrival_histogram: InputPath | None = Field(
        default=None,
        description="arrival_soc.csv of an earlier run, from which the other trips draw; "
        "without it they draw uniformly from min_share to 1.",
    )


class DemandCommon(Section):
    """What every source of demand shares."""

    electrification_share: Share = Field(
        default=0.10, gt=0.0, description="Share of trucks that are battery-electric, 0 to 1."
    )
    days: tuple[Day, ...] = Field(
        default=("mon", "tue", "wed", "thu"),
        min_length=1,
        description="Days on which trips depart; the simulated time begins at Monday 00:00.",
    )
    min_distance_km: NotNegative = Field(
        default=300.0, le=3000.0, description="Shortest trip that counts as long-haul, km."
    )
    loaded_share: Share = Field(default=0.76, description="Share of trips that carry freight.")
    initial_soc: InitialSoc = Field(default_factory=InitialSoc)

    @field_validator("days")
    @classmethod
    def _days_once_and_in_order(cls, days: tuple[Day, ...]) -> tuple[Day, ...]:
        week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        if len(set(days)) != len(days):
            msg = f"each day once; found {', '.join(days)}"
            raise ValueError(msg)
        first, last = (week.index(min(days, key=week.index)), week.index(max(days, key=week.index)))
        if last - first + 1 != len(days):
            msg = f"consecutive days; found {', '.join(days)}"
            raise ValueError(msg)
        return tuple(sorted(days, key=week.index))


class BuiltinDemand(DemandCommon):
    """German long-haul freight from the built-in gravity model."""

    source: Literal["builtin"]


class OdTableDemand(DemandCommon):
    """A table of trucks per year between nodes of the network."""

    source: Literal["od_table"]
    path: InputPath = Field(description="CSV file with a row per origin and destination.")
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Which column holds what, where the usual names are not used: "
        "origin, destination, trucks_per_year.",
    )


Demand = Annotated[BuiltinDemand | OdTableDemand, Field(discriminator="source")]

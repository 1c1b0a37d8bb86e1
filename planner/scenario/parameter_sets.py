"""Named parameter sets that scenarios refer to: vehicles, driver rules with weeks and bans.

Each set is one entry of a YAML file in ``config/``; the models here say what an entry may hold, in
which unit and range, and are the single source for validation and for the reference in the docs.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Annotated, Literal, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    ValidationInfo,
    field_validator,
    model_validator,
)

from planner.said import said
from planner.scenario.patterns import Date

# Otherwise text and truth values pass for numbers, "1_0" and digits of other scripts too.
Number = Annotated[float, Strict()]
"""A number written as one: not in quotes, not true or false."""
Whole = Annotated[int, Strict()]
"""A whole number written as one."""
Share = Annotated[Number, Field(ge=0.0, le=1.0)]
"""A part of a whole, 0 to 1."""
Positive = Annotated[Number, Field(gt=0.0)]
NotNegative = Annotated[Number, Field(ge=0.0)]
CurvePoint = tuple[Share, Annotated[Number, Field(ge=1.0, le=10_000.0)]]
"""A state of charge and the power there, kW."""
Money = Annotated[NotNegative, Field(le=1e9)]
"""An amount or a price in any currency."""


Connector = Literal["mcs", "ccs"]
"""Connectors of high-power points and of trucks."""

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Day, ...] = get_args(Day)


class Section(BaseModel):
    """Base of all parts of a scenario: unknown keys are refused, values cannot change."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, allow_inf_nan=False)


class VehicleClass(Section):
    """A class of battery-electric trucks."""

    description: str = Field(default="", description="What the class stands for.")
    battery_kwh: Number = Field(ge=1.0, le=100_000.0, description="Usable battery capacity, kWh.")
    consumption_loaded_kwh_km: Number = Field(
        ge=0.01, le=100.0, description="Consumption with freight, kWh/km."
    )
    consumption_empty_kwh_km: Number = Field(
        ge=0.01, le=100.0, description="Consumption without freight, kWh/km."
    )
    max_charging_kw: Number = Field(
        ge=1.0, le=10_000.0, description="Highest power the truck accepts, kW."
    )
    connectors: tuple[Connector, ...] = Field(
        default=("mcs", "ccs"),
        min_length=1,
        description="Connectors that the truck has; read by `planner classes` alone.",
    )
    min_soc_share: Share = Field(
        default=0.2, description="State of charge the truck never falls below."
    )
    charging_curve: tuple[CurvePoint, ...] = Field(
        default=(),
        description="Power that the truck accepts over its state of charge: pairs of share and kW, "
        "ascending, linear between them and the same beyond the first and last; or the name of a "
        "table with the columns soc_share and power_kw. Without it `max_charging_kw` up to full.",
    )
    mean_speed_kmh: Number = Field(
        default=80.0,
        ge=1.0,
        le=130.0,
        description="Mean speed of the truck where the road is not slower, km/h.",
    )
    source: str = Field(default="", description="Where the figures come from.")

    def power_at_kw(self, point_kw: float) -> float:
        """Highest power at a charging point, kW: the lower of what it gives and the truck takes."""
        of_curve_kw = max((kw for _, kw in self.charging_curve), default=self.max_charging_kw)
        return min(point_kw, self.max_charging_kw, of_curve_kw)

    @field_validator("charging_curve", mode="before")
    @classmethod
    def _curve_of_file(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, str):
            return value
        from planner.scenario.charging_curve_file import read_curve  # noqa: PLC0415 (pandas)

        return read_curve(value, info)

    @field_validator("charging_curve")
    @classmethod
    def _curve_ascends(cls, points: tuple[CurvePoint, ...]) -> tuple[CurvePoint, ...]:
        shares = [share for share, _ in points]
        for before, after in pairwise(shares):
            if not before < after:
                msg = said(
                    "shares that ascend from point to point; found {before} before {after}",
                    before=f"{before:g}",
                    after=f"{after:g}",
                )
                raise ValueError(msg)
        return points


class DrivingBan(Section):
    """Hours in which no truck drives: who is under way waits, others set out at the end."""

    days: tuple[Day, ...] = Field(
        default=("sun",),
        max_length=6,
        description="Days of the week with a ban, every week alike; add those of public holidays, "
        "or give `week_of`.",
    )
    week_of: Date | None = Field(
        default=None,
        description="A day of the week that the study stands for, for example `2026-05-14`: the "
        "public holidays of all of Germany in that week have the ban too. Those of single states "
        "have not.",
    )
    from_h: Number = Field(
        default=0.0, ge=0.0, lt=24.0, description="Begin of the ban, hours of the day."
    )
    until_h: Number = Field(
        default=22.0, gt=0.0, le=24.0, description="End of the ban, hours of the day."
    )

    @model_validator(mode="after")
    def _leaves_time_to_drive(self) -> Self:
        if self.until_h - self.from_h < 1.0:
            msg = said(
                "until_h at least an hour after the {from_h} of from_h; found {until_h}",
                from_h=f"{self.from_h:g}",
                until_h=f"{self.until_h:g}",
            )
            raise ValueError(msg)
        if len(self.all_days) == len(WEEK):
            msg = said("at least one day of the week without a ban; found none")
            raise ValueError(msg)
        return self

    @property
    def all_days(self) -> tuple[Day, ...]:
        """Days of the week with a ban, public holidays included, in the order of the week."""
        found = set(self.days)
        if self.week_of is not None:
            import holidays  # noqa: PLC0415 (takes long, and few studies ask)

            monday = self.week_of - dt.timedelta(days=self.week_of.weekday())
            of_week = [monday + dt.timedelta(days=day) for day in range(len(WEEK))]
            known = holidays.country_holidays("DE", years={day.year for day in of_week})
            found |= {name for name, day in zip(WEEK, of_week, strict=True) if day in known}
        return tuple(day for day in WEEK if day in found)


class WeeklyLimits(Section):
    """What a driver may do between two weekly rests; days are counted by daily rests."""

    begins: Literal["monday", "trip"] = Field(
        default="monday",
        description="What the driver has done before a trip, which no source of demand tells: "
        "`monday`, he has driven out every day since Monday; `trip`, he sets out after a weekly "
        "rest.",
    )
    long_day_h: Positive = Field(
        default=10.0, le=24.0, description="Driving time of the first days of a week, hours."
    )
    long_days: Whole = Field(default=2, ge=0, le=6, description="How many days may be so long.")
    reduced_rest_h: Positive = Field(
        default=9.0, le=24.0, description="Length of the first daily rests of a week, hours."
    )
    reduced_rests: Whole = Field(
        default=3, ge=0, le=6, description="How many daily rests may be so short."
    )
    days: Whole = Field(
        default=6, ge=1, le=6, description="Most days of driving between two weekly rests."
    )
    driving_h: Positive = Field(
        default=56.0, le=168.0, description="Longest driving time in a week, hours."
    )
    two_weeks_driving_h: Positive = Field(
        default=90.0, le=336.0, description="Longest driving time in two weeks, hours."
    )
    weekly_rest_h: Positive = Field(
        default=45.0, le=168.0, description="Length of the weekly rest, hours."
    )

    @model_validator(mode="after")
    def _two_weeks_are_more_than_one(self) -> Self:
        if not self.two_weeks_driving_h > self.driving_h:
            msg = said(
                "two_weeks_driving_h above the {driving_h} h of driving_h; found "
                "{two_weeks_driving_h}",
                driving_h=f"{self.driving_h:g}",
                two_weeks_driving_h=f"{self.two_weeks_driving_h:g}",
            )
            raise ValueError(msg)
        return self


class DriverRules(Section):
    """Driving times, breaks and rests of one driver (Regulation (EC) No 561/2006)."""

    description: str = Field(default="", description="What the rule set stands for.")
    max_driving_before_break_h: Positive = Field(
        default=4.5, le=1000.0, description="Longest driving time without a break, hours."
    )
    break_h: Positive = Field(
        default=0.75, le=24.0, description="Length of the mandatory break, hours."
    )
    split_break_h: tuple[Positive, Positive] | None = Field(
        default=None,
        description="Lengths of the two parts that a break may be taken in, in this order, hours. "
        "A stop for energy that is as long as the first part, or drawn out to it, counts as that; "
        "drivers who follow `break_first` do not split breaks.",
    )
    max_driving_before_rest_h: Positive = Field(
        default=9.0, le=1000.0, description="Longest driving time between two daily rests, hours."
    )
    rest_h: Positive = Field(default=11.0, le=168.0, description="Length of the daily rest, hours.")
    hpc_release: Literal["end_of_break", "when_charged"] = Field(
        default="end_of_break",
        description="When a charging point becomes free: with the break, or as soon as charging "
        "is complete.",
    )
    week: WeeklyLimits | None = Field(
        default=None, description="Limits by the week; without them every day is as the others."
    )
    driving_ban: DrivingBan | None = Field(
        default=None, description="When no truck drives; without it trucks drive at any time."
    )
    source: str = Field(default="", description="Where the figures come from.")

    @model_validator(mode="after")
    def _days_are_the_regular_ones(self) -> Self:
        week = self.week
        if week is None:
            return self
        if week.long_day_h < self.max_driving_before_rest_h:
            msg = said(
                "week.long_day_h of at least the {max_driving_before_rest_h} h of "
                "max_driving_before_rest_h; found {long_day_h}",
                max_driving_before_rest_h=f"{self.max_driving_before_rest_h:g}",
                long_day_h=f"{week.long_day_h:g}",
            )
            raise ValueError(msg)
        if week.driving_h < week.long_day_h:
            msg = said(
                "week.driving_h of at least the {long_day_h} h of week.long_day_h, one day of "
                "driving; found {driving_h}",
                long_day_h=f"{week.long_day_h:g}",
                driving_h=f"{week.driving_h:g}",
            )
            raise ValueError(msg)
        if not week.reduced_rest_h <= self.rest_h <= week.weekly_rest_h:
            msg = said(
                "week.reduced_rest_h up to and week.weekly_rest_h from the {rest_h} h of "
                "rest_h; found {reduced_rest_h} and {weekly_rest_h}",
                rest_h=f"{self.rest_h:g}",
                reduced_rest_h=f"{week.reduced_rest_h:g}",
                weekly_rest_h=f"{week.weekly_rest_h:g}",
            )
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _parts_make_a_break(self) -> Self:
        first_h, second_h = self.split_break_h or (0.0, self.break_h)
        if first_h + second_h < self.break_h or second_h > self.break_h:
            msg = said(
                "split_break_h of two parts that make at least the {break_h} h of break_h, the "
                "second no longer than it; found [{first_h}, {second_h}]",
                break_h=f"{self.break_h:g}",
                first_h=f"{first_h:g}",
                second_h=f"{second_h:g}",
            )
            raise ValueError(msg)
        return self

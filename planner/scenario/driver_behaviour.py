"""How drivers choose where and when to stop: planned exactly, or by a rule of thumb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from planner.said import said
from planner.scenario.parameter_sets import NotNegative, Positive, Section, Share, Whole

if TYPE_CHECKING:
    from planner.scenario.parameter_sets import DriverRules

_OF_ALL = (
    "description",
    "stop_planning",
    "stop_cost_min",
    "below_minimum",
    "floor_soc_share",
    "source",
)
"""Keys that count however stops are planned."""

_Hours = Annotated[NotNegative, Field(le=24.0)]


class SiteSearch(Section):
    """Where a driver who follows `break_first` looks for a site."""

    nearest: Whole = Field(
        default=5, ge=1, le=1000, description="Sites looked at around the point of the way."
    )
    before_limit_min: NotNegative = Field(
        default=10.0,
        le=600.0,
        description="How long before the driving limit that point lies, minutes.",
    )
    window_h: tuple[_Hours, _Hours] = Field(
        default=(4.0, 5.0),
        description="Driving since the last break within which the site is reached, hours. Nobody "
        "drives on beyond the second value; before the first he stops only where no other of the "
        "nearest sites is within the detour.",
    )
    detour_km: Positive = Field(
        default=10.0,
        le=1000.0,
        description="Longest detour through a site, km; a longer one is driven only where none of "
        "the nearest sites is within it.",
    )


class DriverBehaviour(Section):
    """How drivers choose where and when to stop."""

    description: str = Field(default="", description="What the behaviour stands for.")
    stop_planning: Literal["least_time", "break_first"] = Field(
        default="least_time",
        description="`least_time`: the stops with which the truck arrives first. `break_first`: a "
        "stop whenever a break or rest is due, and one more where the charge runs out before; "
        "most other keys of the section belong to it.",
    )
    stop_cost_min: NotNegative = Field(
        default=3.0,
        le=60.0,
        description="Time that every stop takes beside its break, rest or charging, at a site or "
        "without a charging point: leaving the road and parking, minutes.",
    )
    plug_in_at_breaks: Literal["if_useful", "partly_charged", "always"] = Field(
        default="if_useful",
        description="Who charges when a break or rest is due: only who needs it for the rest of "
        "his trip, everyone who did not start full too, or everyone.",
    )
    energy_stop: Literal["as_needed", "full_break"] = Field(
        default="as_needed",
        description="Length of a stop made for energy alone: as long as its energy takes, or a "
        "whole break.",
    )
    energy_stop_counts_as_break: bool = Field(
        default=False,
        description="Whether that stop counts as the break; only with `full_break`.",
    )
    energy_stop_reserve_kwh: NotNegative = Field(
        default=14.0,
        le=1000.0,
        description="What it charges beyond the consumption up to the next break, rest or "
        "destination, kWh; with `as_needed`.",
    )
    promote_to_break_after_h: Positive = Field(
        default=4.0,
        le=24.0,
        description="Driving since the last break after which it is made the break or rest at "
        "once, hours.",
    )
    daily_rest: Literal["after_driving_limit", "every_second_break"] = Field(
        default="after_driving_limit",
        description="When the daily rest comes: as the driver rules say, or in turn with breaks.",
    )
    site_search: SiteSearch = Field(
        default_factory=SiteSearch, description="Where the driver looks for a site."
    )
    below_minimum: Literal["strand", "to_first_site"] = Field(
        default="to_first_site",
        description="What a truck does that would come to its minimum before a site: it is "
        "unserved, or drives on to it. With `least_time` only trucks that start too low do so, and "
        "only to their first site.",
    )
    floor_soc_share: Share = Field(
        default=0.1,
        description="State of charge below which none falls then either; with `to_first_site`.",
    )
    source: str = Field(default="", description="Where the figures come from.")

    @property
    def is_break_first(self) -> bool:
        """Whether drivers follow the rule instead of an exact plan."""
        return self.stop_planning == "break_first"

    @model_validator(mode="after")
    def _every_key_counts(self) -> Self:
        fields = type(self).model_fields
        idle = [
            name
            for name in fields
            if name not in _OF_ALL
            and getattr(self, name) != fields[name].get_default(call_default_factory=True)
        ]
        if idle and not self.is_break_first:
            msg = said(
                "stop_planning: break_first, the only one that these keys count for "
                "({listed}); found stop_planning: least_time",
                listed=", ".join(idle),
            )
            raise ValueError(msg)
        if self.energy_stop_counts_as_break and self.energy_stop != "full_break":
            msg = said(
                "energy_stop: full_break beside energy_stop_counts_as_break: true, as a stop "
                "that is shorter than a break is none; found energy_stop: as_needed",
            )
            raise ValueError(msg)
        return self

    def check_limits(self, rules: DriverRules) -> None:
        """Refuse times that do not fit driver rules; ValueError that names the key."""
        if not self.is_break_first:
            return
        for key in ("week", "driving_ban"):
            if getattr(rules, key) is not None:
                msg = said(
                    "no driver_rules.{key} beside driver_behaviour.stop_planning: break_first, "
                    "whose rule knows none; set driver_rules to eu-561-flat or "
                    "driver_behaviour to least-time",
                    key=key,
                )
                raise ValueError(msg)
        limit_h, search = rules.max_driving_before_break_h, self.site_search
        early_h, late_h = search.window_h
        if not early_h <= limit_h <= late_h:
            msg = said(
                "driver_behaviour.site_search.window_h around the {limit_h} h of driving after "
                "which driver_rules ask for a break; found [{early_h}, {late_h}]",
                limit_h=f"{limit_h:g}",
                early_h=f"{early_h:g}",
                late_h=f"{late_h:g}",
            )
            raise ValueError(msg)
        promote_h = self.promote_to_break_after_h
        if promote_h > limit_h:
            msg = said(
                "driver_behaviour.promote_to_break_after_h of at most the {limit_h} h of "
                "driving after which driver_rules ask for a break; found {promote_h}",
                limit_h=f"{limit_h:g}",
                promote_h=f"{promote_h:g}",
            )
            raise ValueError(msg)

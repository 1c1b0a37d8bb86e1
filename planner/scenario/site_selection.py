"""Which of a study's sites stay open: the key ``selection`` of the section ``sites``."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from planner.said import said
from planner.scenario.parameter_sets import NotNegative, Positive, Section, Share, Whole

_RULES = ("at_most", "min_sessions_per_day", "least_system_cost", "objective")


class SiteSelection(Section):
    """What the sites of a study are reduced by before it is planned: one of four rules."""

    at_most: Whole | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="So many sites at most: those with which trucks lose least.",
    )
    min_sessions_per_day: Positive | None = Field(
        default=None,
        le=1e6,
        description="No site with fewer charging sessions on the mean day, high-power and "
        "overnight: the one with the fewest closes, its trucks plan anew, until all have enough.",
    )
    least_system_cost: Literal[True] | None = Field(
        default=None,
        description="As many sites as cost operators and trucks together least, by "
        "infrastructure_costs.",
    )
    objective: Literal["coverage"] | None = Field(
        default=None,
        description="coverage: the fewest sites with which `trips_share` of the trips take at most "
        "`more_time_share` more time than without charging.",
    )
    trips_share: Share | None = Field(
        default=None, description="Share of the trips, with `objective: coverage`."
    )
    more_time_share: NotNegative | None = Field(
        default=None,
        le=10.0,
        description="Time that charging may add, as a share of the time without, with `objective: "
        "coverage`; without queues.",
    )
    lost_trip_hours: NotNegative = Field(
        default=24.0,
        le=1000.0,
        description="Hours of a truck that a trip counts as which can no longer be driven.",
    )

    @model_validator(mode="after")
    def _has_one_rule(self) -> Self:
        named = [name for name in _RULES if getattr(self, name) is not None]
        if len(named) != 1:
            msg = said(
                "one of {listed}; found {value}",
                listed=", ".join(_RULES),
                value=", ".join(named) or "none",
            )
            raise ValueError(msg)
        of_coverage = {
            name: getattr(self, name) is not None for name in ("trips_share", "more_time_share")
        }
        if self.objective is not None and not all(of_coverage.values()):
            msg = said("trips_share and more_time_share beside objective: coverage")
            raise ValueError(msg)
        if self.objective is None and any(of_coverage.values()):
            msg = said(
                "trips_share and more_time_share beside objective: coverage; found {value}",
                value=named[0],
            )
            raise ValueError(msg)
        return self


class SelectableSites(Section):
    """A source of sites of which some may be left out before planning."""

    selection: SiteSelection | None = Field(
        default=None,
        description="Which of the sites stay open, found before planning; all without it. Sites "
        "where points stand already stay.",
    )

"""How trucks spread over ways: the section ``routing.route_spread``."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from planner.scenario.parameter_sets import NotNegative, Number, Section, Whole


class RouteSpreadSettings(Section):
    """How trucks of an OD pair spread over ways that take about as long."""

    hour_deviation_min: NotNegative = Field(
        default=3.0,
        le=30.0,
        description="Standard deviation of what one hour of driving takes from trip to trip, "
        "minutes; that of a longer way grows with the root of its time.",
    )
    road_deviation_share: Number = Field(
        default=0.05,
        ge=0.0,
        le=0.5,
        description="Standard deviation of what a road takes from one end to the other (logarithm; "
        "0.05 is about 5 %).",
    )
    draws: Whole = Field(
        default=8,
        ge=1,
        le=100,
        description="Draws of the driving times, of which each trip meets one by chance; ways are "
        "measured anew for each, which takes its time.",
    )


def with_usual_spread(keys: dict[str, Any]) -> dict[str, Any]:
    """Keys of a scenario as its file gives them, with spread routes where its demand asks for them.

    The built-in volumes that follow counts were computed for trucks that spread over routes: with
    one route a pair they miss what is counted. What the file says of routes goes before.
    """
    demand, routing = keys.get("demand"), keys.get("routing", {})
    if not isinstance(demand, dict) or not isinstance(routing, dict):
        return keys
    follows_counts = demand.get("source") == "builtin" and demand.get("fitted_to") != "sample"
    if not follows_counts or "route_spread" in routing:
        return keys
    return keys | {"routing": routing | {"route_spread": {}}}

"""What is assumed of drivers: the rules that they keep, and how they choose roads and stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.plan.assumption_sources import OWN, SCENARIO, STUDY
from planner.plan.plan_results import assumption

if TYPE_CHECKING:
    from planner.plan.plan_results import Assumption
    from planner.scenario.driver_behaviour import DriverBehaviour
    from planner.scenario.model import Scenario
    from planner.scenario.parameter_sets import DriverRules


def driver_assumptions(scenario: Scenario) -> tuple[Assumption, ...]:
    """Rules that drivers keep, how they choose roads and stops, and what these take them."""
    rules, routing = scenario.driver_rules, scenario.routing
    source = rules.source or SCENARIO
    release = {"end_of_break": "at the end of the break", "when_charged": "once charged"}
    return (
        assumption(
            "Break",
            "{minutes} min after at most {hours} h",
            "",
            source,
            minutes=60 * rules.break_h,
            hours=rules.max_driving_before_break_h,
        ),
        *_split_break(rules),
        assumption(
            "Daily rest",
            "{rest} h after at most {hours} h of driving",
            "",
            source,
            rest=rules.rest_h,
            hours=rules.max_driving_before_rest_h,
        ),
        *_week(rules),
        *_driving_ban(rules),
        assumption(
            "Leaving the road and parking, at every stop",
            scenario.driver_behaviour.stop_cost_min,
            "min",
            scenario.driver_behaviour.source or OWN,
        ),
        assumption("A point used in a break is free again", release[rules.hpc_release], "", STUDY),
        *(_by_rule(scenario) if scenario.driver_behaviour.is_break_first else _exact(scenario)),
        *_routes(scenario),
        assumption("Range left when leaving the country", routing.border_reserve_km, "km", OWN),
        assumption("Expected waiting when stops are chosen", "none", "", OWN),
    )


def _routes(scenario: Scenario) -> tuple[Assumption, ...]:
    """How trucks of an OD pair spread over ways, where they do."""
    spread = scenario.routing.route_spread
    if spread is None:
        return ()
    return (
        assumption(
            "Trucks of an OD pair spread over ways",
            "{draws} draws of the driving times: an hour varies by {minutes} min, a road by "
            "{percent} % (standard deviations)",
            "",
            OWN,
            draws=spread.draws,
            minutes=spread.hour_deviation_min,
            percent=100 * spread.road_deviation_share,
        ),
    )


def _split_break(rules: DriverRules) -> tuple[Assumption, ...]:
    """In which parts a break may be taken, where it may."""
    if rules.split_break_h is None:
        return ()
    first, second = (60 * hours for hours in rules.split_break_h)
    split = "{first} min, as a stop for energy, then {second} min"
    source = rules.source or SCENARIO
    return (assumption("A break may be split", split, "", source, first=first, second=second),)


def _week(rules: DriverRules) -> tuple[Assumption, ...]:
    """What a driver may do in a week, and what he has done of it before a trip."""
    week, source = rules.week, rules.source or SCENARIO
    if week is None:
        return ()
    before = {
        "monday": "driven out every day since Monday",
        "trip": "nothing since a weekly rest",
    }
    return (
        assumption(
            "Days of a driver's week",
            "{days}, of which {long} of {hours} h; then {rest} h of rest",
            "",
            source,
            days=week.days,
            long=week.long_days,
            hours=week.long_day_h,
            rest=week.weekly_rest_h,
        ),
        assumption(
            "Reduced daily rests in a driver's week",
            "{number} of {hours} h",
            "",
            source,
            number=week.reduced_rests,
            hours=week.reduced_rest_h,
        ),
        assumption(
            "Driving in a week and in two",
            "{week} h, {two} h",
            "",
            source,
            week=week.driving_h,
            two=week.two_weeks_driving_h,
        ),
        assumption("What a driver has done before a trip", before[week.begins], "", OWN),
    )


def _driving_ban(rules: DriverRules) -> tuple[Assumption, ...]:
    """When no truck drives."""
    ban = rules.driving_ban
    if ban is None:
        return ()
    return (
        assumption(
            "Driving ban",
            "{days}, {begin} to {end} h",
            "",
            rules.source or SCENARIO,
            begin=ban.from_h,
            end=ban.until_h,
            days=tuple(ban.all_days),
        ),
    )


def _exact(scenario: Scenario) -> tuple[Assumption, ...]:
    """How drivers choose who arrive first."""
    routing = scenario.routing
    return (
        assumption(
            "Longest detour to a site, first tried to last",
            "{detours}, any",
            "km",
            OWN,
            detours=tuple(f"{km:g}" for km in routing.corridor_detour_km),
        ),
        assumption(
            "Spread of the drivers' choices (Gumbel scale)", routing.taste_scale_min, "min", OWN
        ),
        assumption(
            "A truck from abroad that reaches no site",
            "charges right before the border for its first site, if need be to full",
            "",
            OWN,
        ),
        _below_minimum(scenario.driver_behaviour, "A truck that starts too low for its first site"),
    )


def _by_rule(scenario: Scenario) -> tuple[Assumption, ...]:
    """How drivers choose who follow `break_first`."""
    behaviour = scenario.driver_behaviour
    search, source = behaviour.site_search, behaviour.source or SCENARIO
    plugs_in = {
        "if_useful": "whoever needs it for the rest of the trip",
        "partly_charged": "whoever did not start full or needs it for the rest of the trip",
        "always": "everyone",
    }
    takes_turns = behaviour.daily_rest == "every_second_break"
    energy_stop = "as long as their energy takes, with {reserve} kWh in reserve"
    if behaviour.energy_stop == "full_break":
        energy_stop = "as long as a break, and no break by the rules"
        if behaviour.energy_stop_counts_as_break:
            energy_stop = "as long as a break, and one by the rules"
    return (
        assumption(
            "Choice of stops",
            "whenever a break or rest is due, and where the charge runs out before",
            "",
            source,
        ),
        assumption(
            "Who charges when a break or rest is due",
            plugs_in[behaviour.plug_in_at_breaks],
            "",
            source,
        ),
        assumption(
            "Breaks and daily rests",
            "in turn" if takes_turns else "each where the rules ask for it",
            "",
            source,
        ),
        assumption(
            "Sites looked at for a break or rest",
            "the {n} nearest to the way, {minutes} min before the limit",
            "",
            source,
            n=search.nearest,
            minutes=search.before_limit_min,
        ),
        assumption(
            "Site preferred",
            "the least extra driving; reached after {early} to {late} h, at most {km} km longer",
            "",
            source,
            early=search.window_h[0],
            late=search.window_h[1],
            km=search.detour_km,
        ),
        assumption(
            "Stops made for energy alone",
            energy_stop,
            "",
            source,
            reserve=behaviour.energy_stop_reserve_kwh,
        ),
        assumption(
            "Such a stop becomes the break or rest after",
            behaviour.promote_to_break_after_h,
            "h",
            source,
        ),
        _below_minimum(
            behaviour, "A truck that comes to its lowest state of charge without a site"
        ),
    )


def _below_minimum(behaviour: DriverBehaviour, who: str) -> Assumption:
    """What trucks do whose minimum state of charge does not take them to a site."""
    source = behaviour.source or SCENARIO
    if behaviour.below_minimum == "strand":
        return assumption(who, "is unserved", "", source)
    floor_percent = 100 * behaviour.floor_soc_share
    return assumption(
        who, "drives on to it, but not below {percent} %", "", source, percent=floor_percent
    )

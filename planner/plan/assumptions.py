"""The inputs and assumptions of a study that a reader may want to question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.plan.energy_at_ends import NIGHT_H
from planner.plan.plan_results import assumption
from planner.said import joined
from planner.scenario.site_sources import shared_part
from planner.tables.language import in_all_languages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.plan.plan_results import Assumption
    from planner.scenario.demand_sources import Demand
    from planner.scenario.driver_behaviour import DriverBehaviour
    from planner.scenario.model import Chargers, Scenario
    from planner.scenario.parameter_sets import DriverRules
    from planner.scenario.site_sources import SitesSection

STUDY = "Fadranski, Tietz, Göhlich 2026"
OWN = "this planner"
SCENARIO = "scenario"
COUNTS = (
    "computed from counts of heavy vehicles on motorways, 2018 to 2022, Bundesanstalt für "
    "Straßenwesen"
)
_AS_READ = {
    "Network": "Network as read",
    "Sites": "Sites as read",
    "Demand": "Demand as read",
    "Selection": "Sites selected",
}


def assumptions_of(scenario: Scenario) -> tuple[Assumption, ...]:
    """Assumptions of a study in reading order.

    Returns
    -------
    tuple of Assumption
        What is assumed, with value, unit and source.
    """
    return (
        *_demand(scenario),
        *_vehicles(scenario),
        *_drivers(scenario),
        *_charging(scenario),
    )


def read_assumptions(said: Mapping[str, Sequence[str]]) -> tuple[Assumption, ...]:
    """What was read of each input and what was left out of it, for those who ask why trucks lack.

    Parameters
    ----------
    said : mapping of str to sequence of str
        Sentences on each input by what it is: ``"Network"``, ``"Sites"``, ``"Demand"``.

    Returns
    -------
    tuple of Assumption
        One per input of which more is said than how much there is.
    """
    return tuple(
        assumption(_AS_READ[what], "{said}", "", SCENARIO, said=in_all_languages(joined(sentences)))
        for what, sentences in said.items()
        if len(sentences) > 1
    )


def _demand(scenario: Scenario) -> tuple[Assumption, ...]:
    demand = scenario.demand
    soc = demand.initial_soc
    others = {
        "uniform": "{percent} % to full, uniform",
        "histogram": "arrivals of an earlier run",
        "warm_up": "arrivals of a run in which all start full",
        "settled": "arrivals of runs before, repeated until trips start as they end",
    }[soc.source]
    return (
        _freight(demand),
        *_transit(demand),
        _ways_abroad(demand),
        assumption("Electric trucks", 100 * demand.electrification_share, "%", SCENARIO),
        assumption("Days of departure", "{days}", "", SCENARIO, days=tuple(demand.days)),
        assumption("Shortest trip", demand.min_distance_km, "km", STUDY),
        assumption("Trips with freight", 100 * demand.loaded_share, "%", "1 % sample"),
        assumption("Trips that start full", 100 * soc.full_share, "%", STUDY),
        assumption(
            "State of charge of the others at the start",
            others,
            "",
            OWN,
            percent=100 * soc.min_share,
        ),
        assumption("Night in which depots and destinations charge", NIGHT_H, "h", OWN),
        *_depots(scenario),
    )


def _depots(scenario: Scenario) -> tuple[Assumption, ...]:
    """What depots give the trips that start there, where there are any."""
    depots = scenario.depots
    if depots is None:
        return ()
    stay_h = depots.stay_h or scenario.driver_rules.rest_h
    return (
        assumption(
            "Trips that start at depots: charge aimed at", 100 * depots.target_soc_share, "%", OWN
        ),
        assumption("Trips that start at depots: time at a charging point before", stay_h, "h", OWN),
        assumption(
            "Trips that start at depots: distance of their first node at most",
            depots.reach_km,
            "km",
            OWN,
        ),
    )


def _transit(demand: Demand) -> tuple[Assumption, ...]:
    """What passes through the country, where the demand is the built-in one."""
    if demand.source != "builtin":
        return ()
    if demand.transit.source == "builtin" and demand.fitted_to == "counts":
        weighed = (
            "built-in table by pair of border crossings, synthetic European truck flows weighed by "
            "traffic counts"
        )
        return (assumption("Transit", weighed, "", COUNTS),)
    what = {
        "none": "left out",
        "builtin": "built-in table by pair of border crossings, computed from synthetic "
        "European truck flows",
        "table": "table by pair of border crossings",
    }[demand.transit.source]
    return (assumption("Transit", what, "", SCENARIO),)


def _ways_abroad(demand: Demand) -> Assumption:
    """What is driven beyond the border."""
    what = {
        "driven": "driven, with breaks, rests and charging wherever they are due",
        "ignored": "left out: trips begin and end at the border",
    }[demand.border.abroad]
    return assumption("Ways abroad", what, "", SCENARIO)


def _freight(demand: Demand) -> Assumption:
    """Where the trips come from."""
    what = "Freight trips"
    match demand.source:
        case "builtin":
            built_in = (
                "built-in demand, calibrated to a public 1 % sample of German long-haul freight"
            )
            if demand.fitted_to == "counts":
                built_in = (
                    "built-in demand, days, hours and loads as in a public 1 % sample of German "
                    "long-haul freight, regions, crossings and distances computed from traffic "
                    "counts"
                )
                return assumption(what, built_in, "", COUNTS)
            return assumption(what, built_in, "", SCENARIO)
        case "od_table":
            period = demand.trucks_per
            return assumption(what, "table of trucks per {period}", "", SCENARIO, period=period)
        case "matsim_plans":
            all_of_them, part = "MATSim plans", "MATSim plans, {percent} % of all trips, expanded"
        case "trips":
            all_of_them, part = (
                "table of trips",
                "table of trips, {percent} % of all trips, expanded",
            )
    if demand.sample_share == 1.0:
        return assumption(what, all_of_them, "", SCENARIO)
    return assumption(what, part, "", SCENARIO, percent=100 * demand.sample_share)


def _vehicles(scenario: Scenario) -> tuple[Assumption, ...]:
    rows: list[Assumption] = []
    for name, share in scenario.vehicles.mix.items():
        vehicle = scenario.vehicles.classes[name]
        source = vehicle.source or SCENARIO
        rows += [
            assumption("Share of {name}", 100 * share, "%", SCENARIO, name=name),
            assumption("{name}: usable battery", vehicle.battery_kwh, "kWh", source, name=name),
            assumption(
                "{name}: consumption loaded / empty",
                "{loaded} / {empty}",
                "kWh/km",
                source,
                name=name,
                loaded=vehicle.consumption_loaded_kwh_km,
                empty=vehicle.consumption_empty_kwh_km,
            ),
            assumption(
                "{name}: lowest state of charge",
                100 * vehicle.min_soc_share,
                "%",
                source,
                name=name,
            ),
            assumption(
                "{name}: highest charging power", vehicle.max_charging_kw, "kW", source, name=name
            ),
            assumption("{name}: mean speed", vehicle.mean_speed_kmh, "km/h", source, name=name),
        ]
    return tuple(rows)


def _drivers(scenario: Scenario) -> tuple[Assumption, ...]:
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
        assumption("A plug in a break is free again", release[rules.hpc_release], "", STUDY),
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


def _sessions(chargers: Chargers) -> tuple[Assumption, ...]:
    """What drivers draw at high-power points, where that is not all that these give."""
    rows = []
    if chargers.hpc_planned_kw is not None:
        what = "Power that drivers reckon with at a high-power point"
        rows.append(assumption(what, chargers.hpc_planned_kw, "kW", SCENARIO))
    if chargers.hpc_charge_to_share < 1.0:
        what = "Charging at a high-power point ends at"
        rows.append(assumption(what, 100 * chargers.hpc_charge_to_share, "%", SCENARIO))
    return tuple(rows)


def _law(scenario: Scenario) -> tuple[Assumption, ...]:
    """The law that sets the fewest points, where one does."""
    law = scenario.optimization.law
    if law is None:
        return ()
    what = "those of AFIR, Article 4, at the end of {year}, as far as the sites can"
    return (assumption("Fewest high-power points", what, "", SCENARIO, year=str(law.afir)),)


def _most_hpc(sites: SitesSection) -> str:
    """What limits the high-power points of a site."""
    if not sites.within_grid_connection:
        return "not limited by the grid connection"
    if shared_part(sites) < 1.0:
        return "at most so many that each is sure of its part of the shared grid connection"
    return "at most what its grid connection carries at nameplate power"


def _charging(scenario: Scenario) -> tuple[Assumption, ...]:
    chargers, sites = scenario.chargers, scenario.sites
    return (
        assumption("Power of a high-power point", chargers.hpc_kw, "kW", STUDY),
        *_sessions(chargers),
        assumption("Power of an overnight point", chargers.lpc_kw, "kW", STUDY),
        assumption(
            "Plugging in and paying, at stops made for energy alone",
            chargers.plug_overhead_min,
            "min",
            OWN,
        ),
        assumption(
            "Overnight points",
            "as many as are ever occupied at the same time at the site without queues, at most its "
            "parking spaces where known"
            if sites.within_parking_spaces
            else "as many as are ever occupied at the same time at the site without queues",
            "",
            STUDY,
        ),
        assumption(
            "High-power points at a site",
            _most_hpc(sites),
            "",
            OWN,
        ),
        *_law(scenario),
    )

"""The inputs and assumptions of a study that a reader may want to question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.plan.assumption_sources import COUNTS, OWN, SCENARIO, STUDY
from planner.plan.driver_assumptions import driver_assumptions
from planner.plan.energy_at_ends import NIGHT_H
from planner.plan.plan_results import assumption
from planner.said import joined
from planner.scenario.site_sources import shared_part
from planner.tables.language import in_all_languages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.plan.plan_results import Assumption
    from planner.scenario.demand_sources import Demand
    from planner.scenario.model import Chargers, Scenario
    from planner.scenario.site_sources import SitesSection

_AS_READ = {
    "Network": "Network as read",
    "Sites": "Sites as read",
    "Demand": "Demand as read",
    "Selection": "Sites selected",
    "Search of the front": "Search of the front",
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
        *driver_assumptions(scenario),
        *_charging(scenario),
    )


def read_assumptions(said: Mapping[str, Sequence[str]]) -> tuple[Assumption, ...]:
    """What was read of each input and left out of it, and what else a run has to tell of itself.

    Parameters
    ----------
    said : mapping of str to sequence of str
        Sentences on each by what it is: ``"Network"``, ``"Sites"``, ``"Demand"``, a search.

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
        assumption(
            "Days of departure",
            "{days}",
            "",
            SCENARIO,
            days=tuple(day.capitalize() for day in demand.days),
        ),
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

"""The inputs and assumptions of a study that a reader may want to question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.reporting.plan_results import Assumption

if TYPE_CHECKING:
    from planner.scenario.demand_sources import Demand
    from planner.scenario.model import Scenario

STUDY = "Fadranski, Tietz, Göhlich 2026"
OWN = "this planner"
SCENARIO = "scenario"


def assumptions_of(scenario: Scenario) -> tuple[Assumption, ...]:
    """Assumptions of a study in reading order.

    Parameters
    ----------
    scenario : Scenario
        The study.

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


def _demand(scenario: Scenario) -> tuple[Assumption, ...]:
    demand = scenario.demand
    soc = demand.initial_soc
    others = (
        "arrivals of an earlier run"
        if soc.arrival_histogram
        else f"{soc.min_share:.0%} to full, uniform"
    )
    return (
        Assumption("Freight trips", _freight(demand), "", SCENARIO),
        Assumption("Electric trucks", f"{100 * demand.electrification_share:g}", "%", SCENARIO),
        Assumption("Days of departure", ", ".join(demand.days), "", SCENARIO),
        Assumption("Shortest trip", f"{demand.min_distance_km:g}", "km", STUDY),
        Assumption("Trips with freight", f"{100 * demand.loaded_share:g}", "%", "1 % sample"),
        Assumption("Trips that start full", f"{100 * soc.full_share:g}", "%", STUDY),
        Assumption("State of charge of the others at the start", others, "", OWN),
    )


def _freight(demand: Demand) -> str:
    """Where the trips come from, for a person."""
    match demand.source:
        case "builtin":
            return "built-in demand, calibrated to a public 1 % sample of German long-haul freight"
        case "od_table":
            return f"table of trucks per {demand.trucks_per}"
        case "matsim_plans":
            named = "MATSim plans"
        case "trips":
            named = "table of trips"
    if demand.sample_share == 1.0:
        return named
    return f"{named}, {100 * demand.sample_share:g} % of all trips, expanded to all"


def _vehicles(scenario: Scenario) -> tuple[Assumption, ...]:
    rows: list[Assumption] = []
    for name, share in scenario.vehicles.mix.items():
        vehicle = scenario.vehicles.classes[name]
        source = vehicle.source or SCENARIO
        rows += [
            Assumption(f"Share of {name}", f"{100 * share:g}", "%", SCENARIO),
            Assumption(f"{name}: usable battery", f"{vehicle.battery_kwh:g}", "kWh", source),
            Assumption(
                f"{name}: consumption loaded / empty",
                f"{vehicle.consumption_loaded_kwh_km:g} / {vehicle.consumption_empty_kwh_km:g}",
                "kWh/km",
                source,
            ),
            Assumption(
                f"{name}: lowest state of charge", f"{100 * vehicle.min_soc_share:g}", "%", source
            ),
            Assumption(
                f"{name}: highest charging power", f"{vehicle.max_charging_kw:g}", "kW", source
            ),
            Assumption(f"{name}: mean speed", f"{vehicle.mean_speed_kmh:g}", "km/h", source),
        ]
    return tuple(rows)


def _drivers(scenario: Scenario) -> tuple[Assumption, ...]:
    rules, routing = scenario.driver_rules, scenario.routing
    source = rules.source or SCENARIO
    release = {"end_of_break": "at the end of the break", "when_charged": "once charged"}
    detours = ", then ".join(f"{km:g}" for km in routing.corridor_detour_km)
    return (
        Assumption(
            "Break",
            f"{60 * rules.break_h:g} min after at most {rules.max_driving_before_break_h:g} h",
            "",
            source,
        ),
        Assumption(
            "Daily rest",
            f"{rules.rest_h:g} h after at most {rules.max_driving_before_rest_h:g} h of driving",
            "",
            source,
        ),
        Assumption("A plug in a break is free again", release[rules.hpc_release], "", STUDY),
        Assumption("Longest detour to a site", detours, "km", OWN),
        Assumption(
            "Spread of the drivers' choices (Gumbel scale)",
            f"{routing.taste_scale_min:g}",
            "min",
            OWN,
        ),
        Assumption(
            "Range left when leaving the country", f"{routing.border_reserve_km:g}", "km", OWN
        ),
        Assumption("Expected waiting when stops are chosen", "none", "", OWN),
    )


def _charging(scenario: Scenario) -> tuple[Assumption, ...]:
    chargers = scenario.chargers
    return (
        Assumption("Power of a high-power point", f"{chargers.hpc_kw:g}", "kW", STUDY),
        Assumption("Power of an overnight point", f"{chargers.lpc_kw:g}", "kW", STUDY),
        Assumption(
            "Plugging in and paying, at stops made for energy alone",
            f"{chargers.plug_overhead_min:g}",
            "min",
            OWN,
        ),
        Assumption(
            "Overnight points",
            "as many as are ever occupied at the same time at the site without queues"
            + (
                ", at most its parking spaces where known"
                if scenario.sites.within_parking_spaces
                else ""
            ),
            "",
            STUDY,
        ),
        Assumption(
            "High-power points at a site",
            "at most what its grid connection carries at nameplate power"
            if scenario.sites.within_grid_connection
            else "not limited by the grid connection",
            "",
            OWN,
        ),
    )

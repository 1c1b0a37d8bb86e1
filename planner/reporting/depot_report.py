"""The report of a depot's day: one HTML file in all languages that needs nothing but a browser."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.depot.cooptimizer import COORDINATIONS
from planner.depot.depot_schemas import DAY_FIGURES, DEPOT_BILL, DEPOT_TOURS, DEPOT_UNSERVED
from planner.depot.depot_tables import depot_tables
from planner.depot.dispatch import DEPOT, RECHARGE
from planner.depot.driven_tours import driven_halts, places_not_reached
from planner.depot.microgrid_site import clock
from planner.reporting.charts.depot import DepotFrame, depot_charts
from planner.reporting.charts.depot_chart_data import depot_chart_data
from planner.reporting.charts.depot_ways import way_titles
from planner.reporting.charts.page_charts import page_charts
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import (
    Chart,
    Heading,
    Headline,
    Panel,
    Points,
    Section,
    Table,
    hint,
    provenance_section,
    resolved_scenario,
)
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import Phrase, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from planner.depot.charging_requests import ChargingRequest
    from planner.depot.cooptimizer import DepotDay
    from planner.depot.depot_outcome import DepotOutcome
    from planner.depot.dispatch import Tour
    from planner.tables.forms import Form
    from planner.tables.language import Language


def write_depot_report(outcome: DepotOutcome, provenance: Mapping[str, Any], path: Path) -> None:
    """Write the report.

    Parameters
    ----------
    provenance : mapping
        Where the run comes from.
    path : Path
        The file to write, UTF-8, about 1.3 MB.
    """
    path.write_text(render_depot_report(outcome, provenance), encoding="utf-8")


def render_depot_report(outcome: DepotOutcome, provenance: Mapping[str, Any]) -> str:
    """Text of the report; the same for the same results and provenance."""
    scenario, tables = outcome.scenario, {table.name: data for table, data in depot_tables(outcome)}
    shortages = list(_shortages(outcome))
    missing = phrase("Trucks do not receive all the energy that they need on their way:")
    return render_page(
        page_charts(scenario.name, depot_chart_data(outcome), DepotFrame.of(outcome), depot_charts),
        kind="depot",
        name=scenario.name,
        description=scenario.description,
        skip=("day", phrase("Skip to the day")),
        question=Phrase.of(lambda language: depot_question(outcome, language)),
        answer=Phrase.of(lambda language: depot_answer(outcome, language)),
        notices=[Points(missing, shortages)] if shortages else [],
        sections=[
            _day(outcome),
            _tours(outcome, tables[DEPOT_UNSERVED.name]),
            Section(
                phrase("Timetable"),
                (Chart("schedule"), Table(timetable(outcome, tables[DEPOT_TOURS.name]), "tall")),
            ),
            _power(),
            _bill(outcome, tables[DEPOT_BILL.name]),
            provenance_section(provenance, resolved_scenario(scenario)),
        ],
    )


def _day(outcome: DepotOutcome) -> Section:
    shown = phrase(
        "Shown: {way}, {date}, tariff {tariff}.",
        way=_way_phrase(outcome.chosen.coordination),
        date=outcome.scenario.depot.date().isoformat(),
        tariff=outcome.inputs.tariff.name,
    )
    parts: list[Any] = [Chart("cost"), Table(comparison_table(outcome))]
    if outcome.shares_of_demand:
        parts.insert(0, hint(Phrase.of(lambda language: demand_hint(outcome, language))))
    worth = Panel(phrase("What coordination is worth"), parts, level=2)
    headline = Headline(_headline_figures(outcome), shown)
    return Section(None, (headline, worth), "day", phrase("The day"))


def _tours(outcome: DepotOutcome, unserved: pd.DataFrame) -> Section:
    note = "Distances in the picture follow driving times. Dashed: to and from the depot."
    parts: list[Any] = [hint(phrase(note)), Chart("tours")]
    driving = {tour.truck for tour in outcome.chosen.dispatch.tours}
    trucks = enumerate(outcome.inputs.problem.trucks)
    if idle := [truck.name for number, truck in trucks if number not in driving]:
        stays = phrase("Not needed, stays at the depot: {trucks}.", trucks=", ".join(idle))
        parts.append(hint(stays))
    table = unserved_table(outcome, unserved)
    if table.rows:
        parts += [Heading(phrase("Unserved stops")), Table(table)]
    return Section(phrase("Tours"), parts)


def _power() -> Section:
    flows = phrase(
        "Above the line where power comes from, below it where it goes, by quarter of an hour."
    )
    batteries = phrase("Trucks from their departure to their return; dashed: the storage.")
    return Section(
        phrase("Power"),
        (
            hint(flows),
            Chart("flows"),
            Heading(phrase("Batteries")),
            hint(batteries),
            Chart("charge"),
        ),
    )


def _bill(outcome: DepotOutcome, bill: pd.DataFrame) -> Section:
    note = phrase(
        "To the cent, by the tariff: {tariff}. Fixed charges and prices on power by the day's "
        "share of the time that they are for.",
        tariff=outcome.inputs.tariff.source,
    )
    table = Table(bill_table(outcome, bill), "tall")
    return Section(phrase("Electricity bill of the day"), (hint(note), table))


def depot_question(outcome: DepotOutcome, language: Language) -> str:
    """What the report answers."""
    problem = outcome.inputs.problem
    return language.counted(
        len(problem.trucks),
        "How does {n} electric truck serve {stops}, and when does it charge?",
        "How do {n} electric trucks serve {stops}, and when do they charge?",
        stops=language.counted(problem.n_stops, "{n} stop", "{n} stops"),
    )


def depot_answer(outcome: DepotOutcome, language: Language) -> str:
    """The result in three sentences."""
    day = outcome.chosen
    currency = outcome.inputs.tariff.currency
    n_tours, n_stops = len(day.dispatch.tours), outcome.inputs.problem.n_stops
    recharges = language.counted(day.n_recharges, "{n} recharge", "{n} recharges")
    kwh = language.number(day.dispatch.energy_kwh, 1)
    if n_left := len(day.dispatch.unserved):
        first = language.text("The only stop remains unserved.")
        if n_stops > 1:
            first = language.counted(
                n_tours,
                "{n} truck serves {served} of {stops}; the rest remain unserved.",
                "{n} trucks serve {served} of {stops}; the rest remain unserved.",
                served=language.count(n_stops - n_left),
                stops=language.counted(n_stops, "{n} stop", "{n} stops"),
            )
    elif n_stops == 1:
        first = language.text(
            "One truck serves the only stop with {kwh} kWh and {recharges}.",
            kwh=kwh,
            recharges=recharges,
        )
    else:
        first = language.counted(
            n_tours,
            "{n} truck serves all {stops} with {kwh} kWh and {recharges}.",
            "{n} trucks serve all {stops} with {kwh} kWh and {recharges}.",
            stops=language.counted(n_stops, "{n} stop", "{n} stops"),
            kwh=kwh,
            recharges=recharges,
        )
    second = language.text(
        "The day costs {cost} {currency}; {energy} kWh come from the grid, at {peak} kW at most.",
        cost=language.number(day.cost_total, 2),
        currency=currency,
        energy=language.number(day.power.grid_energy_kwh, 1),
        peak=language.number(day.power.grid_peak_kw, 1),
    )
    third = language.text(
        "Tours first and charging after would cost {first} {currency}, no coordination {none}.",
        first=language.number(outcome.days.dispatch_first.cost_total, 2),
        none=language.number(outcome.days.uncoordinated.cost_total, 2),
        currency=currency,
    )
    return f"{first} {second} {third}"


def demand_hint(outcome: DepotOutcome, language: Language) -> str:
    """How the tariff prices power, and which part of that the day bears."""
    minutes = language.count(outcome.inputs.tariff.demand_interval_min)
    texts = {
        "month": "Power is priced by the highest {minutes} minutes of the month: what exceeds the "
        "highest so far counts, and the day bears 1/{days} of it, as if all days were like it.",
        "year": "Power is priced by the highest {minutes} minutes of the year: what exceeds the "
        "highest so far counts, and the day bears 1/{days} of it, as if all days were like it.",
    }
    return " ".join(
        language.text(texts[period], minutes=minutes, days=language.count(round(1.0 / share)))
        for period, share in outcome.shares_of_demand.items()
    )


def _shortages(outcome: DepotOutcome) -> Iterator[Phrase]:
    """What trucks do not get in each way of planning, and where they do not come to for that."""
    names = [truck.name for truck in outcome.inputs.problem.trucks]
    for day in outcome.all_days:
        for tour in day.dispatch.tours:
            missing = sum(driven.missing_kwh for driven in driven_halts(tour, day.power))
            if missing and tour.request is not None:
                yield Phrase.of(
                    partial(_shortage, day, names[tour.truck], tour, missing, tour.request)
                )


def _shortage(  # the language comes last
    day: DepotDay,
    truck: str,
    tour: Tour,
    missing: float,
    request: ChargingRequest,
    language: Language,
) -> str:
    places = places_not_reached(tour, day.power)
    received = language.text(
        "{way}, {truck}: receives {given} of {asked} kWh that it needs on its way.",
        way=way_titles(language)[day.coordination],
        truck=truck,
        given=language.number(request.energy_kwh - missing, 1),
        asked=language.number(request.energy_kwh, 1),
    )
    if not places:
        return received
    names = [language.text("depot") if place == DEPOT else place for place in places]
    stranded = language.text("It does not get to: {places}.", places=", ".join(names))
    return f"{received} {stranded}"


def _headline_figures(outcome: DepotOutcome) -> list[tuple[float, Form, Phrase]]:
    day = outcome.chosen
    currency = outcome.inputs.tariff.currency
    return [
        (day.cost_total, "two", phrase("{currency} in all", currency=currency)),
        (
            outcome.days.dispatch_first.cost_total - day.cost_total,
            "two",
            phrase("{currency} less than tours first", currency=currency),
        ),
        (
            outcome.days.uncoordinated.cost_total - day.cost_total,
            "two",
            phrase("{currency} less than uncoordinated", currency=currency),
        ),
        (day.dispatch.energy_kwh, "one", phrase("kWh for the tours")),
        (day.power.grid_energy_kwh, "one", phrase("kWh from the grid")),
        (day.power.grid_peak_kw, "one", phrase("kW from the grid at most")),
    ]


def comparison_table(outcome: DepotOutcome) -> PageTable:
    """The three ways of planning beside each other."""
    rows = [
        {
            "coordination": day.coordination,
            "energy_kwh": day.dispatch.energy_kwh,
            "n_recharges": day.n_recharges,
            "grid_energy_kwh": day.power.grid_energy_kwh,
            "grid_peak_kw": day.power.grid_peak_kw,
            "cost_energy": day.cost_energy,
            "cost_demand": day.cost_demand,
            "cost_operation": day.cost_operation,
            "cost_total": day.cost_total,
        }
        for day in outcome.all_days
    ]
    columns = (*DEPOT_BILL.quantities("coordination"), *DAY_FIGURES)
    words = {"coordination": _ways()}
    currency = outcome.inputs.tariff.currency
    return PageTable.of("comparison", pd.DataFrame(rows), columns, words, currency)


def timetable(outcome: DepotOutcome, tours: pd.DataFrame) -> PageTable:
    """Halts of all tours of the chosen way, times as on a clock."""
    times = [column.name for column in DEPOT_TOURS.columns if column.unit == "min"]
    columns = [
        replace(column, form="text", unit="") if column.name in times else column
        for column in DEPOT_TOURS.without("coordination", "position")
    ]
    shown = tours[tours["coordination"] == outcome.chosen.coordination]
    clocks = {name: shown[name].map(clock) for name in times}
    places = {DEPOT: phrase("depot"), RECHARGE: phrase("recharge at the depot")}
    return PageTable.of("timetable", shown.assign(**clocks), columns, {"stop": places})


def bill_table(outcome: DepotOutcome, bill: pd.DataFrame) -> PageTable:
    """Lines of the electricity bill in the three ways."""
    words = {
        "coordination": _ways(),
        "kind": {
            "energy": phrase("energy"),
            "demand": phrase("demand charge"),
            "fixed": phrase("fixed charge"),
            "export": phrase("energy fed in"),
        },
        "unit": {"day": phrase("days"), "month": phrase("months"), "year": phrase("years")},
    }
    currency = outcome.inputs.tariff.currency
    return PageTable.of("bill", bill, DEPOT_BILL.without("period"), words, currency)


def unserved_table(outcome: DepotOutcome, unserved: pd.DataFrame) -> PageTable:
    """Stops that the chosen way leaves behind, and why."""
    causes = {
        "payload": phrase("Its load is more than any truck carries."),
        "window": phrase("No truck comes in time, even straight from the depot."),
        "energy": phrase("No battery lasts there and back, even full."),
        "trucks": phrase("The trucks cannot take it beside stops that weigh more."),
        "cost": phrase("Serving it costs more than leaving it."),
    }
    shown = unserved[unserved["coordination"] == outcome.chosen.coordination]
    columns = DEPOT_UNSERVED.without("coordination")
    return PageTable.of("unserved", shown, columns, {"cause": causes})


def _ways() -> dict[str, Phrase]:
    return {name: _way_phrase(name) for name in COORDINATIONS}


def _way_phrase(coordination: str) -> Phrase:
    return Phrase.of(lambda language: way_titles(language)[coordination])

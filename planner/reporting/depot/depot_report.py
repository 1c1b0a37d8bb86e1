"""The report of a depot's day: one HTML file in all languages that needs nothing but a browser."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from planner.depot.dispatch import DEPOT, RECHARGE
from planner.depot.driven_tours import driven_halts, places_not_reached
from planner.depot.microgrid_site import clock
from planner.reporting.charts.depot import depot_charts, way_titles
from planner.reporting.depot.depot_chart_data import depot_chart_data
from planner.reporting.page_data import page_file
from planner.reporting.page_rendering import render_page
from planner.reporting.page_tables import Cell, PageColumn, PageTable
from planner.reporting.phrases import Phrase, phrase
from planner.tables.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from planner.depot.charging_requests import ChargingRequest
    from planner.depot.cooptimizer import DepotDay
    from planner.depot.depot_outcome import DepotOutcome
    from planner.depot.dispatch import Tour
    from planner.tables.language import Language

_SCRIPTS = ("language.js", "csv.js", "sorted_table.js", "market.js")


def write_depot_report(outcome: DepotOutcome, provenance: Mapping[str, Any], path: Path) -> None:
    """Write the report.

    Parameters
    ----------
    outcome : DepotOutcome
        The results.
    provenance : mapping
        Where the run comes from.
    path : Path
        The file to write, UTF-8, about 1.3 MB.
    """
    path.write_text(render_depot_report(outcome, provenance), encoding="utf-8")


def render_depot_report(outcome: DepotOutcome, provenance: Mapping[str, Any]) -> str:
    """Text of the report; the same for the same results and provenance."""
    day = outcome.chosen
    return render_page(
        page_file("sorted_table.html") + page_file("depot.html"),
        _SCRIPTS,
        {
            "study": outcome.scenario.name,
            "chartData": depot_chart_data(outcome),
            "charts": {language.code: depot_charts(outcome, language) for language in LANGUAGES},
        },
        scenario=outcome.scenario,
        date=outcome.scenario.depot.date().isoformat(),
        tariff=outcome.inputs.tariff,
        question=Phrase.of(lambda language: depot_question(outcome, language)),
        answer=Phrase.of(lambda language: depot_answer(outcome, language)),
        figures=_headline_figures(outcome),
        chosen=Phrase.of(lambda language: way_titles(language)[day.coordination]),
        comparison=comparison_table(outcome),
        timetable=timetable(outcome),
        bill=bill_table(outcome),
        unserved=unserved_table(outcome),
        idle=[
            truck.name
            for number, truck in enumerate(outcome.inputs.problem.trucks)
            if number not in {tour.truck for tour in day.dispatch.tours}
        ],
        shortages=list(_shortages(outcome)),
        shares=outcome.shares_of_demand,
        demand_hint=Phrase.of(lambda language: demand_hint(outcome, language)),
        provenance=_flat(provenance),
        resolved=json.dumps(outcome.scenario.model_dump(mode="json"), indent=2, ensure_ascii=False),
    )


def depot_question(outcome: DepotOutcome, language: Language) -> str:
    """What the report answers."""
    problem = outcome.inputs.problem
    return language.text(
        "How do {trucks} electric trucks serve {stops} stops, and when do they charge?",
        trucks=language.count(len(problem.trucks)),
        stops=language.count(problem.n_stops),
    )


def depot_answer(outcome: DepotOutcome, language: Language) -> str:
    """The result in three sentences."""
    day = outcome.chosen
    currency = outcome.inputs.tariff.currency
    served = outcome.inputs.problem.n_stops - len(day.dispatch.unserved)
    if day.dispatch.unserved:
        first = language.text(
            "{tours} trucks serve {served} stops; {left} remain unserved.",
            tours=language.count(len(day.dispatch.tours)),
            served=language.count(served),
            left=language.count(len(day.dispatch.unserved)),
        )
    else:
        first = language.text(
            "{tours} trucks serve all {served} stops with {kwh} kWh and {recharges} recharges.",
            tours=language.count(len(day.dispatch.tours)),
            served=language.count(served),
            kwh=language.number(day.dispatch.energy_kwh, 1),
            recharges=language.count(day.n_recharges),
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


def _headline_figures(outcome: DepotOutcome) -> list[tuple[float, str, Phrase]]:
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
    currency = outcome.inputs.tariff.currency
    columns = (
        PageColumn("way", phrase("Way of planning")),
        PageColumn("tours_kwh", phrase("Tours (kWh)"), "one"),
        PageColumn("recharges", phrase("Recharges"), "count"),
        PageColumn("grid_kwh", phrase("From the grid (kWh)"), "one"),
        PageColumn("peak_kw", phrase("Highest power (kW)"), "one"),
        PageColumn("cost_energy", phrase("Energy ({currency})", currency=currency), "two"),
        PageColumn("cost_demand", phrase("Demand ({currency})", currency=currency), "two"),
        PageColumn("cost_operation", phrase("Operation ({currency})", currency=currency), "two"),
        PageColumn("cost_total", phrase("In all ({currency})", currency=currency), "two"),
    )
    rows = [
        (
            _way(day),
            day.dispatch.energy_kwh,
            float(day.n_recharges),
            day.power.grid_energy_kwh,
            day.power.grid_peak_kw,
            day.cost_energy,
            day.cost_demand,
            day.cost_operation,
            day.cost_total,
        )
        for day in outcome.all_days
    ]
    return PageTable("comparison", columns, rows)


def timetable(outcome: DepotOutcome) -> PageTable:
    """Halts of all tours of the chosen way."""
    columns = (
        PageColumn("truck", phrase("Truck")),
        PageColumn("stop", phrase("Stop")),
        PageColumn("arrival", phrase("Arrival")),
        PageColumn("start", phrase("Begin")),
        PageColumn("departure", phrase("Departure")),
        PageColumn("load_kg", phrase("Load after (kg)"), "count"),
        PageColumn("driven_kwh", phrase("Energy of the way (kWh)"), "one"),
        PageColumn("arrival_kwh", phrase("Battery on arrival (kWh)"), "one"),
        PageColumn("departure_kwh", phrase("Battery on departure (kWh)"), "one"),
        PageColumn("missing_kwh", phrase("Not received (kWh)"), "one"),
        PageColumn("shortfall_kwh", phrase("Lacks to get here (kWh)"), "one"),
    )
    names = [truck.name for truck in outcome.inputs.problem.trucks]
    places = {DEPOT: phrase("depot"), RECHARGE: phrase("recharge at the depot")}
    power = outcome.chosen.power
    rows: list[tuple[Cell, ...]] = [
        (
            _verbatim(names[tour.truck]),
            places.get(halt.place, _verbatim(halt.place)),
            _verbatim(clock(halt.arrival_min)),
            _verbatim(clock(halt.start_min)),
            _verbatim(clock(halt.departure_min)),
            *(
                # What rounding leaves of nothing would be shown as -0.
                0.0 if abs(value) < 1e-6 else value
                for value in (
                    halt.load_kg,
                    halt.driven_kwh,
                    halt.arrival_kwh,
                    halt.departure_kwh,
                    driven.missing_kwh,
                    driven.shortfall_kwh,
                )
            ),
        )
        for tour in outcome.chosen.dispatch.tours
        for driven in driven_halts(tour, power)
        for halt in (driven.halt,)
    ]
    return PageTable("timetable", columns, rows)


def bill_table(outcome: DepotOutcome) -> PageTable:
    """Lines of the electricity bill in the three ways."""
    currency = outcome.inputs.tariff.currency
    columns = (
        PageColumn("way", phrase("Way of planning")),
        PageColumn("kind", phrase("For")),
        PageColumn("name", phrase("In the tariff")),
        PageColumn("quantity", phrase("Quantity"), "three"),
        PageColumn("unit", phrase("Unit")),
        PageColumn("share", phrase("Day's share"), "three"),
        PageColumn("amount", phrase("Amount ({currency})", currency=currency), "two"),
    )
    kinds = {
        "energy": phrase("energy"),
        "demand": phrase("demand charge"),
        "fixed": phrase("fixed charge"),
        "export": phrase("energy fed in"),
    }
    units = {
        "kWh": _verbatim("kWh"),
        "kW": _verbatim("kW"),
        "day": phrase("days"),
        "month": phrase("months"),
        "year": phrase("years"),
    }
    rows: list[tuple[Cell, ...]] = [
        (
            _way(day),
            kinds[line.kind],
            _verbatim(line.name),
            float(line.quantity),
            units[line.unit],
            float(line.share),
            float(line.amount),
        )
        for day in outcome.all_days
        for line in outcome.bill(day).lines
    ]
    return PageTable("bill", columns, rows)


def unserved_table(outcome: DepotOutcome) -> PageTable:
    """Stops that the chosen way leaves behind, and why."""
    columns = (
        PageColumn("stop", phrase("Stop")),
        PageColumn("priority", phrase("Weight"), "one"),
        PageColumn("cause", phrase("Why")),
    )
    causes = {
        "payload": phrase("Its load is more than any truck carries."),
        "window": phrase("No truck comes in time, even straight from the depot."),
        "energy": phrase("No battery lasts there and back, even full."),
        "trucks": phrase("The trucks cannot take it beside stops that weigh more."),
        "cost": phrase("Serving it costs more than leaving it."),
    }
    problem = outcome.inputs.problem
    weight = dict(zip(problem.stop_ids, problem.priority.tolist(), strict=True))
    rows = [
        (_verbatim(stop.stop_id), weight[stop.stop_id], causes[stop.cause])
        for stop in outcome.chosen.dispatch.unserved
    ]
    return PageTable("unserved", columns, rows)


def _way(day: DepotDay) -> Phrase:
    return Phrase.of(lambda language: way_titles(language)[day.coordination])


def _verbatim(text: str) -> Phrase:
    """A name: the same in all languages."""
    return Phrase({language.code: text for language in LANGUAGES})


def _flat(values: Mapping[str, Any], above: str = "") -> list[tuple[str, str]]:
    """Nested dictionaries as lines of (path, value), figures to four digits."""
    lines: list[tuple[str, str]] = []
    for key, value in values.items():
        path = f"{above}{key}".replace("_", " ")
        if isinstance(value, dict):
            lines += _flat(value, f"{path} · ")
        else:
            lines.append((path, f"{value:.4g}" if isinstance(value, float) else str(value)))
    return lines

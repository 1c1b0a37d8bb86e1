"""A depot run on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from planner.depot.depot_schemas import DAY_FIGURES
from planner.depot.dispatch import DEPOT
from planner.reporting.charts.depot_ways import way_titles
from planner.runs.manifests import lines_in, read_manifest
from planner.tables.forms import written

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from planner.tables.language import Language

_SHOWN_KWH = 0.05
_OF_PERIOD = {
    "year": "Demand is priced by the year; the day bears 1/{n} of it, as if all days of the year "
    "were like it",
    "month": "Demand is priced by the month; the day bears 1/{n} of it, as if all days of the "
    "month were like it",
}


def _shortage(way: str, recharge: dict[str, Any], language: Language) -> str:
    """What a truck did not get, and where that keeps it from coming to."""
    places = recharge.get("not_reached", [])
    names = [language.text("the depot") if place == DEPOT else place for place in places]
    said = language.text(
        "{way}, {truck}: {missing} of {asked} kWh that it needs on its way are missing",
        way=way,
        truck=recharge["truck"],
        missing=language.number(recharge["missing_kwh"], 1),
        asked=language.number(recharge["energy_kwh"], 1),
    )
    if not names:
        return said
    return said + language.text("; it does not get to {places}", places=", ".join(names))


def show_depot_run(folder: Path, console: Console, language: Language) -> None:
    """Print tours and the comparison of the three ways of planning."""
    manifest = read_manifest(folder)
    summary: dict[str, Any] = manifest["summary"]
    asked = manifest["scenario"]["depot"]["coordination"]
    title = f"{manifest['name']}, {manifest['date']}, {manifest['tariff']['name']}"
    table = Table(title=title, title_justify="left")
    table.add_column("")
    columns = {asked: summary}
    for name in ("dispatch_first", "uncoordinated"):
        columns.setdefault(name, summary[name])
    titles = way_titles(language)
    for name in columns:
        table.add_column(titles[name], justify="right")
    for figure in DAY_FIGURES:
        if figure.name in summary:
            cells = (written(each[figure.name], figure.form, language) for each in columns.values())
            table.add_row(figure.heading(language, currency=summary["currency"]), *cells)
    console.print(table)
    for note in lines_in(language.code, manifest, "notes"):
        console.print(f"{language.text('Note')}: {note}")
    _print_details(manifest, asked, console, language)


def _print_details(
    manifest: dict[str, Any], asked: str, console: Console, language: Language
) -> None:
    """What the day bears of prices on power, the tours, and what falls short."""
    summary = manifest["summary"]
    for period, share in manifest["tariff"].get("share_of_demand_charge", {}).items():
        parts = language.count(1.0 / share)
        console.print(language.text(_OF_PERIOD[period], n=parts))
    details = manifest["ways_of_planning"][asked]
    for truck, tour in zip(details["trucks"], summary["tours"], strict=True):
        console.print(f"{truck}: {' '.join(str(place) for place in tour)}")
    for truck in details["trucks_at_the_depot"]:
        console.print(language.text("{truck}: stays at the depot", truck=truck))
    titles = way_titles(language)
    for way, of_way in manifest["ways_of_planning"].items():
        for recharge in of_way["recharges"]:
            if recharge["missing_kwh"] > _SHOWN_KWH:
                console.print(_shortage(titles[way], recharge, language))
    for stop in details["unserved"]:
        cause = language.own_text(stop["cause"])
        console.print(
            language.text("stop {stop} is unserved: {cause}", stop=str(stop["stop"]), cause=cause)
        )

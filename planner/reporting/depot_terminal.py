"""A depot run on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from planner.depot.depot_schemas import DAY_FIGURES
from planner.depot.dispatch import DEPOT
from planner.reporting.charts.depot_ways import way_titles
from planner.runs.manifests import read_manifest
from planner.tables.forms import written

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from planner.tables.language import Language

_SHOWN_KWH = 0.05


def _shortage(way: str, recharge: dict[str, Any]) -> str:
    """What a truck did not get, and where that keeps it from coming to."""
    missing, asked = recharge["missing_kwh"], recharge["energy_kwh"]
    places = recharge.get("not_reached", [])
    names = ["the depot" if place == DEPOT else place for place in places]
    stranded = f"; it does not get to {', '.join(names)}" if names else ""
    return (
        f"{way}, {recharge['truck']}: {missing:.1f} of {asked:.1f} kWh that it needs on its way "
        f"are missing{stranded}"
    )


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
    for note in manifest.get("notes", ()):
        console.print(f"Note: {note}")
    _print_details(manifest, asked, console)


def _print_details(manifest: dict[str, Any], asked: str, console: Console) -> None:
    """What the day bears of prices on power, the tours, and what falls short."""
    summary = manifest["summary"]
    for period, share in manifest["tariff"].get("share_of_demand_charge", {}).items():
        console.print(
            f"Demand is priced by the {period}; the day bears 1/{1.0 / share:.0f} of it, as if all "
            f"days of the {period} were like it"
        )
    details = manifest["ways_of_planning"][asked]
    for truck, tour in zip(details["trucks"], summary["tours"], strict=True):
        console.print(f"{truck}: {' '.join(str(place) for place in tour)}")
    for truck in details["trucks_at_the_depot"]:
        console.print(f"{truck}: stays at the depot")
    for way, of_way in manifest["ways_of_planning"].items():
        for recharge in of_way["recharges"]:
            if recharge["missing_kwh"] > _SHOWN_KWH:
                console.print(_shortage(way, recharge))
    for stop in details["unserved"]:
        console.print(f"stop {stop['stop']} is unserved: {stop['cause']}")

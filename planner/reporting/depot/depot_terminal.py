"""A depot run on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from planner.run_directory import read_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

_ROWS = (
    ("Energy of the tours, kWh", "energy_kwh", "{:,.2f}"),
    ("Recharges on the way", "n_recharges", "{:d}"),
    ("Energy from the grid, kWh", "grid_energy_kwh", "{:,.1f}"),
    ("Highest power from the grid, kW", "grid_peak_kw", "{:,.1f}"),
    ("Cost of energy", "cost_energy", "{:,.2f}"),
    ("Cost of demand", "cost_demand", "{:,.2f}"),
    ("Cost in all", "cost_total", "{:,.2f}"),
)


def show_depot_run(folder: Path, console: Console) -> None:
    """Print tours and the comparison of the three ways of planning.

    Raises
    ------
    RunDirectoryError
        If the folder is not a complete run.
    """
    manifest = read_manifest(folder)
    summary: dict[str, Any] = manifest["summary"]
    asked = manifest["scenario"]["depot"]["coordination"]
    title = f"{manifest['name']}, {manifest['date']}, {manifest['tariff']['name']}"
    table = Table(title=title, title_justify="left")
    table.add_column(f"in {summary['currency']} where a cost")
    columns = {asked: summary}
    for name in ("dispatch_first", "uncoordinated"):
        columns.setdefault(name, summary[name])
    for name in columns:
        table.add_column(name, justify="right")
    for label, key, form in _ROWS:
        table.add_row(label, *(form.format(figures[key]) for figures in columns.values()))
    console.print(table)
    for note in manifest.get("notes", ()):
        console.print(f"Note: {note}")
    details = manifest["ways_of_planning"][asked]
    for truck, tour in zip(details["trucks"], summary["tours"], strict=True):
        console.print(f"{truck}: {' '.join(str(place) for place in tour)}")
    for truck in details["trucks_at_the_depot"]:
        console.print(f"{truck}: stays at the depot")
    for recharge in details["recharges"]:
        if recharge["missing_kwh"] > 0.05:
            console.print(
                f"{recharge['truck']}: {recharge['missing_kwh']:.1f} of "
                f"{recharge['energy_kwh']:.1f} kWh that it needs on its way are missing",
            )
    for stop in details["unserved"]:
        console.print(f"stop {stop['stop']} stays behind: {stop['cause']}")

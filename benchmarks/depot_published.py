"""Published figures of the depot study of San Bernardino beside ours, with a verdict each.

    python benchmarks/depot_published.py          # a minute or two

Needs the reference data (PLANNER_REFERENCE_DATA). The study's building, weather and tariff version
are not public: absolute costs and powers cannot be met, their direction and ratio can.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from planner.depot.cooptimizer import DepotComparison, plan_depot
from planner.depot.depot_inputs import read_depot
from planner.scenario.depot_model import load_depot

SAME = 0.005
NOT_PUBLIC = "building, weather and tariff version are not public"


@dataclass(frozen=True)
class Row:
    """A published figure (or two, without and with coordination) and ours."""

    what: str
    published: str
    ours: str
    verdict: str


def number(what: str, published: float, ours: float) -> Row:
    """A figure that has to be the same."""
    is_same = abs(ours - published) <= SAME * abs(published)
    verdict = "reproduced" if is_same else "not reproduced"
    return Row(what, f"{published:g}", f"{ours:.2f}", verdict)


def change(what: str, published: tuple[float, float], ours: tuple[float, float]) -> Row:
    """A figure without and with coordination: has to move the same way."""
    verdict = f"not reproducible: {NOT_PUBLIC}"
    if (published[1] < published[0]) == (ours[1] < ours[0]):
        verdict = "sign"
        if min(published[0], ours[0]) > 0.0:
            shares = [100.0 * after / before for before, after in (published, ours)]
            verdict = f"sign; ratio {shares[0]:.0f} % published, {shares[1]:.0f} % ours"
    if all(abs(a - b) <= SAME * max(abs(a), 1.0) for a, b in zip(published, ours, strict=True)):
        verdict = "reproduced"
    return Row(
        what,
        f"{published[0]:g} -> {published[1]:g}",
        f"{ours[0]:.2f} -> {ours[1]:.2f}",
        verdict,
    )


def tours(what: str, published: str, days: DepotComparison, *, together: bool) -> Row:
    """Tours, whichever truck drives which."""
    day = days.co_optimised if together else days.uncoordinated
    ours = sorted(" ".join(tour.places) for tour in day.dispatch.tours)
    wanted = sorted(published.split(" | "))
    if ours == wanted:
        verdict = "reproduced"
    elif sum("R" in tour for tour in ours) == sum("R" in tour for tour in wanted):
        verdict = f"as many recharges; other order of stops: {NOT_PUBLIC}"
    else:
        verdict = f"not reproducible: {NOT_PUBLIC}"
    return Row(what, " | ".join(wanted), " | ".join(ours), verdict)


def planned(month: int, initial_kwh: int, console: Console, *more: str) -> DepotComparison:
    """The case in one month with one bound of the morning's energy."""
    changes = [f"depot.month={month}", f"depot.initial_energy_kwh={initial_kwh}", *more]
    scenario = load_depot("depot-san-bernardino", changes)
    inputs = read_depot(scenario)
    begin = time.perf_counter()
    days = plan_depot(
        inputs.problem, inputs.site, scenario.seed, n_iterations=scenario.depot.iterations
    )
    seconds = time.perf_counter() - begin
    console.print(f"month {month}, {initial_kwh} kWh: planned in {seconds:.1f} s (all three ways)")
    return days


def rows(console: Console) -> list[Row]:
    """All published figures."""
    april, august = planned(4, 100, console), planned(8, 100, console)
    no_export = "depot.site.grid.max_export_kw=0"
    april_kept = planned(4, 100, console, no_export)
    august_kept = planned(8, 100, console, no_export)
    april_150, august_150 = planned(4, 150, console), planned(8, 150, console)
    both = "21 R 20 25 24 22 23 26 27 28 29 | 31 R 32 33 14 16 15 18 19 30"
    base_100 = "31 R 21 20 25 24 22 23 26 27 28 29 | 32 33 14 16 15 18 19 30"
    base_150 = "21 20 25 24 22 23 26 27 28 29 | 31 33 32 14 16 15 18 19 30"
    plain, plain_150 = april.uncoordinated, april_150.uncoordinated
    found = [
        number("energy, 100 kWh, kWh (calibrated)", 259.95, plain.dispatch.energy_kwh),
        number("energy, 150 kWh, kWh (calibrated)", 211.13, plain_150.dispatch.energy_kwh),
        tours("tours, baseline, 100 kWh", base_100, april, together=False),
        tours("tours, baseline, 150 kWh", base_150, april_150, together=False),
        tours("tours, April, 100 kWh", both, april, together=True),
        tours("tours, April, 150 kWh", both, april_150, together=True),
        tours("tours, August, 100 kWh", base_100, august, together=True),
        tours("tours, August, 150 kWh", base_150, august_150, together=True),
    ]
    for name, days, kept, peak, energy, cost, saving in (
        ("April", april, april_kept, (118, 0), (122, 0), (6.13, 0), 71.09),
        ("August", august, august_kept, (138, 30), (162, 30), (22, 4.37), 7.30),
    ):
        powers = days.uncoordinated.power, days.co_optimised.power
        found += [
            change(f"peak from the grid, {name}, kW", peak, _pair(powers, "grid_peak_kw")),
            change(f"energy from the grid, {name}, kWh", energy, _pair(powers, "grid_energy_kwh")),
            # The published 0 USD of a day with much sun leaves no room for income from the grid.
            change(f"cost of the site's energy, {name}, USD", cost, _pair(powers, "energy_cost")),
            change(
                f"the same without feeding in, {name}, USD",
                cost,
                _pair((kept.uncoordinated.power, kept.co_optimised.power), "energy_cost"),
            ),
            change(
                f"cost of energy with the morning's, without feeding in, {name}, % of baseline",
                (100.0, 100.0 - saving),
                (100.0, 100.0 * kept.co_optimised.cost_energy / kept.uncoordinated.cost_energy),
            ),
        ]
    return found


def _pair(plans: tuple[object, object], name: str) -> tuple[float, float]:
    return getattr(plans[0], name), getattr(plans[1], name)


def main() -> None:
    """Print the table."""
    root = Path(__file__).resolve().parents[1]
    os.environ.setdefault("PLANNER_REFERENCE_DATA", str(root.parent / "shared" / "reference"))
    console = Console(width=200)
    table = Table(title="Depot study of San Bernardino: published and ours", show_lines=True)
    for column in ("figure", "published", "ours", "verdict"):
        table.add_column(column)
    for row in rows(console):
        table.add_row(row.what, row.published, row.ours, row.verdict)
    console.print(table)


if __name__ == "__main__":
    main()

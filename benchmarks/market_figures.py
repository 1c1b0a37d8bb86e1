"""Published figures of the market at Ödeshög beside ours, and what lost equations matter.

Karlsson, Grauers: Agent-Based Investigation of Competing Charge Point Operators for Battery
Electric Trucks, Energies 2024, 17(12), 2901. Status 1 where a figure lies outside its range.

    python benchmarks/market_figures.py                      # 10 seeds and all alternatives
    python benchmarks/market_figures.py --run outputs/odeshog-market     # a finished run
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from planner.plan.finished_run import FinishedRun, read_finished_run
from planner.studies import run

BENCH = Path("outputs/bench/odeshog-market")
MIN_SEEDS = 10

RANGES = {
    # figure: published, lowest and highest that count as the same
    "mean price (EUR/kWh)": ("0.15", 0.14, 0.16),
    "hours at 0.08 to 0.12 EUR/kWh": ("a large part of the day", 18.0, 24.0),
    "dearest hour (EUR/kWh)": ("about 0.5", 0.35, 0.55),
    "lowest profit of an operator (EUR/day)": ("profitable", 0.0, float("inf")),
    "mean wait (min)": ("low", 0.0, 3.0),
    "use on the typical day, raw": ("0.64 (31 % / 0.486)", 0.55, 0.65),
    "use on the average day": ("31 %", 0.30, 0.32),
    "largest change of the mean price by the start": ("low", 0.0, 0.03),
}


def own_figures(result: FinishedRun) -> dict[str, float]:
    """Our figures, by the names of ``RANGES``."""
    summary, others = result.summary, result.table("alternatives")
    study = float(summary["mean_price_eur_kwh"])
    starts = others[others["group"] == "start"]["mean_price_eur_kwh"]
    return {
        "mean price (EUR/kWh)": study,
        "hours at 0.08 to 0.12 EUR/kWh": float(summary["hours_at_or_below_0_12"]),
        "dearest hour (EUR/kWh)": float(summary["max_hour_price_eur_kwh"]),
        "lowest profit of an operator (EUR/day)": min(summary["profit_eur_day"]),
        "mean wait (min)": float(summary["mean_wait_min"]),
        "use on the typical day, raw": float(summary["utilisation_raw"]),
        "use on the average day": float(summary["utilisation_corrected"]),
        "largest change of the mean price by the start": float((starts / study - 1.0).abs().max()),
    }


def print_figures(result: FinishedRun, console: Console) -> bool:
    """Print published and own figures; whether all lie in their ranges."""
    table = Table(title=f"The market at Ödeshög, {result.summary['n_seeds']} seeds")
    for title in ("figure", "published", "range", "ours", ""):
        table.add_column(title, justify="left" if title in {"figure", ""} else "right")
    all_inside = True
    for name, own in own_figures(result).items():
        published, low, high = RANGES[name]
        inside = low <= own <= high
        all_inside &= inside
        bounds = f"over {low:g}" if high == float("inf") else f"{low:g} to {high:g}"
        verdict = "[green]inside[/]" if inside else "[red]outside[/]"
        table.add_row(name, published, bounds, f"{own:.3f}", verdict)
    console.print(table)
    return all_inside


def print_alternatives(result: FinishedRun, console: Console) -> None:
    """Print how much each thing matters that the study's text has lost or that goes beyond it."""
    table = Table(title="One thing otherwise (mean of up to 4 seeds)")
    for title in ("group", "what", "value", "EUR/kWh", "dearest h", "use", "wait min", "chargers"):
        is_text = title in {"group", "what", "value"}
        table.add_column(title, justify="left" if is_text else "right")
    for row in result.table("alternatives").to_dict("records"):
        table.add_row(
            row["group"],
            row["key"],
            row["value"],
            f"{row['mean_price_eur_kwh']:.3f}",
            f"{row['max_hour_price_eur_kwh']:.3f}",
            f"{row['utilisation_raw']:.2f}",
            f"{row['mean_wait_min']:.1f}",
            f"{row['n_chargers']:.1f}",
        )
    console.print(table)


def main() -> int:
    """Compare, and return the status of the program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, help="A finished run of odeshog-market.")
    given = parser.parse_args()
    console = Console(width=120)
    result = (
        read_finished_run(given.run) if given.run else run("odeshog-market", out=BENCH, resume=True)
    )
    if result.summary["n_seeds"] < MIN_SEEDS:
        console.print(f"[yellow]fewer than {MIN_SEEDS} seeds: the band is not known[/]")
    all_inside = print_figures(result, console)
    print_alternatives(result, console)
    return 0 if all_inside else 1


if __name__ == "__main__":
    sys.exit(main())

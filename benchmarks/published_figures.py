"""Published figures for Germany beside ours.

The study is Fadranski, Tietz, Göhlich (World Electr. Veh. J. 2026, 17(7), 326). Its road network,
freight data and site lists are not public: a difference is explained, not hidden.

    python benchmarks/published_figures.py                      # built-in Germany, 10, 15 and 20 %
    python benchmarks/published_figures.py --levels 0.15 --scenario germany-etisplus
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

import planner
from planner.progress import TerminalProgress

PUBLISHED = {
    # (level, sites): figure -> text
    (0.15, "policy"): {
        "HPC points, cpo to logistics": "1116-3316",
        "LPC points": "5423",
        "HPC points at 5 min mean wait": "2200 (1800 replanned)",
        "energy recharged, GWh": "48",
        "LPC share of energy, %": "19",
    },
    (0.15, "extended"): {
        "HPC points, cpo to logistics": "1482-4270",
        "LPC points": "6071",
        "HPC points at 5 min mean wait": "2700 (2300 replanned)",
        "energy recharged, GWh": "48",
        "LPC share of energy, %": "19",
    },
    (0.10, "policy"): {
        "balanced: mean wait, min": "1.4-1.9",
        "balanced: TCU, %": "23-32 (both networks)",
    },
    (0.10, "extended"): {
        "balanced: mean wait, min": "1.4-1.9",
        "balanced: TCU, %": "23-32 (both networks)",
    },
    (0.20, "policy"): {"balanced: ECU of a 5- to 6-day year, %": "17-20"},
    (0.20, "extended"): {"balanced: ECU of a 5- to 6-day year, %": "12-14"},
}
"""What the study prints, by level and site network."""


def figures(result: planner.StudyResult) -> dict[str, str]:
    """Figures of a run under the names of the study's."""
    solutions = result.summary["solutions"]
    balanced = solutions["balanced"]
    front = result.front.sort_values("mean_wait_min")
    wait, n_hpc = front["mean_wait_min"].to_numpy(), front["n_hpc"].to_numpy(np.float64)
    unserved_share = result.summary["n_unserved"] / result.summary["n_trips"]
    energy_gwh = (balanced["energy_hpc_mwh"] + balanced["energy_lpc_mwh"]) / 1000.0
    return {
        "HPC points, cpo to logistics": (
            f"{solutions['cpo']['n_hpc']}-{solutions['logistics']['n_hpc']}"
        ),
        "HPC points without queues": f"{result.summary['n_hpc_without_queues']}",
        "LPC points": f"{balanced['n_lpc']}",
        "HPC points at 1.5 min mean wait": f"{np.interp(1.5, wait, n_hpc):.0f}",
        "HPC points at 5 min mean wait": f"{np.interp(5.0, wait, n_hpc):.0f}",
        "TCU at 1.5 min mean wait, %": f"{100 * np.interp(1.5, wait, front['tcu']):.0f}",
        "balanced: HPC points": f"{balanced['n_hpc']}",
        "balanced: mean wait, min": f"{balanced['mean_wait_min']:.1f}",
        "balanced: TCU, %": f"{100 * balanced['tcu']:.0f}",
        "balanced: ECU of a 5- to 6-day year, %": (
            f"{100 * balanced['ecu_year_5_days_share']:.0f}"
            f"-{100 * balanced['ecu_year_6_days_share']:.0f}"
        ),
        "energy recharged, GWh": f"{energy_gwh:.1f}",
        "energy recharged per electric trip, kWh": (
            f"{1e6 * energy_gwh / result.summary['n_trips']:.0f}"
        ),
        "LPC share of energy, %": f"{100 * balanced['lpc_energy_share']:.0f}",
        "trips unserved, %": f"{100 * unserved_share:.1f}",
    }


def table_of(
    scenario: str, networks: list[str], levels: list[float], console: Console
) -> pd.DataFrame:
    """Run the scenario at each level and network, and lay the figures out."""
    rows = []
    for level in levels:
        for network in networks:
            overrides = [f"demand.electrification_share={level}"]
            if network != "as given":
                overrides.append(f"sites.network={network}")
            loaded = planner.load_scenario(scenario, overrides)
            with tempfile.TemporaryDirectory() as folder, TerminalProgress(console) as progress:
                result = planner.run(loaded, out=Path(folder) / "run", progress=progress)
                ours = figures(result)
            published = PUBLISHED.get((level, network.replace("as given", "policy")), {})
            rows += [
                (f"{100 * level:g} %", network, name, published.get(name, ""), value)
                for name, value in ours.items()
            ]
    return pd.DataFrame(rows, columns=["level", "sites", "figure", "published", "ours"])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Published figures for Germany beside ours.")
    parser.add_argument("--scenario", default="germany-10")
    parser.add_argument("--levels", type=float, nargs="+", default=[0.10, 0.15, 0.20])
    parser.add_argument("--csv", type=Path, help="also write the table here")
    arguments = parser.parse_args()
    console = Console()
    builtin = planner.load_scenario(arguments.scenario).sites.source == "builtin"
    networks = ["policy", "extended"] if builtin else ["as given"]
    rows = table_of(arguments.scenario, networks, arguments.levels, console)
    table = Table(title=f"{arguments.scenario}: published and ours")
    for column in rows.columns:
        table.add_column(column)
    for row in rows.itertuples(index=False):
        table.add_row(*row)
    console.print(table)
    if arguments.csv:
        rows.to_csv(arguments.csv, index=False)


if __name__ == "__main__":
    main()

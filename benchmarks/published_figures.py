"""Published figures for Germany beside ours.

The study and its figures are in planner/reporting/published_figures.py. Its road network, freight
data and site lists are not public: a difference is explained, not hidden.

    python benchmarks/published_figures.py                      # built-in Germany, 10, 15 and 20 %
    python benchmarks/published_figures.py --levels 0.15 --scenario germany-etisplus
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

import planner
from planner.progress import TerminalProgress
from planner.reporting.published_figures import own_figures, published_texts


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
                ours = own_figures(result.summary, result.front)
            published = published_texts(level, network.replace("as given", "policy"))
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

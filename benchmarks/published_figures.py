"""Published figures for Germany beside ours, and whether the directions that the study finds hold.

The study and its figures are in planner/plan/published_figures.py, the directions in
published_directions.py. Its road network, freight data and site lists are not public: a difference
is explained, not hidden; a direction that does not hold ends with status 1.

    python benchmarks/published_figures.py --sweep outputs/germany-sweep   # a finished sweep
    python benchmarks/published_figures.py --levels 0.10 0.15              # plans a sweep first
    python benchmarks/published_figures.py --scenario germany-reference

A sweep planned here lets trucks replan, lies below ``outputs/bench`` and goes on where it stopped.
Writes ``published.md`` and ``published.csv`` beside the sweep's tables, or into ``--out``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import yaml
from rich.console import Console
from rich.table import Table

import planner
from planner.plan.compared_runs import read_runs
from planner.plan.published_directions import DIRECTIONS, verdicts
from planner.plan.published_figures import (
    SOURCE,
    STUDY_LEVELS,
    own_figures,
    own_means,
    own_texts,
    published_for,
)
from planner.plan.published_verdicts import RULES, judged
from planner.scenario.sweep import load_sweep
from planner.sweeping.progress_table import LiveProgress, PlainProgress
from planner.sweeping.sweep import run_sweep
from planner.tables.language import ENGLISH

if TYPE_CHECKING:
    from planner.plan.compared_runs import ComparedRun
    from planner.plan.published_directions import Verdict

BENCH = Path("outputs/bench")


def planned_sweep(scenario: str, levels: list[float], console: Console) -> Path:
    """Plan a scenario at all levels, and on both networks where it has the built-in sites."""
    is_builtin = planner.load_scenario(scenario).sites.source == "builtin"
    definition = {
        "name": f"published-{Path(scenario).stem}",
        "base": scenario,
        "fixed": {
            "replanning.iterations": 100,
        },
        "axes": {"demand.electrification_share": levels}
        | ({"sites.network": ["policy", "extended"]} if is_builtin else {}),
    }
    BENCH.mkdir(parents=True, exist_ok=True)
    file = BENCH / f"{definition['name']}.yaml"
    file.write_text(yaml.safe_dump(definition, sort_keys=False), encoding="utf-8")
    with LiveProgress(console) if console.is_terminal else PlainProgress(console) as listener:
        return run_sweep(
            load_sweep(file), out=BENCH / str(definition["name"]), listener=listener
        ).folder


def table_of(runs: list[ComparedRun]) -> pd.DataFrame:
    """Every figure of every level and network, ours and what is published with its verdict."""
    groups: dict[tuple[str, float], list[ComparedRun]] = {}
    for run in runs:
        groups.setdefault((run.network, run.level_share), []).append(run)
    rows = []
    for (network, level), of_both in groups.items():
        published = {figure.what: figure for figure in published_for(level, network)}
        figures = [own_figures(run.summary, run.front) for run in of_both]
        means = own_means(figures)
        for what, text in own_texts(figures).items():
            beside = ("", "", "")
            if figure := published.get(what):
                verdict = judged(figure, means[what], of_both[0].basis).written(ENGLISH)
                beside = (RULES[what].definition, figure.text, verdict)
            rows.append((network, level, len(of_both), what, text, *beside))
    columns = ["sites", "level", "replications", "figure", "ours"]
    columns += ["definition", "published", "verdict"]
    return pd.DataFrame(rows, columns=columns)


def markdown(table: pd.DataFrame, judged: list[Verdict]) -> str:
    """Ours per network with a column per level, the published ones with verdicts, directions."""
    parts = ["Ours.", ""]
    for network, of_network in table.groupby("sites", sort=False):
        levels = sorted(of_network["level"].unique())
        parts.append(f"| {network} sites | " + " | ".join(f"{100 * x:g} %" for x in levels) + " |")
        parts.append("|---" * (1 + len(levels)) + "|")
        for figure, row in of_network.groupby("figure", sort=False):
            of_level = row.set_index("level")
            cells = [
                of_level.at[level, "ours"]  # noqa: PD008
                for level in levels
            ]
            parts.append(f"| {figure} | " + " | ".join(cells) + " |")
        parts.append("")
    parts += [f"Published ({SOURCE}) and ours.", ""]
    columns = ["sites", "level", "figure", "definition", "published", "ours", "verdict"]
    parts += ["| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
    beside = table[table["published"] != ""]
    shown = beside.assign(level=[f"{100 * level:g} %" for level in beside["level"]])
    parts += ["| " + " | ".join(row) + " |" for row in shown[columns].itertuples(index=False)]
    parts.append("")
    parts += ["| direction | level | sites | figures | verdict |", "|---|---|---|---|---|"]
    parts += ["| " + " | ".join(cells) + " |" for cells in verdict_rows(judged)]
    return "\n".join(parts) + "\n"


def verdict_rows(judged: list[Verdict]) -> list[tuple[str, ...]]:
    """Verdicts as texts; directions that the runs do not allow to judge last."""
    rows = [
        (
            verdict.direction,
            f"{100 * verdict.level_share:g} %",
            verdict.network,
            f"{verdict.left:.5g}, {verdict.right:.5g} {verdict.unit}",
            "holds" if verdict.holds else "DOES NOT HOLD",
        )
        for verdict in judged
    ]
    of_judged = {verdict.direction for verdict in judged}
    return rows + [(d, "", "", "", "not judged") for d in DIRECTIONS if d not in of_judged]


def show(console: Console, title: str, columns: list[str], rows: list[tuple[str, ...]]) -> None:
    """Print a table."""
    shown = Table(title=title)
    for column in columns:
        shown.add_column(column)
    for row in rows:
        shown.add_row(*row)
    console.print(shown)


def main() -> int:
    """Print figures and verdicts; status 1 where a direction does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sweep", type=Path, nargs="+", help="finished sweeps to read")
    parser.add_argument("--scenario", default="germany-10", help="what to plan without --sweep")
    parser.add_argument("--levels", type=float, nargs="+", default=list(STUDY_LEVELS))
    parser.add_argument("--out", type=Path, help="folder for published.md and published.csv")
    arguments = parser.parse_args()
    console = Console()
    sweeps = arguments.sweep or [planned_sweep(arguments.scenario, arguments.levels, console)]
    runs = read_runs(sweeps)
    table, judged = table_of(runs), verdicts(runs)
    texts = table.assign(level=[f"{100 * level:g} %" for level in table["level"]])
    columns = ["level", "sites", "figure", "definition", "published", "ours", "verdict"]
    rows = [tuple(row) for row in texts[columns].itertuples(index=False)]
    show(console, f"{sweeps[0].name}: published and ours", columns, rows)
    headings = ["direction", "level", "sites", "figures", "verdict"]
    show(console, "Directions that must hold", headings, verdict_rows(judged))
    out = arguments.out or sweeps[0]
    out.mkdir(parents=True, exist_ok=True)
    table.to_csv(out / "published.csv", index=False)
    (out / "published.md").write_text(markdown(table, judged), encoding="utf-8")
    console.print(f"table {out / 'published.md'}, published.csv beside it")
    return int(not all(verdict.holds for verdict in judged))


if __name__ == "__main__":
    sys.exit(main())

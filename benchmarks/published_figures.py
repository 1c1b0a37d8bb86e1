"""Published figures for Germany beside ours: deviation, what is expected, verdict.

The published figures stand in ``config/published_figures.csv``, what is expected of ours in
``planner/plan/published_rules.py``, the directions that the study finds in
``published_directions.py``. Its road network, freight data and site lists are not public: a
difference is explained, not hidden. Ends with status 1 where a figure lies outside what is expected
or a direction does not hold.

    python benchmarks/published_figures.py                                 # all of the table below
    python benchmarks/published_figures.py --drivers fadranski-2026 --sites reference --levels 0.15
    python benchmarks/published_figures.py --sweep outputs/germany-sweep   # finished runs or sweeps

Planned are the product's drivers and both presets of the study, on the policy and the extended
sites of the built-in Germany and on ``germany-reference``, at 10, 15 and 20 %; with trips by the
study's sample on one way a pair, without transit and without limits of grid connections, as in the
study. Each plan is a run below
``outputs/bench/published``: complete ones are not repeated, and begun ones go on. Writes
``published.md`` and ``published.csv`` there, or into ``--out``.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from page_blocks import table_lines, write_block
from rich.console import Console
from rich.table import Table

import planner
from planner.plan.compared_runs import ComparedRun, read_runs
from planner.plan.published_directions import DIRECTIONS, Verdict, verdicts
from planner.plan.published_figures import (
    SOURCE,
    own_figures,
    own_means,
    own_texts,
    published_for,
)
from planner.plan.published_rules import RULES
from planner.plan.published_verdicts import Finding, judged
from planner.tables.language import ENGLISH

OUT = Path("outputs/bench/published")
LEVELS = (0.10, 0.15, 0.20)
DRIVERS = ("default", "fadranski-2026", "fadranski-2026-code")
SITES = {
    "reference": ("germany-reference", ()),
    "policy": ("germany-10", ("sites.network=policy",)),
    "extended": ("germany-10", ("sites.network=extended",)),
}
QUICKLY = ("optimization.population=50", "optimization.max_solutions=40")
"""Searches of half the size: fronts differ in the fourth digit (docs/algorithm.md)."""

_ABOUT = (
    "Written by `make validate`, which fails where a row reads *differs* or a direction does not "
    "hold; the reasons stand in [the background](background.md#the-german-study-reproduced). "
    "*default* means the drivers: the built-in demand keeps to the study's sample here "
    "(`demand.fitted_to: sample`), without transit."
)

REPLANNED_LEVEL = 0.10
"""Level of the study at which trucks plan anew."""


@dataclass(frozen=True)
class Group:
    """Runs of the same drivers on the same roads, to be held against the study."""

    title: str
    runs: list[ComparedRun]
    is_official: bool = False  # a table of sites that is the study's own network, a little changed


def planned(drivers: str, sites: str, level: float, console: Console) -> ComparedRun:
    """Plan one case, or take it from where it lies."""
    base, overrides = SITES[sites]
    changes = [
        *overrides,
        f"demand.electrification_share={level}",
        "sites.within_grid_connection=false",
        *QUICKLY,
    ]
    if drivers != "default":
        changes.append(f"preset={drivers}")
    elif base == "germany-10":
        changes += ["demand.transit.source=none", "demand.fitted_to=sample"]
        if level == REPLANNED_LEVEL:
            changes.append("replanning.iterations=100")
    folder = OUT / f"{drivers}_{sites}_{100 * level:g}"
    console.print(f"{folder.name} ...")
    scenario = planner.load_scenario(base, changes)
    return read_runs([planner.run(scenario, out=folder, resume=True).folder])[0]


def rows_of(group: Group) -> list[dict[str, object]]:
    """Every published figure of the levels and networks of a group, beside ours."""
    of_level: dict[tuple[str, float], list[ComparedRun]] = {}
    for run in group.runs:
        of_level.setdefault((run.network, run.level_share), []).append(run)
    rows: list[dict[str, object]] = []
    for (network, level), runs in of_level.items():
        figures = [own_figures(run.summary, run.front) for run in runs]
        texts, means = own_texts(figures), own_means(figures)
        basis = runs[0].basis
        if group.is_official:
            basis = replace(basis, has_study_sites=True)
        for figure in published_for(level, network):
            judgement = judged(figure, means[figure.what], basis)
            expected = judgement.expected or RULES[figure.what].expected
            rows.append(
                {
                    "drivers and roads": group.title,
                    "sites": network,
                    "level": f"{100 * level:g} %",
                    "figure": figure.what,
                    "published": figure.text,
                    "ours": texts[figure.what],
                    "deviation": judgement.deviation_written(ENGLISH),
                    "expected": expected.written(ENGLISH) if expected else "",
                    "verdict": judgement.written(ENGLISH),
                    "is_outside": judgement.finding is Finding.DIFFERS,
                }
            )
    return rows


def direction_rows(groups: list[Group]) -> list[dict[str, object]]:
    """Verdicts on directions, and at the end those that no runs allow to judge."""
    found: list[tuple[str, Verdict]] = [
        (group.title, verdict) for group in groups for verdict in verdicts(group.runs)
    ]
    rows: list[dict[str, object]] = [
        {
            "drivers and roads": title,
            "direction": verdict.direction,
            "level": f"{100 * verdict.level_share:g} %",
            "sites": verdict.network,
            "figures": f"{verdict.left:.5g}, {verdict.right:.5g} {verdict.unit}",
            "verdict": "holds" if verdict.holds else "DOES NOT HOLD",
            "is_outside": not verdict.holds,
        }
        for title, verdict in found
    ]
    known = {verdict.direction for _, verdict in found}
    blank = dict.fromkeys(("drivers and roads", "level", "sites", "figures"), "")
    return rows + [
        {**blank, "direction": direction, "verdict": "not judged", "is_outside": False}
        for direction in DIRECTIONS
        if direction not in known
    ]


def markdown(table: pd.DataFrame) -> str:
    """A table for a page."""
    shown = table.drop(columns="is_outside")
    return table_lines(list(shown.columns), shown.astype(str).to_numpy().tolist())


def side_by_side(table: pd.DataFrame, drivers: str) -> str:
    """Figures that are judged by value, of one kind of drivers on all roads and sites."""
    judged_rows = table[
        (table["expected"] != "") & table["drivers and roads"].str.startswith(drivers + ",")
    ]
    columns = {
        "germany-reference": (f"{drivers}, germany-reference", "policy"),
        "built-in, policy": (f"{drivers}, built-in Germany", "policy"),
        "built-in, extended": (f"{drivers}, built-in Germany", "extended"),
    }
    rows = []
    for (figure, level), of_figure in judged_rows.groupby(["figure", "level"], sort=False):
        by_case = of_figure.set_index(["drivers and roads", "sites"]).to_dict("index")
        published = of_figure.drop_duplicates("sites").set_index("sites")["published"]
        texts = list(dict.fromkeys(published.get(sites, "") for sites in ("policy", "extended")))
        cells = [f"{figure}, {level}", " / ".join(text for text in texts if text)]
        for case in columns.values():
            if case not in by_case:
                cells.append("")
                continue
            row = by_case[case]
            off = " (outside)" if row["is_outside"] else ""
            cells.append(f"{row['ours']}: {row['deviation']}{off}")
        rows.append([*cells, str(of_figure["expected"].iloc[0])])
    return table_lines(["figure", "published", *columns, "expected"], rows)


def write_pages(docs: Path, table: pd.DataFrame, directions: pd.DataFrame) -> None:
    """Write the page of all figures, and the table of the preset into the page of reasons."""
    levels = table.groupby("drivers and roads", sort=False)["level"].unique()
    cases = "; ".join(f"{title} at {', '.join(of_it)}" for title, of_it in levels.items())
    parts = ["# Published figures and ours", "", f"Published: {SOURCE}. {_ABOUT}", ""]
    parts += [f"Computed for this page: {cases}.", ""]
    for title, of_group in table.groupby("drivers and roads", sort=False):
        parts += [f"## {title}", "", markdown(of_group.drop(columns="drivers and roads"))]
    parts += ["## Directions that must hold", "", markdown(directions).strip()]
    (docs / "published.md").write_text("\n".join(parts) + "\n", encoding="utf-8")
    write_block(docs / "background.md", Path(__file__).name, side_by_side(table, DRIVERS[1]))


def show(console: Console, title: str, table: pd.DataFrame) -> None:
    """Print a table, rows outside what is expected in red."""
    shown = Table(title=title)
    columns = [name for name in table.columns if name != "is_outside"]
    for column in columns:
        shown.add_column(column)
    for row in table.to_dict("records"):
        style = "red" if row["is_outside"] else None
        shown.add_row(*(str(row[column]) for column in columns), style=style)
    console.print(shown)


def groups_of(arguments: argparse.Namespace, console: Console) -> list[Group]:
    """The runs that are asked for, planned where they are not yet."""
    if arguments.sweep:
        return [Group(folder.name, read_runs([folder])) for folder in arguments.sweep]
    groups = []
    for drivers in arguments.drivers:
        of_sites = {
            sites: [planned(drivers, sites, level, console) for level in arguments.levels]
            for sites in arguments.sites
        }
        builtin = [run for sites in ("policy", "extended") for run in of_sites.get(sites, [])]
        if builtin:
            groups.append(Group(f"{drivers}, built-in Germany", builtin))
        if reference := of_sites.get("reference"):
            groups.append(Group(f"{drivers}, germany-reference", reference, is_official=True))
    return groups


def main() -> int:
    """Print figures and verdicts; status 1 where any lies outside what is expected."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sweep", type=Path, nargs="+", help="finished runs or sweeps to read")
    parser.add_argument("--drivers", nargs="+", default=list(DRIVERS), choices=DRIVERS)
    parser.add_argument("--sites", nargs="+", default=list(SITES), choices=list(SITES))
    parser.add_argument("--levels", type=float, nargs="+", default=list(LEVELS))
    parser.add_argument("--out", type=Path, help="folder for published.md and published.csv")
    parser.add_argument("--docs", type=Path, help="folder of pages to write the tables into")
    arguments = parser.parse_args()
    console = Console()
    groups = groups_of(arguments, console)
    table = pd.DataFrame([row for group in groups for row in rows_of(group)])
    directions = pd.DataFrame(direction_rows(groups))
    for title, of_group in table.groupby("drivers and roads", sort=False):
        show(console, str(title), of_group.drop(columns="drivers and roads"))
    show(console, "Directions that must hold", directions)

    out = arguments.out or (arguments.sweep[0] if arguments.sweep else OUT)
    out.mkdir(parents=True, exist_ok=True)
    table.to_csv(out / "published.csv", index=False)
    parts = [f"Published: {SOURCE}.", "", markdown(table), markdown(directions)]
    (out / "published.md").write_text("\n".join(parts), encoding="utf-8")
    console.print(f"table {out / 'published.md'}, published.csv beside it")
    if arguments.docs:
        write_pages(arguments.docs, table, directions)
    n_outside = int(table["is_outside"].sum() + directions["is_outside"].sum())
    if n_outside:
        console.print(f"{n_outside} rows lie outside what is expected")
    return int(n_outside > 0)


if __name__ == "__main__":
    sys.exit(main())

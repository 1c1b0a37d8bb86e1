"""The first screen of the report on the terminal, from the files of a run alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from planner.errors import RunDirectoryError
from planner.reporting.headline import count_text, minutes_text, percent_text
from planner.reporting.plan_results import DEFAULT_SOLUTION
from planner.reporting.table_schemas import FRONT, check_table
from planner.run_directory import MANIFEST, read_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

_PLOT_WIDTH = 60
_PLOT_HEIGHT = 13


def show_run(run_dir: Path, console: Console) -> None:
    """Print the question, the answer, the named solutions and the front of a run.

    Parameters
    ----------
    run_dir : Path
        Directory of a finished run; ``run.json`` and ``front.csv`` are read.
    console : Console
        Where to print.

    Raises
    ------
    RunDirectoryError
        If the files are missing or not those of a run.
    """
    manifest = read_manifest(run_dir)
    front = _read_front(run_dir)
    try:
        headline, named = manifest["headline"], manifest["named_solutions"]
        summary = manifest["summary"]
        console.print(Text(str(headline["question"]), style="bold"))
        console.print(Text(str(headline["answer"])))
        console.print()
        console.print(named_solutions_table(named, front))
        console.print(_served_line(summary))
        console.print()
        console.print(Text("Mean waiting time (min) against utilisation of high-power points"))
        console.print(Padding(Text(front_plot(named, front)), (0, 0, 0, 2)))
    except KeyError as error:
        message = (
            f"{run_dir / MANIFEST}: expected the key {error}; found none; "
            "run the scenario again with this version of the planner"
        )
        raise RunDirectoryError(message) from error


def named_solutions_table(named: list[dict[str, Any]], front: pd.DataFrame) -> Table:
    """Table of the named solutions.

    Parameters
    ----------
    named : list of dict
        ``name``, ``title`` and ``solution`` of each.
    front : DataFrame
        ``FRONT``.

    Returns
    -------
    Table
        A row per named solution, numbered as in :func:`front_plot`.
    """
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    table.add_column("plan")
    for title in ("high-power\npoints", "overnight\npoints", "mean\nwait", "95 % wait\nat most"):
        table.add_column(title, justify="right")
    for title in ("use in\ntime", "use in\nenergy"):
        table.add_column(title, justify="right")
    for number, solution in enumerate(named, start=1):
        row = front.iloc[int(solution["solution"])]
        table.add_row(
            str(number),
            Text(str(solution["title"])),
            count_text(row["n_hpc"]),
            count_text(row["n_lpc"]),
            minutes_text(row["mean_wait_min"]),
            minutes_text(row["p95_wait_min"]),
            percent_text(row["tcu"]),
            percent_text(row["ecu"]),
            style="bold" if solution["name"] == DEFAULT_SOLUTION else "",
        )
    return table


def front_plot(named: list[dict[str, Any]], front: pd.DataFrame) -> str:
    """Front as text: a dot per solution, numbers for the named ones.

    Parameters
    ----------
    named : list of dict
        ``solution`` of each named solution.
    front : DataFrame
        ``FRONT``.

    Returns
    -------
    str
        Lines of text; waiting grows upwards on a square-root scale, utilisation to the right.
    """
    rows = [int(solution["solution"]) for solution in named]
    top = 1.05 * max(float(front["mean_wait_min"].iloc[rows].max()), 0.1)
    inside = front[front["mean_wait_min"] <= top]
    left, right = float(inside["tcu"].min()), float(inside["tcu"].max())
    span = max(right - left, 1e-9)

    def cell(row: pd.Series) -> tuple[int, int]:
        height = np.sqrt(row["mean_wait_min"] / top)
        return (
            round((1.0 - height) * (_PLOT_HEIGHT - 1)),
            round((row["tcu"] - left) / span * (_PLOT_WIDTH - 1)),
        )

    canvas = [[" "] * _PLOT_WIDTH for _ in range(_PLOT_HEIGHT)]
    for _, row in inside.iterrows():
        y, x = cell(row)
        canvas[y][x] = "·"
    for number, solution in enumerate(rows, start=1):
        y, x = cell(front.iloc[solution])
        canvas[y][x] = str(number)
    waits = top * (1.0 - np.arange(_PLOT_HEIGHT) / (_PLOT_HEIGHT - 1)) ** 2
    labels = [
        f"{wait:5.1f}" if line % 3 == 0 else " " * 5 for line, wait in enumerate(waits.tolist())
    ]
    lines = [f"{label} │{''.join(cells)}" for label, cells in zip(labels, canvas, strict=True)]
    ends = percent_text(left), percent_text(right)
    axis = f"{ends[0]}{ends[1]:>{_PLOT_WIDTH - len(ends[0])}}"
    return "\n".join([*lines, f"{'':5} └{'─' * _PLOT_WIDTH}", f"{'':7}{axis}"])


def _served_line(summary: dict[str, Any]) -> Text:
    share = summary["n_served"] / max(summary["n_trips"], 1)
    energy = summary["energy_hpc_mwh"], summary["energy_lpc_mwh"]
    return Text(
        f"{count_text(summary['n_served'])} of {count_text(summary['n_trips'])} trips "
        f"({percent_text(share)}) can be driven; they charge {count_text(energy[0])} MWh at high "
        f"power and {count_text(energy[1])} MWh overnight."
    )


def _read_front(run_dir: Path) -> pd.DataFrame:
    path = run_dir / f"{FRONT.name}.csv"
    try:
        missing = {column.name: [""] for column in FRONT.columns if column.dtype == "float64"}
        front = pd.read_csv(path, keep_default_na=False, na_values=missing)
        check_table(front, FRONT)
    except (OSError, ValueError) as error:
        message = f"{path}: expected the front of a run; found: {error}; run the scenario again"
        raise RunDirectoryError(message) from error
    return front

"""The first screen of the report on the terminal, from the files of a run alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.padding import Padding
from rich.text import Text

from planner.errors import RunDirectoryError
from planner.plan.draw_bands import figure_with_band
from planner.plan.finished_run import read_finished_run
from planner.plan.schemas import FRONT, objectives_beside
from planner.plan.site_origin import site_origin
from planner.reporting.energy_sentence import energy_sentence
from planner.reporting.national_depot_headline import depots_start
from planner.reporting.national_market_headline import national_answer, national_question
from planner.runs.manifests import MANIFEST
from planner.tables.forms import written
from planner.tables.layout_quantities import MEAN_WAIT, N_HPC, P95_WAIT, TCU
from planner.terminal import WholeWords

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from rich.console import Console

    from planner.plan.finished_run import FinishedRun
    from planner.tables.language import Language
    from planner.tables.table import Quantity

_PLAN_FIGURES = FRONT.quantities(N_HPC, "n_lpc", MEAN_WAIT, P95_WAIT, TCU)
_PLOT_WIDTH = 60
_PLOT_HEIGHT = 13


def show_run(run_dir: Path, console: Console, language: Language) -> None:
    """Print the question, the answer, the named solutions and the front of a run.

    Parameters
    ----------
    run_dir : Path
        Directory of a finished run.
    console : Console
        Where to print; 80 columns are enough.
    """
    run = read_finished_run(run_dir)
    try:
        console.print(Text(run.question(language), style="bold"))
        console.print(Text(run.answer(language)))
        console.print()
        console.print(named_solutions_table(run, language))
        console.print(_served_line(run, language))
        days = run.manifest["scenario"]["demand"]["days"]
        console.print(Text(energy_sentence(run.summary, len(days), language)))
        console.print(Text(site_origin(run.manifest["scenario"]["sites"], language)))
        if "market" in run.summary:
            console.print()
            console.print(Text(national_question(language), style="bold"))
            console.print(Text(national_answer(run.summary["market"], language)))
        if "depots" in run.summary:
            console.print()
            console.print(Text(depots_start(run.summary, language)))
    except KeyError as error:
        message = (
            f"{run_dir / MANIFEST}: expected the key {error}; found none; "
            "run the scenario again with this version of the planner"
        )
        raise RunDirectoryError(message) from error
    console.print()
    heading = language.text("Mean wait against utilisation of high-power points")
    console.print(Text(heading))
    rows = [named.solution for named in run.named_solutions]
    plot = front_plot(rows, run.front, run.shown_wait_limit_min, language)
    console.print(Padding(Text(plot), (0, 0, 0, 2)))


def named_solutions_table(run: FinishedRun, language: Language) -> WholeWords:
    """Table of the named solutions.

    Returns
    -------
    WholeWords
        A row per named solution, numbered as in :func:`front_plot`.
    """
    table = WholeWords()
    table.add_column("")
    table.add_column(language.text("plan"), no_wrap=True)
    figures = (*_PLAN_FIGURES, *objectives_beside(_PLAN_FIGURES, run.objectives))
    for figure in figures:
        table.add_column(figure.heading(language, with_unit=False), justify="right")
    titles = run.titles(language)
    for number, solution in enumerate(run.named_solutions, start=1):
        row = run.front.iloc[solution.solution]
        table.add_row(
            str(number),
            Text(titles[solution.name]),
            *(_cell(row, figure, language) for figure in figures),
            style="bold" if solution == run.default_solution else "",
        )
    return table


def _cell(row: pd.Series, figure: Quantity, language: Language) -> str:
    """Figure of a solution; for more bands than that of the mean wait there is no room."""
    if figure == MEAN_WAIT:
        return figure_with_band(row, figure, language)
    return written(row[figure.name], figure.form, language)


def front_plot(named: list[int], front: pd.DataFrame, top_min: float, language: Language) -> str:
    """Front as text: a dot per solution, numbers for the named ones.

    Parameters
    ----------
    named : list of int
        Row of each named solution.
    front : DataFrame
        ``FRONT``.
    top_min : float
        Longest wait that is shown, minutes, > 0.

    Returns
    -------
    str
        Lines of text: what grows upwards, on a square-root scale as it says, then the plot;
        utilisation grows to the right.
    """
    inside = front[front[MEAN_WAIT.name] <= top_min]
    left, right = float(inside["tcu"].min()), float(inside["tcu"].max())
    span = max(right - left, 1e-9)
    height = np.sqrt(front[MEAN_WAIT.name].to_numpy() / top_min)
    y = np.rint((1.0 - height) * (_PLOT_HEIGHT - 1)).astype(int)
    x = np.rint((front["tcu"].to_numpy() - left) / span * (_PLOT_WIDTH - 1)).astype(int)
    canvas = [[" "] * _PLOT_WIDTH for _ in range(_PLOT_HEIGHT)]
    for row in np.flatnonzero(front[MEAN_WAIT.name] <= top_min).tolist():
        canvas[y[row]][x[row]] = "·"
    for number, row in enumerate(named, start=1):
        canvas[y[row]][x[row]] = str(number)
    waits = top_min * (1.0 - np.arange(_PLOT_HEIGHT) / (_PLOT_HEIGHT - 1)) ** 2
    labels = [
        f"{language.number(wait, 1):>5}" if line % 3 == 0 else " " * 5
        for line, wait in enumerate(waits.tolist())
    ]
    lines = [f"{label} │{''.join(cells)}" for label, cells in zip(labels, canvas, strict=True)]
    ends = language.percent(left), language.percent(right)
    axis = f"{ends[0]}{ends[1]:>{_PLOT_WIDTH - len(ends[0])}}"
    upwards = language.text("min, square-root scale")
    return "\n".join([upwards, *lines, f"{'':5} └{'─' * _PLOT_WIDTH}", f"{'':7}{axis}"])


def _served_line(run: FinishedRun, language: Language) -> Text:
    summary = run.summary
    return Text(
        language.counted(
            len(run.manifest["scenario"]["demand"]["days"]),
            "On the simulated day {served} of {all} trips ({share}) can be driven; they charge "
            "{hpc} MWh at high power and {lpc} MWh overnight.",
            "In the {n} days simulated {served} of {all} trips ({share}) can be driven; they "
            "charge {hpc} MWh at high power and {lpc} MWh overnight.",
            served=language.count(summary["n_served"]),
            all=language.count(summary["n_trips"]),
            share=language.percent(summary["n_served"] / max(summary["n_trips"], 1)),
            hpc=language.count(summary["energy_hpc_mwh"]),
            lpc=language.count(summary["energy_lpc_mwh"]),
        )
    )

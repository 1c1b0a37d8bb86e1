"""A sweep as a page with charts and tables, and the chart as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from planner.reporting.definitions import NAMED_SOLUTION_DEFINITIONS
from planner.reporting.figure_page import (
    PageSection,
    render_figure_page,
    write_chart_images,
)
from planner.reporting.figure_texts import ALL_FIGURES, BRIEF_FIGURES, figure_cells, headings
from planner.reporting.headline import count_text, minutes_text, percent_text
from planner.reporting.level_chart import CHART_FIGURES, LevelAxis, level_chart
from planner.reporting.plan_results import DEFAULT_SOLUTION
from planner.reporting.shown_tables import ShownTable
from planner.run_directory import replacing
from planner.scenario.sweep import Sweep, Variant, short_names, value_text
from planner.sweeping.tables import axis_columns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    from rich.console import Console

LEVEL_KEY = "demand.electrification_share"


def write_sweep_report(
    sweep: Sweep,
    summary: pd.DataFrame,
    differences: pd.DataFrame,
    folder: Path,
) -> None:
    """Write ``sweep.html``, and its chart as ``sweep.svg`` and ``sweep.png``.

    Parameters
    ----------
    sweep : Sweep
        What was asked.
    summary, differences : DataFrame
        From :mod:`planner.sweeping.tables`.
    folder : pathlib.Path
        The sweep's folder.
    """
    axis, data = chart_data(summary, sweep.variants)
    chart = level_chart(data, axis)
    balanced = summary[summary["solution_name"] == DEFAULT_SOLUTION]
    sections = [
        PageSection(
            "Figures over the levels",
            "The band is the 95 % confidence interval of the mean over the replications.",
            chart,
        ),
        PageSection(
            "Balanced plans",
            "Mean over the replications, with half the width of its 95 % confidence interval.",
            summary_shown(balanced, sweep.variants),
        ),
    ]
    if len(differences):
        own = differences[differences["solution_name"] == DEFAULT_SOLUTION]
        sections.append(
            PageSection(
                "What a change of one key changes",
                "Balanced plans, against the key's first value, all else equal. Replications are "
                "compared pair by pair: both have the same draw of the demand.",
                _difference_table(own, sweep.variants),
            )
        )
    sections.append(
        PageSection(
            "All named plans",
            "As above, for each point of view.",
            summary_shown(summary, sweep.variants, with_name=True),
        )
    )
    definition = sweep.definition
    page = render_figure_page(
        definition.name,
        definition.description or f"How does the plan of {definition.base} change?",
        sweep_answer(sweep, balanced),
        tuple(sections),
    )
    with replacing(folder / "sweep.html") as path:
        path.write_text(page, encoding="utf-8")
    with replacing(folder / "sweep.svg") as svg, replacing(folder / "sweep.png") as png:
        write_chart_images(chart, svg, png)


def show_sweep(sweep: Sweep, summary: pd.DataFrame, console: Console) -> None:
    """Print what the balanced plans of a sweep come to.

    Parameters
    ----------
    sweep : Sweep
        What was asked.
    summary : DataFrame
        From :func:`~planner.sweeping.tables.summary_table`.
    console : Console
        Where to print.
    """
    balanced = summary[summary["solution_name"] == DEFAULT_SOLUTION]
    console.print(Text(sweep_answer(sweep, balanced)))
    console.print()
    shown = summary_shown(balanced, sweep.variants, figures=BRIEF_FIGURES)
    console.print(shown.for_terminal())


def chart_data(
    summary: pd.DataFrame, variants: Sequence[Variant]
) -> tuple[LevelAxis, pd.DataFrame]:
    """What the chart is drawn from: the level, the series, and the figures.

    Parameters
    ----------
    summary : DataFrame
        From :func:`~planner.sweeping.tables.summary_table`.
    variants : sequence of Variant
        The combinations.

    Returns
    -------
    LevelAxis
        The electrification level where it varies, else the first key of numbers that does, else
        the first key.
    DataFrame
        As :func:`~planner.reporting.level_chart.level_chart` wants it.
    """
    columns = axis_columns(variants)
    varied = [c for c in columns if len({value_text(v.axis_values[c.name]) for v in variants}) > 1]
    numbers = [column for column in varied if column.dtype == "float64"]
    chosen = next((c for c in numbers if c.name == LEVEL_KEY), None)
    chosen = chosen or next(iter([*numbers, *varied, *columns]), None)
    level_key = chosen.name if chosen else ""
    series_keys = [column.name for column in varied if column.name != level_key]
    names = short_names(column.name for column in columns)
    of_label = {variant.label: variant.axis_values for variant in variants}

    figures = [figure.column for figure in CHART_FIGURES]
    data = summary.copy()
    for ending in ("", "_low", "_high"):
        data[f"energy_gwh{ending}"] = data[f"energy_mwh{ending}"] / 1000.0
    data["level"] = data[level_key] if level_key else data["scenario"]
    data["series"] = [
        ", ".join(_series_text(names[key], of_label[label][key]) for key in series_keys)
        for label in data["scenario"]
    ]
    wanted = [figure + ending for figure in figures for ending in ("", "_low", "_high")]
    is_number = chosen is not None and chosen.dtype == "float64"
    axis = LevelAxis(
        title="Electrification level" if level_key == LEVEL_KEY else names.get(level_key, ""),
        is_number=is_number,
        is_share=is_number and level_key.endswith("share"),
    )
    return axis, data[["series", "level", "solution_name", *wanted]]


def _series_text(name: str, value: object) -> str:
    return value if isinstance(value, str) else f"{name} {value_text(value)}"


def sweep_answer(sweep: Sweep, balanced: pd.DataFrame) -> str:
    """What the balanced plans of a sweep come to, in two sentences."""
    n_runs = int(balanced["n_replications"].sum())
    n_variants = len(sweep.variants)
    hpc, wait, tcu = balanced["n_hpc"], balanced["mean_wait_min"], balanced["tcu"]
    return (
        f"{n_runs} runs of {n_variants} combination{'s' if n_variants > 1 else ''}. "
        f"The balanced plans have between {count_text(hpc.min())} and {count_text(hpc.max())} "
        f"high-power charging points; trucks wait between {minutes_text(wait.min())} and "
        f"{minutes_text(wait.max())} on average, and the points are in use between "
        f"{percent_text(tcu.min())} and {percent_text(tcu.max())} of the time."
    )


def summary_shown(
    summary: pd.DataFrame,
    variants: Sequence[Variant],
    *,
    figures: tuple[str, ...] = ALL_FIGURES,
    with_name: bool = False,
) -> ShownTable:
    """Means with half the widths of their intervals, as a reader is shown them.

    Parameters
    ----------
    summary : DataFrame
        Rows from :func:`~planner.sweeping.tables.summary_table`.
    variants : sequence of Variant
        The combinations.
    figures : tuple of str
        Columns to show.
    with_name : bool
        Whether to tell the named solution.

    Returns
    -------
    ShownTable
    """
    names = short_names(variants[0].axis_values)
    texts = [*names.values(), "Runs", *(["Plan"] if with_name else [])]
    rows = []
    for row in summary.to_dict("records"):
        cells = [value_text(row[key]) for key in names]
        cells.append(str(row["n_replications"]))
        if with_name:
            cells.append(NAMED_SOLUTION_DEFINITIONS[row["solution_name"]].title)
        rows.append((*cells, *figure_cells(row, figures)))
    return ShownTable((*texts, *headings(figures)), tuple(rows), len(texts))


def _difference_table(differences: pd.DataFrame, variants: Sequence[Variant]) -> ShownTable:
    texts = ("Key", "Value", "Against", "With", "Runs")
    names = short_names(variants[0].axis_values)
    of_label = {variant.label: variant.axis_values for variant in variants}
    rows = []
    for row in differences.to_dict("records"):
        others = [
            _series_text(names[key], value)
            for key, value in of_label[row["scenario"]].items()
            if key != row["axis"]
        ]
        words = (names[row["axis"]], row["value"], row["reference_value"], ", ".join(others))
        cells = figure_cells(row, ALL_FIGURES, sign="+")
        rows.append((*words, str(row["n_replications"]), *cells))
    return ShownTable((*texts, *headings(ALL_FIGURES)), tuple(rows), len(texts))

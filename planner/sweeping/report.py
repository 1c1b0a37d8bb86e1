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
from planner.reporting.language import ENGLISH
from planner.reporting.level_chart import CHART_FIGURES, LevelAxis, level_chart
from planner.reporting.plan_results import DEFAULT_SOLUTION
from planner.reporting.shown_tables import ShownTable
from planner.run_directory import replacing
from planner.scenario.sweep import short_names, value_text
from planner.sweeping.tables import axis_columns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    from rich.console import Console

    from planner.reporting.language import Language
    from planner.scenario.sweep import Combination, Sweep, Variant

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
        sweep_answer(sweep.variants, balanced),
        tuple(sections),
    )
    with replacing(folder / "sweep.html") as path:
        path.write_text(page, encoding="utf-8")
    with replacing(folder / "sweep.svg") as svg, replacing(folder / "sweep.png") as png:
        write_chart_images(chart, svg, png)


def show_sweep(
    variants: Sequence[Combination], summary: pd.DataFrame, console: Console, language: Language
) -> None:
    """Print what the balanced plans of a sweep come to.

    Parameters
    ----------
    variants : sequence of Combination
        The combinations.
    summary : DataFrame
        From :func:`~planner.sweeping.tables.summary_table`.
    console : Console
        Where to print.
    language : Language
        Language of the text.
    """
    balanced = summary[summary["solution_name"] == DEFAULT_SOLUTION]
    console.print(Text(sweep_answer(variants, balanced, language)))
    console.print()
    shown = summary_shown(balanced, variants, figures=BRIEF_FIGURES, language=language)
    console.print(shown.for_terminal())


def chart_data(
    summary: pd.DataFrame, variants: Sequence[Combination]
) -> tuple[LevelAxis, pd.DataFrame]:
    """What the chart is drawn from: the level, the series, and the figures.

    Parameters
    ----------
    summary : DataFrame
        From :func:`~planner.sweeping.tables.summary_table`.
    variants : sequence of Combination
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


def sweep_answer(
    variants: Sequence[Combination], balanced: pd.DataFrame, language: Language = ENGLISH
) -> str:
    """What the balanced plans of a sweep come to, in two sentences."""
    n_runs, n_variants = int(balanced["n_replications"].sum()), len(variants)
    counted = language.text(
        "{runs} runs of {combinations} combinations."
        if n_variants > 1
        else "{runs} runs of {combinations} combination.",
        runs=n_runs,
        combinations=n_variants,
    )
    hpc, wait, tcu = balanced["n_hpc"], balanced["mean_wait_min"], balanced["tcu"]
    found = language.text(
        "The balanced plans have between {fewest} and {most} high-power charging points; trucks "
        "wait between {shortest} and {longest} on average, and the points are in use between "
        "{least} and {highest} of the time.",
        fewest=language.count(hpc.min()),
        most=language.count(hpc.max()),
        shortest=language.minutes(wait.min()),
        longest=language.minutes(wait.max()),
        least=language.percent(tcu.min()),
        highest=language.percent(tcu.max()),
    )
    return f"{counted} {found}"


def summary_shown(
    summary: pd.DataFrame,
    variants: Sequence[Combination],
    *,
    figures: tuple[str, ...] = ALL_FIGURES,
    with_name: bool = False,
    language: Language = ENGLISH,
) -> ShownTable:
    """Means with half the widths of their intervals, as a reader is shown them.

    Parameters
    ----------
    summary : DataFrame
        Rows from :func:`~planner.sweeping.tables.summary_table`.
    variants : sequence of Combination
        The combinations.
    figures : tuple of str
        Columns to show.
    with_name : bool
        Whether to tell the named solution.
    language : Language
        Language of the headings.

    Returns
    -------
    ShownTable
    """
    names = short_names(variants[0].axis_values)
    level = {LEVEL_KEY: language.text("Electric trucks")} if LEVEL_KEY in names else {}
    texts = [*(names | level).values(), language.text("Runs")]
    if with_name:
        texts.append(language.text("Plan"))
    rows = []
    for row in summary.to_dict("records"):
        cells = [
            language.percent(row[key]) if key in level else value_text(row[key]) for key in names
        ]
        cells.append(str(row["n_replications"]))
        if with_name:
            cells.append(language.text(NAMED_SOLUTION_DEFINITIONS[row["solution_name"]].title))
        rows.append((*cells, *figure_cells(row, figures, language=language)))
    return ShownTable((*texts, *headings(figures, language)), tuple(rows), len(texts))


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
        cells = figure_cells(row, ALL_FIGURES, with_sign=True)
        rows.append((*words, str(row["n_replications"]), *cells))
    return ShownTable((*texts, *headings(ALL_FIGURES)), tuple(rows), len(texts))

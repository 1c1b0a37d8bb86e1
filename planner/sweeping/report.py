"""A sweep as a page with charts and tables in all languages, and the chart as a picture."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.text import Text

from planner.plan.compared_runs import read_runs
from planner.plan.finished_run import SWEEP, read_finished_run
from planner.plan.key_names import LEVEL_KEY, value_shown
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.point_floor import floors_sentence
from planner.plan.published_figures import PUBLISHED
from planner.plan.run_columns import FLOOR
from planner.plan.site_origin import site_origins
from planner.reporting.charts.fronts import NamedFront
from planner.reporting.charts.levels import level_chart
from planner.reporting.figure_page import render_figure_page, write_chart_images
from planner.reporting.figure_texts import (
    BRIEF_FIGURES,
    figure_cells,
    figure_columns,
    known_figures,
)
from planner.reporting.level_sections import (
    fronts_section,
    levels_section,
    published_sections,
    table_section,
)
from planner.reporting.page_tables import PageColumn, PageTable
from planner.reporting.phrases import Phrase, own_phrase, phrase, verbatim
from planner.runs.durable_files import replacing
from planner.scenario.sweep import value_text
from planner.sweeping.axes import SweepAxes, all_else, chart_data, key_shown
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.table_files import read_parquet
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from rich.console import Console

    from planner.plan.finished_run import FinishedRun
    from planner.plan.published_figures import PublishedFigure
    from planner.reporting.figures.drawing import Drawing
    from planner.reporting.page_sections import Section
    from planner.reporting.page_tables import Cell
    from planner.scenario.sweep import Combination, Sweep, Variant
    from planner.tables.language import Language


def write_sweep_report(
    sweep: Sweep,
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    differences: pd.DataFrame,
    folder: Path,
    *,
    to: Path | None = None,
    by: Drawing | None = None,
) -> None:
    """Write ``sweep.html``, and its chart as ``sweep.svg`` and ``sweep.png``.

    Parameters
    ----------
    runs, summary, differences : DataFrame
        From :mod:`planner.sweeping.tables`.
    folder : pathlib.Path
        The sweep's folder, with its runs.
    to : pathlib.Path, optional
        Where to write; the same folder by default.
    by : Drawing, optional
        Who draws the chart; this process by default.
    """
    axes = SweepAxes.of(sweep.variants)
    axis, data = chart_data(summary, sweep.variants)
    published = _published(sweep.variants) if axes.level_key == LEVEL_KEY else ()
    definition = sweep.definition
    question = (
        own_phrase(definition.description)
        if definition.description
        else phrase("How does the plan of {base} change?", base=definition.base)
    )
    balanced = _balanced(summary)
    fronts = _fronts(sweep.variants, runs, folder)
    networks = {
        variant.label: str(getattr(variant.scenario.sites, "network", ""))
        for variant in sweep.variants
    }
    sections = [
        levels_section(data, axis, published),
        fronts_section(
            partial(_named_fronts, axes, fronts, networks=networks),
            axes.axis.title,
            published,
            has_spread=len(fronts) > len(sweep.variants),
        ),
        *_tables(sweep, summary, differences),
    ]
    if published:
        of_label = {variant.label: axes.series_of(variant) for variant in sweep.variants}
        by_run = runs.drop_duplicates("run").set_index("run")["scenario"].map(of_label)
        compared = read_runs([folder / run for run in by_run.index])
        sections += published_sections(compared, list(by_run))
    page = render_figure_page(
        definition.name,
        question,
        Phrase.of(partial(_page_answer, sweep.variants, balanced)),
        sections,
    )
    target = to or folder
    with replacing(target / "sweep.html") as path:
        path.write_text(page, encoding="utf-8")
    chart = level_chart(data, axis, published)
    with replacing(target / "sweep.svg") as svg, replacing(target / "sweep.png") as png:
        write_chart_images(chart, "Balanced plans", svg, png, by)


def _balanced(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["solution_name"] == DEFAULT_SOLUTION]


def _page_answer(variants: Sequence[Variant], balanced: pd.DataFrame, language: Language) -> str:
    """What the plans come to, and where their sites come from."""
    sections = [variant.scenario.sites.model_dump(mode="json") for variant in variants]
    answer = sweep_answer(variants, balanced, language)
    return f"{answer} {site_origins(sections, language)}"


def _published(variants: Sequence[Variant]) -> tuple[PublishedFigure, ...]:
    """Published figures for Germany of the networks that are planned, where all are of it."""
    scenarios = [variant.scenario for variant in variants]
    if not all(each.network.source == each.sites.source == "builtin" for each in scenarios):
        return ()
    networks = {getattr(scenario.sites, "network", "") for scenario in scenarios}
    return tuple(figure for figure in PUBLISHED if figure.network in networks)


def fronts_of_sweep(sweep: FinishedRun, language: Language) -> list[NamedFront]:
    """Front of every run of a finished sweep."""
    fronts = _fronts(sweep.combinations, sweep.table("sweep"), sweep.runs_in or sweep.folder)
    return _named_fronts(SweepAxes.of(sweep.combinations), fronts, language)


def _fronts(
    combinations: Sequence[Combination], runs: pd.DataFrame, folder: Path
) -> list[tuple[Combination, pd.DataFrame]]:
    """Front of every run with the combination that it is of."""
    of_label = {combination.label: combination for combination in combinations}
    each_run = runs.drop_duplicates("run")[["scenario", "run"]]
    return [
        (of_label[label], read_parquet(folder / run / "front.parquet"))
        for label, run in each_run.itertuples(index=False)
    ]


def _named_fronts(
    axes: SweepAxes,
    fronts: Sequence[tuple[Combination, pd.DataFrame]],
    language: Language,
    networks: Mapping[str, str] = MappingProxyType({}),
) -> list[NamedFront]:
    """Fronts with their names; ``networks`` are built-in sites by label of the combination."""
    return [
        NamedFront.of_table(
            axes.series_of(combination),
            axes.level_of(combination, language),
            networks.get(combination.label, ""),
            front,
        )
        for combination, front in fronts
    ]


def _tables(sweep: Sweep, summary: pd.DataFrame, differences: pd.DataFrame) -> list[Section]:
    means = phrase(
        "Mean over the replications, with half the width of its 95 % confidence interval."
    )
    balanced = table_section(
        phrase("Balanced plans"),
        means,
        summary_shown(_balanced(summary), sweep.variants),
    )
    changes = table_section(
        phrase("What a change of one key changes"),
        phrase(
            "Balanced plans, against the key's first value, all else equal. Replications are "
            "compared pair by pair: both have the same draw of the demand."
        ),
        _difference_table(_balanced(differences), sweep.variants),
    )
    every = table_section(
        phrase("All named plans"),
        means,
        summary_shown(summary, sweep.variants, with_name=True),
    )
    return [balanced, *([changes] if len(differences) else []), every]


def show_sweep(
    variants: Sequence[Combination], summary: pd.DataFrame, console: Console, language: Language
) -> None:
    """Print what the balanced plans of a sweep come to.

    Parameters
    ----------
    summary : DataFrame
        From :func:`~planner.sweeping.tables.summary_table`.
    """
    balanced = _balanced(summary)
    console.print(Text(sweep_answer(variants, balanced, language)))
    console.print()
    console.print(summary_shown(balanced, variants, brief=True).for_terminal(language))


def show_sweep_run(folder: Path, console: Console, language: Language) -> None:
    """Print what a finished sweep asked, and what its balanced plans come to."""
    sweep = read_finished_run(folder, SWEEP)
    if sweep.definition.description:
        console.print(Text(sweep.definition.description, style="bold"))
    show_sweep(sweep.combinations, sweep.levels, console, language)


def sweep_answer(
    variants: Sequence[Combination], balanced: pd.DataFrame, language: Language = ENGLISH
) -> str:
    """What the balanced plans of a sweep come to, in a few sentences."""
    n_runs, n_variants = int(balanced["n_replications"].sum()), len(variants)
    hpc, wait, tcu = balanced["n_hpc"], balanced[MEAN_WAIT.name], balanced["tcu"]
    counted = language.text(
        "{runs} runs of {combinations} combinations."
        if n_variants > 1
        else "{runs} runs of {combinations} combination.",
        runs=n_runs,
        combinations=n_variants,
    )
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
    said = [counted, found, floors_sentence(balanced[FLOOR.name], language)]
    if not balanced["unserved_share"].max():
        return " ".join(sentence for sentence in said if sentence)
    unserved = language.text(
        "Between {least} and {most} of all trips cannot be driven.",
        least=language.percent(balanced["unserved_share"].min()),
        most=language.percent(balanced["unserved_share"].max()),
    )
    return " ".join(sentence for sentence in [*said, unserved] if sentence)


def summary_shown(
    summary: pd.DataFrame,
    variants: Sequence[Combination],
    *,
    brief: bool = False,
    with_name: bool = False,
) -> PageTable:
    """Means with half the widths of their intervals, as a reader is shown them.

    Parameters
    ----------
    summary : DataFrame
        Rows from :func:`~planner.sweeping.tables.summary_table`.
    brief : bool
        Whether only the figures for which a terminal has room.
    with_name : bool
        Whether to tell the named solution.
    """
    figures = BRIEF_FIGURES if brief else known_figures(summary)
    axes = tuple(variants[0].axis_values)
    rows: list[tuple[Cell, ...]] = []
    for row in summary.to_dict("records"):
        cells = [Phrase.of(partial(value_shown, key, row[key])) for key in axes]
        cells.append(verbatim(str(row["n_replications"])))
        if with_name:
            cells.append(phrase(NAMED_SOLUTION_DEFINITIONS[row["solution_name"]].title))
        rows.append((*cells, *figure_cells(row, figures, brief=brief)))
    columns = (
        *(PageColumn(key, Phrase.of(partial(key_shown, variants[0], key))) for key in axes),
        PageColumn("n_replications", phrase("Runs")),
        *([PageColumn("plan", phrase("Plan"))] if with_name else []),
        *figure_columns(figures),
    )
    return PageTable("named-plans" if with_name else "balanced", columns, rows)


def _difference_table(differences: pd.DataFrame, variants: Sequence[Combination]) -> PageTable:
    figures = known_figures(differences)
    of_label = {variant.label: variant for variant in variants}
    value_of = {
        (key, value_text(value)): value
        for variant in variants
        for key, value in variant.axis_values.items()
    }
    rows: list[tuple[Cell, ...]] = []
    for row in differences.to_dict("records"):
        variant, key = of_label[row["scenario"]], row["axis"]
        words = (
            partial(key_shown, variant, key),
            *(
                partial(value_shown, key, value_of[key, str(row[name])])
                for name in ("value", "reference_value")
            ),
            partial(all_else, variant, key),
        )
        cells = figure_cells(row, figures, with_sign=True)
        rows.append((*map(Phrase.of, words), str(row["n_replications"]), *cells))
    columns = (
        PageColumn("key", phrase("Key")),
        PageColumn("value", phrase("Value")),
        PageColumn("against", phrase("Against")),
        PageColumn("with", phrase("With")),
        PageColumn("n_replications", phrase("Runs")),
        *figure_columns(figures),
    )
    return PageTable("differences", columns, rows)

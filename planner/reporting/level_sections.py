"""Parts of pages on several runs: what sweeps and comparisons both show."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from planner.plan.published_directions import verdicts
from planner.plan.published_figures import (
    SOURCE,
    as_written,
    own_figures,
    own_means,
    own_texts,
    published_for,
)
from planner.plan.published_rules import RULES
from planner.plan.published_verdicts import judged
from planner.reporting.charts.fronts import BAND_MEANING, fronts_chart, shows_published
from planner.reporting.charts.levels import is_known, level_chart
from planner.reporting.page_sections import Chart, Section, Table, hint
from planner.reporting.page_tables import PageColumn, PageTable
from planner.reporting.phrases import Phrase, own_phrase, percent, phrase, sentences, verbatim
from planner.tables.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import altair as alt
    import pandas as pd

    from planner.plan.compared_runs import ComparedRun
    from planner.plan.published_directions import Verdict
    from planner.plan.published_figures import PublishedFigure
    from planner.reporting.charts.fronts import NamedFront
    from planner.reporting.charts.levels import LevelAxis
    from planner.tables.language import Language


def levels_section(
    data: pd.DataFrame, axis: LevelAxis, published: tuple[PublishedFigure, ...]
) -> Section:
    """All figures over the levels; see :func:`planner.reporting.charts.levels.level_chart`."""
    published = axis.with_marks_of(list(data["level"]), published)
    hints = [phrase("Another plan than the balanced one can be chosen above the charts.")]
    if is_known(data, "n_hpc_low"):
        hints.append(
            phrase("Bands are 95 % confidence intervals of the mean over the replications.")
        )
    if any(is_known(data, figure.column) for figure in published):
        hints.append(
            phrase(
                "Grey: published figures, a bar where a range is given ({source}); what each "
                "counts and whether it can be compared stands under “Published and ours”.",
                source=SOURCE,
            )
        )
    chart = Chart("levels", partial(level_chart, data, axis, published))
    parts = hint(sentences(hints)), chart
    return Section(phrase("Figures over the levels"), parts, "levels")


def fronts_section(
    fronts: Callable[[Language], Sequence[NamedFront]],
    level_title: str,
    published: tuple[PublishedFigure, ...],
    *,
    has_spread: bool,
) -> Section:
    """Fronts of all levels.

    Parameters
    ----------
    fronts : callable
        The fronts with names in a language.
    published : tuple of PublishedFigure
        Values from elsewhere.
    has_spread : bool
        Whether there are replications.
    """

    def chart(language: Language) -> alt.ConcatChart:
        return fronts_chart(fronts(language), level_title, published, language)

    hints = [
        phrase(
            "Every point of a line is a plan: so many charging points, and how long trucks wait. "
            "A click on a level in the legend lets the other levels stand back."
        )
    ]
    if has_spread:
        hints.append(phrase(BAND_MEANING))
    if shows_published(fronts(ENGLISH), published):
        hints.append(
            phrase("Grey: points published for a mean wait of 5 min, before and after replanning.")
        )
    parts = hint(sentences(hints)), Chart("fronts", chart)
    return Section(phrase("All fronts"), parts, "fronts")


def published_sections(runs: Sequence[ComparedRun], labels: Sequence[str]) -> list[Section]:
    """Published figures and directions beside ours, as far as there are any.

    Parameters
    ----------
    runs : sequence of ComparedRun
        The runs; of replications the mean is held against the figures.
    """
    sections = []
    table = published_and_ours(runs, labels)
    if table.rows:
        said = phrase(
            "Published: {source}. The study counts 347 policy sites, of an earlier list than the "
            "official one, and 779 extended ones; its lists are not public.",
            source=SOURCE,
        )
        sections.append(table_section(phrase("Published and ours"), said, table))
    if judged := verdicts(runs):
        said = phrase(
            "Absolute figures depend on data that are not public; directions do not. Balanced "
            "plans, means of replications."
        )
        heading = phrase("Directions that the study finds")
        sections.append(table_section(heading, said, _directions(judged)))
    return sections


def table_section(heading: Phrase, said: Phrase | None, table: PageTable) -> Section:
    """A table with a sentence on how to read it, where that needs one."""
    return Section(heading, (Table(table, hint=said),), table.name)


def published_and_ours(runs: Sequence[ComparedRun], labels: Sequence[str]) -> PageTable:
    """Published figures beside ours with definition and verdict, for the levels that have any."""
    groups: dict[tuple[str, float], list[ComparedRun]] = {}
    for run, label in zip(runs, labels, strict=True):
        groups.setdefault((label, run.level_share), []).append(run)
    rows = []
    for (label, level_share), replications in groups.items():
        network = replications[0].network
        figures = [own_figures(run.summary, run.front) for run in replications]
        ours, means = own_texts(figures), own_means(figures)
        basis = replications[0].basis
        rows += [
            (
                verbatim(label) if label else phrase("all"),
                percent(level_share),
                own_phrase(network),
                own_phrase(figure.what),
                phrase(RULES[figure.what].definition),
                Phrase.of(partial(as_written, figure.text)),
                Phrase.of(partial(as_written, ours[figure.what])),
                Phrase.of(judged(figure, means[figure.what], basis).written),
            )
            for figure in published_for(level_share, network)
        ]
    columns = (
        PageColumn("series", phrase("Series")),
        PageColumn("level", phrase("Level")),
        PageColumn("published_for", phrase("Published for")),
        PageColumn("figure", phrase("Figure")),
        PageColumn("definition", phrase("What it counts")),
        PageColumn("published", phrase("Published")),
        PageColumn("ours", phrase("Ours")),
        PageColumn("verdict", phrase("Verdict")),
    )
    shown = PageTable("published", columns, rows)
    return shown if any(labels) else shown.without({"series"})


def _directions(judged: Sequence[Verdict]) -> PageTable:
    rows = [
        (
            phrase(verdict.direction),
            percent(verdict.level_share),
            own_phrase(verdict.network),
            *(
                Phrase.of(partial(_measured, value, decimals, verdict.unit))
                for value in (verdict.left, verdict.right)
            ),
            phrase("holds") if verdict.holds else phrase("does not hold"),
        )
        for verdict in judged
        for decimals in [_telling_decimals(verdict.left, verdict.right)]
    ]
    columns = (
        PageColumn("direction", phrase("Direction")),
        PageColumn("level", phrase("Level")),
        PageColumn("sites", phrase("Sites")),
        PageColumn("first", phrase("First")),
        PageColumn("second", phrase("Second")),
        PageColumn("verdict", phrase("Verdict")),
    )
    return PageTable("directions", columns, rows)


def _measured(value: float, decimals: int, unit: str, language: Language) -> str:
    return f"{language.number(value, decimals)} {unit}"


def _telling_decimals(left: float, right: float) -> int:
    """Decimals with which two figures that differ also read differently: two, or a few more."""
    return next((n for n in range(2, 6) if round(left, n) != round(right, n)), 2)

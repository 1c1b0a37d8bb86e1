"""The charts of a run as figures: what they show on paper, and what stands below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from planner.plan.draw_bands import band_sentence
from planner.plan.point_floor import floor_of, named_floor_sentence
from planner.plan.schemas import EXTRA
from planner.reporting.charts.chart_data import LENGTH_COLUMNS, length_rows, length_titles
from planner.reporting.charts.front import front_chart, front_rows, paper_range
from planner.reporting.charts.fronts import BAND_MEANING, front_bands, fronts_chart
from planner.reporting.charts.hours import HOURLY_FIGURES, hours_chart
from planner.reporting.charts.levels import COLUMNS, level_chart
from planner.reporting.charts.look import PAPER
from planner.reporting.charts.trips import distribution_chart, length_chart
from planner.reporting.figures.rendering import COLUMN_MM, PAGE_MM, Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.plan.finished_run import FinishedRun
    from planner.reporting.charts.fronts import NamedFront
    from planner.reporting.charts.levels import LevelAxis
    from planner.tables.language import Language

_FRONT_HEIGHT_SHARE, _MOST_FRONT_HEIGHT_PT = 0.72, 200.0
_HOURS_HEIGHT_PT, _TRIPS_HEIGHT_PT = 92.0, 88.0
_STEPS = 121
_SHOWN_SHARE = 0.98
_MARKED_SHARES = (0.5, 0.95)
_NICE_RANGES_MIN = (10.0, 20.0, 30.0, 60.0, 90.0, 120.0, 180.0, 240.0, 360.0, 480.0, 720.0, 1440.0)


def front_figure(run: FinishedRun, language: Language) -> Figure:
    """Figure of the front."""
    caption = language.text(
        "Pareto front of mean waiting time and utilisation of the high-power charging points "
        "(HPC); each dot is a plan, with its number of points where it is named. Waiting is drawn "
        "on a square-root scale. {study}.",
        study=run.study_in_words(language),
    )
    of_named = [int(run.front["n_hpc"].iloc[each.solution]) for each in run.named_solutions]
    floor = named_floor_sentence(of_named, floor_of(run.summary), language)
    caption = f"{caption} {floor}".rstrip()
    caption = f"{caption} {band_sentence(run.summary, language)}".rstrip()
    rows = front_rows(run.front, run.named_solutions, run.titles(language), language)

    def draw(width: float) -> alt.LayerChart:
        shown = paper_range(rows, run.shown_wait_limit_min, width)
        height = min(_FRONT_HEIGHT_SHARE * width, _MOST_FRONT_HEIGHT_PT)
        return front_chart(
            rows, shown, run.named_solutions, language, PAPER, width=width, height=height
        )

    return Figure("front", COLUMN_MM, caption, draw)


def hours_figure(run: FinishedRun, language: Language) -> Figure:
    """Figure of waits and points in use by hour, a line per named plan."""
    caption = language.text(
        "(a) Mean waiting time of the sessions that begin in each hour, (b) share of the "
        "high-power charging points with a truck plugged in, for the named plans. {study}.",
        study=run.study_in_words(language),
    )
    titles = {named.name: run.titles(language)[named.name] for named in run.named_solutions}
    hourly = run.hourly()
    rows = hourly.assign(
        name=hourly["solution_name"],
        plan=hourly["solution_name"].map(titles),
        hour=hourly["hour"] + 0.5,
    )

    def draw(width: float) -> alt.VConcatChart:
        return _stacked(
            [
                hours_chart(
                    rows[["hour", "name", "plan", figure.name]].dropna(),
                    figure,
                    _whole_days(rows, figure.name),
                    titles,
                    language,
                    PAPER,
                    width=width,
                    height=_HOURS_HEIGHT_PT,
                )
                for figure in HOURLY_FIGURES
            ]
        )

    return Figure("hours", PAGE_MM, caption, draw)


def _whole_days(rows: pd.DataFrame, column: str) -> tuple[int, int]:
    """Hours from the first midnight before any figure to the last figure; of all rows without."""
    known = rows[rows[column].notna()]
    hours = (rows if known.empty else known)["hour"]
    return 24 * int(hours.min() // 24), int(hours.max() + 0.5)


def trip_extra_figure(run: FinishedRun, language: Language) -> Figure:
    """Figure of the charging delay of the trips, in the default solution."""
    trips = run.trips("extra_min")
    served = trips[trips["extra_min"].notna()]
    caption = language.text(
        "Charging delay of a trip, against the same trip of a truck that need not charge "
        "but takes all mandatory breaks and rests: (a) share of the {n} served trips that lose at "
        "most so much, (b) mean by the length of the trip on the network. Plan “{plan}”. {study}.",
        n=language.count(len(served)),
        plan=run.titles(language)[run.default_solution.name],
        study=run.study_in_words(language),
    )
    curve, marked = distribution(served), _marked(served, language)
    extra = run.table(EXTRA)
    lengths = pd.DataFrame(length_rows(extra), columns=LENGTH_COLUMNS)
    titles = length_titles(extra, language)

    def draw(width: float) -> alt.VConcatChart:
        size = {"width": width, "height": _TRIPS_HEIGHT_PT}
        return _stacked(
            [
                distribution_chart(curve, marked, language, PAPER, **size),
                length_chart(lengths, titles, language, PAPER, **size),
            ],
            color="independent",
        )

    return Figure("trip_extra", COLUMN_MM, caption, draw)


def distribution(served: pd.DataFrame) -> pd.DataFrame:
    """Share of trips that lose at most so many minutes.

    Parameters
    ----------
    served : DataFrame
        ``TRIPS`` with a known ``extra_min``.

    Returns
    -------
    DataFrame
        ``extra_min`` from 0 to a round value that 98 of 100 trips do not exceed, ``share``.
    """
    extra = np.sort(served["extra_min"].to_numpy())
    top = float(np.quantile(extra, _SHOWN_SHARE)) if len(extra) else 0.0
    top = next((nice for nice in _NICE_RANGES_MIN if nice >= top), _NICE_RANGES_MIN[-1])
    minutes = np.linspace(0.0, top, _STEPS)
    # A rounding error below zero or above a step is no loss of time.
    share = np.searchsorted(extra, minutes + 1e-6, side="right") / max(len(extra), 1)
    return pd.DataFrame({"extra_min": minutes, "share": share})


def _marked(served: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Where half and 95 of 100 trips are, with what is to be read there."""
    if served.empty:
        return pd.DataFrame({"extra_min": [], "share": [], "label": []})
    minutes = np.quantile(served["extra_min"].clip(lower=0.0), _MARKED_SHARES)
    labels = [
        f"{language.percent(share)}: \N{LESS-THAN OR EQUAL TO} {language.minutes(value)}"
        for share, value in zip(_MARKED_SHARES, minutes.tolist(), strict=True)
    ]
    return pd.DataFrame({"extra_min": minutes, "share": _MARKED_SHARES, "label": labels})


def _stacked(panels: list[alt.LayerChart], **scales: Any) -> alt.VConcatChart:
    """Panels below each other, lettered."""
    named = [panel.properties(title=f"({'ab'[at]})") for at, panel in enumerate(panels)]
    chart: alt.VConcatChart = alt.vconcat(*named, spacing=8).resolve_scale(**scales)
    return chart


def levels_figure(data: pd.DataFrame, axis: LevelAxis, caption: str, language: Language) -> Figure:
    """Figure of one named solution over the levels.

    Parameters
    ----------
    data : DataFrame
        A row per series and level, of one named solution, as
        :func:`~planner.reporting.charts.levels.level_chart` wants it.
    axis : LevelAxis
        What ``level`` is.
    caption : str
        What stands below.
    """

    def draw(width: float) -> Any:
        return level_chart(data, axis, (), language, PAPER, width)

    return Figure("levels", PAGE_MM, caption, draw, n_across=COLUMNS)


def fronts_figure(
    fronts: Sequence[NamedFront], level_title: str, runs: str, language: Language
) -> Figure:
    """Figure of the fronts of several runs over each other.

    Parameters
    ----------
    runs : str
        What the runs are, in the language of the figure.
    """
    caption = language.text(
        "Pareto fronts over each other: each point of a line is a plan with so many high-power "
        "charging points (HPC), and how long trucks wait with it on average. Waiting is drawn on "
        "a square-root scale. {runs}.",
        runs=runs,
    )
    bands = front_bands(fronts)
    if bands["low"].notna().any():
        caption = f"{caption} {language.text(BAND_MEANING)}"

    def draw(width: float) -> Any:
        return fronts_chart(fronts, level_title, (), language, PAPER, width)

    return Figure("fronts", COLUMN_MM, caption, draw)

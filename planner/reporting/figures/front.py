"""The Pareto front as a figure: utilisation against waiting, the named plans with their points."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from planner.reporting.figures.rendering import Figure
from planner.reporting.figures.style import COLUMN_MM, INK, LABEL_PT, POINT_COLOUR, solution_colours
from planner.reporting.point_floor import floor_of, floors_sentence

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from planner.plan.finished_run import FinishedRun
    from planner.tables.language import Language

_HEIGHT_SHARE, _MOST_HEIGHT_PT = 0.72, 200.0
_LETTER_PT, _MARK_PT = 0.52 * LABEL_PT, 8.0
_MOST_ROOM = 0.7


def front_figure(run: FinishedRun, language: Language) -> Figure:
    """Figure of the front.

    Parameters
    ----------
    run : FinishedRun
        The run.
    language : Language
        Its language.

    Returns
    -------
    Figure
    """
    caption = language.text(
        "Pareto front of mean waiting time and utilisation of the high-power charging points "
        "(HPC); each dot is a plan, with its number of points where it is named. Waiting is drawn "
        "on a square-root scale. {study}.",
        study=run.study_in_words(language),
    )
    caption = f"{caption} {floors_sentence([floor_of(run.summary)], language)}".rstrip()
    return Figure("front", COLUMN_MM, caption, partial(_draw, run, language))


def _draw(run: FinishedRun, language: Language, width: float) -> dict[str, Any]:
    top = run.shown_wait_limit_min
    shown = run.front[run.front["mean_wait_min"] <= top]
    named = _named_plans(run, language)
    left, right = float(shown["tcu"].min()), float(shown["tcu"].max())
    right += 0.06 * max(right - left, 0.01)
    left = _left_of_labels(named, left, right, width)
    x = (
        alt.X("tcu:Q")
        .title(language.text("Utilisation of the high-power points in time (TCU)"))
        .axis(format="~%", tickCount=6, grid=False)
        .scale(domain=[left, right], nice=False)
    )
    y = (
        alt.Y("mean_wait_min:Q")
        .title(language.text("Mean waiting time (min)"))
        .axis(tickCount=6, format=",.3~f")
        .scale(type="sqrt", domain=[0, top], nice=False)
    )
    names = [each.name for each in run.named_solutions]
    colour = alt.Color("name:N").scale(domain=names, range=solution_colours(names)).legend(None)
    dots = (
        alt.Chart(shown[["tcu", "mean_wait_min"]])
        .mark_circle(size=9, color=POINT_COLOUR, opacity=1)
        .encode(x=x, y=y)
    )
    base = alt.Chart(named).encode(x=x, y=y)
    marks = base.mark_circle(size=42, opacity=1, stroke="white", strokeWidth=0.6)
    height = min(_HEIGHT_SHARE * width, _MOST_HEIGHT_PT)
    at_x = width * (named["tcu"].to_numpy() - left) / (right - left)
    at_y = height * (1.0 - np.sqrt(named["mean_wait_min"].to_numpy() / top))
    named["is_below"] = labels_below(at_x, at_y, named["label"].tolist())
    chart = alt.layer(
        dots,
        marks.encode(color=colour),
        _labels(base, x, y, named[~named["is_below"]], {"align": "right", "baseline": "bottom"}),
        _labels(base, x, y, named[named["is_below"]], {"align": "left", "baseline": "top"}),
    )
    spec: dict[str, Any] = chart.properties(width=width, height=height).to_dict()
    return spec


def _labels(base: alt.Chart, x: alt.X, y: alt.Y, named: pd.DataFrame, at: dict[str, Any]) -> Any:
    sign = -1.0 if at["align"] == "right" else 1.0
    text = base.properties(data=named).mark_text(
        **at, dx=4.0 * sign, dy=sign, fontSize=LABEL_PT, color=INK
    )
    return text.encode(x=x, y=y, text="label:N")


def labels_below(
    at_x: NDArray[np.float64], at_y: NDArray[np.float64], labels: list[str]
) -> list[bool]:
    """Which names stand below to the right of their marks, since above there is no room.

    A front bends upwards, so that nothing else is below it to the right.

    Parameters
    ----------
    at_x, at_y : (n,) float64
        Positions of the marks, points from the upper left corner.
    labels : list of str
        Their names.

    Returns
    -------
    list of bool
    """
    marks = [(x - 3.5, x + 3.5, y - 3.5, y + 3.5) for x, y in zip(at_x, at_y, strict=True)]
    taken: list[tuple[float, float, float, float]] = []
    below = []
    for number, (x, y, label) in enumerate(zip(at_x, at_y, labels, strict=True)):
        box = (x - 4.0 - _LETTER_PT * len(label), x - 4.0, y - 1.0 - LABEL_PT, y - 1.0)
        others = [*taken, *marks[:number], *marks[number + 1 :]]
        below.append(any(_overlap(box, other) for other in others))
        if not below[-1]:
            taken.append(box)
    return below


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    """Whether two boxes (left, right, top, bottom) have a point in common."""
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def _left_of_labels(named: pd.DataFrame, left: float, right: float, width: float) -> float:
    """Where the axis must begin so that the names left of the marks have room."""
    for use, label in zip(named["tcu"], named["label"], strict=True):
        share = min((_LETTER_PT * len(label) + _MARK_PT) / width, _MOST_ROOM)
        left = min(left, (use - right * share) / (1.0 - share))
    return max(left, 0.0)


def _named_plans(run: FinishedRun, language: Language) -> pd.DataFrame:
    """A row per named plan, with the text at its mark; plans that share a row share it."""
    titles = run.titles(language)
    rows = [named.solution for named in run.named_solutions]
    plans = run.front.iloc[rows].reset_index(drop=True)
    plans = plans.assign(
        name=[named.name for named in run.named_solutions],
        title=[titles[named.name] for named in run.named_solutions],
    )
    joined = plans.groupby("solution")["title"].transform(", ".join)
    counts = [language.count(count) for count in plans["n_hpc"]]
    plans["label"] = [
        language.text("{plan}, {n} HPC", plan=title, n=count)
        for title, count in zip(joined, counts, strict=True)
    ]
    columns = ["name", "label", "tcu", "mean_wait_min"]
    return plans.drop_duplicates("solution")[columns].reset_index(drop=True)

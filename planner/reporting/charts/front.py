"""The Pareto front of a plan: mean wait against utilisation or number of points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from planner.plan.schemas import FRONT, objectives_beside
from planner.reporting.charts.axes import axis_format, layered, tip, title_of, x_of, y_of
from planner.reporting.charts.look import (
    CHOSEN,
    INK,
    LABEL_PT,
    TRUCKS_SIDE,
    Look,
    solution_colours,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from planner.tables.language import Language
    from planner.tables.table import Quantity
    from planner.tables.terms import NamedSolution

SOLUTION_PARAM = "selected_solution"
"""Parameter of the chart on a page: number of the selected solution."""

FrontAxis = Literal["tcu", "n_hpc"]
FRONT_AXES: tuple[FrontAxis, ...] = ("tcu", "n_hpc")
PLAN_FIGURES = FRONT.quantities("n_hpc", "mean_wait_min", "p95_wait_min", "tcu")

_WAIT = FRONT.quantities("mean_wait_min")[0]
_ON_AXES = FRONT.quantities("mean_wait_min", *FRONT_AXES)
_MARGIN = 0.3
_LETTER_PT, _MARK_PT, _MOST_ROOM = 0.52 * LABEL_PT, 8.0, 0.7


@dataclass(frozen=True, slots=True)
class FrontRange:
    """What part of the front a picture shows.

    Parameters
    ----------
    longest_wait_min : float
        Longest mean wait, minutes.
    low, high : float
        Ends of the horizontal axis.
    """

    longest_wait_min: float
    low: float
    high: float


def front_range(
    front: pd.DataFrame,
    named: Sequence[NamedSolution],
    axis: FrontAxis,
    marks: Sequence[Mapping[str, Any]] = (),
) -> FrontRange:
    """What part of the front a page shows: with room for the names on the side of the fewer.

    Beyond the named solutions a front can go on to hours of waiting, which would press everything
    of interest against the axis.

    Parameters
    ----------
    front : DataFrame
        ``FRONT``.
    named : sequence of NamedSolution
        Solutions with names.
    axis : {"tcu", "n_hpc"}
        What stands on the horizontal axis.
    marks : sequence of mapping
        Published figures, ``x0`` to ``y1``.
    """
    waits = front["mean_wait_min"].iloc[[each.solution for each in named]]
    longest = 1.6 * max(float(waits.max()), 1.0)
    shown = front.loc[front["mean_wait_min"] <= longest, axis]
    ends = [mark[end] for mark in marks for end in ("x0", "x1")]
    low, high = min([shown.min(), *ends]), max([shown.max(), *ends])
    margin = _MARGIN * max(high - low, 0.01 if axis == "tcu" else 10.0)
    before, after = (margin, margin / 4) if axis == "tcu" else (margin / 6, margin)
    return FrontRange(longest, max(float(low - before), 0.0), float(high + after))


def front_rows(
    front: pd.DataFrame,
    named: Sequence[NamedSolution],
    titles: Mapping[str, str],
    language: Language,
) -> pd.DataFrame:
    """Plans of a front, those with a name with the text at their mark.

    Plans that share a row share it. On a page the script makes the same rows without ``label``.
    """
    rows = front.reset_index(drop=True).assign(name="", title="", label="")
    for solution in dict.fromkeys(each.solution for each in named):
        here = [each.name for each in named if each.solution == solution]
        title = ", ".join(titles[name] for name in here)
        count = language.count(front["n_hpc"].iloc[solution])
        label = language.text("{plan}, {n} HPC", plan=title, n=count)
        rows.loc[solution, ["name", "title", "label"]] = [here[0], title, label]
    return rows[["solution", "n_hpc", "tcu", "mean_wait_min", "name", "title", "label"]]


def front_chart(
    rows: alt.NamedData | pd.DataFrame,
    shown: FrontRange,
    named: Sequence[NamedSolution],
    language: Language,
    look: Look,
    *,
    axis: FrontAxis = "tcu",
    selected: int = 0,
    published: str = "",
    objectives: Sequence[Quantity] = (),
    width: Any = "container",
    height: float = 265.0,
) -> alt.LayerChart:
    """Mean wait against utilisation or number of points, named solutions labelled.

    Parameters
    ----------
    rows : NamedData or DataFrame
        From :func:`front_rows`.
    shown : FrontRange
        Part that is shown.
    named : sequence of NamedSolution
        Solutions with names.
    axis : {"tcu", "n_hpc"}
        What stands on the horizontal axis.
    selected : int
        Solution that is ringed at first, by :data:`SOLUTION_PARAM`; on a page.
    published : str
        Name of the data set of published figures that stand behind, if any.
    objectives : sequence of Quantity
        What the search aimed at; on a page dots have the colour of what has no axis.
    width, height : float
        Of the plot; on paper in points.
    """
    x = x_of(FRONT.quantities(axis)[0], language, grid=look.is_live)
    y = y_of(_WAIT, language)
    base = (
        alt.Chart(rows)
        .transform_filter(f"datum.mean_wait_min <= {shown.longest_wait_min}")
        .encode(
            x=x.scale(domain=[shown.low, shown.high], nice=False),
            y=y.scale(type="sqrt", domainMin=0, nice=True)
            if look.is_live
            else y.scale(type="sqrt", domain=[0, shown.longest_wait_min], nice=False),
        )
    )
    of_name = base.transform_filter(alt.datum.title != "")
    dots = base.mark_circle(
        size=look.plain_dot, color=look.plain, opacity=0.75 if look.is_live else 1.0
    )
    if isinstance(rows, pd.DataFrame):
        names = [each.name for each in named]
        colour = alt.Color("name:N").scale(domain=names, range=solution_colours(names)).legend(None)
        marks = of_name.mark_circle(
            size=look.named_dot, opacity=1, stroke="white", strokeWidth=0.6
        ).encode(color=colour)
        labels = _paper_labels(of_name, rows, shown, (width, height))
        return layered([dots, marks, *labels], width=width, height=height, description="")
    if without_axis := objectives_beside(_ON_AXES, objectives):
        dots = dots.encode(color=_colour_of(without_axis[0], language))
    marks = of_name.mark_circle(size=look.named_dot, color=TRUCKS_SIDE, opacity=1)
    side: dict[str, Any] = (
        {"align": "right", "dx": -11} if axis == "tcu" else {"align": "left", "dx": 11}
    )
    label = of_name.mark_text(dy=-7, fontSize=look.title, fontWeight=600, **side)
    chosen = base.transform_filter(f"datum.solution === {SOLUTION_PARAM}").mark_point(
        shape="circle", size=260, strokeWidth=3, color=CHOSEN, filled=False, opacity=1
    )
    tips = [alt.Tooltip("title:N", title=language.text("Plan"))]
    told = (*PLAN_FIGURES, *objectives_beside(PLAN_FIGURES, objectives))
    targets = base.mark_circle(size=200, opacity=0, cursor="pointer").encode(
        tooltip=[*tips, *(tip(figure, language) for figure in told)]
    )
    layers = [*(_published(published) if published else ()), dots, marks]
    layers += [label.encode(text="title:N"), chosen, targets]
    return layered(
        layers, height=height, description=language.text("Pareto front of the plans.")
    ).add_params(alt.param(name=SOLUTION_PARAM, value=selected))


def _colour_of(objective: Quantity, language: Language) -> alt.Color:
    legend = alt.Legend(title=title_of(objective, language), format=axis_format(objective))
    return alt.Color(f"{objective.name}:Q", legend=legend).scale(scheme="viridis")


def _published(data: str) -> list[alt.Chart]:
    """What the study prints, behind our dots: an area, a line or a point."""
    base = alt.Chart(alt.NamedData(data)).encode(
        x=alt.X("x0:Q").scale(zero=False),
        y=alt.Y("y0:Q"),
        tooltip=[alt.Tooltip("label:N", title=" ")],
    )
    areas = base.mark_rect(
        fill=CHOSEN, fillOpacity=0.14, stroke=CHOSEN, strokeDash=[4, 3], strokeWidth=1.5
    ).encode(x2="x1:Q", y2="y1:Q")
    labels = base.mark_text(align="right", baseline="bottom", dy=-5, fontSize=11.5).encode(
        x=alt.X("x1:Q").scale(zero=False), y=alt.Y("y1:Q"), text="label:N"
    )
    return [areas, labels]


def _paper_labels(
    base: alt.Chart, rows: pd.DataFrame, shown: FrontRange, size: tuple[float, float]
) -> list[alt.Chart]:
    """Names with their points, above to the left of their marks or below to the right."""
    named = rows[rows["title"] != ""]
    at_x = size[0] * (named["tcu"].to_numpy() - shown.low) / (shown.high - shown.low)
    at_y = size[1] * (1.0 - np.sqrt(named["mean_wait_min"].to_numpy() / shown.longest_wait_min))
    is_below = np.array(labels_below(at_x, at_y, named["label"].tolist()), dtype=bool)
    sides: tuple[tuple[pd.DataFrame, dict[str, Any]], ...] = (
        (named[~is_below], {"align": "right", "baseline": "bottom", "dx": -4, "dy": -1}),
        (named[is_below], {"align": "left", "baseline": "top", "dx": 4, "dy": 1}),
    )
    return [
        base.properties(data=part)
        .mark_text(**at, fontSize=LABEL_PT, color=INK)
        .encode(text="label:N")
        for part, at in sides
    ]


def paper_range(rows: pd.DataFrame, longest_wait_min: float, width: float) -> FrontRange:
    """Part of the front that paper shows, with room for the names left of their marks.

    Parameters
    ----------
    rows : DataFrame
        From :func:`front_rows`.
    longest_wait_min : float
        Longest mean wait that is shown, minutes.
    width : float
        Width of the plot, points.
    """
    seen = rows.loc[rows["mean_wait_min"] <= longest_wait_min, "tcu"]
    left, right = float(seen.min()), float(seen.max())
    right += 0.06 * max(right - left, 0.01)
    named = rows[rows["title"] != ""]
    for use, label in zip(named["tcu"], named["label"], strict=True):
        share = min((_LETTER_PT * len(label) + _MARK_PT) / width, _MOST_ROOM)
        left = min(left, (use - right * share) / (1.0 - share))
    return FrontRange(longest_wait_min, max(left, 0.0), right)


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

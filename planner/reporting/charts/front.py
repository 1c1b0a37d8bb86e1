"""The Pareto front of a plan: mean wait against utilisation or number of points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import altair as alt
import numpy as np

from planner.plan.schemas import FRONT, ends_on_draws, objectives_beside
from planner.reporting.charts.axes import axis_format, layered, root_axis, tip, title_of, x_of
from planner.reporting.charts.label_sides import Box, Letters, label_sides
from planner.reporting.charts.look import (
    CHOSEN,
    INK,
    LABEL_PT,
    TRUCKS_SIDE,
    Look,
    solution_colours,
)
from planner.tables.layout_quantities import MEAN_WAIT, N_HPC, P95_WAIT, TCU

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from planner.tables.language import Language
    from planner.tables.table import Quantity
    from planner.tables.terms import NamedSolution

SOLUTION_PARAM = "selected_solution"
"""Parameter of the chart on a page: number of the selected solution."""

FrontAxis = Literal["tcu", "n_hpc"]
FRONT_AXES: tuple[FrontAxis, ...] = ("tcu", "n_hpc")
PLAN_FIGURES = FRONT.quantities(N_HPC, MEAN_WAIT, P95_WAIT, TCU)

_WAIT = FRONT.quantities(MEAN_WAIT)[0]
_ON_AXES = FRONT.quantities(MEAN_WAIT, *FRONT_AXES)
_BAND = ends_on_draws(_WAIT)
_BAND_OPACITY = 0.25
_MARGIN = 0.3
_ON_PAPER = Letters(width=0.52 * LABEL_PT, height=LABEL_PT, beside=4.0, beyond=1.0)
_ON_PAGE = Letters(width=7.3, height=15.0, beside=9.0, beyond=2.0)
_PUBLISHED_LETTERS = Letters(width=6.2, height=13.0, beside=0.0, beyond=5.0)
_PAGE_WIDTHS = (290.0, 400.0)
"""Of plots on a telephone and beside another one: names stand where the first has room for all."""
"""About as wide as the chart is beside the map; on other screens names keep their sides."""
_MARK, _MARK_PT, _MOST_ROOM = 3.5, 8.0, 0.7
_ABOVE_FIRST = ("upper left", "lower right", "upper right", "lower left")
_RIGHT_FIRST = ("upper right", "lower left", "upper left", "lower right")
"""Sides of names that suit a front which rises to the right, and one that falls."""


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
    longest = front_axis_limit(front, named)
    shown = front.loc[front[MEAN_WAIT.name] <= longest, axis]
    ends = [mark[end] for mark in marks for end in ("x0", "x1")]
    low, high = min([shown.min(), *ends]), max([shown.max(), *ends])
    margin = _MARGIN * max(high - low, 0.01 if axis == "tcu" else 10.0)
    before, after = (margin, margin / 4) if axis == "tcu" else (margin / 6, margin)
    return FrontRange(longest, max(float(low - before), 0.0), float(high + after))


def front_axis_limit(front: pd.DataFrame, named: Sequence[NamedSolution]) -> float:
    """Longest mean wait of plans that pictures show, minutes."""
    waits = front[MEAN_WAIT.name].iloc[[each.solution for each in named]]
    return 1.6 * max(float(waits.max()), 1.0)


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
        label = language.text("{plan}, {n} points", plan=title, n=count)
        rows.loc[solution, ["name", "title", "label"]] = [here[0], title, label]
    band = [end.name for end in _BAND if end.name in front]
    return rows[["solution", "n_hpc", "tcu", MEAN_WAIT.name, *band, "name", "title", "label"]]


def front_chart(
    rows: pd.DataFrame,
    shown: FrontRange,
    named: Sequence[NamedSolution],
    language: Language,
    look: Look,
    *,
    axis: FrontAxis = "tcu",
    selected: int = 0,
    published: str = "",
    marks: Sequence[Mapping[str, Any]] = (),
    objectives: Sequence[Quantity] = (),
    width: Any = "container",
    height: float = 265.0,
) -> alt.LayerChart:
    """Mean wait against utilisation or number of points, named solutions labelled.

    Parameters
    ----------
    rows : DataFrame
        From :func:`front_rows`; a page draws its own data ``front``, and names as here.
    shown : FrontRange
        Part that is shown.
    axis : {"tcu", "n_hpc"}
        What stands on the horizontal axis.
    selected : int
        Solution that is ringed at first, by :data:`SOLUTION_PARAM`; on a page.
    published : str
        Name of the data set of published figures that stand behind, if any.
    marks : sequence of mapping
        These figures with their ``label``.
    objectives : sequence of Quantity
        What the search aimed at; on a page dots have the colour of what has no axis.
    width, height : float
        Of the plot; on paper in points.
    """
    x = x_of(FRONT.quantities(axis)[0], language, grid=look.is_live)
    waits = (
        alt.Scale(type="sqrt", domainMin=0, nice=True)
        if look.is_live
        else alt.Scale(type="sqrt", domain=[0, shown.longest_wait_min], nice=False)
    )
    base = (
        alt.Chart(alt.NamedData("front") if look.is_live else rows)
        .transform_filter(f"datum.{MEAN_WAIT.name} <= {shown.longest_wait_min}")
        .encode(
            x=x.scale(domain=[shown.low, shown.high], nice=False),
            y=root_axis(_WAIT, language, waits),
        )
    )
    of_name = base.transform_filter(alt.datum.title != "")
    dots = base.mark_circle(
        size=look.plain_dot, color=look.plain, opacity=0.75 if look.is_live else 1.0
    )
    with_names = rows[rows["title"] != ""]
    if not look.is_live:
        names = [each.name for each in named]
        colour = alt.Color("name:N").scale(domain=names, range=solution_colours(names)).legend(None)
        named_dots = of_name.mark_circle(
            size=look.named_dot, opacity=1, stroke="white", strokeWidth=0.6
        ).encode(color=colour)
        at = _in_plot(with_names[axis], with_names[MEAN_WAIT.name], shown, (width, height))
        names = with_names["label"].tolist()
        of_row = label_sides(at, names, _ON_PAPER, _ABOVE_FIRST, mark=_MARK)
        labels = _labels(of_name, with_names, of_row, _ON_PAPER, fontSize=LABEL_PT, color=INK)
        layers = [*_band(base, rows, shown, look), dots, named_dots]
        layers += [label.encode(text="label:N") for label in labels]
        return layered(layers, width=width, height=height, description="")
    if without_axis := objectives_beside(_ON_AXES, objectives):
        dots = dots.encode(color=_colour_of(without_axis[0], language))
    named_dots = of_name.mark_circle(size=look.named_dot, color=TRUCKS_SIDE, opacity=1)
    for size in ((page_width, height) for page_width in _PAGE_WIDTHS):
        of_row = label_sides(
            _in_plot(with_names[axis], with_names[MEAN_WAIT.name], shown, size),
            with_names["title"].tolist(),
            _ON_PAGE,
            _ABOVE_FIRST if axis == "tcu" else _RIGHT_FIRST,
            mark=_MARK,
            taken=[box for mark in marks for box in _boxes(mark, shown, size)],
            frame=Box(0.0, -10.0, *size),
        )
        if None not in of_row:
            break
    labels = _labels(of_name, with_names, of_row, _ON_PAGE, fontSize=look.title, fontWeight=600)
    chosen = base.transform_filter(f"datum.solution === {SOLUTION_PARAM}").mark_point(
        shape="circle", size=260, strokeWidth=3, color=CHOSEN, filled=False, opacity=1
    )
    tips = [alt.Tooltip("title:N", title=language.text("Plan"))]
    band = _band(base, rows, shown, look)
    told = (
        *PLAN_FIGURES,
        *(_BAND if band else ()),
        *objectives_beside(PLAN_FIGURES, objectives),
    )
    targets = base.mark_circle(size=200, opacity=0, cursor="pointer").encode(
        tooltip=[*tips, *(tip(figure, language) for figure in told)]
    )
    layers = [*band, *(_published(published) if published else ()), dots, named_dots]
    layers += [*(label.encode(text="title:N") for label in labels), chosen, targets]
    return layered(
        layers, height=height, description=language.text("Pareto front of the plans.")
    ).add_params(alt.param(name=SOLUTION_PARAM, value=selected))


def _band(base: alt.Chart, rows: pd.DataFrame, shown: FrontRange, look: Look) -> list[alt.Chart]:
    """Least to longest mean wait over the draws of the demand, cut where the picture ends."""
    low, high = (end.name for end in _BAND)
    if low not in rows:
        return []
    cut = f"min(datum.{high}, {shown.longest_wait_min})"
    area = base.transform_calculate(band_end=cut).mark_area(
        color=look.plain, opacity=_BAND_OPACITY, interpolate="monotone"
    )
    return [area.encode(y=alt.Y(f"{low}:Q"), y2="band_end:Q")]


def _colour_of(objective: Quantity, language: Language) -> alt.Color:
    # Above: beside the plot a long title would be cut.
    legend = alt.Legend(
        title=title_of(objective, language),
        format=axis_format(objective),
        orient="top",
        titleLimit=400,
        gradientLength=200,
    )
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


def _in_plot(
    x: Any, wait_min: Any, shown: FrontRange, size: tuple[float, float]
) -> list[tuple[float, float]]:
    """Where plans stand in a plot of a width and height, from its upper left corner."""
    across = (np.asarray(x, float) - shown.low) / max(shown.high - shown.low, 1e-9)
    up = np.sqrt(np.asarray(wait_min, float) / shown.longest_wait_min)
    return list(zip((size[0] * across).tolist(), (size[1] * (1.0 - up)).tolist(), strict=True))


def _boxes(
    mark: Mapping[str, Any], shown: FrontRange, size: tuple[float, float]
) -> tuple[Box, Box]:
    """What a published figure and its label cover."""
    ends = [mark["x0"], mark["x1"]], [mark["y0"], mark["y1"]]
    (left, bottom), (right, top) = _in_plot(*ends, shown, size)
    label = _PUBLISHED_LETTERS.box(right, top, str(mark["label"]), "upper left")
    return Box(left - 2.0, top - 2.0, right + 2.0, bottom + 2.0), label


def _labels(
    base: alt.Chart,
    rows: pd.DataFrame,
    of_row: Sequence[str | None],
    letters: Letters,
    **text: Any,
) -> list[alt.Chart]:
    """Names of plans beside their marks.

    Parameters
    ----------
    rows : DataFrame
        Plans with names.
    of_row : sequence of str
        Side of each; None where it would cover another one.
    """
    solutions: dict[str, list[int]] = {side: [] for side in of_row if side is not None}
    for side, solution in zip(of_row, rows["solution"].tolist(), strict=True):
        if side is not None:
            solutions[side].append(solution)
    return [
        base.transform_filter(alt.FieldOneOfPredicate("solution", oneOf=here)).mark_text(
            **letters.encoding(side), **text
        )
        for side, here in solutions.items()
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
    seen = rows.loc[rows[MEAN_WAIT.name] <= longest_wait_min, "tcu"]
    left, right = float(seen.min()), float(seen.max())
    right += 0.06 * max(right - left, 0.01)
    named = rows[rows["title"] != ""]
    for use, label in zip(named["tcu"], named["label"], strict=True):
        share = min((_ON_PAPER.width * len(label) + _MARK_PT) / width, _MOST_ROOM)
        left = min(left, (use - right * share) / (1.0 - share))
    return FrontRange(longest_wait_min, max(left, 0.0), right)

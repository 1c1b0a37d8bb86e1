"""Figures over levels as a figure: small charts by series, with bands of confidence."""

from __future__ import annotations

from functools import partial
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import altair as alt

from planner.reporting.figures.rendering import Figure
from planner.reporting.figures.style import PAGE_MM
from planner.reporting.level_chart import CHART_FIGURES, SERIES_COLOURS, ChartFigure

if TYPE_CHECKING:
    import pandas as pd

    from planner.reporting.level_chart import LevelAxis
    from planner.tables.language import Language

_COLUMNS = 3
_HEIGHT_PT = 84.0
_TITLE_LETTERS = 30


def levels_figure(data: pd.DataFrame, axis: LevelAxis, caption: str, language: Language) -> Figure:
    """Figure of one named solution over the levels.

    Parameters
    ----------
    data : DataFrame
        A row per series and level, of one named solution, as
        :func:`~planner.reporting.level_chart.level_chart` wants it.
    axis : LevelAxis
        What ``level`` is.
    caption : str
        What stands below.
    language : Language
        Its language.

    Returns
    -------
    Figure
    """
    draw = partial(_draw, data, axis, language)
    return Figure("levels", PAGE_MM, caption, draw, n_across=_COLUMNS)


def _draw(data: pd.DataFrame, axis: LevelAxis, language: Language, width: float) -> dict[str, Any]:
    first_of_last_row = len(CHART_FIGURES) - _COLUMNS
    charts = []
    for number, figure in enumerate(CHART_FIGURES):
        title = wrap(f"({'abcdef'[number]}) {language.text(figure.title)}", _TITLE_LETTERS)
        x = _x(data, axis, language.own_text(axis.title) if number >= first_of_last_row else None)
        chart = _small_chart(data, figure, x, is_line=axis.is_number)
        charts.append(chart.properties(title=title, width=width, height=_HEIGHT_PT))
    spec: dict[str, Any] = alt.concat(*charts, columns=_COLUMNS, spacing=10).to_dict()
    return spec


def _x(data: pd.DataFrame, axis: LevelAxis, title: str | None) -> alt.X:
    encoded: alt.X = axis.encoding(list(dict.fromkeys(data["level"])))
    encoded = encoded.title(title)
    if axis.is_number:
        return encoded.scale(
            zero=False, domain=[data["level"].min(), data["level"].max()], padding=6
        )
    return encoded


def _small_chart(data: pd.DataFrame, figure: ChartFigure, x: alt.X, *, is_line: bool) -> Any:
    low, high = f"{figure.column}_low", f"{figure.column}_high"
    columns = ["series", "level", figure.column, low, high]
    base = alt.Chart(data[[column for column in columns if column in data]])
    colour = _colour(list(dict.fromkeys(data["series"])))
    layers: list[Any] = []
    if low in data and data[low].notna().any():
        spread = base.encode(x=x, y=_y(low, figure), y2=high, color=colour)
        layers.append(
            spread.mark_area(opacity=0.22) if is_line else spread.mark_rule(strokeWidth=1)
        )
    encoded = base.encode(x=x, y=_y(figure.column, figure), color=colour)
    if is_line:
        layers.append(encoded.mark_line(strokeWidth=1))
    layers.append(encoded.mark_circle(size=14, opacity=1))
    return alt.layer(*layers)


def _colour(series: list[str]) -> alt.Color:
    legend = (
        alt.Legend(orient="top", symbolOpacity=1, symbolType="circle") if len(series) > 1 else None
    )
    encoded: alt.Color = alt.Color("series:N").title(None).legend(legend)
    colours = [SERIES_COLOURS[i % len(SERIES_COLOURS)] for i in range(len(series))]
    return encoded.scale(domain=series, range=colours)


def _y(column: str, figure: ChartFigure) -> alt.Y:
    number_format = "~%" if figure.number_format.endswith("%") else ",.3~f"
    encoded: alt.Y = alt.Y(f"{column}:Q").title(None).axis(format=number_format, tickCount=4)
    return encoded.scale(domainMin=0, nice=True)

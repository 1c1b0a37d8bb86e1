"""Figures over levels, one small chart each: lines by series, bands, published values beside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import altair as alt

from planner.plan.run_columns import ENERGY, FROM_SUMMARY, OBJECTIVE_FIGURES, REPLANNED
from planner.plan.schemas import FRONT
from planner.reporting.charts.axes import tip, title_of, y_of
from planner.reporting.charts.label_sides import NAME_HEIGHT, has_room_at_ends
from planner.reporting.charts.level_marks import SOLUTION_PARAM, published_marks
from planner.reporting.charts.look import (
    SCREEN,
    Look,
    colour_of,
    scale_of,
)
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from planner.plan.published_figures import PublishedFigure
    from planner.tables.language import Language
    from planner.tables.table import Quantity

_WIDTH, _HEIGHT, COLUMNS = 318, 180, 3
_PAPER_HEIGHT = 84.0
_PAPER_TITLE_LETTERS = 30
_MOST_TICKS = 8
_MOST_NAMED = 4
"""Series that are named at their lines where there is room, and not in a legend."""
_LONE_LEVEL_MARGIN = 0.5
"""Part of a single level that the axis goes on to both sides: on an axis without length every
value would stand on the same tick."""
_LEGEND_WIDTH, _LETTER_WIDTH, _SYMBOL_WIDTH = 1000, 7, 45
"""Of all legend entries side by side, of a letter, and of a symbol with its gaps, pixels."""
_SAME_LEVEL = 1e-9


@dataclass(frozen=True, slots=True)
class ChartFigure:
    """A figure with a small chart of its own.

    Parameters
    ----------
    quantity : Quantity
        The figure; ``_low`` and ``_high`` are appended to its name for its interval.
    more : str
        What is said behind its title where the range or the dashed line is drawn.
    range_columns : tuple of str
        Two columns whose values span a range behind the line, or none.
    dashed_column : str
        Column of a dashed line beside, or none.
    """

    quantity: Quantity
    more: str = ""
    range_columns: tuple[str, str] | tuple[()] = ()
    dashed_column: str = ""

    @property
    def column(self) -> str:
        """Column of the data."""
        return self.quantity.name

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that have intervals."""
        return (self.column, self.dashed_column) if self.dashed_column else (self.column,)

    @property
    def title(self) -> str:
        """Heading of the chart in English."""
        return title_of(self.quantity, ENGLISH)


_OF_RUNS = {
    quantity.name: quantity for quantity in (*FRONT.columns, *FROM_SUMMARY, *OBJECTIVE_FIGURES)
}

CHART_FIGURES = (
    ChartFigure(
        _OF_RUNS["n_hpc"], "pale: all named plans", range_columns=("n_hpc_cpo", "n_hpc_logistics")
    ),
    ChartFigure(_OF_RUNS[MEAN_WAIT.name], "dashed: replanned", dashed_column=REPLANNED[0].name),
    ChartFigure(_OF_RUNS["tcu"]),
    ChartFigure(_OF_RUNS["n_lpc"]),
    ChartFigure(_OF_RUNS["ecu_year_6_days_share"]),
    # In GWh, since several runs are mostly of whole countries.
    ChartFigure(replace(ENERGY, name="energy_gwh", unit="GWh", form="two")),
)
"""Those that every table of several runs has."""

MORE_FIGURES = tuple(
    ChartFigure(_OF_RUNS[name])
    for name in (
        *(each.name for each in OBJECTIVE_FIGURES),
        *("mean_extra_duration_share", "mean_extra_km", "sessions_per_hpc_day"),
    )
)
"""Those that are drawn where there are any."""


@dataclass(frozen=True, slots=True)
class LevelAxis:
    """What the figures are drawn over.

    Parameters
    ----------
    title : str
        Title of the axis, English where it is one of ours.
    is_number : bool
        Whether the column ``level`` holds numbers; texts stand side by side.
    is_share : bool
        Whether these are shares, shown in percent.
    """

    title: str
    is_number: bool
    is_share: bool = False

    def with_marks_of(
        self, levels: Sequence[Any], published: Sequence[PublishedFigure]
    ) -> tuple[PublishedFigure, ...]:
        """Published figures whose own level stands on this axis; any other has no place on it.

        Parameters
        ----------
        levels : sequence
            Levels of the data.
        """
        if not self.is_number:
            return tuple(figure for figure in published if figure.level_share in levels)
        low, high = min(levels) - _SAME_LEVEL, max(levels) + _SAME_LEVEL
        return tuple(figure for figure in published if low <= figure.level_share <= high)

    def encoding(self, levels: Sequence[Any], language: Language = ENGLISH) -> alt.X:
        """How Altair is told, with the levels that there are."""
        title = language.own_text(self.title)
        if not self.is_number:
            named: alt.X = alt.X("level:N").title(title).axis(labelAngle=0)
            return named.sort(list(levels))
        axis = alt.Axis(
            format="~%" if self.is_share else "~g",
            **({"values": sorted(levels)} if len(levels) <= _MOST_TICKS else {"tickCount": 6}),
        )
        low, high = min(levels), max(levels)
        if low == high:
            margin = _LONE_LEVEL_MARGIN * abs(low) or 1.0
            low, high = low - margin, high + margin
        encoded: alt.X = alt.X("level:Q").title(title).axis(axis)
        return encoded.scale(zero=False, domain=[low, high], padding=12)


def level_chart(
    data: pd.DataFrame,
    axis: LevelAxis,
    published: tuple[PublishedFigure, ...] = (),
    language: Language = ENGLISH,
    look: Look = SCREEN,
    width: float = _WIDTH,
) -> alt.ConcatChart:
    """Small charts of all figures in one solution, which can be chosen on a page.

    Parameters
    ----------
    data : DataFrame
        A row per series, level and solution: ``series``, ``level``, ``solution_name`` and what
        there is of the columns of :data:`CHART_FIGURES` and :data:`MORE_FIGURES`, with ``_low``
        and ``_high`` too where there are intervals. Paper shows the first ones, of one solution.
    axis : LevelAxis
        What ``level`` is.
    published : tuple of PublishedFigure
        Values from elsewhere, drawn beside where their level stands on the axis.

    Returns
    -------
    ConcatChart
        On a page with the parameter :data:`SOLUTION_PARAM`, initially the balanced solution.
    """
    series = list(dict.fromkeys(data["series"]))
    columns = {"columns": legend_columns(series)} if look.is_live else {}
    colour = colour_of("series", scale_of(series), **columns)
    levels = list(dict.fromkeys(data["level"]))
    marks = axis.with_marks_of(levels, published)
    figures = (*CHART_FIGURES, *MORE_FIGURES) if look.is_live else CHART_FIGURES
    drawn = [figure for figure in figures if is_known(data, figure.column)]
    marked = [
        mark.level_share for mark in marks if mark.column in {figure.column for figure in figures}
    ]
    x = axis.encoding(list(dict.fromkeys([*levels, *marked])), language)
    shown = _solution_param(data, language)
    # Where none has data of its own they leave it to the whole: else each is hashed and copied.
    has_own = any(mark.column in {figure.column for figure in drawn} for mark in marks)
    base = alt.Chart(data if has_own else alt.Undefined)
    if look.is_live:
        base = base.transform_filter(alt.datum.solution_name == shown)
    first = drawn[0] if drawn and look.is_live and axis.is_number and not marks else None
    top = None if first is None else top_with_names(data, first, series, width)
    if top is not None:
        colour = colour.legend(None)
    small = _SmallCharts(data, base, axis, x, colour, marks, language, look, width, top)
    # All at once: whatever Altair is told of a chart that there is makes it copy all charts within.
    whole: dict[str, Any] = {} if has_own else {"data": data}
    if look.is_live:
        whole["params"] = [shown.param]
        whole["description"] = language.text("Figures over levels, by series.")
    chart: alt.ConcatChart = alt.concat(
        *(small.chart(number, figure, len(drawn)) for number, figure in enumerate(drawn)),
        columns=COLUMNS,
        spacing=28 if look.is_live else 10,
        **whole,
    )
    return chart


def top_with_names(
    data: pd.DataFrame, figure: ChartFigure, series: Sequence[str], width: float
) -> float | None:
    """Where the axis of a figure ends if its lines are named at their ends.

    None where there is no room for the names in every plan that can be chosen.
    """
    low, high = data["level"].min(), data["level"].max()
    if not 1 < len(series) <= _MOST_NAMED or low == high:
        return None
    ends = (*figure.range_columns, f"{figure.column}_high")
    seen = [figure.column, *(each for each in ends if each in data)]
    most = max(float(data[each].max()) for each in seen if data[each].notna().any())
    top = most * _HEIGHT / (_HEIGHT - NAME_HEIGHT)
    for _, of_plan in data.dropna(subset=[figure.column]).groupby("solution_name", sort=False):
        ordered = of_plan.sort_values("level")
        lines = [ordered[ordered["series"] == name] for name in series]
        if any(line.empty or line["level"].iloc[-1] != high for line in lines):
            return None
        curves = [
            (((line["level"] - low) / (high - low)).tolist(), line[figure.column].tolist())
            for line in lines
        ]
        if not has_room_at_ends(curves, series, (width, _HEIGHT), top, _LETTER_WIDTH):
            return None
    return top


def _solution_param(data: pd.DataFrame, language: Language) -> alt.Parameter:
    names = list(dict.fromkeys(data["solution_name"]))
    titles = [language.text(NAMED_SOLUTION_DEFINITIONS[name].title) for name in names]
    select = alt.binding_select(options=names, labels=titles, name=f"{language.text('Plan')}: ")
    initial = "balanced" if "balanced" in names else names[0]
    return alt.param(name=SOLUTION_PARAM, value=initial, bind=select)


def legend_columns(labels: Sequence[str]) -> int:
    """Entries of a legend side by side: many long names must not widen the picture."""
    each = _LETTER_WIDTH * max(len(label) for label in labels) + _SYMBOL_WIDTH
    return max(1, min(len(labels), _LEGEND_WIDTH // each))


def is_known(data: pd.DataFrame, column: str) -> bool:
    """Whether a table has any value in a column."""
    return column in data and bool(data[column].notna().any())


@dataclass(frozen=True, slots=True)
class _SmallCharts:
    """What all small charts share."""

    data: pd.DataFrame
    base: alt.Chart
    axis: LevelAxis
    x: alt.X
    colour: alt.Color
    published: tuple[PublishedFigure, ...]
    language: Language
    look: Look
    width: float
    top: float | None
    """Where the axis of the first chart ends, if it names the series at its lines."""

    def chart(self, number: int, figure: ChartFigure, n_charts: int) -> Any:
        layers: list[Any] = []
        data = self.data
        ends = [column for column in figure.range_columns if is_known(data, column)]
        has_range = len(ends) == 2 and self.axis.is_number
        has_dashed = is_known(data, figure.dashed_column)
        title: Any = title_of(figure.quantity, self.language)
        if has_range or has_dashed:
            title = f"{title}; {self.language.text(figure.more)}"
        if not self.look.is_live:
            title = wrap(f"({'abcdef'[number]}) {title}", _PAPER_TITLE_LETTERS)
        x = self.x
        if not self.look.is_live and number < n_charts - COLUMNS:
            x = x.title(None)
        if has_range:
            layers.append(self._span(ends[0], ends[1], figure, x).mark_area(opacity=0.12))
        for column in figure.columns if has_dashed else (figure.column,):
            layers += self._line(column, figure, x)
        layers += published_marks(
            [mark for mark in self.published if mark.column == figure.column],
            figure.quantity,
            x=self.x,
            y_of=lambda column: self._y(column, figure),
            axis_title=self.axis.title,
            language=self.language,
        )
        if number == 0 and self.top is not None:
            layers.append(self._names(figure, x, self.top))
        height = _HEIGHT if self.look.is_live else _PAPER_HEIGHT
        return alt.layer(*layers, title=title, width=self.width, height=height)

    def _names(self, figure: ChartFigure, x: alt.X, top: float) -> alt.Chart:
        at_end = self.base.transform_filter(alt.datum.level == float(self.data["level"].max()))
        text = at_end.mark_text(align="right", baseline="bottom", dy=-6, fontSize=self.look.label)
        y = y_of(figure.quantity, self.language, tickCount=4).title(None)
        y = y.scale(domainMin=0, domainMax=top)
        named: alt.Chart = text.encode(x=x, y=y, color=self.colour, text="series:N")
        return named

    def _span(self, low: str, high: str, figure: ChartFigure, x: alt.X) -> alt.Chart:
        return self.base.encode(x=x, y=self._y(low, figure), y2=high, color=self.colour)

    def _y(self, column: str, figure: ChartFigure) -> alt.Y:
        y = y_of(figure.quantity, self.language, column, tickCount=4).title(None)
        return y.scale(domainMin=0, nice=True)

    def _line(self, column: str, figure: ChartFigure, x: alt.X) -> list[Any]:
        text, look = self.language.text, self.look
        tooltip = [
            alt.Tooltip("series:N", title=text("Series")),
            alt.Tooltip("level", title=self.language.own_text(self.axis.title)),
            tip(figure.quantity, self.language, column),
        ]
        layers: list[Any] = []
        low, high = f"{column}_low", f"{column}_high"
        if is_known(self.data, low):
            spread = self._span(low, high, figure, x)
            layers.append(
                spread.mark_area(opacity=0.25)
                if self.axis.is_number
                else spread.mark_rule(strokeWidth=look.line)
            )
            ends = ((low, text("95 % interval from")), (high, text("to")))
            tooltip += [tip(figure.quantity, self.language, end, title) for end, title in ends]
        encoded = self.base.encode(x=x, y=self._y(column, figure), color=self.colour)
        if look.is_live:
            encoded = encoded.encode(tooltip=tooltip)
        if column == figure.dashed_column:
            encoded = encoded.transform_filter(f"isValid(datum.{column})")
        if self.axis.is_number:
            dash = [5, 3] if column == figure.dashed_column else [1, 0]
            layers.append(encoded.mark_line(strokeWidth=look.line, strokeDash=dash))
        layers.append(encoded.mark_circle(size=look.dot, opacity=1))
        return layers

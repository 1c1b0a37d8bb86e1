"""Figures over levels, one small chart each: lines by series, bands, published values beside them.

Colours keep a contrast of 3:1 on white and on near-black and stay apart for colour-blind readers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from planner.reporting.published_verdicts import RULES
from planner.tables.language import ENGLISH
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from planner.reporting.published_figures import PublishedFigure
    from planner.tables.language import Language

SERIES_COLOURS = ("#2f7fb8", "#d9660f", "#3f8f4f", "#9467bd", "#b8860b", "#8c564b", "#c2559d")
PUBLISHED_COLOUR = "#7d858d"
SOLUTION_PARAM = "solution_name"
"""Parameter of the chart: which named solution it shows."""

_WIDTH, _HEIGHT, _COLUMNS = 318, 180, 3
_MOST_TICKS = 8
_ASIDE = 5
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
    column : str
        Column of the data; ``_low`` and ``_high`` are appended for its interval.
    title : str
        Heading of the chart, English.
    number_format : str
        D3 format of its values.
    range_columns : tuple of str
        Two columns whose values span a range behind the line, or none.
    dashed_column : str
        Column of a dashed line beside, or none.
    title_with_more : str
        Heading where the range or the dashed line is drawn.
    """

    column: str
    title: str
    number_format: str
    range_columns: tuple[str, str] | tuple[()] = ()
    dashed_column: str = ""
    title_with_more: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that have intervals."""
        return (self.column, self.dashed_column) if self.dashed_column else (self.column,)


CHART_FIGURES = (
    ChartFigure(
        "n_hpc",
        "HPC points",
        ",.0f",
        range_columns=("n_hpc_cpo", "n_hpc_logistics"),
        title_with_more="HPC points; pale: all named plans",
    ),
    ChartFigure(
        "mean_wait_min",
        "Mean wait (minutes)",
        ",.1~f",
        dashed_column="replanned_mean_wait_min",
        title_with_more="Mean wait (min); dashed: replanned",
    ),
    ChartFigure("tcu", "Utilisation in time (TCU)", ".1~%"),
    ChartFigure("n_lpc", "LPC points", ",.0f"),
    ChartFigure("ecu_year_6_days_share", "Utilisation in energy (ECU, 6-day year)", ".1~%"),
    ChartFigure("energy_gwh", "Energy charged (GWh)", ",.1~f"),
)
"""Those that every table of several runs has."""

MORE_FIGURES = (
    ChartFigure("mean_extra_duration_share", "Longer trips than without charging", ".1~%"),
    ChartFigure("mean_extra_km", "Detour per trip (km)", ",.2~f"),
    ChartFigure("sessions_per_hpc_day", "Sessions per high-power point and day", ",.1~f"),
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
        published : sequence of PublishedFigure
            What there is.
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
) -> alt.ConcatChart:
    """Small charts of all figures in one solution, which can be chosen.

    Parameters
    ----------
    data : DataFrame
        A row per series, level and solution: ``series``, ``level``, ``solution_name`` and what
        there is of the columns of :data:`CHART_FIGURES` and :data:`MORE_FIGURES`, with ``_low``
        and ``_high`` too where there are intervals.
    axis : LevelAxis
        What ``level`` is.
    published : tuple of PublishedFigure
        Values from elsewhere, drawn beside where their level stands on the axis.
    language : Language
        Language of titles and labels.

    Returns
    -------
    ConcatChart
        With the parameter :data:`SOLUTION_PARAM`, initially the balanced solution.
    """
    names = list(dict.fromkeys(data["solution_name"]))
    titles = [language.text(NAMED_SOLUTION_DEFINITIONS[name].title) for name in names]
    select = alt.binding_select(options=names, labels=titles, name=f"{language.text('Plan')}: ")
    initial = "balanced" if "balanced" in names else names[0]
    shown = alt.param(name=SOLUTION_PARAM, value=initial, bind=select)
    series = list(dict.fromkeys(data["series"]))
    legend = (
        alt.Legend(orient="top", symbolOpacity=1, columns=legend_columns(series))
        if len(series) > 1
        else None
    )
    colour = alt.Color("series:N").title(None).scale(series_scale(series)).legend(legend)
    base = alt.Chart(data).transform_filter(alt.datum.solution_name == shown)
    levels = list(dict.fromkeys(data["level"]))
    marks = axis.with_marks_of(levels, published)
    drawn = {figure.column for figure in (*CHART_FIGURES, *MORE_FIGURES)}
    marked = [figure.level_share for figure in marks if figure.column in drawn]
    x = axis.encoding(list(dict.fromkeys([*levels, *marked])), language)
    small = _SmallCharts(base, axis, x, colour, marks, language)
    charts = [
        small.chart(figure)
        for figure in (*CHART_FIGURES, *MORE_FIGURES)
        if is_known(data, figure.column)
    ]
    chart: alt.ConcatChart = (
        alt.concat(*charts, columns=_COLUMNS, spacing=28)
        .add_params(shown)
        .properties(
            background="transparent",
            description=language.text("Figures over levels, by series."),
        )
    )
    return styled(chart)


def legend_columns(labels: Sequence[str]) -> int:
    """Entries of a legend side by side: many long names must not widen the picture."""
    each = _LETTER_WIDTH * max(len(label) for label in labels) + _SYMBOL_WIDTH
    return max(1, min(len(labels), _LEGEND_WIDTH // each))


def series_scale(series: Sequence[str]) -> alt.Scale:
    """Colours of series, the same in all charts of a page."""
    colours = [SERIES_COLOURS[i % len(SERIES_COLOURS)] for i in range(len(series))]
    return alt.Scale(domain=list(series), range=colours)


def styled(chart: alt.ConcatChart) -> alt.ConcatChart:
    """A chart with sizes of text for a page; colours of text come from its style sheet."""
    with_sizes: alt.ConcatChart = (
        chart.configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight=500)
        .configure_title(fontSize=13, anchor="start", frame="group", fontWeight=600, offset=8)
        .configure_legend(
            labelFontSize=13,
            symbolSize=120,
            labelLimit=400,
            columnPadding=22,
        )
    )
    return with_sizes


def is_known(data: pd.DataFrame, column: str) -> bool:
    """Whether a table has any value in a column."""
    return column in data and bool(data[column].notna().any())


@dataclass(frozen=True, slots=True)
class _SmallCharts:
    """What all small charts share."""

    base: alt.Chart
    axis: LevelAxis
    x: alt.X
    colour: alt.Color
    published: tuple[PublishedFigure, ...]
    language: Language

    def chart(self, figure: ChartFigure) -> Any:
        layers: list[Any] = []
        data, text = self.base.data, self.language.text
        ends = [column for column in figure.range_columns if is_known(data, column)]
        has_range = len(ends) == 2
        has_dashed = is_known(data, figure.dashed_column)
        title = text(figure.title_with_more if has_range or has_dashed else figure.title)
        if has_range and self.axis.is_number:
            layers.append(self._span(ends[0], ends[1], figure).mark_area(opacity=0.12))
        for column in figure.columns if has_dashed else (figure.column,):
            layers += self._line(column, figure, text(figure.title))
        layers += self._published(figure)
        return alt.layer(*layers).properties(title=title, width=_WIDTH, height=_HEIGHT)

    def _span(self, low: str, high: str, figure: ChartFigure) -> alt.Chart:
        return self.base.encode(x=self.x, y=_y(low, figure), y2=high, color=self.colour)

    def _line(self, column: str, figure: ChartFigure, title: str) -> list[Any]:
        text, form = self.language.text, figure.number_format
        tooltip = [
            alt.Tooltip("series:N", title=text("Series")),
            alt.Tooltip("level", title=self.language.own_text(self.axis.title)),
            alt.Tooltip(f"{column}:Q", title=title, format=form),
        ]
        layers: list[Any] = []
        low, high = f"{column}_low", f"{column}_high"
        if is_known(self.base.data, low):
            spread = self._span(low, high, figure)
            layers.append(
                spread.mark_area(opacity=0.25)
                if self.axis.is_number
                else spread.mark_rule(strokeWidth=2)
            )
            ends = ((low, text("95 % interval from")), (high, text("to")))
            tooltip += [alt.Tooltip(f"{end}:Q", title=name, format=form) for end, name in ends]
        encoded = self.base.encode(
            x=self.x, y=_y(column, figure), color=self.colour, tooltip=tooltip
        )
        if column == figure.dashed_column:
            encoded = encoded.transform_filter(f"isValid(datum.{column})")
        if self.axis.is_number:
            dash = [5, 3] if column == figure.dashed_column else [1, 0]
            layers.append(encoded.mark_line(strokeWidth=2, strokeDash=dash))
        layers.append(encoded.mark_circle(size=55, opacity=1))
        return layers

    def _published(self, figure: ChartFigure) -> list[Any]:
        text = self.language.text
        whose = {
            "policy": text("published, policy sites"),
            "extended": text("published, extended sites"),
        }
        rows = [
            {
                "level": value.level_share,
                "low": value.low,
                "high": value.high,
                "whose": whose[value.network],
                "of": text(value.what),
                "definition": text(RULES[value.what].definition),
                "solution_name": value.solution_name,
            }
            for value in self.published
            if value.column == figure.column
        ]
        if not rows:
            return []
        shape = (
            alt.Shape("whose:N")
            .title("\N{NO-BREAK SPACE}")
            .scale(domain=list(whose.values()), range=["diamond", "square"])
            # The empty title keeps it apart from the legend of the series.
            .legend(orient="top", titleOrient="left", titlePadding=14)
        )
        base = alt.Chart(alt.InlineData(values=rows)).transform_filter(
            f"datum.solution_name === '' || datum.solution_name === {SOLUTION_PARAM}"
        )
        form = figure.number_format
        tooltip = [
            alt.Tooltip("whose:N", title=text("Source")),
            alt.Tooltip("of:N", title=text("Figure")),
            alt.Tooltip("level:Q", title=self.language.own_text(self.axis.title), format=".0%"),
            alt.Tooltip("definition:N", title=text("What it counts")),
            alt.Tooltip("low:Q", title=text("from"), format=form),
            alt.Tooltip("high:Q", title=text("to"), format=form),
        ]
        layers: list[Any] = []
        # Side by side, since both networks are published for the same levels.
        for name, offset in zip(whose.values(), (-_ASIDE, _ASIDE), strict=True):
            of_one = base.transform_filter(alt.datum.whose == name)
            bar = of_one.mark_rule(strokeWidth=2, color=PUBLISHED_COLOUR, xOffset=offset)
            point = of_one.mark_point(
                size=70, filled=True, color=PUBLISHED_COLOUR, opacity=0.9, xOffset=offset
            )
            layers.append(bar.encode(x=self.x, y=_y("low", figure), y2="high", tooltip=tooltip))
            layers += [
                point.encode(x=self.x, y=_y(end, figure), shape=shape, tooltip=tooltip)
                for end in ("low", "high")
            ]
        return layers


def _y(column: str, figure: ChartFigure) -> alt.Y:
    axis = alt.Axis(format=figure.number_format, tickCount=4)
    encoded: alt.Y = alt.Y(f"{column}:Q").title(None).axis(axis).scale(domainMin=0, nice=True)
    return encoded

"""Figures over levels, one small chart each: lines by series, bands, published values beside them.

Colours keep a contrast of 3:1 on white and on near-black and stay apart for colour-blind readers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    import pandas as pd

    from planner.reporting.published_figures import PublishedFigure

SERIES_COLOURS = ("#2f7fb8", "#d9660f", "#3f8f4f", "#9467bd", "#b8860b", "#8c564b", "#c2559d")
PUBLISHED_COLOUR = "#7d858d"
SOLUTION_PARAM = "solution_name"
"""Parameter of the chart: which named solution it shows."""

_WIDTH, _HEIGHT, _COLUMNS = 290, 170, 3
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class ChartFigure:
    """A figure with a small chart of its own.

    Parameters
    ----------
    column : str
        Column of the data; ``_low`` and ``_high`` are appended for its interval.
    title : str
        Heading of the chart.
    number_format : str
        D3 format of its values.
    """

    column: str
    title: str
    number_format: str


CHART_FIGURES = (
    ChartFigure("n_hpc", "High-power points (HPC)", ",.0f"),
    ChartFigure("mean_wait_min", "Mean wait (minutes)", ",.1f"),
    ChartFigure("tcu", "Utilisation in time (TCU)", ".0%"),
    ChartFigure("n_lpc", "Overnight points (LPC)", ",.0f"),
    ChartFigure("ecu_year_6_days_share", "Utilisation in energy (ECU, 6-day year)", ".0%"),
    ChartFigure("energy_gwh", "Energy charged (GWh)", ",.1f"),
)


@dataclass(frozen=True, slots=True)
class LevelAxis:
    """What the figures are drawn over.

    Parameters
    ----------
    title : str
        Title of the axis.
    is_number : bool
        Whether the column ``level`` holds numbers; texts stand side by side.
    is_share : bool
        Whether these are shares, shown in percent.
    """

    title: str
    is_number: bool
    is_share: bool = False

    def encoding(self, levels: list[Any]) -> alt.X:
        """How Altair is told, with the levels that there are."""
        if not self.is_number:
            named: alt.X = alt.X("level:N").title(self.title).axis(labelAngle=0)
            return named.sort(levels)
        axis = alt.Axis(
            format="~%" if self.is_share else "~g",
            **({"values": sorted(levels)} if len(levels) <= _MOST_TICKS else {"tickCount": 6}),
        )
        encoded: alt.X = alt.X("level:Q").title(self.title).axis(axis)
        return encoded.scale(zero=False, domain=[min(levels), max(levels)], padding=12)


def level_chart(
    data: pd.DataFrame,
    axis: LevelAxis,
    published: tuple[PublishedFigure, ...] = (),
) -> alt.ConcatChart:
    """Small charts of all figures in one solution, which can be chosen.

    Parameters
    ----------
    data : DataFrame
        A row per series, level and solution: ``series``, ``level``, ``solution_name`` and the
        columns of :data:`CHART_FIGURES`, those with ``_low`` and ``_high`` too where there are
        intervals.
    axis : LevelAxis
        What ``level`` is.
    published : tuple of PublishedFigure
        Values from elsewhere, drawn beside.

    Returns
    -------
    ConcatChart
        With the parameter :data:`SOLUTION_PARAM`, initially the balanced solution.
    """
    names = list(dict.fromkeys(data["solution_name"]))
    shown = alt.param(
        name=SOLUTION_PARAM,
        value="balanced" if "balanced" in names else names[0],
        bind=alt.binding_select(options=names, name="Plan: "),
    )
    series = list(dict.fromkeys(data["series"]))
    colour = (
        alt.Color("series:N")
        .title(None)
        .scale(
            domain=series,
            range=[SERIES_COLOURS[i % len(SERIES_COLOURS)] for i in range(len(series))],
        )
        .legend(alt.Legend(orient="top") if len(series) > 1 else None)
    )
    base = alt.Chart(data).transform_filter(alt.datum.solution_name == shown)
    levels = [*data["level"], *(figure.level_share for figure in published)]
    x = axis.encoding(list(dict.fromkeys(levels)))
    charts = [_small_chart(base, figure, axis, x, colour, published) for figure in CHART_FIGURES]
    chart: alt.ConcatChart = (
        alt.concat(*charts, columns=_COLUMNS, spacing=28)
        .add_params(shown)
        .properties(
            background="transparent",
            description="Figures over levels, by series.",
        )
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight=500)
        .configure_title(fontSize=13, anchor="start", fontWeight=600, offset=8)
        .configure_legend(labelFontSize=13, symbolSize=120, labelLimit=400, columnPadding=22)
    )
    return chart


def _small_chart(
    base: alt.Chart,
    figure: ChartFigure,
    axis: LevelAxis,
    x: alt.X,
    colour: alt.Color,
    published: tuple[PublishedFigure, ...],
) -> Any:
    tooltip = [
        alt.Tooltip("series:N", title="Series"),
        alt.Tooltip("level", title=axis.title),
        alt.Tooltip(f"{figure.column}:Q", title=figure.title, format=figure.number_format),
    ]
    layers: list[Any] = []
    low, high = f"{figure.column}_low", f"{figure.column}_high"
    if low in base.data.columns and base.data[low].notna().any():
        spread = base.encode(x=x, y=_y(low, figure), y2=high, color=colour)
        is_band = axis.is_number
        layers.append(
            spread.mark_area(opacity=0.22) if is_band else spread.mark_rule(strokeWidth=2)
        )
        tooltip += [
            alt.Tooltip(f"{end}:Q", title=title, format=figure.number_format)
            for end, title in ((low, "95 % interval from"), (high, "to"))
        ]
    encoded = base.encode(x=x, y=_y(figure.column, figure), color=colour, tooltip=tooltip)
    if axis.is_number:
        layers.append(encoded.mark_line(strokeWidth=2))
    layers.append(encoded.mark_circle(size=55, opacity=1))
    layers += _published_layers(figure, x, published)
    return alt.layer(*layers).properties(title=figure.title, width=_WIDTH, height=_HEIGHT)


def _y(column: str, figure: ChartFigure) -> alt.Y:
    axis = alt.Axis(format=figure.number_format, tickCount=4)
    encoded: alt.Y = alt.Y(f"{column}:Q").title(None).axis(axis).scale(domainMin=0, nice=True)
    return encoded


def _published_layers(
    figure: ChartFigure, x: alt.X, published: tuple[PublishedFigure, ...]
) -> list[Any]:
    rows = [
        {
            "level": value.level_share,
            "low": value.low,
            "high": value.high,
            "what": f"published, {value.network} sites",
            "of": value.what,
            "solution_name": value.solution_name,
        }
        for value in published
        if value.column == figure.column
    ]
    if not rows:
        return []
    shape = (
        alt.Shape("what:N")
        .title(None)
        .scale(
            domain=["published, policy sites", "published, extended sites"],
            range=["diamond", "square"],
        )
        .legend(orient="top")
    )
    base = alt.Chart(alt.InlineData(values=rows)).transform_filter(
        f"datum.solution_name === '' || datum.solution_name === {SOLUTION_PARAM}"
    )
    tooltip = [
        alt.Tooltip("what:N", title="Source"),
        alt.Tooltip("of:N", title="Figure"),
        alt.Tooltip("low:Q", title="from", format=figure.number_format),
        alt.Tooltip("high:Q", title="to", format=figure.number_format),
    ]
    ends = [
        base.mark_point(size=70, filled=True, color=PUBLISHED_COLOUR, opacity=0.9).encode(
            x=x, y=_y(end, figure), shape=shape, tooltip=tooltip
        )
        for end in ("low", "high")
    ]
    bar = base.mark_rule(strokeWidth=2, color=PUBLISHED_COLOUR).encode(
        x=x, y=_y("low", figure), y2="high", tooltip=tooltip
    )
    return [bar, *ends]

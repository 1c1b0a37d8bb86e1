"""What charging adds to the trips, and what trucks gain where they learn the queues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from planner.plan.schemas import EXTRA, FRONT
from planner.plan.trip_schemas import TRIPS
from planner.reporting.charts.axes import axis_format, layered, tip, title_of, x_of, y_of
from planner.reporting.charts.chart_data import EXTRA_LAST_MIN, EXTRA_STEP_MIN
from planner.reporting.charts.label_sides import has_room_for_names
from planner.reporting.charts.look import (
    CHOSEN,
    PLAIN,
    SOFT_INK,
    TRUCKS_SIDE,
    Look,
    colour_of,
)
from planner.reporting.charts.quantities import DURATION, SHARE_OF_TRIPS
from planner.tables.layout_quantities import MEAN_WAIT, P95_WAIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from planner.tables.language import Language

_DELAY, _MEAN_DELAY = *TRIPS.quantities("extra_min"), *EXTRA.quantities("mean_extra_min")
_WAITS = FRONT.quantities(MEAN_WAIT, P95_WAIT)
_HEIGHT = 210
_NAMED_AT = 0.6


def _shares_of_trips(language: Language, **axis: Any) -> alt.Y:
    return y_of(SHARE_OF_TRIPS, language, **axis)


def duration_chart(language: Language, look: Look) -> alt.LayerChart:
    """Trips by duration, with charging and without, of the data ``durations``."""
    titles = {
        "without": language.text("without charging"),
        "charging": language.text("with charging"),
    }
    lines = _folded("durations", titles, "share").mark_line(
        interpolate="step-after", strokeWidth=look.line
    )
    x = x_of(DURATION, language, tickCount=8)
    scale = alt.Scale(domain=list(titles.values()), range=[PLAIN, CHOSEN])
    return layered(
        [
            lines.encode(
                x=x, y=_shares_of_trips(language, tickCount=4), color=colour_of("figure", scale)
            )
        ],
        height=_HEIGHT,
        description=language.text("Trips by duration, with charging and without."),
    )


def extra_chart(language: Language) -> alt.LayerChart:
    """Trips by classes of their charging delay, of the data ``extra``."""
    title = title_of(_DELAY, language)
    open_end = f"datum.value < {EXTRA_LAST_MIN} ? datum.label : datum.label + ' +'"
    x = (
        alt.X("from_min:Q")
        .bin("binned")
        .title(title)
        .axis(
            values=list(range(0, EXTRA_LAST_MIN + 1, 2 * EXTRA_STEP_MIN)),
            grid=False,
            labelExpr=open_end,
        )
        .scale(domain=[0, EXTRA_LAST_MIN + EXTRA_STEP_MIN], nice=False)
    )
    tips = [
        alt.Tooltip("label:N", title=title),
        tip(SHARE_OF_TRIPS, language),
    ]
    bars = alt.Chart(alt.NamedData("extra")).mark_bar(color=TRUCKS_SIDE)
    return layered(
        [bars.encode(x=x, x2="to_min:Q", y=_shares_of_trips(language, tickCount=4), tooltip=tips)],
        height=_HEIGHT,
        description=language.text("Trips by their charging delay."),
    )


def distribution_chart(
    curve: pd.DataFrame, marked: pd.DataFrame, language: Language, look: Look, **size: Any
) -> alt.LayerChart:
    """Share of trips to which charging adds at most so much.

    Parameters
    ----------
    curve : DataFrame
        ``extra_min`` and ``share``.
    marked : DataFrame
        The same at shares to be read, with ``label``.
    **size
        Its ``width`` and ``height``.
    """
    x = x_of(_DELAY, language).scale(nice=False)
    y = _shares_of_trips(language, tickCount=5).scale(domain=[0, 1])
    line = alt.Chart(curve).mark_line(color=TRUCKS_SIDE, strokeWidth=look.line).encode(x=x, y=y)
    base = alt.Chart(marked).encode(x=x, y=y)
    down = base.mark_rule(color=SOFT_INK, strokeWidth=0.5, strokeDash=[2, 2])
    dots = base.mark_circle(color=TRUCKS_SIDE, size=look.dot, opacity=1)
    label = base.mark_text(align="left", baseline="top", dx=4, dy=3, fontSize=look.label)
    layers = [line, down.encode(y2=alt.Y2Datum(0.0)), dots, label.encode(text="label:N")]
    return layered(layers, description="", **size)


def length_chart(
    rows: alt.NamedData | pd.DataFrame,
    titles: Sequence[str],
    language: Language,
    look: Look,
    **size: Any,
) -> alt.LayerChart:
    """Mean charging delay by length of the trip, waiting apart.

    Parameters
    ----------
    rows : NamedData or DataFrame
        ``number`` of the class, ``waiting_min`` and ``other_min``.
    titles : sequence of str
        Names of the classes.
    **size
        Its ``width`` and ``height``.
    """
    parts = {
        "other_min": language.text("charging, breaks and detours"),
        "waiting_min": language.text("waiting"),
    }
    length = language.text("Length on the network (km)")
    scale = alt.Scale(domain=list(parts.values()), range=[TRUCKS_SIDE, CHOSEN])
    bars = (
        _folded(rows, parts, "minutes")
        .transform_calculate(
            length=f"{list(titles)}[datum.number]", stack="datum.key === 'waiting_min' ? 1 : 0"
        )
        .mark_bar()
        .encode(
            y=alt.Y("length:N").sort(list(titles)).title(length).axis(labelLimit=160, ticks=False),
            x=x_of(_MEAN_DELAY, language, "minutes", tickCount=5),
            color=colour_of("figure", scale, columns=1),
            order="stack:O",
        )
    )
    if look.is_live:
        tips = [
            alt.Tooltip("length:N", title=length),
            alt.Tooltip("figure:N", title=language.text("Part")),
        ]
        bars = bars.encode(tooltip=[*tips, tip(_MEAN_DELAY, language, "minutes")])
    return layered(
        [bars],
        description=language.text("Mean charging delay by length of the trip."),
        **({"height": _HEIGHT} | size),
    )


def learning_chart(
    history: Sequence[Mapping[str, float]], language: Language, look: Look
) -> alt.LayerChart:
    """Waits while trucks learn the queues, of the data ``learning``.

    Parameters
    ----------
    history : sequence of mapping
        Waits before, and after each time that trucks planned anew: lines are named where they are
        far enough apart, else in a legend.
    """
    titles = {figure.name: figure.heading(language, with_unit=False) for figure in _WAITS}
    wait = _WAITS[0]
    lines = _folded("learning", titles, "minutes")
    scale = alt.Scale(domain=list(titles.values()), range=[CHOSEN, TRUCKS_SIDE])
    columns = [[row[figure.name] for row in history] for figure in _WAITS]
    top = max(max(waits, default=0.0) for waits in columns)
    # Waits fall: from here on to the right a name stands clear of its line.
    named_at = int(_NAMED_AT * (len(history) - 1))
    is_named = has_room_for_names([waits[named_at] for waits in columns if waits], top, _HEIGHT)
    colour = colour_of("figure", scale)
    lines = lines.encode(
        x=alt.X("iteration:Q")
        .title(language.text("Times that all trucks planned anew"))
        .axis(tickMinStep=1),
        y=alt.Y("minutes:Q")
        .title(language.text("Minutes"))
        .axis(format=axis_format(wait))
        .scale(domainMin=0),
        color=colour.legend(None) if is_named else colour,
    )
    chart = lines.mark_line(point=True, strokeWidth=look.line).encode(
        tooltip=[
            alt.Tooltip("iteration:Q", title=language.text("Round")),
            alt.Tooltip("figure:N", title=language.text("Figure")),
            tip(wait, language, "minutes", language.text("Minutes")),
        ],
    )
    names = (
        lines.transform_filter(f"datum.iteration === {named_at}")
        .mark_text(align="left", baseline="bottom", dx=4, dy=-7, fontSize=look.label)
        .encode(text="figure:N")
    )
    return layered(
        [chart, names] if is_named else [chart],
        height=_HEIGHT,
        description=language.text("Waits while trucks learn the queues."),
    )


def _folded(
    data: str | alt.NamedData | pd.DataFrame, titles: dict[str, str], value: str
) -> alt.Chart:
    """Columns as rows: ``key``, its title as ``figure``, and the value."""
    rows = alt.NamedData(data) if isinstance(data, str) else data
    chart: alt.Chart = (
        alt.Chart(rows)
        .transform_fold(list(titles), as_=["key", value])
        .transform_calculate(figure=f"{titles}[datum.key]")
    )
    return chart

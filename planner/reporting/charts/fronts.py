"""Fronts of many runs over each other: waiting against points, with the spread over draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from planner.plan.published_figures import HPC_AT_5_MIN
from planner.plan.schemas import FRONT
from planner.reporting.charts.axes import root_axis, tip, title_of, x_of
from planner.reporting.charts.look import (
    PUBLISHED_COLOUR,
    SCREEN,
    SERIES_COLOURS,
    Look,
    scale_of,
)
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT, N_HPC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.plan.published_figures import PublishedFigure
    from planner.tables.language import Language

LONGEST_SHOWN_WAIT_MIN = 20.0
"""Beyond this no front is drawn, minutes."""

PUBLISHED_WAIT_MIN = 5.0
"""Mean wait at which numbers of points are published, minutes."""

BAND_MEANING = (
    "Bands reach from the least to the longest mean wait over the draws of the demand; where none "
    "is seen, all are as near as the line is wide."
)
"""What a band says, wherever one is drawn."""

_POINTS, _WAIT = FRONT.quantities(N_HPC, MEAN_WAIT)
_FARTHEST_MARK = 3.0
"""Published points of more than so many times ours are left out: fronts would become specks."""
_TICKS_MIN = [0, 1, 2, 5, 10, 15, 20]
_N_POINTS = 80
_WIDTH, _HEIGHT, _COLUMNS = 500, 330, 2
_PAPER_HEIGHT_SHARE = 0.62
_DASHES = ([1, 0], [6, 3], [2, 2], [9, 3, 2, 3])
"""Of series; with more of them no eye follows the lines, and each gets a panel of its own."""
_MANY_COLOURS = {"name": "viridis", "extent": [0.85, 0.1]}
"""For more levels than there are colours: light to dark, without the ends that drown."""
_LEGEND_COLUMNS = 7
_DASH_LEGEND_SIZE = 300.0
"""So long that dashes are told apart."""
_SHOWN_LEVEL = "shown_level"
_BACK_OPACITY = 0.12


@dataclass(frozen=True, slots=True)
class NamedFront:
    """The front of a run, and where it belongs.

    Parameters
    ----------
    series : str
        What tells it from other series; each has dashes of its own.
    level : str
        Its level as text; each has a colour.
    network : str
        Sites of the published study that it is held against; empty for none.
    n_hpc, mean_wait_min : (n_solutions,) float64
        Points and mean wait of each solution, minutes.
    band_min : (2, n_solutions) float64, optional
        Least and longest mean wait of each solution on the run's draws of the demand, minutes.
    """

    series: str
    level: str
    network: str
    n_hpc: NDArray[np.float64]
    mean_wait_min: NDArray[np.float64]
    band_min: NDArray[np.float64] | None = None

    @classmethod
    def of_table(cls, series: str, level: str, network: str, front: pd.DataFrame) -> NamedFront:
        """Front as a run's table holds it."""
        columns = ("n_hpc", MEAN_WAIT.name)
        n_hpc, wait = (front[column].to_numpy(dtype=np.float64) for column in columns)
        ends = [f"{_WAIT.name}_low", f"{_WAIT.name}_high"]
        band = front[ends].to_numpy(dtype=np.float64).T if set(ends) <= set(front) else None
        return cls(series, level, network, n_hpc, wait, band)

    def wait_at(
        self, n_hpc: NDArray[np.float64], wait_min: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Mean wait, or another wait of its solutions, between them, minutes."""
        order = np.argsort(self.n_hpc, kind="stable")
        known = self.mean_wait_min if wait_min is None else wait_min
        return np.interp(n_hpc, self.n_hpc[order], known[order])


def front_bands(fronts: Sequence[NamedFront]) -> pd.DataFrame:
    """Mean front of each series and level, and its range over draws of the demand.

    Parameters
    ----------
    fronts : sequence of NamedFront
        Of all runs; those of the same series and level are replications.

    Returns
    -------
    DataFrame
        ``series``, ``level``, ``n_hpc``, ``mean_wait_min``, and ``low`` and ``high``: the least
        and the longest wait of a replication with so many points; of a single run those of its
        own draws, NaN without any. Drawn over the numbers of points that all replications reach.
    """
    groups: dict[tuple[str, str], list[NamedFront]] = {}
    for front in fronts:
        groups.setdefault((front.series, front.level), []).append(front)
    parts = []
    for (series, level), replications in groups.items():
        fewest = max(front.n_hpc.min() for front in replications)
        most = min(front.n_hpc.max() for front in replications)
        if fewest > most:
            continue
        n_hpc = np.unique(np.geomspace(max(fewest, 1.0), max(most, 1.0), _N_POINTS).round())
        waits = np.stack([front.wait_at(n_hpc) for front in replications])
        low, high = _range_of(replications, n_hpc, waits)
        parts.append(
            pd.DataFrame(
                {
                    "series": series,
                    "level": level,
                    "n_hpc": n_hpc,
                    MEAN_WAIT.name: waits.mean(axis=0).round(3),
                    "low": low.round(3),
                    "high": high.round(3),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _range_of(
    replications: Sequence[NamedFront],
    n_hpc: NDArray[np.float64],
    waits: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if len(replications) > 1:
        return waits.min(axis=0), waits.max(axis=0)
    band = replications[0].band_min
    if band is None:
        return np.full(len(n_hpc), np.nan), np.full(len(n_hpc), np.nan)
    return replications[0].wait_at(n_hpc, band[0]), replications[0].wait_at(n_hpc, band[1])


def fronts_chart(
    fronts: Sequence[NamedFront],
    level_title: str,
    published: tuple[PublishedFigure, ...] = (),
    language: Language = ENGLISH,
    look: Look = SCREEN,
    width: float = _WIDTH,
) -> alt.ConcatChart:
    """Fronts over each other: a colour for each level, dashes for each series.

    Parameters
    ----------
    fronts : sequence of NamedFront
        Of all runs.
    level_title : str
        What the levels are, English where it is one of ours.
    published : tuple of PublishedFigure
        Values from elsewhere; those of points at 5 min mean wait are drawn.
    width : float
        Of the plot; on paper in points.
    """
    bands = front_bands(fronts)
    series = list(dict.fromkeys(bands["series"]))
    most_points = _most_points(bands)
    marks = _marks(fronts, bands, published, language)
    farthest = max((mark["high"] for mark in marks), default=0.0)
    encoding = _encoding(bands, max(most_points, farthest), level_title, language, look)
    is_together = len(series) <= len(_DASHES)
    chosen = None
    if is_together and look.is_live and len(set(bands["level"])) > 1:
        chosen = alt.selection_point(name=_SHOWN_LEVEL, fields=["level"], bind="legend")
    panels = []
    for names in [series] if is_together else [[name] for name in series]:
        shown = bands[bands["series"].isin(names)]
        layers = _front_layers(shown, encoding, level_title, language, look, chosen)
        of_panel = [mark for mark in marks if mark["series"] in names]
        layers += _published_layers(of_panel, encoding, language, look)
        height = _HEIGHT if look.is_live else _PAPER_HEIGHT_SHARE * width
        title = "" if is_together else names[0]
        panels.append(alt.layer(*layers).properties(title=title, width=width, height=height))
    if chosen is not None:
        panels = [panels[0].add_params(chosen)]
    chart: alt.ConcatChart = alt.concat(
        *panels, columns=1 if is_together else _COLUMNS, spacing=36
    ).properties(
        description=language.text("Fronts of all levels: mean wait against high-power points."),
    )
    return chart


@dataclass(frozen=True, slots=True)
class _Encoding:
    points_scale: alt.Scale
    wait_scale: alt.Scale
    x: alt.X
    y: alt.Y
    names: dict[str, Any]
    """Colour and dashes."""


def _encoding(
    bands: pd.DataFrame, most_points: float, level_title: str, language: Language, look: Look
) -> _Encoding:
    points_scale = alt.Scale(domain=[0, most_points], nice=True)
    x = x_of(_POINTS, language, labelOverlap="greedy", grid=look.is_live).scale(points_scale)
    wait_scale = alt.Scale(type="sqrt", domain=[0, LONGEST_SHOWN_WAIT_MIN], clamp=False)
    y = root_axis(_WAIT, language, wait_scale, values=_TICKS_MIN, tickCount=len(_TICKS_MIN))
    return _Encoding(points_scale, wait_scale, x, y, _names(bands, level_title, language, look))


def _names(bands: pd.DataFrame, level_title: str, language: Language, look: Look) -> dict[str, Any]:
    """Colours for levels and dashes for series; colours for series where the level is one."""
    series, levels = (list(dict.fromkeys(bands[column])) for column in ("series", "level"))
    legend: dict[str, Any] = {
        "orient": "top" if look.is_live else "bottom",
        "symbolOpacity": 1,
        "symbolType": "stroke",
        "symbolStrokeWidth": 3 if look.is_live else look.line,
        "symbolLimit": 0,
    }
    named: dict[str, Any] = {}
    if len(levels) > 1 or len(series) == 1:
        many = alt.Scale(domain=levels, scheme=_MANY_COLOURS)
        named["color"] = (
            alt.Color("level:N")
            .title(language.own_text(level_title) or None)
            .scale(scale_of(levels) if len(levels) <= len(SERIES_COLOURS) else many)
            .sort(levels)
            .legend(**legend, columns=_LEGEND_COLUMNS)
        )
    if len(series) > len(_DASHES):
        return named
    if "color" not in named:
        named["color"] = alt.Color("series:N").title(None).scale(scale_of(series)).legend(**legend)
    if len(series) > 1:
        dashes = [_DASHES[number] for number in range(len(series))]
        dash = alt.StrokeDash("series:N").title(None).sort(series)
        if named["color"].to_dict()["field"] == "level":
            dash_legend = {"orient": "bottom", "symbolStrokeColor": look.plain}
            legend |= dash_legend | {
                "symbolSize": _DASH_LEGEND_SIZE,
                "symbolStrokeWidth": look.line,
            }
        named["strokeDash"] = dash.scale(domain=series, range=dashes).legend(**legend)
    return named


def _front_layers(
    bands: pd.DataFrame,
    encoding: _Encoding,
    level_title: str,
    language: Language,
    look: Look,
    chosen: alt.Parameter | None,
) -> list[Any]:
    text = language.text
    base = alt.Chart(bands).encode(x=encoding.x, detail=["series:N", "level:N"])
    if "color" in encoding.names:
        base = base.encode(color=encoding.names["color"])
    tooltip = [
        alt.Tooltip("level:N", title=language.own_text(level_title)),
        *([alt.Tooltip("series:N", title=text("Series"))] if bands["series"].any() else []),
        tip(_POINTS, language),
        tip(_WAIT, language),
    ]
    layers: list[Any] = []
    if bands["low"].notna().any():
        ends = (("low", text("least")), ("high", text("longest")))
        tooltip += [tip(_WAIT, language, end, name) for end, name in ends]
        spread = base.encode(y=alt.Y("low:Q", scale=encoding.wait_scale), y2="high:Q")
        layers.append(spread.mark_area(opacity=0.25, clip=True))
    line = base.encode(y=encoding.y)
    seen = line.encode(**encoding.names).mark_line(strokeWidth=look.line, clip=True)
    if chosen is not None:
        # A click on a level in the legend lets the others stand back.
        seen = seen.encode(opacity=alt.condition(chosen, alt.value(1.0), alt.value(_BACK_OPACITY)))
    layers.append(seen)
    if look.is_live:
        # Wide and unseen, so that the pointer finds the line.
        layers.append(line.encode(tooltip=tooltip).mark_circle(size=160, opacity=0, clip=True))
    return layers


def shows_published(fronts: Sequence[NamedFront], published: Sequence[PublishedFigure]) -> bool:
    """Whether any published figure stands in the chart of these fronts."""
    return bool(_marks(fronts, front_bands(fronts), published, ENGLISH))


def _most_points(bands: pd.DataFrame) -> float:
    return float(bands.loc[bands[MEAN_WAIT.name] <= LONGEST_SHOWN_WAIT_MIN, "n_hpc"].max())


def _marks(
    fronts: Sequence[NamedFront],
    bands: pd.DataFrame,
    published: Sequence[PublishedFigure],
    language: Language,
) -> list[dict[str, Any]]:
    """Published points: of the networks and levels of fronts, and of the size of these."""
    drawn = set(zip(bands["series"], bands["level"], strict=True))
    of_both = {
        (front.network, front.level): front.series
        for front in fronts
        if (front.series, front.level) in drawn
    }
    farthest = _FARTHEST_MARK * _most_points(bands)
    known = [
        (figure, language.percent(figure.level_share))
        for figure in published
        if figure.what == HPC_AT_5_MIN and figure.high <= farthest
    ]
    return [
        {
            "series": of_both[figure.network, level],
            "low": figure.low,
            "high": figure.high,
            "wait": PUBLISHED_WAIT_MIN,
            "what": ", ".join(part for part in (level, of_both[figure.network, level]) if part)
            + f": {language.text('published')}",
            "text": figure.text,
        }
        for figure, level in known
        if (figure.network, level) in of_both
    ]


def _published_layers(
    marks: Sequence[dict[str, Any]], encoding: _Encoding, language: Language, look: Look
) -> list[Any]:
    if not marks:
        return []
    size = look.label
    base = alt.Chart(alt.InlineData(values=list(marks))).encode(
        y=alt.Y("wait:Q", scale=encoding.wait_scale),
        tooltip=[
            alt.Tooltip("what:N", title=language.text("Source")),
            alt.Tooltip("text:N", title=title_of(_POINTS, language)),
        ],
    )
    ends = [
        base.mark_point(
            shape="diamond", size=6.5 * size, filled=True, color=PUBLISHED_COLOUR, opacity=1
        ).encode(x=alt.X(f"{end}:Q", scale=encoding.points_scale))
        for end in ("low", "high")
    ]
    bar = base.mark_rule(strokeWidth=look.line, color=PUBLISHED_COLOUR)
    # Neighbours on one height: names above and below in turn.
    sides: tuple[tuple[Sequence[Any], dict[str, Any]], ...] = (
        (marks[0::2], {"baseline": "bottom", "dy": -0.4 * size}),
        (marks[1::2], {"baseline": "top", "dy": 0.5 * size}),
    )
    labels = [
        base.properties(data=alt.InlineData(values=list(part)))
        .mark_text(align="left", fontSize=size, color=PUBLISHED_COLOUR, **at)
        .encode(x=alt.X("low:Q", scale=encoding.points_scale), text="what:N")
        for part, at in sides
        if part
    ]
    return [
        bar.encode(x=alt.X("low:Q", scale=encoding.points_scale), x2="high:Q"),
        *ends,
        *labels,
    ]

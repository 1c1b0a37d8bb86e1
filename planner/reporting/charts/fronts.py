"""Fronts of many runs in one chart: waiting against points, with the spread over replications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from planner.plan.published_figures import HPC_AT_5_MIN
from planner.plan.schemas import FRONT
from planner.reporting.charts.axes import root_axis, tip, title_of, x_of
from planner.reporting.charts.look import PUBLISHED_COLOUR, scale_of
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

_POINTS, _WAIT = FRONT.quantities(N_HPC, MEAN_WAIT)
_FARTHEST_MARK = 3.0
"""Published points of more than so many times ours are left out: fronts would become specks."""
_N_POINTS = 80
_WIDTH, _HEIGHT, _COLUMNS = 500, 330, 2


@dataclass(frozen=True, slots=True)
class NamedFront:
    """The front of a run, and where it belongs.

    Parameters
    ----------
    series : str
        What tells it from other series; each has a panel of its own.
    level : str
        Its level as text; each has a colour.
    network : str
        Sites of the published study that it is held against; empty for none.
    n_hpc, mean_wait_min : (n_solutions,) float64
        Points and mean wait of each solution, minutes.
    """

    series: str
    level: str
    network: str
    n_hpc: NDArray[np.float64]
    mean_wait_min: NDArray[np.float64]

    @classmethod
    def of_table(cls, series: str, level: str, network: str, front: pd.DataFrame) -> NamedFront:
        """Front as a run's table holds it."""
        columns = ("n_hpc", MEAN_WAIT.name)
        n_hpc, wait = (front[column].to_numpy(dtype=np.float64) for column in columns)
        return cls(series, level, network, n_hpc, wait)

    def wait_at(self, n_hpc: NDArray[np.float64]) -> NDArray[np.float64]:
        """Mean wait between its solutions, minutes."""
        order = np.argsort(self.n_hpc, kind="stable")
        return np.interp(n_hpc, self.n_hpc[order], self.mean_wait_min[order])


def front_bands(fronts: Sequence[NamedFront]) -> pd.DataFrame:
    """Mean front of each series and level, and the range of its replications.

    Parameters
    ----------
    fronts : sequence of NamedFront
        Of all runs; those of the same series and level are replications.

    Returns
    -------
    DataFrame
        ``series``, ``level``, ``n_hpc``, ``mean_wait_min``, and ``low`` and ``high``: the least
        and the longest wait of a replication with so many points, NaN for a single run. Drawn
        over the numbers of points that all replications reach.
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
        is_single = len(replications) == 1
        parts.append(
            pd.DataFrame(
                {
                    "series": series,
                    "level": level,
                    "n_hpc": n_hpc,
                    MEAN_WAIT.name: waits.mean(axis=0).round(3),
                    "low": np.nan if is_single else waits.min(axis=0).round(3),
                    "high": np.nan if is_single else waits.max(axis=0).round(3),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def fronts_chart(
    fronts: Sequence[NamedFront],
    level_title: str,
    published: tuple[PublishedFigure, ...] = (),
    language: Language = ENGLISH,
) -> alt.ConcatChart:
    """Fronts of all levels, a panel per series.

    Parameters
    ----------
    fronts : sequence of NamedFront
        Of all runs.
    level_title : str
        What the levels are, English where it is one of ours.
    published : tuple of PublishedFigure
        Values from elsewhere; those of points at 5 min mean wait are drawn.
    """
    bands = front_bands(fronts)
    series = list(dict.fromkeys(bands["series"]))
    levels = list(dict.fromkeys(bands["level"]))
    network_of = {front.series: front.network for front in fronts}
    colour = (
        alt.Color("level:N")
        .title(language.own_text(level_title) or None)
        .scale(scale_of(levels))
        .sort(levels)
        .legend(orient="top", symbolOpacity=1, symbolType="stroke", symbolStrokeWidth=3)
    )
    seen = bands[bands[MEAN_WAIT.name] <= LONGEST_SHOWN_WAIT_MIN]
    most_points = float(seen["n_hpc"].max())
    marks = {
        name: _marks(
            published,
            network_of[name],
            set(bands.loc[bands["series"] == name, "level"]),
            most_points,
            language,
        )
        for name in series
    }
    farthest = max((figure.high for each in marks.values() for figure in each), default=0.0)
    points_scale = alt.Scale(domain=[0, max(most_points, farthest)], nice=True)
    x = x_of(_POINTS, language, labelOverlap="greedy").scale(points_scale)
    wait_scale = alt.Scale(type="sqrt", domain=[0, LONGEST_SHOWN_WAIT_MIN], clamp=False)
    y = root_axis(_WAIT, language, wait_scale, values=[0, 1, 2, 5, 10, 15, 20])
    encoding = _Encoding(points_scale, wait_scale, x, y, colour)
    panels = []
    for name in series:
        of_series = bands[bands["series"] == name]
        layers = [*_front_layers(of_series, encoding, level_title, language)]
        layers += _published_layers(marks[name], encoding, language)
        panels.append(alt.layer(*layers).properties(title=name, width=_WIDTH, height=_HEIGHT))
    chart: alt.ConcatChart = alt.concat(*panels, columns=_COLUMNS, spacing=36).properties(
        description=language.text("Fronts of all levels: mean wait against high-power points."),
    )
    return chart


@dataclass(frozen=True, slots=True)
class _Encoding:
    points_scale: alt.Scale
    wait_scale: alt.Scale
    x: alt.X
    y: alt.Y
    colour: alt.Color


def _front_layers(
    bands: pd.DataFrame, encoding: _Encoding, level_title: str, language: Language
) -> list[Any]:
    text = language.text
    base = alt.Chart(bands).encode(x=encoding.x, color=encoding.colour)
    tooltip = [
        alt.Tooltip("level:N", title=language.own_text(level_title)),
        tip(_POINTS, language),
        tip(_WAIT, language),
    ]
    layers: list[Any] = []
    if bands["low"].notna().any():
        ends = (("low", text("least")), ("high", text("longest")))
        tooltip += [tip(_WAIT, language, end, name) for end, name in ends]
        spread = base.encode(y=alt.Y("low:Q", scale=encoding.wait_scale), y2="high:Q")
        layers.append(spread.mark_area(opacity=0.25, clip=True))
    line = base.encode(y=encoding.y, tooltip=tooltip)
    layers.append(line.mark_line(strokeWidth=2, clip=True))
    # Wide and unseen, so that the pointer finds the line.
    layers.append(line.mark_circle(size=160, opacity=0, clip=True))
    return layers


def _marks(
    published: Sequence[PublishedFigure],
    network: str,
    levels: set[str],
    most_points: float,
    language: Language,
) -> list[PublishedFigure]:
    """Published points of a panel: of its network and levels, and of the size of its fronts."""
    return [
        figure
        for figure in published
        if figure.what == HPC_AT_5_MIN
        and figure.network == network
        and language.percent(figure.level_share) in levels
        and figure.high <= _FARTHEST_MARK * most_points
    ]


def _published_layers(
    published: Sequence[PublishedFigure],
    encoding: _Encoding,
    language: Language,
) -> list[Any]:
    rows = [
        {
            "low": figure.low,
            "high": figure.high,
            "wait": PUBLISHED_WAIT_MIN,
            "what": f"{language.percent(figure.level_share)}: {language.text('published')}",
            "text": figure.text,
        }
        for figure in published
    ]
    if not rows:
        return []
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("wait:Q", scale=encoding.wait_scale),
        tooltip=[
            alt.Tooltip("what:N", title=language.text("Source")),
            alt.Tooltip("text:N", title=title_of(_POINTS, language)),
        ],
    )
    label = base.mark_text(
        align="left", baseline="bottom", dy=-5, fontSize=12, color=PUBLISHED_COLOUR
    )
    ends = [
        base.mark_point(
            shape="diamond", size=80, filled=True, color=PUBLISHED_COLOUR, opacity=1
        ).encode(x=alt.X(f"{end}:Q", scale=encoding.points_scale))
        for end in ("low", "high")
    ]
    bar = base.mark_rule(strokeWidth=2, color=PUBLISHED_COLOUR)
    return [
        bar.encode(x=alt.X("low:Q", scale=encoding.points_scale), x2="high:Q"),
        *ends,
        label.encode(x=alt.X("low:Q", scale=encoding.points_scale), text="what:N"),
    ]

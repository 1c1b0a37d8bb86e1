"""What charging adds to the trips as a figure: over all trips, and by their length."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from planner.plan.charging_extra import LENGTH_CLASSES_KM
from planner.reporting.figures.rendering import Figure
from planner.reporting.figures.style import COLUMN_MM, LABEL_PT, SOFT_INK

if TYPE_CHECKING:
    from planner.plan.finished_run import FinishedRun
    from planner.tables.language import Language

_WAITING, _CHARGING = "#d9660f", "#2f7fb8"
_HEIGHT_PT = 88.0
_STEPS = 121
_SHOWN_SHARE = 0.98
_MARKED_SHARES = (0.5, 0.95)
_NICE_RANGES_MIN = (10.0, 20.0, 30.0, 60.0, 90.0, 120.0, 180.0, 240.0, 360.0, 480.0, 720.0, 1440.0)


def trip_extra_figure(run: FinishedRun, language: Language) -> Figure:
    """Figure of the charging delay of the trips, in the default solution.

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
    trips = run.trips()
    served = trips[trips["extra_min"].notna()]
    caption = language.text(
        "Charging delay of a trip, against the same trip of a truck that need not charge "
        "but takes all mandatory breaks and rests: (a) share of the {n} served trips that lose at "
        "most so much, (b) mean by the length of the trip. Plan “{plan}”. {study}.",
        n=language.count(len(served)),
        plan=run.titles(language)[run.default_solution.name],
        study=run.study_in_words(language),
    )
    draw = partial(
        _draw, distribution(served), _marked(served, language), means_by_length(served), language
    )
    return Figure("trip_extra", COLUMN_MM, caption, draw)


def distribution(served: pd.DataFrame) -> pd.DataFrame:
    """Share of trips that lose at most so many minutes.

    Parameters
    ----------
    served : DataFrame
        ``TRIPS`` with a known ``extra_min``.

    Returns
    -------
    DataFrame
        ``extra_min`` from 0 to a round value that 98 of 100 trips do not exceed, ``share``.
    """
    extra = np.sort(served["extra_min"].to_numpy())
    top = float(np.quantile(extra, _SHOWN_SHARE)) if len(extra) else 0.0
    top = next((nice for nice in _NICE_RANGES_MIN if nice >= top), _NICE_RANGES_MIN[-1])
    minutes = np.linspace(0.0, top, _STEPS)
    # A rounding error below zero or above a step is no loss of time.
    share = np.searchsorted(extra, minutes + 1e-6, side="right") / max(len(extra), 1)
    return pd.DataFrame({"extra_min": minutes, "share": share})


def means_by_length(served: pd.DataFrame) -> pd.DataFrame:
    """Mean charging delay, by classes of the direct distance.

    Parameters
    ----------
    served : DataFrame
        ``TRIPS`` with a known ``extra_min``.

    Returns
    -------
    DataFrame
        ``class_idx`` (of ``LENGTH_CLASSES_KM``), ``n_trips``, ``waiting_min`` and ``charging_min``
        (all but the waiting); classes without trips are left out.
    """
    class_idx = np.searchsorted(LENGTH_CLASSES_KM, served["direct_distance_km"], "right") - 1
    waiting = np.minimum(served["wait_min"], served["extra_min"].clip(lower=0.0))
    data = pd.DataFrame(
        {
            "class_idx": class_idx,
            "waiting_min": waiting,
            "charging_min": (served["extra_min"] - waiting).clip(lower=0.0),
        }
    )
    means = data.groupby("class_idx").mean()
    means.insert(0, "n_trips", data.groupby("class_idx").size())
    return means.reset_index()


def _draw(
    curve: pd.DataFrame,
    marked: pd.DataFrame,
    by_length: pd.DataFrame,
    language: Language,
    width: float,
) -> dict[str, Any]:
    panels = [
        panel.properties(width=width, height=_HEIGHT_PT, title=heading)
        for panel, heading in (
            (_curve(curve, marked, language), "(a)"),
            (_bars(by_length, language), "(b)"),
        )
    ]
    spec: dict[str, Any] = (
        alt.vconcat(*panels, spacing=8).resolve_scale(color="independent").to_dict()
    )
    return spec


def _curve(curve: pd.DataFrame, marked: pd.DataFrame, language: Language) -> Any:
    x = alt.X("extra_min:Q").title(language.text("Charging delay (min)"))
    x = x.axis(format=",.3~f", tickCount=6).scale(nice=False)
    y = alt.Y("share:Q").title(language.text("Share of trips"))
    y = y.axis(format="~%", tickCount=5).scale(domain=[0, 1])
    line = alt.Chart(curve).mark_line(color=_CHARGING, strokeWidth=1.3).encode(x=x, y=y)
    base = alt.Chart(marked).encode(x=x, y=y)
    down = base.mark_rule(color=SOFT_INK, strokeWidth=0.5, strokeDash=[2, 2])
    zero = alt.Y2Datum(0.0)
    return alt.layer(
        line,
        down.encode(y2=zero),
        base.mark_circle(color=_CHARGING, size=22, opacity=1),
        base.mark_text(align="left", baseline="top", dx=4, dy=3, fontSize=LABEL_PT).encode(
            text="label:N"
        ),
    )


def _marked(served: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Where half and 95 of 100 trips are, with what is to be read there."""
    if served.empty:
        return pd.DataFrame({"extra_min": [], "share": [], "label": []})
    minutes = np.quantile(served["extra_min"].clip(lower=0.0), _MARKED_SHARES)
    labels = [
        f"{language.percent(share)}: \N{LESS-THAN OR EQUAL TO} {language.minutes(value)}"
        for share, value in zip(_MARKED_SHARES, minutes.tolist(), strict=True)
    ]
    return pd.DataFrame({"extra_min": minutes, "share": _MARKED_SHARES, "label": labels})


def _bars(by_length: pd.DataFrame, language: Language) -> alt.Chart:
    causes = {
        "charging_min": language.text("charging, detours, added breaks and rests"),
        "waiting_min": language.text("waiting for a point"),
    }
    classes = [_class_name(int(idx), language) for idx in by_length["class_idx"]]
    rows = pd.concat(
        [
            pd.DataFrame(
                {"class": classes, "cause": cause, "stack": stack, "mean_min": by_length[column]}
            )
            for stack, (column, cause) in enumerate(causes.items())
        ]
    )
    colour = (
        alt.Color("cause:N")
        .title(None)
        .scale(domain=list(causes.values()), range=[_CHARGING, _WAITING])
        .legend(orient="top", symbolType="square", direction="vertical")
    )
    x = alt.X("class:N").sort(classes).title(language.text("Length of the trip (km)"))
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_bar(size=16)
        .encode(
            x=x.axis(labelAngle=0, ticks=False),
            y=alt.Y("mean_min:Q")
            .title(language.text("Mean charging delay (min)"))
            .axis(format=",.3~f", tickCount=4),
            color=colour,
            order="stack:O",
        )
    )
    return chart


def _class_name(class_idx: int, language: Language) -> str:
    low, high = LENGTH_CLASSES_KM[class_idx], LENGTH_CLASSES_KM[class_idx + 1]
    if np.isinf(high):
        return f"> {language.count(low)}"
    if low == 0.0:
        return f"< {language.count(high)}"
    return f"{language.count(low)}\N{EN DASH}{language.count(high)}"

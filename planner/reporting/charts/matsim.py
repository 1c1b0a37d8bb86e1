"""Charts of a MATSim run beside its plan, in one language each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from planner.reporting.charts.axes import days_axis, layered, tip, x_of, y_of
from planner.reporting.charts.look import CHOSEN, PLAIN, TRUCKS_SIDE, Look, scale_of
from planner.reporting.charts.quantities import COMING
from planner.reporting.matsim.event_columns import CHARGERS, OF_MATSIM, PLANNED
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from planner.reporting.matsim.event_differences import MatsimDifferences
    from planner.tables.language import Language

_HEIGHT = 300
_TOLD = CHARGERS.quantities(
    "charger_id",
    "n_sessions_planned",
    "n_sessions_matsim",
    f"{MEAN_WAIT.name}_{PLANNED}",
    f"{MEAN_WAIT.name}_{OF_MATSIM}",
)
_WAIT_PLANNED, _WAIT_MATSIM = _TOLD[-2:]


def matsim_chart_data(differences: MatsimDifferences) -> dict[str, list[Any]]:
    """Data of both charts, the same in every language."""
    chargers = differences.chargers.dropna(subset=[each.name for each in (_TOLD[-2:])]).round(3)
    ends = [0.0, float(chargers[[_WAIT_PLANNED.name, _WAIT_MATSIM.name]].to_numpy().max(initial=1))]
    return {
        "chargers": _rows(chargers[[each.name for each in _TOLD]]),
        "equal": _rows(pd.DataFrame({_WAIT_PLANNED.name: ends, _WAIT_MATSIM.name: ends})),
        "coming": _rows(
            pd.concat([_coming(differences.sessions, side) for side in (PLANNED, OF_MATSIM)])
        ),
    }


def matsim_charts(
    differences: MatsimDifferences, language: Language, look: Look
) -> dict[str, alt.LayerChart]:
    """Both charts of the page."""
    comes_h = differences.sessions[[f"queue_h_{side}" for side in (PLANNED, OF_MATSIM)]]
    first, last = int(comes_h.min().min() // 24 * 24), int(comes_h.max().max() // 24 * 24 + 24)
    return {
        "waits": wait_chart(language, look),
        "coming": coming_chart(first, last, language, look),
    }


def wait_chart(language: Language, look: Look) -> alt.LayerChart:
    """Mean wait at each MATSim charger, planned and in MATSim; on the line both are the same."""
    x, y = x_of(_WAIT_PLANNED, language), y_of(_WAIT_MATSIM, language)
    line = alt.Chart(alt.NamedData("equal")).mark_line(color=PLAIN, strokeDash=[4, 3])
    dots = (
        alt.Chart(alt.NamedData("chargers"))
        .mark_circle(color=TRUCKS_SIDE, opacity=0.6, size=look.plain_dot)
        .encode(x=x, y=y, tooltip=[tip(each, language) for each in _TOLD])
    )
    return layered(
        [line.encode(x=x, y=y), dots],
        height=_HEIGHT,
        description=language.text("Mean wait at each MATSim charger, planned and in MATSim"),
    )


def coming_chart(first: int, last: int, language: Language, look: Look) -> alt.LayerChart:
    """Trucks that come to chargers in each hour."""
    names = {PLANNED: language.text("planned"), OF_MATSIM: "MATSim"}
    lines = (
        alt.Chart(alt.NamedData("coming"))
        .transform_calculate(side_name=f"{names}[datum.side]")
        .mark_line(interpolate="step-after", strokeWidth=look.line)
        .encode(
            x=days_axis(first, last, language),
            y=y_of(COMING, language),
            color=alt.Color("side_name:N")
            .title(None)
            .scale(scale_of(list(names.values()), (TRUCKS_SIDE, CHOSEN)))
            .legend(orient="top"),
        )
    )
    return layered(
        [lines],
        height=_HEIGHT,
        description=language.text("Trucks that come to charge, by hour"),
    )


def _coming(sessions: pd.DataFrame, side: str) -> pd.DataFrame:
    hours = sessions[f"queue_h_{side}"].dropna() // 1
    counted = hours.value_counts().sort_index()
    if len(counted):
        counted = counted.reindex(range(int(counted.index[0]), int(counted.index[-1]) + 2))
    counted = counted.fillna(0).astype(int)
    return pd.DataFrame({"side": side, "hour": counted.index, "n_trucks": counted.to_numpy()})


def _rows(table: pd.DataFrame) -> list[Any]:
    """Rows of plain values."""
    rows: list[Any] = table.to_dict(orient="records")
    return rows

"""Figures behind the charts of the report that do not follow the chosen plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planner.plan.published_figures import (
    BALANCED_TCU,
    BALANCED_WAIT,
    HPC_AT_5_MIN,
    HPC_RANGE,
    PublishedFigure,
    published_for,
)
from planner.reporting.charts.front import FrontRange, front_range
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    import pandas as pd

    from planner.plan.plan_results import PlanResults
    from planner.reporting.charts.front import FrontAxis
    from planner.tables.language import Language

EXTRA_STEP_MIN = 5
EXTRA_LAST_MIN = 60
"""Classes of the charging delay; the last one is open."""
LENGTH_COLUMNS = ["number", "from_km", "to_km", "waiting_min", "other_min"]
"""Columns of the rows by length of the trip."""


def front_axis(results: PlanResults, axis: FrontAxis) -> FrontRange:
    """What part of the front the page shows."""
    marks = published_marks(results, axis)
    return front_range(results.front, results.named_solutions, axis, marks)


def published_of(results: PlanResults) -> tuple[PublishedFigure, ...]:
    """What the study prints for the level and the sites of a plan; empty for other countries."""
    scenario = results.scenario
    if scenario.get("network", {}).get("source") != "builtin":
        return ()
    sites = scenario.get("sites", {})
    network = sites.get("network", "policy") if sites.get("source") == "builtin" else "policy"
    level = float(scenario.get("demand", {}).get("electrification_share", np.nan))
    return published_for(level, network)


def published_marks(results: PlanResults, axis: FrontAxis) -> list[dict[str, float | str]]:
    """Published figures that have a place in the chart of the front.

    Returns
    -------
    list of dict
        ``x0``, ``x1``, ``y0``, ``y1`` and ``kind``, the key of its label.
    """
    by_what = {figure.what: figure for figure in published_of(results)}
    if axis == "tcu" and {BALANCED_TCU, BALANCED_WAIT} <= set(by_what):
        use, wait = by_what[BALANCED_TCU], by_what[BALANCED_WAIT]
        return [_mark(use.low, use.high, wait.low, wait.high, "balanced")]
    marks = []
    if axis == "n_hpc" and HPC_AT_5_MIN in by_what:
        points = by_what[HPC_AT_5_MIN]
        marks.append(_mark(points.low, points.high, 5.0, 5.0, "at 5 min"))
    if axis == "n_hpc" and HPC_RANGE in by_what:
        points = by_what[HPC_RANGE]
        marks.append(_mark(points.low, points.high, 0.0, 0.0, "range"))
    return marks


def _mark(x0: float, x1: float, y0: float, y1: float, kind: str) -> dict[str, float | str]:
    return {"x0": x0, "x1": x1, "y0": y0, "y1": y1, "kind": kind}


def mark_label(kind: str, language: Language) -> str:
    """What stands beside a published figure."""
    match kind:
        case "balanced":
            return language.text("published: balanced")
        case "at 5 min":
            return language.text("published: at 5 min mean wait")
        case _:
            return language.text("published: operator to logistics")


def extra_rows(extra: pd.DataFrame, grouping: str) -> list[dict[str, Any]]:
    """What charging adds to groups of trips: rows of ``EXTRA`` with the waiting, minutes."""
    rows = extra[extra["grouping"] == grouping].to_dict("records")
    return [
        {str(key): value for key, value in row.items()}
        | {"waiting_min": row["mean_extra_min"] - row["mean_extra_without_waiting_min"]}
        for row in rows
    ]


def length_rows(extra: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of the chart of what charging adds by length of the trip."""
    return [
        {
            "number": number,
            "from_km": row["from_km"],
            "to_km": None if np.isnan(row["to_km"]) else row["to_km"],
            "waiting_min": round(row["waiting_min"], 3),
            "other_min": round(row["mean_extra_without_waiting_min"], 3),
        }
        for number, row in enumerate(extra_rows(extra, "length"))
    ]


def length_titles(extra: pd.DataFrame, language: Language) -> list[str]:
    """Names of the classes of trips by length, in km."""
    titles = []
    for row in extra_rows(extra, "length"):
        from_km, to_km = language.count(row["from_km"]), language.count(row["to_km"])
        if np.isnan(row["to_km"]):
            titles.append(language.text("{from_km} and more", from_km=from_km))
        elif row["from_km"] == 0.0:
            titles.append(language.text("up to {to_km}", to_km=to_km))
        else:
            titles.append(language.text("{from_km} to {to_km}", from_km=from_km, to_km=to_km))
    return titles


def chart_data(results: PlanResults) -> dict[str, list[dict[str, Any]]]:
    """Data of the charts that are the same in every language and for every plan.

    Returns
    -------
    dict
        Rows by the name that the charts give them: ``durations`` (hours, share of trips without
        and with charging), ``extra`` (share of trips by the time added), ``by-length``,
        ``learning``.
    """
    data: dict[str, list[dict[str, Any]]] = {
        "durations": _durations(results),
        "extra": _extra(results),
    }
    data["by-length"] = length_rows(results.extra)
    history = results.summary.get("replanning", {}).get("history", [])
    data["learning"] = [
        {
            "iteration": number,
            MEAN_WAIT.name: round(row[MEAN_WAIT.name], 3),
            "p95_wait_min": round(row["p95_wait_min"], 2),
        }
        for number, row in enumerate(history)
    ]
    return data


def _durations(results: PlanResults) -> list[dict[str, Any]]:
    """Share of the served trips by whole hours."""
    trips = results.trips[["reference_h", "extra_min"]].dropna()
    if not len(trips):
        return []
    without_h = trips["reference_h"].to_numpy()
    with_h = without_h + trips["extra_min"].to_numpy() / 60.0
    last = int(np.ceil(np.quantile(with_h, 0.995))) + 1
    edges = np.arange(last + 1)
    shares = [np.histogram(each, edges)[0] / len(trips) for each in (without_h, with_h)]
    return [
        {"hours": int(hour), "without": round(float(a), 5), "charging": round(float(b), 5)}
        for hour, a, b in zip(edges[:-1], *shares, strict=True)
    ] + [{"hours": int(edges[-1]), "without": 0.0, "charging": 0.0}]


def _extra(results: PlanResults) -> list[dict[str, Any]]:
    """Share of the served trips by the minutes that charging adds."""
    extra_min = results.trips["extra_min"].dropna().to_numpy()
    if not len(extra_min):
        return []
    number = (extra_min.clip(0.0, EXTRA_LAST_MIN) // EXTRA_STEP_MIN).astype(np.int64)
    n_classes = EXTRA_LAST_MIN // EXTRA_STEP_MIN + 1
    shares = np.bincount(number, minlength=n_classes) / len(extra_min)
    return [
        {
            "label": f"{begin}\N{EN DASH}{begin + EXTRA_STEP_MIN}"
            if begin < EXTRA_LAST_MIN
            else f"\N{GREATER-THAN OR EQUAL TO} {begin}",
            "from_min": begin,
            "to_min": begin + EXTRA_STEP_MIN,
            "share": round(float(share), 5),
        }
        for begin, share in zip(range(0, EXTRA_LAST_MIN + 1, EXTRA_STEP_MIN), shares, strict=True)
    ]

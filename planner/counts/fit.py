"""A study's traffic beside what stations count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from planner.counts.columns import (
    COUNTS,
    COUNTS_BY_CROSSING,
    COUNTS_BY_ROAD,
    COUNTS_FIT,
    COUNTS_LEFT_OUT,
)
from planner.counts.crossings import crossings
from planner.counts.stretches import stretches
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.counts.stations import MatchedStations
    from planner.network.graph import RoadGraph
    from planner.tables.table import Table

GOOD_GEH = 5.0
"""Below it a modelled hourly flow is usually said to fit its count (Design Manual for Roads and
Bridges, volume 12)."""
STATIONS, STRETCHES = "station", "stretch"
CROSSINGS = "crossing"
STATIONS_HELD_OUT, STRETCHES_HELD_OUT = "station_held_out", "stretch_held_out"
_FLOWS = ["counted_per_day", "modelled_per_day"]


@dataclass(frozen=True, slots=True)
class CountFit:
    """How a study's traffic fits the counts.

    Parameters
    ----------
    stations, roads, crossings, fit, left_out : DataFrame
        ``COUNTS``, ``COUNTS_BY_ROAD``, ``COUNTS_BY_CROSSING``, ``COUNTS_FIT``, ``COUNTS_LEFT_OUT``.
    """

    stations: pd.DataFrame
    roads: pd.DataFrame
    crossings: pd.DataFrame
    fit: pd.DataFrame
    left_out: pd.DataFrame

    def tables(self) -> list[tuple[Table, pd.DataFrame]]:
        """The tables with what they hold."""
        return [
            (COUNTS, self.stations),
            (COUNTS_BY_ROAD, self.roads),
            (COUNTS_BY_CROSSING, self.crossings),
            (COUNTS_FIT, self.fit),
            (COUNTS_LEFT_OUT, self.left_out),
        ]


def hold_against(
    matched: MatchedStations,
    graph: RoadGraph,
    trucks_per_day: NDArray[np.float64],
    is_held_out: NDArray[np.bool_] | None = None,
    across_per_day: NDArray[np.float64] | None = None,
) -> CountFit:
    """Hold the traffic of a study against counts.

    Parameters
    ----------
    trucks_per_day : (n_arcs,) float64
        Trucks of the study on each arc on a working day, electric or not.
    is_held_out : (n_stations,) bool, optional
        Stations that the demand was not weighed by, where it was weighed by the others.
    across_per_day : (n_nodes,) float64, optional
        Trips that come in or leave at each node, beyond which they go on.
    """
    both = _of_both(matched, trucks_per_day)
    ends = graph.arc_from_idx[matched.arc_idx], graph.arc_to_idx[matched.arc_idx]
    table = matched.stations.assign(
        from_place=graph.node_name[ends[0]],
        to_place=graph.node_name[ends[1]],
        modelled_per_day=both,
        is_held_out=False if is_held_out is None else is_held_out,
    )
    total = _ratio(table["modelled_per_day"].sum(), table["counted_per_day"].sum())
    compared = _compared(table, total)
    compared = compared[COUNTS.column_names]
    stretch = stretches(matched)
    by_stretch = _compared(table[_FLOWS].groupby(stretch).mean(), total)
    rows = [_figures(STATIONS, compared), _figures(STRETCHES, by_stretch)]
    if is_held_out is not None and is_held_out.any():
        rows += [
            _figures(STATIONS_HELD_OUT, compared[is_held_out]),
            _figures(STRETCHES_HELD_OUT, by_stretch.loc[np.unique(stretch[is_held_out])]),
        ]
    across = np.zeros(graph.n_nodes) if across_per_day is None else across_per_day
    by_crossing = _compared(crossings(matched, graph, across), total)
    if (counted := by_crossing["counted_per_day"].notna()).any():
        rows.append(_figures(CROSSINGS, by_crossing[counted]))
    fit = pd.DataFrame(rows)
    return CountFit(
        compared,
        _by_road(compared, total),
        by_crossing[COUNTS_BY_CROSSING.column_names],
        fit[COUNTS_FIT.column_names],
        matched.left_out[COUNTS_LEFT_OUT.column_names],
    )


def _of_both(matched: MatchedStations, trucks_per_day: NDArray[np.float64]) -> NDArray[np.float64]:
    """Trucks past each station, both carriageways together."""
    opposite = matched.opposite_arc_idx
    other = np.where(opposite >= 0, trucks_per_day[opposite], 0.0)
    return np.asarray(trucks_per_day[matched.arc_idx] + other)


def _ratio(modelled: pd.Series | float, counted: pd.Series | float) -> NDArray[np.float64]:
    """Modelled for each counted; NaN where none was counted."""
    m, c = np.asarray(modelled, dtype=float), np.asarray(counted, dtype=float)
    return np.asarray(np.divide(m, c, out=np.full(c.shape, np.nan), where=c > 0.0))


def _compared(flows: pd.DataFrame, total: NDArray[np.float64]) -> pd.DataFrame:
    """Flows with their ratios and GEH."""
    modelled, counted = flows["modelled_per_day"], flows["counted_per_day"]
    ratio = _ratio(modelled, counted)
    scale = 1.0 / total if total > 0.0 else np.nan
    return flows.assign(
        ratio=ratio,
        relative_ratio=ratio * scale,
        geh=_geh(modelled, counted),
        scaled_geh=_geh(modelled * scale, counted),
        is_above=modelled > counted,
    )


def _geh(modelled_per_day: pd.Series, counted_per_day: pd.Series) -> NDArray[np.float64]:
    """GEH of the mean hour: 0 where both are equal."""
    m, c = (np.asarray(each) / HOURS_PER_DAY for each in (modelled_per_day, counted_per_day))
    square = np.divide(2.0 * (m - c) ** 2, m + c, out=np.zeros(len(m)), where=m + c != 0.0)
    return np.asarray(np.sqrt(square))


class Fit(NamedTuple):
    """How well some flows fit their counts, as ``COUNTS_FIT`` tells it."""

    spearman: float
    log_pearson: float
    n_above: int


def how_they_fit(
    modelled_per_day: NDArray[np.float64], counted_per_day: NDArray[np.float64]
) -> Fit:
    """Hold flows against counts of the same stretches."""
    modelled, counted = pd.Series(modelled_per_day), pd.Series(counted_per_day)
    return Fit(*_correlations(modelled, counted), int((modelled > counted).sum()))


def _figures(by: str, flows: pd.DataFrame) -> dict[str, object]:
    modelled, counted = flows["modelled_per_day"], flows["counted_per_day"]
    spearman, log_pearson = _correlations(modelled, counted)
    return {
        "by": by,
        "n": len(flows),
        "spearman": spearman,
        "log_pearson": log_pearson,
        "ratio": float(_ratio(modelled.sum(), counted.sum())),
        "good_share": float((flows["geh"] < GOOD_GEH).mean()),
        "scaled_good_share": float((flows["scaled_geh"] < GOOD_GEH).mean()),
        "n_above": int(flows["is_above"].sum()),
        "n_empty": int((modelled == 0.0).sum()),
    }


def _correlations(modelled: pd.Series, counted: pd.Series) -> tuple[float, float]:
    """Spearman's, and Pearson's of the logarithms where neither is 0."""
    both = (modelled > 0.0) & (counted > 0.0)
    return (
        _correlation(modelled.rank(), counted.rank()),
        _correlation(np.log(modelled[both]), np.log(counted[both])),
    )


def _correlation(first: pd.Series, second: pd.Series) -> float:
    """Pearson's; NaN of fewer than two pairs, or where one of both never changes."""
    if min(first.nunique(), second.nunique()) < 2:  # of one value nothing follows
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])


def _by_road(stations: pd.DataFrame, total: NDArray[np.float64]) -> pd.DataFrame:
    groups = stations.groupby("road")
    table = groups[_FLOWS].mean().reset_index()
    table["n_stations"] = groups.size().to_numpy()
    table["n_above"] = groups["is_above"].sum().to_numpy()
    table = _compared(table, total)
    table = table.sort_values("relative_ratio", ascending=False, kind="stable", ignore_index=True)
    return table[COUNTS_BY_ROAD.column_names]

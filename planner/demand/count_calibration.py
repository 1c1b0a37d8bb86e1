"""Volumes of OD pairs weighed anew by traffic counts, and how well that does elsewhere.

Counts are of all heavy vehicles, so only their pattern is taken over: traffic should be the same
part of the count at every station. How many trips there are, and how many of them stay in the
country, leave it, enter it and pass through, is kept; with it all shares of days, hours and loads,
which do not depend on the pair. A part of the stretches is held out, and tells whether the new
volumes are better where nobody looked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from planner.counts.fit import how_they_fit
from planner.counts.stations import match_stations, read_stations
from planner.counts.stretches import held_out, stretches
from planner.demand.calibration import DAYS
from planner.demand.entropy_weights import least_changed_volumes
from planner.demand.od_distances import TRUCK_LIMIT_KMH
from planner.demand.od_flows import OdFlows
from planner.errors import InputDataError
from planner.network.distances import MEAN_TIMES, passing_legs, truck_network
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from planner.demand.calibration import DemandCalibration
    from planner.demand.expansion import Part
    from planner.network.graph import RoadGraph
    from planner.network.route_spread import RouteSpread
    from planner.scenario.count_calibration import CountCalibration

_N_WORKING_DAYS = 5
_LEAST_TARGET = 1.0
"""Trucks a day that a stretch is taken to have at least, so that its error is not 0."""
_QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)


class _CountedRoads(NamedTuple):
    """Stretches with stations, (n_stretches,), and what passes them of each pair."""

    counted: NDArray[np.float64]
    passes: csr_array

    def select(self, chosen: NDArray[np.bool_]) -> _CountedRoads:
        """Stretches of a mask."""
        columns = np.flatnonzero(chosen)
        return _CountedRoads(self.counted[columns], self.passes[:, columns].tocsr())

    def trucks(self, volume: NDArray[np.float64]) -> NDArray[np.float64]:
        """Trucks past each stretch, in the unit of the volumes."""
        return np.asarray(self.passes.T @ volume)


def weigh_by_counts(
    parts: Mapping[Part, OdFlows],
    settings: CountCalibration,
    graph: RoadGraph,
    calibration: DemandCalibration,
    min_distance_km: float,
    spread: RouteSpread | None,
) -> tuple[dict[Part, OdFlows], tuple[str, ...]]:
    """Weigh the volumes of a demand anew.

    Parameters
    ----------
    calibration : DemandCalibration
        Which part of a week's trips departs from Monday to Friday, of which counts are.
    min_distance_km : float
        Pairs in the country that are nearer keep their volume: they are no part of the demand.
    spread : RouteSpread or None
        How trucks spread over routes; without it all take the quickest.

    Returns
    -------
    parts : dict
        The same flows with new volumes.
    sentences : tuple of str
        What came of it, for a person.

    Raises
    ------
    InputDataError
        If the stations cannot be used, or none is left to weigh by.
    """
    flows = OdFlows.joined(list(parts.values()))
    of_part = np.repeat(np.arange(len(parts)), [each.n_flows for each in parts.values()])
    leaves, enters = flows.abroad_after_median_km > 0.0, flows.abroad_before_median_km > 0.0
    is_domestic = ~leaves & ~enters
    takes_part = np.flatnonzero(~is_domestic | (flows.inside_km >= min_distance_km))
    some = flows.select(takes_part)
    kind = 4 * of_part + 2 * enters + leaves
    _, group = np.unique(kind[takes_part], return_inverse=True)
    fitted, judged = _counted_roads(some, settings, graph, spread)
    per_day = sum(calibration.day_share(day) for day in DAYS[:_N_WORKING_DAYS]) / _N_WORKING_DAYS
    volume = some.trips_per_week * per_day
    passing, counted = fitted.trucks(volume).sum(), fitted.counted.sum()
    ratio = float(passing / counted) if counted > 0.0 else 0.0
    if ratio == 0.0:
        msg = said(
            "{counts}: expected stations on roads that trips use, among those not held out; "
            "found {n} stretches without them. Check roads and positions, or lower "
            "demand.calibrate.held_out_share",
            counts=str(settings.counts),
            n=str(len(fitted.counted)),
        )
        raise InputDataError(msg)
    weighed = least_changed_volumes(
        volume,
        fitted.passes,
        np.maximum(ratio * fitted.counted, _LEAST_TARGET),
        group,
        most_factor=settings.most_factor,
        tolerance=settings.tolerance_share,
    )
    trips_per_week = flows.trips_per_week.copy()
    trips_per_week[takes_part] = weighed / per_day
    found = {
        part: replace(each, trips_per_week=trips_per_week[of_part == number])
        for number, (part, each) in enumerate(parts.items())
    }
    told = (
        said(
            "volumes weighed anew by counts of {n} stretches of road in {file}, {n_out} more held "
            "out",
            n=len(fitted.counted),
            file=settings.counts.name,
            n_out=len(judged.counted),
        ),
        *_fit_sentence(judged, volume, weighed),
        _distance_sentence(some, volume, weighed, is_domestic[takes_part]),
    )
    return found, told


def _counted_roads(
    flows: OdFlows, settings: CountCalibration, graph: RoadGraph, spread: RouteSpread | None
) -> tuple[_CountedRoads, _CountedRoads]:
    """Stretches to weigh by, and those held out."""
    where = str(settings.counts)
    stations = read_stations(settings.counts)
    matched = match_stations(stations, graph, where, settings.max_distance_km)
    stretch = stretches(matched)
    n_stretches = int(stretch.max()) + 1
    n_stations = np.bincount(stretch)
    counted = np.bincount(stretch, matched.stations["counted_per_day"]) / n_stations
    is_out = held_out(matched, settings.held_out_share, settings.held_out_seed)
    column = np.full(graph.n_arcs, -1, dtype=np.int32)
    column[matched.arc_idx] = stretch
    has_opposite = matched.opposite_arc_idx >= 0
    column[matched.opposite_arc_idx[has_opposite]] = stretch[has_opposite]
    draws = range(spread.n_draws) if spread is not None else [MEAN_TIMES]
    passes = csr_array((flows.n_flows, n_stretches))
    for draw in draws:
        network = truck_network(graph, TRUCK_LIMIT_KMH, spread, draw)
        ends = flows.origin_node_idx, flows.destination_node_idx
        passes = passes + passing_legs(network, *ends, column, n_stretches)
    passes.data /= len(draws)
    roads = _CountedRoads(counted, passes)
    is_judged = np.bincount(stretch, is_out) > 0.0
    return roads.select(~is_judged), roads.select(is_judged)


def _fit_sentence(
    judged: _CountedRoads, before: NDArray[np.float64], after: NDArray[np.float64]
) -> tuple[str, ...]:
    """How well both volumes fit where the weighing did not look."""
    if len(judged.counted) <= 1:
        return ()
    old, new = (how_they_fit(judged.trucks(each), judged.counted) for each in (before, after))
    return (
        said(
            "at the stretches held out Spearman {spearman} before and {new_spearman} after, "
            "Pearson of logarithms {pearson} and {new_pearson}, more trucks than counted at "
            "{n} and {new_n}",
            spearman=round(old.spearman, 2),
            new_spearman=round(new.spearman, 2),
            pearson=round(old.log_pearson, 2),
            new_pearson=round(new.log_pearson, 2),
            n=old.n_above,
            new_n=new.n_above,
        ),
    )


def _distance_sentence(
    flows: OdFlows,
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    is_domestic: NDArray[np.bool_],
) -> str:
    """What becomes of the distances, which counts may contradict."""
    old_km, new_km = (_quantiles_km(flows, each) for each in (before, after))
    return said(
        "distances on the network at 5, 25, 50, 75 and 95 %: {before} km before, {after} km "
        "after; {percent} % of trips with both ends on it before and {new_percent} % after",
        before="/".join(str(km) for km in old_km),
        after="/".join(str(km) for km in new_km),
        percent=round(100 * float(before[is_domestic].sum() / before.sum())),
        new_percent=round(100 * float(after[is_domestic].sum() / after.sum())),
    )


def _quantiles_km(flows: OdFlows, trips: NDArray[np.float64]) -> list[int]:
    order = np.argsort(flows.inside_km, kind="stable")
    passed = np.cumsum(trips[order])
    place = np.searchsorted(passed, np.asarray(_QUANTILES) * passed[-1])
    return [round(float(km)) for km in flows.inside_km[order][place]]

"""Sites placed by location models: covering the motorways, or near to all of them (spopt)."""

from __future__ import annotations

import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.errors import InputDataError
from planner.network.site_attachment import SitesReport
from planner.network.site_generation import points_along_courses, sites_at
from planner.network.site_point_distances import point_distances_km
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.od_trucks import OdTrucks
    from planner.network.site_generation import CoursePoints
    from planner.network.sites import Sites

MAX_COVERAGE_POINTS = 2000
"""A covering model of so many places takes about a minute."""
MAX_MEDIAN_POINTS = 400
"""So does a p-median model of so many: it has a variable for each pair."""
_UNREACHABLE_KM = 1e5


def sites_by_coverage(
    graph: RoadGraph,
    *,
    n_sites: int | None,
    service_km: float,
    candidate_spacing_km: float,
    trucks: OdTrucks | None = None,
    off_road_km: float = 0.3,
) -> tuple[Sites, SitesReport]:
    """Place sites so that most of the motorways has one within a distance by road.

    Parameters
    ----------
    n_sites : int or None
        Number of sites (maximal covering, MCLP); None takes the fewest that cover everything (set
        covering, LSCP).
    service_km : float
        Farthest that a site covers, km by road from the middle of a stretch.
    candidate_spacing_km : float
        Length of the stretches that are covered or not, and distance between the places tried.
    trucks : OdTrucks, optional
        Weighs stretches by the trucks on them; by length alone without.
    off_road_km : float
        One-way distance from the carriageway to the charging points, km.

    Returns
    -------
    Sites
        By road and running kilometre.
    SitesReport
        Their number and the share covered.

    Raises
    ------
    InputDataError
        If there are fewer places than sites, or too many places to solve it in about a minute.

    Notes
    -----
    Toregas, Swain, ReVelle and Bergman (1971); Church and ReVelle (1974). Solved to optimality by
    spopt with the CBC solver on one thread.
    """
    from spopt.locate import LSCP, MCLP  # noqa: PLC0415  # slow to import

    points = _checked_points(graph, candidate_spacing_km, n_sites, MAX_COVERAGE_POINTS)
    distance_km = point_distances_km(graph, points)
    weight_km = stretch_weights(graph, points, trucks)
    is_chosen = _solved(
        partial(LSCP.from_cost_matrix, distance_km, service_km)
        if n_sites is None
        else partial(MCLP.from_cost_matrix, distance_km, weight_km, service_km, n_sites)
    )
    covered = distance_km[:, is_chosen].min(axis=1) <= service_km
    share = weight_km[covered].sum() / weight_km.sum()
    what = "motorway length" if trucks is None else "truck-km on motorways"
    notice = said(
        "a site lies within {km} km by road for {share} % of the {what}",
        km=service_km,
        share=round(100.0 * share, 1),
        what=what,
    )
    return _placed(graph, points, is_chosen, off_road_km, notice)


def sites_by_p_median(
    graph: RoadGraph,
    *,
    n_sites: int,
    candidate_spacing_km: float,
    trucks: OdTrucks | None = None,
    off_road_km: float = 0.3,
) -> tuple[Sites, SitesReport]:
    """Place sites so that the mean distance by road to the nearest one is least.

    Parameters
    ----------
    graph, n_sites, candidate_spacing_km, trucks, off_road_km
        As for :func:`sites_by_coverage`.

    Returns
    -------
    Sites
        By road and running kilometre.
    SitesReport
        Their number and the mean distance.

    Raises
    ------
    InputDataError
        If there are fewer places than sites, or too many places to solve it in about a minute.

    Notes
    -----
    Hakimi (1964). Solved to optimality by spopt with the CBC solver on one thread.
    """
    from spopt.locate import PMedian  # noqa: PLC0415 (slow)

    points = _checked_points(graph, candidate_spacing_km, n_sites, MAX_MEDIAN_POINTS)
    distance_km = np.minimum(point_distances_km(graph, points), _UNREACHABLE_KM)
    weight_km = stretch_weights(graph, points, trucks)
    is_chosen = _solved(partial(PMedian.from_cost_matrix, distance_km, weight_km, n_sites))
    mean_km = weight_km @ distance_km[:, is_chosen].min(axis=1) / weight_km.sum()
    notice = said("mean distance by road to the nearest site {km} km", km=round(mean_km, 1))
    return _placed(graph, points, is_chosen, off_road_km, notice)


def stretch_weights(
    graph: RoadGraph, points: CoursePoints, trucks: OdTrucks | None
) -> NDArray[np.float64]:
    """Length of each point's stretch, times the trucks on both its carriageways where known.

    Parameters
    ----------
    trucks : OdTrucks or None
        Trucks by OD pair.

    Returns
    -------
    (n_points,) float64
        Kilometres or truck-kilometres.

    Raises
    ------
    InputDataError
        If no truck passes any point.
    """
    if trucks is None:
        return points.stretch_km
    arc_trucks = trucks.arc_trucks(graph)
    reverse = graph.reverse_arc_idx()[points.arc_idx]
    passing = arc_trucks[points.arc_idx] + np.where(reverse >= 0, arc_trucks[reverse], 0.0)
    if not passing.any():
        msg = said(
            "sites: expected trucks on the motorways, found none. Set sites.weights to length."
        )
        raise InputDataError(msg)
    return points.stretch_km * passing


def _checked_points(
    graph: RoadGraph, candidate_spacing_km: float, n_sites: int | None, most: int
) -> CoursePoints:
    points = points_along_courses(graph, candidate_spacing_km)
    n_points = points.n_points
    if n_points > most:
        msg = said(
            "sites: {n_points} places {candidate_spacing_km} km apart are more than the "
            "{most} that are solved in about a minute. Raise sites.candidate_spacing_km.",
            n_points=str(n_points),
            candidate_spacing_km=round(candidate_spacing_km, 4),
            most=str(most),
        )
        raise InputDataError(msg)
    if n_points < (n_sites or 1):
        msg = said(
            "sites: expected at least {n_sites} places, found {n_points} "
            "{candidate_spacing_km} km apart. Lower sites.candidate_spacing_km or "
            "sites.n_sites.",
            n_sites=str(n_sites or 1),
            n_points=str(n_points),
            candidate_spacing_km=round(candidate_spacing_km, 4),
        )
        raise InputDataError(msg)
    return points


def _solved(build_model: Callable[[], Any]) -> NDArray[np.bool_]:
    """Build and solve a model; whether each place is chosen, (n_points,)."""
    from pulp import PULP_CBC_CMD  # noqa: PLC0415

    with warnings.catch_warnings():
        # spopt builds its models in a way that PuLP will give up in version 4.
        warnings.simplefilter("ignore", DeprecationWarning)
        model = build_model()
        model.solve(PULP_CBC_CMD(msg=False, threads=1), results=False)
    return np.array([variable.value() > 0.5 for variable in model.fac_vars])


def _placed(
    graph: RoadGraph,
    points: CoursePoints,
    is_chosen: NDArray[np.bool_],
    off_road_km: float,
    notice: str,
) -> tuple[Sites, SitesReport]:
    sites = sites_at(graph, points.select(is_chosen), off_road_km)
    notices = (notice, *points.notices())
    return sites, SitesReport(sites.n_sites, sites.n_attachments, notices=notices)

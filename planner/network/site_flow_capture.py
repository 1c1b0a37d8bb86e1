"""Sites placed where trucks drive: greedily, so that most truck-km have one within reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.network.distances import quickest_paths, truck_network
from planner.network.od_trucks import TRUCK_SPEED_KMH
from planner.network.site_attachment import SitesReport
from planner.network.site_flow_kernel import choose_greedily
from planner.network.site_generation import points_along_courses, sites_at
from planner.said import said

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.od_trucks import OdTrucks
    from planner.network.site_generation import CoursePoints
    from planner.network.sites import Sites


@dataclass(frozen=True, slots=True)
class FlowCapture:
    """How sites are placed along the routes of trucks.

    Parameters
    ----------
    n_sites : int
        Most sites, >= 1; fewer where fewer reach all truck-km.
    candidate_spacing_km : float
        Distance between the places on a motorway that are tried, km, > 0.
    reach_km : float
        A truck-km is served if a site lies on the truck's route at most so far before or behind
        it, km, > 0.
    """

    n_sites: int
    candidate_spacing_km: float
    reach_km: float


@dataclass(frozen=True, slots=True)
class RoutePasses:
    """Which candidates each route passes, and where.

    Parameters
    ----------
    route_offset : (n_routes + 1,) int64
        Where each route's passes begin.
    candidate_idx : (n_passes,) int32
        Candidates in driving order.
    at_km : (n_passes,) float64
        Distance from the start of the route, km.
    route_km : (n_routes,) float64
        Length of each route, km.
    """

    route_offset: NDArray[np.int64]
    candidate_idx: NDArray[np.int32]
    at_km: NDArray[np.float64]
    route_km: NDArray[np.float64]


def sites_by_flow(
    graph: RoadGraph, trucks: OdTrucks, capture: FlowCapture, off_road_km: float = 0.3
) -> tuple[Sites, SitesReport]:
    """Place sites one after the other where each adds most truck-km with a site within reach.

    Parameters
    ----------
    trucks : OdTrucks
        Trucks by OD pair; each takes its quickest way.
    capture : FlowCapture
        How many sites, and what counts as served.
    off_road_km : float
        One-way distance from the carriageway to the charging points, km.

    Returns
    -------
    Sites
        By road and running kilometre.
    SitesReport
        Their number and the share of truck-km served.

    Raises
    ------
    InputDataError
        If no truck passes a motorway.

    Notes
    -----
    Flow capturing (Hodgson 1990) with a reach along the route as in flow refuelling (Kuby and Lim
    2005). The truck-km served are a submodular function of the sites, so the greedy choice serves
    at least 63 % (1 - 1/e) of what the best choice would (Nemhauser, Wolsey and Fisher 1978).
    """
    points = points_along_courses(graph, capture.candidate_spacing_km)
    passes = route_passes(graph, trucks, points)
    by_candidate = np.argsort(passes.candidate_idx, kind="stable")
    chosen, added_km = choose_greedily(
        passes.route_offset,
        passes.candidate_idx,
        passes.at_km,
        passes.route_km,
        trucks.trucks,
        np.searchsorted(passes.candidate_idx[by_candidate], np.arange(points.n_points + 1)),
        by_candidate,
        capture.n_sites,
        capture.reach_km,
    )
    if not chosen.size:
        msg = said(
            "sites: expected trucks that pass a motorway, found none on {n_points} places "
            "tried. Check that the demand is on this network, or lower candidate_spacing_km.",
            n_points=str(points.n_points),
        )
        raise InputDataError(msg)
    is_chosen = np.zeros(points.n_points, dtype=np.bool_)
    is_chosen[chosen] = True
    sites = sites_at(graph, points.select(is_chosen), off_road_km)
    served = added_km.sum() / (trucks.trucks @ passes.route_km)
    notice = said(
        "a site lies within {km} km along the route for {share} % of all truck-km; {n} places were "
        "tried",
        km=capture.reach_km,
        share=round(100.0 * served, 1),
        n=points.n_points,
    )
    return sites, SitesReport(
        sites.n_sites, sites.n_attachments, notices=(notice, *points.notices())
    )


def route_passes(graph: RoadGraph, trucks: OdTrucks, points: CoursePoints) -> RoutePasses:
    """Candidates along the quickest way of each OD pair.

    Parameters
    ----------
    points : CoursePoints
        Candidates; they serve both directions where the network has both as one pair of arcs.

    Returns
    -------
    RoutePasses
        Routes in the order of the OD pairs; of no length where there is no way.
    """
    paths = quickest_paths(
        truck_network(graph, TRUCK_SPEED_KMH), trucks.origin_node_idx, trucks.destination_node_idx
    )
    n_arcs = np.array([len(path) for path in paths], dtype=np.int64)
    route = np.repeat(np.arange(len(paths)), n_arcs)
    arc = np.concatenate([np.empty(0, dtype=np.int32), *paths])
    length_km = graph.arc_length_km[arc]
    route_km = np.zeros(len(paths))
    np.add.at(route_km, route, length_km)
    first = np.cumsum(n_arcs) - n_arcs
    before_km = np.concatenate([[0.0], np.cumsum(length_km)])
    start_km = before_km[:-1] - np.repeat(before_km[first], n_arcs)
    on_arc = _candidates_on_arcs(graph, points)
    n_here = np.diff(on_arc.arc_offset)[arc]
    # Positions within on_arc of the candidates of each arc driven, arc after arc.
    within = np.arange(n_here.sum()) - np.repeat(np.cumsum(n_here) - n_here, n_here)
    position = np.repeat(on_arc.arc_offset[arc], n_here) + within
    return RoutePasses(
        route_offset=np.searchsorted(np.repeat(route, n_here), np.arange(len(paths) + 1)),
        candidate_idx=on_arc.candidate_idx[position],
        at_km=np.repeat(start_km, n_here) + on_arc.offset_km[position],
        route_km=route_km,
    )


@dataclass(frozen=True, slots=True)
class _CandidatesOnArcs:
    """Candidates of each arc in driving order: ``arc_offset[arc]:arc_offset[arc + 1]``."""

    arc_offset: NDArray[np.int64]
    candidate_idx: NDArray[np.int32]
    offset_km: NDArray[np.float64]


def _candidates_on_arcs(graph: RoadGraph, points: CoursePoints) -> _CandidatesOnArcs:
    # A place beside one carriageway is a candidate for trucks on the other one too, there measured
    # from the end where that one begins.
    reverse = graph.reverse_arc_idx()[points.arc_idx]
    both = reverse >= 0
    share_left = 1.0 - points.offset_km[both] / graph.arc_length_km[points.arc_idx[both]]
    arc = np.concatenate([points.arc_idx, reverse[both]])
    candidate = np.arange(points.n_points, dtype=np.int32)
    candidate = np.concatenate([candidate, candidate[both]])
    offset_km = np.concatenate([points.offset_km, share_left * graph.arc_length_km[reverse[both]]])
    order = np.lexsort((candidate, offset_km, arc))
    return _CandidatesOnArcs(
        arc_offset=np.searchsorted(arc[order], np.arange(graph.n_arcs + 1)),
        candidate_idx=candidate[order],
        offset_km=offset_km[order],
    )

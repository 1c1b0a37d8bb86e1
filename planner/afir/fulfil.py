"""What is to be built for a plan to fulfil the law: points at its sites, and new places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.afir.columns import AFIR_BUILD, AFIR_GAPS
from planner.afir.fewest import fewest_points
from planner.afir.gaps import gaps_of
from planner.afir.places import PointPowers
from planner.afir.tent_roads import TentRoads
from planner.network.graph_tables import TENT_CLASSES
from planner.network.site_generation import MIN_COURSE_SHARE, points_along_courses, sites_at
from planner.network.sites import ORIGIN_COMPUTED, Sites

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

AT_SITE, WITH_CONNECTION, NEW_PLACE = "site", "connection", "place"
"""What is built: points at a site, points with a larger grid connection, a new place."""
_SPACING_SHARE = 1.0 / 3.0
"""How far apart new places are looked for, in parts of the shortest spacing that is allowed."""
_OFF_ROAD_KM = 0.3


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """What would fulfil the law.

    Parameters
    ----------
    build : DataFrame
        ``AFIR_BUILD``, what needs most points first.
    covered_share : float
        Part of the roads' length that is covered then.
    left : DataFrame
        ``AFIR_GAPS`` that stay, the longest first; none where what the law asks for is reached.
    places_every_km : float
        How far apart new places are looked for along motorways, km.
    """

    build: pd.DataFrame
    covered_share: float
    left: pd.DataFrame
    places_every_km: float

    @property
    def shortest_motorway_km(self) -> float:
        """Shortest motorway along which new places are looked for, km."""
        return MIN_COURSE_SHARE * self.places_every_km


def what_fulfils(
    graph: RoadGraph,
    sites: Sites,
    roads: TentRoads,
    n_hpc: NDArray[np.int64],
    is_covered: NDArray[np.bool_],
    hpc_kw: float,
    importance: NDArray[np.float64],
    hdv_per_day: NDArray[np.float64] | None,
) -> Fulfilment:
    """Find points to build, at the plan's pools first, then at other sites, then at new places.

    New places are looked for along the roads that the plan leaves uncovered; grid connections
    bind nobody here: those that are too small are said.

    Parameters
    ----------
    n_hpc : (n_sites,) int64
        High-power points of the plan.
    is_covered : (n_pieces,) bool
        Whether the plan covers each piece of the roads.
    importance : (n_sites,) float64
        Which sites are rather chosen, the higher the rather.
    """
    every_km = _SPACING_SHARE * min(roads.rules.of(name).max_spacing_km for name in TENT_CLASSES)
    left = pd.DataFrame(columns=AFIR_GAPS.column_names)
    required_km = roads.rules.share_of_length * roads.pieces.length_km.sum()
    enough_km = required_km * (1.0 - 1e-9)
    if roads.pieces.length_km[is_covered].sum() >= enough_km:
        nothing = pd.DataFrame(columns=AFIR_BUILD.column_names)
        share = roads.pieces.length_km[is_covered].sum() / max(required_km, 1e-12)
        whole_share = float(share * roads.rules.share_of_length)
        return Fulfilment(nothing, whole_share, left, every_km)
    new = _places_beside(graph, roads, is_covered, every_km)
    every = _without_connections(sites, new)
    here = TentRoads.of(graph, every, roads.law, roads.rules, hdv_per_day)
    standing = np.append(n_hpc, np.zeros(new.n_sites, np.int64))
    n_needed = fewest_points(
        here,
        every,
        hpc_kw,
        _order(here, sites, standing, hpc_kw, importance),
        share_of_length=roads.rules.share_of_length,
    )
    final = np.maximum(standing, n_needed)
    power_kw = PointPowers(hpc_kw).together_kw(final)
    spacing_km = here.spacing_km(power_kw, final)
    covered = here.is_covered(spacing_km)
    length_km = here.pieces.length_km
    if length_km[covered].sum() < enough_km:
        left, _ = gaps_of(graph, here.pieces, here.piece_class, spacing_km, covered)
    connection_kw = np.append(sites.grid_connection_kw, np.full(new.n_sites, np.nan))
    kind = np.where(power_kw > connection_kw, WITH_CONNECTION, AT_SITE).astype(object)
    kind[sites.n_sites :] = NEW_PLACE
    table = pd.DataFrame(
        {
            "kind": kind,
            "site_id": every.site_id,
            "name": every.name,
            "road": every.road,
            "tent_class": here.site_class,
            "lon": every.lon,
            "lat": every.lat,
            "n_directions": here.n_attached,
            "n_hpc": standing,
            "to_build": final - standing,
            "power_kw": power_kw,
            "grid_connection_kw": connection_kw,
        }
    )
    table = table[table["to_build"] > 0].sort_values(
        ["to_build", "road", "site_id"], ascending=[False, True, True]
    )
    return Fulfilment(
        table.reset_index(drop=True)[AFIR_BUILD.column_names],
        float(length_km[covered].sum() / max(length_km.sum(), 1e-12)),
        left,
        every_km,
    )


def _places_beside(
    graph: RoadGraph, roads: TentRoads, is_covered: NDArray[np.bool_], every_km: float
) -> Sites:
    """Places along the roads that are not covered."""
    points = points_along_courses(graph, every_km)
    bare = np.zeros(graph.n_arcs, np.bool_)
    bare[roads.pieces.arc_idx[~is_covered]] = True
    reverse = graph.reverse_arc_idx()[points.arc_idx]
    beside = bare[points.arc_idx] | ((reverse >= 0) & bare[reverse])
    return sites_at(graph, points.select(beside), _OFF_ROAD_KM)


def _without_connections(sites: Sites, new: Sites) -> Sites:
    """Sites and new places as far as the roads need them, with whatever connection they need."""
    n = sites.n_sites + new.n_sites

    def both(name: str) -> NDArray[np.object_]:
        joined: NDArray[np.object_] = np.concatenate([getattr(sites, name), getattr(new, name)])
        return joined

    return Sites(
        site_id=np.concatenate([sites.site_id, [f"new {each}" for each in new.site_id]]).astype(
            object
        ),
        name=both("name"),
        road=both("road"),
        lon=np.concatenate([sites.lon, new.lon]),
        lat=np.concatenate([sites.lat, new.lat]),
        direction=both("direction"),
        off_road_km=np.concatenate([sites.off_road_km, new.off_road_km]),
        parking_spaces=np.full(n, -1),
        grid_connection_kw=np.full(n, np.nan),
        attachment_site_idx=np.concatenate(
            [sites.attachment_site_idx, new.attachment_site_idx + sites.n_sites]
        ).astype(np.int32),
        attachment_arc_idx=np.concatenate([sites.attachment_arc_idx, new.attachment_arc_idx]),
        attachment_offset_km=np.concatenate([sites.attachment_offset_km, new.attachment_offset_km]),
        origin=np.full(n, ORIGIN_COMPUTED, dtype=object),
    )


def _order(
    here: TentRoads,
    sites: Sites,
    standing: NDArray[np.int64],
    hpc_kw: float,
    importance: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Which places are rather chosen: pools, sites whose connection is enough, sites, new ones."""
    in_one, in_all = here.points_of_pools(hpc_kw)
    n = sites.n_sites
    fits = ~(in_all[:n] * hpc_kw > sites.grid_connection_kw)
    is_pool = (standing[:n] >= in_one[:n]) & (standing[:n] > 0)
    within = importance / max(float(importance.max(initial=0.0)) + 1.0, 1.0)
    of_sites = 1.0 + fits + 2.0 * (fits & is_pool) + within
    return np.append(of_sites, np.zeros(len(standing) - n))

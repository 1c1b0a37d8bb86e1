"""Sites placed along every motorway at a given spacing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from planner.network.cleaning import LeftOut
from planner.network.dry_land import on_land
from planner.network.road_courses import road_courses
from planner.network.site_attachment import SitesReport, attach_sites
from planner.network.sites import ORIGIN_COMPUTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.road_courses import RoadCourse
    from planner.network.sites import Sites

_EARTH = Geod(ellps="WGS84")
MIN_COURSE_SHARE = 0.5
"""Courses shorter than this share of the spacing get no site: their neighbours' sites are near."""


@dataclass(frozen=True, slots=True)
class CoursePoints:
    """Points along the motorways, each in the middle of the stretch it stands for.

    Parameters
    ----------
    arc_idx : (n_points,) int32
        Arc of each point.
    offset_km : (n_points,) float64
        Distance from the start of that arc, km.
    stretch_km : (n_points,) float64
        Length of the stretch, km.
    road, name : (n_points,) object
        Reference of the road, and what a person calls the point.
    n_at_sea : int
        Points of the same courses that are none of these, as they lie off land.
    """

    arc_idx: NDArray[np.int32]
    offset_km: NDArray[np.float64]
    stretch_km: NDArray[np.float64]
    road: NDArray[np.object_]
    name: NDArray[np.object_]
    n_at_sea: int = 0

    @property
    def n_points(self) -> int:
        """Number of points."""
        return len(self.arc_idx)

    def select(self, chosen: NDArray[np.bool_]) -> CoursePoints:
        """Points of a mask."""
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        n_at_sea = columns.pop("n_at_sea")
        return CoursePoints(**{name: of[chosen] for name, of in columns.items()}, n_at_sea=n_at_sea)

    def notices(self) -> tuple[str, ...]:
        """Say how many places lie off land, if any."""
        if not self.n_at_sea:
            return ()
        return (LeftOut("places at sea, of ferries and long bridges", self.n_at_sea).sentence(),)


def sites_by_spacing(
    graph: RoadGraph, spacing_km: float, off_road_km: float = 0.3
) -> tuple[Sites, SitesReport]:
    """Place sites for both directions along every motorway.

    Parameters
    ----------
    graph : RoadGraph
        The network; access arcs and federal roads (B) get no sites.
    spacing_km : float
        Largest distance between neighbouring sites of a road, km, > 0.
    off_road_km : float
        One-way distance from the carriageway to the charging points, km.

    Returns
    -------
    Sites
        By road and running kilometre; parking spaces and grid connection unknown.
    SitesReport
        Their number.

    Raises
    ------
    ValueError
        If ``spacing_km`` is not positive.
    """
    points = points_along_courses(graph, spacing_km)
    sites = sites_at(graph, points, off_road_km)
    return sites, SitesReport(sites.n_sites, sites.n_attachments, notices=points.notices())


def points_along_courses(graph: RoadGraph, spacing_km: float) -> CoursePoints:
    """Points at most so far apart along every motorway.

    A course of length L gets n = ceil(L / spacing) points in the middles of n equal stretches: two
    neighbours are at most ``spacing_km`` apart, and the first and last at most half of it from the
    ends, so that the rule holds across interchanges too. Courses shorter than
    :data:`MIN_COURSE_SHARE` of the spacing get none, nor do ferries and other places off land.

    Parameters
    ----------
    graph : RoadGraph
        The network; access arcs and federal roads (B) get no points.
    spacing_km : float
        Largest distance between neighbours, km, > 0.

    Returns
    -------
    CoursePoints
        By road and running kilometre.

    Raises
    ------
    ValueError
        If ``spacing_km`` is not positive.
    """
    if not spacing_km > 0.0:
        msg = f"expected a spacing above 0 km, found {spacing_km}"
        raise ValueError(msg)
    arcs, offsets, stretches = [], [], []
    names: list[str] = []
    roads: list[str] = []
    for course in road_courses(graph):
        if course.length_km < MIN_COURSE_SHARE * spacing_km:
            continue
        n_stretches = int(np.ceil(course.length_km / spacing_km))
        at_km = (np.arange(n_stretches) + 0.5) * course.length_km / n_stretches
        arc_idx, offset_km = locate_on_course(graph, course, at_km)
        arcs.append(arc_idx)
        offsets.append(offset_km)
        stretches.append(np.full(n_stretches, course.length_km / n_stretches))
        roads += [course.road] * n_stretches
        names += [
            site_name(graph, course.road, int(arc), offset, km)
            for arc, offset, km in zip(arc_idx, offset_km, at_km, strict=True)
        ]
    points = CoursePoints(
        arc_idx=np.concatenate([*arcs, np.empty(0, dtype=np.int32)]),
        offset_km=np.concatenate([*offsets, np.empty(0)]),
        stretch_km=np.concatenate([*stretches, np.empty(0)]),
        road=np.array(roads, dtype=object),
        name=np.array(names, dtype=object),
    )
    lon, lat = positions_on_arcs(graph, points.arc_idx, points.offset_km)
    land = on_land(lon, lat, _astray_km(graph, points.arc_idx))
    return replace(points.select(land), n_at_sea=int((~land).sum()))


def _astray_km(graph: RoadGraph, arc_idx: NDArray[np.int32]) -> NDArray[np.float64]:
    """How far a road of its length may swing out from the course that is drawn of it, km.

    A point between two ends lies on an ellipse at most, of which they are the foci.
    """
    if graph.arc_geometry is None:
        start, end = graph.arc_from_idx[arc_idx], graph.arc_to_idx[arc_idx]
        lon, lat = graph.lon, graph.lat
        drawn_km = _EARTH.inv(lon[start], lat[start], lon[end], lat[end])[2] / 1000.0
    else:
        drawn_km = np.array(
            [_EARTH.geometry_length(line) / 1000.0 for line in graph.arc_geometry[arc_idx]]
        )
    length_km = graph.arc_length_km[arc_idx]
    return np.asarray(np.sqrt(np.maximum(length_km**2 - drawn_km**2, 0.0)) / 2.0)


def sites_at(graph: RoadGraph, points: CoursePoints, off_road_km: float) -> Sites:
    """Make sites of points; they serve both directions where the network has both as one pair.

    Parameters
    ----------
    off_road_km : float
        One-way distance from the carriageway to the charging points, km.

    Returns
    -------
    Sites
        In the order of the points, numbered, no two of one name.
    """
    lon, lat = positions_on_arcs(graph, points.arc_idx, points.offset_km)
    places = pd.DataFrame(
        {
            "site_id": [f"S{number:04d}" for number in range(1, points.n_points + 1)],
            "name": _told_apart(points.name),
            "road": points.road,
            "lon": lon,
            "lat": lat,
            "off_road_km": off_road_km,
            "parking_spaces": -1,
            "grid_connection_kw": np.nan,
            "origin": ORIGIN_COMPUTED,
        }
    )
    opposite = graph.reverse_arc_idx()[points.arc_idx]
    return attach_sites(places, points.arc_idx, points.offset_km, opposite, graph)


def locate_on_course(
    graph: RoadGraph, course: RoadCourse, at_km: NDArray[np.float64]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Find arc and offset of running kilometres of a course.

    Parameters
    ----------
    at_km : (n,) float64
        Running kilometres, within [0, length of the course].

    Returns
    -------
    (n,) int32
        Arcs.
    (n,) float64
        Distances from the starts of these arcs, km.
    """
    position = np.searchsorted(course.start_km, at_km, side="right") - 1
    arc_idx = course.arc_idx[position]
    offset_km = np.minimum(at_km - course.start_km[position], graph.arc_length_km[arc_idx])
    return arc_idx, offset_km


def positions_on_arcs(
    graph: RoadGraph, arc_idx: NDArray[np.int32], offset_km: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude and latitude of points on arcs, along the geometry where the graph has one.

    Parameters
    ----------
    arc_idx : (n,) int32
        Arcs.
    offset_km : (n,) float64
        Distances from their starts, km.

    Returns
    -------
    (n,) float64
        Longitudes, degrees.
    (n,) float64
        Latitudes, degrees.
    """
    share = offset_km / graph.arc_length_km[arc_idx]
    if graph.arc_geometry is not None:
        lines = graph.arc_geometry[arc_idx]
        points = shapely.line_interpolate_point(lines, share, normalized=True)
        return shapely.get_x(points), shapely.get_y(points)
    start, end = graph.arc_from_idx[arc_idx], graph.arc_to_idx[arc_idx]
    lon = graph.lon[start] + share * (graph.lon[end] - graph.lon[start])
    lat = graph.lat[start] + share * (graph.lat[end] - graph.lat[start])
    return lon, lat


def _told_apart(names: Iterable[str]) -> list[str]:
    """Names, with a number from the second on where parts of a road share place and kilometre."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told


def site_name(graph: RoadGraph, road: str, arc: int, offset_km: float, at_km: float) -> str:
    """Name a site after its road, the nearer end of its arc and the running kilometre."""
    return f"{place_name(graph, road, arc, offset_km)} km {at_km:.0f}"


def place_name(graph: RoadGraph, road: str, arc: int, offset_km: float) -> str:
    """Name a place after its road and the nearer end of its arc: no word of any language."""
    first_half = offset_km <= graph.arc_length_km[arc] / 2.0
    node = graph.arc_from_idx[arc] if first_half else graph.arc_to_idx[arc]
    # The built-in network tells exits of one place apart by their road: "Kassel (A7)".
    place = str(graph.node_name[node]).removesuffix(f" ({road})")
    return f"{road} {place}".strip()

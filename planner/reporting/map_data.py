"""What the map of the report draws: land, motorways with their flows, places, unserved trips.

Coordinates are spherical Mercator, scaled to a drawing :data:`DRAWING_WIDTH` wide, y downwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planner.network.arc_lines import arc_lines, two_way_flows
from planner.network.country_outlines import country_outlines, planned, sites_inside
from planner.plan.map_classes import largest_round
from planner.plan.map_places import map_places, names_in, place_in, towns_first
from planner.plan.region_areas import region_areas
from planner.plan.unserved_trips import stranded_for_want_of_a_site
from planner.reporting.phrases import Phrase, own_phrase
from planner.tables.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from planner.plan.map_places import Mapped

DRAWING_WIDTH = 1000.0
_LAND_REACH = 45.0
_LAND_GRID = 22.0
_N_PLACES = 200
_SIMPLIFICATION = 0.7
_AROUND = 0.45
"""How much of its size the drawing goes on beyond each edge: the box may be wider or higher."""
_SMALLEST_ISLAND = 3.0


@dataclass(frozen=True, slots=True)
class StrandedTrips:
    """Trips that cannot be driven for one reason at one place.

    Parameters
    ----------
    place, reason : str
        Where the trucks strand, and why.
    n_trips : int
        How many.
    lon, lat : float
        The place, degrees.
    """

    place: str
    reason: str
    n_trips: int
    lon: float
    lat: float


class MapProjection:
    """Mercator projection that fits all given points into the drawing.

    Parameters
    ----------
    lon, lat : (n_points,) float64
        Points that must lie inside, degrees.
    """

    def __init__(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> None:
        x, y = np.radians(lon), _mercator(lat)
        span = max(float(np.ptp(x)), 1e-6)
        self._scale = (DRAWING_WIDTH - 2.0 * _LAND_REACH) / span
        self._left, self._top = float(x.min()), float(y.max())
        self.height = float(np.ptp(y)) * self._scale + 2.0 * _LAND_REACH

    @property
    def mercator(self) -> dict[str, float]:
        """For scripts: left and top edge in a Mercator projection of radius 1, and scale."""
        return {
            "left": self._left,
            "top": self._top,
            "scale": self._scale,
            "margin": _LAND_REACH,
        }

    def lon(self, x: float) -> float:
        """Longitude of a position in the drawing, degrees."""
        return math.degrees((x - _LAND_REACH) / self._scale + self._left)

    def lat(self, y: float) -> float:
        """Latitude of a position in the drawing, degrees."""
        mercator = self._top - (y - _LAND_REACH) / self._scale
        return math.degrees(2.0 * math.atan(math.exp(mercator)) - math.pi / 2.0)

    def __call__(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Position in the drawing of points in degrees."""
        x = (np.radians(lon) - self._left) * self._scale + _LAND_REACH
        y = (self._top - _mercator(lat)) * self._scale + _LAND_REACH
        return x, y


def map_data(results: Mapped, places: pd.DataFrame | None = None) -> dict[str, Any]:
    """Land, roads, places, sites and unserved trips in drawing coordinates.

    Parameters
    ----------
    places : DataFrame, optional
        Their :func:`~planner.plan.map_places.map_places`, where they are known already.

    Returns
    -------
    dict
        As :func:`drawn_map` gives it, with ``regions`` (areas with name and SVG path) and
        ``unserved`` (place and reason by language, trips, x, y) of trips that strand for want of a
        site: others tell nothing of the network.
    """
    graph, sites = results.graph, results.sites
    projection = MapProjection(
        np.concatenate([graph.lon, sites.lon]), np.concatenate([graph.lat, sites.lat])
    )
    arcs, flows = two_way_flows(graph, results.arc_trucks_per_day)
    roads = DrawnRoads(arc_lines(graph, arcs), [str(road) for road in graph.arc_road[arcs]], flows)
    stranded = stranded_trips(stranded_for_want_of_a_site(results.unserved))
    lost_x, lost_y = projection(
        np.array([each.lon for each in stranded]), np.array([each.lat for each in stranded])
    )
    places = map_places(results) if places is None else places
    return drawn_map(projection, sites.lon, sites.lat, roads, places) | {
        "regions": _regions(results, projection),
        "unserved": [
            [
                _place(each.place).texts,
                own_phrase(each.reason).texts,
                each.n_trips,
                round(x, 1),
                round(y, 1),
            ]
            for each, x, y in zip(stranded, lost_x.tolist(), lost_y.tolist(), strict=True)
        ],
    }


@dataclass(frozen=True, slots=True)
class DrawnRoads:
    """Roads of a map, one line per pair of carriageways.

    Parameters
    ----------
    lines : sequence of shapely.LineString
        Degrees, EPSG:4326.
    road : sequence of str
        Motorway of each.
    trucks_per_day : (n_lines,) float64
        Electric trucks in both directions.
    """

    lines: Sequence[shapely.LineString]
    road: Sequence[str]
    trucks_per_day: NDArray[np.float64]


def drawn_map(
    projection: MapProjection,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    roads: DrawnRoads,
    places: pd.DataFrame,
) -> dict[str, Any]:
    """Land, roads, places and sites in drawing coordinates.

    Parameters
    ----------
    lon, lat : (n_sites,) float64
        The sites, degrees.
    places : DataFrame
        From :func:`~planner.plan.map_places.map_places`.

    Returns
    -------
    dict
        ``width``, ``height``, ``mercator`` (what a scale bar needs); ``countries`` (SVG path, 1
        where it is a planned one), ``hasOutlines`` (whether they are countries: else one shape
        drawn around the roads); ``roads`` (SVG path, motorway, trucks per day in both directions);
        ``flowSizes`` (for a legend); ``places`` (name by language, x, y; those to be named first
        come first); ``site_xy`` (x and y of each site); ``regions`` and ``unserved``: none.
    """
    lines = _projected(roads.lines, projection)
    flows = roads.trucks_per_day
    x, y = projection(lon, lat)
    countries = _countries(lon, lat, projection)
    return {
        "width": DRAWING_WIDTH,
        "height": round(projection.height, 1),
        "mercator": projection.mercator,
        "countries": countries or [[_land_path(lines), 1]],
        "hasOutlines": bool(countries),
        "roads": [
            [_line_path(line), road, round(float(flow))]
            for line, road, flow in zip(lines, roads.road, flows, strict=True)
        ],
        "regions": [],
        "flowSizes": largest_round(float(flows.max(initial=0.0)), 3),
        "places": _places(places, projection),
        "site_xy": np.column_stack([x, y]).round(1).tolist(),
        "unserved": [],
    }


def _regions(results: Mapped, projection: MapProjection) -> list[list[str]]:
    """Regions that results are told by, name and SVG path; none where a study has none."""
    regions = region_areas(results.scenario, results.sites)
    if regions is None:
        return []
    return [
        [name, "".join(_path(shapely.get_coordinates(ring)) + "Z" for ring in rings)]
        for name, rings in zip(
            regions.name, (_rings(area, projection) for area in regions.area), strict=True
        )
    ]


def _countries(
    lon: NDArray[np.float64], lat: NDArray[np.float64], projection: MapProjection
) -> list[list[Any]]:
    """Outlines in and around the drawing, and whether the plan is for them.

    No rows where most sites lie beyond the outlines that there are.
    """
    west, east = (
        projection.lon(-_AROUND * DRAWING_WIDTH),
        projection.lon((1 + _AROUND) * DRAWING_WIDTH),
    )
    south, north = (
        projection.lat((1 + _AROUND) * projection.height),
        projection.lat(-_AROUND * projection.height),
    )
    countries = country_outlines(west, south, east, north)
    outlines = countries.geometry.to_numpy()
    n_inside = sites_inside(countries, lon, lat)
    if 2 * n_inside.sum() < len(lon):
        return []
    frame = shapely.box(west, south, east, north)
    paths = []
    for outline, is_planned in zip(
        shapely.intersection(outlines, frame), planned(n_inside), strict=True
    ):
        path = "".join(
            _path(shapely.get_coordinates(ring)) + "Z" for ring in _rings(outline, projection)
        )
        if path:
            paths.append([path, int(is_planned)])
    return paths


def _rings(outline: shapely.Geometry, projection: MapProjection) -> list[shapely.Geometry]:
    """Shores and borders of a country in the drawing, without islands too small to be seen."""
    rings = []
    for part in shapely.get_parts(outline):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            lon, lat = shapely.get_coordinates(ring).T
            drawn = shapely.LinearRing(np.column_stack(projection(lon, lat)))
            if shapely.Polygon(drawn).area >= _SMALLEST_ISLAND:
                rings.append(drawn.simplify(_SIMPLIFICATION))
    return rings


def _mercator(lat: NDArray[np.float64]) -> NDArray[np.float64]:
    projected: NDArray[np.float64] = np.log(np.tan(np.pi / 4.0 + np.radians(lat) / 2.0))
    return projected


def _projected(
    lines: Sequence[shapely.LineString], projection: MapProjection
) -> list[shapely.LineString]:
    """Lines in the drawing, without points that nobody would miss."""
    points, of_line = shapely.get_coordinates(lines, return_index=True)
    drawn = shapely.linestrings(np.column_stack(projection(*points.T)), indices=of_line)
    simplified: list[shapely.LineString] = shapely.simplify(drawn, _SIMPLIFICATION).tolist()
    return simplified


def _line_path(line: shapely.LineString) -> str:
    return _path(shapely.get_coordinates(line))


def _path(points: NDArray[np.float64]) -> str:
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _land_path(lines: list[shapely.LineString]) -> str:
    """Morphological closing of the network: it fills the country between the motorways."""
    points = shapely.get_coordinates(shapely.segmentize(lines, _LAND_GRID))
    coarse = np.unique((points / _LAND_GRID).round() * _LAND_GRID, axis=0)
    discs = shapely.buffer(shapely.points(coarse), 2.4 * _LAND_REACH, quad_segs=4)
    reach = shapely.union_all(discs).simplify(2.0).buffer(-1.7 * _LAND_REACH, quad_segs=4)
    return "".join(
        _path(shapely.get_coordinates(polygon.exterior.simplify(2.0))) + "Z"
        for polygon in shapely.get_parts(reach)
    )


def _place(place: str) -> Phrase:
    return Phrase.of(lambda language: place_in(language, place))


def _places(places: pd.DataFrame, projection: MapProjection) -> list[list[Any]]:
    """Places with names, as many as a map can show when it is zoomed in."""
    places = places.iloc[towns_first(places)].head(_N_PLACES)
    names = {language.code: names_in(language, places) for language in LANGUAGES}
    x, y = projection(places["lon"].to_numpy(), places["lat"].to_numpy())
    return [
        [{code: of_language[row] for code, of_language in names.items()}, at_x, at_y]
        for row, (at_x, at_y) in enumerate(
            zip(x.round(1).tolist(), y.round(1).tolist(), strict=True)
        )
    ]


def stranded_trips(unserved: pd.DataFrame) -> list[StrandedTrips]:
    """Trips that cannot be driven, gathered by place and reason.

    Parameters
    ----------
    unserved : DataFrame
        ``UNSERVED``.

    Returns
    -------
    list of StrandedTrips
        Most trips first.
    """
    groups = unserved.groupby(["place", "reason"], sort=True).agg(
        n=("trip_id", "size"), lon=("lon", "first"), lat=("lat", "first")
    )
    groups = groups.sort_values("n", ascending=False, kind="stable").reset_index()
    return [
        StrandedTrips(str(place), str(reason), int(n), float(lon), float(lat))
        for place, reason, n, lon, lat in zip(
            groups["place"],
            groups["reason"],
            groups["n"],
            groups["lon"],
            groups["lat"],
            strict=True,
        )
    ]

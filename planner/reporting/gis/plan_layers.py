"""The features of a plan's map: sites, roads, flows, unserved trips, places, countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from planner.files.coordinates import on_sphere
from planner.network.arc_lines import arc_lines, two_way_flows
from planner.network.country_outlines import country_outlines, sites_inside
from planner.plan.map_places import map_places, names_in, place_in
from planner.plan.unserved_trips import stranded_for_want_of_a_site
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.plan.plan_results import PlanResults

CRS = "EPSG:4326"

PER_SOLUTION = ("n_hpc", MEAN_WAIT.name, "utilisation_share", "peak_power_kw")
"""Figures of a site that the layer ``sites`` has for every named solution."""

DEPOT_LAYER = "depots"
"""Layer that only plans with depots have."""

MARKET_LAYER = "market_sites"
"""Layer that only plans with a market have."""

_ACCESS = "access"
_EARTH = Geod(ellps="WGS84")
_HALF_EARTH_KM = 20_004.0
_SPHERE_MARGIN = 1.02
"""More than a chord on a sphere and the way on the ellipsoid can differ between two neighbours."""
_COUNTRY_MARGIN_DEG = 5.0
_COMPASS = np.array(["E", "NE", "N", "NW", "W", "SW", "S", "SE"], dtype=object)


def solution_sites(results: PlanResults, name: str) -> gpd.GeoDataFrame:
    """Sites as points with their figures in a named solution.

    Returns
    -------
    GeoDataFrame
        A row per site, in the order of the sites.
    """
    sites = results.sites
    figures = results.figures_of(name).drop(columns=["solution_name", "lon", "lat"])
    columns = figures.reset_index(drop=True)
    columns.insert(3, "direction", sites.direction)
    columns.insert(4, "off_road_km", sites.off_road_km)
    columns.insert(5, "parking_spaces", sites.parking_spaces)
    return gpd.GeoDataFrame(columns, geometry=shapely.points(sites.lon, sites.lat), crs=CRS)


def market_layer(sites: pd.DataFrame) -> gpd.GeoDataFrame:
    """Sites as points with what a kWh costs there.

    Parameters
    ----------
    sites : DataFrame
        ``MARKET_SITES``.
    """
    points = shapely.points(sites["lon"], sites["lat"])
    return gpd.GeoDataFrame(sites.drop(columns=["lon", "lat"]), geometry=points, crs=CRS)


def depot_layer(depots: pd.DataFrame) -> gpd.GeoDataFrame:
    """Depots as points with their figures.

    Parameters
    ----------
    depots : DataFrame
        ``DEPOTS``.
    """
    points = shapely.points(depots["lon"], depots["lat"])
    return gpd.GeoDataFrame(depots.drop(columns=["lon", "lat"]), geometry=points, crs=CRS)


def closed_layer(selection: pd.DataFrame) -> gpd.GeoDataFrame:
    """Candidates that were closed before planning, as points.

    Parameters
    ----------
    selection : DataFrame
        ``SITE_SELECTION``.
    """
    closed = selection[~selection["is_open"]]
    points = shapely.points(closed["lon"], closed["lat"])
    return gpd.GeoDataFrame(closed.drop(columns=["lon", "lat"]), geometry=points, crs=CRS)


def site_layer(results: PlanResults) -> gpd.GeoDataFrame:
    """Sites with the figures of the default solution, and the main ones of every named one.

    Returns
    -------
    GeoDataFrame
        A row per site.
    """
    layer = solution_sites(results, results.default_solution.name)
    for named in results.named_solutions:
        own = results.figures_of(named.name)
        for column in PER_SOLUTION:
            layer[f"{column}_{named.name.replace('-', '_')}"] = own[column].to_numpy()
    return layer


def network_layer(results: PlanResults) -> gpd.GeoDataFrame:
    """Roads, one line per pair of carriageways, with the trucks on both.

    Returns
    -------
    GeoDataFrame
        ``road``, ``from_place``, ``to_place``, ``length_km``, ``free_speed_kmh``,
        ``trucks_per_day``.
    """
    arcs, flows = two_way_flows(results.graph, results.arc_trucks_per_day)
    layer = _arc_layer(results, arcs)
    layer["trucks_per_day"] = flows
    return layer


def flow_layer(results: PlanResults) -> gpd.GeoDataFrame:
    """Electric trucks per day on each carriageway that carries any.

    Returns
    -------
    GeoDataFrame
        As the network, with the compass ``direction`` from start to end.
    """
    graph = results.graph
    arcs = np.flatnonzero(results.arc_trucks_per_day > 0.0)
    layer = _arc_layer(results, arcs)
    start, end = graph.arc_from_idx[arcs], graph.arc_to_idx[arcs]
    east = (graph.lon[end] - graph.lon[start]) * np.cos(np.radians(graph.lat[start]))
    angle = np.arctan2(graph.lat[end] - graph.lat[start], east)
    layer["trucks_per_day"] = results.arc_trucks_per_day[arcs]
    layer["direction"] = _COMPASS[np.round(angle / (np.pi / 4.0)).astype(int) % 8]
    return layer


def road_layer(network: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Whole roads: what a network's lines of one number add up to.

    Parameters
    ----------
    network : GeoDataFrame
        What :func:`network_layer` gives.

    Returns
    -------
    GeoDataFrame
        ``road``, ``length_km``, ``trucks_per_day`` (mean over its length), ``truck_km_per_day``,
        ``rank`` (1 for most truck-kilometres), by rank; roads without a number and access roads
        are left out.
    """
    named = network[~network["road"].isin(["", _ACCESS])]
    # As arrays: a table of each of hundreds of roads takes most of the time.
    lines = named.geometry.to_numpy()
    length_km = named["length_km"].to_numpy()
    truck_km = length_km * named["trucks_per_day"].to_numpy()
    rows = [
        {
            "road": road,
            "length_km": float(length_km[of_road].sum()),
            "truck_km_per_day": float(truck_km[of_road].sum()),
            "geometry": merged_lines(lines[of_road]),
        }
        for road, of_road in named.groupby("road", sort=True).indices.items()
    ]
    columns = ["road", "length_km", "truck_km_per_day", "geometry"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.sort_values("truck_km_per_day", ascending=False, kind="stable", ignore_index=True)
    table.insert(2, "trucks_per_day", table["truck_km_per_day"] / table["length_km"])
    table.insert(4, "rank", np.arange(1, len(table) + 1))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=CRS)


def unserved_layer(results: PlanResults) -> gpd.GeoDataFrame:
    """Places where trucks strand for want of a site: the holes of the network.

    Returns
    -------
    GeoDataFrame
        ``place``, ``reason``, ``n_trips``; a point per place and reason, most trips first.
    """
    unserved = stranded_for_want_of_a_site(results.unserved)
    groups = unserved.groupby(["place", "reason", "lon", "lat"], sort=True).size()
    table = groups.rename("n_trips").reset_index()
    table = table.sort_values("n_trips", ascending=False, kind="stable", ignore_index=True)
    table["place"] = [place_in(ENGLISH, place) for place in table["place"]]
    points = shapely.points(table["lon"].to_numpy(float), table["lat"].to_numpy(float))
    return gpd.GeoDataFrame(table[["place", "reason", "n_trips"]], geometry=points, crs=CRS)


def place_layer(results: PlanResults) -> gpd.GeoDataFrame:
    """Large towns, and places where trips begin and end, by their English names.

    Returns
    -------
    GeoDataFrame
        ``place``, ``geonames_id``, ``name_source``, ``n_departures``, ``n_arrivals``, ``rank`` (1
        for the largest town), ``isolation_km`` (to the nearest of a higher rank), by rank; see
        :func:`planner.plan.map_places.map_places`.
    """
    places = map_places(results)
    places["place"] = names_in(ENGLISH, places)
    lon, lat = places.pop("lon").to_numpy(), places.pop("lat").to_numpy()
    places["rank"] = np.arange(1, len(places) + 1)
    places["isolation_km"] = isolation_km(lon, lat)
    return gpd.GeoDataFrame(places, geometry=shapely.points(lon, lat), crs=CRS)


def country_layer(results: PlanResults) -> gpd.GeoDataFrame:
    """Countries on and around the roads.

    Returns
    -------
    GeoDataFrame
        ``iso_a2``, ``name``, ``n_sites``; no rows beyond Europe.
    """
    graph, sites = results.graph, results.sites
    countries = country_outlines(
        float(graph.lon.min()) - _COUNTRY_MARGIN_DEG,
        float(graph.lat.min()) - _COUNTRY_MARGIN_DEG,
        float(graph.lon.max()) + _COUNTRY_MARGIN_DEG,
        float(graph.lat.max()) + _COUNTRY_MARGIN_DEG,
    )
    countries["n_sites"] = sites_inside(countries, sites.lon, sites.lat)
    countries["geometry"] = [
        shapely.multipolygons(shapely.get_parts(outline)) for outline in countries.geometry
    ]
    return countries[["iso_a2", "name", "n_sites", "geometry"]]


def isolation_km(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance of each point to the nearest one before it; half the Earth for the first."""
    places = on_sphere(lon, lat)
    near = [np.zeros(0, np.int64)]
    for number in range(1, len(lon)):
        # On a sphere the same to 0.6 %: the ellipsoid's slow formula is for those that may be it.
        chord = np.linalg.norm(places[:number] - places[number], axis=1)
        near.append(np.flatnonzero(chord <= _SPHERE_MARGIN * chord.min()))
    of_number = np.repeat(np.arange(len(near)), [len(each) for each in near])
    other = np.concatenate(near)
    _, _, metres = _EARTH.inv(lon[of_number], lat[of_number], lon[other], lat[other])
    isolation = np.full(len(lon), _HALF_EARTH_KM)
    np.minimum.at(isolation, of_number, np.asarray(metres) / 1000.0)
    return isolation


def merged_lines(lines: NDArray[np.object_]) -> shapely.MultiLineString:
    """Lines as one feature, joined where they meet."""
    merged = shapely.line_merge(shapely.multilinestrings(lines))
    return shapely.MultiLineString(list(shapely.get_parts(merged)))


def _arc_layer(results: PlanResults, arcs: NDArray[np.int64]) -> gpd.GeoDataFrame:
    graph = results.graph
    return gpd.GeoDataFrame(
        {
            "road": graph.arc_road[arcs],
            "from_place": graph.node_name[graph.arc_from_idx[arcs]],
            "to_place": graph.node_name[graph.arc_to_idx[arcs]],
            "length_km": graph.arc_length_km[arcs],
            "free_speed_kmh": graph.arc_free_speed_kmh[arcs],
        },
        geometry=arc_lines(graph, arcs),
        crs=CRS,
    )

"""The plan as a GeoPackage: sites, network, flows and unserved trips, styled for QGIS."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from planner.reporting.gis.layer_styles import (
    flow_style,
    network_style,
    site_style,
    unserved_style,
)
from planner.reporting.map_data import arc_lines, two_way_flows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.reporting.plan_results import PlanResults

CRS = "EPSG:4326"
_FIXED_TIME = "2000-01-01T00:00:00.000Z"
_PER_SOLUTION = ("n_hpc", "mean_wait_min", "utilisation_share", "peak_power_kw")
_COMPASS = np.array(["E", "NE", "N", "NW", "W", "SW", "S", "SE"], dtype=object)

_LAYER_STYLES_TABLE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)
"""


def write_geopackage(results: PlanResults, path: Path) -> None:
    """Write the plan as a GeoPackage 1.2 in EPSG:4326.

    Layers: ``sites`` (points: figures of the default solution, and plugs, waiting, utilisation and
    peak power of each named one), ``network`` (one line per pair of carriageways), ``flows`` (one
    line per arc with trucks), ``unserved`` (points). Each has a default style that QGIS picks up.

    Parameters
    ----------
    results : PlanResults
        The plan.
    path : Path
        The file to write; it appears only when it is complete. Same results, same bytes.
    """
    partial = path.with_name(f".{path.stem}.partial.gpkg")
    partial.unlink(missing_ok=True)
    layers = {
        "network": network_layer(results),
        "flows": flow_layer(results),
        "unserved": unserved_layer(results),
        "sites": site_layer(results),
    }
    geometry_types = {"network": "LineString", "flows": "LineString"}
    try:
        with fixed_gdal_time():
            for name, layer in layers.items():
                pyogrio.write_dataframe(
                    layer,
                    partial,
                    layer=name,
                    driver="GPKG",
                    geometry_type=geometry_types.get(name, "Point"),
                    append=partial.exists(),
                    dataset_options={} if partial.exists() else {"VERSION": "1.2"},
                    layer_options={"GEOMETRY_NAME": "geom"},
                )
        most = max(float(results.arc_trucks_per_day.max(initial=0.0)), 1.0)
        _write_styles(
            partial,
            {
                "network": network_style(),
                "flows": flow_style(most),
                "unserved": unserved_style(),
                "sites": site_style(),
            },
        )
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def site_layer(results: PlanResults) -> gpd.GeoDataFrame:
    """Sites as points with the figures of the default and of every named solution.

    Parameters
    ----------
    results : PlanResults
        The plan.

    Returns
    -------
    GeoDataFrame
        A row per site.
    """
    sites = results.sites
    figures = results.figures_of(results.default_solution.name).drop(columns="solution_name")
    columns = figures.drop(columns=["lon", "lat"]).reset_index(drop=True)
    columns.insert(3, "direction", sites.direction)
    columns.insert(4, "off_road_km", sites.off_road_km)
    columns.insert(5, "parking_spaces", sites.parking_spaces)
    for named in results.named_solutions:
        own = results.figures_of(named.name)
        for column in _PER_SOLUTION:
            columns[f"{column}_{named.name.replace('-', '_')}"] = own[column].to_numpy()
    return gpd.GeoDataFrame(columns, geometry=shapely.points(sites.lon, sites.lat), crs=CRS)


def network_layer(results: PlanResults) -> gpd.GeoDataFrame:
    """Roads, one line per pair of carriageways.

    Parameters
    ----------
    results : PlanResults
        The plan.

    Returns
    -------
    GeoDataFrame
        ``road``, ``from_place``, ``to_place``, ``length_km``, ``free_speed_kmh``.
    """
    arcs, _ = two_way_flows(results.graph, results.arc_trucks_per_day)
    return _arc_layer(results, arcs)


def flow_layer(results: PlanResults) -> gpd.GeoDataFrame:
    """Electric trucks per day on each arc that carries any.

    Parameters
    ----------
    results : PlanResults
        The plan.

    Returns
    -------
    GeoDataFrame
        As the network, with ``trucks_per_day`` and the compass ``direction`` from start to end.
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


def unserved_layer(results: PlanResults) -> gpd.GeoDataFrame:
    """Unserved trips at the places where the trucks strand.

    Parameters
    ----------
    results : PlanResults
        The plan.

    Returns
    -------
    GeoDataFrame
        ``trip_id``, ``reason``, ``place``.
    """
    unserved = results.unserved
    points = shapely.points(unserved["lon"].to_numpy(float), unserved["lat"].to_numpy(float))
    columns = unserved[["trip_id", "reason", "place"]].reset_index(drop=True)
    return gpd.GeoDataFrame(columns, geometry=points, crs=CRS)


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


@contextmanager
def fixed_gdal_time() -> Iterator[None]:
    """Let GDAL write one and the same time stamp, so that equal plans give equal bytes."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_TIME})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _write_styles(path: Path, styles: dict[str, str]) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_LAYER_STYLES_TABLE)
        connection.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
            "update_time) VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', '', ?)",
            [(layer, layer, qml, _FIXED_TIME) for layer, qml in styles.items()],
        )
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, "
            "last_change, srs_id) VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
            (_FIXED_TIME,),
        )

"""Road networks from vector files of lines, which say where roads run but not where they meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from planner.errors import InputDataError
from planner.files.coordinates import reference_system, to_lon_lat
from planner.files.table_columns import refuse_rows
from planner.files.typed_cells import cell_text
from planner.files.vector_files import read_vector_file
from planner.network.cleaning import LeftOut
from planner.network.graph_tables import TENT_COLUMN, graph_from_tables
from planner.network.line_topology import join_lines
from planner.network.road_columns import ROAD_NAMES
from planner.network.road_lengths import check_lengths
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.line_topology import LineTopology
    from planner.network.road_columns import RoadColumns

_EARTH = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class _Lines:
    """Single lines of the features: courses in degrees, lengths, the features' texts."""

    course: NDArray[np.object_]
    measured_km: NDArray[np.float64]
    feature_idx: NDArray[np.int64]
    roads: pd.DataFrame


def read_line_network(
    path: Path, layer: str, reading: RoadColumns, crs: str | None, tolerance_m: float
) -> tuple[RoadGraph, tuple[LeftOut, ...]]:
    """Read a network from a vector file of lines.

    Parameters
    ----------
    path : pathlib.Path
        File as :func:`~planner.files.vector_files.read_vector_file` reads it.
    layer : str
        Layer to read; may be empty where there is one.
    reading : RoadColumns
        What the columns hold. Where no column states a length, lines are measured.
    crs : str or None
        System of the coordinates; None takes the file's own.
    tolerance_m : float
        How far line ends may lie from what they belong to, metres
        (:func:`~planner.network.line_topology.join_lines`).

    Returns
    -------
    RoadGraph
        A node wherever lines meet or end, arcs with their course, drawn directions first.
    tuple of LeftOut
        Features without a line, and lines shorter than the tolerance.

    Raises
    ------
    InputDataError
        If the file is broken, holds no lines, names no reference system, a value is out of its
        range, or coordinates do not fit their system or stated lengths.
    """
    where = str(path)
    reading.check(ROAD_NAMES)
    features = read_vector_file(path, layer)
    lines = _single_lines(features, reading, crs, where)
    topology = join_lines(lines.course, tolerance_m)
    graph = _directed(lines, topology, reading, where)
    check_lengths(graph, where)
    n_without = len(features) - len(np.unique(lines.feature_idx))
    lost = np.setdiff1d(np.arange(len(lines.course)), topology.line_idx)
    lost_km = float(lines.measured_km[lost].sum())
    return graph, (
        LeftOut("features without a line", n_without, np.nan),
        LeftOut("lines shorter than the tolerance", len(lost), lost_km),
    )


def _single_lines(
    features: gpd.GeoDataFrame, reading: RoadColumns, crs: str | None, where: str
) -> _Lines:
    attributes = pd.DataFrame(features.drop(columns=features.geometry.name))
    text = pd.DataFrame(
        {str(name): [cell_text(cell) for cell in column] for name, column in attributes.items()},
        index=features.index,
        dtype=object,
    )
    parts, feature_idx = shapely.get_parts(
        shapely.force_2d(features.geometry.to_numpy()), return_index=True
    )
    # A GeometryCollection may hold lines too; what holds none is counted by the caller.
    is_line = (shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & (
        shapely.length(parts) != 0.0
    )
    parts, feature_idx = parts[is_line], feature_idx[is_line]
    if parts.size == 0:
        kinds = ", ".join(sorted(set(features.geom_type.dropna()))) or "empty geometries"
        msg = said(
            "{where}: expected lines, found only {kinds}. Name another file or layer.",
            where=where,
            kinds=kinds,
        )
        raise InputDataError(msg)
    roads = reading.chosen(text, ROAD_NAMES, (), where).iloc[feature_idx]
    course = _in_degrees(parts, roads, features, crs, where)
    return _Lines(course, _measured_km(course), feature_idx, roads)


def _in_degrees(
    lines: NDArray[np.object_],
    roads: pd.DataFrame,
    features: gpd.GeoDataFrame,
    crs: str | None,
    where: str,
) -> NDArray[np.object_]:
    if crs is None and features.crs is None:
        msg = said(
            "{where}: names no coordinate reference system. Name it: crs: EPSG:25832, say.",
            where=where,
        )
        raise InputDataError(msg)
    system = reference_system(crs or features.crs.to_string(), where)
    xy, line = shapely.get_coordinates(lines, return_index=True)
    broken = np.zeros(len(lines), dtype=bool)
    broken[line[~np.isfinite(xy).all(axis=1)]] = True
    refuse_rows(roads, broken, where, "coordinates must be finite numbers")
    lon, lat = to_lon_lat(xy[:, 0], xy[:, 1], system, where)
    return np.asarray(shapely.linestrings(np.column_stack([lon, lat]), indices=line))


def _measured_km(lines: NDArray[np.object_]) -> NDArray[np.float64]:
    lonlat, line = shapely.get_coordinates(lines, return_index=True)
    step_km = np.asarray(_EARTH.inv(*lonlat[:-1].T, *lonlat[1:].T)[2]) / 1000.0
    same = line[1:] == line[:-1]
    weighted = np.bincount(line[1:][same], weights=step_km[same], minlength=len(lines))
    return np.asarray(weighted, dtype=np.float64)


def _directed(lines: _Lines, topology: LineTopology, reading: RoadColumns, where: str) -> RoadGraph:
    """An arc for each piece and direction that may be driven: all along, then all against."""
    line = topology.line_idx
    along, against = (chosen[line] for chosen in reading.directions(lines.roads, where))
    node_id = np.array([f"n{idx}" for idx in range(len(topology.lon))], dtype=object)
    from_id, to_id = node_id[topology.from_idx], node_id[topology.to_idx]
    arcs = pd.DataFrame(
        {
            "from_node_id": from_id,
            "to_node_id": to_id,
            "length_km": _lengths_km(lines, reading, where)[line] * topology.line_share,
            "free_speed_kmh": reading.speeds_kmh(lines.roads, where)[line],
            "road": lines.roads["road"].to_numpy()[line],
            TENT_COLUMN: lines.roads[TENT_COLUMN].to_numpy()[line],
        },
        index=lines.roads.index[line],
    )
    back = arcs[against].assign(from_node_id=to_id[against], to_node_id=from_id[against])
    nodes = pd.DataFrame(
        {"node_id": node_id, "name": node_id, "lon": topology.lon, "lat": topology.lat}
    )
    graph = graph_from_tables(nodes, pd.concat([arcs[along], back]), where, where)
    course = topology.course
    courses = np.concatenate([course[along], shapely.reverse(course[against])])
    return replace(graph, arc_geometry=courses)


def _lengths_km(lines: _Lines, reading: RoadColumns, where: str) -> NDArray[np.float64]:
    """Length of each line as stated, shared by the lines of a feature; measured where it is not."""
    of_feature_km = np.bincount(lines.feature_idx, weights=lines.measured_km)[lines.feature_idx]
    stated_km = reading.lengths_km(lines.roads, where) * lines.measured_km / of_feature_km
    return np.where(np.isnan(stated_km), lines.measured_km, stated_km)

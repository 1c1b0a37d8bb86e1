"""The sheet of a map figure: an equal-area projection around the roads, and what lies in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyproj
import shapely

from planner.plan.map_places import names_in, towns_first

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from planner.tables.language import Language

_M_PER_KM = 1000.0
_MARGIN_SHARE = 0.03
_SIMPLIFICATION_SHARE = 0.0008
_N_CANDIDATES = 150
"""Smaller towns stay without a name also where there would be room."""
_LETTER, _LINE = 0.65, 3.2
"""Width of a letter, and what a name keeps free above and below it, of the size of letters."""


@dataclass(frozen=True, slots=True)
class MapFrame:
    """Part of the earth that a map shows, in kilometres from its centre.

    Parameters
    ----------
    crs : str
        Its projection: Lambert's azimuthal equal-area one, with least distortion around the
        centre.
    left, bottom, right, top : float
        Its edges, km.
    """

    crs: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def width_km(self) -> float:
        """From the left to the right edge, km."""
        return self.right - self.left

    @property
    def height_km(self) -> float:
        """From the bottom to the top edge, km."""
        return self.top - self.bottom

    def positions(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where points in degrees lie, km."""
        to_map = pyproj.Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)
        x, y = to_map.transform(lon, lat)
        return np.asarray(x) / _M_PER_KM, np.asarray(y) / _M_PER_KM

    def shapes(self, layer: gpd.GeoDataFrame) -> NDArray[np.object_]:
        """Features of a layer as far as they lie inside, simplified to what print can show, km."""
        projected = layer.to_crs(self.crs).geometry.to_numpy()
        scaled = shapely.transform(projected, lambda points: points / _M_PER_KM)
        inside = shapely.clip_by_rect(scaled, self.left, self.bottom, self.right, self.top)
        simplified: NDArray[np.object_] = shapely.simplify(
            inside, _SIMPLIFICATION_SHARE * max(self.width_km, self.height_km)
        )
        return simplified


def frame_around(layers: list[gpd.GeoDataFrame]) -> MapFrame:
    """Frame that holds all features of some layers, with a margin.

    Parameters
    ----------
    layers : list of GeoDataFrame
        EPSG:4326; at least one feature in all.
    """
    bounds = np.array([layer.total_bounds for layer in layers if len(layer)])
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    crs = (
        f"+proj=laea +lat_0={(south + north) / 2.0:.4f} +lon_0={(west + east) / 2.0:.4f} "
        "+datum=WGS84 +units=m"
    )
    frame = MapFrame(crs, 0.0, 0.0, 0.0, 0.0)
    points = np.concatenate([shapely.get_coordinates(layer.geometry) for layer in layers])
    x, y = frame.positions(points[:, 0], points[:, 1])
    margin = max(_MARGIN_SHARE * max(float(np.ptp(x)), float(np.ptp(y))), 1.0)
    return MapFrame(
        crs,
        float(x.min()) - margin,
        float(y.min()) - margin,
        float(x.max()) + margin,
        float(y.max()) + margin,
    )


def vertices(shapes: NDArray[np.object_]) -> pd.DataFrame:
    """Corners of lines or of the outer rings of areas, an empty row between lines or rings.

    Parameters
    ----------
    shapes : (n,) geometries
        Lines, areas, and collections of them; others are left out.

    Returns
    -------
    DataFrame
        ``shape`` (number in ``shapes``), ``order``, ``x`` and ``y``.
    """
    parts, shape = shapely.get_parts(shapes, return_index=True)
    areas = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts[areas] = shapely.get_exterior_ring(parts[areas])
    is_line = shapely.get_num_points(parts) > 1
    parts, shape = parts[is_line], shape[is_line]
    points, line = shapely.get_coordinates(parts, return_index=True)
    last = np.flatnonzero(np.diff(line, append=-1))
    points = np.insert(points.round(2), last + 1, np.nan, axis=0)
    return pd.DataFrame(
        {
            "shape": np.insert(shape[line], last + 1, shape[line[last]]),
            "order": np.arange(len(points)),
            "x": points[:, 0],
            "y": points[:, 1],
        }
    )


def shown_places(
    places: gpd.GeoDataFrame,
    frame: MapFrame,
    n_most: int,
    size_km: float,
    language: Language,
) -> pd.DataFrame:
    """The largest towns, far enough apart that their names can be read.

    Parameters
    ----------
    places : GeoDataFrame
        ``place``, by rank.
    n_most : int
        How many at most.
    size_km : float
        Size of the letters, km.

    Returns
    -------
    DataFrame
        ``name``, ``x``, ``y`` (km), ``lon`` and ``lat`` (degrees).
    """
    letter_km, line_km = _LETTER * size_km, _LINE * size_km
    ordered = places.iloc[towns_first(places)].head(_N_CANDIDATES)
    lon, lat = ordered.geometry.x.to_numpy(), ordered.geometry.y.to_numpy()
    x, y = frame.positions(lon, lat)
    names = pd.Series(names_in(language, ordered), dtype=object)  # also where there are none
    towns = pd.DataFrame({"name": names, "x": x, "y": y, "lon": lon, "lat": lat})
    half_km = letter_km * (1.0 + towns["name"].str.len()) / 2.0
    fits = (towns["x"] - half_km > frame.left) & (towns["x"] + half_km < frame.right)
    fits &= (towns["y"] > frame.bottom) & (towns["y"] + line_km < frame.top)
    towns = towns.assign(half_km=half_km)[fits]
    at_x, at_y = towns["x"].to_numpy(), towns["y"].to_numpy()
    reach_km = towns["half_km"].to_numpy()
    chosen: list[int] = []
    for row in range(len(towns)):
        is_beside = np.abs(at_x[chosen] - at_x[row]) < reach_km[chosen] + reach_km[row]
        is_level = np.abs(at_y[chosen] - at_y[row]) < line_km
        if not (is_beside & is_level).any():
            chosen.append(row)
        if len(chosen) == n_most:
            break
    return towns.iloc[chosen][["name", "x", "y", "lon", "lat"]].reset_index(drop=True)

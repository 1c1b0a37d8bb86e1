"""On which side of the road traffic keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from planner.network.country_outlines import country_outlines

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEFT_HAND_COUNTRIES = frozenset({"GB", "IE", "MT", "IM", "JE", "GG"})
"""Countries of the outlines where traffic keeps left; Cyprus lies beyond the outlines."""
CYPRUS = (32.2, 34.5, 34.7, 35.75)
"""West, south, east, north, degrees: no other country lies in this frame."""
_NEAR_DEG = 0.1
"""Outlines are coarse: places so near to a country, about 10 km, are taken to lie in it."""


def keeps_left(
    lon: NDArray[np.float64], lat: NDArray[np.float64], keeps: Literal["left", "right"] | None
) -> NDArray[np.bool_]:
    """Whether traffic keeps to the left at places.

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees, EPSG:4326.
    keeps : {"left", "right"} or None
        What the user says; None asks the country that a place lies in.

    Returns
    -------
    (n,) bool
    """
    if keeps is not None:
        return np.full(len(lon), keeps == "left")
    west, south, east, north = CYPRUS
    left: NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    if len(lon) == 0:
        return left
    frame = (lon.min(), lat.min(), lon.max(), lat.max())
    near = country_outlines(frame[0] - 1.0, frame[1] - 1.0, frame[2] + 1.0, frame[3] + 1.0)
    ours = near.geometry.to_numpy()[near["iso_a2"].isin(LEFT_HAND_COUNTRIES).to_numpy()]
    if len(ours):
        countries = shapely.STRtree(ours)
        inside = countries.query(shapely.points(lon, lat), predicate="dwithin", distance=_NEAR_DEG)
        left[inside[0]] = True
    return left

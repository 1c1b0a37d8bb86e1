"""Maps of finished runs: the report's own, drawn from the layers in the run's folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planner.reporting.gis.plan_map import GEOPACKAGE, read_layers
from planner.reporting.map_data import DrawnRoads, MapProjection, drawn_map

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Background:
    """Roads and places that lie around sites on a map."""

    roads: DrawnRoads
    places: pd.DataFrame

    @classmethod
    def of(cls, geopackage: Path, network: str = "network") -> Background:
        """Background in a map of the planner.

        Parameters
        ----------
        network : str
            Layer of the roads.

        Raises
        ------
        RunDirectoryError
            If the map is missing or lacks a layer.
        """
        layers = read_layers(geopackage, (network, "places"))
        roads, places = layers[network], layers["places"]
        points = places.geometry
        return cls(
            DrawnRoads(
                roads.geometry.to_numpy(),
                roads["road"].astype(str).tolist(),
                roads["trucks_per_day"].to_numpy(np.float64),
            ),
            places.drop(columns="geometry").assign(lon=points.x, lat=points.y),
        )


def map_around(
    backgrounds: Iterable[Background], lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> list[dict[str, Any]]:
    """What the script of the map draws for each background, all in the same frame.

    Parameters
    ----------
    lon, lat : (n_sites,) float64
        Sites of all maps, degrees.

    Returns
    -------
    list of dict
        From :func:`~planner.reporting.map_data.drawn_map`.
    """
    behind = list(backgrounds)
    ends = [shapely.get_coordinates(list(each.roads.lines)) for each in behind]
    points = np.concatenate([*ends, np.column_stack([lon, lat])])
    projection = MapProjection(points[:, 0], points[:, 1])
    return [drawn_map(projection, lon, lat, each.roads, each.places) for each in behind]


def map_of_run(folder: Path, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> dict[str, Any]:
    """What the script of the map draws for a run and its sites.

    Raises
    ------
    RunDirectoryError
        If the run's map is missing, or lacks a layer.
    """
    return map_around([Background.of(folder / GEOPACKAGE)], lon, lat)[0]

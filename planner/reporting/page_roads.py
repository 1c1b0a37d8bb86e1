"""Roads of a finished run behind the maps of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from planner.reporting.gis.plan_map import GEOPACKAGE, read_layers

if TYPE_CHECKING:
    from planner.plan.finished_run import FinishedRun

_GRID_DEG = 1e-3


def page_roads(run: FinishedRun) -> list[dict[str, Any]]:
    """Roads of a run's map as GeoJSON features, no finer than a page shows.

    Raises
    ------
    RunDirectoryError
        If its GeoPackage is missing or lacks them.
    """
    roads = read_layers(run.folder / GEOPACKAGE, ["roads"])["roads"]
    return [
        {"type": "Feature", "geometry": shapely.geometry.mapping(line), "properties": {}}
        for line in shapely.set_precision(roads.geometry.to_numpy(), _GRID_DEG)
        if not line.is_empty
    ]

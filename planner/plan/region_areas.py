"""Areas of the regions that results are told by, for maps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planner.files.area_layers import read_named_areas
from planner.scenario.bundled import bundled_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class RegionAreas:
    """Regions that results are told by.

    Parameters
    ----------
    name : sequence of str
        Each once.
    area : (n_regions,) object
        Its polygons, degrees, EPSG:4326.
    """

    name: Sequence[str]
    area: NDArray[np.object_]


def region_areas(scenario: Mapping[str, Any]) -> RegionAreas | None:
    """Areas of the scenario's polygons, else of the federal states on the built-in network.

    Parameters
    ----------
    scenario : mapping
        As resolved.

    Returns
    -------
    RegionAreas or None
        None where a study has no regions.

    Raises
    ------
    InputDataError
        If the polygons cannot be read.
    """
    settings = scenario.get("regions")
    if settings:
        areas = read_named_areas(
            Path(settings["path"]), settings["layer"], settings["name_column"], "regions"
        )
    elif scenario.get("network", {}).get("source") == "builtin":
        path = bundled_path("network/germany/states.geojson")
        areas = read_named_areas(path, "", "name", "regions")
    else:
        return None
    names = list(dict.fromkeys(areas.name.tolist()))
    parts = [shapely.union_all(areas.area[areas.name == name]) for name in names]
    return RegionAreas(names, np.array(parts, dtype=object))

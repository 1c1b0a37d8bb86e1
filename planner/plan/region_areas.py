"""Areas of the regions that results are told by, for maps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from planner.files.area_layers import read_named_areas
from planner.plan.origin_regions import states_of_sites
from planner.scenario.bundled import bundled_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from planner.network.sites import Sites


@dataclass(frozen=True, slots=True)
class RegionAreas:
    """Regions and which sites count to them.

    Parameters
    ----------
    name : sequence of str
        Each once.
    area : (n_regions,) object
        Its polygons, degrees, EPSG:4326.
    of_site : (n_sites,) int64
        Region of each site as in ``GROUPS``, -1 for none.
    """

    name: Sequence[str]
    area: NDArray[np.object_]
    of_site: NDArray[np.int64]


def region_areas(scenario: Mapping[str, Any], sites: Sites) -> RegionAreas | None:
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
        of_site = areas.names_at(sites.lon, sites.lat)
    elif scenario.get("network", {}).get("source") == "builtin":
        # Good to a kilometre or two: a site's state is what its number says.
        path = bundled_path("network/germany/states.geojson")
        areas = read_named_areas(path, "", "name", "regions")
        of_site = states_of_sites(sites)
    else:
        return None
    names = list(dict.fromkeys(areas.name.tolist()))
    parts = [shapely.union_all(areas.area[areas.name == name]) for name in names]
    return RegionAreas(
        names,
        np.array(parts, dtype=object),
        pd.Index(names).get_indexer(pd.Index(of_site)).astype(np.int64),
    )

"""In which region each site lies, for figures by region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.errors import InputDataError
from planner.files.area_layers import read_named_areas
from planner.plan.origin_regions import states_of_sites
from planner.said import said

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from planner.network.sites import Sites
    from planner.scenario.model import Scenario


def site_regions(scenario: Scenario, sites: Sites) -> NDArray[np.object_] | None:
    """Region of each site.

    Returns
    -------
    (n_sites,) object or None
        Of the scenario's polygons, empty outside of them all; without these the federal state on
        the built-in network and None on others.

    Raises
    ------
    InputDataError
        If the polygons cannot be read, or no site lies in any.
    """
    settings = scenario.regions
    if settings is None:
        return states_of_sites(sites) if scenario.network.source == "builtin" else None
    areas = read_named_areas(settings.path, settings.layer, settings.name_column, "regions")
    found = areas.names_at(sites.lon, sites.lat)
    if sites.n_sites and not any(found):
        west, east, south, north = (
            f"{degrees:.2f}"
            for degrees in (sites.lon.min(), sites.lon.max(), sites.lat.min(), sites.lat.max())
        )
        msg = said(
            "{path}: expected polygons (regions.path) around the sites, which lie at longitudes "
            "from {west} to {east} and latitudes from {south} to {north}; found no site in any of "
            "its {n}. Name the regions of that country, or check the layer's coordinate system.",
            path=str(settings.path),
            west=west,
            east=east,
            south=south,
            north=north,
            n=len(areas.name),
        )
        raise InputDataError(msg)
    return found

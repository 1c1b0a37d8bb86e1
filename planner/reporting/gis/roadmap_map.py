"""A roadmap as a map: sites and flows of each year, a theme per year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.plan.point_floor import floor_of
from planner.plan.run_columns import FLOOR
from planner.reporting.gis.plan_map import GEOPACKAGE, MapView, PlanMap, makers, read_layers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from planner.plan.roadmap_tables import YearOfRoadmap

ROADMAP_MAP = "roadmap"
"""Name of the map's files in a roadmap's folder."""

_FROM_FIRST_YEAR = ("countries", "roads", "places")


def year_key(year: int | str) -> str:
    """Key of a year's view, and end of the names of its layers ``sites_`` and ``network_``."""
    return f"year_{year}"


def roadmap_map(name: str, description: str, years: Sequence[YearOfRoadmap]) -> PlanMap:
    """Map of a roadmap: the plan that is built in each year.

    Parameters
    ----------
    years : sequence of YearOfRoadmap
        Finished, in ascending order.

    Raises
    ------
    RunDirectoryError
        If the map of one of its runs is missing.
    """
    views: list[MapView] = []
    layers: dict[str, gpd.GeoDataFrame] = {}
    for each in years:
        summary, sites = each.run.summary, f"sites_{each.solution.replace('-', '_')}"
        key = year_key(each.year)
        figures = {**summary["solutions"][each.solution], FLOOR.name: floor_of(summary)}
        views.append(MapView(key, str(each.year), f"sites_{key}", f"network_{key}", figures))
        geopackage = each.run.folder / GEOPACKAGE
        if not layers:
            layers = read_layers(geopackage, _FROM_FIRST_YEAR)
        own = read_layers(geopackage, (sites, "network"))
        layers |= {views[-1].sites: own[sites], views[-1].network: own["network"]}
    scenarios = [each.run.scenario for each in years]
    return PlanMap(
        name=name,
        description=description,
        level_share=None,
        views=tuple(views),
        default=views[-1],
        sources=tuple(dict.fromkeys(maker for each in scenarios for maker in makers(each))),
        layers=layers,
        site_sections=tuple(each["sites"] for each in scenarios),
    )

"""Regions that results are told by, as a section of a scenario."""

from __future__ import annotations

from pydantic import Field

from planner.scenario.input_paths import FileSection, InputPath


class Regions(FileSection):
    """Areas that results are told by: administrative regions, concession areas, any polygons."""

    path: InputPath = Field(
        description="Layer of polygons as GeoPackage (.gpkg), GeoJSON (.geojson, .json), Shapefile "
        "(.shp, or a .zip with one in it) or FlatGeobuf (.fgb), in any coordinate system."
    )
    layer: str = Field(default="", description="Layer to read, where the file has several.")
    name_column: str = Field(
        min_length=1,
        description="Column with the name of each polygon's region; polygons of one name are one "
        "region. A site where several overlap is in the first of the file.",
    )

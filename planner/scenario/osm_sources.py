"""Roads and sites from OpenStreetMap: sections ``network`` and ``sites`` with source ``osm``."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from planner.said import said
from planner.scenario.existing_points import WithExisting
from planner.scenario.input_paths import FileSection, InputPath
from planner.scenario.parameter_sets import NotNegative, Positive
from planner.scenario.patterns import WebAddress
from planner.scenario.site_selection import SelectableSites

OsmSiteKind = Literal["services", "rest_area"]

TrafficSide = Annotated[
    Literal["left", "right"] | None,
    Field(
        description="Side of the road on which traffic keeps: it decides which carriageway a site "
        "on one side serves. By default left in the United Kingdom, Ireland, Malta and Cyprus, "
        "elsewhere right."
    ),
]
OffRoadKm = Annotated[
    NotNegative,
    Field(le=20.0, description="One-way distance from the carriageway to the charging points, km."),
]


class OsmNetwork(FileSection):
    """Motorways of OpenStreetMap, each carriageway for itself: of a file, or of a named place."""

    source: Literal["osm"]
    path: InputPath | None = Field(
        default=None,
        description="Extract as .osm.pbf, .osm, .osm.gz or .osm.bz2; either path or place.",
    )
    place: str | None = Field(
        default=None,
        min_length=1,
        description="Name of a place with borders, for example Luxembourg, asked for online. The "
        "map changes by the day: a study that is to be repeated needs a file.",
    )
    include_trunk: bool = Field(
        default=False, description="Whether trunk roads belong to the network, beside motorways."
    )
    overpass_url: WebAddress = Field(
        default="https://overpass-api.de/api",
        description="Overpass server that is asked for a place's roads.",
    )
    nominatim_url: WebAddress = Field(
        default="https://nominatim.openstreetmap.org/",
        description="Nominatim server that is asked for a place's borders.",
    )

    @model_validator(mode="after")
    def _one_of_path_and_place(self) -> Self:
        if (self.path is None) == (self.place is None):
            found = "neither" if self.path is None else "both"
            msg = said(
                "either path (a file) or place (a name to ask for online); found {found}",
                found=found,
            )
            raise ValueError(msg)
        return self


class OsmSites(SelectableSites, FileSection, WithExisting):
    """Rest areas and services of OpenStreetMap, each on the carriageway it lies beside."""

    source: Literal["osm"]
    path: InputPath = Field(description="Extract as .osm.pbf, .osm, .osm.gz or .osm.bz2.")
    kinds: list[OsmSiteKind] = Field(
        default=["services", "rest_area"],
        min_length=1,
        description="services: with fuel or food; rest_area: parking.",
    )
    within_grid_connection: Literal[False] = Field(
        default=False, description="OpenStreetMap knows no grid connections."
    )
    within_parking_spaces: bool = Field(
        default=True,
        description="Whether a site's parking spaces for trucks (capacity:hgv), where known, limit "
        "its overnight points.",
    )
    keeps: TrafficSide = None
    max_snap_km: Positive = Field(
        default=1.0, le=100.0, description="Farthest a site may lie from its carriageway, km."
    )
    off_road_km: OffRoadKm = 0.3

"""Where the sites of a study come from: the ``sites`` section."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from planner.said import said
from planner.scenario.existing_points import WithExisting
from planner.scenario.input_paths import InputPath
from planner.scenario.osm_sources import OffRoadKm, OsmSites, TrafficSide
from planner.scenario.parameter_sets import NotNegative, Number, Positive, Share, Whole
from planner.scenario.site_selection import SelectableSites
from planner.scenario.table_sections import TableSection

PowerSharing = Annotated[
    Share | None,
    Field(
        gt=0.0,
        description="Least share of its power that each high-power point of a site is sure of when "
        "all charge at once: the points share the connection, which then carries so many more. By "
        "default each has its full power. What trucks lose by it is not in the waits of a plan; "
        "`planner connections` tells it.",
    ),
]


class WithSharing(WithExisting):
    """What sites with known connections may say besides."""

    power_sharing: PowerSharing = None

    @model_validator(mode="after")
    def _shares_what_limits(self) -> Self:
        if self.power_sharing is not None and not getattr(self, "within_grid_connection", False):
            msg = said(
                "within_grid_connection: true beside power_sharing: where connections limit no "
                "points, there is nothing to share",
            )
            raise ValueError(msg)
        return self


class BuiltinSites(SelectableSites, WithSharing):
    """The built-in sites along the built-in network."""

    source: Literal["builtin"]
    network: Literal["policy", "extended"] = Field(
        default="policy",
        description="policy: the 352 sites of the official initial network; extended: those and "
        "427 computed ones.",
    )
    within_grid_connection: bool = Field(
        default=False,
        description="Whether a site's grid connection limits its high-power points; off by "
        "default, because the official sites have the connections requested for them, and computed "
        "sites estimates.",
    )
    within_parking_spaces: bool = Field(
        default=False,
        description="Whether a site's parking spaces limit its overnight points; off by default "
        "because those of the built-in sites are computed estimates.",
    )


class GeneratedSites(SelectableSites, WithExisting):
    """What sites share that the planner places along the motorways."""

    within_grid_connection: Literal[False] = Field(
        default=False, description="Generated sites have no known grid connection."
    )
    within_parking_spaces: Literal[False] = Field(
        default=False, description="Generated sites have no known number of parking spaces."
    )
    off_road_km: OffRoadKm = 0.3


class SpacingSites(GeneratedSites):
    """Sites placed along every motorway at a given spacing."""

    source: Literal["spacing"]
    spacing_km: Number = Field(
        ge=5.0,
        le=500.0,
        description="Distance between neighbouring sites along a motorway, km; the European "
        "regulation AFIR asks for 60 on the core network and 100 on the comprehensive one.",
    )


class FlowSites(GeneratedSites):
    """Sites placed one after the other where they serve most truck-km of the study's demand.

    The whole fleet counts, electric or not: the sites are the same at every electrification level.
    """

    source: Literal["flow"]
    n_sites: Whole = Field(
        ge=1, le=10_000, description="Most sites; fewer where fewer serve all truck-km."
    )
    reach_km: Positive = Field(
        default=50.0,
        le=1000.0,
        description="A truck-km is served if a site lies on the truck's route at most so far "
        "before or behind it, km.",
    )
    candidate_spacing_km: Number = Field(
        default=10.0,
        ge=1.0,
        le=200.0,
        description="Distance between the places on a motorway that are tried, km.",
    )


class LocationModelSites(GeneratedSites):
    """What sites share that a location model places."""

    weights: Literal["length", "trucks"] = Field(
        default="length",
        description="What a stretch of motorway counts: its length, or that times the trucks of "
        "the demand's whole fleet on it.",
    )


class CoverageSites(LocationModelSites):
    """Sites placed so that most of the motorways has one nearby: optimal covering."""

    source: Literal["coverage"]
    n_sites: Whole | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="Number of sites; without it the fewest that cover everything.",
    )
    service_km: Positive = Field(
        default=50.0,
        le=1000.0,
        description="Farthest that a site covers, km by road from the middle of a stretch.",
    )
    candidate_spacing_km: Number = Field(
        default=25.0,
        ge=1.0,
        le=200.0,
        description="Length of the stretches that are covered, and distance between the places "
        "tried, km.",
    )


class PMedianSites(LocationModelSites):
    """Sites placed so that the mean distance by road to the nearest one is least."""

    source: Literal["p_median"]
    n_sites: Whole = Field(ge=1, le=10_000, description="Number of sites.")
    candidate_spacing_km: Number = Field(
        default=50.0,
        ge=1.0,
        le=200.0,
        description="Distance between the places tried, km.",
    )


class TableSites(SelectableSites, TableSection, WithSharing):
    """Sites read from a table with a row per site."""

    source: Literal["table"]
    path: InputPath = Field(
        description="File with a row per site: CSV, Excel, Parquet, GeoPackage or GeoJSON."
    )
    crs: str | None = Field(
        default=None,
        description="Coordinate system of the columns lon and lat, for example EPSG:25832; by "
        "default degrees. Map files say their own.",
    )
    grid_connection_unit: Literal["kW", "MW", "kVA", "MVA"] | None = Field(
        default=None,
        description="Unit of the grid connections; by default the one that the column's header "
        "names, or kW. kVA and MVA count at a power factor of 0.95.",
    )
    within_grid_connection: bool = Field(
        default=True,
        description="Whether a site's grid connection, where known, limits its high-power points; "
        "false asks what would be needed if the grid were reinforced.",
    )
    within_parking_spaces: bool = Field(
        default=True,
        description="Whether a site's parking spaces, where known, limit its overnight points.",
    )
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Which column holds what, where the usual names are not used: "
        "id, name, lon, lat, road, direction, off_road_km, parking_spaces, grid_connection_kw, "
        "max_hpc, existing_hpc, existing_lpc, status (open, closed or planned), grid_operator_mv, "
        "grid_operator_hv.",
    )
    direction: Literal["both", "one"] = Field(
        default="both",
        description="Carriageways a site serves where no column says so: both, or the one "
        "beside it, on whose right-hand side it lies (left-hand where traffic keeps left).",
    )
    keeps: TrafficSide = None
    max_snap_km: Positive = Field(
        default=10.0, le=100.0, description="Farthest a site may lie from its road, km."
    )
    off_road_km: NotNegative = Field(
        default=0.3,
        le=20.0,
        description="One-way distance from the carriageway to the charging points, km, where no "
        "column says so.",
    )


SitesSection = Annotated[
    BuiltinSites | SpacingSites | FlowSites | CoverageSites | PMedianSites | TableSites | OsmSites,
    Field(discriminator="source"),
]


def placed_for_trucks(settings: SitesSection) -> bool:
    """Whether the sites depend on the trucks of the demand."""
    if isinstance(settings, LocationModelSites):
        return settings.weights == "trucks"
    return isinstance(settings, FlowSites)


def shared_part(settings: SitesSection) -> float:
    """Part of its power that each high-power point has when all of a site charge at once."""
    if isinstance(settings, WithSharing) and settings.power_sharing is not None:
        return settings.power_sharing
    return 1.0

"""Road networks that planners have as files of their own: MATSim, tables, drawn lines."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from planner.said import said
from planner.scenario.input_paths import FileSection, InputPath
from planner.scenario.parameter_sets import NotNegative, Positive
from planner.scenario.table_sections import TableFile

_CRS = "Coordinate reference system of the file, for example EPSG:25832; "


class ContractedNetwork(FileSection):
    """What holds for all networks that may have a node at every bend."""

    contract: bool = Field(
        default=True,
        description="Whether arcs between junctions are joined; length and free-flow time stay. "
        "Nodes stay where the road or the speed of trucks changes.",
    )
    keep_nodes: list[str] = Field(
        default_factory=list,
        description="Nodes that stay although a road only goes on there, such as those of a demand "
        "table.",
    )


class MatsimNetwork(ContractedNetwork):
    """A MATSim network of version 1 or 2."""

    source: Literal["matsim"]
    path: InputPath = Field(description="network.xml, plain or packed (.gz).")
    crs: str | None = Field(
        default=None, description=_CRS + "by default the one that its attributes name."
    )
    modes: list[str] = Field(
        default=["car", "truck", "freight", "hgv"],
        min_length=1,
        description="Links are read that are open to one of these; links that state none are "
        "open to car.",
    )
    link_types: list[str] | None = Field(
        default=None,
        min_length=1,
        description="Types of links to read, all by default; motorway stands for highway.motorway "
        "too. Motorways alone: [motorway, motorway_link].",
    )
    road_attribute: str = Field(
        default="osm:way:ref", description="Attribute of a link that holds the road's reference."
    )


class TablesNetwork(ContractedNetwork):
    """A network from tables of nodes and arcs, or from a vector file of lines."""

    source: Literal["tables"]
    nodes: TableFile | None = Field(
        default=None, description="Table with a row per node; together with arcs."
    )
    arcs: TableFile | None = Field(
        default=None, description="Table with a row per arc; together with nodes."
    )
    lines: InputPath | None = Field(
        default=None,
        description="Instead: a vector file of lines, as .gpkg, .geojson, .shp, .fgb or a .zip "
        "with one Shapefile.",
    )
    layer: str = Field(default="", description="Layer of the vector file, where it has several.")
    crs: str | None = Field(
        default=None,
        description=_CRS + "by default degrees (EPSG:4326) for tables, the file's own for lines.",
    )
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Which column holds what, where the usual names are not used: node_id, name, "
        "x, y of nodes; from_node, to_node of arcs; length, free_speed, road, oneway, tent_class.",
    )
    length_unit: Literal["km", "m", "mi"] = Field(default="km", description="Unit of the lengths.")
    speed_unit: Literal["km/h", "m/s", "mph"] = Field(
        default="km/h", description="Unit of the free speeds."
    )
    free_speed_kmh: Positive = Field(
        default=100.0, le=200.0, description="Free speed where no column states one, km/h."
    )
    two_way: bool | None = Field(
        default=None,
        description="Whether roads of which no oneway column says so may be driven both ways; by "
        "default lines may, arcs may not.",
    )
    tolerance_m: NotNegative = Field(
        default=5.0,
        le=1000.0,
        description="How far the end of a line may lie from the end or line it belongs to, m.",
    )

    @model_validator(mode="after")
    def _tables_or_lines(self) -> Self:
        given = [name for name in ("nodes", "arcs", "lines") if getattr(self, name) is not None]
        if given not in (["nodes", "arcs"], ["lines"]):
            found = ", ".join(given) or "none"
            msg = said(
                "either nodes and arcs (tables) or lines (a vector file); found {found}",
                found=found,
            )
            raise ValueError(msg)
        return self

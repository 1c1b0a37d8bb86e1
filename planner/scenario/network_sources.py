"""Where the roads of a study come from: the ``network`` section."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from planner.scenario.input_paths import FileSection, InputPath
from planner.scenario.osm_sources import OsmNetwork
from planner.scenario.parameter_sets import Section
from planner.scenario.road_file_sources import MatsimNetwork, TablesNetwork


class BuiltinNetwork(Section):
    """The German motorway network that comes with the planner."""

    source: Literal["builtin"]


class EtisplusNetwork(FileSection):
    """A folder of the European synthetic truck-flow data set, or of a country cut out of it."""

    source: Literal["etisplus"]
    path: InputPath = Field(
        description="Folder that holds graph.graphml, 03_network-nodes.csv with "
        "04_network-edges.csv, or segments.csv."
    )
    file: Literal["graph.graphml", "04_network-edges.csv", "segments.csv"] | None = Field(
        default=None, description="The one to read of several; by default the first in this order."
    )
    countries: list[str] = Field(
        default_factory=list,
        description="Countries to keep of 04_network-edges.csv, as its nodes name them (DE); all "
        "by default.",
    )


Network = Annotated[
    BuiltinNetwork | EtisplusNetwork | MatsimNetwork | OsmNetwork | TablesNetwork,
    Field(discriminator="source"),
]

"""Where the roads of a study come from: the ``network`` section."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from planner.scenario.input_paths import InputPath
from planner.scenario.osm_sources import OsmNetwork
from planner.scenario.parameter_sets import Section


class BuiltinNetwork(Section):
    """The German motorway network that comes with the planner."""

    source: Literal["builtin"]


class EtisplusNetwork(Section):
    """A folder of the European synthetic truck-flow data set, with ``graph.graphml``."""

    source: Literal["etisplus"]
    path: InputPath = Field(description="Folder that holds graph.graphml.")


Network = Annotated[BuiltinNetwork | EtisplusNetwork | OsmNetwork, Field(discriminator="source")]

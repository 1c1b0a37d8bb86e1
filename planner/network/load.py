"""The door of the room: from the scenario's sections to a road graph and its sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from planner.network.builtin import read_builtin_network
from planner.network.cleaning import NetworkReport, clean_graph
from planner.network.etisplus import read_etisplus_network

if TYPE_CHECKING:
    from planner.network.graph import RoadGraph
    from planner.scenario.model import Network


def load_network(settings: Network) -> tuple[RoadGraph, NetworkReport]:
    """Read the road network of a scenario and keep what is routable.

    Parameters
    ----------
    settings : BuiltinNetwork or EtisplusNetwork
        The scenario's ``network`` section.

    Returns
    -------
    RoadGraph
        The largest strongly connected part, without loops and parallel arcs.
    NetworkReport
        What was kept and dropped.

    Raises
    ------
    planner.errors.InputDataError
        If a file is missing or broken.
    """
    match settings.source:
        case "builtin":
            graph = read_builtin_network()
        case "etisplus":
            graph = read_etisplus_network(settings.path)
        case _:
            assert_never(settings)
    return clean_graph(graph)

"""The map of a finished run: the report's own, from the run's folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.errors import RunDirectoryError
from planner.network.arc_lines import two_way_flows
from planner.plan.schemas import UNSERVED
from planner.reporting.gis.plan_map import GEOPACKAGE, read_layers
from planner.reporting.map_data import map_data

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.plan.solution_on_roads import SolutionOnRoads


@dataclass(frozen=True, slots=True)
class _OnMap:
    """What the report's map draws, see :class:`~planner.plan.map_places.Mapped`."""

    scenario: dict[str, Any]
    graph: RoadGraph
    sites: Sites
    trips: pd.DataFrame
    unserved: pd.DataFrame
    arc_trucks_per_day: NDArray[np.float64]


def map_of_run(run: SolutionOnRoads) -> dict[str, Any]:
    """What the script of the map draws, see :func:`~planner.reporting.map_data.map_data`.

    Raises
    ------
    RunDirectoryError
        If the run's map is missing, or is of other roads.
    """
    return map_data(
        _OnMap(
            scenario=run.run.scenario,
            graph=run.graph,
            sites=run.sites,
            trips=run.trips,
            unserved=run.run.table(UNSERVED),
            arc_trucks_per_day=_trucks_per_day(run),
        )
    )


def _trucks_per_day(run: SolutionOnRoads) -> NDArray[np.float64]:
    """Trucks of both carriageways on one arc of each pair, as the run's map has them."""
    path = run.run.folder / GEOPACKAGE
    layer = read_layers(path, ["network"])["network"]
    arcs, _ = two_way_flows(run.graph, np.zeros(run.graph.n_arcs))
    if len(layer) != len(arcs):
        msg = f"{path}: drawn on other roads than the run's; run the scenario again"
        raise RunDirectoryError(msg)
    trucks = np.zeros(run.graph.n_arcs)
    trucks[arcs] = layer["trucks_per_day"].to_numpy()
    return trucks

"""What a dropped file says, on the report's own map: roads, places, crosses where none came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from planner.reporting.map_data import MapProjection, map_data

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.reporting.phrases import Phrase

MOST_PLACES = 5_000
"""So many are drawn, those with the most points or trucks."""


@dataclass(frozen=True, slots=True)
class Places:
    """Places of a map.

    Parameters
    ----------
    name : (n,) object
        What a person calls each.
    lon, lat : (n,) float64
        Degrees.
    size : (n,) float64
        By which their circles are drawn: points, or trucks; >= 0.
    told : (n,) object
        What else is told of each.
    """

    name: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    size: NDArray[np.float64]
    told: NDArray[np.object_]

    @property
    def n_sites(self) -> int:
        """Number of places: they stand where the report's map has sites."""
        return len(self.name)

    def largest(self) -> Places:
        """Those that are drawn."""
        if self.n_sites <= MOST_PLACES:
            return self
        kept = np.sort(np.argsort(-self.size, kind="stable")[:MOST_PLACES])
        return Places(
            self.name[kept], self.lon[kept], self.lat[kept], self.size[kept], self.told[kept]
        )


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row of a file that does not come into the study.

    Parameters
    ----------
    row : str
        Row or feature of the file.
    name : str
        What the file calls it.
    reason : Phrase
        Why.
    lon, lat : float
        Where it lies, degrees.
    """

    row: str
    name: str
    reason: Phrase
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class _OnMap:
    """What the report's map draws, see :class:`~planner.plan.map_places.Mapped`."""

    graph: RoadGraph
    sites: Sites
    scenario: dict[str, Any] = field(default_factory=dict)
    trips: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            {"origin_node_id": [], "destination_node_id": []}, dtype=object
        )
    )
    unserved: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            {name: [] for name in ("trip_id", "place", "reason", "lon", "lat")}
        )
    )

    @property
    def arc_trucks_per_day(self) -> NDArray[np.float64]:
        return np.zeros(self.graph.n_arcs)


def map_of(graph: RoadGraph, places: Places | None, dropped: list[Dropped]) -> dict[str, Any]:
    """What the script of the map draws.

    Parameters
    ----------
    places : Places, optional
        Places that are read; without them the roads alone are drawn.

    Returns
    -------
    dict
        As :func:`~planner.reporting.map_data.map_data` gives it, with the ``names``, ``sizes`` and
        what is ``told`` of the places; rows that are dropped stand where it has unserved trips.
    """
    nothing = np.array([], dtype=object)
    of_nodes = Places(graph.node_id, graph.lon, graph.lat, np.zeros(graph.n_nodes), graph.node_id)
    drawn = of_nodes if places is None else places.largest()
    data = map_data(_OnMap(graph, cast("Sites", drawn)))
    projection = MapProjection(
        np.concatenate([graph.lon, drawn.lon]), np.concatenate([graph.lat, drawn.lat])
    )
    x, y = projection(
        np.array([each.lon for each in dropped]), np.array([each.lat for each in dropped])
    )
    shown = places is not None
    return data | {
        "site_xy": data["site_xy"] if shown else [],
        "names": [str(name) for name in (drawn.name if shown else nothing)],
        "sizes": [round(float(size), 2) for size in (drawn.size if shown else nothing)],
        "told": [str(text) for text in (drawn.told if shown else nothing)],
        "unserved": [
            [{"all": each.name}, each.reason.texts, 1, round(at_x, 1), round(at_y, 1)]
            for each, at_x, at_y in zip(dropped, x.tolist(), y.tolist(), strict=True)
            if np.isfinite(at_x) and np.isfinite(at_y)
        ],
    }

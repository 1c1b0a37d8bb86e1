"""Put the sites of the official initial network on the built-in motorways.

What the list says is kept as it is: number, identifier, name, motorway, whether the rest area is
serviced, position, requested grid connection, grid operators. What it does not say is estimated
here: which carriageway a site serves, and how far off the road its charging points are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pyproj import Geod

from planner.network.directions import read_direction, side_vector
from planner.network.sites import DIRECTION_BOTH, DIRECTION_ONE
from planner.network.snapping import snap_places

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

MAX_SNAP_KM = 5.0
"""A site farther from the drawn course of its motorway does not lie on the built-in network."""
PARTNER_KM = 3.0
"""Two sites of one motorway so near to each other face each other across the road."""
LEAST_ACROSS = 0.1
"""A side named along the road (within 6 degrees of it) tells no carriageway."""
_SIDE = re.compile(r"\b(?:(?:Nord|Sued|Süd)(?:ost|west)?|Ost|West)\b")
_EARTH = Geod(ellps="WGS84")


def read_official_sites(path: Path) -> pd.DataFrame:
    """Read the official list, a row per site in the order of its numbers.

    Parameters
    ----------
    path : pathlib.Path
        ``official_sites.csv``.

    Returns
    -------
    pandas.DataFrame
        Columns of the file; text but for ``lon``, ``lat`` (degrees) and ``grid_connection_kw``.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return table.astype({"lon": float, "lat": float, "grid_connection_kw": int})


def put_on_network(table: pd.DataFrame, graph: RoadGraph) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Attach the official sites to the arcs of the motorways they name.

    Parameters
    ----------
    table : pandas.DataFrame
        What :func:`read_official_sites` gives.
    graph : RoadGraph
        The built-in network.

    Returns
    -------
    attached : pandas.DataFrame
        The sites on the network, with ``direction``, ``arc`` (index), ``offset_km`` from its start
        and ``snap_km``, the straight distance from the drawn course.
    left_out : pandas.DataFrame
        Those too far from the course of their motorway, with ``snap_km``.
    """
    snap = snap_places(
        graph,
        table["lon"].to_numpy(),
        table["lat"].to_numpy(),
        table["road"].to_numpy(dtype=object),
        np.array(sides(table, graph), dtype=object),
        MAX_SNAP_KM,
    )
    on_network = (snap.arc_idx >= 0) & (graph.arc_road[snap.arc_idx] == table["road"].to_numpy())
    both = snap.opposite_arc_idx >= 0
    whole = table.assign(
        direction=np.where(both, DIRECTION_BOTH, DIRECTION_ONE),
        arc=snap.arc_idx,
        offset_km=snap.offset_km,
        snap_km=snap.distance_km,
    )
    return whole[on_network].reset_index(drop=True), whole[~on_network]


def sides(table: pd.DataFrame, graph: RoadGraph) -> list[str]:
    """Side of the road that each site lies on, as snapping understands it; ``both`` where unknown.

    The name says it (``Kassel Ost``). A site without a side in its name that faces another one
    across the road lies opposite to it; any other one is reached from both carriageways.
    """
    named = named_sides(table)
    lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()
    partner = _partners(table)
    across = _across(table, graph)
    found = []
    for idx, side in enumerate(named):
        other = partner[idx]
        if side != DIRECTION_BOTH:
            vector = side_vector(side) or (0.0, 0.0)
            tells = abs(float(np.dot(across[idx], vector))) >= LEAST_ACROSS
            found.append(side if tells else DIRECTION_BOTH)
        elif other < 0:
            found.append(DIRECTION_BOTH)
        elif named[other] != DIRECTION_BOTH:
            east, north = side_vector(named[other]) or (0.0, 0.0)
            found.append(f"{np.degrees(np.arctan2(-east, -north)) % 360.0:g}°")
        else:
            azimuth = _EARTH.inv(lon[other], lat[other], lon[idx], lat[idx])[0]
            found.append(f"{azimuth % 360.0:g}°")
    return found


def right_hand(graph: RoadGraph, arc: NDArray[np.signedinteger]) -> NDArray[np.float64]:
    """Unit vectors (east, north) to the right of arcs, shape (n, 2)."""
    start, end = graph.arc_from_idx[arc], graph.arc_to_idx[arc]
    north = graph.lat[end] - graph.lat[start]
    east = (graph.lon[end] - graph.lon[start]) * np.cos(np.radians(graph.lat[start]))
    return np.stack([north, -east], axis=-1) / np.maximum(np.hypot(north, east), 1e-9)[..., None]


def named_sides(table: pd.DataFrame) -> list[str]:
    """Side that the last compass word of each name says, ``both`` where there is none."""
    words = [_SIDE.findall(name) for name in table["name"]]
    return [(found and read_direction(found[-1])) or DIRECTION_BOTH for found in words]


def _partners(table: pd.DataFrame) -> list[int]:
    """Row of the nearest site of the same motorway within PARTNER_KM, -1 where there is none."""
    lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()
    partner = []
    for idx, road in enumerate(table["road"]):
        others = np.flatnonzero((table["road"] == road) & (table.index != idx))
        n_others = len(others)
        metres = _EARTH.inv(
            np.full(n_others, lon[idx]), np.full(n_others, lat[idx]), lon[others], lat[others]
        )[2]
        near = n_others > 0 and metres.min() <= 1000.0 * PARTNER_KM
        partner.append(int(others[metres.argmin()]) if near else -1)
    return partner


def _across(table: pd.DataFrame, graph: RoadGraph) -> NDArray[np.float64]:
    """Unit vectors across the drawn road at each site, (n, 2)."""
    snap = snap_places(
        graph,
        table["lon"].to_numpy(),
        table["lat"].to_numpy(),
        table["road"].to_numpy(dtype=object),
        np.full(len(table), DIRECTION_BOTH, dtype=object),
        np.inf,
    )
    return right_hand(graph, snap.arc_idx)

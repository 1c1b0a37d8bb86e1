"""In which region each trip begins and each site lies, for figures by region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from planner.files.coordinates import on_sphere
from planner.files.csv_tables import read_text_table
from planner.network.builtin import GERMANY
from planner.scenario.bundled import bundled_path

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites

STATE_OF_CODE = {
    "BB": "Brandenburg",
    "BE": "Berlin",
    "BW": "Baden-Württemberg",
    "BY": "Bayern",
    "HB": "Bremen",
    "HE": "Hessen",
    "HH": "Hamburg",
    "MV": "Mecklenburg-Vorpommern",
    "NI": "Niedersachsen",
    "NW": "Nordrhein-Westfalen",
    "RP": "Rheinland-Pfalz",
    "SH": "Schleswig-Holstein",
    "SL": "Saarland",
    "SN": "Sachsen",
    "ST": "Sachsen-Anhalt",
    "TH": "Thüringen",
}
"""Federal states by the code of ISO 3166-2 in the official list's keys of sites."""


def origin_regions(source: str, graph: RoadGraph, trips: Trips) -> NDArray[np.object_]:
    """Region in which each trip enters the road graph.

    Parameters
    ----------
    source : str
        Where the network comes from, as in the scenario's ``network.source``.

    Returns
    -------
    (n_trips,) object
        On the built-in network the federal state of the nearest city or port, or the country
        behind a border crossing (``"border NL"``). On other networks, which know no regions, the
        cell of a grid of one degree (``"51-52N 7-8E"``).
    """
    of_node = _german_states(graph) if source == "builtin" else _grid_cells(graph)
    regions: NDArray[np.object_] = of_node[trips.origin_node_idx]
    return regions


def _german_states(graph: RoadGraph) -> NDArray[np.object_]:
    """State or neighbour of each node of the built-in network, (n_nodes,)."""
    regions = _builtin_regions()
    of_node = _nearest_states(regions, graph.lon, graph.lat)
    at_border = regions[_is_border(regions)]
    country = dict(zip(at_border["node_id"], at_border["country"], strict=True))
    for node, name in enumerate(graph.node_id):
        if name in country:
            of_node[node] = f"border {country[name]}"
    return of_node


def states_of_sites(sites: Sites) -> NDArray[np.object_]:
    """Federal state of each site on the built-in network, (n_sites,).

    Of sites on the official list it is what their number there says; of others that of the
    nearest city or port.
    """
    of_site = _nearest_states(_builtin_regions(), sites.lon, sites.lat)
    for site, (site_id, number) in enumerate(
        zip(sites.site_id, sites.register()["official_number"], strict=True)
    ):
        country, _, rest = str(site_id).partition("-")
        state = STATE_OF_CODE.get(rest.partition("-")[0])
        if number and country == "DE" and state is not None:
            of_site[site] = state
    return of_site


def _builtin_regions() -> pd.DataFrame:
    return read_text_table(bundled_path(GERMANY) / "regions.csv")


def _is_border(regions: pd.DataFrame) -> NDArray[np.bool_]:
    return (regions["kind"] == "gateway").to_numpy()


def _nearest_states(
    regions: pd.DataFrame, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> NDArray[np.object_]:
    """State of the city or port that is nearest to each place, (n_places,)."""
    inland = regions[~_is_border(regions)]
    tree = cKDTree(on_sphere(inland["lon"].to_numpy(float), inland["lat"].to_numpy(float)))
    _, nearest = tree.query(on_sphere(lon, lat))
    states: NDArray[np.object_] = inland["state"].to_numpy(object)[nearest]
    return states


def _grid_cells(graph: RoadGraph) -> NDArray[np.object_]:
    """Cell of one degree that each node lies in, (n_nodes,)."""
    return np.array(
        [
            f"{_between(lat, 'N', 'S')} {_between(lon, 'E', 'W')}"
            for lon, lat in zip(graph.lon, graph.lat, strict=True)
        ],
        dtype=object,
    )


def _between(degrees: float, positive: str, negative: str) -> str:
    """Whole degrees on both sides of a coordinate, away from the equator or Greenwich."""
    lower = int(np.floor(degrees))
    if lower >= 0:
        return f"{lower}-{lower + 1}{positive}"
    return f"{-lower - 1}-{-lower}{negative}"

"""Places of a map by name: where trips begin and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.network.towns import TOWNS_ATTRIBUTION, german_towns

if TYPE_CHECKING:
    from planner.plan.plan_results import PlanResults

NO_TOWN = r"\(|^Grenze |[Hh]afen |\d"
"""Exits with their motorway, and how the built-in network names border crossings and ports."""

_TOWN_REACH_KM = 15.0
"""So far around a large town a nameless end of trips bears the town's name."""


def map_places(results: PlanResults) -> pd.DataFrame:
    """Places where trips begin and end, under their own names or those of large towns.

    Networks of numbered nodes name nothing: there the ends of trips in and around a large German
    town stand together under the name of the town, whose source is told.

    Returns
    -------
    DataFrame
        ``place``, ``name_source`` (empty for names of the network itself), ``n_departures``,
        ``n_arrivals``, ``lon`` and ``lat`` (degrees), most trips first; ends of trips without any
        name are left out.
    """
    graph, trips = results.graph, results.trips
    ends = pd.DataFrame(
        {
            "n_departures": trips["origin_node_id"].value_counts(),
            "n_arrivals": trips["destination_node_id"].value_counts(),
        }
    )
    ends = ends.fillna(0).astype(np.int64)
    node_idx = {node_id: idx for idx, node_id in enumerate(graph.node_id)}
    ends["node"] = np.array([node_idx[node_id] for node_id in ends.index], dtype=np.int64)
    ends["n_trips"] = ends["n_departures"] + ends["n_arrivals"]
    ends = ends.sort_values(["n_trips", "node"], ascending=[False, True], kind="stable")
    node = ends["node"].to_numpy()
    named = ends.reset_index(drop=True).assign(
        place=graph.node_name[node], name_source="", lon=graph.lon[node], lat=graph.lat[node]
    )
    is_nameless = graph.node_name[node] == graph.node_id[node]
    places = pd.concat([named[~is_nameless], _around_towns(named[is_nameless])])
    columns = ["place", "name_source", "n_departures", "n_arrivals", "lon", "lat"]
    ranked: pd.DataFrame = places.sort_values("n_trips", ascending=False, kind="stable")[columns]
    return ranked.reset_index(drop=True)


def names_source(places: pd.DataFrame) -> str:
    """Whom a map with these places names for their names; empty where all are the network's own.

    Parameters
    ----------
    places : DataFrame
        From :func:`map_places`, or the layer that was made of it. Layers of earlier versions have
        names of their own alone, and do not tell so.
    """
    known = places["name_source"].dropna().unique() if "name_source" in places else ()
    return ", ".join(source for source in known if source)


def _around_towns(ends: pd.DataFrame) -> pd.DataFrame:
    """Ends of trips gathered under the towns around which they lie."""
    towns = german_towns()
    town = towns.nearest(ends["lon"].to_numpy(), ends["lat"].to_numpy(), _TOWN_REACH_KM)
    counts = ["n_departures", "n_arrivals", "n_trips"]
    gathered = ends[town >= 0].groupby(town[town >= 0])[counts].sum()
    at = gathered.index.to_numpy(np.int64)
    named: pd.DataFrame = gathered.assign(
        place=towns.name[at], name_source=TOWNS_ATTRIBUTION, lon=towns.lon[at], lat=towns.lat[at]
    )
    return named

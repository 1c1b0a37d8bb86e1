"""Places of a map by name: towns of the planned countries, and where trips begin and end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
import shapely

from planner.network.arc_lines import arc_lines
from planner.network.country_outlines import country_outlines, planned, sites_inside
from planner.network.towns import TOWNS_ATTRIBUTION, european_towns, nearest_points, town_names
from planner.tables.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.network.towns import Towns
    from planner.tables.language import Language

NO_TOWN = r"\(|^Grenze |^Border at |[Hh]afen |^Port of |\d"
"""Exits with their motorway, and what border crossings and ports of the built-in network are."""
_KINDS = {
    r"(?:Hafen|Port of) (.+)": "Port of {place}",
    r"(?:Grenze|Border at) (.+)": "Border at {place}",
}
"""Their names in the network or in an English map, and in words of the reader."""

_TOWN_REACH_KM = 15.0
"""So far around a large town a nameless end of trips bears the town's name."""
_LARGE_POPULATION, _N_LARGE = 100_000, 10
"""A large town has so many inhabitants, or is among the first of its plan."""
_ROAD_REACH_KM, _ROAD_STEP_DEG = 40.0, 0.1
"""Towns farther from any road stay without a name."""
_MOST_TOWNS = 600


class Mapped(Protocol):
    """What a map draws: a plan's results, or a finished plan read again.

    Attributes stand in :class:`~planner.plan.plan_results.PlanResults`.
    """

    @property
    def scenario(self) -> dict[str, Any]:
        """The resolved scenario, plain values."""
        ...

    @property
    def graph(self) -> RoadGraph:
        """Roads."""
        ...

    @property
    def sites(self) -> Sites:
        """Sites on them."""
        ...

    @property
    def trips(self) -> pd.DataFrame:
        """``TRIPS``."""
        ...

    @property
    def unserved(self) -> pd.DataFrame:
        """``UNSERVED``."""
        ...

    @property
    def arc_trucks_per_day(self) -> NDArray[np.float64]:
        """Electric trucks per day on each arc, (n_arcs,)."""
        ...


def map_places(results: Mapped) -> pd.DataFrame:
    """Large towns of the planned countries, and where trips begin and end.

    Ends of trips that have the name of a town, and nameless ones in and around a large town, stand
    under the town.

    Returns
    -------
    DataFrame
        ``place`` (towns in English), ``geonames_id`` (0 where it is no town of GeoNames),
        ``name_source`` (empty for names of the network itself), ``n_departures``, ``n_arrivals``,
        ``lon`` and ``lat`` (degrees): towns by inhabitants, then others by trips; ends of trips
        without any name are left out.
    """
    ends = _ends(results)
    towns = _towns(results)
    town = _town_of(ends, towns)
    counts = ["n_departures", "n_arrivals"]
    gathered = ends.groupby(town)[counts].sum().reindex(range(len(towns.name)), fill_value=0)
    of_towns = gathered.assign(
        place=towns.name,
        geonames_id=towns.geonames_id,
        name_source=TOWNS_ATTRIBUTION,
        lon=towns.lon,
        lat=towns.lat,
    )
    of_network = ends[~ends["is_nameless"] & (town < 0)].assign(geonames_id=0, name_source="")
    columns = ["place", "geonames_id", "name_source", *counts, "lon", "lat"]
    places: pd.DataFrame = pd.concat([of_towns[columns], of_network[columns]], ignore_index=True)
    return places


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


def names_in(language: Language, places: pd.DataFrame) -> list[str]:
    """Names of places as a reader knows them.

    Parameters
    ----------
    places : DataFrame
        As :func:`names_source` takes it.
    """
    if "geonames_id" not in places:
        return [place_in(language, place) for place in places["place"]]
    of_towns = town_names(language.code)
    return [
        of_towns.get(int(number)) or place_in(language, place)
        for number, place in zip(places["geonames_id"], places["place"], strict=True)
    ]


def place_in(language: Language, place: str) -> str:
    """A place of a network in words of a language: ports and border crossings say what they are."""
    for pattern, words in _KINDS.items():
        if found := re.fullmatch(pattern, place):
            return language.text(words, place=found[1])
    return place


def towns_first(places: pd.DataFrame) -> NDArray[np.int64]:
    """Order in which places of a map get names: towns, then others, then what is no town."""
    is_other = places["place"].astype(str).str.contains(NO_TOWN).to_numpy()
    if "geonames_id" in places:
        is_other = is_other & (places["geonames_id"].to_numpy() == 0)
    return np.argsort(is_other, kind="stable").astype(np.int64)


def _ends(results: Mapped) -> pd.DataFrame:
    """Where trips begin and end, most trips first."""
    graph, trips = results.graph, results.trips
    ends = pd.DataFrame(
        {
            "n_departures": _counted(trips["origin_node_id"]),
            "n_arrivals": _counted(trips["destination_node_id"]),
        }
    )
    ends = ends.fillna(0).astype(np.int64)
    node_idx = {node_id: idx for idx, node_id in enumerate(graph.node_id)}
    node = np.array([node_idx[node_id] for node_id in ends.index], dtype=np.int64)
    order = np.lexsort((node, -ends.sum(axis=1).to_numpy()))
    node = node[order]
    return (
        ends.iloc[order]
        .reset_index(drop=True)
        .assign(
            place=graph.node_name[node],
            is_nameless=graph.node_name[node] == graph.node_id[node],
            lon=graph.lon[node],
            lat=graph.lat[node],
        )
    )


def _counted(node_id: pd.Series[str]) -> pd.Series[int]:
    """Trips by node, where there are any: of categories some may have none."""
    counts = node_id.value_counts()
    counts = counts[counts > 0]
    return counts.set_axis(counts.index.astype(object))


def _towns(results: Mapped) -> Towns:
    """Largest towns of the countries that the plan is for, by its roads."""
    graph, sites = results.graph, results.sites
    outlines = country_outlines(*_bounds(graph))
    is_planned = planned(sites_inside(outlines, sites.lon, sites.lat))
    countries = set(outlines["iso_a2"].to_numpy()[is_planned])
    towns = european_towns()
    west, south, east, north = _bounds(graph)
    near = np.isin(towns.country, list(countries))
    near &= (towns.lon > west - 1.0) & (towns.lon < east + 1.0)
    near &= (towns.lat > south - 1.0) & (towns.lat < north + 1.0)
    towns = towns.chosen(near)
    lines = np.asarray(arc_lines(graph, np.arange(graph.n_arcs)), dtype=object)
    # GEOS cuts up no line that begins and ends at the same point.
    lines = shapely.segmentize(lines[shapely.length(lines) > 0.0], _ROAD_STEP_DEG)
    lon, lat = shapely.get_coordinates(lines).T
    by_road = nearest_points(lon, lat, towns.lon, towns.lat, _ROAD_REACH_KM) >= 0
    return towns.chosen(np.flatnonzero(by_road)[:_MOST_TOWNS])


def _bounds(graph: RoadGraph) -> tuple[float, float, float, float]:
    lon, lat = graph.lon, graph.lat
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def _town_of(ends: pd.DataFrame, towns: Towns) -> NDArray[np.int64]:
    """Town under which each end of trips stands, -1 for none."""
    at = ends["lon"].to_numpy(), ends["lat"].to_numpy()
    is_large = towns.population >= _LARGE_POPULATION
    is_large[:_N_LARGE] = True
    large = np.flatnonzero(is_large)
    near = towns.chosen(large).nearest(*at, _TOWN_REACH_KM)
    of_nameless = np.where(near >= 0, large[near] if len(large) else -1, -1)
    return np.where(ends["is_nameless"], of_nameless, _namesakes(ends["place"], towns))


def _namesakes(names: Iterable[str], towns: Towns) -> NDArray[np.int64]:
    """Town that has a name in any language, the largest first, -1 for none."""
    in_languages = [town_names(language.code) for language in LANGUAGES]
    by_name: dict[str, int] = {}
    for town, number in enumerate(towns.geonames_id.tolist()):
        for of_language in in_languages:
            by_name.setdefault(of_language[number], town)
    return np.array([by_name.get(name, -1) for name in names], dtype=np.int64)

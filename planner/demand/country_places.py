"""Places of freight in Europe: large towns, each with the inhabitants of those around it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from planner.network.towns import european_towns, in_space_km

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from planner.demand.european_freight import EuropeanFreight
    from planner.network.graph import RoadGraph

FARTHEST_FROM_ROAD_KM = 60.0
"""Places farther from the main roads, such as those of islands, have no trips."""


@dataclass(frozen=True, slots=True)
class Places:
    """Places, the largest first.

    Parameters
    ----------
    name, country : (n_places,) object
        The largest town, and its country's code.
    lon, lat : (n_places,) float64
        Its middle, degrees.
    million : (n_places,) float64
        Inhabitants, each country's in all as the figures of the model say.
    node_idx : (n_places,) int32
        Nearest node of the roads.
    is_home : (n_places,) bool
        Whether it lies in the countries that are looked at.
    """

    name: NDArray[np.object_]
    country: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    million: NDArray[np.float64]
    node_idx: NDArray[np.int32]
    is_home: NDArray[np.bool_]

    def chosen(self, kept: NDArray[np.bool_]) -> Places:
        """Places of a mask."""
        return Places(**{each.name: getattr(self, each.name)[kept] for each in fields(self)})


def places_of_europe(
    graph: RoadGraph, countries: Collection[str], freight: EuropeanFreight
) -> Places:
    """Gather the towns of Europe into places, finely in some countries.

    Parameters
    ----------
    graph : RoadGraph
        European roads.
    countries : collection of str
        Codes of the countries whose places are small.
    """
    towns = european_towns()
    home = np.isin(towns.country, list(countries))
    known = np.isin(towns.country, list(freight.inhabitants_million))
    roads = cKDTree(in_space_km(graph.lon, graph.lat))
    far_km, node_idx = roads.query(in_space_km(towns.lon, towns.lat))
    at = in_space_km(towns.lon, towns.lat)
    usable = np.flatnonzero(known & (far_km <= FARTHEST_FROM_ROAD_KM))
    place_of = np.full(len(towns.name), -1)
    for town in usable:  # the largest first
        if place_of[town] >= 0:
            continue
        radius_km = freight.place_radius_km if home[town] else freight.foreign_radius_km
        near = usable[np.linalg.norm(at[usable] - at[town], axis=1) <= radius_km]
        free = near[(place_of[near] < 0) & (towns.country[near] == towns.country[town])]
        place_of[free] = town
    chosen = usable[place_of[usable] == usable]
    people = np.bincount(place_of[usable], weights=towns.population[usable], minlength=len(home))
    people = people[chosen]
    country = towns.country[chosen]
    million = np.zeros(len(chosen))
    for code in set(country.tolist()):
        member = country == code
        million[member] = freight.inhabitants_million[code] * people[member] / people[member].sum()
    return Places(
        name=towns.name[chosen],
        country=country,
        lon=towns.lon[chosen],
        lat=towns.lat[chosen],
        million=million,
        node_idx=node_idx[chosen].astype(np.int32),
        is_home=home[chosen],
    )

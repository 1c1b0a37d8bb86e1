"""Freight of some countries on the roads of Europe: inside, over their borders, through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.demand.calibration import german_calibration
from planner.demand.country_places import places_of_europe
from planner.demand.passing import NOWHERE, ways_between

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from planner.demand.country_places import Places
    from planner.demand.european_freight import EuropeanFreight
    from planner.demand.passing import Ways
    from planner.network.european_roads import EuropeanRoads

REFERENCE_KM = 300.0
"""Distance at which the model's number of trips counts."""
BANDS_KM = (0.0, 100.0, 200.0, 400.0, 800.0, 1500.0)
"""Zones abroad are told apart by the crossing they are reached over and by how far beyond they lie:
lower ends of the bands, km."""
LEAST_INSIDE_KM = 20.0
"""Trips that cut a corner of the countries do not pass through them."""
DOMESTIC, BORDER, TRANSIT = "domestic", "border", "transit"


@dataclass(frozen=True, slots=True)
class CountryFlows:
    """Freight of some countries as tables.

    Parameters
    ----------
    zones : pandas.DataFrame
        ``zone``, ``name``, ``kind`` (place or gateway), ``node_idx`` of the European roads,
        ``lon``, ``lat``, ``inhabitants_million``, ``abroad_km``.
    trucks : pandas.DataFrame
        ``origin``, ``destination`` (zones) and ``trucks_per_year``.
    trucks_per_year : dict of str to float
        Of each kind of trip: domestic, over the border, in transit.
    left_out_share : float
        Share of the trucks that is on pairs with too few of them.
    """

    zones: pd.DataFrame
    trucks: pd.DataFrame
    trucks_per_year: dict[str, float]
    left_out_share: float

    @property
    def n_gateways(self) -> int:
        """Border crossings with trips."""
        is_gateway = self.zones["kind"] == "gateway"
        return int(self.zones.loc[is_gateway, "node_idx"].nunique())


def country_flows(
    roads: EuropeanRoads, countries: Collection[str], freight: EuropeanFreight
) -> CountryFlows:
    """Trips of all trucks a year that begin, end or pass in some countries.

    Parameters
    ----------
    roads : EuropeanRoads
        Main roads of Europe.
    countries : collection of str
        Codes of two letters.

    Notes
    -----
    Between two places drive in proportion to the inhabitants of both and to a power of the
    distance; a border between lowers the number. Every trip takes the quickest way on the roads of
    Europe: that tells over which crossings it comes, and which trips between other countries pass
    through.
    """
    is_inside = roads.inside(countries)
    places = places_of_europe(roads.graph, countries, freight)
    places = _reached(places, roads, is_inside)
    ways = ways_between(roads.graph, places.node_idx, is_inside)
    trips = trips_per_year(places, ways.total_km, freight)
    pairs = _pairs(places, ways, trips, roads)
    whole = pairs["trucks"].sum()
    kept = pairs[pairs["trucks"] >= freight.least_trucks_per_year]
    trucks = pd.DataFrame(
        {
            "origin": kept["origin"].to_numpy(object),
            "destination": kept["destination"].to_numpy(object),
            "trucks_per_year": kept["trucks"].round(0).astype(np.int64).to_numpy(),
        }
    )
    by_kind = kept.groupby("kind")["trucks"].sum()
    return CountryFlows(
        zones=_zones(places, kept, roads),
        trucks=trucks,
        trucks_per_year={
            kind: float(by_kind.get(kind, 0.0)) for kind in (DOMESTIC, BORDER, TRANSIT)
        },
        left_out_share=float(1.0 - kept["trucks"].sum() / whole) if whole > 0.0 else 0.0,
    )


def trips_per_year(
    places: Places, total_km: NDArray[np.float64], freight: EuropeanFreight
) -> NDArray[np.float64]:
    """Trips of all trucks between all places, (n_places, n_places); none below the shortest."""
    factor = np.array([freight.freight_per_inhabitant.get(code, 1.0) for code in places.country])
    pull = places.million * factor
    long = np.isfinite(total_km) & (total_km >= max(freight.shortest_km, 1.0))
    fall = (np.where(long, total_km, 1.0) / REFERENCE_KM) ** -freight.decay_exponent.central
    abroad = places.country[:, None] != places.country[None, :]
    border = np.where(abroad, freight.border_factor.central, 1.0)
    weeks = german_calibration().weeks_per_year
    per_week = freight.trips_per_week.central * np.outer(pull, pull) * fall * border
    return np.asarray(np.where(long, per_week * weeks, 0.0), dtype=np.float64)


def _reached(places: Places, roads: EuropeanRoads, is_inside: NDArray[np.bool_]) -> Places:
    """Places of the countries only where the nearest road is one of theirs."""
    at_inside = np.zeros(roads.graph.n_nodes, dtype=bool)
    at_inside[roads.graph.arc_from_idx[is_inside]] = True
    kept = ~places.is_home | at_inside[places.node_idx]
    return places.chosen(kept)


def _pairs(
    places: Places, ways: Ways, trips: NDArray[np.float64], roads: EuropeanRoads
) -> pd.DataFrame:
    """Trucks by zone of origin and destination, with the crossings of those from and to abroad."""
    home = places.is_home
    start, end = np.nonzero(trips > 0.0)
    passes = ways.inside_km[start, end] >= LEAST_INSIDE_KM
    counts = np.where(home[start] & home[end], trips[start, end] > 0.0, passes)
    start, end = start[counts], end[counts]
    entry, leaves = ways.entry_idx[start, end], ways.exit_idx[start, end]
    node_id = roads.graph.node_id
    n_ends_home = home[start].astype(int) + home[end].astype(int)
    table = pd.DataFrame(
        {
            "origin": _zone_names(places, start, node_id[entry], ways.before_km[start, end]),
            "destination": _zone_names(places, end, node_id[leaves], ways.after_km[start, end]),
            "trucks": trips[start, end],
            "kind": np.array([TRANSIT, BORDER, DOMESTIC], dtype=object)[n_ends_home],
            "before": np.where(home[start], 0.0, ways.before_km[start, end]),
            "after": np.where(home[end], 0.0, ways.after_km[start, end]),
            "entry": np.where(home[start], NOWHERE, entry),
            "leaves": np.where(home[end], NOWHERE, leaves),
        }
    )
    for km in ("before", "after"):  # means over the trucks
        table[km] *= table["trucks"]
    keys = ["origin", "destination", "kind", "entry", "leaves"]
    summed = table.groupby(keys, sort=True, as_index=False).sum()
    for km in ("before", "after"):
        summed[km] /= summed["trucks"]
    return summed[summed["origin"] != summed["destination"]]


def _zone_names(
    places: Places,
    place: NDArray[np.int64],
    crossing: NDArray[np.object_],
    beyond_km: NDArray[np.float64],
) -> NDArray[np.object_]:
    """Zone of one end of trips: its place, or the crossing and the band of distance beyond."""
    band = np.digitize(beyond_km, BANDS_KM) - 1
    own = place_zones(places)
    gate = [f"{node}-{int(BANDS_KM[one])}" for node, one in zip(crossing, band, strict=True)]
    return np.where(places.is_home[place], own[place], np.array(gate, dtype=object))


def place_zones(places: Places) -> NDArray[np.object_]:
    """Zone of each place: its country and its number there by inhabitants."""
    number = pd.Series(places.country).groupby(places.country).cumcount() + 1
    return np.array(
        [f"{code}{n:03d}" for code, n in zip(places.country, number, strict=True)], dtype=object
    )


def _zones(places: Places, pairs: pd.DataFrame, roads: EuropeanRoads) -> pd.DataFrame:
    """Table of the places of the countries, then of what lies beyond each crossing."""
    home = places.is_home
    graph = roads.graph
    inland = pd.DataFrame(
        {
            "zone": place_zones(places)[home],
            "name": places.name[home],
            "kind": "place",
            "node_idx": places.node_idx[home],
            "lon": places.lon[home],
            "lat": places.lat[home],
            "inhabitants_million": places.million[home].round(3),
            "abroad_km": 0.0,
        }
    )
    ends = [
        pairs.loc[pairs[node] != NOWHERE, [zone, node, km, "trucks"]].set_axis(
            ["zone", "node_idx", "abroad_km", "trucks"], axis=1
        )
        for zone, node, km in (("origin", "entry", "before"), ("destination", "leaves", "after"))
    ]
    beyond = pd.concat(ends, ignore_index=True)
    beyond["abroad_km"] *= beyond["trucks"]
    gates = beyond.groupby(["zone", "node_idx"], as_index=False).sum()
    node = gates["node_idx"].to_numpy(np.int64)
    road = _roads_at(roads, node)
    gateways = pd.DataFrame(
        {
            "zone": gates["zone"],
            "name": [
                f"{way} near {near}" for way, near in zip(road, graph.node_name[node], strict=True)
            ],
            "kind": "gateway",
            "node_idx": node,
            "lon": graph.lon[node],
            "lat": graph.lat[node],
            "inhabitants_million": np.nan,
            # At least a little: it is what makes a zone one abroad.
            "abroad_km": np.maximum(gates["abroad_km"] / gates["trucks"], 1.0).round(0),
        }
    ).sort_values(["node_idx", "abroad_km"], kind="stable")
    return pd.concat([inland, gateways], ignore_index=True)


def _roads_at(roads: EuropeanRoads, node: NDArray[np.int64]) -> list[str]:
    """Number of a road that begins at each node."""
    graph = roads.graph
    first: dict[int, str] = {}
    for start, road in zip(graph.arc_from_idx.tolist(), graph.arc_road.tolist(), strict=True):
        first.setdefault(start, road)
    return [first[one] for one in node.tolist()]

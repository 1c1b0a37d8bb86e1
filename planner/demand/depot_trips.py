"""Which trips start at which depot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Geod

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph

_EARTH = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class DepotTrips:
    """Trips that start at depots.

    Parameters
    ----------
    trip_idx, depot_idx : (n,) int64
        Trips, ascending, and the depot that each starts at.
    n_in_reach : (n_depots,) int64
        Trips that begin in the area of each depot, of its trucks or of others.
    nearest_km : (n_depots,) float64
        Distance to the nearest node where a trip begins, km.
    """

    trip_idx: NDArray[np.int64]
    depot_idx: NDArray[np.int64]
    n_in_reach: NDArray[np.int64]
    nearest_km: NDArray[np.float64]


def trips_of_depots(
    trips: Trips,
    graph: RoadGraph,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    n_trucks: NDArray[np.int64],
    reach_km: float,
) -> DepotTrips:
    """Choose the trips that start at depots.

    A trip that begins on the network belongs to the depot nearest to its first node as the crow
    flies, if that is within reach. Of those of a day, as many start there as the depot has trucks:
    the ones with the lowest electrification rank, so that a depot keeps its trips at every higher
    level of electrification.

    Parameters
    ----------
    lon, lat : (n_depots,) float64
        Where the depots stand, degrees, EPSG:4326.
    n_trucks : (n_depots,) int64
        Trucks that leave each depot on a day at most.
    reach_km : float
        Longest distance, km.

    Returns
    -------
    DepotTrips
        Of depots at the same place the first one has all trips.
    """
    starts_here = np.flatnonzero(trips.abroad_before_km == 0.0)
    # Distances for each node once: many trips begin at the same one.
    nodes, node_of_trip = np.unique(trips.origin_node_idx[starts_here], return_inverse=True)
    n_depots = len(lon)
    if not len(nodes):
        none = np.empty(0, np.int64)
        return DepotTrips(none, none, np.zeros(n_depots, np.int64), np.full(n_depots, np.inf))
    nearest_depot = np.zeros(len(nodes), np.int64)
    least_km = np.full(len(nodes), np.inf)
    nearest_km = np.empty(n_depots)
    for depot in range(n_depots):
        from_depot_km = distance_km(lon[depot], lat[depot], graph.lon[nodes], graph.lat[nodes])
        # Strictly nearer, so that of depots at one place the first keeps all.
        nearer = from_depot_km < least_km
        nearest_depot[nearer] = depot
        least_km = np.minimum(least_km, from_depot_km)
        nearest_km[depot] = from_depot_km.min()
    near = least_km[node_of_trip] <= reach_km
    trip, depot_of = starts_here[near], nearest_depot[node_of_trip[near]]
    day = np.floor(trips.departure_h[trip] / 24.0).astype(np.int64)
    # The rank decides who leaves, so that a higher level adds trips and takes none away; the
    # number settles equal ranks.
    order = np.lexsort([trips.trip_id[trip], trips.electrification_rank[trip], day, depot_of])
    trip, depot_of, day = trip[order], depot_of[order], day[order]
    leaves = _number_in_group(depot_of, day) < n_trucks[depot_of]
    ascending = np.argsort(trip[leaves], kind="stable")
    return DepotTrips(
        trip[leaves][ascending],
        depot_of[leaves][ascending],
        np.bincount(depot_of, minlength=n_depots).astype(np.int64),
        nearest_km,
    )


def _number_in_group(depot: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number of each row within its depot and day, from 0; rows are sorted by both."""
    n = len(depot)
    begins = np.ones(n, dtype=bool)
    begins[1:] = (depot[1:] != depot[:-1]) | (day[1:] != day[:-1])
    rows = np.arange(n)
    first = np.maximum.accumulate(np.where(begins, rows, 0))
    return np.asarray(rows - first, dtype=np.int64)


def distance_km(
    lon: float, lat: float, lons: NDArray[np.float64], lats: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Distance of a point to others as the crow flies, (n,) float64, km."""
    _, _, metres = _EARTH.inv(np.full(len(lons), lon), np.full(len(lats), lat), lons, lats)
    return np.asarray(metres, dtype=np.float64) / 1000.0

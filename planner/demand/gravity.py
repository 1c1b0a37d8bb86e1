"""Gravity model of freight between places, fitted to distances and to what each place sends.

Trips between places i and j are T_ij = a_i b_j w_i w_j f(d_ij) with weights w, a deterrence f that
is constant within each distance bin, and balancing factors a, b. All three are found by iterative
proportional fitting (Furness 1965; Wilson 1967; the piecewise-constant deterrence as in Ortúzar and
Willumsen, Modelling Transport, on tri-proportional fitting), so that the trips by bin meet the
observed ones exactly and the trips by place are proportional to its weight as nearly as the bins
allow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.demand.od_flows import OdFlows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.calibration import DemandCalibration
    from planner.demand.regions import FreightPlaces

FITTING_ROUNDS = 15
"""Enough for the places' shares to be met within 0.01 % on the built-in network."""


def gravity_flows(
    places: FreightPlaces, distance_km: NDArray[np.float64], calibration: DemandCalibration
) -> OdFlows:
    """Weekly trips between all places.

    Parameters
    ----------
    places : FreightPlaces
        Inland places and gateways, ``n_places`` of them.
    distance_km : (n_places, n_places) float64
        Shortest road distances from each place (row) to each place (column), km.
    calibration : DemandCalibration
        Trips a week, their distances, the share of border trips.

    Returns
    -------
    OdFlows
        Domestic flows, then outbound, then inbound ones; transit stays out.
    """
    inland = np.flatnonzero(~places.is_gateway)
    gateways = np.flatnonzero(places.is_gateway)
    inland_weight = places.weight[inland]
    gateway_weight = _gateway_weights(places, calibration)
    outbound = calibration.outbound_share_of_border_trips
    domestic = np.asarray(calibration.domestic_trips_percent) / 100.0
    border = np.asarray(calibration.border_trips_percent) / 100.0
    blocks = (
        (inland, inland, inland_weight, inland_weight, domestic, calibration.min_distance_km),
        (inland, gateways, inland_weight, gateway_weight, border * outbound, 0.0),
        (gateways, inland, gateway_weight, inland_weight, border * (1.0 - outbound), 0.0),
    )
    origin, destination, trips = [], [], []
    for rows, columns, row_weight, column_weight, bin_share, shortest_km in blocks:
        block_km = distance_km[np.ix_(rows, columns)]
        row, column, fitted = fit_to_distances(
            row_weight,
            column_weight,
            np.where(block_km >= shortest_km, block_km, np.inf),
            np.asarray(calibration.distance_bin_edges_km),
            bin_share * calibration.trips_per_week,
        )
        origin.append(rows[row])
        destination.append(columns[column])
        trips.append(fitted)
    from_place, to_place = np.concatenate(origin), np.concatenate(destination)
    return OdFlows(
        origin_node_idx=places.node_idx[from_place],
        destination_node_idx=places.node_idx[to_place],
        trips_per_week=np.concatenate(trips),
        inside_km=distance_km[from_place, to_place],
        abroad_before_median_km=places.abroad_median_km[from_place],
        abroad_after_median_km=places.abroad_median_km[to_place],
    )


def fit_to_distances(
    origin_weight: NDArray[np.float64],
    destination_weight: NDArray[np.float64],
    distance_km: NDArray[np.float64],
    bin_edges_km: NDArray[np.float64],
    trips_per_bin: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Trips between origins and destinations that meet given trips by distance bin.

    Parameters
    ----------
    origin_weight : (n_origins,) float64
        Share of all trips that each origin should send, in parts of any whole, > 0.
    destination_weight : (n_destinations,) float64
        The same for destinations, > 0.
    distance_km : (n_origins, n_destinations) float64
        Road distances, km; 0 and values outside the bins carry no trips.
    bin_edges_km : (n_bins + 1,) float64
        Edges of the distance bins, ascending, km; an edge belongs to the bin above it.
    trips_per_bin : (n_bins,) float64
        Trips in each bin, >= 0. The share of a bin without OD pairs goes to the others.

    Returns
    -------
    row, column : (n_pairs,) int64
        OD pairs with trips.
    trips : (n_pairs,) float64
        Trips of each pair, > 0; they sum to the sum of ``trips_per_bin``.

    Notes
    -----
    Each round scales rows, then columns, then bins; the bins come last and are met exactly.
    """
    in_bin = np.digitize(distance_km, bin_edges_km) - 1
    # One more bin, without trips: `digitize` gives it to what lies beyond the last edge, and -1,
    # which is the same place, to what lies before the first.
    has_trips = np.append(trips_per_bin > 0.0, values=False)
    row, column = np.nonzero(has_trips[in_bin] & (distance_km > 0.0))
    pair_bin = in_bin[row, column]
    pairs_in_bin = np.bincount(pair_bin, minlength=len(trips_per_bin))
    bin_target = np.where(pairs_in_bin > 0, trips_per_bin, 0.0)
    if not bin_target.any():
        return row[:0], column[:0], np.zeros(0)
    bin_target *= trips_per_bin.sum() / bin_target.sum()
    trips = origin_weight[row] * destination_weight[column]
    margins = (
        (row, _reachable_share(origin_weight, row) * bin_target.sum()),
        (column, _reachable_share(destination_weight, column) * bin_target.sum()),
        (pair_bin, bin_target),
    )
    for _ in range(FITTING_ROUNDS):
        for label, target in margins:
            found = np.bincount(label, weights=trips, minlength=len(target))
            factor = np.divide(target, found, out=np.zeros_like(target), where=found > 0.0)
            trips = trips * factor[label]
    return row, column, trips


def _reachable_share(weight: NDArray[np.float64], label: NDArray[np.int64]) -> NDArray[np.float64]:
    """Shares of the places that have any OD pair, by weight, sum 1."""
    has_pair = np.bincount(label, minlength=len(weight)) > 0
    reachable = np.where(has_pair, weight, 0.0)
    share: NDArray[np.float64] = reachable / reachable.sum()
    return share


def _gateway_weights(places: FreightPlaces, calibration: DemandCalibration) -> NDArray[np.float64]:
    """Share of each gateway in border trips: its country's, split by the gateways' weights."""
    country = places.country[places.is_gateway]
    weight = places.weight[places.is_gateway]
    named = calibration.gateway_country_percent
    group = np.array([name if name in named else "other" for name in country], dtype=object)
    share = np.zeros(len(group))
    for name in set(group.tolist()):
        member = group == name
        share[member] = named[name] * weight[member] / weight[member].sum()
    return share

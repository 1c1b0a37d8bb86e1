"""Trips and stops as tables with names instead of indices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.routing.stop_plans import StopKind, StopPlans, TripStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites

UNSERVED_REASONS = {
    TripStatus.NO_ROUTE: "no route",
    TripStatus.NO_SITE_IN_RANGE: "no site in range",
    TripStatus.STARTS_TOO_LOW: "starts too low for its first site",
    TripStatus.STARTS_BELOW_MINIMUM: "starts below the minimum state of charge",
}
"""Reason of each status other than served, as a reader sees it."""

BREAK_KINDS = ("break", "rest")
"""Kinds of stops without charging: the break, then the daily rest."""


def trip_table(
    trips: Trips,
    plans: StopPlans,
    graph: RoadGraph,
    vehicle_names: Sequence[str],
    stop_wait_h: NDArray[np.float64],
    reference_h: NDArray[np.float64],
    extra_h: NDArray[np.float64],
    min_soc_share: NDArray[np.float64],
) -> pd.DataFrame:
    """Trips with their planned figures.

    Parameters
    ----------
    vehicle_names : sequence of str
        Name of each vehicle class.
    stop_wait_h : (n_stops,) float64
        Simulated waiting at each stop in the default solution, hours.
    reference_h, extra_h : (n_trips,) float64
        Duration without charging, and what charging adds to it in the default solution, hours.
    min_soc_share : (n_trips,) float64
        Minimum state of charge of each trip's truck.

    Returns
    -------
    DataFrame
        ``TRIPS``, in the order of the trips.
    """
    wait_h = np.bincount(plans.stop_trip_idx, weights=stop_wait_h, minlength=plans.n_trips)
    status = [kind.name.lower() for kind in TripStatus]
    return pd.DataFrame(
        {
            "trip_id": trips.trip_id,
            "origin_node_id": _texts(graph.node_id, trips.origin_node_idx),
            "destination_node_id": _texts(graph.node_id, trips.destination_node_idx),
            "origin": _texts(graph.node_name, trips.origin_node_idx),
            "destination": _texts(graph.node_name, trips.destination_node_idx),
            "vehicle_class": _texts(vehicle_names, trips.vehicle_class_idx),
            "is_loaded": trips.is_loaded,
            "departure_h": trips.departure_h,
            "abroad_before_km": trips.abroad_before_km,
            "abroad_after_km": trips.abroad_after_km,
            "initial_soc_share": trips.initial_soc_share,
            "status": _texts(status, plans.status),
            "n_stops": np.diff(plans.stop_offset),
            "entry_h": plans.entry_h,
            "arrival_h": plans.arrival_h,
            "first_leg_h": plans.first_leg_h,
            "distance_km": plans.distance_km,
            "direct_distance_km": plans.direct_distance_km,
            "drive_h": plans.drive_h,
            "n_unplugged_breaks": plans.n_unplugged_breaks.astype(np.int64),
            "n_unplugged_rests": plans.n_unplugged_rests.astype(np.int64),
            "final_soc_share": plans.final_soc_share,
            "is_below_minimum": plans.is_below(min_soc_share),
            "wait_min": wait_h * 60.0,
            "reference_h": reference_h,
            "extra_min": extra_h * 60.0,
        }
    )


def stop_table(
    trips: Trips, plans: StopPlans, sites: Sites, stop_wait_h: NDArray[np.float64]
) -> pd.DataFrame:
    """Charging stops of all trips.

    Parameters
    ----------
    stop_wait_h : (n_stops,) float64
        Simulated waiting at each stop in the default solution, hours.

    Returns
    -------
    DataFrame
        ``STOPS``, by trip in the order of driving.
    """
    trip_idx = plans.stop_trip_idx
    kind = [kind.name.lower() for kind in StopKind]
    return pd.DataFrame(
        {
            "trip_id": trips.trip_id[trip_idx],
            "stop": np.arange(plans.n_stops) - plans.stop_offset[trip_idx],
            "site_id": _texts(sites.site_id, plans.stop_site_idx),
            "kind": _texts(kind, plans.stop_kind),
            "arrival_h": plans.stop_arrival_h,
            "plug_h": plans.stop_plug_h,
            "hold_h": plans.stop_hold_h,
            "next_leg_h": plans.stop_next_leg_h,
            "energy_kwh": plans.stop_energy_kwh,
            "arrival_soc_share": plans.stop_arrival_soc_share,
            "wait_min": stop_wait_h * 60.0,
        }
    )


def break_table(trips: Trips, plans: StopPlans) -> pd.DataFrame:
    """Breaks and daily rests that trucks take without charging.

    Returns
    -------
    DataFrame
        ``BREAKS``, by trip in the order of driving.
    """
    trip_idx, is_rest = plans.unplugged_trip_idx, plans.unplugged_is_rest
    return pd.DataFrame(
        {
            "trip_id": trips.trip_id[trip_idx],
            "number": np.arange(len(trip_idx)) - plans.unplugged_offset[trip_idx],
            "leg": plans.unplugged_leg.astype(np.int64),
            "kind": _texts(BREAK_KINDS, is_rest.astype(np.int64)),
            "after_drive_h": plans.unplugged_after_drive_h,
            "length_h": plans.unplugged_length_h,
        }
    )


def unserved_table(trips: Trips, plans: StopPlans, graph: RoadGraph) -> pd.DataFrame:
    """Trips that cannot be driven, with the reason and where the truck strands.

    Returns
    -------
    DataFrame
        ``UNSERVED``, in the order of the trips; the place is the origin where none is known.
    """
    chosen = np.flatnonzero(~plans.is_served)
    stranded = plans.stranded_node_idx[chosen]
    node = np.where(stranded >= 0, stranded, trips.origin_node_idx[chosen])
    reasons = np.array(
        [UNSERVED_REASONS.get(status, "served") for status in TripStatus], dtype=object
    )
    return pd.DataFrame(
        {
            "trip_id": trips.trip_id[chosen],
            "reason": reasons[plans.status[chosen]],
            "place": graph.node_name[node],
            "lon": graph.lon[node],
            "lat": graph.lat[node],
        }
    )


def _texts(
    names: Sequence[str] | NDArray[np.object_], idx: NDArray[np.integer[Any]]
) -> pd.Categorical:
    """Names of rows, each name kept once: millions of trips have a few thousand of them.

    Parameters
    ----------
    names : (n_names,) str
        Some may be the same.
    idx : (n_rows,) int
        Which of them each row has.
    """
    number, texts = pd.factorize(np.asarray(names, dtype=object))
    return pd.Categorical.from_codes(number[idx], pd.Index(texts, dtype="str"))

"""Trips that cannot be driven: which of them need no search, and where each strands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.network.distances import farthest_reached_node_idx
from planner.routing.plan_rows import pair_of_trip
from planner.routing.plan_writing_kernel import ENTRY_KWH
from planner.routing.range_kernel import ROUNDING_KWH
from planner.routing.stop_plans import TripStatus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.routing.plan_writing_kernel import PlanRows
    from planner.routing.site_legs import SiteLegs
    from planner.routing.stop_planner_kernel import TripRows


def reaches_nothing(rows: TripRows, legs: SiteLegs) -> NDArray[np.bool_]:
    """Whether a truck reaches neither a site nor its destination with what it has, (n_trips,)."""
    pair = pair_of_trip(rows)
    origin, destination = rows.pair_origin[pair], rows.pair_destination[pair]
    some, row = np.unique(origin, return_inverse=True)
    to_site_km = np.where(legs.is_closed, np.inf, legs.from_origin_km[some])
    nearest_km = to_site_km.min(axis=1, initial=np.inf)[row]
    kwh_per_km = rows.truck[:, 2]
    short_of_site = rows.initial_kwh + ROUNDING_KWH < rows.floor_kwh + nearest_km * kwh_per_km
    end_kwh = rows.required_kwh + legs.direct_km[origin, destination] * kwh_per_km
    # Before the border it charges.
    is_from_here = rows.abroad_before_km <= 0.0
    return np.asarray(is_from_here & short_of_site & (rows.initial_kwh + ROUNDING_KWH < end_kwh))


def stranded_nodes(rows: TripRows, planned: PlanRows, legs: SiteLegs) -> NDArray[np.int32]:
    """Farthest node on the direct way that each unserved trip reaches, -1 for the served."""
    stranded = np.full(len(planned.status), -1, dtype=np.int32)
    trip_pair = pair_of_trip(rows)
    for row in np.flatnonzero(planned.status != TripStatus.SERVED):
        pair = trip_pair[row]
        origin = int(legs.origin_node_idx[rows.pair_origin[pair]])
        stranded[row] = origin
        if planned.status[row] in (TripStatus.NO_SITE_IN_RANGE, TripStatus.STARTS_TOO_LOW):
            least_kwh = rows.truck[row, 1]
            if planned.status[row] == TripStatus.STARTS_TOO_LOW:
                least_kwh = rows.floor_kwh[row]
            stranded[row] = farthest_reached_node_idx(
                legs.network,
                origin,
                int(legs.destination_node_idx[rows.pair_destination[pair]]),
                (planned.trip[row, ENTRY_KWH] - least_kwh) / rows.truck[row, 2],
            )
    return stranded

"""The queues of a simulated run, as the stop planner can know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.routing.known_queues import KnownQueues
from planner.simulation.final_queues_kernel import fill_free_times

if TYPE_CHECKING:
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import ChargerLayout, QueueResult


def queues_of_run(
    demand: ChargingDemand, layout: ChargerLayout, result: QueueResult, n_trips: int
) -> KnownQueues:
    """Queues that trucks met in a simulated run, and whose sessions they are.

    Parameters
    ----------
    n_trips : int
        All trips, those without a stop included.
    """
    n_sites = demand.n_sites
    station = demand.stop_site_idx + np.where(result.is_hpc, 0, n_sites)
    # By the time of joining, as first come, first served has it; plug-ins settle equal times.
    order = np.lexsort((result.plug_in_h, result.queue_h, station))
    station_offset = np.searchsorted(station[order], np.arange(2 * n_sites + 1))
    n_points = np.concatenate([layout.n_hpc, layout.n_lpc]).astype(np.int32)
    plug_in_h, plug_h = result.plug_in_h[order], result.plug_h[order]
    free_h, longest_h = np.empty(demand.n_stops), np.zeros(2 * n_sites)
    fill_free_times(station_offset, n_points, plug_in_h, plug_h, free_h)
    np.maximum.at(longest_h, station[order], plug_h)
    # The inverse of the order: from a stop to its place among the sessions.
    session = np.empty(demand.n_stops, np.int64)
    session[order] = np.arange(demand.n_stops)
    trip = np.repeat(demand.trip_idx, np.diff(demand.trip_stop_offset))
    by_trip = np.lexsort((session, trip))
    return KnownQueues(
        station_offset=station_offset,
        n_points=n_points,
        joined_h=result.queue_h[order],
        plug_in_h=plug_in_h,
        plug_h=plug_h,
        free_h=free_h,
        longest_h=longest_h,
        own_offset=np.searchsorted(trip[by_trip], np.arange(n_trips + 1)),
        own_session=session[by_trip],
    )

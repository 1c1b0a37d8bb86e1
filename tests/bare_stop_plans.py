"""Stop plans of which only what queues depend on is known."""

import numpy as np

from planner.routing.stop_plans import StopPlans


def bare_stop_plans(n_stops, *, stop_site_idx, stop_kind, **known):
    """Plans of served trips with so many stops each; ``known`` are columns of StopPlans."""
    n_trips, n_all = len(n_stops), len(stop_site_idx)
    of_trips, of_stops = np.full(n_trips, np.nan), np.full(n_all, np.nan)
    columns = {
        "status": np.zeros(n_trips, np.int8),
        "arrival_h": of_trips,
        "distance_km": of_trips,
        "direct_distance_km": of_trips,
        "drive_h": of_trips,
        "n_unplugged_breaks": np.zeros(n_trips, np.int16),
        "n_unplugged_rests": np.zeros(n_trips, np.int16),
        "entry_soc_share": of_trips,
        "final_soc_share": of_trips,
        "stranded_node_idx": np.full(n_trips, -1, np.int32),
        "looked_km": np.full(n_trips, np.inf),
        "is_first_try": np.ones(n_trips, np.bool_),
        "is_exact": np.ones(n_trips, np.bool_),
        "stop_arrival_h": of_stops,
        "stop_arrival_soc_share": of_stops,
        "unplugged_offset": np.zeros(n_trips + 1, np.int64),
        "unplugged_leg": np.zeros(0, np.int32),
        "unplugged_after_drive_h": np.zeros(0),
        "unplugged_length_h": np.zeros(0),
        "unplugged_is_rest": np.zeros(0, np.bool_),
    }
    return StopPlans(
        stop_offset=np.concatenate([[0], np.cumsum(n_stops, dtype=np.int64)]),
        stop_site_idx=np.asarray(stop_site_idx, np.int32),
        stop_kind=np.asarray(stop_kind, np.int8),
        **columns | known,
    )

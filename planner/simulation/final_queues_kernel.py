"""When points become free for those behind, replayed from a simulated run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.routing.known_queues_kernel import replace_earliest
from planner.runs.kernel_decorators import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


@kernel
def fill_free_times(
    station_offset: NDArray[np.int64],
    n_points: NDArray[np.int32],
    plug_in_h: NDArray[np.float64],
    plug_h: NDArray[np.float64],
    free_h: NDArray[np.float64],
) -> None:
    """Fill when a point becomes free for the next truck behind each session, hours.

    Parameters
    ----------
    station_offset, n_points, plug_in_h, plug_h
        As in :class:`~planner.routing.known_queues.KnownQueues`.
    free_h : (n_sessions,) float64
        Filled: the earliest of the latest ``n_points`` releases, -inf while fewer are taken.
    """
    for station in range(len(n_points)):
        points_free_h = np.full(n_points[station], -np.inf)
        for session in range(station_offset[station], station_offset[station + 1]):
            # Sessions come in the order of plug-in, each at the point that is free first.
            replace_earliest(points_free_h, plug_in_h[session] + plug_h[session])
            free_h[session] = points_free_h[0]

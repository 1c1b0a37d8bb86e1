"""What the event loop of the queue simulation reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SESSION_DTYPE = np.dtype(
    [
        ("plug_h", np.float64),
        ("lag_h", np.float64),
        ("station", np.int32),
        ("next_session", np.int32),
    ],
    align=True,
)
"""A possible session: time at the charging point, time from plug-in to the next arrival, its
station (the site for HPC, ``n_sites`` + site for LPC), the session at the next stop (-1 where
there is none)."""


PLANNED_DTYPE = np.dtype(
    [("arrival_h", np.float64), ("session", np.int32), ("trip", np.int32)], align=True
)
"""An arrival as planned, without any waiting: when, at which session, of which trip."""


class EventTables(NamedTuple):
    """What the kernel reads; prepared once per demand.

    Trips are numbered by their first arrival. Sessions ``0:n_trips`` are the first stops in that
    order, then come all follow-up stops in the order of their arrivals without any waiting, then
    the HPC session that stands in for each LPC stop if it is rejected.
    """

    n_trips: int
    planned: NDArray[np.void]
    """(n_stops,) of ``PLANNED_DTYPE``, by time, then by trip: what comes unless a truck is late."""
    session: NDArray[np.void]
    """(n_sessions,) of ``SESSION_DTYPE``."""
    hold_h: NDArray[np.float64]
    """(n_sessions,) hours from plug-in to departure."""
    energy_kwh: NDArray[np.float64]
    """(n_sessions,) kWh."""
    draw_offset: NDArray[np.int64]
    draw_until_h: NDArray[np.float64]
    draw_until_kwh: NDArray[np.float64]
    """Fields of ``drawn_energy_kernel.Draws`` of all sessions."""
    fallback_session: NDArray[np.int32]
    """(n_sessions,) HPC session after an LPC rejection, -1 where there is none."""
    bucket_first_planned: NDArray[np.int64]
    """(n_buckets + 1,) planned arrivals of bucket ``b``: ``bucket_first_planned[b:b + 2]``."""
    origin_h: float
    """Where the first bucket begins, hours."""
    buckets_per_h: float
    """Inverse of a bucket's width, 1/h."""
    ban_days: int
    ban_from_h: float
    ban_until_h: float
    """Driving ban, as in ``DrivingBan``."""
    leg_of_session: NDArray[np.int64]
    """(n_sessions,) leg that follows; empty where there is no ban."""
    piece_offset: NDArray[np.int64]
    piece_drive_h: NDArray[np.float64]
    piece_stand_h: NDArray[np.float64]
    """Pieces of legs, as in ``Legs``."""
    n_sites: int
    start_h: float
    """Start of the horizon, hours."""
    end_h: float
    """End of the horizon, hours."""

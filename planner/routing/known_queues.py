"""Queues that a driver knows: when each station's next point becomes free, and who waits there.

A truck that joins a queue served first come, first served, starts when the point that is free
first after all before it becomes free. That time is a step for every truck that joins, so the
waits below are exact to the moment, and who joins later never starts earlier.

A driver who looks for a better plan is part of the queues that he knows. His own sessions are
taken out first, and those behind him at these stations move up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.errors import InputDataError

if TYPE_CHECKING:
    from numpy.typing import NDArray


class KnownQueues(NamedTuple):
    """Sessions at all stations in the order of service, and which of them are whose.

    Station ``s`` holds the high-power points of site ``s``, station ``n_sites + s`` its overnight
    points.

    Parameters
    ----------
    station_offset : (2 * n_sites + 1,) int64
        Where the sessions of each station begin; (1,) where drivers know of no queues.
    n_points : (2 * n_sites,) int32
        Charging points, >= 0.
    joined_h : (n_sessions,) float64
        When each truck joins the queue, hours since Monday 00:00, ascending in a station.
    plug_in_h : (n_sessions,) float64
        When it takes its point, ascending in a station.
    plug_h : (n_sessions,) float64
        How long it occupies the point, hours, > 0.
    free_h : (n_sessions,) float64
        When a point becomes free for the next truck behind it; -inf where one is free all along.
    longest_h : (2 * n_sites,) float64
        Longest session of each station, hours.
    own_offset : (n_trips + 1,) int64
        Where the own sessions of each trip begin.
    own_session : (n_stops,) int64
        Sessions of trips, ascending in a trip.
    """

    station_offset: NDArray[np.int64]
    n_points: NDArray[np.int32]
    joined_h: NDArray[np.float64]
    plug_in_h: NDArray[np.float64]
    plug_h: NDArray[np.float64]
    free_h: NDArray[np.float64]
    longest_h: NDArray[np.float64]
    own_offset: NDArray[np.int64]
    own_session: NDArray[np.int64]

    def check(self, n_sites: int, n_trips: int) -> None:
        """Refuse what does not fit the sites and trips.

        Raises
        ------
        InputDataError
            If these are queues of other sites or trips.
        """
        found = len(self.n_points) // 2, len(self.own_offset) - 1
        if found != (n_sites, n_trips):
            message = (
                f"known queues: expected those of {n_sites} sites and {n_trips} trips, found "
                f"{found[0]} and {found[1]}; take them from a run of the same trips"
            )
            raise InputDataError(message)

    def of_trips(self, trip_idx: NDArray[np.int64]) -> KnownQueues:
        """Return the same queues for some trips, in their order."""
        if len(self.own_offset) == 1:
            return self
        n_own = np.diff(self.own_offset)[trip_idx]
        offset = np.concatenate([[0], np.cumsum(n_own)])
        # How far the sessions of each chosen trip move when those of others are left out.
        shift = np.repeat(self.own_offset[trip_idx] - offset[:-1], n_own)
        own = self.own_session[np.arange(offset[-1]) + shift]
        return self._replace(own_offset=offset, own_session=own)


def no_queues() -> KnownQueues:
    """Queues of drivers who expect to wait nowhere."""
    times = (np.empty(0),) * 5
    zero = np.zeros(1, np.int64)
    return KnownQueues(zero, np.empty(0, np.int32), *times, zero, np.empty(0, np.int64))

"""Trucks of an OD pair spread over ways that take about as long.

Roads are not equally quick for every truck: a jam, the weather and the hour make some ways longer
than they are in the mean. A few draws of the driving times are made for the whole network, and each
trip meets one of them and takes the way that is quickest there. Trees of quickest ways are so
shared by all trips of a draw.

A stretch's time is gamma distributed around its mean with a variance that grows with it, so that
a way varies the same however many stretches it is cut into (Nielsen 2000, A stochastic transit
assignment model considering differences in passengers utility functions). What makes all of a road
quicker or slower, from one end to the other, is a lognormal factor with the road's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaincinv, ndtri

from planner.runs.counter_draws import uniform_draws
from planner.runs.random_streams import stable_hash

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.runs.random_streams import RandomStreams
    from planner.scenario.route_spread import RouteSpreadSettings

_STRETCHES, _ROADS, _TRIPS = 0, 1, 2
"""Kinds of draws of a key."""
_SHORTEST_SHARE = 1e-3
"""Of its mean time, what a stretch takes at least, so that no way is for nothing."""


@dataclass(frozen=True, slots=True)
class RouteSpread:
    """How differently trucks find the roads.

    Parameters
    ----------
    hour_deviation_h : float
        Standard deviation of a way of one hour, hours; that of longer ways grows with the root of
        their time.
    road_deviation_share : float
        Standard deviation of the logarithm of what a road is slower by, from end to end.
    n_draws : int
        Draws of the driving times, >= 1.
    key : numpy.uint64
        Key of the stage, from :meth:`planner.runs.random_streams.RandomStreams.key`.
    """

    hour_deviation_h: float
    road_deviation_share: float
    n_draws: int
    key: np.uint64

    def draw_of_trips(self, trip_id: NDArray[np.int64]) -> NDArray[np.int64]:
        """Draw that each trip meets, (n_trips,) int64 within [0, n_draws)."""
        drawn = uniform_draws(self.key, trip_id, np.full(len(trip_id), _TRIPS))
        return np.asarray((drawn * self.n_draws).astype(np.int64))

    def times_h(
        self, time_h: NDArray[np.float64], road: NDArray[np.object_], draw: int
    ) -> NDArray[np.float64]:
        """Driving times of a draw.

        Parameters
        ----------
        time_h : (n_arcs,) float64
            Mean driving time of every arc, hours.
        road : (n_arcs,) object
            Its road; what has no name has no factor of its own.
        """
        number = draw * (_TRIPS + 1)
        found_h = time_h.copy()
        scale_h = self.hour_deviation_h**2
        if scale_h > 0.0:
            drawn = uniform_draws(
                self.key, np.arange(len(time_h)), np.full(len(time_h), number + _STRETCHES)
            )
            varies = time_h > 0.0
            shape = time_h[varies] / scale_h
            found_h[varies] = gammaincinv(shape, drawn[varies]) * scale_h
        if self.road_deviation_share > 0.0:
            found_h *= self._road_factors(road, number + _ROADS)
        return np.maximum(found_h, _SHORTEST_SHARE * time_h)

    def _road_factors(self, road: NDArray[np.object_], number: int) -> NDArray[np.float64]:
        """What each arc's road takes longer in a draw, 1 in the median, (n_arcs,)."""
        names, of_arc = np.unique(road.astype(str), return_inverse=True)
        hashes = np.array([stable_hash(name) for name in names], dtype=np.uint64).view(np.int64)
        drawn = uniform_draws(self.key, hashes, np.full(len(names), number))
        # A draw of 0 would make a road infinitely quick.
        normal = ndtri(np.maximum(drawn, np.finfo(np.float64).eps))
        factor = np.where(names == "", 1.0, np.exp(self.road_deviation_share * normal))
        return np.asarray(factor[of_arc])


def route_spread_of(
    settings: RouteSpreadSettings | None, streams: RandomStreams
) -> RouteSpread | None:
    """Spread of a scenario's routes, drawn with its seed; none where it asks for none."""
    if settings is None:
        return None
    return RouteSpread(
        settings.hour_deviation_min / 60.0,
        settings.road_deviation_share,
        settings.draws,
        streams.key("routing.routes"),
    )

"""Who finds a space where: first come, first served, on to the next site where all are taken."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.parking.stops import ParkingStops
    from planner.parking.ways import Passed

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Parked:
    """Where stops are made.

    Parameters
    ----------
    first_site_idx : (n_stops,) int64
        Site that the truck comes to first, -1 where it passes none.
    site_idx : (n_stops,) int64
        Site at which it finds a space, -1 where at none.
    at_point : (n_stops,) bool
        Whether it stands at an overnight point, whose bay is kept for that.
    at_h : (n_stops,) float64
        When it stops there; where it finds nothing, when it came to the first site.
    """

    first_site_idx: NDArray[np.int64]
    site_idx: NDArray[np.int64]
    at_point: NDArray[np.bool_]
    at_h: NDArray[np.float64]

    @property
    def is_nowhere(self) -> NDArray[np.bool_]:
        """Stops whose truck passes sites and finds no space at any, (n_stops,)."""
        return np.asarray((self.first_site_idx >= 0) & (self.site_idx < 0))

    @property
    def moves_on(self) -> NDArray[np.bool_]:
        """Stops made at another site than the first, (n_stops,)."""
        return np.asarray((self.site_idx >= 0) & (self.site_idx != self.first_site_idx))


def fill_spaces(
    stops: ParkingStops, passed: Passed, spaces: NDArray[np.int64], n_lpc: NDArray[np.int64]
) -> Parked:
    """Let trucks take spaces in the order in which they come to sites.

    Parameters
    ----------
    passed : Passed
        Sites that those without a point pass.
    spaces : (n_sites,) int64
        Spaces for trucks that stand at no point.
    n_lpc : (n_sites,) int64
        Overnight points; a truck that finds all taken stands in a space of the same site.
    """
    n_sites, n_stops = len(spaces), len(stops)
    plugged = np.flatnonzero(stops.plugged_site_idx >= 0)
    at_site = stops.plugged_site_idx[plugged]
    # A point counts as a site of its own, before the spaces beside it.
    tries_stop = np.concatenate([plugged, plugged, passed.stop_idx])
    tries_site = np.concatenate([n_sites + at_site, at_site, passed.site_idx])
    tries_h = np.concatenate([stops.start_h[plugged]] * 2 + [passed.at_h])
    order = np.argsort(tries_h, kind="stable")
    room = np.concatenate([spaces, n_lpc]).tolist()
    length_h = stops.length_h.tolist()
    until_h: list[list[float]] = [[] for _ in room]
    found, found_h = [NOWHERE] * n_stops, [np.nan] * n_stops
    for stop, site, now_h in zip(
        tries_stop[order].tolist(), tries_site[order].tolist(), tries_h[order].tolist(), strict=True
    ):
        if found[stop] != NOWHERE:
            continue
        taken = until_h[site]
        while taken and taken[0] <= now_h:
            heappop(taken)
        if len(taken) < room[site]:
            heappush(taken, now_h + length_h[stop])
            found[stop], found_h[stop] = site, now_h
    place, at_h = np.array(found, dtype=np.int64), np.array(found_h)
    first, first_h = np.full(n_stops, NOWHERE), stops.start_h.copy()
    # Sites passed stand in the order of driving: the first of each stop is written last.
    first[passed.stop_idx[::-1]] = passed.site_idx[::-1]
    first_h[passed.stop_idx[::-1]] = passed.at_h[::-1]
    first[plugged] = at_site
    return Parked(
        first,
        np.where(place >= n_sites, place - n_sites, place),
        place >= n_sites,
        np.where(place == NOWHERE, first_h, at_h),
    )

"""The candidate sites of an OD pair and the ways between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from planner.routing.driving_kernel import TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

ORIGIN = -1
"""Place of the label that a search starts from; the destination comes after the last site."""

MOST_CLOSED_SITES = 64
"""Candidate sites up to which shortest ways between all of them are worth their time."""


class Legs(NamedTuple):
    """All legs of one truck speed, as in :class:`~planner.routing.site_legs.SiteLegs`."""

    direct_h: NDArray[np.float64]
    direct_km: NDArray[np.float64]
    from_origin_h: NDArray[np.float64]
    from_origin_km: NDArray[np.float64]
    to_destination_h: NDArray[np.float64]
    to_destination_km: NDArray[np.float64]
    between_h: NDArray[np.float64]
    between_km: NDArray[np.float64]


class Corridor(NamedTuple):
    """Candidate sites of an OD pair and the legs between them, hours and kilometres.

    ``site_idx`` ascends; ``between_*[i, j]`` leads from candidate i to candidate j. ``least_*``
    and ``onward_*`` are lower bounds on the way from site to site and to the destination, past
    any other sites.
    """

    site_idx: NDArray[np.int32]
    from_origin_h: NDArray[np.float64]
    from_origin_km: NDArray[np.float64]
    between_h: NDArray[np.float64]
    between_km: NDArray[np.float64]
    to_destination_h: NDArray[np.float64]
    to_destination_km: NDArray[np.float64]
    direct_h: float
    direct_km: float
    least_h: NDArray[np.float64]
    least_km: NDArray[np.float64]
    onward_h: NDArray[np.float64]
    onward_km: NDArray[np.float64]


@njit(cache=True)
def least_ways(
    between: NDArray[np.float64], to_destination: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower bounds on time or length between sites and to the destination, past any other sites.

    A leg can be longer than a way past other sites: legs are the quickest, not the shortest, and
    a both-way site is a place to turn. Floyd and Warshall's ways are exact; for very many sites
    the difference of the ways to the destination serves as well.

    Returns
    -------
    least : (n_candidates, n_candidates) float64
    onward : (n_candidates,) float64
    """
    n_candidates = len(to_destination)
    least = between.copy()
    onward = to_destination.copy()
    if n_candidates <= MOST_CLOSED_SITES:
        for k in range(n_candidates):
            for i in range(n_candidates):
                first = least[i, k]
                for j in range(n_candidates):
                    least[i, j] = min(least[i, j], first + least[k, j])
                onward[i] = min(onward[i], first + onward[k])
        return least, onward
    is_changed = True
    while is_changed:
        is_changed = False
        for i in range(n_candidates):
            for j in range(n_candidates):
                if between[i, j] + onward[j] < onward[i]:
                    onward[i] = between[i, j] + onward[j]
                    is_changed = True
    for i in range(n_candidates):
        for j in range(n_candidates):
            least[i, j] = max(0.0, onward[i] - onward[j])
    return least, onward


@njit(cache=True)
def corridor_of(legs: Legs, origin: int, destination: int, detour_km: float) -> Corridor:
    """Candidate sites of an OD pair and the legs between them.

    A site belongs to the corridor where the way through it is at most ``detour_km`` longer than
    the direct one, both along quickest paths.
    """
    direct_km = legs.direct_km[origin, destination]
    n_sites = legs.between_h.shape[0]
    site_idx = np.empty(n_sites, np.int32)
    n_candidates = 0
    for site in range(n_sites):
        through_km = legs.from_origin_km[origin, site] + legs.to_destination_km[destination, site]
        if through_km - direct_km <= detour_km:
            site_idx[n_candidates] = site
            n_candidates += 1
    site_idx = site_idx[:n_candidates].copy()
    ends = np.empty((4, n_candidates))
    between = np.empty((2, n_candidates, n_candidates))
    for i in range(n_candidates):
        site = site_idx[i]
        ends[0, i] = legs.from_origin_h[origin, site]
        ends[1, i] = legs.from_origin_km[origin, site]
        ends[2, i] = legs.to_destination_h[destination, site]
        ends[3, i] = legs.to_destination_km[destination, site]
        for j in range(n_candidates):
            between[0, i, j] = legs.between_h[site, site_idx[j]]
            between[1, i, j] = legs.between_km[site, site_idx[j]]
    least_h, onward_h = least_ways(between[0], ends[2])
    least_km, onward_km = least_ways(between[1], ends[3])
    return Corridor(
        site_idx,
        ends[0],
        ends[1],
        between[0],
        between[1],
        ends[2],
        ends[3],
        legs.direct_h[origin, destination],
        direct_km,
        least_h,
        least_km,
        onward_h,
        onward_km,
    )


@njit(cache=True)
def leg(corridor: Corridor, start: int, end: int) -> tuple[float, float]:
    """Driving time and length between two places."""
    if end == len(corridor.site_idx):
        if start == ORIGIN:
            return corridor.direct_h, corridor.direct_km
        return corridor.to_destination_h[start], corridor.to_destination_km[start]
    if start == ORIGIN:
        return corridor.from_origin_h[end], corridor.from_origin_km[end]
    return corridor.between_h[start, end], corridor.between_km[start, end]


@njit(cache=True)
def leads_through(corridor: Corridor, before: int, place: int, end: int) -> bool:
    """Whether passing a site unplugged may serve, because no leg past it is as quick and as short.

    That is so only where the quickest way is longer and the battery might not bear it, or where
    the site is a place to turn.
    """
    first_h, first_km = leg(corridor, before, place)
    second_h, second_km = leg(corridor, place, end)
    past_h, past_km = leg(corridor, before, end)
    return past_h > first_h + second_h + TOLERANCE or past_km > first_km + second_km + TOLERANCE

"""The candidate sites of an OD pair and the ways between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.routing.driving_kernel import TOLERANCE
from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

ORIGIN = -1
"""Place of the label that a search starts from, the last row of all ways; the destination comes
after the last site."""

MOST_CLOSED_SITES = 64
"""Candidate sites up to which shortest ways between all of them are worth their time."""


class Legs(NamedTuple):
    """All legs of one truck speed, as in :class:`~planner.routing.site_legs.SiteLegs`.

    Legs of closed sites are there and not to be driven.
    """

    direct_h: NDArray[np.float64]
    direct_km: NDArray[np.float64]
    from_origin_h: NDArray[np.float64]
    from_origin_km: NDArray[np.float64]
    to_destination_h: NDArray[np.float64]
    to_destination_km: NDArray[np.float64]
    between_h: NDArray[np.float64]
    between_km: NDArray[np.float64]
    is_closed: NDArray[np.bool_]


HOURS, KM = range(2)
"""First index of the tables of a corridor: time and length."""


class Corridor(NamedTuple):
    """Candidate sites of an OD pair and the ways between them.

    Few arrays with all that belongs together, because each one costs time at every call.

    Parameters
    ----------
    site_idx : (n_candidates,) int32
        Candidates, ascending.
    way : (2, n_candidates + 1, n_candidates + 1) float64
        Leg from one place to another; the last row is the origin, the last column the
        destination.
    least : (2, n_candidates, n_candidates) float64
        Lower bound on the way from one candidate to another past any other sites.
    onward : (2, n_candidates) float64
        Lower bound on the way to the destination past any other sites.
    """

    site_idx: NDArray[np.int32]
    way: NDArray[np.float64]
    least: NDArray[np.float64]
    onward: NDArray[np.float64]


@inner_kernel(**UNCOUNTED)
def fill_least_ways(
    way: NDArray[np.float64], least: NDArray[np.float64], onward: NDArray[np.float64]
) -> None:
    """Lower bounds on time or length between sites and to the destination, past any other sites.

    A leg can be longer than a way past other sites: legs are the quickest, not the shortest, and
    a both-way site is a place to turn. Floyd and Warshall's ways are exact; for very many sites
    the difference of the ways to the destination serves as well.

    Parameters
    ----------
    way : (n_candidates + 1, n_candidates + 1) float64
    least : (n_candidates, n_candidates) float64
        Filled.
    onward : (n_candidates,) float64
        Filled.
    """
    n_candidates = len(onward)
    for i in range(n_candidates):
        onward[i] = way[i, n_candidates]
        for j in range(n_candidates):
            least[i, j] = way[i, j]
    if n_candidates <= MOST_CLOSED_SITES:
        for k in range(n_candidates):
            for i in range(n_candidates):
                first = least[i, k]
                for j in range(n_candidates):
                    least[i, j] = min(least[i, j], first + least[k, j])
                onward[i] = min(onward[i], first + onward[k])
        return
    is_changed = True
    while is_changed:
        is_changed = False
        for i in range(n_candidates):
            for j in range(n_candidates):
                if way[i, j] + onward[j] < onward[i]:
                    onward[i] = way[i, j] + onward[j]
                    is_changed = True
    for i in range(n_candidates):
        for j in range(n_candidates):
            least[i, j] = max(0.0, onward[i] - onward[j])


@inner_kernel
def corridor_of(legs: Legs, origin: int, destination: int, detour_km: float) -> Corridor:
    """Candidate sites of an OD pair and the ways between them.

    An open site belongs to the corridor where the way through it is at most ``detour_km`` longer
    than the direct one, both along quickest paths; without a limit (inf) all open sites do, also
    those that are reached only by turning at another one.
    """
    direct_km = legs.direct_km[origin, destination]
    n_sites = legs.between_h.shape[0]
    site_idx = np.empty(n_sites, np.int32)
    n_candidates = 0
    for site in range(n_sites):
        if legs.is_closed[site]:
            continue
        through_km = legs.from_origin_km[origin, site] + legs.to_destination_km[destination, site]
        if through_km - direct_km <= detour_km:
            site_idx[n_candidates] = site
            n_candidates += 1
    return corridor_through(legs, origin, destination, site_idx[:n_candidates].copy())


@inner_kernel
def corridor_through(
    legs: Legs, origin: int, destination: int, site_idx: NDArray[np.int32]
) -> Corridor:
    """The ways between given candidate sites of an OD pair, ascending."""
    n_candidates = len(site_idx)
    direct_km = legs.direct_km[origin, destination]
    way = np.empty((2, n_candidates + 1, n_candidates + 1))
    way[HOURS, n_candidates, n_candidates] = legs.direct_h[origin, destination]
    way[KM, n_candidates, n_candidates] = direct_km
    for i in range(n_candidates):
        site = site_idx[i]
        way[HOURS, n_candidates, i] = legs.from_origin_h[origin, site]
        way[KM, n_candidates, i] = legs.from_origin_km[origin, site]
        way[HOURS, i, n_candidates] = legs.to_destination_h[destination, site]
        way[KM, i, n_candidates] = legs.to_destination_km[destination, site]
        for j in range(n_candidates):
            way[HOURS, i, j] = legs.between_h[site, site_idx[j]]
            way[KM, i, j] = legs.between_km[site, site_idx[j]]
    least = np.empty((2, n_candidates, n_candidates))
    onward = np.empty((2, n_candidates))
    for unit in range(2):
        fill_least_ways(way[unit], least[unit], onward[unit])
    return Corridor(site_idx, way, least, onward)


@inner_kernel
def holds_all(corridor: Corridor, site_idx: NDArray[np.int32]) -> bool:
    """Whether all of some sites, ascending, are among the candidates of a corridor.

    ``np.isin`` would say the same and take a sixth of the time to compile the whole planner.
    """
    place = 0
    for site in site_idx:
        while place < len(corridor.site_idx) and corridor.site_idx[place] < site:
            place += 1
        if place == len(corridor.site_idx) or corridor.site_idx[place] != site:
            return False
    return True


@inner_kernel
def shorten(ways: NDArray[np.float64], first: float, onward: NDArray[np.float64]) -> None:
    """Take ways past one more place where they are shorter; ``min`` would take ten times longer."""
    if first == np.inf:
        return
    for end in range(len(ways)):
        through = first + onward[end]
        ways[end] = through if through < ways[end] else ways[end]  # noqa: FURB136


@kernel
def least_hours_through(
    from_origin_h: NDArray[np.float64],
    to_destination_h: NDArray[np.float64],
    between_h: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Least driving times from origins to sites and on to destinations, past any other sites.

    A leg is the quickest path on the road graph; turning at other sites can be quicker. The same
    goes for lengths.

    Parameters
    ----------
    from_origin_h : (n_origins, n_sites) float64
    to_destination_h : (n_destinations, n_sites) float64
    between_h : (n_sites, n_sites) float64

    Returns
    -------
    from_origin_h, to_destination_h, between_h : as given
        New arrays, hours.
    """
    least = between_h.copy()
    n_sites = len(least)
    for site in range(n_sites):
        least[site, site] = 0.0
    for k in range(n_sites):
        onward = least[k].copy()
        for i in range(n_sites):
            shorten(least[i], least[i, k], onward)
    reached_h = np.full_like(from_origin_h, np.inf)
    for origin in range(len(from_origin_h)):
        for site in range(n_sites):
            shorten(reached_h[origin], from_origin_h[origin, site], least[site])
    left_h = np.full_like(to_destination_h, np.inf)
    back = least.T.copy()
    for destination in range(len(to_destination_h)):
        for site in range(n_sites):
            shorten(left_h[destination], to_destination_h[destination, site], back[site])
    return reached_h, left_h, least


@inner_kernel(**UNCOUNTED)
def leads_through(way: NDArray[np.float64], before: int, place: int, end: int) -> bool:
    """Whether passing a site unplugged may serve, because no leg past it is as quick and as short.

    That is so only where the quickest way is longer and the battery might not bear it, or where
    the site is a place to turn. ``way`` is that of the corridor.
    """
    through_h = way[HOURS, before, place] + way[HOURS, place, end]
    through_km = way[KM, before, place] + way[KM, place, end]
    is_quicker = way[HOURS, before, end] > through_h + TOLERANCE
    is_shorter = way[KM, before, end] > through_km + TOLERANCE
    return bool(is_quicker or is_shorter)

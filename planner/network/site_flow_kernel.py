"""Greedy choice of sites along routes, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOTHING_LEFT_SHARE = 1e-9
"""The choice ends when no candidate adds this share of all truck-km."""


@inner_kernel
def newly_served_km(
    at_km: float, left_km: float, right_km: float, route_km: float, reach_km: float
) -> float:
    """Kilometres of a route that a site adds to those of its nearest chosen neighbours."""
    # What the chosen neighbours on both sides serve already is nothing new.
    start = max(at_km - reach_km, left_km + reach_km, 0.0)
    end = min(at_km + reach_km, right_km - reach_km, route_km)
    return max(end - start, 0.0)


@kernel
def choose_greedily(
    route_offset: NDArray[np.int64],
    pass_candidate: NDArray[np.int32],
    pass_at_km: NDArray[np.float64],
    route_km: NDArray[np.float64],
    route_trucks: NDArray[np.float64],
    candidate_offset: NDArray[np.int64],
    candidate_pass: NDArray[np.int64],
    n_sites: int,
    reach_km: float,
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Choose the candidate that adds most truck-km, again and again.

    Parameters
    ----------
    route_offset : (n_routes + 1,) int64
        Where each route's passes begin.
    pass_candidate, pass_at_km : (n_passes,) int32, float64
        Candidates that a route passes in driving order, and where, km from its start.
    route_km, route_trucks : (n_routes,) float64
        Length and trucks of each route.
    candidate_offset : (n_candidates + 1,) int64
        Where each candidate's entries in ``candidate_pass`` begin.
    candidate_pass : (n_passes,) int64
        Passes by candidate.
    n_sites : int
        Most candidates to choose.
    reach_km : float
        How far along a route, before and behind, a site serves it, km.

    Returns
    -------
    (n_chosen,) int32
        Candidates in the order of choice, the first among equals.
    (n_chosen,) float64
        Truck-km that each added.
    """
    n_candidates = len(candidate_offset) - 1
    route_of = np.empty(len(pass_candidate), np.int64)
    left_km = np.full(len(pass_candidate), -np.inf)
    right_km = np.full(len(pass_candidate), np.inf)
    gain = np.zeros(n_candidates)
    total = 0.0
    for route in range(len(route_km)):
        total += route_trucks[route] * route_km[route]
        for entry in range(route_offset[route], route_offset[route + 1]):
            route_of[entry] = route
            gain[pass_candidate[entry]] += route_trucks[route] * newly_served_km(
                pass_at_km[entry], -np.inf, np.inf, route_km[route], reach_km
            )
    chosen = np.empty(min(n_sites, n_candidates), np.int32)
    added = np.empty(len(chosen))
    n_chosen = 0
    while n_chosen < len(chosen):
        best = np.argmax(gain)
        if gain[best] <= NOTHING_LEFT_SHARE * total:
            break
        chosen[n_chosen] = best
        added[n_chosen] = gain[best]
        n_chosen += 1
        # Only candidates on the routes of the chosen one gain less than before.
        for position in range(candidate_offset[best], candidate_offset[best + 1]):
            entry = candidate_pass[position]
            route = route_of[entry]
            at_km = pass_at_km[entry]
            for other in range(route_offset[route], route_offset[route + 1]):
                other_km = pass_at_km[other]
                before = newly_served_km(
                    other_km, left_km[other], right_km[other], route_km[route], reach_km
                )
                if other_km >= at_km:
                    left_km[other] = max(left_km[other], at_km)
                if other_km <= at_km:
                    right_km[other] = min(right_km[other], at_km)
                after = newly_served_km(
                    other_km, left_km[other], right_km[other], route_km[route], reach_km
                )
                gain[pass_candidate[other]] -= route_trucks[route] * (before - after)
        # Rounding must not let it be chosen again.
        gain[best] = -np.inf
    return chosen[:n_chosen], added[:n_chosen]

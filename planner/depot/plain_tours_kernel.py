"""Tours that cost their ways alone, as chains of stops: no windows, no batteries, trucks alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planner.depot.route_terms_kernel import DEPOT
from planner.runs.kernel_decorators import inner_kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEXT, PREVIOUS, TRUCK = range(3)
"""Rows of the table of places: who follows, who goes before (the depot at both ends of a tour), and
the truck. Stops that no tour holds have the number behind that of the last truck."""

FIRST, LAST_DELIVERY, N_STOPS = range(3)
"""Rows of the table of trucks: first stop and last delivery, the depot where there is none."""

LENGTH, OVER, EMPTY = range(3)
"""Totals of a plan: cost of its ways, load above the payload, trucks without a delivery."""


class PlainProblem(NamedTuple):
    """What tours that cost their ways alone are measured by.

    Parameters
    ----------
    way : (n_places, n_places) float64
        Cost from place to place; the depot is place 0, deliveries come next, pickups last.
    way_from : (n_places, n_places) float64
        The same turned, cost to a place from each other one, in rows that are read in one go.
    load : (n_places,) float64
        Load to bring or collect.
    n_deliveries : int
        Stops that loads are brought to.
    nearest : (n_places, n_places - 1) int64
        All stops by their distance from a place, that one first.
    payload : float
        Most load, of deliveries and of pickups each.
    """

    way: NDArray[np.float64]
    way_from: NDArray[np.float64]
    load: NDArray[np.float64]
    n_deliveries: int
    nearest: NDArray[np.int64]
    payload: float


class PlainTours(NamedTuple):
    """Tours of all trucks as chains.

    Parameters
    ----------
    places : (3, n_places) int64
        Rows ``NEXT``, ``PREVIOUS`` and ``TRUCK``.
    trucks : (3, n_trucks) int64
        Rows ``FIRST``, ``LAST_DELIVERY`` and ``N_STOPS``.
    onward : (n_places,) float64
        Cost of the way from each stop to who follows.
    loads : (2, n_trucks) float64
        Delivered and collected.
    totals : (3,) float64
        ``LENGTH``, ``OVER`` and ``EMPTY``.
    """

    places: NDArray[np.int64]
    trucks: NDArray[np.int64]
    onward: NDArray[np.float64]
    loads: NDArray[np.float64]
    totals: NDArray[np.float64]


@inner_kernel
def penalised_cost(tours: PlainTours, weight: NDArray[np.float64]) -> float:
    """Cost of the ways and of broken rules; weights as in the search."""
    return float(
        tours.totals[LENGTH] + weight[0] * tours.totals[OVER] + weight[1] * tours.totals[EMPTY]
    )


@inner_kernel
def copy_tours(source: PlainTours, target: PlainTours) -> None:
    """Let one plan become what another is."""
    target.places[:] = source.places
    target.trucks[:] = source.trucks
    target.onward[:] = source.onward
    target.loads[:] = source.loads
    target.totals[:] = source.totals


@inner_kernel
def count_anew(problem: PlainProblem, tours: PlainTours) -> None:
    """Sum up a plan, so that what rounding adds in many changes does not last."""
    tours.totals[:] = 0.0
    for truck in range(tours.trucks.shape[1]):
        tours.loads[:, truck] = 0.0
        last = DEPOT
        place = tours.trucks[FIRST, truck]
        while place != DEPOT:
            tours.totals[LENGTH] += problem.way[last, place]
            tours.loads[int(place > problem.n_deliveries), truck] += problem.load[place]
            last = place
            place = tours.places[NEXT, place]
        tours.totals[LENGTH] += problem.way[last, DEPOT]
        for kind in range(2):
            tours.totals[OVER] += max(0.0, tours.loads[kind, truck] - problem.payload)
        tours.totals[EMPTY] += int(tours.trucks[LAST_DELIVERY, truck] == DEPOT)

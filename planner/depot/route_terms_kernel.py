"""What a tour is measured by: the problem as arrays, and the rules it can break."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planner.runs.kernel_decorators import inner_kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEPOT = 0
"""Number of the depot among the places; stops follow from 1."""

OVERLOAD, LATENESS, LACK, FAULT = range(4)
"""Ways of breaking a rule: kg above the payload, minutes late, kWh missing, a tour without a
delivery (or a truck without a tour, where all have to go)."""

NOTHING = 1e-9
"""What rounding may make of a rule that is kept."""

COST, TRAVEL_MIN, KWH, KWH_PER_KG = range(4)
"""Rows of the tables of ways."""

DELIVERY, PICKUP, SERVICE_MIN, OPEN_MIN, CLOSE_MIN, LEAVE_COST = range(6)
"""Rows of the table of places."""

PAYLOAD, BATTERY, INITIAL, RESERVE, AVAILABLE_MIN, BACK_BY_MIN, FIXED_COST = range(7)
"""Rows of the table of trucks."""


class Terms(NamedTuple):
    """All that a tour is measured by: the problem as arrays.

    Few arrays with all that belongs together, because each one costs time at every call.

    Parameters
    ----------
    ways : (4, n_places, n_places) float64
        Cost, minutes, kWh and kWh per kg from one place to another; the depot is place 0.
    places : (6, n_places) float64
        Loads, kg; service and windows, minutes (of the depot: 0, -inf and inf); cost of a stop
        that no tour holds.
    trucks : (7, n_trucks) float64
        Payload, kg; energies, kWh; minutes between which it is there; cost of sending it out.
    recharge_price : (n_steps,) float64
        What a kWh recharged in a step of the day is taken to cost; the last holds from then on.
    initial_price : float
        Cost of a kWh of the morning's energy.
    charger_kw : float
        Power of a charging point, kW.
    timed, electric, all_go, all_alike : bool
        Whether windows can be missed, whether energy costs or can be short, whether every truck
        needs a tour, whether all trucks are the same.
    """

    ways: NDArray[np.float64]
    places: NDArray[np.float64]
    trucks: NDArray[np.float64]
    recharge_price: NDArray[np.float64]
    initial_price: float
    charger_kw: float
    timed: bool
    electric: bool
    all_go: bool
    all_alike: bool


@inner_kernel(inline="always")
def excess(amount: float) -> float:
    """By how much a rule is broken, given how far something is above its bound."""
    return amount if amount > NOTHING else 0.0

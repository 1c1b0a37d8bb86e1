"""Tours as they take place when trucks do not get all the energy that was planned for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.depot.dispatch import RECHARGE

if TYPE_CHECKING:
    from planner.depot.dispatch import Halt, Tour
    from planner.depot.microgrid_site import MicrogridPlan

_SOLVER_KWH = 1e-4
"""What the rounding of a solver may leave missing of a request that is met."""


@dataclass(frozen=True, slots=True)
class DrivenHalt:
    """A halt with the energy that the battery really holds.

    Parameters
    ----------
    halt : Halt
        The halt; its energies are those of the charging that took place, never below 0.
    missing_kwh : float
        Energy that the truck was to get here and did not get.
    shortfall_kwh : float
        Energy that an empty battery would still need to come here: above 0 the truck does not.
    """

    halt: Halt
    missing_kwh: float
    shortfall_kwh: float


def driven_halts(tour: Tour, power: MicrogridPlan) -> tuple[DrivenHalt, ...]:
    """Halts of a tour, with what its truck lacks."""
    missing_kwh = sum(
        float(missing)
        for request, missing in zip(power.requests, power.missing_kwh, strict=True)
        if request.truck == tour.truck and missing > _SOLVER_KWH
    )
    halts = []
    lacks_kwh = 0.0
    for halt in tour.halts:
        arrival_kwh = halt.arrival_kwh - lacks_kwh
        here_kwh = missing_kwh if halt.place == RECHARGE else 0.0
        lacks_kwh += here_kwh
        held = replace(
            halt,
            arrival_kwh=max(0.0, arrival_kwh),
            departure_kwh=max(0.0, halt.departure_kwh - lacks_kwh),
        )
        halts.append(DrivenHalt(held, here_kwh, max(0.0, -arrival_kwh)))
    return tuple(halts)


def places_not_reached(tour: Tour, power: MicrogridPlan) -> tuple[str, ...]:
    """Places that a truck's battery is too empty to come to, in order."""
    return tuple(
        driven.halt.place for driven in driven_halts(tour, power) if driven.shortfall_kwh > 0.0
    )

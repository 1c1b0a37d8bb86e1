"""What a dispatcher asks of a depot's microgrid."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class ChargingRequest:
    """Energy that one truck needs while it stands at the depot.

    Parameters
    ----------
    truck : int
        Number of the truck, from 0.
    start_min, end_min : float
        Minutes since midnight between which it stands at a charging point; power flows in the time
        steps that lie wholly or in part between them, at most for the part that does.
    energy_kwh : float
        Energy it must have received at the end, at the battery, > 0.
    """

    truck: int
    start_min: float
    end_min: float
    energy_kwh: float

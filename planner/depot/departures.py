"""Trucks that stand at a depot until they leave at set times, beside its own tours.

Each leaves with what it has got by then. Where connection and charging points do not suffice for
all, energy goes by rank: what the depot's own tours ask for; then what each truck needs; then what
each would like to have. Within a rank as little as can be is missing in all, and among plans alike
in that the emptiest trucks come first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.depot.charging_requests import ChargingRequest
from planner.depot.microgrid import Microgrid
from planner.depot.microgrid_site import STEP_H

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.depot.dispatch import DispatchPlan, DispatchProblem
    from planner.depot.microgrid_site import MicrogridPlan, MicrogridSite

_DAY_MIN = 1440.0
_MISSING_KWH = 1e-3
"""What counts as missing nothing."""
_SOLVER_KWH = 1e-4
"""What the solver's rounding can take of an energy."""
_DECIMALS = 6
"""Energies are told to a thousandth of a watt-hour: the solver's rounding is no part of them."""
_EMPTIEST_FIRST = 1e-3
"""How much more a kWh weighs for an empty truck than for a full one: enough to choose by."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A truck that stands at a charging point of the depot and then leaves it.

    Parameters
    ----------
    start_min, end_min : float
        When it comes and when it leaves, minutes since the horizon's first midnight.
    battery_kwh : float
        Usable energy of its battery, > 0.
    arrival_kwh : float
        Energy in it when the truck comes.
    needed_kwh, wanted_kwh : float
        Energy that it needs when it leaves, and that it would like to have, <= ``battery_kwh``.
    max_kw : float
        Highest power that it accepts.
    """

    start_min: float
    end_min: float
    battery_kwh: float
    arrival_kwh: float
    needed_kwh: float
    wanted_kwh: float
    max_kw: float

    def lacks_kwh(self, energy_kwh: float) -> float:
        """What it lacks of an energy when it comes."""
        return max(0.0, min(energy_kwh, self.wanted_kwh) - self.arrival_kwh)


@dataclass(frozen=True, slots=True)
class Departures:
    """How trucks are charged until they leave.

    Parameters
    ----------
    power : MicrogridPlan
        Power flows; requests of own tours first, then one for each stay.
    without : MicrogridPlan
        Power flows with own tours alone.
    n_own : int
        Requests of own tours.
    received_kwh : (n_stays,) float64
        Energy that each truck gets.
    """

    power: MicrogridPlan
    without: MicrogridPlan
    n_own: int
    received_kwh: NDArray[np.float64]

    @property
    def own_missing_kwh(self) -> float:
        """Energy that own tours do not get."""
        of_own = slice(0, self.n_own)
        asked = sum(request.energy_kwh for request in self.power.requests[of_own])
        return max(0.0, asked - float(self.power.truck_kw[of_own].sum()) * STEP_H)


def charge_departures(
    site: MicrogridSite, own: Sequence[ChargingRequest], stays: Sequence[Stay]
) -> Departures:
    """Charge trucks until they leave, at the least cost.

    Parameters
    ----------
    site : MicrogridSite
        The microgrid over the whole horizon, with the depot's own trucks.
    own : sequence of ChargingRequest
        What own tours ask for.
    stays : sequence of Stay
        The other trucks.

    Raises
    ------
    InputDataError
        If a stay does not lie within the horizon, or the site cannot supply its building.
    """
    n_own_trucks = len(site.truck_kw)
    truck_kw = np.concatenate([site.truck_kw, [stay.max_kw for stay in stays]])
    microgrid = Microgrid(replace(site, truck_kw=truck_kw))
    without = Microgrid(site).solve_short(own, {})
    if not stays:
        return Departures(without, without, len(own), np.zeros(0))
    least_own = _received_kwh(without)

    def asked(wanted: bool) -> list[ChargingRequest]:  # noqa: FBT001  # one of two ranks
        return [
            *own,
            *(
                ChargingRequest(
                    n_own_trucks + number,
                    stay.start_min,
                    stay.end_min,
                    stay.lacks_kwh(stay.wanted_kwh if wanted else stay.needed_kwh),
                )
                for number, stay in enumerate(stays)
            ),
        ]

    weights = {
        n_own_trucks + number: 1.0 + _EMPTIEST_FIRST * (1.0 - stay.arrival_kwh / stay.battery_kwh)
        for number, stay in enumerate(stays)
    }
    nothing = np.zeros(len(stays))
    power = microgrid.solve_short(
        asked(wanted=True), weights, at_least_kwh=np.concatenate([least_own, nothing])
    )
    if power.missing_kwh[len(own) :].sum() > _MISSING_KWH:
        needed = microgrid.solve_short(
            asked(wanted=False), weights, at_least_kwh=np.concatenate([least_own, nothing])
        )
        power = microgrid.solve_short(
            asked(wanted=True),
            weights,
            at_least_kwh=np.concatenate([least_own, _received_kwh(needed)[len(own) :]]),
        )
    received_kwh = np.round(_received_kwh(power)[len(own) :], _DECIMALS)
    lacked_kwh = np.array([stay.lacks_kwh(stay.wanted_kwh) for stay in stays])
    has_all = lacked_kwh - received_kwh < _SOLVER_KWH
    return Departures(power, without, len(own), np.where(has_all, lacked_kwh, received_kwh))


def _received_kwh(power: MicrogridPlan) -> NDArray[np.float64]:
    return np.asarray(power.truck_kw.sum(axis=1) * STEP_H, dtype=np.float64)


def requests_of_tours(
    problem: DispatchProblem, plan: DispatchPlan, days: Sequence[int]
) -> list[ChargingRequest]:
    """What a day's tours ask of the microgrid when they take place on several days.

    Parameters
    ----------
    days : sequence of int
        Days of the horizon with these tours, >= 1.

    Returns
    -------
    list of ChargingRequest
        For each day and tour: the recharge on the way, and the energy that the truck leaves with,
        charged between its return the evening before and its departure.
    """
    requests = []
    for day in days:
        midnight = _DAY_MIN * day
        for tour in plan.tours:
            back = tour.halts[-1]
            lacks_kwh = tour.initial_kwh - back.departure_kwh
            opens = problem.trucks[tour.truck].available_min
            if lacks_kwh > 0.0:
                requests.append(
                    ChargingRequest(
                        tour.truck,
                        midnight - _DAY_MIN + back.arrival_min,
                        midnight + opens,
                        lacks_kwh,
                    )
                )
            if tour.request is not None:
                request = tour.request
                requests.append(
                    replace(
                        request,
                        start_min=midnight + request.start_min,
                        end_min=midnight + request.end_min,
                    )
                )
    return requests

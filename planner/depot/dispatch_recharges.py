"""Which tours recharge where and how much, by what the microgrid says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.depot.charging_requests import ChargingRequest
from planner.depot.recharge_kernel import STEP_MIN, recharge_option
from planner.depot.route_course_kernel import DEEPEST, LEAVE, ROOM_ROWS, USED, WARP, fill_room
from planner.depot.route_terms_kernel import (
    AVAILABLE_MIN,
    BACK_BY_MIN,
    COST,
    DEPOT,
    FIXED_COST,
    INITIAL,
    LEAVE_COST,
    RESERVE,
    TRAVEL_MIN,
    Terms,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.depot.route_plan_kernel import Tours

Charging = Callable[[tuple[ChargingRequest, ...]], float]
"""Cost of charging, of all that trucks ask of the depot; infinite if it cannot be done."""

TOLERANCE = 1e-6
LAST_MIN = 1440.0
"""End of the day, by which a recharge without a later bound has ended."""

IMPOSSIBLE = 1e12
"""Stands for the cost of what cannot be charged: finite, so that costs can be subtracted."""

QUICK_OPTIONS = 2
"""Recharges of each tour that are tried while the search goes on."""

PROBE_MIN = 30.0
PROBE_KWH = 5.0
"""Length and energy of the requests by which prices are asked."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way of driving a tour: without a recharge, or with one after some stop.

    Parameters
    ----------
    after : int
        Stops before the recharge; -1 without one.
    arc_cost : float
        Cost of driving apart from energy.
    least_kwh, most_kwh : float
        Energy that has to and that can usefully be recharged.
    arrival_min, leave_by_min : float
        Window of the recharge.
    """

    after: int
    arc_cost: float
    energy_kwh: float
    least_kwh: float
    most_kwh: float
    arrival_min: float
    leave_by_min: float


@dataclass(frozen=True, slots=True)
class Choice:
    """An option with the energy that is recharged."""

    option: Option
    recharge_kwh: float


class Recharges:
    """Chooses recharges for tours whose stops are given.

    Parameters
    ----------
    charging : callable
        What the microgrid asks for a set of recharges.
    """

    def __init__(self, terms: Terms, charging: Charging) -> None:
        self._terms = terms
        self._charging = charging
        self._answers: dict[tuple[ChargingRequest, ...], float] = {}
        self._options: dict[tuple[int, bytes], tuple[Option, ...]] = {}
        self._room = np.empty((ROOM_ROWS, terms.places.shape[1] + 2))
        self._price = terms.recharge_price

    def for_terms(self, terms: Terms) -> Recharges:
        """The same for other terms, with the answers that the microgrid has given."""
        other = Recharges(terms, self._charging)
        other._answers = self._answers
        return other

    def cost(self, requests: tuple[ChargingRequest, ...]) -> float:
        """Cost of charging, asked once for the same requests."""
        if requests not in self._answers:
            answer = self._charging(requests)
            self._answers[requests] = answer if np.isfinite(answer) else IMPOSSIBLE
        return self._answers[requests]

    def __call__(self, tours: Tours, cost: float, within: float) -> float:  # noqa: ARG002
        """Cost of a plan with its recharges; a lower bound where that is above ``within``."""
        options = [
            self.options(truck, tours.stops[truck, :n])
            for truck, n in enumerate(tours.n_stops)
            if n > 0
        ]
        trucks = [truck for truck, n in enumerate(tours.n_stops) if n > 0]
        left = float(self._terms.places[LEAVE_COST, 1:][tours.truck_of[1:] < 0].sum())
        if not all(options):
            return IMPOSSIBLE
        least = left + self.cost(()) + sum(min(map(self._bound, tour)) for tour in options)
        if least > within:
            return least
        _, value = self.choose(trucks, options, QUICK_OPTIONS)
        return left + value

    def probed_prices(self) -> NDArray[np.float64]:
        """What a few kWh more cost by quarter of an hour, as the microgrid says, (n_steps,)."""
        begin = float(self._terms.trucks[AVAILABLE_MIN].min())
        end = float(min(LAST_MIN, self._terms.trucks[BACK_BY_MIN].max()))
        price = np.full(int(LAST_MIN / STEP_MIN), float(self._terms.recharge_price.max()))
        start = float(np.floor(begin / PROBE_MIN) * PROBE_MIN)
        energy = min(PROBE_KWH, self._terms.charger_kw * PROBE_MIN / 60.0)
        while start < end and energy > 0.0:
            request = ChargingRequest(0, start, min(start + PROBE_MIN, LAST_MIN), energy)
            step = int(start // STEP_MIN)
            extra = self.cost((request,)) - self.cost(())
            # Where not even that can be had the price says nothing: the whole plan is judged later.
            if extra < IMPOSSIBLE / 2.0:
                price[step : step + int(PROBE_MIN / STEP_MIN)] = extra / energy
            start += PROBE_MIN
        return price

    def options(self, truck: int, stops: NDArray[np.int64]) -> tuple[Option, ...]:
        """All ways of driving a tour that keep the rules, the most promising first.

        Parameters
        ----------
        stops : (n_stops,) int64
            Places in order.
        """
        key = (truck, stops.tobytes())
        if key not in self._options:
            found = self._feasible(truck, np.ascontiguousarray(stops))
            self._options[key] = tuple(sorted(found, key=self._estimate))
        return self._options[key]

    def _feasible(self, truck: int, stops: NDArray[np.int64]) -> list[Option]:
        terms = self._terms
        n = len(stops)
        room = self._room
        fill_room(terms, truck, stops, n, room)
        ways = terms.ways[COST]
        path = np.concatenate([[DEPOT], stops, [DEPOT]])
        arc_cost = float(ways[path[:-1], path[1:]].sum() + terms.trucks[FIXED_COST, truck])
        deepest = room[DEEPEST, n + 1] + terms.trucks[RESERVE, truck]
        back_min = room[LEAVE, n] + terms.ways[TRAVEL_MIN, path[-2], DEPOT]
        late = room[WARP, n] + max(0.0, back_min - terms.trucks[BACK_BY_MIN, truck])
        found = []
        if deepest <= terms.trucks[INITIAL, truck] + TOLERANCE and late <= TOLERANCE:
            found.append(Option(-1, arc_cost, float(room[USED, n + 1]), 0.0, 0.0, 0.0, 0.0))
        for i in range(1, n if terms.charger_kw > 0.0 else 1):
            option = recharge_option(terms, truck, stops, n, i, room)
            useful = option.most_kwh > TOLERANCE
            if not useful or option.lateness > TOLERANCE or option.lack > TOLERANCE:
                continue
            detour = ways[path[i], DEPOT] + ways[DEPOT, path[i + 1]] - ways[path[i], path[i + 1]]
            found.append(
                Option(
                    i,
                    arc_cost + float(detour),
                    option.energy_kwh,
                    option.least_kwh,
                    option.most_kwh,
                    option.arrival_min,
                    min(option.leave_by_min, max(LAST_MIN, option.arrival_min)),
                )
            )
        return found

    def _bound(self, option: Option) -> float:
        """Least that an option can cost, if recharging cost nothing."""
        return option.arc_cost + self._terms.initial_price * (option.energy_kwh - option.most_kwh)

    def _estimate(self, option: Option) -> float:
        """Cost of an option at the prices of single requests."""
        return self._own_cost(option, self._first_kwh(option)) + self._first_kwh(
            option
        ) * self._window_price(option)

    def _window_price(self, option: Option) -> float:
        last = len(self._price) - 1
        begin = min(last, max(0, int(option.arrival_min // STEP_MIN)))
        end = min(last, max(begin, int(option.leave_by_min // STEP_MIN)))
        return float(self._price[begin : end + 1].min())

    def _first_kwh(self, option: Option) -> float:
        """Energy to recharge where single requests set the price."""
        if self._window_price(option) < self._terms.initial_price:
            return option.most_kwh
        return option.least_kwh if option.least_kwh > TOLERANCE else option.most_kwh

    def _own_cost(self, option: Option, recharge_kwh: float) -> float:
        """Cost of an option beside the recharge."""
        from_morning = option.energy_kwh - recharge_kwh
        return option.arc_cost + self._terms.initial_price * from_morning

    def choose(
        self, trucks: list[int], options: list[tuple[Option, ...]], n_options: int
    ) -> tuple[list[Choice], float]:
        """Choose an option and an energy for every tour, one tour after the other.

        Parameters
        ----------
        options : list of tuples of Option
            Options of each tour, at least one each.
        n_options : int
            How many of the most promising ones with a recharge are tried.

        Returns
        -------
        list of Choice
            A choice for each tour.
        float
            Cost of all tours with the recharges.
        """
        chosen = [Choice(tour[0], self._first_kwh(tour[0])) for tour in options]
        value = self._value(trucks, chosen)
        thorough = n_options > QUICK_OPTIONS
        previous = np.inf
        while value < previous - TOLERANCE:
            previous = value
            for k, tour in enumerate(options):
                for option in _with_none(tour, n_options):
                    choice, cost = self._best_energy(trucks, chosen, k, option, thorough=thorough)
                    if cost < value - TOLERANCE:
                        chosen[k], value = choice, cost
            if not thorough:
                break
        return chosen, value

    def _best_energy(
        self, trucks: list[int], chosen: list[Choice], k: int, option: Option, *, thorough: bool
    ) -> tuple[Choice, float]:
        """Energy at which a tour's option costs least beside the other tours' choices.

        The cost is convex in the energy, so thirds of the range can be left out by and by.
        """

        def value(energy: float) -> float:
            trial = [*chosen]
            trial[k] = Choice(option, energy)
            return self._value(trucks, trial)

        low, high = option.least_kwh, option.most_kwh
        tried = {energy: value(energy) for energy in {low, high} if energy > TOLERANCE or high == 0}
        if thorough:
            while high - low > 0.02 * max(1.0, option.most_kwh):
                left = low + (high - low) / 3.0
                right = high - (high - low) / 3.0
                tried[left], tried[right] = value(left), value(right)
                if tried[left] <= tried[right]:
                    high = right
                else:
                    low = left
        energy = min(tried, key=lambda e: (tried[e], e))
        return Choice(option, energy), tried[energy]

    def _value(self, trucks: list[int], chosen: list[Choice]) -> float:
        own = sum(self._own_cost(choice.option, choice.recharge_kwh) for choice in chosen)
        return own + self.cost(requests_of(trucks, chosen))


def _with_none(tour: tuple[Option, ...], n_options: int) -> list[Option]:
    """The most promising options with a recharge, and the one without where there is one."""
    recharging = [option for option in tour if option.after >= 0]
    return [option for option in tour if option.after < 0] + recharging[:n_options]


def requests_of(trucks: list[int], chosen: list[Choice]) -> tuple[ChargingRequest, ...]:
    """What the choices ask of the microgrid, by truck."""
    return tuple(
        ChargingRequest(
            truck, choice.option.arrival_min, choice.option.leave_by_min, choice.recharge_kwh
        )
        for truck, choice in zip(trucks, chosen, strict=True)
        if choice.option.after >= 0
    )

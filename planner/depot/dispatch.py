"""What a depot has to deliver and collect with its trucks, and the tours that do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from planner.depot.charging_requests import (
    ChargingRequest,  # noqa: TC001  # pydantic reads the annotations
)
from planner.errors import InputDataError
from planner.said import with_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

RECHARGE = "R"
"""How a recharge at the depot is written in a tour."""

DEPOT = "D"
"""How the start and the end at the depot are written in a timetable."""


@dataclass(frozen=True, slots=True)
class Truck:
    """One truck of the depot.

    Parameters
    ----------
    payload_kg : float
        Most that it carries, kg (or the unit of the stops' loads), > 0.
    battery_kwh : float
        Usable energy of a full battery; infinite for a truck without one.
    initial_kwh : float
        Most energy that it can leave with in the morning, <= ``battery_kwh``.
    reserve_kwh : float
        Energy that must never be touched.
    available_min, back_by_min : float
        Earliest departure and latest return, minutes since midnight.
    fixed_cost : float
        Cost of sending it out at all, whatever it drives.
    """

    name: str
    payload_kg: float
    battery_kwh: float = np.inf
    initial_kwh: float = np.inf
    reserve_kwh: float = 0.0
    available_min: float = 0.0
    back_by_min: float = np.inf
    fixed_cost: float = 0.0


@dataclass(frozen=True, slots=True)
class DispatchProblem:
    """Stops to serve, trucks to serve them with, and what driving costs.

    Place 0 is the depot, place i is stop i - 1. Trucks visit all deliveries (linehaul) before the
    first pickup (backhaul); a tour of pickups alone is not allowed.

    Parameters
    ----------
    stop_ids : tuple of str
        Names of the stops, unique.
    delivery_kg, pickup_kg : (n_stops,) float64
        Load to bring or to collect; exactly one of the two is positive.
    service_min : (n_stops,) float64
        Time that serving takes, minutes, >= 0.
    open_min, close_min : (n_stops,) float64
        When service may begin, minutes since midnight; trucks wait for the opening.
    leave_cost : (n_stops,) float64
        Cost of leaving a stop unserved; infinite where it must be served if that is possible at
        all. Among stops that must be served, ``priority`` says which are left first.
    priority : (n_stops,) float64
        Weight of a stop when trucks, time or energy are short, > 0: stops with the least sum of
        weights stay unserved.
    arc_cost : (n_stops + 1, n_stops + 1) float64
        Cost of driving from place to place apart from energy.
    travel_min : (n_stops + 1, n_stops + 1) float64
        Driving time, minutes.
    arc_kwh, arc_kwh_per_kg : (n_stops + 1, n_stops + 1) float64
        Energy of an empty truck and what every kg of load adds, at the battery.
    all_trucks_go : bool
        Whether every truck has to have a tour.
    charger_kw : float
        Power of one charging point at the battery, kW, >= 0; with 0 nobody can recharge.
    n_chargers : int
        Charging points, which trucks share.
    initial_price, recharge_price : float
        What a kWh of the morning's energy costs, and what one recharged on the way is taken to
        cost as long as no microgrid is asked.
    """

    stop_ids: tuple[str, ...]
    delivery_kg: NDArray[np.float64]
    pickup_kg: NDArray[np.float64]
    service_min: NDArray[np.float64]
    open_min: NDArray[np.float64]
    close_min: NDArray[np.float64]
    leave_cost: NDArray[np.float64]
    priority: NDArray[np.float64]
    arc_cost: NDArray[np.float64]
    travel_min: NDArray[np.float64]
    arc_kwh: NDArray[np.float64]
    arc_kwh_per_kg: NDArray[np.float64]
    trucks: tuple[Truck, ...]
    all_trucks_go: bool = False
    charger_kw: float = 0.0
    n_chargers: int = 0
    initial_price: float = 0.0
    recharge_price: float = 0.0

    @property
    def n_stops(self) -> int:
        """Number of stops."""
        return len(self.stop_ids)

    def __post_init__(self) -> None:
        """Check what every solver relies on.

        Raises
        ------
        InputDataError
            With all faults found.
        """
        faults = [*self._shape_faults()]
        if not faults:
            faults = [*self._stop_faults(), *self._truck_faults()]
        if faults:
            head = "the dispatch problem cannot be solved as it is given:"
            raise InputDataError(with_points(head, faults))

    def _shape_faults(self) -> list[str]:
        n = self.n_stops
        vectors = ("delivery_kg", "pickup_kg", "service_min", "open_min", "close_min")
        shapes: dict[str, tuple[int, ...]] = dict.fromkeys(
            (*vectors, "leave_cost", "priority"), (n,)
        )
        matrices = ("arc_cost", "travel_min", "arc_kwh", "arc_kwh_per_kg")
        shapes.update(dict.fromkeys(matrices, (n + 1, n + 1)))
        return [
            f"{name} has shape {getattr(self, name).shape}, expected {shape}"
            for name, shape in shapes.items()
            if getattr(self, name).shape != shape
        ]

    def _stop_faults(self) -> list[str]:
        faults: list[str] = []
        if not self.stop_ids:
            faults.append("there is no stop to serve: give at least one")
        if len(set(self.stop_ids)) < self.n_stops:
            twice = sorted({i for i in self.stop_ids if self.stop_ids.count(i) > 1})
            faults.append(f"stop {twice[0]} is given more than once: give every stop its own id")
        for i, stop in enumerate(self.stop_ids):
            load = (self.delivery_kg[i], self.pickup_kg[i])
            if min(load) < 0.0 or (load[0] > 0.0) == (load[1] > 0.0):
                faults.append(
                    f"stop {stop} delivers {load[0]:g} and collects {load[1]:g}: expected one of "
                    "the two to be positive and the other 0"
                )
            if self.close_min[i] < self.open_min[i]:
                faults.append(
                    f"stop {stop} closes at minute {self.close_min[i]:g}, before it opens at "
                    f"{self.open_min[i]:g}"
                )
            if self.service_min[i] < 0.0:
                faults.append(f"stop {stop} takes {self.service_min[i]:g} min, expected 0 or more")
            if not self.priority[i] > 0.0:
                faults.append(f"stop {stop} has priority {self.priority[i]:g}, expected above 0")
        return faults

    def _truck_faults(self) -> list[str]:
        faults: list[str] = []
        if not self.trucks:
            faults.append("there is no truck: give at least one")
        for truck in self.trucks:
            if not truck.payload_kg > 0.0:
                faults.append(f"truck {truck.name} carries {truck.payload_kg:g}, expected above 0")
            if not truck.reserve_kwh <= truck.initial_kwh <= truck.battery_kwh:
                faults.append(
                    f"truck {truck.name} leaves with {truck.initial_kwh:g} kWh, expected between "
                    f"its reserve of {truck.reserve_kwh:g} and its battery's {truck.battery_kwh:g}"
                )
            if truck.back_by_min < truck.available_min:
                faults.append(
                    f"truck {truck.name} must be back at minute {truck.back_by_min:g}, before it "
                    f"is available at {truck.available_min:g}"
                )
        return faults


@dataclass(frozen=True, slots=True)
class Halt:
    """One line of a tour's timetable.

    Parameters
    ----------
    place : str
        Id of the stop, ``"R"`` for a recharge at the depot, ``"D"`` for its start and end.
    arrival_min, start_min, departure_min : float
        When the truck comes, when service or charging begins after any waiting for the opening,
        and when it goes on, minutes since midnight.
    load_kg : float
        Load when it goes on.
    arrival_kwh, departure_kwh : float
        Energy in the battery when it comes and when it goes on.
    driven_kwh : float
        Energy of the drive that ends here.
    """

    place: str
    arrival_min: float
    start_min: float
    departure_min: float
    load_kg: float
    arrival_kwh: float
    departure_kwh: float
    driven_kwh: float


@dataclass(frozen=True, slots=True)
class Tour:
    """What one truck does in the day.

    Parameters
    ----------
    truck : int
        Number of the truck, from 0.
    halts : tuple of Halt
        From the start at the depot to the end there.
    arc_cost : float
        Cost of driving apart from energy.
    energy_kwh : float
        Energy that the tour takes from the battery.
    initial_kwh : float
        Energy that the truck leaves with: what it takes, with the reserve, less the recharge.
    request : ChargingRequest or None
        The recharge on the way: the longest window that keeps all that follows in time.
    """

    truck: int
    halts: tuple[Halt, ...]
    arc_cost: float
    energy_kwh: float
    initial_kwh: float
    request: ChargingRequest | None

    @property
    def places(self) -> tuple[str, ...]:
        """Stops in order, with ``"R"`` where the truck recharges."""
        return tuple(halt.place for halt in self.halts[1:-1])


@dataclass(frozen=True, slots=True)
class Unserved:
    """A stop that no truck serves.

    Parameters
    ----------
    cause : {"payload", "window", "energy", "trucks", "cost"}
        No truck can carry its load; no truck comes in time or is back in time even when it serves
        it alone; no battery lasts for it alone; the trucks cannot take it beside what weighs more;
        serving it costs more than leaving it.
    """

    stop_id: str
    cause: Literal["payload", "window", "energy", "trucks", "cost"]


@dataclass(frozen=True, slots=True)
class DispatchPlan:
    """Tours of a day and what they cost.

    Parameters
    ----------
    tours : tuple of Tour
        Tours by truck; trucks that stay at the depot have none.
    unserved : tuple of Unserved
        Unserved stops, with the cause.
    driving_cost : float
        Cost of driving apart from energy, with the fixed cost of the trucks sent out.
    initial_cost : float
        Cost of the energy that trucks leave with.
    charging_cost : float
        Cost of the recharges: the microgrid's answer, or energy times ``recharge_price``.
    leave_cost : float
        Cost of the unserved stops, where it is finite.
    """

    tours: tuple[Tour, ...]
    unserved: tuple[Unserved, ...]
    driving_cost: float
    initial_cost: float
    charging_cost: float
    leave_cost: float
    n_iterations: int

    @property
    def cost(self) -> float:
        """All costs together."""
        return self.driving_cost + self.initial_cost + self.charging_cost + self.leave_cost

    @property
    def energy_kwh(self) -> float:
        """Energy of all tours."""
        return sum(tour.energy_kwh for tour in self.tours)

    @property
    def requests(self) -> tuple[ChargingRequest, ...]:
        """What the plan asks of the microgrid, by truck."""
        return tuple(tour.request for tour in self.tours if tour.request is not None)

"""What stands at a depot and what a day's electricity costs there: the microgrid's givens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.said import with_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.depot.charging_requests import ChargingRequest

STEP_MIN = 15.0
"""Length of a time step, minutes: that of the metering on which demand is billed."""

STEP_H = STEP_MIN / 60.0


@dataclass(frozen=True, slots=True)
class StorageSizing:
    """What a battery costs whose size is open.

    Parameters
    ----------
    price_per_kwh, price_per_kw : float
        Price of a kWh of capacity and of a kW of power, for the time that is planned, >= 0.
    usable_share : float
        Share of the capacity that is used, within (0, 1].
    """

    price_per_kwh: float
    price_per_kw: float
    usable_share: float = 1.0


@dataclass(frozen=True, slots=True)
class Storage:
    """A stationary battery.

    Parameters
    ----------
    capacity_kwh : float
        Energy of the full battery, > 0.
    least_kwh, most_kwh : float
        Bounds of its energy at any time.
    charge_kw, discharge_kw : float
        Highest powers, at its connection.
    charge_efficiency, discharge_efficiency : float
        Shares that arrive, within (0, 1].
    wear_per_kwh : float
        What a kWh discharged costs in wear, in the tariff's currency.
    may_export : bool
        Whether it may feed the grid; where not, exports never exceed what PV generates.
    sizing : StorageSizing or None
        Where the model chooses the size: it begins and ends full, and what is told above of its
        capacity and powers are the most that may be built.
    """

    capacity_kwh: float
    initial_kwh: float
    least_kwh: float
    most_kwh: float
    least_final_kwh: float
    charge_kw: float
    discharge_kw: float
    charge_efficiency: float = 1.0
    discharge_efficiency: float = 1.0
    wear_per_kwh: float = 0.0
    may_export: bool = True
    sizing: StorageSizing | None = None


@dataclass(frozen=True, slots=True)
class DemandTerm:
    """A price on the highest power that is drawn from the grid.

    Parameters
    ----------
    price_per_kw : float
        What every kW above ``so_far_kw`` costs the time that is planned: the part of the price of a
        month or year that it bears, >= 0.
    applies : (n_steps,) bool
        Steps whose power counts.
    so_far_kw : float
        Highest power that is paid for already, >= 0.
    interval_steps : int
        Steps over whose mean power is billed; a divisor of the number of steps.
    """

    name: str
    price_per_kw: float
    applies: NDArray[np.bool_]
    so_far_kw: float = 0.0
    interval_steps: int = 1

    def peak_kw(self, import_kw: NDArray[np.float64]) -> float:
        """Highest power that counts, kW; steps that do not count are nothing within an interval."""
        counted = np.where(self.applies, import_kw, 0.0)
        return float(counted.reshape(-1, self.interval_steps).mean(axis=1).max(initial=0.0))


@dataclass(frozen=True, slots=True)
class MicrogridSite:
    """A depot's connection, PV, storage, charging points and prices, in steps of 15 min.

    Parameters
    ----------
    load_kw, pv_kw : (n_steps,) float64
        Load of the building and available PV power, mean of each step, >= 0.
    import_price, export_price : (n_steps,) float64
        Price of a kWh drawn, and what a kWh fed in brings.
    storage : Storage or None
        The stationary battery.
    n_chargers : int
        Charging points, which trucks share: at any moment each serves one truck.
    charger_kw : float
        Power of a charging point at the truck's battery.
    charger_efficiency : float
        Share of the drawn energy that arrives there, within (0, 1].
    truck_kw : (n_trucks,) float64
        Highest power that each truck accepts.
    max_import_kw, max_export_kw : float
        Limits of the connection; an export limit of 0 forbids feeding in.
    """

    load_kw: NDArray[np.float64]
    pv_kw: NDArray[np.float64]
    import_price: NDArray[np.float64]
    export_price: NDArray[np.float64]
    demand: tuple[DemandTerm, ...]
    storage: Storage | None
    n_chargers: int
    charger_kw: float
    charger_efficiency: float
    truck_kw: NDArray[np.float64]
    max_import_kw: float = np.inf
    max_export_kw: float = np.inf

    @property
    def n_steps(self) -> int:
        """Number of steps of the horizon."""
        return len(self.load_kw)

    def truck_limit_kw(self, truck: int) -> float:
        """Highest power at which a truck charges here."""
        return min(self.charger_kw, float(self.truck_kw[truck]))

    def __post_init__(self) -> None:
        """Check what the model relies on.

        Raises
        ------
        InputDataError
            With all faults found.
        """
        faults = [
            f"{name} has {len(getattr(self, name))} steps, expected {self.n_steps} like the load"
            for name in ("pv_kw", "import_price", "export_price")
            if len(getattr(self, name)) != self.n_steps
        ]
        for name, what in (("load_kw", "load of the building"), ("pv_kw", "PV power")):
            values = getattr(self, name)
            wrong = np.flatnonzero(~(values >= 0.0) | np.isinf(values))
            if len(wrong):
                faults.append(
                    f"the {what} is {values[wrong[0]]:g} kW in step {wrong[0] + 1} "
                    f"({clock(STEP_MIN * wrong[0])}), expected a number of 0 or more: what a site "
                    "gives back to the grid is not a negative load, give it as PV"
                )
        for name, what in (("import_price", "drawn costs"), ("export_price", "fed in brings")):
            prices = getattr(self, name)
            wrong = np.flatnonzero(~np.isfinite(prices))
            if len(wrong):
                faults.append(
                    f"a kWh {what} {prices[wrong[0]]:g} in step {wrong[0] + 1} "
                    f"({clock(STEP_MIN * wrong[0])}), expected a number"
                )
        if self.storage is not None:
            faults += _storage_faults(self.storage)
        if faults:
            head = "the depot's microgrid cannot be planned as it is given:"
            raise InputDataError(with_points(head, faults))


def _storage_faults(storage: Storage) -> list[str]:
    faults = []
    low, high = storage.least_kwh, storage.most_kwh
    if not 0.0 <= low <= high <= storage.capacity_kwh:
        faults.append(
            f"the storage may hold {low:g} to {high:g} kWh, expected bounds in this order within "
            f"its capacity of {storage.capacity_kwh:g} kWh"
        )
    for what, value in (
        ("begins with", storage.initial_kwh),
        ("has to end with", storage.least_final_kwh),
    ):
        if not low - 1e-9 <= value <= high + 1e-9:
            faults.append(
                f"the storage {what} {value:g} kWh, expected between {low:g} and {high:g} kWh"
            )
    return faults


def request_share(request: ChargingRequest, n_steps: int) -> NDArray[np.float64]:
    """Share of each step in which a truck stands at a charging point, (n_steps,) float64."""
    begin = STEP_MIN * np.arange(n_steps)
    overlap = np.minimum(begin + STEP_MIN, request.end_min) - np.maximum(begin, request.start_min)
    return np.asarray(np.clip(overlap / STEP_MIN, 0.0, 1.0))


def clock(minute: float) -> str:
    """Time of day of a minute since the horizon's first midnight, with the day after the first."""
    day, rest = divmod(round(minute), 1440)
    text = f"{rest // 60:02d}:{rest % 60:02d}"
    return text if day == 0 else f"day {day + 1} {text}"


@dataclass(frozen=True, slots=True)
class MicrogridPlan:
    """Power flows of a microgrid, by step.

    Parameters
    ----------
    cost : float
        Energy, demand beyond that so far and wear, in the tariff's currency.
    import_kw, export_kw : (n_steps,) float64
        Power from and to the grid.
    curtailed_kw : (n_steps,) float64
        PV power that is curtailed.
    charge_kw, discharge_kw : (n_steps,) float64
        Power into and out of the storage, at its connection.
    storage_kwh : (n_steps + 1,) float64
        Energy in the storage at the begin of each step and at the end.
    truck_kw : (n_requests, n_steps) float64
        Power into the battery of each request's truck.
    missing_kwh : (n_requests,) float64
        Energy that a request does not get.
    is_proved : bool
        Whether no other plan costs less; within a minute that may not be known where many steps
        bring more for energy fed in than energy drawn costs.
    """

    site: MicrogridSite
    requests: tuple[ChargingRequest, ...]
    cost: float
    import_kw: NDArray[np.float64]
    export_kw: NDArray[np.float64]
    curtailed_kw: NDArray[np.float64]
    charge_kw: NDArray[np.float64]
    discharge_kw: NDArray[np.float64]
    storage_kwh: NDArray[np.float64]
    truck_kw: NDArray[np.float64]
    missing_kwh: NDArray[np.float64]
    is_proved: bool = False

    @property
    def grid_energy_kwh(self) -> float:
        """Energy drawn from the grid."""
        return float(self.import_kw.sum() * STEP_H)

    @property
    def grid_peak_kw(self) -> float:
        """Highest power drawn from the grid, mean of 15 min."""
        return float(self.import_kw.max(initial=0.0))

    @property
    def energy_cost(self) -> float:
        """Cost of the energy drawn less the return on the energy fed in."""
        site = self.site
        flows = site.import_price * self.import_kw - site.export_price * self.export_kw
        return float(flows.sum() * STEP_H)

    @property
    def wear_cost(self) -> float:
        """Wear of the storage."""
        storage = self.site.storage
        price = 0.0 if storage is None else storage.wear_per_kwh
        return float(price * self.discharge_kw.sum() * STEP_H)

    @property
    def demand_cost(self) -> float:
        """Cost of the demand beyond that so far."""
        return sum(
            term.price_per_kw * max(0.0, term.peak_kw(self.import_kw) - term.so_far_kw)
            for term in self.site.demand
        )

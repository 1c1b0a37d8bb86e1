"""What the kernels of the market take: groups of arrays, in the units the kernels count in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Trucks(NamedTuple):
    """Trucks that come to one site within a period, in the order they arrive.

    Parameters
    ----------
    arrival_min : (n_trucks,) float64
        Arrival since the period's start, minutes, ascending. Trucks before 0 fill the charging
        points and queues with which the period begins: what they charge within it is sold in it,
        but they are not counted among its trucks.
    energy_kwh : (n_trucks,) float64
        Energy that each truck charges, kWh, > 0.
    charging_min : (n_trucks,) float64
        Time that takes, minutes, > 0.
    slot_idx : (n_trucks,) int64
        Price slot in which each truck arrives.
    outside_eur : (n_trucks,) float64
        Generalised cost at which a truck drives on instead, euro; infinite where it cannot.
    """

    arrival_min: NDArray[np.float64]
    energy_kwh: NDArray[np.float64]
    charging_min: NDArray[np.float64]
    slot_idx: NDArray[np.int64]
    outside_eur: NDArray[np.float64]


class Choice(NamedTuple):
    """How trucks choose between the operators of a site.

    Parameters
    ----------
    queue_eur_min : float
        Cost of a minute of expected queueing, with the factor for its uncertainty, euro/min.
    knows_waits : bool
        Whether a truck knows how long it will wait, as it does with a booked charging point, rather
        than judge by the length of the queue.
    decides_on_the_way : bool
        Whether a truck decides to come before it sees the queues, by the lowest price alone: what
        it expects to wait is in its ``outside_eur``. Else it drives on when it sees them.
    """

    queue_eur_min: float
    knows_waits: bool
    decides_on_the_way: bool = False


class Operators(NamedTuple):
    """The operators of one site.

    Parameters
    ----------
    electricity_eur_kwh : (n_operators,) float64
        What an operator pays for a kWh, euro.
    charger_eur_period : (n_operators,) float64
        What a charging point costs over the whole period, used or not, euro.
    lowest_eur_kwh, highest_eur_kwh : (n_operators,) float64
        Bounds of an operator's prices, euro/kWh; the upper may be infinite.
    min_chargers, max_chargers : (n_operators,) int64
        Bounds of its charging points; 0 lets an operator leave the site.
    has_one_price : (n_operators,) bool
        Whether an operator asks the same price at all times.
    """

    electricity_eur_kwh: NDArray[np.float64]
    charger_eur_period: NDArray[np.float64]
    lowest_eur_kwh: NDArray[np.float64]
    highest_eur_kwh: NDArray[np.float64]
    min_chargers: NDArray[np.int64]
    max_chargers: NDArray[np.int64]
    has_one_price: NDArray[np.bool_]


class Rules(NamedTuple):
    """How an operator changes its offer: with which probability it follows each rule in its turn.

    Parameters
    ----------
    remove_charger, add_charger : float
        Where the last charging point earned less, or more, than it costs.
    undercut_busier : float
        Go below a rival in a slot where the rival's charging points are busier.
    raise_queued : float
        Raise the price in a slot with a queue of its own.
    raise_any : float
        Raise the price in any slot.
    lower_dearer : float
        Go down to, or below, a rival in a slot where it is not cheaper.
    match_share : float
        Share of the latter that meet the rival's price instead of going below it.
    step_eur_kwh : float
        Step of prices, euro/kWh.
    one_at_a_time : bool
        Whether an update follows one rule only, drawn in proportion to the probabilities.
    """

    remove_charger: float
    add_charger: float
    undercut_busier: float
    raise_queued: float
    raise_any: float
    lower_dearer: float
    match_share: float
    step_eur_kwh: float
    one_at_a_time: bool


class PeriodFigures(NamedTuple):
    """What a period came to, per operator and price slot.

    Parameters
    ----------
    profit_eur : (n_operators,) float64
        Earnings less the cost of the charging points, euro.
    marginal_eur : (n_operators,) float64
        Earnings of one charging point while all of the operator's charging points were busy, euro.
    left_kwh : (n_operators,) float64
        Energy that trucks of the period charge after its end, less what trucks from before charge
        in it, kWh.
    sold_kwh, revenue_eur : (n_operators, n_slots) float64
        Energy sold within the period to trucks that arrived in a slot, kWh, and what they paid for
        it, euro.
    busy_min, queue_min : (n_operators, n_slots) float64
        Charging point minutes in use, and truck minutes in the queue, within a slot.
    wait_min, n_trucks, n_waited : (n_operators, n_slots) float64
        Waiting of the trucks that arrived in a slot, minutes, their number and how many waited.
    n_lost : (n_slots,) float64
        Trucks that arrived in a slot and drove on.
    """

    profit_eur: NDArray[np.float64]
    marginal_eur: NDArray[np.float64]
    left_kwh: NDArray[np.float64]
    sold_kwh: NDArray[np.float64]
    revenue_eur: NDArray[np.float64]
    busy_min: NDArray[np.float64]
    queue_min: NDArray[np.float64]
    wait_min: NDArray[np.float64]
    n_trucks: NDArray[np.float64]
    n_waited: NDArray[np.float64]
    n_lost: NDArray[np.float64]

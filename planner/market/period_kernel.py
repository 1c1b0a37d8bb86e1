"""One period at one site: trucks choose an operator, queue and charge; exact, without time steps.

A charging point serves its trucks one after the other for times known at their arrival, so a
truck's start follows from the ends of the sessions before it. Where arrivals and charging times are
whole minutes this is the simulation in steps of a minute, to the last truck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.market.market_arrays import PeriodFigures
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.market.market_arrays import Choice, Operators, Trucks

SAME_EUR = 1e-9
"""Costs closer than this are the same: sums of steps differ in their last digits."""


@kernel
def empty_figures(n_operators: int, n_slots: int) -> PeriodFigures:
    """Figures to be filled by :func:`simulate_period`."""
    return PeriodFigures(
        np.zeros(n_operators),
        np.zeros(n_operators),
        np.zeros(n_operators),
        np.zeros((n_operators, n_slots)),
        np.zeros((n_operators, n_slots)),
        np.zeros((n_operators, n_slots)),
        np.zeros((n_operators, n_slots)),
        np.zeros((n_operators, n_slots)),
        np.zeros((n_operators, n_slots)),
        np.zeros((n_operators, n_slots)),
        np.zeros(n_slots),
    )


@inner_kernel
def clear_figures(figures: PeriodFigures) -> None:
    """Set all figures to zero; in loops, which compile faster than operations on whole arrays."""
    n_operators, n_slots = figures.sold_kwh.shape
    for operator in range(n_operators):
        figures.profit_eur[operator] = 0.0
        figures.marginal_eur[operator] = 0.0
        figures.left_kwh[operator] = 0.0
        for slot in range(n_slots):
            figures.sold_kwh[operator, slot] = 0.0
            figures.revenue_eur[operator, slot] = 0.0
            figures.busy_min[operator, slot] = 0.0
            figures.queue_min[operator, slot] = 0.0
            figures.wait_min[operator, slot] = 0.0
            figures.n_trucks[operator, slot] = 0.0
            figures.n_waited[operator, slot] = 0.0
    for slot in range(n_slots):
        figures.n_lost[slot] = 0.0


@inner_kernel
def add_overlap(
    minutes: NDArray[np.float64], slot_of_hour: NDArray[np.int64], start_min: float, end_min: float
) -> None:
    """Add the minutes of a span within the period to the slots of the hours it touches."""
    hour = int(start_min / 60.0)
    while hour * 60.0 < end_min:
        inside = min(end_min, (hour + 1) * 60.0) - max(start_min, hour * 60.0)
        minutes[slot_of_hour[hour]] += inside
        hour += 1


@kernel
def simulate_period(
    trucks: Trucks,
    choice: Choice,
    operators: Operators,
    slot_of_hour: NDArray[np.int64],
    price_eur_kwh: NDArray[np.float64],
    n_chargers: NDArray[np.int64],
    figures: PeriodFigures,
    free_min: NDArray[np.float64],
    earning_eur_min: NDArray[np.float64],
    start_min: NDArray[np.float64],
) -> None:
    """Simulate a period and fill its figures.

    Parameters
    ----------
    trucks : Trucks
        Who comes, in the order of arrival.
    choice : Choice
        How they choose.
    slot_of_hour : (n_hours,) int64
        Price slot of each hour of the period.
    price_eur_kwh : (n_operators, n_slots) float64
        Price of each operator in each slot, euro/kWh; a truck pays that of its arrival.
    n_chargers : (n_operators,) int64
        Charging points of each operator, >= 0.
    figures : PeriodFigures
        Filled.
    free_min, earning_eur_min : (n_operators, >= most chargers) float64
        Room for the end of each charging point's session, minutes, and what it earns, euro/min.
    start_min : (n_operators, n_trucks) float64
        Room for the starts of the sessions, minutes.

    Notes
    -----
    Generalised cost of a truck at an operator: energy x price + cost of a minute x expected queue.
    The latter is the trucks that queue per charging point times the truck's own charging time
    (Karlsson and Grauers, Energies 2024, 17, 2901) or, with booking, the wait itself. Equal costs
    are taken in turns. Between the moment a session takes the last free charging point and the next
    end of a session the same trucks charge, so that the earnings while all charging points are busy
    are exact too.
    """
    n_operators = len(n_chargers)
    period_min = 60.0 * len(slot_of_hour)
    clear_figures(figures)
    n_started = np.zeros(n_operators, np.int64)
    first_queued = np.zeros(n_operators, np.int64)
    sum_earning = np.zeros(n_operators)
    cost_eur = np.empty(n_operators)
    for operator in range(n_operators):
        for charger in range(n_chargers[operator]):
            free_min[operator, charger] = -np.inf
            earning_eur_min[operator, charger] = 0.0
    turn = 0
    for truck in range(len(trucks.arrival_min)):
        now_min = trucks.arrival_min[truck]
        slot = trucks.slot_idx[truck]
        energy_kwh = trucks.energy_kwh[truck]
        least_eur, cheapest_eur = np.inf, np.inf
        for operator in range(n_operators):
            n = n_chargers[operator]
            cost_eur[operator] = np.inf
            if n == 0:
                continue
            # First come, first served: starts ascend, so those who wait are the end of the list.
            while (
                first_queued[operator] < n_started[operator]
                and start_min[operator, first_queued[operator]] <= now_min
            ):
                first_queued[operator] += 1
            if choice.knows_waits:
                expected_min = max(free_min[operator, :n].min() - now_min, 0.0)
            else:
                n_queued = n_started[operator] - first_queued[operator]
                expected_min = n_queued / n * trucks.charging_min[truck]
            charging_eur = energy_kwh * price_eur_kwh[operator, slot]
            cost_eur[operator] = charging_eur + choice.queue_eur_min * expected_min
            cheapest_eur = min(cheapest_eur, charging_eur)
            least_eur = min(least_eur, cost_eur[operator])
        is_counted = now_min >= 0.0
        # On the way a truck knows prices; the queue it sees only when it has come.
        judged_eur = cheapest_eur if choice.decides_on_the_way else least_eur
        if least_eur == np.inf or judged_eur > trucks.outside_eur[truck] + SAME_EUR:
            if is_counted:
                figures.n_lost[slot] += 1.0
            continue
        n_best, chosen = 0, -1
        for step in range(n_operators):
            operator = (turn + step) % n_operators
            if cost_eur[operator] <= least_eur + SAME_EUR:
                n_best += 1
                if chosen < 0:
                    chosen = operator
        # Equal costs are taken in turns, lest the first operator gets all of them.
        if n_best > 1:
            turn = (chosen + 1) % n_operators

        # the charging point that is free first, and when the next one after it is
        n = n_chargers[chosen]
        charger, first_min, second_min = 0, free_min[chosen, 0], np.inf
        for other in range(1, n):
            other_min = free_min[chosen, other]
            if other_min < first_min:
                second_min = first_min
                first_min = other_min
                charger = other
            elif other_min < second_min:
                second_min = other_min
        begin_min = max(now_min, first_min)
        duration_min = trucks.charging_min[truck]
        end_min = begin_min + duration_min
        free_min[chosen, charger] = end_min
        start_min[chosen, n_started[chosen]] = begin_min
        n_started[chosen] += 1
        price = price_eur_kwh[chosen, slot]
        earning = (price - operators.electricity_eur_kwh[chosen]) * energy_kwh / duration_min
        # A running sum: while all points are busy, each earns what its last session does.
        sum_earning[chosen] += earning - earning_eur_min[chosen, charger]
        earning_eur_min[chosen, charger] = earning

        # what happens within the period: trucks from before count too, the time after it does not
        from_min, until_min = max(begin_min, 0.0), min(end_min, period_min)
        all_busy_min = min(until_min, second_min) - from_min
        if all_busy_min > 0.0:
            figures.marginal_eur[chosen] += sum_earning[chosen] / n * all_busy_min
        charged_kwh = 0.0
        if until_min > from_min:
            charged_kwh = energy_kwh * (until_min - from_min) / duration_min
            figures.profit_eur[chosen] += earning * (until_min - from_min)
            figures.sold_kwh[chosen, slot] += charged_kwh
            figures.revenue_eur[chosen, slot] += price * charged_kwh
            add_overlap(figures.busy_min[chosen], slot_of_hour, from_min, until_min)
        queued_from_min, queued_until_min = max(now_min, 0.0), min(begin_min, period_min)
        if queued_until_min > queued_from_min:
            add_overlap(figures.queue_min[chosen], slot_of_hour, queued_from_min, queued_until_min)
        if is_counted:
            figures.left_kwh[chosen] += energy_kwh - charged_kwh
            figures.n_trucks[chosen, slot] += 1.0
            if begin_min > now_min:
                figures.wait_min[chosen, slot] += begin_min - now_min
                figures.n_waited[chosen, slot] += 1.0
        else:
            # Trucks of before the period were not counted as coming, yet energy is sold to them.
            figures.left_kwh[chosen] -= charged_kwh
    for operator in range(n_operators):
        figures.profit_eur[operator] -= (
            operators.charger_eur_period[operator] * n_chargers[operator]
        )

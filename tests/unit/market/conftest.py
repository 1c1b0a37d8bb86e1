"""Small markets, and the day in steps of a minute that the kernel must equal."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from planner.market.market_arrays import Choice, Operators, Trucks
from planner.market.period_kernel import empty_figures, simulate_period

JUDGED_BY_QUEUES = Choice(0.9, False)


def trucks_at(minutes, energy_kwh=360.0, charging_min=30.0, outside_eur=np.inf):
    """Trucks of whole minutes; energy and times one for all, or one each."""
    arrival = np.asarray(minutes, float)
    return Trucks(
        arrival,
        np.broadcast_to(energy_kwh, arrival.shape).astype(float),
        np.broadcast_to(charging_min, arrival.shape).astype(float),
        np.floor(arrival / 60.0).astype(np.int64) % 24,
        np.broadcast_to(outside_eur, arrival.shape).astype(float),
    )


def operators_like(n, charger_eur=100.0, lowest=0.081, highest=np.inf):
    """Operators with the same costs."""
    return Operators(
        np.full(n, 0.08),
        np.full(n, charger_eur),
        np.full(n, lowest),
        np.full(n, highest),
        np.ones(n, np.int64),
        np.full(n, 50, np.int64),
        np.zeros(n, bool),
    )


def simulated(trucks, operators, price, n_chargers, choice=JUDGED_BY_QUEUES, slot_of_hour=None):
    """Figures of the kernel."""
    price = np.asarray(price, float)
    n_chargers = np.asarray(n_chargers, np.int64)
    slot_of_hour = np.arange(24) if slot_of_hour is None else slot_of_hour
    figures = empty_figures(*price.shape)
    room = (len(n_chargers), max(n_chargers.max(), 1))
    simulate_period(
        trucks,
        choice,
        operators,
        slot_of_hour,
        price,
        n_chargers,
        figures,
        np.empty(room),
        np.empty(room),
        np.empty((len(n_chargers), len(trucks.arrival_min))),
    )
    return figures


@dataclass
class SteppedOperator:
    """An operator in the simulation in steps of a minute."""

    n_chargers: int
    charging: list = field(default_factory=list)
    queue: list = field(default_factory=list)


def stepped(trucks, operators, price, n_chargers, choice=JUDGED_BY_QUEUES):
    """Day in steps of a minute, as the study tells it: choose, deliver, earn, leave.

    Ends when the last truck has left; energy, money and use belong to the minutes of the day, waits
    to its trucks.
    """
    price = np.asarray(price, float)
    n_operators, n_slots = price.shape
    figures = empty_figures(n_operators, n_slots)
    stations = [SteppedOperator(int(n)) for n in n_chargers]
    coming = list(range(len(trucks.arrival_min)))
    turn = 0
    minute = int(trucks.arrival_min[0])
    while coming or any(station.charging or station.queue for station in stations):
        hour = (minute // 60) % 24
        for station in stations:  # a charger left at the end of the last step serves the queue
            start_next(station, minute, trucks, figures)
        while coming and trucks.arrival_min[coming[0]] == minute:
            truck = coming.pop(0)
            slot = trucks.slot_idx[truck]
            costs = [
                generalised_cost(station, truck, minute, trucks, price[k, slot], choice)
                for k, station in enumerate(stations)
            ]
            least = min(costs)
            if least > trucks.outside_eur[truck] + 1e-9 or least == np.inf:
                figures.n_lost[slot] += minute >= 0
                continue
            best = [k for k, cost in enumerate(costs) if cost <= least + 1e-9]
            chosen = next(
                (turn + step) % n_operators
                for step in range(n_operators)
                if (turn + step) % n_operators in best
            )
            if len(best) > 1:
                turn = (chosen + 1) % n_operators
            stations[chosen].queue.append((truck, minute, price[chosen, slot]))
            start_next(stations[chosen], minute, trucks, figures)
            if minute >= 0:
                figures.n_trucks[chosen, slot] += 1
        in_period = 0 <= minute < 1440
        for k, station in enumerate(stations):
            if in_period and len(station.charging) == station.n_chargers > 0:
                margins = [
                    entry[2] - operators.electricity_eur_kwh[k] for entry in station.charging
                ]
                powers = [
                    trucks.energy_kwh[entry[0]] / trucks.charging_min[entry[0]]
                    for entry in station.charging
                ]
                figures.marginal_eur[k] += np.dot(margins, powers) / station.n_chargers
            for truck, _, paid, _, arrival in station.charging:
                slot = trucks.slot_idx[truck]
                delivered_kwh = trucks.energy_kwh[truck] / trucks.charging_min[truck]
                if in_period:
                    figures.sold_kwh[k, slot] += delivered_kwh
                    figures.revenue_eur[k, slot] += paid * delivered_kwh
                    figures.profit_eur[k] += (
                        paid - operators.electricity_eur_kwh[k]
                    ) * delivered_kwh
                    figures.busy_min[k, hour] += 1
                    figures.left_kwh[k] -= delivered_kwh * (arrival < 0)
                elif minute >= 1440 and arrival >= 0:
                    figures.left_kwh[k] += delivered_kwh
            for truck, arrival, _ in station.queue:
                figures.queue_min[k, hour] += in_period
                if arrival >= 0:
                    figures.wait_min[k, trucks.slot_idx[truck]] += 1
                    figures.n_waited[k, trucks.slot_idx[truck]] += arrival == minute
            station.charging = [
                [truck, left - 1, *rest] for truck, left, *rest in station.charging if left > 1
            ]
        minute += 1
    figures.profit_eur[:] -= operators.charger_eur_period * np.asarray(n_chargers)
    return figures


def start_next(station, minute, trucks, figures):
    while station.queue and len(station.charging) < station.n_chargers:
        truck, arrival, paid = station.queue.pop(0)
        station.charging.append([truck, int(trucks.charging_min[truck]), paid, minute, arrival])


def generalised_cost(station, truck, minute, trucks, price, choice):
    if station.n_chargers == 0:
        return np.inf
    if choice.knows_waits:
        ends = sorted(left for _, left, *_ in station.charging)
        ends = [0] * (station.n_chargers - len(ends)) + ends
        for queued, *_ in station.queue:
            ends = sorted([*ends[1:], ends[0] + int(trucks.charging_min[queued])])
        expected = ends[0]
    else:
        expected = len(station.queue) / station.n_chargers * trucks.charging_min[truck]
    return trucks.energy_kwh[truck] * price + choice.queue_eur_min * expected


@pytest.fixture
def market():
    """What tests build markets from."""

    class Builders:
        Choice = Choice
        trucks_at = staticmethod(trucks_at)
        operators_like = staticmethod(operators_like)
        simulated = staticmethod(simulated)
        stepped = staticmethod(stepped)

    return Builders

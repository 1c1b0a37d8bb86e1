"""Least energy of two tours, proved by dynamic programming over all sets of stops.

Tours are built from their end. A label at the first of the stops still to serve holds the energy
to the end, the latest arrival, the energy needed until the next charge, and whether a recharge
lies ahead. Recharging takes no time here: what is found is a lower bound on the energy of all
feasible plans, and the least energy where a feasible plan reaches it.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np
from numba import njit

ENERGY, LATEST, NEED, RECHARGED = range(4)
ROOM = 64
_TINY = 1e-9


@njit(cache=True)
def add_label(labels, count, energy, latest, need, recharged):
    """Add a label to a list unless another one is at least as good; -1 if the list is full."""
    n, kept = count, 0
    for at in range(n):
        row = labels[at]
        if (
            row[ENERGY] <= energy + _TINY
            and row[LATEST] >= latest - _TINY
            and row[NEED] <= need + _TINY
            and row[RECHARGED] <= recharged
        ):
            return n
    for at in range(n):
        row = labels[at]
        beaten = (
            energy <= row[ENERGY] + _TINY
            and latest >= row[LATEST] - _TINY
            and need <= row[NEED] + _TINY
            and recharged <= row[RECHARGED]
        )
        if not beaten:
            for k in range(4):
                labels[kept, k] = row[k]
            kept += 1
    if kept == ROOM:
        return -1
    labels[kept, ENERGY], labels[kept, LATEST] = energy, latest
    labels[kept, NEED], labels[kept, RECHARGED] = need, recharged
    return kept + 1


@njit(cache=True)
def extend(labels, count, i, j, load, after, at_j, arrays, bound, most):
    """Put stop i before place j (0: the depot at the end), with a recharge between or not."""
    base_kwh, kwh_per_kg, travel_min, service_min, open_min, close_min = arrays
    for number in range(after):
        energy_j, latest_j, need_j, recharged_j = at_j[number]
        for stops_by in range(2):
            if stops_by == 1 and (recharged_j == 1.0 or j == 0):
                continue
            if stops_by == 0:
                leg = base_kwh[i, j] + kwh_per_kg[i, j] * load
                minutes, need = travel_min[i, j], leg + need_j
            else:
                first = base_kwh[i, 0] + kwh_per_kg[i, 0] * load
                leg = first + base_kwh[0, j] + kwh_per_kg[0, j] * load
                minutes, need = travel_min[i, 0] + travel_min[0, j], first
            energy = energy_j + leg
            recharged = max(recharged_j, float(stops_by))
            latest = min(close_min[i], latest_j - minutes - service_min[i])
            if latest < open_min[i] - _TINY or energy > most:
                continue
            if recharged == 1.0 and need > bound:
                continue
            count = add_label(labels, count, energy, latest, need, recharged)
            if count < 0:
                return -1
    return count


@njit(cache=True)
def linehaul_tours(
    ends, n_ends, delivery_kg, arrays, bound, most, payload_kg, available_min, least
):
    """Fill ``least`` (n_sets,) with the least energy of a tour with each set of deliveries.

    ``ends`` (n_stops, ROOM, 4) and ``n_ends`` (n_stops,): labels at each delivery served last.
    """
    base_kwh, kwh_per_kg, travel_min = arrays[0], arrays[1], arrays[2]
    n = len(n_ends)
    n_sets = 1 << n
    labels = np.zeros((n_sets, n, ROOM, 4))
    count = np.zeros((n_sets, n), np.int64)
    for i in range(n):
        labels[1 << i, i] = ends[i]
        count[1 << i, i] = n_ends[i]
    for remaining in range(1, n_sets):
        load = 0.0
        for i in range(n):
            if remaining >> i & 1:
                load += delivery_kg[i]
        least[remaining] = np.inf
        if load > payload_kg:
            continue
        for j in range(n):
            here = count[remaining, j]
            if here == 0:
                continue
            place = j + 1
            for number in range(here):
                energy, latest, need, _ = labels[remaining, j, number]
                leg = base_kwh[0, place] + kwh_per_kg[0, place] * load
                if available_min + travel_min[0, place] <= latest + _TINY and need + leg <= bound:
                    least[remaining] = min(least[remaining], energy + leg)
            for i in range(n):
                if remaining >> i & 1:
                    continue
                larger = remaining | (1 << i)
                found = extend(
                    labels[larger, i],
                    count[larger, i],
                    i + 1,
                    place,
                    load,
                    here,
                    labels[remaining, j],
                    arrays,
                    bound,
                    most,
                )
                if found < 0:
                    return False
                count[larger, i] = found
    return True


def least_energy_of_two_tours(problem, bound_kwh, most_kwh):
    """Lower bound on the energy of two tours that serve all stops, kWh.

    Parameters
    ----------
    problem : DispatchProblem
        Deliveries come first among its stops, then pickups.
    bound_kwh : float
        Energy that each truck leaves with at most.
    most_kwh : float
        Labels above this are dropped: the energy of a known plan and a little more.
    """
    is_delivery = problem.delivery_kg > 0
    stops = np.concatenate([np.flatnonzero(is_delivery), np.flatnonzero(~is_delivery)])
    n_deliveries = int(is_delivery.sum())
    places = np.concatenate([[0], stops + 1])
    matrices = (problem.arc_kwh, problem.arc_kwh_per_kg, problem.travel_min)
    vectors = (problem.service_min, problem.open_min, problem.close_min)
    arrays = (
        *(np.ascontiguousarray(matrix[np.ix_(places, places)]) for matrix in matrices),
        *(np.concatenate([[0.0], vector[stops]]) for vector in vectors),
    )
    delivery_kg, pickup_kg = problem.delivery_kg[stops], problem.pickup_kg[stops]
    pickups = list(range(n_deliveries, problem.n_stops))
    truck = problem.trucks[0]
    least = np.full((1 << len(pickups), 1 << n_deliveries), np.inf)
    for chosen in range(1 << len(pickups)):
        group = [stop for bit, stop in enumerate(pickups) if chosen >> bit & 1]
        if pickup_kg[group].sum() > truck.payload_kg:
            continue
        ends = np.zeros((n_deliveries, ROOM, 4))
        n_ends = np.zeros(n_deliveries, np.int64)
        for first, at_first in _pickup_labels(
            pickup_kg, truck.back_by_min, group, arrays, bound_kwh, most_kwh
        ):
            for i in range(n_deliveries):
                n_ends[i] = extend(
                    ends[i],
                    n_ends[i],
                    i + 1,
                    first,
                    0.0,
                    len(at_first),
                    at_first,
                    arrays,
                    bound_kwh,
                    most_kwh,
                )
                assert n_ends[i] >= 0
        assert linehaul_tours(
            ends,
            n_ends,
            delivery_kg[:n_deliveries],
            arrays,
            bound_kwh,
            most_kwh,
            truck.payload_kg,
            truck.available_min,
            least[chosen],
        )
    least[0, 0] = 0.0
    least[1:, 0] = np.inf
    return float((least + least[::-1, ::-1]).min())


def _pickup_labels(pickup_kg, back_by_min, group, arrays, bound, most):
    """Labels at the first of some pickups, or at the depot where there are none."""
    end = np.array([[0.0, back_by_min, 0.0, 0.0]])
    if not group:
        return [(0, end)]
    total = pickup_kg[group].sum()
    found = []
    for order in permutations(group):
        at, place, carried = end, 0, total
        for stop in reversed(order):
            labels = np.zeros((ROOM, 4))
            n = extend(labels, 0, stop + 1, place, carried, len(at), at, arrays, bound, most)
            assert n >= 0
            at, place = labels[:n], stop + 1
            carried -= pickup_kg[stop]
        if len(at):
            found.append((place, at))
    return found

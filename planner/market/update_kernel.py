"""How an operator changes its charging points and prices when its turn comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.market.market_arrays import Operators, PeriodFigures, Rules

SAME_EUR_KWH = 1e-9
"""Prices closer than this are the same."""
BUSIER_SHARE = 1e-9
"""A rival is busier if its use is higher by more than rounding."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_2_TO_53 = 9007199254740992.0


@kernel
def uniform(state: NDArray[np.uint64]) -> float:
    """Next random number in [0, 1) of a stream whose state is one 64-bit number (splitmix64)."""
    state[0] += _ODD
    mixed = state[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_1
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
    mixed ^= mixed >> np.uint64(31)
    return float(mixed >> np.uint64(11)) / _2_TO_53


@inner_kernel
def lowest_rival(
    price_eur_kwh: NDArray[np.float64], n_chargers: NDArray[np.int64], operator: int, slot: int
) -> float:
    """Lowest price of the others that have charging points; infinite without one."""
    lowest = np.inf
    for rival in range(len(n_chargers)):
        if rival != operator and n_chargers[rival] > 0:
            lowest = min(lowest, price_eur_kwh[rival, slot])
    return lowest


@inner_kernel
def lowest_busier_rival(
    price_eur_kwh: NDArray[np.float64],
    n_chargers: NDArray[np.int64],
    busy_min: NDArray[np.float64],
    operator: int,
    slot: int,
) -> float:
    """Lowest price of those with busier charging points; infinite without one."""
    lowest = np.inf
    own = busy_min[operator, slot] / n_chargers[operator]
    for rival in range(len(n_chargers)):
        if rival == operator or n_chargers[rival] == 0:
            continue
        if busy_min[rival, slot] / n_chargers[rival] > own + BUSIER_SHARE:
            lowest = min(lowest, price_eur_kwh[rival, slot])
    return lowest


@inner_kernel
def random_slot(is_candidate: NDArray[np.bool_], random_state: NDArray[np.uint64]) -> int:
    """One of the slots that are candidates, all equally likely; -1 if there is none."""
    n = is_candidate.sum()
    if n == 0:
        return -1
    left = int(uniform(random_state) * n)
    for slot in range(len(is_candidate)):
        if is_candidate[slot]:
            if left == 0:
                return slot
            left -= 1
    return -1


@inner_kernel
def set_price(
    price_eur_kwh: NDArray[np.float64],
    operators: Operators,
    operator: int,
    slot: int,
    wanted_eur_kwh: float,
) -> None:
    """Set a price within the operator's bounds; in all slots where it asks one price."""
    price = max(wanted_eur_kwh, operators.lowest_eur_kwh[operator])
    price = min(price, operators.highest_eur_kwh[operator])
    if operators.has_one_price[operator]:
        price_eur_kwh[operator, :] = price
    else:
        price_eur_kwh[operator, slot] = price


@inner_kernel
def is_followed(
    rule: int, probability: float, only_rule: int, random_state: NDArray[np.uint64]
) -> bool:
    """Whether a rule is followed in this update: the drawn one, or each by its probability."""
    if only_rule >= 0:
        return rule == only_rule
    return uniform(random_state) < probability


@inner_kernel
def drawn_rule(rules: Rules, random_state: NDArray[np.uint64]) -> int:
    """One of the six rules in proportion to the probabilities; -1 where each is drawn by itself."""
    if not rules.one_at_a_time:
        return -1
    weights = (
        rules.remove_charger,
        rules.add_charger,
        rules.undercut_busier,
        rules.raise_queued,
        rules.raise_any,
        rules.lower_dearer,
    )
    left = uniform(random_state) * (
        weights[0] + weights[1] + weights[2] + weights[3] + weights[4] + weights[5]
    )
    for rule in range(5):
        left -= weights[rule]
        if left < 0.0:
            return rule
    return 5


@kernel
def propose_update(
    operator: int,
    rules: Rules,
    operators: Operators,
    figures: PeriodFigures,
    price_eur_kwh: NDArray[np.float64],
    n_chargers: NDArray[np.int64],
    random_state: NDArray[np.uint64],
) -> bool:
    """Change one operator's prices and charging points by the rules, in place.

    Parameters
    ----------
    operator : int
        Whose turn it is.
    figures : PeriodFigures
        What the period came to with the offers as they are.
    price_eur_kwh : (n_operators, n_slots) float64
        Changed.
    n_chargers : (n_operators,) int64
        Changed.
    random_state : (1,) uint64
        State of the random numbers, advanced.

    Returns
    -------
    bool
        Whether anything differs from before.

    Notes
    -----
    The rules of Karlsson and Grauers (Energies 2024, 17, 2901), section 3.5, for any number of
    operators: "the competitor" is the cheapest other operator, and the cheapest busier one where
    the rule asks for a busier one. The thresholds of the first two rules are ours: their equations
    are not in the text we have.
    """
    n_slots = price_eur_kwh.shape[1]
    step = rules.step_eur_kwh
    before = price_eur_kwh[operator].copy()
    n_before = n_chargers[operator]
    only_rule = drawn_rule(rules, random_state)
    charger_eur = operators.charger_eur_period[operator]
    marginal_eur = figures.marginal_eur[operator]
    removes = is_followed(0, rules.remove_charger, only_rule, random_state)
    adds = is_followed(1, rules.add_charger, only_rule, random_state)
    # Without points there are no figures to set prices by: an operator that left can only return.
    if n_before == 0:
        if adds and operators.max_chargers[operator] > 0:
            n_chargers[operator] = 1
            return True
        return False
    if removes and marginal_eur < charger_eur and n_before > operators.min_chargers[operator]:
        n_chargers[operator] = n_before - 1
    if adds and marginal_eur > charger_eur and n_before < operators.max_chargers[operator]:
        n_chargers[operator] = n_before + 1

    is_candidate = np.empty(n_slots, np.bool_)
    if is_followed(2, rules.undercut_busier, only_rule, random_state):
        busier = np.empty(n_slots)
        n_chargers_now = n_chargers[operator]
        # Use was measured with the points of the period before, whatever has been added since.
        n_chargers[operator] = n_before
        for slot in range(n_slots):
            busier[slot] = lowest_busier_rival(
                price_eur_kwh, n_chargers, figures.busy_min, operator, slot
            )
            is_candidate[slot] = busier[slot] < np.inf
        n_chargers[operator] = n_chargers_now
        slot = random_slot(is_candidate, random_state)
        if slot >= 0:
            set_price(price_eur_kwh, operators, operator, slot, busier[slot] - step)

    if is_followed(3, rules.raise_queued, only_rule, random_state):
        for slot in range(n_slots):
            is_candidate[slot] = figures.queue_min[operator, slot] > 0.0
        slot = random_slot(is_candidate, random_state)
        if slot >= 0:
            raise_price(price_eur_kwh, n_chargers, operators, operator, slot, step)

    if is_followed(4, rules.raise_any, only_rule, random_state):
        slot = int(uniform(random_state) * n_slots)
        raise_price(price_eur_kwh, n_chargers, operators, operator, slot, step)

    if is_followed(5, rules.lower_dearer, only_rule, random_state):
        for slot in range(n_slots):
            rival = lowest_rival(price_eur_kwh, n_chargers, operator, slot)
            is_candidate[slot] = price_eur_kwh[operator, slot] >= rival - SAME_EUR_KWH
        slot = random_slot(is_candidate, random_state)
        if slot >= 0:
            rival = lowest_rival(price_eur_kwh, n_chargers, operator, slot)
            meets = uniform(random_state) < rules.match_share
            wanted = rival if meets else rival - step
            set_price(price_eur_kwh, operators, operator, slot, wanted)

    if n_chargers[operator] != n_before:
        return True
    for slot in range(n_slots):
        if abs(price_eur_kwh[operator, slot] - before[slot]) > SAME_EUR_KWH:
            return True
    # A difference by rounding is none: the offer stays the very same numbers.
    price_eur_kwh[operator] = before
    return False


@inner_kernel
def raise_price(
    price_eur_kwh: NDArray[np.float64],
    n_chargers: NDArray[np.int64],
    operators: Operators,
    operator: int,
    slot: int,
    step_eur_kwh: float,
) -> None:
    """Raise a price by a step, or to a step below the cheapest rival where that is higher."""
    wanted = price_eur_kwh[operator, slot] + step_eur_kwh
    rival = lowest_rival(price_eur_kwh, n_chargers, operator, slot)
    # Far below all rivals a single step would give money away for nothing.
    if rival < np.inf:
        wanted = max(wanted, rival - step_eur_kwh)
    set_price(price_eur_kwh, operators, operator, slot, wanted)

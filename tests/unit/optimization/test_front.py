from __future__ import annotations

import numpy as np
import pytest

from planner.optimization.front import NAMED_SOLUTIONS, NamingRules
from planner.optimization.front import name_solutions as named_of
from planner.optimization.objectives import Objective, ObjectiveSpace
from planner.simulation.queues import LayoutScores
from planner.tables.table import Quantity
from tests.unit.optimization.waiting_and_use import SPACE

WAIT = np.array([0.0, 0.01, 0.5, 2.0, 5.0, 12.0, 30.0, 60.0])
TCU = np.array([0.10, 0.20, 0.30, 0.40, 0.50, 0.55, 0.60, 0.65])
ENERGY = np.array([100.0, 100.0, 100.0, 100.0, 99.9, 99.8, 99.6, 97.0])
RULES = NamingRules(wait_tolerance_min=0.05, energy_loss_share=0.005)


def scores_of(wait, tcu, energy):
    zeros = np.zeros(len(wait))
    return LayoutScores(
        total_wait_h=zeros,
        lpc_wait_h=zeros,
        n_hpc_processes=zeros.astype(int),
        n_lpc_rejected=zeros.astype(int),
        mean_wait_min=wait,
        hpc_occupied_h=zeros,
        tcu_share=tcu,
        hpc_energy_kwh=energy,
        lpc_energy_kwh=zeros,
    )


def name_solutions(wait, tcu, energy, rules):
    return named_of(SPACE, np.column_stack([wait, tcu]), scores_of(wait, tcu, energy), rules)


def test_named_solutions_of_a_hand_made_front():
    named = name_solutions(WAIT, TCU, ENERGY, RULES)
    # Within 3 s of no wait: index 1. Energy holds to 99.5 % up to index 6. Scaled by
    # (wait - 0.01) / 29.99 and (tcu - 0.2) / 0.4 the knee is index 4: 0.75 - 0.17.
    # Arc lengths from index 1: 0, 0.25, 0.51, 0.78, 1.04, 1.66 -> halves 0.39 and 1.22.
    assert named == {
        "logistics": 1,
        "logistics-leaning": 3,
        "balanced": 4,
        "cpo-leaning": 5,
        "cpo": 6,
    }
    chosen = [named[name] for name in NAMED_SOLUTIONS]
    assert np.all(np.diff(WAIT[chosen]) > 0.0)
    assert np.all(np.diff(TCU[chosen]) > 0.0)


def test_tolerances_move_the_ends():
    strict = name_solutions(WAIT, TCU, ENERGY, NamingRules(0.0, 0.0))
    assert (strict["logistics"], strict["cpo"]) == (0, 3)
    lax = name_solutions(WAIT, TCU, ENERGY, NamingRules(1.0, 0.05))
    assert (lax["logistics"], lax["cpo"]) == (2, 7)


def test_where_bounds_are_tight_energy_is_held_against_the_best_of_the_front():
    energy = np.array([80.0, 80.0, 80.2, 80.1, 79.9, 79.0, 78.0, 77.0])
    assert name_solutions(WAIT, TCU, energy, RULES)["cpo"] == 4


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_solutions_share_names_in_order(n):
    named = name_solutions(WAIT[:n], TCU[:n], ENERGY[:n], RULES)
    chosen = [named[name] for name in NAMED_SOLUTIONS]
    assert chosen == sorted(chosen)
    assert max(chosen) == n - 1


def test_the_knee_weighs_all_objectives_and_names_stay_on_the_way_from_waiting_to_utilisation():
    dust = Objective(
        Quantity("dust_mg", "float64", "mg", "one", "Dust", "Dust."), "min", 0.0, 9.0, None, False
    )
    space = ObjectiveSpace((*SPACE.objectives, dust), np.array([60.0, 0.0, 9.0]))
    # The ninth is on the front for its dust alone: it waits longer at less utilisation.
    wait, tcu = np.append(WAIT, 61.0), np.append(TCU, 0.2)
    dusty = np.array([0.0, 0.0, 0.0, 0.0, 9.0, 0.0, 0.0, 0.0, -1.0])
    points = np.column_stack([wait, tcu, dusty])
    named = named_of(space, points, scores_of(wait, tcu, np.append(ENERGY, 100.0)), RULES)
    # Without the dust of the knee that index 4 is, the next best is 5: 0.875 - 0.4 > 0.5 - 0.066.
    assert named["balanced"] == 5
    assert 8 not in named.values()

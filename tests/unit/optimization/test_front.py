from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planner.optimization.front import NAMED_SOLUTIONS, Front, NamingRules, name_solutions
from planner.simulation.queues import LayoutScores

WAIT = np.array([0.0, 0.01, 0.5, 2.0, 5.0, 12.0, 30.0, 60.0])
TCU = np.array([0.10, 0.20, 0.30, 0.40, 0.50, 0.55, 0.60, 0.65])
ENERGY = np.array([100.0, 100.0, 100.0, 100.0, 99.9, 99.8, 99.6, 97.0])
RULES = NamingRules(wait_tolerance_min=0.05, energy_loss_share=0.005)


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


def test_summary_has_a_row_per_solution_and_the_first_name_of_each():
    zeros = np.zeros(2)
    scores = LayoutScores(
        total_wait_h=zeros,
        lpc_wait_h=zeros,
        n_hpc_processes=np.array([5, 5]),
        n_lpc_rejected=np.array([0, 1]),
        mean_wait_min=np.array([0.0, 3.0]),
        hpc_occupied_h=zeros,
        tcu_share=np.array([0.1, 0.2]),
        hpc_energy_kwh=zeros,
        lpc_energy_kwh=zeros,
    )
    front = Front(
        n_hpc=np.array([[2, 2], [1, 2]], np.int32),
        n_lpc=np.array([1, 0], np.int32),
        scores=scores,
        named={"logistics": 0, "logistics-leaning": 0, "cpo": 1},
        history=pd.DataFrame(),
        reference_wait_min=60.0,
    )
    summary = front.summary()
    assert summary["name"].tolist() == ["logistics", "cpo"]
    assert summary["n_hpc"].tolist() == [4, 3]
    assert summary["n_lpc"].tolist() == [1, 1]

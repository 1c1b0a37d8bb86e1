"""When the outer fixed point ends, on fronts that need no search."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from planner.optimization.replanned_front import Round, search_replanned_front


def front_of(hypervolume, n_hpc):
    return SimpleNamespace(
        n_hpc=np.array([[9, 9], [n_hpc, 1]], np.int32),
        n_lpc=np.zeros(2, np.int32),
        scores=SimpleNamespace(mean_wait_min=np.array([0.1, 2.0]), tcu_share=np.array([0.1, 0.3])),
        named={"balanced": 1},
        history=pd.DataFrame({"hypervolume": [0.0, hypervolume]}),
    )


def round_of(plans, hypervolume, n_hpc=5):
    return Round(plans, None, SimpleNamespace(front=front_of(hypervolume, n_hpc)))


def ended(hypervolumes, **settings):
    """Rounds whose fronts have these hypervolumes; plans are the numbers of their rounds."""
    asked = []

    def replan(plans, layout, number):
        asked.append((plans, layout.n_hpc.tolist(), number))
        return SimpleNamespace(plans=number)

    def search(plans, number):
        return round_of(plans, hypervolumes[number], n_hpc=5 - number)

    first = round_of(0, hypervolumes[0])
    result = search_replanned_front(
        first, replan=replan, search=search, **{"max_rounds": 10, "tolerance": 0.01} | settings
    )
    return result, asked


def test_it_ends_when_the_front_stands_still():
    result, asked = ended([0.5, 0.6, 0.604, 0.9])
    assert result.rounds["round"].tolist() == [0, 1, 2]
    assert result.rounds["hypervolume"].tolist() == [0.5, 0.6, 0.604]
    assert result.rounds["change_share"].iloc[1] == pytest.approx(0.2)
    assert result.last.plans == 2
    # Each round learns the balanced layout of the front before it, from the plans before it.
    assert asked == [(0, [5, 1], 1), (1, [4, 1], 2)]


def test_it_ends_after_the_most_rounds():
    result, asked = ended([0.5, 0.6, 0.7, 0.8], max_rounds=2)
    assert result.rounds["n_hpc"].tolist() == [6, 5, 4]
    assert len(asked) == 2


def test_learning_is_reported_from_plans_that_know_no_queues():
    result, _ = ended([0.5, 0.6, 0.7, 0.8], max_rounds=3)
    assert result.replanning.plans == 1


def test_no_rounds_are_refused():
    with pytest.raises(ValueError, match="max_rounds must be >= 1"):
        ended([0.5], max_rounds=0)

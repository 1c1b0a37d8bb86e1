"""Batches of OD pairs that threads plan side by side."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from planner.routing import plan_batches
from planner.routing.plan_batches import _batches


@pytest.fixture(autouse=True)
def two_threads(monkeypatch):
    monkeypatch.setattr(plan_batches, "get_num_threads", lambda: 2)


def sizes_of(n_trips_of_pair):
    """Trips of each batch, which hold all pairs in their order, each once."""
    first_trip = np.append(0, np.cumsum(n_trips_of_pair))
    batches = _batches(first_trip)
    assert batches[0][0] == 0
    assert batches[-1][1] == len(n_trips_of_pair)
    assert all(end == start for (_, end), (start, _) in pairwise(batches))
    return [int(first_trip[last] - first_trip[first]) for first, last in batches]


def test_threads_share_the_trips_of_which_there_are_few():
    assert sizes_of(np.ones(300, int)) == [38] * 7 + [34]


def test_fewer_trips_than_are_worth_a_thread_are_one_batch():
    assert sizes_of(np.ones(16, int)) == [16]
    assert sizes_of(np.ones(17, int)) == [16, 1]


def test_progress_of_many_trips_is_told_after_five_hundred():
    assert sizes_of(np.ones(20_000, int)) == [500] * 40


def test_trips_of_a_pair_are_in_one_batch():
    assert sizes_of([700, 1, 2, 1000]) == [700, 1003]


def test_without_trips_there_is_no_batch():
    assert _batches(np.array([0])) == []

"""When enough replications are enough."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.reporting.intervals import interval_of
from planner.scenario.sweep import ReplicateUntil
from planner.sweeping.replications import replications_wanted


def rule(width, at_most=20):
    return ReplicateUntil(mean_wait_interval_min=width, at_most=at_most)


def test_a_narrow_interval_is_enough():
    assert replications_wanted([5.0, 5.01, 4.99], rule(0.5)) == 3


def test_a_wide_one_asks_for_more_but_not_for_more_than_twice_as_many():
    assert replications_wanted([1.0, 9.0, 5.0], rule(0.5)) == 6


def test_a_nearly_narrow_one_asks_for_as_many_as_the_root_law_says():
    waits = [4.0, 5.0, 6.0, 5.0, 4.5, 5.5, 5.2, 4.8]
    width = interval_of(waits).width
    assert replications_wanted(waits, rule(width / 1.1)) == 10


def test_there_is_an_end():
    assert replications_wanted([1.0, 9.0, 5.0], rule(0.5, at_most=4)) == 4
    assert replications_wanted([1.0, 9.0, 5.0, 7.0], rule(0.5, at_most=4)) == 4


@given(
    st.lists(st.floats(0.0, 100.0), min_size=2, max_size=30),
    st.floats(0.01, 50.0),
    st.integers(2, 40),
)
def test_the_number_grows_to_the_end_and_no_further(waits, width, at_most):
    wanted = replications_wanted(waits, rule(width, at_most))
    n_done = len(waits)
    enough = interval_of(waits).width <= width or n_done >= at_most
    assert wanted == n_done if enough else n_done < wanted <= min(2 * n_done, at_most)


def test_intervals_are_students():
    # Ten values, t(0.975, 9) = 2.2622.
    values = [4.1, 5.0, 3.8, 4.6, 5.2, 4.9, 4.4, 5.5, 4.0, 4.7]
    interval = interval_of(values)
    half = 2.2621571628 * np.std(values, ddof=1) / sqrt(10)
    assert interval.mean == pytest.approx(4.62)
    assert interval.low == pytest.approx(4.62 - half)
    assert interval.high == pytest.approx(4.62 + half)


def test_one_value_has_no_interval():
    interval = interval_of([3.0])
    assert interval.mean == 3.0
    assert np.isnan([interval.low, interval.high]).all()


def test_intervals_hold_the_true_mean_as_often_as_they_say():
    rng = np.random.default_rng(8)
    inside = 0
    for _ in range(2000):
        interval = interval_of(rng.normal(10.0, 2.0, 4))
        inside += interval.low <= 10.0 <= interval.high
    assert inside / 2000 == pytest.approx(0.95, abs=0.015)

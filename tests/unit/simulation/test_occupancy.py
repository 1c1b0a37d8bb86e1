"""What happens at the same time."""

from __future__ import annotations

import numpy as np
import pytest

from planner.simulation.group_sums import Partitions, p95_of_groups
from planner.simulation.occupancy import (
    load_in_order,
    peak_load,
    peak_occupancy,
    peaks_of_groups,
)


def test_a_plug_freed_and_taken_at_the_same_time_is_one_plug():
    site = np.array([0, 0, 1])
    peak = peak_occupancy(site, np.array([1.0, 2.0, 2.0]), np.array([2.0, 3.0, 3.0]), 3)
    assert peak.tolist() == [1, 1, 0]


def test_peak_load_adds_what_overlaps():
    site = np.array([1, 1, 1, 0])
    from_h = np.array([0.0, 1.0, 1.5, 1.2])
    to_h = np.array([1.2, 2.0, 3.0, 9.0])
    peak = peak_load(site, from_h, to_h, np.array([100.0, 40.0, 50.0, 7.0]), 2)
    assert peak == pytest.approx([7.0, 140.0])


def test_peak_load_equals_a_look_at_every_begin():
    generator = np.random.default_rng(4)
    site = generator.integers(0, 7, 400)
    from_h = generator.integers(0, 60, 400) / 4.0
    to_h = from_h + generator.integers(1, 12, 400) / 4.0
    load = generator.choice([100.0, 350.0, 1000.0], 400)
    expected = [
        max(
            load[(site == place) & (from_h <= moment) & (moment < to_h)].sum()
            for moment in from_h[site == place]
        )
        for place in range(7)
    ]
    np.testing.assert_array_equal(peak_load(site, from_h, to_h, load, 7), expected)


def test_a_session_without_length_adds_nothing():
    at = np.array([1.0, 1.0])
    assert peak_load(np.zeros(2, np.int32), at, at, np.array([5.0, 3.0]), 1).tolist() == [0.0]


def test_no_sessions():
    nobody = np.empty(0)
    assert peak_occupancy(np.empty(0, np.int64), nobody, nobody, 2).tolist() == [0, 0]


def test_peaks_of_several_partitions_are_those_of_each_alone():
    rng = np.random.default_rng(3)
    n = 400
    from_h = np.round(rng.uniform(0.0, 20.0, n), 1)  # many begin when others end
    to_h = from_h + np.round(rng.uniform(0.0, 3.0, n), 1)
    load = rng.uniform(10.0, 900.0, n)
    partitions = [(rng.integers(0, k, n), k + 1) for k in (1, 7, 300)]  # the last group is empty
    groups = Partitions.of(np.arange(n), partitions)
    found = peaks_of_groups(
        load_in_order(from_h, to_h, load), np.arange(n), groups.group, groups.n_groups
    )
    for (group, n_groups), begin in zip(partitions, groups.offset, strict=False):
        alone = peak_load(group, from_h, to_h, load, n_groups)
        np.testing.assert_array_equal(found[begin : begin + n_groups], alone)


def test_begins_come_in_order_and_those_at_the_same_time_as_they_stand():
    rng = np.random.default_rng(5)
    for times in (rng.exponential(3.0, 500), rng.integers(0, 9, 500) / 2.0, np.full(7, 4.0)):
        begins, _ = load_in_order(times, times + 1.0, np.ones(len(times)))
        assert np.array_equal(begins.session, np.argsort(times, kind="stable"))


def test_quantiles_of_several_partitions_are_those_of_each_alone():
    rng = np.random.default_rng(6)
    n = 700
    waits = np.where(rng.random(n) < 0.6, 0.0, np.round(rng.exponential(20.0, n), 1))
    partitions = [(rng.integers(0, k, n), k + 1) for k in (1, 9, 200)]  # the last group is empty
    groups = Partitions.of(np.arange(n), partitions)
    n_in_group = np.bincount(groups.group.ravel(), minlength=groups.n_groups)
    found = p95_of_groups(groups, np.arange(n), waits, n_in_group)
    for (group, n_groups), begin in zip(partitions, groups.offset, strict=False):
        for at in range(n_groups):
            own = waits[group == at]
            expected = np.quantile(own, 0.95, method="inverted_cdf") if len(own) else np.nan
            np.testing.assert_equal(found[begin + at], expected)

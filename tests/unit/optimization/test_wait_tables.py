from __future__ import annotations

import numpy as np
import pytest

from planner.optimization.wait_tables import arrivals_by_site, build_wait_tables


def plain_total_wait_h(arrival_h, plug_h, n_plugs):
    """Kiefer-Wolfowitz with a sorted list: the slow twin of the kernel."""
    free_h = [-np.inf] * n_plugs
    total_h = 0.0
    for arrival, plug in zip(arrival_h, plug_h, strict=True):
        start = max(arrival, free_h[0])
        total_h += start - arrival
        free_h = sorted([*free_h[1:], start + plug])
    return total_h


def test_hand_worked_site():
    # Four trucks of one hour each at 0:00, 0:00, 0:30 and 2:00.
    # One plug: starts 0, 1, 2, 3 -> waits 0 + 1 + 1.5 + 1. Two plugs: starts 0, 0, 1, 2 -> 0.5.
    tables = build_wait_tables([0, 0, 0, 0], [0.0, 0.0, 0.5, 2.0], [1.0] * 4, n_sites=1)
    assert tables.peak.tolist() == [3]
    assert tables.total_wait_h.tolist() == [3.5, 0.5, 0.0]
    assert tables.mean_wait_min(np.array([2])) == pytest.approx(0.5 * 60.0 / 4)


def test_release_at_the_moment_of_an_arrival_frees_the_plug():
    tables = build_wait_tables([0, 0], [0.0, 0.75], [0.75, 0.75], n_sites=1)
    assert tables.peak.tolist() == [1]


def test_equals_the_plain_twin_and_ends_without_waiting():
    rng = np.random.default_rng(3)
    n_sites, n = 5, 300
    site = rng.integers(0, n_sites - 1, n)  # the last site stays empty
    arrival = rng.uniform(0.0, 24.0, n).round(1)  # with ties
    plug = rng.uniform(0.2, 2.0, n)
    tables = build_wait_tables(site, arrival, plug, n_sites)
    assert tables.peak[-1] == 0
    assert tables.n_arrivals.sum() == n
    for s in range(n_sites - 1):
        mine = np.flatnonzero(site == s)
        mine = mine[np.argsort(arrival[mine], kind="stable")]
        entries = tables.total_wait_h[tables.offset[s] : tables.offset[s + 1]]
        twin = [
            plain_total_wait_h(arrival[mine], plug[mine], c) for c in range(1, len(entries) + 1)
        ]
        assert entries.tolist() == twin
        assert entries[-1] == 0.0
        assert np.all(entries[:-1] > 0.0)


def test_layouts_are_looked_up_together_and_beyond_the_peak():
    tables = build_wait_tables([0, 0, 2], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0], n_sites=3)
    layouts = np.array([[1, 0, 1], [2, 0, 1], [9, 9, 9]])
    assert tables.wait_h(layouts).tolist() == [1.0, 0.0, 0.0]
    with pytest.raises(ValueError, match="at least one"):
        tables.wait_h(np.array([1, 1, 0]))


@pytest.mark.parametrize(
    ("site", "arrival", "plug", "fault"),
    [
        ([0], [0.0, 1.0], [1.0], "equally long"),
        ([2], [0.0], [1.0], r"0\.\.1"),
        ([0], [np.nan], [1.0], "finite"),
        ([0], [0.0], [0.0], "positive"),
    ],
)
def test_impossible_arrivals_are_refused(site, arrival, plug, fault):
    with pytest.raises(ValueError, match=fault):
        build_wait_tables(site, arrival, plug, n_sites=2)


@pytest.mark.parametrize("far_h", [10.0, 1e7])
@pytest.mark.parametrize("digits", [0, 1, 9])
@pytest.mark.parametrize("n", [0, 1, 5000])
def test_arrivals_stand_by_site_and_time_and_equal_times_as_given(n, digits, far_h):
    rng = np.random.default_rng(n)
    site = rng.integers(0, 6, n).astype(np.int32)
    arrival = rng.uniform(-2.0, 9.0, n).round(digits)
    arrival[n // 2 : n // 2 + 1] = far_h
    plug = rng.uniform(0.2, 2.0, n)
    arrivals = arrivals_by_site(site, arrival, plug, 7, (0.0, 8.0))
    order = np.lexsort((arrival, site))
    assert arrivals.arrival_h.tolist() == arrival[order].tolist()
    assert arrivals.plug_h.tolist() == plug[order].tolist()
    assert np.diff(arrivals.offset).tolist() == np.bincount(site, minlength=7).tolist()
    assert (arrivals.from_h, arrivals.until_h) == (0.0, 8.0)


def test_arrivals_that_are_next_to_one_another_are_sorted():
    arrival = np.array([5e-324, 0.0, 1e-323, 0.0])
    arrivals = arrivals_by_site(np.zeros(4, np.int32), arrival, np.arange(1.0, 5.0), 1)
    assert arrivals.arrival_h.tolist() == [0.0, 0.0, 5e-324, 1e-323]
    assert arrivals.plug_h.tolist() == [2.0, 4.0, 1.0, 3.0]

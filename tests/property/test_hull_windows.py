"""Steps of a few totals against those of whole wait tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.optimization.allocation import PlugBounds, allocate, marginal_steps, plug_bounds
from planner.optimization.hull_window_kernel import touching_point
from planner.optimization.hull_windows import steps_between
from planner.optimization.wait_table_kernel import total_waiting_h
from planner.optimization.wait_tables import arrivals_by_site, build_wait_tables


@st.composite
def cases(draw):
    """Arrivals of a few hours at sites with bounds; times with many ties, or none at all."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_sites = draw(st.integers(1, 6))
    n = draw(st.integers(1, 200))
    site = rng.integers(0, n_sites, n)
    arrival = rng.uniform(0.0, draw(st.sampled_from([1.0, 6.0, 24.0])), n)
    plug = rng.choice([0.25, 0.75, 0.75, 2.0], n)
    if draw(st.booleans()):
        arrival = arrival.round(1)
    else:
        plug = plug * rng.uniform(0.5, 1.5, n)
    counted_h = draw(st.sampled_from([(-np.inf, np.inf), (0.5, 4.0)]))
    case = site, arrival, plug, n_sites, counted_h
    peak = build_wait_tables(*case).peak
    existing = rng.integers(0, 4, n_sites) * draw(st.integers(0, 1))
    most = rng.integers(0, 30, n_sites) if draw(st.booleans()) else None
    return case, plug_bounds(peak, existing, most), rng


@given(cases(), st.floats(1e-6, 1e6), st.floats(1e-6, 1.0))
@settings(max_examples=200, deadline=None)
def test_layouts_are_those_of_whole_tables_whatever_is_guessed(case, gain_h, ratio):
    arrivals, bounds, rng = case
    whole = marginal_steps(build_wait_tables(*arrivals), bounds)
    fewest, most = sorted(rng.integers(whole.totals[0] - 2, whole.totals[-1] + 3, 2).tolist())
    guess = rng.integers(bounds.lower, bounds.upper + 1)
    steps = steps_between(
        arrivals_by_site(*arrivals), bounds, (fewest, most), guess, (gain_h, gain_h * ratio)
    )
    for total in range(fewest, most + 1):
        expected = allocate(whole, max(total, whole.totals[0]))
        assert allocate(steps, total).tolist() == expected.tolist()


@given(cases(), st.floats(0.0, 20.0))
@settings(max_examples=100, deadline=None)
def test_a_line_touches_the_hull_at_the_fewest_of_the_best_numbers(case, gain_h):
    (site, arrival, plug, n_sites, counted_h), _, rng = case
    arrivals = arrivals_by_site(site, arrival, plug, n_sites, counted_h)
    busiest = int(np.argmax(np.diff(arrivals.offset)))
    here = slice(*arrivals.offset[busiest : busiest + 2])
    of_site = arrivals.arrival_h[here], arrivals.plug_h[here], *counted_h
    lower, upper = 2, 20
    waits_h = np.array([total_waiting_h(*of_site, n) for n in range(lower, upper + 1)])
    unknown_h = np.full(len(waits_h), np.nan)
    guess = int(rng.integers(lower, upper + 1))
    found = touching_point(*of_site, unknown_h, lower, gain_h, guess)
    assert found == lower + np.argmin(waits_h + gain_h * np.arange(lower, upper + 1))
    known = ~np.isnan(unknown_h)
    assert np.array_equal(unknown_h[known], waits_h[known])


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_few_entries_of_a_busy_site_are_computed(share):
    rng = np.random.default_rng(11)
    case = np.zeros(4000, np.int64), rng.normal(14.0, 4.0, 4000), rng.uniform(0.4, 0.8, 4000), 1
    tables = build_wait_tables(*case)
    peak = int(tables.peak[0])
    middle = int(share * peak)
    gain_h = tables.total_wait_h[middle - 1] - tables.total_wait_h[middle]
    arrivals = arrivals_by_site(*case)
    waits_h = np.full(peak, np.nan)
    touching_point(arrivals.arrival_h, arrivals.plug_h, -np.inf, np.inf, waits_h, 1, gain_h, middle)
    assert np.isfinite(waits_h).sum() < 0.5 * peak


def test_where_nobody_waited_before_the_layout_of_the_same_total_stays():
    apart, at_once = np.array([0.0, 5.0, 10.0]), np.array([0.0, 0.1, 0.2])
    plug, site = np.full(3, 0.5), np.zeros(3, np.int64)
    bounds = PlugBounds(np.array([1], np.int32), np.array([3], np.int32))
    steps = marginal_steps(build_wait_tables(site, apart, plug, 1), bounds)
    assert not len(steps.gain_h)
    gains_h = steps.gains_at((1, 1))
    assert min(gains_h) > 0.0
    around = steps_between(
        arrivals_by_site(site, at_once, plug, 1), bounds, (1, 1), bounds.lower, gains_h
    )
    assert allocate(around, 1).tolist() == [1]

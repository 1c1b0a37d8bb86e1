"""Sets of sites: the best of a size, the fewest that cover trips, and none that stands idle."""

from __future__ import annotations

import numpy as np
import pytest

from planner.selection.chosen import choose_sites, fewest_sites, looked_at_alone
from planner.selection.sessions import close_idle_sites
from tests.unit.selection.conftest import (
    covering_case,
    fewest_of_all,
    hours_of_sets,
    lost_and_later,
)


@pytest.mark.parametrize("seed", [1, 4, 5])
def test_exchanges_mend_what_closing_one_by_one_comes_to(strewn, seed):
    question = strewn(1000 + seed).question()
    sets = hours_of_sets(question, 2)
    chosen = choose_sites(question, 2, looked_at_alone(question, lambda: None))
    found = tuple(np.flatnonzero(chosen.is_open).tolist())
    assert sets[found] == pytest.approx(min(sets.values()), abs=1e-6)
    assert chosen.is_stable


@pytest.mark.parametrize("seed", range(3))
def test_the_fewest_sites_that_cover_the_trips_are_as_few_as_of_all_sets(strewn, seed):
    question, most_lost = covering_case(strewn, seed)
    chosen = fewest_sites(question, most_lost, looked_at_alone(question, lambda: None))
    assert lost_and_later(question, np.flatnonzero(chosen.is_open))[0] <= most_lost
    assert chosen.is_open.sum() == fewest_of_all(question, most_lost)


def test_a_site_that_stays_is_no_part_of_any_exchange(strewn):
    question = strewn(1001).question(stays=(0, 3))
    chosen = choose_sites(question, 3, looked_at_alone(question, lambda: None))
    assert chosen.is_open[[0, 3]].all()
    assert chosen.is_open.sum() == 3


def test_no_site_is_left_with_too_few_sessions_once_all_trucks_have_planned_anew(strewn):
    question = strewn(2, n_trips=40).question(stays=(5,))
    close_idle_sites(question.plans, question.ways, question.plan, 12.0, question.stays)
    is_open = ~question.ways.is_closed
    again = question.plan(np.arange(40))
    n_sessions = np.bincount(again.stop_site_idx, minlength=6)
    before = np.bincount(question.plans.stop_site_idx, minlength=6)
    assert (before[:5] < 12).any()
    assert 1 <= is_open.sum() < 6
    assert is_open[5]
    assert (n_sessions[is_open & ~question.stays] >= 12).all()

"""Trips that a site more makes later: told from the others, and planned anew where one opens."""

from __future__ import annotations

import numpy as np

from planner.selection.chosen import choose_sites, looked_at_alone


def test_only_trips_not_planned_at_the_first_try_get_later_by_a_site_more(strewn):
    n_later = 0
    everyone = np.arange(60)
    for seed in range(6):
        question = strewn(seed, n_trips=60).question()
        order = np.random.default_rng(seed).permutation(question.n_sites)
        question.ways.is_closed[:] = True
        before = None
        for site in order:
            question.ways.is_closed[site] = False
            now = question.plan(everyone)
            if before is not None:
                is_later = before.is_served & ~(now.arrival_h <= before.arrival_h + 1e-9)
                assert not (is_later & before.is_first_try).any()
                n_later += int(is_later.sum())
            before = now
    assert n_later > 0


def test_exchanges_do_not_run_in_circles_over_trips_that_a_site_more_makes_later(strewn):
    question = strewn(33, n_sites=7, n_trips=71).question()
    chosen = choose_sites(question, 3, looked_at_alone(question, lambda: None))
    assert chosen.is_stable
    assert chosen.n_exchanged == 0

"""Sites closed one by one: each state is what planning all trucks with the sites left gives."""

from __future__ import annotations

import numpy as np
import pytest

from planner.runs.progress import Quiet
from planner.selection.closing import Closing
from planner.selection.site_order import order_sites
from tests.unit.selection.conftest import LOST_TRIP_H, lost_and_later


def ordered(question, n_first=1):
    return order_sites(question, n_first, Quiet())


@pytest.mark.parametrize("seed", range(4))
def test_every_state_on_the_way_is_what_planning_all_trucks_anew_gives(strewn, seed):
    question = strewn(seed).question()
    order = ordered(question, n_first=3)
    assert sorted(order.site_idx) == list(range(6))
    now = [lost_and_later(question, order.site_idx[: k + 1]) for k in range(6)]
    assert order.lost_trips.tolist() == [lost for lost, _ in now]
    assert order.extra_h.tolist() == pytest.approx([extra_h for _, extra_h in now], abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_each_step_closes_the_site_whose_trucks_lose_least(strewn, seed):
    question = strewn(seed).question()
    closing = Closing(question)
    for site in range(6):
        closing.look_at(site)
    closed, _ = closing.close_down_to(1, question.stays)
    for step, site in enumerate(closed):
        left = np.setdiff1d(np.arange(6), closed[:step])
        of_site = {}
        for each in left:
            lost, extra_h = lost_and_later(question, np.setdiff1d(left, each))
            of_site[each] = extra_h + LOST_TRIP_H * lost
        assert of_site[site] == pytest.approx(min(of_site.values()), abs=1e-9)


def test_how_critical_a_site_is_is_what_its_closing_alone_does(strewn):
    question = strewn(3).question()
    order = ordered(question, n_first=4)
    for at, site in enumerate(order.site_idx):
        lost, extra_h = lost_and_later(question, np.setdiff1d(np.arange(6), site))
        assert order.lost_alone[at] == lost
        assert order.extra_alone_h[at] == pytest.approx(extra_h, abs=1e-9)
    assert order.lost_alone.sum() > 0


def test_sites_that_stay_come_first_and_never_close(strewn):
    order = ordered(strewn(1).question(stays=(2, 5)))
    assert order.site_idx[:2].tolist() == [2, 5]

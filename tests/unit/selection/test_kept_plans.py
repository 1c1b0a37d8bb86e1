"""Work that is stopped goes on where it was, to the same outcome."""

from __future__ import annotations

import errno
from dataclasses import replace

import numpy as np
import pytest

from planner.routing import exact_plans
from planner.routing.stop_planner import plan_stops
from planner.runs.progress import Quiet
from planner.selection import chosen, exchange, kept_plans
from planner.selection.chosen import choose_sites, looked_at_alone
from planner.selection.closing import Closing
from planner.selection.kept_plans import KeptPlans
from planner.selection.site_order import order_sites


class Asked:
    """Counts how often trips are planned, and stops where it is to."""

    def __init__(self, plan, most=10_000):
        self.plan, self.most, self.n = plan, most, 0

    def __call__(self, trips):
        if self.n == self.most:
            raise KeyboardInterrupt
        self.n += 1
        return self.plan(trips)


def ordered(question, path, asked, key="these"):
    with KeptPlans(path, key) as kept:
        return order_sites(replace(question, plan=asked, kept=kept), 3, Quiet())


def is_same(one, other):
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("site_idx", "lost_trips", "extra_h", "lost_alone", "extra_alone_h")
    )


@pytest.fixture
def question(strewn):
    return strewn(3).question()


@pytest.mark.parametrize("n_before", [0, 4, 11])
def test_an_order_that_was_stopped_goes_on_to_the_same_outcome(question, tmp_path, n_before):
    whole = Asked(question.plan)
    expected = order_sites(replace(question, plan=whole), 3, Quiet())
    path = tmp_path / "plans.bin"
    with pytest.raises(KeyboardInterrupt):
        ordered(question, path, Asked(question.plan, n_before))
    rest = Asked(question.plan)
    assert is_same(ordered(question, path, rest), expected)
    assert rest.n == whole.n - n_before


def test_what_a_kill_has_cut_off_is_planned_again(question, tmp_path):
    path = tmp_path / "plans.bin"
    expected = ordered(question, path, Asked(question.plan))
    path.write_bytes(path.read_bytes()[:-5])
    rest = Asked(question.plan)
    assert is_same(ordered(question, path, rest), expected)
    assert rest.n == 1


@pytest.mark.parametrize("n_stops", [-3, 10**9, 2**62])
def test_plans_whose_length_is_damaged_are_made_again(question, tmp_path, n_stops):
    path = tmp_path / "plans.bin"
    expected = ordered(question, path, Asked(question.plan))
    content = path.read_bytes()
    at = content.index(b"\n") + 1 + kept_plans._HEAD.fields["n_stops"][1]
    path.write_bytes(content[:at] + n_stops.to_bytes(8, "little", signed=True) + content[at + 8 :])
    whole, again = Asked(question.plan), Asked(question.plan)
    order_sites(replace(question, plan=whole), 3, Quiet())
    assert is_same(ordered(question, path, again), expected)
    assert again.n == whole.n


def test_plans_of_another_question_are_forgotten(question, tmp_path):
    path = tmp_path / "plans.bin"
    whole, again = Asked(question.plan), Asked(question.plan)
    ordered(question, path, whole)
    ordered(question, path, again, key="others")
    assert again.n == whole.n


def test_a_part_of_the_trips_proposes_exchanges_and_all_of_them_decide(strewn, monkeypatch):
    better = []
    monkeypatch.setattr(exchange, "MOST_NEAR", 0)
    monkeypatch.setattr(chosen, "MOST_SCOUTS", 13)
    for seed in (1006, 1024, 1028):
        question = strewn(seed).question()
        alone = looked_at_alone(question, lambda: None)
        closing = Closing(question, alone)
        closing.close_down_to(2, question.stays)
        before_h = closing.fleet.loss().hours(question.lost_trip_h)
        found = choose_sites(question, 2, alone)
        assert found.is_open.sum() == 2
        better.append(before_h - found.loss.hours(question.lost_trip_h))
    assert min(better) >= 0.0
    assert max(better) > 0.0


def test_trips_that_are_out_of_range_have_no_plan(strewn, monkeypatch):
    n_out = 0
    for seed in range(4):
        question = strewn(seed, n_trips=60).question()
        rng = np.random.default_rng(seed)
        for n_open in (1, 2, 3):
            question.ways.is_closed[:] = True
            question.ways.is_closed[rng.choice(6, n_open, replace=False)] = False
            everyone = np.arange(60)
            told = question.plan(everyone)
            with monkeypatch.context() as patch:
                patch.setattr(
                    exact_plans, "are_out_of_range", lambda pair, *_: np.zeros(len(pair), bool)
                )
                searched = question.plan(everyone)
            for name in ("status", "arrival_h", "stop_site_idx", "stop_offset"):
                assert np.array_equal(
                    getattr(told, name), getattr(searched, name), equal_nan=name == "arrival_h"
                )
            n_out += int((~told.is_served).sum())
    assert n_out > 0


def test_trucks_plan_past_closed_sites_as_if_there_were_none(strewn):
    case = strewn(2, n_trips=60)
    question = case.question()
    question.ways.is_closed[[1, 4]] = True
    is_open = ~question.ways.is_closed
    past = question.plan(np.arange(60))
    alone = plan_stops(case.graph, case.sites.select(is_open), case.trips, case.drivers)
    assert np.array_equal(past.arrival_h, alone.arrival_h, equal_nan=True)
    assert np.array_equal(past.stop_site_idx, np.flatnonzero(is_open)[alone.stop_site_idx])
    assert not np.array_equal(past.arrival_h, question.plans.arrival_h, equal_nan=True)


class FullDisk:
    """A file that takes no more after some bytes."""

    def __init__(self, file, room):
        self.file, self.room = file, room

    def __getattr__(self, name):
        return getattr(self.file, name)

    def write(self, content):
        self.room -= len(content)
        if self.room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.file.write(content)


@pytest.mark.parametrize("room", [0, 2_000])
def test_a_full_disk_is_told_of_once_and_the_order_is_found_all_the_same(
    question, tmp_path, caplog, room
):
    path = tmp_path / "plans.bin"
    expected = order_sites(question, 3, Quiet())
    with KeptPlans(path, "these") as kept:
        kept._file = FullDisk(kept._file, room)
        found = order_sites(replace(question, kept=kept), 3, Quiet())
    assert is_same(found, expected)
    (told,) = [each.getMessage() for each in caplog.records]
    assert told.startswith(
        f"{path}: plans cannot be kept there any more (no room left on its disk)"
    )
    assert is_same(ordered(question, path, Asked(question.plan)), expected)


def test_a_place_that_takes_no_plans_is_told_of_and_nothing_is_kept(question, tmp_path, caplog):
    path = tmp_path / "plans.bin"
    path.mkdir()
    assert is_same(ordered(question, path, Asked(question.plan)), order_sites(question, 3, Quiet()))
    assert "plans cannot be kept there any more" in caplog.text

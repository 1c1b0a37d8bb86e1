"""Where work of the server stands, for each who asked for some."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic, sleep

import pytest

from planner.runs.computed_once import ComputedOnce
from planner.runs.progress import Quiet, of_unit
from planner.workbench import stage_told
from planner.workbench.progress_words import in_words
from planner.workbench.stage_told import StageTold, WorkEndedError


def test_each_is_told_of_the_work_that_was_asked_for():
    told = StageTold()
    with told.asked_by("mine"), told.stage("Planning stops") as advance:
        advance(2, 8)
        with told.asked_by("other"), told.stage("Replanning"):
            assert told.how_far("other").stage == "Replanning"
        mine = told.how_far("mine")
        assert (mine.stage, mine.done, mine.total) == ("Planning stops", 2, 8)
        assert told.how_far("other") is None
    assert told.how_far("mine") is None


def test_who_waits_for_what_another_asked_for_first_is_told_of_that_work():
    told = StageTold()
    results, is_begun, goes_on = ComputedOnce(listener=told), Event(), Event()

    def work():
        with told.stage("Replanning") as advance:
            advance(2, 8)
            is_begun.set()
            assert goes_on.wait(10)
        return "done"

    def ask(asker):
        with told.asked_by(asker):
            return results.get("plan", work)

    with ThreadPoolExecutor(3) as threads:
        askers = [threads.submit(ask, "first")]
        assert is_begun.wait(10)
        # One page may ask for the same twice, and its own is no work for it to follow.
        askers += [threads.submit(ask, each) for each in ("second", "first")]
        ends = monotonic() + 10.0
        while told.how_far("second") is None and monotonic() < ends:
            sleep(0.01)
        for asker in ("first", "second"):
            now = told.how_far(asker)
            assert (now.stage, now.done, now.total) == ("Replanning", 2, 8)
        assert told.how_far("third") is None
        goes_on.set()
        assert [each.result(10) for each in askers] == ["done"] * 3
    assert told.how_far("first") is None
    assert told.how_far("second") is None


def test_work_ends_with_the_server_where_it_next_tells_how_far_it_is():
    told = StageTold()

    def work():
        with told.asked_by("mine"), told.stage("Replanning") as advance:
            advance(1, 8)
            told.end()
            advance(2, 8)

    with pytest.raises(WorkEndedError):
        work()
    assert told.how_far("mine") is None
    with pytest.raises(WorkEndedError), told.stage("Planning stops"):
        pass


def test_rounds_without_a_known_end_tell_how_far_the_one_at_work_is(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(stage_told, "monotonic", lambda: now[0])
    told = StageTold()
    with told.asked_by("mine"), told.stage("Replanning in the plan") as advance:
        advance(3, 100)
        assert told.how_far("mine").of_unit is None
        now[0] += 2.0
        of_unit(told)(500, 2_000)
        both = in_words(told.how_far("mine")).texts
        assert both["en"] == (
            "Replanning in the plan · 3 of at most 100 rounds · 500 of 2,000 trucks · "
            "250 a second · 6\xa0s left in this round"
        )
        assert both["de"].startswith("Umplanen im Plan · 3 von höchstens 100 Runden · 500 von")
        now[0] += 6.0
        of_unit(told)(2_000, 2_000)
        # Those that are asked only to measure the round, after those that are drawn.
        of_unit(told)(10, 50_000)
        now[0] += 1.0
        of_unit(told)(1_010, 50_000)
        assert told.how_far("mine").of_unit.rate_per_s == pytest.approx(1_010)
        advance(4, 100)
        assert told.how_far("mine").of_unit is None
        told.end()
        with pytest.raises(WorkEndedError):
            of_unit(told)(1, 2)
    assert of_unit(Quiet()) is None

"""Where work of the server stands, for each who asked for some."""

import pytest

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

from __future__ import annotations

import pytest

from planner.optimization.archive import Archive
from planner.optimization.nsga2 import SearchResult, history_table
from planner.plan.search_report import SearchReport
from planner.scenario.optimization import Optimization
from planner.tables.language import language
from tests.unit.optimization.waiting_and_use import SPACE

ROWS = [[1, 80, 0.5, 7, 1.0, 0.4], [2, 90, 0.625, 9, 1.0, 0.4]]


def report(ended_by, n=2, rows=ROWS):
    found = SearchResult(Archive(50, SPACE, 2), history_table(rows[:n], SPACE.names), ended_by)
    return SearchReport(found, Optimization(convergence_tolerance=0.0005, convergence_window=3))


def test_a_run_tells_how_long_its_front_was_searched_and_what_ended_that():
    how_long, ended = report("converged").sentences()
    assert how_long == "2 generations, 90 layouts simulated in full"
    assert "gained no more than 0.05 % in 3 generations" in ended
    assert report("exhausted", n=1).sentences()[0] == "1 generation, 80 layouts simulated in full"
    assert "max_generations" in report("max_generations").sentences()[1]


def test_one_layout_is_told_as_one():
    how_long, _ = report("exhausted", rows=[[1, 1, 0.0, 1, 0.0, 0.0]]).sentences()
    assert how_long == "1 generation, 1 layout simulated in full"
    assert language("de").own_text(how_long) == "1 Generation, 1 Auslegung vollständig simuliert"


@pytest.mark.parametrize("ended_by", ["converged", "max_generations", "exhausted"])
def test_it_tells_so_in_german(ended_by):
    for sentence in report(ended_by).sentences():
        assert language("de").own_text(sentence) != sentence


def test_figures_of_the_search_stand_in_the_summary():
    assert report("converged").summary() == {
        "n_generations": 2,
        "n_layouts_simulated": 90,
        "hypervolume_first": 0.5,
        "hypervolume": 0.625,
        "ended_by": "converged",
    }

"""Bands over the draws of the demand, wherever a solution is told."""

from __future__ import annotations

import pytest

from planner.plan.draw_bands import band_sentence, draws_sentence, figure_with_band
from planner.plan.draws import Draw, with_draws
from planner.plan.schemas import ON_DRAWS
from planner.reporting.charts.front import front_chart, front_range, front_rows
from planner.reporting.charts.look import PAPER, SCREEN
from planner.reporting.headline import answer
from planner.reporting.report_tables import named_table
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT, TCU
from tests.languages import GERMAN
from tests.unit.reporting.synthetic_plan import synthetic_plan


@pytest.fixture(scope="module")
def plan():
    alone = synthetic_plan()
    alone.scenario["seed"] = 1
    draws = [
        Draw(seed, 900 + seed, {q.name: (factor * alone.front[q.name]).tolist() for q in ON_DRAWS})
        for seed, factor in ((2, 0.5), (3, 2.0))
    ]
    return alone, with_draws(alone, draws)


def test_without_other_draws_nothing_changes(plan):
    alone, _ = plan
    assert with_draws(alone, []) is alone
    assert draws_sentence(alone.summary, "balanced", ENGLISH) == ""
    assert figure_with_band(alone.front.iloc[0], MEAN_WAIT, ENGLISH).endswith(" min")


def test_bands_reach_from_the_least_to_the_greatest_of_all_draws(plan):
    alone, banded = plan
    for name in (MEAN_WAIT.name, TCU.name):
        assert banded.front[f"{name}_low"].tolist() == (0.5 * alone.front[name]).tolist()
        assert banded.front[f"{name}_high"].tolist() == (2.0 * alone.front[name]).tolist()
    assert banded.summary["draws"]["seeds"] == [1, 2, 3]
    assert banded.summary["draws"]["n_trips"][1:] == [902, 903]


def test_headline_table_and_chart_tell_the_band(plan):
    alone, banded = plan
    chosen = banded.front.iloc[banded.default_solution.solution]
    said = answer(banded, ENGLISH)
    assert "On 3 draws of the demand (seeds 1 to 3) trucks wait between" in said
    assert ENGLISH.minutes(chosen[f"{MEAN_WAIT.name}_high"]) in said
    assert "3 Ziehungen der Nachfrage (Startwerte 1 bis 3)" in band_sentence(banded.summary, GERMAN)
    at = [column.key for column in named_table(banded).columns].index(MEAN_WAIT.name)
    assert "(" in named_table(banded).rows[0][at].text.english
    assert isinstance(named_table(alone).rows[0][at], float)
    titles = {each.name: each.title for each in banded.named_solutions}
    for look in (SCREEN, PAPER):
        for results, has_band in ((alone, False), (banded, True)):
            rows = front_rows(results.front, results.named_solutions, titles, ENGLISH)
            shown = front_range(results.front, results.named_solutions, "tcu")
            size = {} if look.is_live else {"width": 200.0, "height": 150.0}
            chart = front_chart(rows, shown, results.named_solutions, ENGLISH, look, **size)
            marks = [layer["mark"]["type"] for layer in chart.to_dict()["layer"]]
            assert ("area" in marks) == has_band

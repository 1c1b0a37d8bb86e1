"""Files of scenarios that plans are held against."""

import pytest

from planner.errors import ScenarioError
from planner.scenario.robustness import read_robustness, winter_consumption


def written(folder, text):
    path = folder / "scenarios.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_scenarios_that_come_with_the_planner_are_other_draws_and_winter():
    asked = read_robustness(None)
    assert sum(each.draws for each in asked.scenarios) == 3
    assert any(each.winter for each in asked.scenarios)
    assert winter_consumption().low < winter_consumption().central < winter_consumption().high


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("scenarios: []", "expected the key robustness"),
        ("robustness: {scenarios: [{name: a}]}", "something that comes otherwise"),
        ("robustness: {scenarios: [{name: a, winter: yes, set: {seed: 2}}]}", "give draws"),
        (
            "robustness: {scenarios: [{name: a, set: {sites.network: extended}}]}",
            "site_lost closes one",
        ),
        (
            "robustness: {scenarios: [{name: a, draws: 2}, {name: a, winter: true}]}",
            "found twice a",
        ),
        ("robustness: {scenarios: [{name: a, winter: true, weight: 0}]}", "weight"),
    ],
)
def test_a_file_that_asks_for_nothing_or_the_impossible_is_refused(tmp_path, text, told):
    with pytest.raises(ScenarioError, match=told):
        read_robustness(written(tmp_path, text))

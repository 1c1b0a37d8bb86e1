"""Files of one kind given to the command of another."""

from __future__ import annotations

import pytest

from planner.errors import ScenarioError
from planner.scenario.bundled import bundled_path
from planner.scenario.depot_model import DepotScenario, load_depot
from planner.scenario.load import load_scenario
from planner.scenario.market_scenario import MarketScenario, load_market
from planner.scenario.model import Scenario
from planner.scenario.roadmap import load_roadmap
from planner.scenario.study_kinds import KINDS, kind_of
from planner.scenario.sweep import SweepDefinition, load_sweep
from planner.scenario.yaml_files import read_yaml_mapping

MODELS = {
    "scenario": Scenario,
    "market": MarketScenario,
    "depot": DepotScenario,
    "sweep": SweepDefinition,
}
LOADERS = {
    "scenario": (load_scenario, "germany-10", "planner run germany-10"),
    "market": (load_market, "odeshog-market", "planner market odeshog-market"),
    "depot": (load_depot, "depot-demo", "planner depot depot-demo"),
    "sweep": (load_sweep, "germany-sweep", "planner sweep germany-sweep"),
}


@pytest.mark.parametrize("name", MODELS)
def test_marks_are_keys_of_that_kind_alone(name):
    marks, fields = KINDS[name].marks, MODELS[name].model_fields
    assert marks <= set(fields)
    needed = {key for key, field in fields.items() if field.is_required()}
    assert needed - {"name"} <= marks
    for other, model in MODELS.items():
        assert other == name or not marks & set(model.model_fields)


def test_every_bundled_file_is_recognised():
    files = sorted(bundled_path("scenarios").glob("*.yaml"))
    assert len(files) >= 7
    for file in files:
        words = file.stem.split("-")
        kinds = ("market", "depot", "sweep", "roadmap")
        expected = next((kind for kind in kinds if kind in words), "scenario")
        assert kind_of(read_yaml_mapping(file)) == expected, file


@pytest.mark.parametrize(
    ("keys", "kind"),
    [
        ({"name": 1, "networc": 1, "demand": 1, "sites": 1, "depot": 1}, "scenario"),
        ({"name": 1, "bse": 1, "axes": 1}, "sweep"),
        ({"name": 1, "base": 1, "fixed": 1}, "sweep"),
        ({"name": 1, "base": 1, "fixed": 1, "years": 1}, "roadmap"),
        ({"name": 1, "seed": 1}, None),
        ({"depot": 1, "demand": 1}, None),
        ({}, None),
    ],
)
def test_the_kind_with_most_keys_counts(keys, kind):
    assert kind_of(keys) == kind


@pytest.mark.parametrize("wanted", LOADERS)
@pytest.mark.parametrize("given", LOADERS)
def test_a_file_of_another_kind_is_told_its_command(wanted, given):
    load = LOADERS[wanted][0]
    _, name, command = LOADERS[given]
    if wanted == given:
        assert load(name).model_dump() if wanted != "sweep" else load(name).variants
        return
    with pytest.raises(ScenarioError) as refused:
        load(name)
    (fault,) = refused.value.faults
    assert fault.startswith(f"expected {KINDS[wanted].called}; found {KINDS[given].called}")
    assert fault.endswith(command)


def test_a_file_of_ones_own_is_named_by_its_path(tmp_path):
    path = tmp_path / "site.yaml"
    path.write_text("name: site\narrivals: {source: builtin}\noperators: {a: {}}\n")
    with pytest.raises(ScenarioError, match=f"planner market {path}"):
        load_scenario(path)


def test_a_sweep_over_a_market_is_refused(tmp_path):
    path = tmp_path / "sweep.yaml"
    path.write_text("name: s\nbase: odeshog-market\naxes: {n_seeds: [1, 2]}\n")
    with pytest.raises(ScenarioError, match="expected a scenario of a country; found a market"):
        load_sweep(path)


def test_a_roadmap_without_years_is_told_what_it_lacks(tmp_path):
    path = tmp_path / "roadmap.yaml"
    path.write_text("name: r\nbase: germany-10\nfixed: {seed: 2}\n")
    with pytest.raises(ScenarioError, match="years: missing"):
        load_roadmap(path)

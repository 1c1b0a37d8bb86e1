"""Presets set keys of many sections, and a key given beside one wins."""

import pytest

from planner.errors import ScenarioError
from planner.plan.checks import check_inputs
from planner.scenario.load import load_scenario
from planner.scenario.presets import preset_line, presets


@pytest.mark.parametrize("name", sorted(presets()))
def test_a_preset_sets_keys_in_whatever_section_they_live(name):
    scenario = load_scenario("germany-10", [f"preset={name}"])
    assert scenario.driver_behaviour.is_break_first
    wanted = {"fadranski-2026": "full_break", "fadranski-2026-code": "as_needed"}
    assert scenario.driver_behaviour.energy_stop == wanted[name]
    assert (scenario.chargers.hpc_planned_kw, scenario.chargers.hpc_charge_to_share) == (720, 0.9)
    assert scenario.routing.taste_scale_min == 0
    assert scenario.optimization.convergence_window == 15
    assert scenario.demand.initial_soc.source == "warm_up"
    assert scenario.demand.transit.source == "none"
    assert scenario.demand.fitted_to == "sample"
    assert scenario.routing.route_spread is None
    assert scenario.demand.border.abroad == "ignored"
    assert not scenario.sites.within_grid_connection
    assert scenario.preset == name


def test_a_key_given_beside_it_wins_and_is_told():
    scenario = load_scenario(
        "germany-10",
        [
            "preset=fadranski-2026",
            "chargers.hpc_planned_kw=600",
            "driver_behaviour=break-first-code",
            "demand.border.abroad=driven",
            "demand.transit.source=builtin",
        ],
    )
    assert scenario.chargers.hpc_planned_kw == 600
    assert scenario.chargers.hpc_charge_to_share == 0.9
    assert scenario.driver_behaviour.energy_stop == "as_needed"
    line = preset_line(scenario)
    assert "chargers.hpc_planned_kw 720 (here 600" in line
    assert "driver_behaviour break-first (here another)" in line
    assert "driver_rules eu-561-flat;" in line
    assert "sites.within_grid_connection false;" in line
    assert "demand.border.abroad ignored (here driven)" in line
    assert "demand.transit.source none (here builtin)" in line
    assert "crossing" not in line  # the built-in demand names the crossings itself
    assert scenario.demand.border.abroad == "driven"
    assert scenario.demand.transit.source == "builtin"


def test_keys_that_the_demand_has_not_are_left_out(tmp_path):
    flows = tmp_path / "flows.csv"
    flows.write_text("origin,destination,trucks_per_year\na,b,1\n", encoding="utf-8")
    study = tmp_path / "study.yaml"
    study.write_text(
        "name: own\npreset: fadranski-2026\nnetwork: {source: builtin}\n"
        "sites: {source: builtin, network: policy}\n"
        "demand: {source: od_table, path: flows.csv, border: {crossing: least_distance}}\n",
        encoding="utf-8",
    )
    scenario = load_scenario(study)
    border = scenario.demand.border
    assert (border.crossing, border.abroad) == ("least_distance", "ignored")
    line = preset_line(scenario)
    assert "border.crossing nearest (here least_distance); demand.border.abroad ignored" in line
    assert "transit" not in line


def test_no_preset_says_nothing():
    assert preset_line(load_scenario("germany-10")) is None


def test_an_unknown_preset_is_told_with_the_nearest():
    with pytest.raises(ScenarioError, match="did you mean 'fadranski-2026'"):
        load_scenario("germany-10", ["preset=fadranski-206"])


def test_validate_shows_what_a_preset_sets():
    said = check_inputs(load_scenario("germany-10", ["preset=fadranski-2026"]))
    assert said[0].startswith("Preset fadranski-2026 sets driver_rules eu-561-flat; ")
    assert said[0].endswith("; demand.transit.source none; demand.fitted_to sample")

import pytest

from planner.errors import ScenarioError
from planner.scenario.load import load_scenario

SCENARIO = """
name: missing
network: {source: builtin}
sites: {source: builtin}
demand:
  source: matsim_plans
  WHERE
  path: plans.xml.gz
"""


def test_a_missing_file_says_where_it_can_be_had(tmp_path):
    file = tmp_path / "study.yaml"
    hint = "where_to_get: Ask the agency for plans.xml.gz, a MATSim population."
    file.write_text(SCENARIO.replace("WHERE", hint), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"plans.xml.gz does not exist\. Ask the agency for"):
        load_scenario(file)


def test_a_missing_file_without_a_hint_is_named_alone(tmp_path):
    file = tmp_path / "study.yaml"
    file.write_text(SCENARIO.replace("WHERE\n", "crs: GK4\n"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"plans.xml.gz does not exist$"):
        load_scenario(file)


@pytest.mark.parametrize("folder", ["germany_etisplus", "germany_sites_352", "germany_bet_plans"])
def test_the_reference_scenario_says_where_its_files_are_found(monkeypatch, folder):
    monkeypatch.setenv("PLANNER_REFERENCE_DATA", "/nowhere")
    with pytest.raises(ScenarioError) as caught:
        load_scenario("germany-reference")
    (fault,) = (fault for fault in caught.value.faults if f"/nowhere/{folder}" in fault)
    assert "Get " in fault
    assert "PLANNER_REFERENCE_DATA" in fault

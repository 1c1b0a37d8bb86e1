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
SPACING = "sites: {source: spacing, spacing_km: 50}"


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


@pytest.mark.parametrize(("own", "expected"), [("", "roads.xml"), ("network: own.xml", "own.xml")])
def test_plans_lie_on_the_matsim_network_of_the_study_by_default(tmp_path, own, expected):
    for name in ("roads.xml", "own.xml", "plans.xml.gz"):
        (tmp_path / name).touch()
    file = tmp_path / "study.yaml"
    text = SCENARIO.replace("WHERE", own or "crs: GK4").replace("sites: {source: builtin}", SPACING)
    matsim = f"{{source: matsim, path: {tmp_path / 'roads.xml'}}}"
    file.write_text(text.replace("{source: builtin}", matsim), encoding="utf-8")
    assert load_scenario(file).demand.network == tmp_path / expected

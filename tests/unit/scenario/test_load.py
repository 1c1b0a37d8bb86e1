"""A scenario file: what is filled in, and how faults are told."""

from __future__ import annotations

from textwrap import dedent

import pytest

from planner.errors import ScenarioError
from planner.scenario.bundled import bundled_studies
from planner.scenario.load import load_scenario

MINIMAL = """\
name: small
network: {source: builtin}
sites: {source: builtin}
demand: {source: builtin}
"""


def write(folder, text):
    path = folder / "study.yaml"
    path.write_text(dedent(text), encoding="utf-8")
    return path


def faults_of(path, overrides=()):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, overrides)
    return caught.value.faults


def test_defaults_and_named_sets_are_filled_in(tmp_path):
    scenario = load_scenario(write(tmp_path, MINIMAL))
    assert scenario.demand.electrification_share == 0.10
    assert scenario.vehicles.classes["long-haul-600"].battery_kwh == 600
    assert scenario.driver_rules.break_h == 0.75
    assert scenario.horizon_h == 96.0


@pytest.mark.parametrize(
    ("overrides", "draws"),
    [
        ([], 8),
        (["demand.fitted_to=counts", "routing.taste_scale_min=0"], 8),
        (["routing.route_spread={draws: 3}"], 3),
        (["routing.route_spread=null"], None),
        (["demand.fitted_to=sample"], None),
        (["demand.fitted_to=sample", "routing.route_spread={}"], 8),
        (["demand={source: od_table, path: study.yaml}"], None),
    ],
)
def test_trucks_spread_over_routes_where_the_demand_was_computed_for_it(tmp_path, overrides, draws):
    spread = load_scenario(write(tmp_path, MINIMAL), overrides).routing.route_spread
    assert (spread and spread.draws) == draws


def test_methods_are_compared_only_where_that_is_asked():
    assert not load_scenario("germany-10").optimization.compare_methods
    asked = load_scenario("germany-10", ["optimization.compare_methods=true"])
    assert asked.optimization.compare_methods


def test_bundled_scenario_by_name():
    assert load_scenario("germany-10").name == "germany-10"


def test_overrides_reach_nested_keys(tmp_path):
    path = write(tmp_path, MINIMAL)
    scenario = load_scenario(path, ["demand.days=[fri, thu]", "optimization.population=20"])
    assert scenario.demand.days == ("thu", "fri")
    assert scenario.optimization.population == 20
    assert (scenario.start_h, scenario.horizon_h) == (72.0, 120.0)


def test_a_description_says_which_keys_are_not_as_it_was_written_for():
    plain = load_scenario("germany-10").description
    changed = load_scenario("germany-10", ["demand.electrification_share=0.01", "seed=2"])
    assert changed.description == f"{plain} [demand.electrification_share: 0.1 → 0.01]"
    others = ["demand.days=[mon]", "chargers.plug_overhead_min=3", "sites.network=extended"]
    told = '[demand.days=["mon"]; chargers.plug_overhead_min=3; sites.network: policy → extended]'
    assert load_scenario("germany-10", others).description == f"{plain} {told}"
    for as_before in ("seed=2", "demand.electrification_share=0.10", "sites.network=policy"):
        assert load_scenario("germany-10", [as_before]).description == plain
    own = ["demand.electrification_share=0.01", "description=One truck in a hundred"]
    assert load_scenario("germany-10", own).description == "One truck in a hundred"


def test_all_faults_are_told_at_once(tmp_path):
    overrides = [
        "demand.electrification_shar=0.1",
        "sites.network=polcy",
        "driver_rules=eu-651",
        "chargers.hpc_kw=fast",
    ]
    faults = faults_of(write(tmp_path, MINIMAL), overrides)
    assert len(faults) == 4
    told = "\n".join(faults)
    assert "did you mean 'electrification_share'?" in told
    assert "expected 'policy' or 'extended'; found 'polcy' (did you mean 'policy'?)" in told
    assert "eu-561-flat" in told
    assert "chargers.hpc_kw: expected a number from 1 to 5000; found 'fast'" in told


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("demand.electrification_share=10", "(write 0.1 for 10 %)"),
        ("demand.electrification_share=10 %", "(write 0.1 for 10 %)"),
        ("demand.electrification_share=0,05", "(write decimals with a point: 0.05)"),
        ("demand={source: builtin, electrification_share: 0,05}", "demand.05: expected words as"),
        ("name=../elsewhere", "name: expected a name of at most 64 lower-case letters"),
        ("network.source=osmm", "network.source: expected one of 'builtin', 'etisplus'"),
        ("sites={}", "sites.source: missing"),
        ("sites={source: table, path: nowhere.csv}", "nowhere.csv does not exist"),
        ("demand.days=[mon, wed]", "consecutive days"),
        ("vehicles.mix={long-haul-600: 0.5}", "sum to 1; found 0.5"),
        ("routing.corridor_detour_km=[30, 10]", "ascending"),
        ("network={source: etisplus, path: .}", "the built-in sites lie on the built-in network"),
        ("seed=.inf", "seed"),
        (
            "demand={source: trips, path: ., electrification_share: 0.1, sample_share: 1.0e-7}",
            "demand.sample_share: expected",
        ),
    ],
)
def test_fault_names_key_and_remedy(tmp_path, override, expected):
    assert expected in "\n".join(faults_of(write(tmp_path, MINIMAL), [override]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n", "expected keys with values (key: value); found nothing"),
        ("- a\n- b\n", "found a list"),
        ("name: [unclosed\n", "not readable as YAML"),
        ("name: x\n\tseed: 1\n", "line 2, column 1: not readable as YAML: found a tab; indent"),
        (MINIMAL + "name: twice\n", "the key 'name' stands here twice"),
        ("a: &x 1\nb: *x\n", "aliases"),
        ("a: !!python/object/apply:os.getcwd []\n", "a: tags ('!!python/object/apply:os.getcwd')"),
    ],
)
def test_unreadable_documents(tmp_path, text, expected):
    assert expected in "\n".join(faults_of(write(tmp_path, text)))


def test_missing_file_and_wrong_encoding(tmp_path):
    assert "does not exist" in faults_of(tmp_path / "none.yaml")[0]
    path = tmp_path / "latin.yaml"
    path.write_bytes("name: Köln\n".encode("latin-1"))
    assert "UTF-8" in faults_of(path)[0]


def test_a_name_that_nearly_fits_is_suggested(tmp_path):
    write(tmp_path, MINIMAL)
    [fault] = faults_of(tmp_path / "stduy.yml")
    assert f"(did you mean {tmp_path / 'study.yaml'}?)" in fault
    assert faults_of("germany10") == ("the file does not exist (did you mean germany-10?)",)
    assert faults_of(tmp_path / "nope.yaml") == ("the file does not exist",)


def test_a_name_like_none_is_answered_with_the_names_of_studies_that_come_along():
    [fault] = faults_of("nonsense")
    names = ", ".join(bundled_studies())
    told = f"the file does not exist; these studies come with the planner: {names}"
    assert fault == told
    assert "germany-10, " in told
    assert faults_of("nonsense.yaml") == ("the file does not exist",)


def test_override_must_be_an_assignment(tmp_path):
    path = write(tmp_path, MINIMAL)
    assert "expected key.path=value" in faults_of(path, ["demand.days"])[0]
    assert "holds a single value" in faults_of(path, ["name.first=a"])[0]


def test_own_parameter_sets_beside_the_scenario(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "vehicles.yaml").write_text(
        "local:\n  battery_kwh: 400\n  consumption_loaded_kwh_km: 1\n"
        "  consumption_empty_kwh_km: 0.8\n  max_charging_kw: 350\n",
        encoding="utf-8",
    )
    scenario = load_scenario(write(tmp_path, MINIMAL), ["vehicles.mix={local: 1}"])
    assert scenario.vehicles.classes["local"].max_charging_kw == 350


def test_path_with_environment_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_DATA", str(tmp_path))
    (tmp_path / "sites.csv").write_text("id\n", encoding="utf-8")
    path = write(tmp_path, MINIMAL)
    scenario = load_scenario(path, ["sites={source: table, path: '${MY_DATA}/sites.csv'}"])
    assert scenario.sites.path == tmp_path / "sites.csv"
    monkeypatch.delenv("MY_DATA")
    faults = faults_of(path, ["sites={source: table, path: '${MY_DATA}/sites.csv'}"])
    assert "environment variable MY_DATA to be set" in faults[0]


def test_resolved_scenario_can_be_run_again(tmp_path):
    import yaml

    first = load_scenario(write(tmp_path, MINIMAL), ["driver_rules=eu-561-flat-release"])
    text = yaml.safe_dump(first.model_dump(mode="json"))
    assert load_scenario(write(tmp_path, text)) == first


@pytest.mark.parametrize(
    ("classes", "told"),
    [
        ("{a: {power_kw: 1000, connector: mcs}}", "two of different power"),
        (
            "{a: {power_kw: 1000, connector: mcs}, b: {power_kw: 1000, connector: ccs}}",
            "two of different power",
        ),
        (
            "{a: {power_kw: 750, connector: mcs}, b: {power_kw: 400, connector: ccs}}",
            "the 1000 kW of hpc_kw; found 750",
        ),
        (
            "{a: {power_kw: 1000, connector: mcs}, b: {power_kw: 400, connector: mcs}}",
            "vehicle class long-haul-600-ccs to have a connector",
        ),
        ("{a: {power_kw: 1000, connector: type2}, b: {power_kw: 400, connector: ccs}}", "mcs"),
    ],
)
def test_classes_of_points_that_do_not_fit_are_told(tmp_path, classes, told):
    path = write(tmp_path, MINIMAL)
    mix = "vehicles.mix={long-haul-600: 0.5, long-haul-600-ccs: 0.5}"
    assert told in " ".join(faults_of(path, [mix, f"chargers.classes={classes}"]))

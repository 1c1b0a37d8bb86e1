"""Single keys of a study's text set anew, all else as its author wrote it."""

import pytest

from planner.errors import InputDataError, ScenarioError
from planner.scenario.any_study import FILE_KINDS
from planner.scenario.bundled import bundled_studies
from planner.scenario.schema_texts import schema_texts
from planner.scenario.study_kinds import KINDS
from planner.workbench.moved_paths import with_moved_paths
from planner.workbench.study_fields import FIRST, path_keys, study_fields
from planner.workbench.study_sources import names_of, sources_of
from planner.workbench.yaml_edits import in_quotes, keys_of, with_key

TEXT = """# why
name: a   # its name
sites: {source: builtin, network: policy}  # which
demand:
  share: 0.1   # 10 %
  days:
  - mon

empty:
"""


@pytest.mark.parametrize(
    ("key", "value", "before", "after"),
    [
        ("demand.share", "0.2", "share: 0.1   # 10 %", "share: 0.2   # 10 %"),
        ("demand.share", "", "  share: 0.1   # 10 %\n", ""),
        ("demand.from", "[1]", "  - mon\n", "  - mon\n  from: [1]\n"),
        ("sites.network", "extended", "network: policy}", "network: extended}"),
        ("sites.network", "", ", network: policy}", "}"),
        ("sites.source", "", "{source: builtin, ", "{"),
        ("sites.path", "x.csv", "policy}", "policy, path: x.csv}"),
        ("empty", "3", "empty:", "empty: 3"),
        ("new.deep.key", "true", "empty:\n", "empty:\nnew: {deep: {key: true}}\n"),
        ("demand.days", "[tue]", "days:\n  - mon\n", "days: [tue]\n"),
        (
            "demand",
            "{}",
            "demand:\n  share: 0.1   # 10 %\n  days:\n  - mon\n",
            "# 10 %\ndemand: {}\n",
        ),
        ("nowhere.at.all", "", "", ""),
    ],
)
def test_a_key_is_set_and_comments_stay(key, value, before, after):
    assert with_key(TEXT, key, value, "text") == TEXT.replace(before, after)


@pytest.mark.parametrize(("key", "value"), [("name.x", "1"), ("sites.network.x", "1")])
def test_a_key_that_others_hang_on_is_left_to_the_text(key, value):
    with pytest.raises(InputDataError, match="change it in the text"):
        with_key(TEXT, key, value, "text")


def test_comments_among_lines_that_are_replaced_stand_above_them():
    text = 'a: 1\nyears:  # when\n  2027: {x: "# no"}  # soon\n  # later\n  2030: {}\nb: 1\n'
    changed = "a: 1\n# when\n# soon\n# later\nyears: {2028: {}}\nb: 1\n"
    assert with_key(text, "years", "{2028: {}}", "text") == changed
    assert with_key("a: |\n  # no\n\nb: 1\n", "a", "2", "text") == "a: 2\n\nb: 1\n"


@pytest.mark.parametrize("value", ["[1", "{a: ", "a: b: c", "x # y\nz: 1"])
def test_what_is_no_value_of_one_key_is_refused(value):
    with pytest.raises((ScenarioError, InputDataError)):
        with_key(TEXT, "demand.share", value, "text")
    assert with_key("", "a.b", "1", "text") == "a: {b: 1}\n"


def test_every_study_that_comes_along_can_have_each_simple_key_set():
    text = bundled_studies()["germany-10"].read_text(encoding="utf-8")
    comments = [line.partition("#")[2] for line in text.splitlines()]
    for field in study_fields().values():
        if field.kind == "integer":
            changed = with_key(text, field.key, "7", "text")
            value = keys_of(changed, "text")
            for part in field.key.split("."):
                value = value[part]
            assert value == 7
            assert [x for x in comments if x] == [
                x for x in (line.partition("#")[2] for line in changed.splitlines()) if x
            ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_has_all_keys_of_each_kind_of_study(kind):
    fields = study_fields(kind)
    assert {key.partition(".")[0] for key in fields} == set(FILE_KINDS[kind].model.model_fields)
    assert set(FIRST.get(kind, ())) <= set(fields)
    assert {each.description for each in fields.values()} <= schema_texts() | {""}


def test_fields_know_limits_and_options():
    fields = study_fields()
    assert fields["demand.electrification_share"].limits == "> 0, ≤ 1"
    assert "policy" in fields["sites.network"].options


@pytest.mark.parametrize(
    "text", ["a.csv", "../data/a b.csv", "yes", "1e5", "a: b", 'x"y\\', "NO", "ä\x85\n", "#", ""]
)
def test_texts_stand_in_quotes_where_yaml_would_take_them_for_something_else(text):
    for around in ("x: {}", "x: {{y: {}, z: 1}}"):
        found = keys_of(around.format(in_quotes(text)), "text")["x"]
        assert found == text or found == {"y": text, "z": 1}


def test_a_study_for_another_folder_names_the_same_files(tmp_path):
    (tmp_path / "mine").mkdir()
    for name in ("sites.csv", "roads", "zones.csv"):
        (tmp_path / "mine" / name).touch()
    text = "name: roads  # no file\nsites: {path: sites.csv}  # mine\nnetwork:\n  path: roads\n"
    text += "demand: {path: gone.csv, zones: {path: zones.csv}}\n"
    moved = with_moved_paths(
        text, path_keys("scenario"), tmp_path / "mine", tmp_path / "studies", tmp_path
    )
    assert moved == text.replace("path: sites", "path: ../mine/sites").replace(
        "path: roads", "path: ../mine/roads"
    ).replace("path: zones", "path: ../mine/zones")
    sweep = bundled_studies()["germany-sweep"]
    text = sweep.read_text(encoding="utf-8")
    moved = with_moved_paths(text, path_keys("sweep"), sweep.parent, tmp_path, tmp_path)
    assert moved == text.replace("base: germany-10.yaml", "base: germany-10")
    depots = bundled_studies()["germany-10-depots"]
    text = depots.read_text(encoding="utf-8")
    moved = with_moved_paths(text, path_keys("scenario"), depots.parent, tmp_path, tmp_path)
    assert keys_of(moved, "text")["depots"]["study"] == "depot-demo"


def test_sets_that_a_study_names_tell_their_sources(tmp_path):
    keys = {"vehicles": {"mix": {"long-haul-600": 1.0, "nobody's": 0.0}}, "driver_rules": 3}
    told = sources_of("scenario", keys | {"infrastructure_costs": "germany-2025"}, tmp_path)
    assert "doi" in told["vehicles.mix"][0].english
    assert len(told["vehicles.mix"]) == 1
    assert "driver_rules" not in told
    (station,) = [
        line
        for line in told["infrastructure_costs"]
        if line.english.startswith("Transformer station of the first MW")
    ]
    assert "120,000 (published: open model of RWTH" in station.english
    assert "120.000 (" in station.texts["de"]
    depot = {"depot": {"fleet": {"vehicle": "rigid-19t"}, "site": {"tariff": {"name": "none"}}}}
    assert set(sources_of("depot", depot, tmp_path)) == {"depot.fleet.vehicle"}
    assert sources_of("sweep", {"base": "germany-10"}, tmp_path) == {}


def test_names_of_sets_are_offered_also_of_those_beside_a_study(tmp_path):
    (tmp_path / "config" / "tariffs").mkdir(parents=True)
    (tmp_path / "config" / "tariffs" / "ours.yaml").touch()
    names = names_of("depot", tmp_path)
    assert {"ours", "de-medium-voltage-spot"} <= set(names["depot.site.tariff.name"])
    assert "rigid-19t" in names["depot.fleet.vehicle"]
    for kind in KINDS:
        assert set(names_of(kind, tmp_path)) <= set(study_fields(kind))
    assert "germany-2030" in names_of("scenario", tmp_path)["infrastructure_costs"]

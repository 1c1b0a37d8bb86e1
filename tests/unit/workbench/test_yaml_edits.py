"""Single keys of a study's text set anew, all else as its author wrote it."""

import pytest

from planner.errors import InputDataError, ScenarioError
from planner.scenario.bundled import bundled_studies
from planner.scenario.model import Scenario
from planner.workbench.study_fields import FIRST, study_fields
from planner.workbench.yaml_edits import keys_of, with_key

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
        ("nowhere.at.all", "", "", ""),
    ],
)
def test_a_key_is_set_and_comments_stay(key, value, before, after):
    assert with_key(TEXT, key, value, "text") == TEXT.replace(before, after)


@pytest.mark.parametrize(
    ("key", "value"), [("demand", "{}"), ("demand.days", "[tue]"), ("name.x", "1")]
)
def test_a_key_that_others_hang_on_is_left_to_the_text(key, value):
    with pytest.raises(InputDataError, match="change it in the text"):
        with_key(TEXT, key, value, "text")


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


def test_the_form_has_all_keys_of_a_scenario():
    fields = study_fields()
    assert {key.partition(".")[0] for key in fields} == set(Scenario.model_fields)
    assert set(FIRST) <= set(fields)
    assert fields["demand.electrification_share"].limits == "> 0, ≤ 1"
    assert "policy" in fields["sites.network"].options

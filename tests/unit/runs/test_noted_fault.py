"""Why a command ended, as another process tells it."""

import json

import pytest

from planner.errors import InputDataError, ScenarioError
from planner.runs.noted_fault import forget_fault, note_fault, noted_fault
from planner.said import AsWritten, from_plain, said, to_plain
from planner.tables.language import ENGLISH
from tests.languages import GERMAN


def test_a_fault_is_told_in_every_language_with_its_values(tmp_path):
    fault = said("every stop needs an id, found none")
    told = said("{fault} ({hint})", fault=fault, hint=said("did you mean {word}?", word="'id'"))
    note_fault(InputDataError(told), tmp_path)
    found = noted_fault(tmp_path)
    assert (found, ENGLISH.own_text(found)) == (told, told)
    assert GERMAN.own_text(found) == GERMAN.own_text(told) != told
    forget_fault(tmp_path)
    assert noted_fault(tmp_path) == ""


def test_faults_of_a_study_are_told_as_the_terminal_does(tmp_path):
    error = ScenarioError([f"fault {number}" for number in range(60)], "a.yaml")
    note_fault(error, tmp_path)
    assert noted_fault(tmp_path) == str(error)
    german = GERMAN.own_text(noted_fault(tmp_path)).splitlines()
    assert (german[0], german[-1]) == ("a.yaml: 60 Fehler", "  - und 10 weitere")


def test_a_text_made_plain_is_the_same_text():
    inner = said("{n} of {of}", n=1.5, of=AsWritten("name"))
    text = said("{a} {b} {c}", a=inner, b=["x", AsWritten("y")], c="z")
    again = from_plain(json.loads(json.dumps(to_plain(text))))
    assert (again, again.template, again.values) == (text, text.template, text.values)
    assert type(again.values["a"].values["of"]) is AsWritten


@pytest.mark.parametrize(
    "noted", ["{", "[]", '{"fault": 3}', '{"fault": {"template": "{0}", "values": {}}}']
)
def test_a_note_that_is_none_tells_nothing(tmp_path, noted):
    (tmp_path / "fault.json").write_text(noted)
    assert noted_fault(tmp_path) == ""

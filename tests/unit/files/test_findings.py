"""Faults of several inputs that are told together."""

from __future__ import annotations

import pytest

from planner.errors import ScenarioError
from planner.files.findings import Findings
from planner.files.reading_notes import note


def test_faults_of_the_study_itself_stand_once_below_its_name():
    findings = Findings()
    with findings.collecting("tiny"):
        raise ScenarioError(["seed: expected a number"], "tiny")
    with findings.collecting("tiny"):
        raise ScenarioError(["season: missing"], "t.yaml")
    with pytest.raises(ScenarioError) as told:
        findings.raise_faults("tiny")
    assert str(told.value).splitlines() == [
        "tiny: 2 faults",
        "  - seed: expected a number",
        "  - t.yaml: 1 fault",
        "  - season: missing",
    ]


def test_what_a_file_read_for_several_things_tells_is_told_once():
    findings = Findings()
    for text in ("decimal commas", "decimal commas", "title lines"):
        with findings.collecting():
            note("t.csv", text)
    assert findings.said == ["Note: t.csv: decimal commas", "Note: t.csv: title lines"]

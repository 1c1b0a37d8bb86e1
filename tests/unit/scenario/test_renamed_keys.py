"""Studies written with former names of keys read as they did, and a note says the new name."""

import pytest

from planner.errors import ScenarioError
from planner.files.reading_notes import reading_notes
from planner.scenario.depot_model import load_depot
from planner.scenario.renamed_keys import RENAMED
from tests.languages import GERMAN
from tests.unit.depot.small_depot import write_depot


@pytest.fixture
def today(tmp_path):
    return write_depot(tmp_path, site__chargers={"points": 3, "kw": 100})


def former(file):
    text = file.read_text(encoding="utf-8")
    old = file.with_name("former.yaml")
    old.write_text(text.replace("pv:", "sun:").replace("points:", "plugs:"), encoding="utf-8")
    assert old.read_text(encoding="utf-8") != text
    return old


def test_a_study_with_former_keys_is_the_study_of_today_and_says_the_new_names(today):
    old = former(today)
    with reading_notes() as notes:
        assert load_depot(old) == load_depot(today)
    assert notes == {
        str(old): [
            "the key sun is called pv now (depot.site.pv); it is read as that",
            "the key plugs is called points now (depot.site.chargers.points); it is read as that",
        ]
    }


def test_keys_are_no_words_of_a_language(today):
    with reading_notes() as notes:
        load_depot(former(today))
    first, _ = next(iter(notes.values()))
    wanted = "der Schlüssel sun heißt jetzt pv (depot.site.pv); so wird er gelesen"
    assert GERMAN.own_text(first) == wanted


@pytest.mark.parametrize("written", ["plugs", "points"])
@pytest.mark.parametrize("asked", ["plugs", "points"])
def test_a_change_by_either_name_overrules_the_file_by_either_name(today, written, asked):
    file = former(today) if written == "plugs" else today
    depot = load_depot(file, [f"depot.site.chargers.{asked}=5", "depot.site.sun.kw_peak=7"]).depot
    assert (depot.site.chargers.points, depot.site.pv.kw_peak) == (5, 7.0)


def test_both_names_of_a_key_at_once_are_an_error(today):
    text = today.read_text(encoding="utf-8").replace("points: 3", "points: 3\n      plugs: 3")
    today.write_text(text, encoding="utf-8")
    expected = "expected one key; found points and its former name plugs; leave one out"
    with pytest.raises(ScenarioError, match=expected):
        load_depot(today)


@pytest.mark.parametrize("old", RENAMED)
def test_only_the_last_part_of_a_key_path_changes(old):
    assert RENAMED[old].rpartition(".")[0] == old.rpartition(".")[0]

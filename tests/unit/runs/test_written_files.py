"""Files that commands write anew: their own are replaced, those of others never lost."""

from __future__ import annotations

import json

import pytest

from planner.errors import CannotWriteError, RunDirectoryError
from planner.runs.own_files import sealed, sha256
from planner.runs.written_files import RECORD, placing

REMEDY = "name another place"


def write(folder, **texts):
    with placing(folder, REMEDY) as new:
        for name, text in texts.items():
            (new / f"{name}.csv").write_text(text)


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != RECORD
    }


def test_what_is_as_it_was_written_is_replaced_without_a_word(tmp_path, caplog):
    write(tmp_path / "out", a="1", b="2")
    write(tmp_path / "out", a="3")
    write(tmp_path / "out", b="4")
    assert contents(tmp_path / "out") == {"a.csv": "3", "b.csv": "4"}
    assert not caplog.text


def test_what_was_edited_since_is_kept_aside_and_told(tmp_path, caplog):
    write(tmp_path / "out", a="1", b="2")
    (tmp_path / "out" / "a.csv").write_text("mine")
    write(tmp_path / "out", a="3", b="4")
    assert contents(tmp_path / "out") == {"a.csv": "3", "b.csv": "4", "kept-1/a.csv": "mine"}
    assert f"{tmp_path / 'out' / 'kept-1'}: kept aside: a.csv" in caplog.text


def test_a_file_that_the_planner_never_wrote_is_kept_aside(tmp_path, caplog):
    (tmp_path / "thesis.xlsx").write_text("years of work")
    with placing(tmp_path / "thesis.xlsx", REMEDY, is_file=True) as new:
        new.write_text("plan")
    found = contents(tmp_path)
    assert found == {"thesis.xlsx": "plan", "kept-1/thesis.xlsx": "years of work"}
    assert "kept aside: thesis.xlsx" in caplog.text


@pytest.mark.parametrize("edited", [False, True])
def test_what_a_run_lists_counts_as_written(tmp_path, edited):
    figures = tmp_path / "figures"
    figures.mkdir()
    (figures / "a.csv").write_text("of the run")
    listed = {"figures/a.csv": sha256(figures / "a.csv")}
    (tmp_path / "run.json").write_text(json.dumps(sealed({"fingerprint": "x"}, listed)))
    if edited:
        (figures / "a.csv").write_text("mine")
    write(figures, a="new")
    assert contents(figures) == {"a.csv": "new"} | ({"kept-1/a.csv": "mine"} if edited else {})


def test_a_record_that_somebody_wrote_gives_nothing_away(tmp_path):
    (tmp_path / "a.csv").write_text("mine")
    (tmp_path / RECORD).write_text('{"files": {"a.csv": "' + sha256(tmp_path / "a.csv") + '"}}')
    write(tmp_path, a="new")
    assert contents(tmp_path) == {"a.csv": "new", "kept-1/a.csv": "mine"}


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write(tmp_path / "link", a="1")
    assert contents(tmp_path / "real") == {"a.csv": "1"}
    (tmp_path / "link.csv").symlink_to("elsewhere.csv")
    with placing(tmp_path / "link.csv", REMEDY, is_file=True) as new:
        new.write_text("2")
    assert (tmp_path / "elsewhere.csv").read_text() == "2"


def test_what_fails_leaves_all_as_it_was(tmp_path):
    write(tmp_path, a="1")

    def fail():
        with placing(tmp_path, REMEDY) as new:
            (new / "a.csv").write_text("half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert contents(tmp_path) == {"a.csv": "1"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [RECORD, "a.csv"]


def test_what_a_kill_has_left_is_removed(tmp_path):
    (tmp_path / ".planner-new").mkdir()
    (tmp_path / ".planner-new" / "half.csv").write_text("half")
    write(tmp_path, a="1")
    assert contents(tmp_path) == {"a.csv": "1"}


def test_a_place_that_cannot_be_written_is_one_message(tmp_path):
    (tmp_path / "file").touch()
    for where, is_file, says in (
        (tmp_path / "file" / "x", False, "a part of its path is a file"),
        (tmp_path / "nowhere" / "x.xlsx", True, "gone"),
    ):
        with (
            pytest.raises(CannotWriteError, match=says) as caught,
            placing(where, REMEDY, is_file=is_file),
        ):
            pass
        assert str(caught.value).startswith(f"{where}: cannot be written (")
        assert str(caught.value).endswith(REMEDY)
    assert not (tmp_path / "nowhere").exists()


def test_a_disk_that_fills_up_is_told_of_the_place_that_was_asked_for(tmp_path):
    def fill():
        with placing(tmp_path / "plan.xlsx", REMEDY, is_file=True):
            told_of_new_file = CannotWriteError()
            raise told_of_new_file from OSError(28, "No space left")

    with pytest.raises(CannotWriteError) as caught:
        fill()
    text = f"{tmp_path / 'plan.xlsx'}: cannot be written (no room left on its disk); {REMEDY}"
    assert str(caught.value) == text


def test_a_folder_in_the_place_of_a_file_stays(tmp_path):
    (tmp_path / "plan.xlsx").mkdir()

    def write_plan():
        with placing(tmp_path / "plan.xlsx", REMEDY, is_file=True) as new:
            new.write_text("plan")

    with pytest.raises(RunDirectoryError, match="is a folder"):
        write_plan()
    assert [path.name for path in tmp_path.iterdir()] == ["plan.xlsx"]

"""A run's folder: complete or not there, resumable, never over somebody's files."""

from __future__ import annotations

import json

import pytest

from planner.errors import RunDirectoryError
from planner.run_directory import RunDirectory, read_manifest, replacing


def finished(final, fingerprint):
    run = RunDirectory(final, fingerprint)
    run.begin(resume=False)
    (run.partial / "run.json").write_text(json.dumps({"fingerprint": fingerprint}))
    run.finish()
    return run


def test_nothing_is_at_the_final_place_until_finished(tmp_path):
    run = RunDirectory(tmp_path / "a", "x")
    run.begin(resume=False)
    assert not run.final.exists()
    (run.partial / "run.json").write_text(json.dumps({"fingerprint": "x"}))
    run.finish()
    assert run.is_complete()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a"]
    assert [p.name for p in run.final.iterdir()] == ["run.json"]


def test_a_new_run_takes_the_place_of_an_old_one(tmp_path):
    finished(tmp_path / "a", "old")
    new = finished(tmp_path / "a", "new")
    assert new.is_complete()
    assert not RunDirectory(tmp_path / "a", "old").is_complete()


def test_only_the_same_run_is_resumed(tmp_path):
    run = RunDirectory(tmp_path / "a", "x")
    run.begin(resume=False)
    (run.cache / "stage").write_text("done")
    run.begin(resume=True)
    assert (run.cache / "stage").exists()
    RunDirectory(tmp_path / "a", "y").begin(resume=True)
    assert not (run.cache / "stage").exists()


def test_other_peoples_folders_are_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(RunDirectoryError, match="not a run of the planner"):
        RunDirectory(tmp_path, "x").begin(resume=False)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_reading_what_is_not_a_run(tmp_path):
    with pytest.raises(RunDirectoryError, match=r"not a run of the planner \(run\.json is missing"):
        read_manifest(tmp_path)
    with pytest.raises(RunDirectoryError, match="the folder is missing"):
        read_manifest(tmp_path / "none")
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(RunDirectoryError, match="not readable as JSON"):
        read_manifest(tmp_path)


def test_replacing_leaves_nothing_half_written(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")

    def fail_midway():
        with replacing(path) as new:
            new.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"]

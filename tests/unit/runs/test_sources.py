"""What modules import is found once per text, and kept."""

from __future__ import annotations

import json

import pytest

from planner.runs import kept_files, sources

STUDY = "planner.studies.plan_study"


@pytest.fixture
def found_anew(tmp_path, monkeypatch):
    """A function that finds modules as a new process does, with files kept in a folder."""
    monkeypatch.setattr(kept_files, "_FOLDER", tmp_path)

    def find():
        for cached in (sources._imports, sources._kept_names):
            cached.cache_clear()
        return sources.modules_below([STUDY])

    yield find
    sources._kept_names.cache_clear()
    sources._imports.cache_clear()


def test_kept_names_are_those_of_the_texts(found_anew, tmp_path, monkeypatch):
    parsed = found_anew()
    assert len(json.loads((tmp_path / "imports.json").read_text())) == len(parsed & read(parsed))
    monkeypatch.setattr(sources.ast, "parse", None)  # nothing is left to parse
    assert found_anew() == parsed


def read(modules):
    """Those of modules that have a text."""
    return {module for module in modules if sources._file(module) is not None}


@pytest.mark.parametrize("damaged", ["", "{", "[1]", '{"a": 1}'])
def test_a_damaged_file_is_made_anew(found_anew, tmp_path, damaged):
    parsed = found_anew()
    (tmp_path / "imports.json").write_text(damaged)
    assert found_anew() == parsed


def test_a_folder_that_cannot_be_written_costs_only_time(found_anew, tmp_path, monkeypatch):
    monkeypatch.setattr(kept_files, "_FOLDER", tmp_path / "missing")
    assert STUDY in found_anew()

"""What a stage depends on: its modules and those below them, settings, inputs, stages before."""

from __future__ import annotations

import errno
import os
import re
import shutil

import pytest

from planner.commands.studies import STAGES
from planner.depot.compute import compute_depot
from planner.plan.search import search_front
from planner.plan.stops import STOPS, plan_trips
from planner.runs import sources
from planner.runs.sources import PACKAGE, modules_below, sources_sha256
from planner.runs.stage_files import read_json, write_json
from planner.runs.stage_folders import (
    KEPT_STAGES,
    REUSE_VARIABLE,
    StageFolders,
    alike,
    kept_beside,
)
from tests.languages import GERMAN

COMPUTING = [plan_trips, search_front, compute_depot]


@pytest.mark.parametrize("computes", COMPUTING)
def test_nothing_that_is_computed_depends_on_what_is_shown(computes):
    below = modules_below([computes.__module__])
    assert computes.__module__ in below
    shown = ("planner.reporting", "planner.commands", "planner.studies", "planner.sweeping")
    assert not [name for name in below if name.startswith(shown)]


def test_stops_depend_on_routing_and_not_on_the_search():
    below = modules_below([plan_trips.__module__])
    assert "planner.routing.driving_kernel" in below
    assert not [name for name in below if name.startswith("planner.optimization.nsga2")]
    assert "planner.optimization.nsga2" in modules_below([search_front.__module__])


@pytest.fixture
def edited(tmp_path, monkeypatch):
    """Edit a module of a copy of the package, which is looked at in its place."""
    copy = tmp_path / "planner"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))

    def look():
        for cached in (sources._file, sources._sha256, sources._imports, sources.sources_sha256):
            cached.cache_clear()

    def edit(name, text):
        with (copy / name).open("a", encoding="utf-8") as file:
            file.write(text)
        look()

    monkeypatch.setattr(sources, "PACKAGE", copy)
    look()
    yield edit
    monkeypatch.undo()
    look()


def test_results_of_other_libraries_are_not_taken(tmp_path, monkeypatch):
    before = StageFolders(tmp_path, []).key(plan_trips, "{}")
    assert StageFolders(tmp_path, []).key(plan_trips, "{}") == before
    monkeypatch.setattr(sources, "libraries", lambda: {"numpy": "another"})
    assert StageFolders(tmp_path, []).key(plan_trips, "{}") != before


def test_an_import_anywhere_in_a_module_counts_and_one_for_types_does_not(edited):
    module = "planner.routing.stop_planner"
    before = sources_sha256(module)
    edited("reporting/charts.py", "# more\n")
    assert sources_sha256(module) == before
    edited("routing/stop_planner.py", "if TYPE_CHECKING:\n    import planner.reporting.charts\n")
    with_types = sources_sha256(module)
    edited("reporting/charts.py", "# more\n")
    assert sources_sha256(module) == with_types != before
    edited("routing/stop_planner.py", "def f():\n    from planner.reporting import charts\n")
    with_charts = sources_sha256(module)
    edited("reporting/charts.py", "# more\n")
    assert len({before, with_types, with_charts, sources_sha256(module)}) == 4


def test_a_key_changes_with_inputs_settings_and_stages_before(tmp_path):
    given = tmp_path / "given.csv"
    given.write_text("a")
    (tmp_path / "cache").mkdir()

    def folders():
        return StageFolders(tmp_path / "cache", [given])

    first = folders().key(plan_trips, "settings", "before")
    assert folders().key(plan_trips, "settings", "before") == first
    others = [
        folders().key(plan_trips, "others", "before"),
        folders().key(plan_trips, "settings", "another"),
        folders().key(search_front, "settings", "before"),
    ]
    given.write_text("b")
    others.append(folders().key(plan_trips, "settings", "before"))
    assert len({first, *others}) == 5


def test_interrupted_runs_of_other_settings_leave_one_set_of_stages(tmp_path):
    for settings in "abc":
        folders = StageFolders(tmp_path, [])
        for name, computes in (("stops", plan_trips), ("front", search_front)):
            (folders.stage(name, computes, settings).folder / "kept.npz").touch()
    folders = StageFolders(tmp_path, [])
    used = {folders.stage("stops", plan_trips, "c").folder}
    used.add(folders.stage("front", search_front, "c").folder)
    assert set(tmp_path.iterdir()) == used
    assert all((folder / "kept.npz").exists() for folder in used)


def test_stages_that_were_not_asked_for_are_forgotten(tmp_path):
    folders = StageFolders(tmp_path, [])
    (folders.stage("stops", plan_trips, "a").folder / "stops.npz").touch()
    again = StageFolders(tmp_path, [])
    kept = again.stage("stops", plan_trips, "a").folder
    assert (kept / "stops.npz").exists()
    again.stage("front", search_front, "a")
    (tmp_path / "of an earlier version.npz").touch()
    other = StageFolders(tmp_path, [])
    other.stage("stops", plan_trips, "b")
    other.forget_others()
    assert len(list(tmp_path.iterdir())) == 1


@pytest.fixture
def finished(tmp_path, monkeypatch):
    """Finish a run in a folder with a stage of its own, and give the run's kept stages."""
    monkeypatch.delenv(REUSE_VARIABLE)

    def finish(name, **settings):
        kept = tmp_path / name / KEPT_STAGES
        kept.mkdir(parents=True)
        folders = StageFolders(kept, [])
        stage = folders.stage("stops", plan_trips, "a", **settings)
        write_json(stage.folder / "stops.json", [1, 2, 3])
        (stage.folder / "round-1").mkdir()
        write_json(stage.folder / "round-1" / "search.json", 4)
        folders.forget_others()
        return stage.folder

    return finish


def stages_of(tmp_path, name, taken):
    """Stages of a run that begins."""
    cache = tmp_path / f".{name}.partial"
    cache.mkdir(parents=True)
    return StageFolders(cache, [], kept_beside(tmp_path / name), taken)


def test_a_stage_of_a_finished_run_beside_is_taken_and_told(tmp_path, finished):
    there = finished("first")
    taken = {}
    here = stages_of(tmp_path, "second", taken).stage("stops", plan_trips, "a")
    assert read_json(here.folder / "stops.json") == [1, 2, 3]
    assert read_json(here.folder / "round-1" / "search.json") == 4
    assert (taken["stops"].run, taken["stops"].key) == ("first", here.key[:16])
    assert taken["stops"].seconds >= 0.0
    # What is written here leaves the other run as it is.
    write_json(here.folder / "stops.json", [])
    assert read_json(there / "stops.json") == [1, 2, 3]
    other = stages_of(tmp_path, "third", taken).stage("stops", plan_trips, "b")
    assert list(other.folder.iterdir()) == []


def test_where_a_disk_knows_no_links_a_stage_is_copied_whole_or_not_at_all(
    tmp_path, finished, monkeypatch
):
    there = finished("first")

    def none(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", none)
    here = stages_of(tmp_path, "second", {}).stage("stops", plan_trips, "a").folder
    assert read_json(here / "stops.json") == [1, 2, 3]
    assert not (here / "stops.json").samefile(there / "stops.json")

    def full(source, to):
        to.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(shutil, "copyfile", full)
    taken = {}
    here = stages_of(tmp_path, "third", taken).stage("stops", plan_trips, "a").folder
    assert (list(here.iterdir()), taken) == ([], {})


def test_a_damaged_stage_of_another_run_is_found_and_not_read(tmp_path, finished, caplog):
    (finished("first") / "stops.json").write_bytes(b"damaged")
    taken = {}
    folders = stages_of(tmp_path, "second", taken)
    here = folders.stage("stops", plan_trips, "a").folder
    assert read_json(here / "stops.json") is None
    assert "computed again" in caplog.text
    write_json(here / "stops.json", [1, 2, 3])
    folders.forget_others()
    assert taken == {}


def test_a_stage_is_taken_without_a_word_where_only_the_note_of_its_time_is_damaged(
    tmp_path, finished, caplog
):
    (finished("first") / "computed-in.json").write_bytes(b"{}")
    taken = {}
    stages_of(tmp_path, "second", taken).stage("stops", plan_trips, "a")
    assert (taken["stops"].run, taken["stops"].seconds) == ("first", None)
    assert caplog.text == ""


def test_a_stage_that_writes_again_what_it_took_is_taken_and_one_that_adds_to_it_is_not(
    tmp_path, finished
):
    finished("first")
    for file, names in (("stops.json", {"stops"}), ("more.json", set())):
        taken = {}
        folders = stages_of(tmp_path, file, taken)
        write_json(folders.stage("stops", plan_trips, "a").folder / file, [1, 2, 3])
        folders.forget_others()
        assert set(taken) == names


def test_the_same_replication_of_other_runs_of_a_sweep_is_beside(tmp_path, finished):
    finished("low/replication-2")
    finished("high/replication-1")
    found = kept_beside(tmp_path / "high" / "replication-2")
    assert set(found) == {"replication-1", "../low/replication-2"}
    assert set(kept_beside(tmp_path / "middle" / "replication-2")) == {"../low/replication-2"}


def test_a_run_looks_at_its_own_stages_before_those_beside_the_latest_first(tmp_path, finished):
    for later, name in enumerate(("second", "own", "third")):
        os.utime(finished(name).parent, (later, later))
    (tmp_path / "a file").touch()
    assert list(kept_beside(tmp_path / "own")) == ["own", "third", "second"]


def test_nothing_is_beside_where_the_environment_forbids_it(tmp_path, finished, monkeypatch):
    finished("first")
    monkeypatch.setenv(REUSE_VARIABLE, "0")
    assert kept_beside(tmp_path / "second") == {}


def test_stages_of_a_family_are_alike_whatever_their_keys(tmp_path, finished):
    one, other = "f" * 64, "0" * 64
    of_one = [finished(name, family=one) for name in ("first", "second")]
    finished("third", family=other)
    beside = kept_beside(tmp_path / "fourth").values()
    assert set(alike(beside, "stops", one)) == set(of_one)
    assert alike(beside, "front", one) == []


def test_every_stage_that_may_be_taken_has_a_name_for_people_in_both_languages():
    asked = re.compile(r'folders\.stage\(\s*"([\w-]+)"')
    texts = (path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    assert {STOPS, *(name for text in texts for name in asked.findall(text))} == set(STAGES)
    assert all(GERMAN.text(name) != name for name in STAGES.values())

"""What a stage depends on: its modules and those below them, settings, inputs, stages before."""

from __future__ import annotations

import shutil

import pytest

from planner.depot.compute import compute_depot
from planner.plan.search import search_front
from planner.plan.stops import plan_trips
from planner.runs import sources
from planner.runs.sources import PACKAGE, modules_below, sources_sha256
from planner.runs.stage_folders import StageFolders

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

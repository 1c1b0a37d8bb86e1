"""The planner edited between two runs: pages are made anew, stages that it does not touch kept."""

from __future__ import annotations

import json
import shutil

import pytest

import planner
from planner.runs import provenance, sources
from planner.runs.sources import PACKAGE
from planner.scenario.depot_model import load_depot
from planner.scenario.load import load_scenario
from tests.unit.depot.small_depot import write_depot

SHOWN = [
    "reporting/page/style.css",
    "reporting/depot_report.py",
    "reporting/charts.py",
    "tables/languages/de/quantities.yaml",
    "reporting/gis/templates/new.qml",
]


@pytest.fixture
def edit(tmp_path, monkeypatch):
    """Edit a file of a copy of the package; its sources count as the program's."""
    copy = tmp_path / "planner"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    cached = (
        *(sources._file, sources._sha256, sources._imports, sources.sources_sha256),
        provenance.program_sha256,
    )

    def look():
        for each in cached:
            each.cache_clear()

    def edited(name):
        with (copy / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        look()

    for module in (sources, provenance):
        monkeypatch.setattr(module, "PACKAGE", copy)
    look()
    yield edited
    monkeypatch.undo()
    look()


def stages(run):
    """When each file of a stage was written, by its path; a search writes its last state again."""
    kept = run.folder / ".stages"
    return {
        path.relative_to(kept): 0 if path.name == "search.npz" else path.stat().st_mtime_ns
        for path in kept.rglob("*")
        if path.is_file()
    }


def computed_anew(before, after):
    return {
        path.parts[0].partition("-")[0] for path, when in after.items() if before.get(path) != when
    }


def tables(run):
    return {path.name: path.read_bytes() for path in run.folder.glob("*.parquet")}


def test_an_edited_page_writes_a_depot_anew_and_computes_nothing(tmp_path, edit):
    scenario = load_depot(write_depot(tmp_path, iterations=10))
    run = planner.run(scenario, out=tmp_path / "run")
    first, whole = stages(run), tables(run)
    for name in SHOWN:
        page = (run.folder / "report.html").stat().st_mtime_ns
        was = json.loads((run.folder / "run.json").read_text())["fingerprint"]
        edit(name)
        planner.run(scenario, out=run.folder, resume=True)
        assert stages(run) == first, name
        assert (run.folder / "report.html").stat().st_mtime_ns > page, name
        assert json.loads((run.folder / "run.json").read_text())["fingerprint"] != was, name
    page = (run.folder / "report.html").stat().st_mtime_ns
    planner.run(scenario, out=run.folder, resume=True)
    assert (run.folder / "report.html").stat().st_mtime_ns == page
    edit("depot/tariff.py")
    planner.run(scenario, out=run.folder, resume=True)
    assert computed_anew(first, stages(run)) == {"day"}
    assert tables(run) == whole


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("reporting/html_report.py", set()),
        ("market/market_kernel.py", set()),
        ("optimization/nsga2.py", {"front", "replanning"}),
        ("simulation/replanning.py", {"front", "replanning"}),
        ("routing/stop_planner.py", {"stops", "front", "replanning"}),
    ],
)
def test_a_plan_computes_the_stages_that_an_edit_touches(finished, edit, name, expected):
    scenario, run, first = finished
    out = run.folder.with_name(name.replace("/", "-"))
    shutil.copytree(run.folder, out)
    edit(name)
    again = planner.run(scenario, out=out, resume=True)
    assert computed_anew(first, stages(again)) == expected
    assert tables(again) == tables(run)


@pytest.fixture(scope="module")
def finished(shared_study_folder):
    sets = ["optimization.max_generations=3"]
    scenario = load_scenario(
        shared_study_folder / "study.yaml", [*sets, "replanning={iterations: 2}"]
    )
    run = planner.run(scenario, out=shared_study_folder / "whole")
    return scenario, run, stages(run)

"""Damaged files of finished stages, of every kind: told, computed again, and the same result."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager

import pytest

from planner.depot import cooptimizer
from planner.depot.dispatch_search import dispatch
from planner.market import compute
from planner.scenario.depot_model import load_depot
from planner.scenario.load import load_scenario
from planner.scenario.market_scenario import load_market
from planner.studies import run
from tests.unit.depot.small_depot import write_depot

ASKED = {
    "depots": {
        "study": "depot-demo",
        "own_tours": False,
        "places": [{"id": "West", "lon": 7.02, "lat": 50.01, "trucks": 10}],
    },
    "replanning": {"iterations": 2, "in_optimization": True, "max_rounds": 1},
    "market": {"price_cap_eur_kwh": 0.7, "n_iterations": 100, "n_seeds": 2},
    "optimization.max_generations": 5,
    "optimization.compare_methods": True,
}
STAGES = {
    "depot-0000.npz",
    "stops-00001.parquet",
    "stops-00001.json",
    "search.npz",
    "plain-nsga2.npz",
    "replanning-1.npz",
    "round-1/search.npz",
    "market_free.npz",
    "market_as_planned.npz",
}
FOR_OTHERS = ("computed-in.json", "planned-for.npz")
"""What only runs beside this one read."""
DEPOT_STAGES = (
    "tours-plain.json",
    "tours-co-optimised.json",
    "power-dispatch_first.npz",
    "power-co-optimised.npz",
    "power-no-trucks.npz",
)
DAMAGES = {
    "emptied": lambda path: path.write_bytes(b""),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "a byte flipped": lambda path: path.write_bytes(flipped(path.read_bytes())),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


def flipped(content):
    at = 3 * len(content) // 4
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def files_below(folder):
    """Files of stages by their names, without the key of their stage's folder."""
    return {
        path.relative_to(stage).as_posix(): path
        for stage in folder.iterdir()
        for path in stage.rglob("*")
        if path.is_file() and path.name not in FOR_OTHERS
    }


def results(folder):
    endings = {".parquet", ".csv", ".xlsx", ".gpkg", ".svg"}
    files = [path for path in folder.rglob("*") if path.suffix in endings]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


class Keeping:
    """Listener that keeps the work of a run as it is where the run begins to write its results."""

    def __init__(self, work, kept):
        self._work, self._kept = work, kept

    @contextmanager
    def stage(self, name):
        if name == "Writing results":
            shutil.copytree(self._work, self._kept)
        yield lambda done, total: None


def whole_and_stopped(study, folder):
    """What a run gives, and its work as if it had been killed before it wrote its results."""
    kept = folder / "stopped" / ".out.partial"
    listener = Keeping(folder / ".out.partial", kept)
    return results(run(study, out=folder / "out", progress=listener).folder), kept


def taken_up(work, tmp_path):
    """Where a run goes on from a copy of such work, and the files of its stages."""
    copy = shutil.copytree(work, tmp_path / work.name)
    return tmp_path / "out", files_below(copy / "stages")


@pytest.fixture(scope="module")
def scenario(shared_study_folder):
    changes = [f"{key}={json.dumps(value)}" for key, value in ASKED.items()]
    return load_scenario(shared_study_folder / "study.yaml", changes)


@pytest.fixture(scope="module")
def plan(scenario, tmp_path_factory):
    return whole_and_stopped(scenario, tmp_path_factory.mktemp("plan"))


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_plan_computes_its_damaged_stages_again(scenario, plan, tmp_path, caplog, damage):
    whole, work = plan
    out, files = taken_up(work, tmp_path)
    assert set(files) == STAGES
    for path in files.values():
        damage(path)
    assert results(run(scenario, out=out, resume=True).folder) == whole
    for path in files.values():
        assert f"{path}: a finished stage that cannot be read" in caplog.text


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """A market with few alternatives, what it gives, and the work of its killed run."""
    study = load_market("odeshog-market", ["n_iterations=100", "n_seeds=2"])
    few = compute.alternatives(study)[:2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compute, "alternatives", lambda _: few)
        folder = tmp_path_factory.mktemp("market")
        yield study, *whole_and_stopped(study, folder)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_market_computes_its_damaged_stages_again(market, tmp_path, caplog, damage):
    study, whole, work = market
    out, files = taken_up(work, tmp_path)
    assert len(files) == 3
    for path in files.values():
        damage(path)
    found = results(run(study, out=out, resume=True).folder)
    assert found == whole
    assert caplog.text.count("a finished stage that cannot be read") == 3


@pytest.fixture(scope="module")
def depot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("depot")
    scenario = load_depot(write_depot(folder, iterations=10))
    return scenario, *whole_and_stopped(scenario, folder)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_depot_computes_its_damaged_stages_again(depot, tmp_path, caplog, damage):
    scenario, whole, work = depot
    out, files = taken_up(work, tmp_path)
    assert set(files) == set(DEPOT_STAGES)
    for path in files.values():
        damage(path)
    found = results(run(scenario, out=out, resume=True).folder)
    assert found == whole
    for path in files.values():
        assert f"{path}: a finished stage that cannot be read" in caplog.text


@pytest.mark.parametrize("lost", DEPOT_STAGES)
def test_a_depot_goes_on_with_whatever_stages_it_has(depot, tmp_path, monkeypatch, lost):
    scenario, whole, work = depot
    out, files = taken_up(work, tmp_path)
    files[lost].unlink()
    searches = []
    monkeypatch.setattr(
        cooptimizer, "dispatch", lambda *a, **o: searches.append(o) or dispatch(*a, **o)
    )
    found = results(run(scenario, out=out, resume=True).folder)
    assert found == whole
    assert len(searches) == lost.startswith("tours")

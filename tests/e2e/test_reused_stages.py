"""Runs that take what others beside them have computed come to the same, to the byte."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import planner
from planner.cli import app
from planner.runs.stage_folders import KEPT_STAGES, REUSE_VARIABLE
from planner.scenario.load import load_scenario
from tests.small_study import write_study

SMALL = ["optimization.population=8", "optimization.max_generations=1"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Study with a run of it, all of whose stages are kept."""
    return write_study(tmp_path_factory.mktemp("reused"))


@pytest.fixture(autouse=True)
def reusing(monkeypatch):
    monkeypatch.delenv(REUSE_VARIABLE)


@pytest.fixture
def first(folder):
    return done(folder, "first", [])[0]


def tables(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.parquet")}


def done(folder, name, overrides):
    """Tables of a run beside the others, and what it took from them."""
    scenario = load_scenario(folder / "study.yaml", [*SMALL, *overrides])
    run = planner.run(scenario, out=folder / "runs" / name, resume=True)
    return tables(run.folder), run.manifest["provenance"]["taken_stages"]


def anew(folder, overrides, monkeypatch):
    """Tables of the same run with nothing taken."""
    with monkeypatch.context() as patched:
        patched.setenv(REUSE_VARIABLE, "0")
        found, taken = done(folder, f"anew {overrides}", overrides)
    assert taken == {}
    return found


def test_another_title_computes_no_stage_and_the_terminal_says_where_they_are_from(folder, first):
    out = folder / "runs" / "second"
    told = ["run", str(folder / "study.yaml"), "--out", str(out), "--lang", "de"]
    for each in ("name=other", *SMALL):
        told += ["--set", each]
    said = CliRunner().invoke(app, told)
    assert said.exit_code == 0, said.output
    assert "Halte planen: wie in first (" in said.output
    assert "Front suchen: wie in first (" in said.output
    assert tables(out) == first


def test_with_another_share_and_without_a_site_trips_keep_plans_that_hold(
    folder, first, monkeypatch
):
    changed = ["demand.electrification_share=0.4", "sites.path=fewer.csv"]
    rows = (folder / "sites.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "fewer.csv").write_text("".join(rows[:-1]), encoding="utf-8")
    found, taken = done(folder, "third", changed)
    assert set(taken) == {"stops"}
    assert taken["stops"]["n_trips"] > 0
    assert found == anew(folder, changed, monkeypatch) != first


def test_runs_of_a_sweep_that_differ_in_prices_plan_stops_once(folder, monkeypatch):
    runs = folder / "swept" / "runs"
    with_costs = [f"infrastructure_costs=germany-{year}" for year in (2025, 2030)]
    _, taken = done(folder, runs / "a" / "replication-1", with_costs[:1])
    assert taken == {}
    found, taken = done(folder, runs / "b" / "replication-1", with_costs[1:])
    assert {stage: each["run"] for stage, each in taken.items()} == {"stops": "../a/replication-1"}
    assert found == anew(folder, with_costs[1:], monkeypatch)


def test_what_a_run_writes_again_is_not_written_into_the_one_it_took_it_from(folder):
    asked = ["demand.initial_soc.source=settled"]
    found, _ = done(folder, "settled", asked)
    (kept,) = (folder / "runs" / "settled" / KEPT_STAGES).glob("warm-up-*/initial_soc.csv")
    kept.write_text("as another run is reading it\n", encoding="utf-8")
    assert done(folder, "settled-again", asked)[0] == found
    in_both = f"{KEPT_STAGES}/{kept.parent.name}/warm-up-1.json"
    assert (folder / "runs" / "settled" / in_both).samefile(
        folder / "runs" / "settled-again" / in_both
    )
    assert kept.read_text(encoding="utf-8") == "as another run is reading it\n"

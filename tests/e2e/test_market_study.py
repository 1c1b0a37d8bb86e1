"""A market run as its user meets it: command line, folder, resume, mistakes."""

from __future__ import annotations

import json

import pytest

from planner.market import compute
from planner.scenario.market_scenario import load_market
from planner.studies import run
from tests.cases.command_line import planner

FAST = ["n_iterations=200", "n_seeds=2"]


def test_the_command_makes_a_folder_and_show_reads_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sets = [part for override in (*FAST, "alternatives=false") for part in ("--set", override)]
    done = planner("market", "odeshog-market", *sets, "--out", "run", "--workers", "1")
    assert done.code == 0, done
    assert "499 trucks" in done.said
    assert (tmp_path / "run" / "report.html").stat().st_size > 100_000
    shown = planner("show", "run", "--lang", "de")
    assert shown.code == 0, shown
    assert "Betreiber" in shown.said
    assert not (tmp_path / ".run.partial").exists()


def test_a_mistake_is_one_message(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = planner("market", "odeshog-market", "--set", "operators={a: {}}")
    assert done.code == 2
    assert "price_cap_eur_kwh" in done.complained
    assert "Traceback" not in done.complained
    assert list(tmp_path.iterdir()) == []


def test_same_seed_same_figures(tmp_path):
    scenario = load_market("odeshog-market", [*FAST, "alternatives=false"])
    first = run(scenario, out=tmp_path / "a", workers=1)
    second = run(scenario, out=tmp_path / "b")
    for path in sorted(first.folder.glob("*.parquet")):
        assert path.read_bytes() == (second.folder / path.name).read_bytes(), path.name
    assert first.summary == second.summary


def test_a_killed_run_goes_on_with_the_same_result(tmp_path, monkeypatch):
    scenario = load_market("odeshog-market", FAST)
    few = compute.alternatives(scenario)[:4]
    monkeypatch.setattr(compute, "alternatives", lambda _: few)
    whole = run(scenario, out=tmp_path / "whole")
    calls = []

    def breaks_at_third(alternative, arrivals=None):
        calls.append(alternative.value)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(alternative, arrivals)

    real = compute.alternative_outcome
    monkeypatch.setattr(compute, "alternative_outcome", breaks_at_third)
    with pytest.raises(KeyboardInterrupt):
        run(scenario, out=tmp_path / "broken")
    assert not (tmp_path / "broken").exists()
    resumed = run(scenario, out=tmp_path / "broken", resume=True)
    # two were kept, the third was tried again, the fourth came after it
    assert len(calls) == 5
    for path in sorted(whole.folder.glob("*.csv")):
        assert path.read_bytes() == (resumed.folder / path.name).read_bytes(), path.name
    before = json.loads((resumed.folder / "run.json").read_text())
    again = run(scenario, out=tmp_path / "broken", resume=True)
    assert json.loads((again.folder / "run.json").read_text()) == before

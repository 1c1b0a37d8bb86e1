"""A study whose trips have more states than the exact search looks at: counted, and told."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from planner.cli import app
from planner.routing.stop_planner import plan_stops
from tests.small_study import write_study


def test_a_run_counts_the_trips_that_were_not_planned_exactly_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setitem(plan_stops.__kwdefaults__, "most_states", 1)
    study, out = write_study(tmp_path) / "study.yaml", tmp_path / "out"
    done = CliRunner().invoke(app, ["run", str(study), "--out", str(out), "--workers", "1"])
    assert done.exit_code == 0, done.output
    says = "trips were planned by a coarser search, since the exact one had not ended"
    assert says in " ".join(done.output.split())
    manifest = json.loads((out / "run.json").read_text(encoding="utf-8"))
    n_not_exact = manifest["summary"]["n_not_exact"]
    assert 0 < n_not_exact <= manifest["summary"]["n_trips"]
    assert f"{n_not_exact:,} {says}" in manifest["headline"]["answer"]
    assert says in (out / "report.html").read_text(encoding="utf-8")

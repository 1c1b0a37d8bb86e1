"""run.json: what was planned, from what, with what."""

import hashlib
import json

import numpy as np
import pytest

from planner.errors import InputDataError
from planner.reporting.headline import answer
from planner.reporting.manifest import plan_manifest
from planner.runs.manifests import write_manifest
from planner.runs.provenance import collect_provenance, plain_values, sha256_of


def test_run_json_holds_the_summary_the_scenario_and_what_the_caller_adds(plan, tmp_path):
    write_manifest(tmp_path / "run.json", plan_manifest(plan), "abc")
    manifest = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))

    assert manifest["summary"]["n_trips"] == 900
    assert set(manifest["summary"]["solutions"]) == {each.name for each in plan.named_solutions}
    assert manifest["scenario"] == plan.scenario
    assert manifest["headline"]["answer"] == answer(plan)
    assert manifest["named_solutions"][2]["name"] == "balanced"
    assert manifest["fingerprint"] == "abc"


def test_numpy_values_become_plain_and_nan_becomes_null(tmp_path):
    values = {
        "n": np.int64(3),
        "x": np.float64("nan"),
        "a": np.array([[1.5, np.inf]]),
        2: (True, None, tmp_path),
    }
    assert plain_values(values) == {
        "n": 3,
        "x": None,
        "a": [[1.5, None]],
        "2": [True, None, str(tmp_path)],
    }
    with pytest.raises(TypeError, match="set has no place"):
        plain_values({"s": {1}})


def test_inputs_are_known_by_their_content(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a.csv") == hashlib.sha256(b"abc").hexdigest()

    before = sha256_of(tmp_path)
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    assert sha256_of(tmp_path) != before


def test_what_tools_leave_behind_in_a_directory_is_no_part_of_it(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"abc")
    before = sha256_of(tmp_path)
    for folder in (".cache", "__pycache__"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "left.bin").write_bytes(b"x")
    assert sha256_of(tmp_path) == before


def test_a_missing_input_is_named(tmp_path):
    with pytest.raises(InputDataError, match=r"gone\.csv"):
        collect_provenance(
            {"network": tmp_path / "gone.csv"}, seed=1, timings_s={}, peak_memory_mb={}
        )


def test_provenance_names_versions_inputs_seed_and_times(tmp_path):
    (tmp_path / "in.csv").write_bytes(b"abc")
    found = collect_provenance(
        {"trips": tmp_path / "in.csv"},
        seed=7,
        timings_s={"demand": 1.23456},
        peak_memory_mb={"demand": 412.3},
    )

    assert found["seed"] == 7
    assert found["timings_s"] == {"demand": 1.235}
    assert found["peak_memory_mb"] == {"demand": 412}
    assert found["inputs_sha256"] == {"trips": hashlib.sha256(b"abc").hexdigest()}
    assert found["versions"]["numpy"] == np.__version__

"""Clusters that cannot plan the stops of a study: told before anything is read or written."""

from __future__ import annotations

import pytest

from planner.errors import ClusterError, ScenarioError
from planner.studies import run


def test_no_scheduler_and_no_plan_are_told_before_anything_is_written(tmp_path):
    with pytest.raises(ClusterError, match=r"tcp://127\.0\.0\.1:1: expected a running dask"):
        run("germany-10", out=tmp_path / "run", cluster="tcp://127.0.0.1:1")
    with pytest.raises(ScenarioError, match=r"expected a plan or a sweep; found a depot"):
        run("depot-demo", out=tmp_path / "run", cluster="local")
    assert not any(tmp_path.iterdir())

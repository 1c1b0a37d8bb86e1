"""Several depots over dask: each in its folder, faults named, the others kept."""

from __future__ import annotations

import pytest

from planner.errors import SweepError
from planner.scenario.depot_model import load_depot
from planner.sweeping.depot_fleet import run_depot_studies
from tests.unit.depot.small_depot import write_depot

pytestmark = pytest.mark.slow


def test_depots_in_folders_of_their_own(tmp_path):
    path = write_depot(tmp_path, iterations=5)
    good = {name: load_depot(path, [f"seed={seed}"]) for seed, name in enumerate("ab")}
    bad = load_depot(path, ["depot.initial_energy_kwh=900"])
    with pytest.raises(SweepError, match=r"1 of 3 depots cannot be planned:\n  - c: .*reserve"):
        run_depot_studies(good | {"c": bad}, tmp_path / "out", workers=1)
    found = run_depot_studies(good, tmp_path / "out", workers=1)
    assert list(found) == ["a", "b"]
    assert all((tmp_path / "out" / name / "run.json").is_file() for name in found)

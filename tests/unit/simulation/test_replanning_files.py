"""Replanning written and read again."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pandas as pd

from planner.simulation.replanning import ReplanningResult
from planner.simulation.replanning_files import read_replanning, write_replanning


def test_what_was_learned_is_read_as_it_was_written(cases, tmp_path):
    plans = cases.plans_of(cases.Trip(1.0, (cases.Stop(0), cases.lpc(1))), cases.Trip(2.0))
    history = pd.DataFrame({"iteration": [0, 3], "mean_wait_min": [4.1, 0.1 + 0.2]})
    path = tmp_path / "replanning.npz"
    write_replanning(ReplanningResult(plans, history), path)
    found = read_replanning(path)
    pd.testing.assert_frame_equal(found.history, history, check_exact=True)
    for field in fields(plans):
        written, read = getattr(plans, field.name), getattr(found.plans, field.name)
        assert read.dtype == written.dtype
        np.testing.assert_array_equal(read, written)


def test_what_is_not_there_or_broken_is_learned_again(cases, tmp_path):
    path = tmp_path / "replanning.npz"
    assert read_replanning(path) is None
    plans = cases.plans_of(cases.Trip(1.0, (cases.Stop(0),)))
    write_replanning(ReplanningResult(plans, pd.DataFrame({"iteration": [0]})), path)
    path.write_bytes(path.read_bytes()[:500])
    assert read_replanning(path) is None

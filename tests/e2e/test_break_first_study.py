"""A study whose drivers follow the rule `break_first`, from the command's function to the files."""

from __future__ import annotations

import pytest

from planner.layouts.evaluation import evaluate_layout
from planner.studies import run

RULE = [
    "driver_behaviour=break-first",
    "chargers.hpc_planned_kw=720",
    "chargers.hpc_charge_to_share=0.9",
    "optimization.max_generations=2",
]


@pytest.fixture(scope="module")
def result(shared_study_folder):
    return run(shared_study_folder / "study.yaml", RULE, out=shared_study_folder / "out")


def test_trucks_charge_as_the_rule_says(result):
    stops = result.table("stops")
    assert set(stops["kind"]) == {"hpc_break", "hpc_intermediate", "lpc_rest"}
    at_high_power = stops[stops["kind"] != "lpc_rest"]
    assert (at_high_power["hold_h"] == 0.75).all()  # stops for energy alone too
    soc_share = at_high_power["arrival_soc_share"] + at_high_power["energy_kwh"] / 600
    assert soc_share.max() == pytest.approx(0.9)
    assert at_high_power["energy_kwh"].max() <= 720 * 0.75 + 1e-9
    # Some come to their minimum before a site and drive on, which the checks of the run allow.
    is_below = stops["arrival_soc_share"] < 0.2
    assert result.summary["n_below_minimum"] >= stops["trip_id"][is_below].nunique() > 0


def test_a_layout_is_tried_and_its_queues_are_learned(result, tmp_path):
    told = evaluate_layout(result.folder, learn_queues=True, out=tmp_path / "learned")
    before, after = told.evaluated[-2:]
    assert after.n_trips == before.n_trips == len(result.table("trips"))
    assert told.knows_queues

"""Trips that start with the charge with which trips before them have ended."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from planner.demand.initial_soc import read_soc_histogram
from planner.layouts.evaluation import evaluate_layout
from planner.plan.stops import plan_trips
from planner.plan.study_inputs import read_inputs
from planner.plan.warm_up import INITIAL_SOC_FILE, soc_histogram
from planner.scenario.load import load_scenario
from planner.studies import run


def study_file(folder, soc):
    path = folder / "study.yaml"
    text = path.read_text()
    text = text.replace("max_generations: 15", "max_generations: 4")
    path.write_text(text.replace("days: [mon, tue]", f"days: [mon, tue]\n  initial_soc: {soc}"))
    return path


def test_trips_draw_from_the_ends_of_a_run_in_which_all_start_full(study_folder):
    path = study_file(study_folder, "{source: warm_up, full_share: 0.5}")
    result = run(path, out=study_folder / "out")
    scenario = load_scenario(path)
    inputs = read_inputs(scenario)
    all_full = replace(inputs.trips, initial_soc_share=np.ones(inputs.trips.n_trips))
    plans = plan_trips(scenario, replace(inputs, trips=all_full))
    expected = soc_histogram(plans, all_full.is_counted)
    written = pd.read_csv(result.folder / INITIAL_SOC_FILE)
    pd.testing.assert_frame_equal(written, expected)
    start = result.table("trips")["initial_soc_share"]
    partial = start[start < 1.0]
    assert 0.4 < len(partial) / len(start) < 0.6
    drawn = read_soc_histogram(result.folder / INITIAL_SOC_FILE)
    has_ends = drawn.weight > 0
    assert partial.between(drawn.low_share[has_ends].min(), drawn.high_share[has_ends].max()).all()
    mean = np.average((drawn.low_share + drawn.high_share) / 2, weights=drawn.weight)
    assert partial.mean() == pytest.approx(mean, abs=0.03)
    told = result.summary["initial_soc"]
    assert (told["rounds"], told["moved_share"]) == (1, None)
    assert told["mean_share"] == pytest.approx(mean)
    # A layout is tried on trucks that start as in the run, not as the scenario alone says.
    found = evaluate_layout(result.folder, learn_queues=True)
    assert found.evaluated[-1].n_trips == len(start)


def test_settled_trips_start_as_they_end(study_folder):
    path = study_file(study_folder, "{source: settled, full_share: 0.0}")
    result = run(path, out=study_folder / "out")
    told = result.summary["initial_soc"]
    assert 2 <= told["rounds"] < 20
    assert told["moved_share"] <= 0.005
    balance = result.summary["energy_at_ends"]
    trips = result.table("trips")
    assert trips["initial_soc_share"].mean() == pytest.approx(told["mean_share"], abs=0.02)
    assert balance["end_soc_share"] == pytest.approx(told["mean_share"], abs=0.02)
    # Trips that start too low are not served, so that those that are start with more.
    served = trips[trips["status"] == "served"]
    energy_mwh = ((served["initial_soc_share"] - served["final_soc_share"]) * 600).sum() / 1000
    assert balance["energy_mwh"] == pytest.approx(energy_mwh)
    assert balance["night_mw"] == pytest.approx(energy_mwh / (2 * 8))


@pytest.mark.parametrize(
    "soc", ["{source: histogram}", "{source: warm_up, arrival_histogram: flows.csv}"]
)
def test_a_histogram_goes_with_its_source(study_folder, soc):
    from planner.errors import ScenarioError

    with pytest.raises(ScenarioError, match="arrival_histogram with the source histogram"):
        load_scenario(study_file(study_folder, soc))

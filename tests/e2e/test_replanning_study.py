"""A whole study whose trucks learn the queues."""

from __future__ import annotations

import pytest

from planner.study import run


def study(folder, replanning):
    path = folder / "study.yaml"
    path.write_text(
        path.read_text().replace(
            "max_generations: 15", "max_generations: 4, compare_methods: false"
        )
        + f"replanning: {replanning}\n"
    )
    return run(path, out=folder / "out")


def test_replanning_is_reported_and_leaves_the_front_as_it_is(study_folder):
    result = study(study_folder, "{iterations: 3}")
    figures = result.summary["replanning"]
    balanced = result.summary["solutions"]["balanced"]
    assert figures["mean_wait_before_min"] == pytest.approx(balanced["mean_wait_min"])
    assert figures["mean_wait_after_min"] <= figures["mean_wait_before_min"]
    assert [row["iteration"] for row in figures["history"]] == [0, 1, 3]
    assert "rounds" not in figures


def test_rounds_end_with_plans_that_know_the_queues(study_folder):
    result = study(study_folder, "{iterations: 3, in_optimization: true, max_rounds: 2}")
    rounds = result.summary["replanning"]["rounds"]
    assert 2 <= len(rounds) <= 3
    balanced = result.summary["solutions"]["balanced"]
    assert balanced["mean_wait_min"] == pytest.approx(rounds[-1]["mean_wait_min"])


def test_extra_of_trips_adds_up_to_the_summary(study_folder):
    result = study(study_folder, "null")
    trips = result.table("trips")
    served = trips[trips["status"] == "served"]
    figures = result.summary["reference"]
    assert "replanning" not in result.summary
    assert served["extra_min"].mean() == pytest.approx(figures["mean_extra_min"])
    # Planned time over the reference, and the waiting that the queues add.
    planned_min = 60.0 * (served["arrival_h"] - served["entry_h"] - served["reference_h"])
    assert (served["extra_min"] >= planned_min - 1e-6).all()

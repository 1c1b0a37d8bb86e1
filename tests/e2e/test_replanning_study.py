"""A whole study whose trucks learn the queues."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from planner.plan.schemas import FILE_SCHEMAS
from planner.studies import run


class StoppedError(Exception):
    """The run is killed."""


class Watching:
    """Listener that counts what stages report, and stops the run where it is told to."""

    def __init__(self, stage="", after=0):
        self.stop, self.after, self.reports = stage, after, {}

    @contextmanager
    def stage(self, name):
        self.reports[name] = 0

        def advance(done, total):
            self.reports[name] += 1
            if name == self.stop and done >= self.after:
                raise StoppedError

        yield advance


@pytest.fixture(scope="module")
def planned(shared_study_folder):
    """The study with settings of replanning: its scenario, its run and what stages reported."""
    plain = (shared_study_folder / "study.yaml").read_text()
    few = plain.replace("max_generations: 15", "max_generations: 4")
    done = {}

    def plan(replanning):
        if replanning not in done:
            path = shared_study_folder / f"study-{len(done)}.yaml"
            path.write_text(f"{few}replanning: {replanning}\n")
            watching = Watching()
            out = shared_study_folder / f"out-{len(done)}"
            done[replanning] = path, run(path, out=out, progress=watching), watching.reports
        return done[replanning]

    return plan


def test_replanning_is_reported_and_leaves_the_front_as_it_is(planned):
    _, result, _ = planned("{}")
    figures = result.summary["replanning"]
    balanced = result.summary["solutions"]["balanced"]
    assert figures["mean_wait_before_min"] == pytest.approx(balanced["mean_wait_min"])
    assert figures["mean_wait_after_min"] <= figures["mean_wait_before_min"]
    left = figures["mean_wait_after_min"] / figures["mean_wait_before_min"]
    assert figures["wait_cut_share"] == pytest.approx(1.0 - left)
    assert [row["iteration"] for row in figures["history"]] == [*range(figures["n_iterations"] + 1)]
    assert figures["is_settled"]
    assert figures["gap"] <= 0.001
    assert figures["would_change_share"] <= 0.01
    assert "rounds" not in figures
    after = figures["after"]
    assert after.keys() == balanced.keys()
    assert after["mean_wait_min"] == figures["mean_wait_after_min"]
    assert after["n_lpc_rejected"] == figures["n_lpc_rejected_after"]
    assert after["n_hpc"] == balanced["n_hpc"]
    longer_km = after["mean_extra_km"] - balanced["mean_extra_km"]
    assert longer_km == pytest.approx(figures["mean_extra_km"])


def test_rounds_end_with_plans_that_know_the_queues(planned):
    _, result, _ = planned("{iterations: 3, in_optimization: true, max_rounds: 2}")
    rounds = result.summary["replanning"]["rounds"]
    assert 2 <= len(rounds) <= 3
    assert "after" not in result.summary["replanning"]
    balanced = result.summary["solutions"]["balanced"]
    assert balanced["mean_wait_min"] == pytest.approx(rounds[-1]["mean_wait_min"])


def test_extra_of_trips_adds_up_to_the_summary(planned):
    _, result, _ = planned("null")
    trips = result.table("trips")
    served = trips[trips["status"] == "served"]
    figures = result.summary["reference"]
    assert "replanning" not in result.summary
    assert served["extra_min"].mean() == pytest.approx(figures["mean_extra_min"])
    # Planned time over the reference, and the waiting that the queues add.
    planned_min = 60.0 * (served["arrival_h"] - served["entry_h"] - served["reference_h"])
    assert (served["extra_min"] >= planned_min - 1e-6).all()
    table = result.table("extra")
    whole = table.iloc[0]
    assert whole["n_trips"] == len(served)
    assert whole["mean_extra_min"] == pytest.approx(figures["mean_extra_min"])
    balanced = result.summary["solutions"]["balanced"]
    assert balanced["mean_extra_min"] == pytest.approx(figures["mean_extra_min"])
    assert balanced["mean_trip_km"] == pytest.approx(served["distance_km"].mean())
    assert set(table["grouping"]) == {"all", "length", "origin"}
    assert (table.groupby("grouping")["n_trips"].sum() == len(served)).all()
    # Solutions differ by waiting alone.
    logistics = result.summary["solutions"]["logistics"]
    assert logistics["mean_extra_km"] == balanced["mean_extra_km"]
    assert logistics["mean_extra_min"] <= balanced["mean_extra_min"]


def test_utilisation_of_named_solutions_follows_from_sites(planned):
    _, result, _ = planned("null")
    sites = result.table("sites")
    for name, figures in result.summary["solutions"].items():
        own = sites[sites["solution_name"] == name]
        n_days = 2
        per_day = own["n_sessions_hpc"].sum() / (figures["n_hpc"] * n_days)
        assert figures["sessions_per_hpc_day"] == pytest.approx(per_day)
        per_day = own["n_sessions_lpc"].sum() / max(figures["n_lpc"] * n_days, 1)
        assert figures["sessions_per_lpc_day"] == pytest.approx(per_day)
        assert figures["highest_site_peak_kw"] == own["peak_power_kw"].max()
        energy_mwh = figures["energy_hpc_mwh"] + figures["energy_lpc_mwh"]
        assert own["energy_mwh"].sum() == pytest.approx(energy_mwh)


@pytest.mark.parametrize(
    ("settings", "stage", "after", "kept"),
    [
        ("{iterations: 4}", "Replanning", 2, None),
        ("{iterations: 4}", "Measuring the plans", 1, "Replanning"),
        (
            "{iterations: 4, in_optimization: true, max_rounds: 2, round_tolerance: 0}",
            "Searching the front, round 2",
            2,
            "Replanning, round 2",
        ),
    ],
)
def test_a_run_killed_while_trucks_learn_goes_on_to_the_same_bytes(
    planned, tmp_path, settings, stage, after, kept
):
    path, whole, reports = planned(settings)
    assert kept is None or reports[kept] > 0
    broken = tmp_path / "broken"
    with pytest.raises(StoppedError):
        run(path, out=broken, progress=Watching(stage, after))
    watching = Watching()
    result = run(path, out=broken, resume=True, progress=watching)
    assert kept is None or watching.reports[kept] == 0
    assert result.summary == whole.summary
    for name in (f"{schema.name}.parquet" for schema in FILE_SCHEMAS):
        assert (result.folder / name).read_bytes() == (whole.folder / name).read_bytes()

"""Which runs there are, which are kept, and when there are more."""

from __future__ import annotations

import pytest

from planner.sweeping.schedule import Schedule


class Noting:
    def __init__(self):
        self.wanted_names, self.kept_names = [], []

    def wanted(self, runs):
        self.wanted_names += [run.name for run in runs]

    def kept(self, run):
        self.kept_names.append(run.name)


@pytest.fixture
def schedule_of(sweep_of, pretended, tmp_path):
    def make(**settings):
        listener = Noting()
        return Schedule(sweep_of(**settings), tmp_path, listener), listener

    return make


def do_all(schedule, pretended):
    n_done = 0
    while schedule.to_do:
        run = schedule.to_do.popleft()
        pretended.add(run.name)
        schedule.settle(run)
        n_done += 1
    return n_done


def test_every_replication_of_every_combination_is_to_do(schedule_of):
    schedule, listener = schedule_of()
    assert len(schedule.to_do) == len(schedule.runs) == 4 * 3
    assert listener.wanted_names == [run.name for run in schedule.runs]
    folders = {run.folder for run in schedule.runs}
    assert len(folders) == 12


def test_the_largest_fleets_come_first(schedule_of):
    schedule, _ = schedule_of()
    shares = [run.scenario.demand.electrification_share for run in schedule.to_do]
    assert shares == sorted(shares, reverse=True)


def test_runs_that_are_complete_are_kept(schedule_of, pretended):
    pretended.add("electrification_share=0.05_network=policy/replication-2")
    schedule, listener = schedule_of()
    assert listener.kept_names == list(pretended)
    assert len(schedule.to_do) == 11


def test_replications_go_on_until_the_interval_is_narrow(schedule_of, pretended):
    rule = "replicate_until: {mean_wait_interval_min: 0.6, at_most: 12}"
    schedule, _ = schedule_of(more=rule)
    assert schedule.n_at_most == 4 * 12
    n_done = do_all(schedule, pretended)
    assert n_done == len(schedule.runs)
    assert 4 * 3 < n_done <= 4 * 12
    # The same draws of the demand: all combinations stop at the same replication here.
    per_variant = {run.variant.label: run.number for run in schedule.runs}
    assert len(set(per_variant.values())) == 1


def test_the_number_of_replications_does_not_depend_on_what_was_done_before(schedule_of, pretended):
    rule = "replicate_until: {mean_wait_interval_min: 0.6, at_most: 12}"
    first, _ = schedule_of(more=rule)
    do_all(first, pretended)
    again, listener = schedule_of(more=rule)
    assert not again.to_do
    assert [run.name for run in again.runs] == [run.name for run in first.runs]
    assert len(listener.kept_names) == len(first.runs)


def test_a_combination_with_a_fault_is_not_replicated_further(schedule_of, pretended):
    rule = "replicate_until: {mean_wait_interval_min: 0.001, at_most: 12}"
    schedule, _ = schedule_of(more=rule)
    while schedule.to_do:
        run = schedule.to_do.popleft()
        pretended.add(run.name)
        is_wrong = run.variant.label.endswith("extended") and run.number == 2
        schedule.settle(run, "out of memory" if is_wrong else "")
    n_runs = {run.variant.label: run.number for run in schedule.runs}
    assert [n_runs[label] for label in n_runs if label.endswith("extended")] == [3, 3]
    assert [n_runs[label] for label in n_runs if label.endswith("policy")] == [12, 12]
    assert len(schedule.faults) == 2

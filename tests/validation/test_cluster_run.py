"""A plan whose stops are planned by processes of a cluster, one of which is killed on the way."""

from __future__ import annotations

import logging
import os
import signal
from contextlib import contextmanager

import pytest
from distributed import Client, LocalCluster

from planner.errors import ClusterError
from planner.plan.cluster_stops import ClusterWorkers
from planner.routing import partitions
from planner.studies import run
from tests.small_study import write_study

pytestmark = pytest.mark.proof

N_TRIPS = 50


@pytest.fixture(scope="module")
def plain_run(tmp_path_factory):
    """The small study, planned by one process."""
    folder = tmp_path_factory.mktemp("plain")
    return run(write_study(folder) / "study.yaml", out=folder / "run")


@pytest.fixture(scope="module")
def address():
    """Scheduler with two worker processes of this machine."""
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        memory_limit=None,
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    ) as cluster:
        yield cluster.scheduler_address


class Killing:
    """Listener that kills a worker once some partitions are planned."""

    def __init__(self, address):
        self.address = address
        self.killed = []
        self.shares = []

    @contextmanager
    def stage(self, name):
        def advance(done, total):
            self.shares.append(done / total)
            if not self.killed:
                with Client(self.address, set_as_default=False) as client:
                    pids = client.run(os.getpid)
                worker, pid = min(pids.items())
                self.killed.append(worker)
                os.kill(pid, signal.SIGKILL)

        yield advance if name == "Planning stops" else lambda *_: None


def test_the_result_is_that_of_one_process_though_a_worker_is_killed(
    address, plain_run, tmp_path, monkeypatch
):
    monkeypatch.setattr(partitions, "MOST_TRIPS", N_TRIPS)
    killing = Killing(address)
    study = plain_run.folder.parent / "study.yaml"
    done = run(study, out=tmp_path / "run", cluster=address, progress=killing)
    assert killing.killed
    assert killing.shares == sorted(killing.shares)
    assert killing.shares[-1] == 1.0
    assert len(killing.shares) >= 4
    for table in plain_run.folder.glob("*.parquet"):
        assert (done.folder / table.name).read_bytes() == table.read_bytes(), table.name


def test_rounds_before_a_run_and_further_draws_are_planned_by_the_cluster_to_the_same_bytes(
    address, tmp_path, monkeypatch
):
    monkeypatch.setattr(partitions, "MOST_TRIPS", N_TRIPS)
    study = write_study(tmp_path) / "study.yaml"
    text = study.read_text().replace("max_generations: 15", "max_generations: 4")
    soc = "initial_soc: {source: warm_up, full_share: 0.5}"
    text = text.replace("days: [mon, tue]", f"days: [mon, tue]\n  {soc}")
    study.write_text(f"{text}\nreplications: 2\n")
    here = run(study, out=tmp_path / "here")
    asked = []
    plan = ClusterWorkers.__call__

    def counted(workers, parted, to_do, progress):
        asked.append(len(to_do))
        return plan(workers, parted, to_do, progress)

    monkeypatch.setattr(ClusterWorkers, "__call__", counted)
    there = run(study, out=tmp_path / "there", cluster=address)
    assert len(asked) >= 3  # a round, the run's own, a draw
    assert min(asked) > 1
    assert len(here.summary["draws"]["seeds"]) == 2
    assert there.summary == here.summary
    for table in here.folder.glob("*.parquet"):
        assert (there.folder / table.name).read_bytes() == table.read_bytes(), table.name


def test_workers_with_other_code_are_refused_by_name(address, plain_run, tmp_path, monkeypatch):
    monkeypatch.setattr("planner.runs.cluster.sources_sha256", lambda _: "another")
    study = plain_run.folder.parent / "study.yaml"
    with pytest.raises(ClusterError, match=r"worker tcp://\S+: expected planner \S+ \(another\)"):
        run(study, out=tmp_path / "run", cluster=address)
    assert not (tmp_path / "run").exists()

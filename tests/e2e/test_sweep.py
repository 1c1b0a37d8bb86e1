"""A sweep as its users run it: on one machine and on a cluster, killed and gone on with."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pytest
from distributed import Client
from typer.testing import CliRunner

from planner.cli import app
from planner.errors import ClusterError, RunDirectoryError, SweepError
from planner.plan.schemas import FILE_SCHEMAS
from planner.runs.manifests import work_beside
from planner.runs.noted_progress import noted_progress
from planner.sweeping.sweep import run_sweep

if TYPE_CHECKING:
    from pathlib import Path

    from planner.runs.noted_progress import HowFar

pytestmark = pytest.mark.slow  # workers are processes that import all of the planner

SWEEP = """\
name: small-sweep
base: {base}
fixed: {{optimization.max_generations: {generations}}}
axes:
  demand.electrification_share: [0.25, 0.5]
replications: 2
"""
TABLES = ["sweep.csv", "sweep.parquet", "sweep_summary.csv", "sweep_differences.csv"]
RUN_TABLES = [f"{schema.name}.parquet" for schema in FILE_SCHEMAS]
SECONDS_TO_WAIT = 300


def sweep_file(folder, name="sweep.yaml", generations=15):
    path = folder / name
    text = SWEEP.format(base=folder / "study.yaml", generations=generations)
    path.write_text(text, encoding="utf-8")
    return path


def all_bytes(folder):
    runs = sorted((folder / "runs").glob("*/replication-*"))
    return {name: (folder / name).read_bytes() for name in TABLES} | {
        f"{run.relative_to(folder)}/{name}": (run / name).read_bytes()
        for run in runs
        for name in RUN_TABLES
    }


class Watching:
    """Listener that takes note, and calls something at the first event of a stage."""

    def __init__(self, stage="", then=None):
        self._stage, self._then = stage, then
        self.names, self.kept_runs, self.done = [], [], []
        self.has_written = False

    def wanted(self, runs):
        self.names += [run.name for run in runs]

    def kept(self, run):
        self.kept_runs.append(run.name)

    def stage(self, run_name, stage, share):
        if stage == self._stage and self._then is not None:
            then, self._then = self._then, None
            then(run_name)

    def finished(self, run, seconds):
        self.done.append(run.name)

    def failed(self, run, fault):
        self.done.append(fault)

    def writing(self):
        self.has_written = True


class Killed(NamedTuple):
    """A sweep that was killed in its second run, then gone on with."""

    folder: Path
    first_done: dict[Path, int]
    had_table: bool
    told: HowFar | None
    process_id: int
    watching: Watching


@pytest.fixture(scope="module")
def killed(shared_study_folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("killed") / "out"
    program = "import sys; from planner.cli import main; sys.argv[0] = 'planner'; main()"
    command = [sys.executable, "-c", program, "sweep", str(sweep_file(shared_study_folder))]
    with subprocess.Popen(
        [*command, "--workers", "1", "--out", str(out)],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        until(lambda: run_times(out), "a run is finished")
        until(lambda: list(out.glob("runs/*/.*.partial/stages/*")), "the next is on its way")
        told = noted_progress(work_beside(out))
        process.kill()
    first_done, had_table = run_times(out), (out / "sweep.csv").exists()
    until(lambda: not alive(process.pid), "its workers are gone")
    watching = Watching()
    run_sweep(sweep_file(shared_study_folder), out=out, workers=2, listener=watching)
    return Killed(out, first_done, had_table, told, process.pid, watching)


def run_times(folder):
    return {path: path.stat().st_mtime_ns for path in folder.glob("runs/*/replication-*/run.json")}


@pytest.fixture(scope="module")
def finished(killed):
    return killed.folder


def test_killed_and_gone_on_with_it_keeps_the_runs_that_are_done(killed):
    told, first_done = killed.told, killed.first_done
    assert (told.stage, told.total) == ("Runs of the sweep", 4)
    assert told.process_id == killed.process_id
    assert 0 < len(first_done) < 4
    assert not killed.had_table
    assert len(killed.watching.kept_runs) == len(first_done)
    assert first_done.items() <= run_times(killed.folder).items()


def test_a_run_of_a_sweep_is_that_of_its_scenario_to_the_byte(finished, plain_run):
    of_sweep = finished / "runs" / "electrification_share=0.5" / "replication-1"
    for name in RUN_TABLES:
        assert (of_sweep / name).read_bytes() == (plain_run.folder / name).read_bytes(), name


def test_a_sweep_leaves_a_row_per_run_and_named_solution(finished):
    table = pd.read_csv(finished / "sweep.csv")
    assert len(table) == 2 * 2 * 5
    assert set(table["demand.electrification_share"]) == {0.25, 0.5}
    assert set(table["seed"]) == {3, 4}
    for row in table.to_dict("records"):
        run = finished / row["run"]
        front = pd.read_parquet(run / "front.parquet")
        assert row["n_hpc"] == front["n_hpc"][row["solution"]]
        assert row["mean_wait_min"] == pytest.approx(front["mean_wait_min"][row["solution"]])
        figures = json.loads((run / "run.json").read_text())["summary"]["solutions"]
        assert row["n_hpc"] == figures[row["solution_name"]]["n_hpc"]
    pd.testing.assert_frame_equal(pd.read_parquet(finished / "sweep.parquet"), table)


def test_the_summary_holds_means_and_intervals_of_the_runs(finished):
    table = pd.read_csv(finished / "sweep.csv")
    summary = pd.read_csv(finished / "sweep_summary.csv")
    assert len(summary) == 2 * 5
    row = summary.iloc[2]
    runs = table[
        (table["scenario"] == row["scenario"]) & (table["solution_name"] == row["solution_name"])
    ]
    assert row["n_replications"] == 2
    assert row["n_hpc"] == pytest.approx(runs["n_hpc"].mean())
    half = 12.7062 * runs["n_hpc"].std() / np.sqrt(2)  # Student's t, one degree of freedom
    assert row["n_hpc_high"] == pytest.approx(row["n_hpc"] + half, rel=1e-4)


def test_a_sweep_is_shown_as_a_page_and_pictures(finished):
    page = (finished / "sweep.html").read_text()
    assert "Balanced plans" in page
    assert (finished / "sweep.svg").read_text().startswith("<svg")
    assert (finished / "sweep.png").read_bytes().startswith(b"\x89PNG")


def test_a_finished_sweep_is_not_done_again(finished, shared_study_folder):
    before = all_bytes(finished)
    watching = Watching()
    run_sweep(sweep_file(shared_study_folder), out=finished, listener=watching)
    assert watching.kept_runs == watching.names
    assert watching.done == []
    assert not watching.has_written
    assert all_bytes(finished) == before


def test_the_command_of_a_sweep_ends_by_saying_where_its_page_is(finished, shared_study_folder):
    said = CliRunner().invoke(
        app, ["sweep", str(sweep_file(shared_study_folder)), "--out", str(finished)]
    )
    assert said.exit_code == 0, said.output
    assert "sweep.html" in said.output


@pytest.mark.parametrize("name", ["figures/levels.svg", "sweep.json"])
def test_results_that_are_gone_are_written_again_from_the_runs(finished, shared_study_folder, name):
    before = all_bytes(finished)
    (finished / name).unlink()
    watching = Watching()
    if name == "sweep.json":
        (finished / name).write_text("{}")
    run_sweep(sweep_file(shared_study_folder), out=finished, listener=watching)
    assert watching.done == []
    assert watching.has_written
    assert all_bytes(finished) == before


def test_a_cluster_that_loses_a_worker_gives_the_bytes_of_a_machine_that_was_killed(
    finished, shared_study_folder, tmp_path
):
    out = shutil.copytree(finished, tmp_path / "out")
    for folder in out.glob("runs/*=0.25/*"):
        shutil.rmtree(folder)
    with cluster_of(2, tmp_path) as (address, client):
        pid_of = client.run(os.getpid)

        def kill_the_worker_on(run_name):
            busy = client.processing()
            on_it = [
                worker for worker, keys in busy.items() if any("plan_run" in str(k) for k in keys)
            ]
            os.kill(pid_of[on_it[0]], signal.SIGKILL)

        watching = Watching("Planning stops", kill_the_worker_on)
        run_sweep(sweep_file(shared_study_folder), out=out, cluster=address, listener=watching)
        assert len(client.nthreads()) == 1
    assert len(watching.done) == len(watching.kept_runs) == 2
    assert sorted(watching.done + watching.kept_runs) == sorted(watching.names)
    assert all_bytes(out) == all_bytes(finished)


def test_runs_that_fail_are_told_and_the_others_are_kept(shared_study_folder, tmp_path):
    path = tmp_path / "sweep.yaml"
    path.write_text(
        f"name: half-wrong\nbase: {shared_study_folder / 'study.yaml'}\n"
        "axes: {demand.min_distance_km: [200, 3000]}\n",
        encoding="utf-8",
    )
    with pytest.raises(SweepError, match="1 of 2 runs failed; 1 are done") as error:
        run_sweep(path, out=tmp_path / "out", workers=1)
    assert "min_distance_km=3000/replication-1: " in str(error.value)
    assert "flows.csv: left out: OD pairs shorter than 3,000 km (12," in str(error.value)
    assert (tmp_path / "out" / "runs" / "min_distance_km=200" / "replication-1").is_dir()
    assert not (tmp_path / "out" / "sweep.csv").exists()


def test_a_foreign_folder_is_not_written_into(shared_study_folder, tmp_path):
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RunDirectoryError, match="not a sweep"):
        run_sweep(sweep_file(shared_study_folder), out=tmp_path)


def test_a_cluster_that_is_not_there_is_named(shared_study_folder, tmp_path, monkeypatch):
    monkeypatch.setattr("planner.runs.cluster._SECONDS_TO_CONNECT", 1)
    with pytest.raises(ClusterError, match=r"tcp://127\.0\.0\.1:1: expected a running dask"):
        run_sweep(
            sweep_file(shared_study_folder), out=tmp_path / "out", cluster="tcp://127.0.0.1:1"
        )


@contextmanager
def cluster_of(n_workers, folder):
    """A scheduler and workers, each a process of its own as on a cluster."""
    connection = folder / "scheduler.json"
    common = ["--scheduler-file", str(connection), "--no-dashboard"]
    scheduler = [*common, "--host", "127.0.0.1", "--port", "0"]
    worker = [*common, "--nthreads", "1", "--no-nanny", "--local-directory", str(folder)]
    processes = [dask_process("scheduler", scheduler)]
    try:
        until(connection.exists, "the scheduler runs")
        processes += [dask_process("worker", worker) for _ in range(n_workers)]
        address = json.loads(connection.read_text())["address"]
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(n_workers, timeout=SECONDS_TO_WAIT)
            yield address, client
    finally:
        for process in processes:
            process.kill()
            process.wait()


def dask_process(what, arguments):
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def until(is_so, what):
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)


def alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True

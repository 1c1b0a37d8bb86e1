"""One table that tells how far a sweep is."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from planner.sweeping.progress_table import LiveProgress, PlainProgress
from planner.sweeping.schedule import Schedule


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=110, height=30)


def rendered(progress, console):
    with console.capture() as capture:
        console.print(progress.table())
    return capture.get()


def test_the_table_follows_the_runs(sweep_of, pretended, tmp_path, console):
    progress = LiveProgress(console)
    schedule = Schedule(sweep_of(), tmp_path, progress)
    assert "0/3" in rendered(progress, console)
    assert "0 of 12 runs done" in rendered(progress, console)

    first, second, third, *_ = schedule.to_do
    progress.stage(first.name, "Planning stops", 0.5)
    progress.stage(second.name, "Searching the front", 0.1)
    shown = rendered(progress, console)
    assert "Planning stops" in shown
    assert "Searching the front" in shown
    assert "2 running" in shown

    progress.finished(first, 61.0)
    progress.stage(first.name, "Writing results", 1.0)  # an event that comes late
    progress.failed(third, "out of memory")
    shown = rendered(progress, console)
    assert "Planning stops" not in shown
    assert "Writing results" not in shown
    assert "2 of 12 runs done" in shown
    assert "left" in shown


def test_a_table_that_does_not_fit_shows_what_runs(sweep_of, pretended, tmp_path):
    console = Console(file=io.StringIO(), width=110, height=7)
    progress = LiveProgress(console)
    schedule = Schedule(sweep_of(), tmp_path, progress)
    last = schedule.runs[-1]
    progress.stage(last.name, "Planning stops", 0.5)
    shown = rendered(progress, console)
    assert "Planning stops" in shown
    assert "1 not shown" in shown


def test_elsewhere_a_line_per_run(sweep_of, pretended, tmp_path, console):
    pretended.add("electrification_share=0.05_network=policy/replication-1")
    with PlainProgress(console) as progress:
        schedule = Schedule(sweep_of(replications=1), tmp_path, progress)
        progress.finished(schedule.to_do[0], 12.0)
        progress.failed(schedule.to_do[1], "out of memory")
    lines = console.file.getvalue().splitlines()
    assert lines[0] == "[1/4] electrification_share=0.05_network=policy/replication-1: kept"
    assert lines[1].startswith("[2/4]")
    assert lines[1].endswith(": 12 s")
    assert lines[2].endswith("failed: out of memory")

"""Two processes that are told to write the same folder."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager

import pytest

from planner.cli import main

STUDY = """\
import sys
from contextlib import contextmanager
import planner

class Standing:
    @contextmanager
    def stage(self, name):
        if name == "Planning stops":
            print("begun", flush=True)
            sys.stdin.read()
        yield lambda done, total: None

planner.run(sys.argv[1], out=__import__("pathlib").Path(sys.argv[2]), progress=Standing())
"""

SWEEP = """\
import sys
from pathlib import Path
from planner.sweeping.sweep import run_sweep

class Standing:
    def wanted(self, runs):
        print("begun", flush=True)
        sys.stdin.read()

run_sweep(sys.argv[1], out=Path(sys.argv[2]), listener=Standing())
"""


@contextmanager
def process_at_work(program, *arguments):
    """Another process that has begun and stands still until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout.readline() == "begun\n"
            yield
        finally:
            process.kill()


def command(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["planner", *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code


def test_a_second_run_is_refused_until_the_first_is_gone(study_folder, monkeypatch, capfd):
    path, out = study_folder / "study.yaml", study_folder / "out"
    path.write_text(path.read_text().replace("generations: 15", "generations: 3"))
    with process_at_work(STUDY, path, out):
        assert command(monkeypatch, "run", path, "--out", out) == 2
        said = capfd.readouterr().err
        assert "another planner is at work in it" in " ".join(said.split())
        assert "Traceback" not in said
        assert list(study_folder.glob(".out.partial/stages"))  # the first one's
    # Killed at work: the folder is free, and its work of use.
    assert command(monkeypatch, "run", path, "--out", out, "--resume") == 0
    assert not list(study_folder.glob(".*"))


def test_a_second_sweep_is_refused(study_folder, monkeypatch, capfd):
    path, out = study_folder / "sweep.yaml", study_folder / "out"
    path.write_text(
        "name: two\nbase: study.yaml\naxes: {demand.electrification_share: [0.2, 0.4]}\n"
    )
    with process_at_work(SWEEP, path, out):
        before = sorted(study_folder.rglob("*"))
        assert command(monkeypatch, "sweep", path, "--out", out) == 2
        said = " ".join(capfd.readouterr().err.split())
        assert "another planner is at work in it" in said
        assert sorted(study_folder.rglob("*")) == before

"""What the command line makes of a user's wish to stop."""

from __future__ import annotations

import subprocess
import sys

import pytest

from planner import __version__, cli
from planner.scenario import any_study


def test_an_interrupted_command_says_how_to_go_on(monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(any_study, "load_study", interrupted)
    monkeypatch.setattr(sys, "argv", ["planner", "run", "germany-10"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 130
    assert "The same command with --resume resumes it" in capsys.readouterr().err


def test_the_package_runs_as_the_command_does():
    command = [sys.executable, "-m", "planner"]
    asked = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
    assert asked.stdout == f"planner {__version__}\n"
    refused = subprocess.run([*command, "run", "none"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "the file does not exist" in refused.stderr
    assert "Traceback" not in refused.stderr

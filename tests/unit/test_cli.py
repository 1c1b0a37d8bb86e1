"""What the command line makes of a user's wish to stop."""

from __future__ import annotations

import sys

import pytest

from planner import cli
from planner.commands import studies


def test_an_interrupted_command_says_how_to_go_on(monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(studies, "load_scenario", interrupted)
    monkeypatch.setattr(sys, "argv", ["planner", "run", "germany-10"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 130
    assert "The same command goes on here" in capsys.readouterr().err

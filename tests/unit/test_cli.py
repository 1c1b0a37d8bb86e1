"""What the command line makes of a user's wish to stop."""

from __future__ import annotations

import subprocess
import sys

import pytest

from planner import __version__, cli
from planner.runs.asked_threads import refuse_wrong_threads
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


@pytest.mark.skipif(sys.platform == "win32", reason="no shell there closes a stream")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_command_goes_on_where_standard_streams_are_closed(closed):
    """Python has no such stream then: what was to be said went into an error at its end."""
    as_asked = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "planner"]
    for words, code in ((["--version"], 0), (["show", "none"], 2)):
        ended = subprocess.run([*as_asked, *words], capture_output=True, text=True, check=False)
        assert ended.returncode == code
        assert "Traceback" not in ended.stderr


_ASKED_TO_STOP_AT = """
import os, signal, sys
from importlib.abc import MetaPathFinder

# what a shell starts in the background begins with interrupts ignored
signal.signal(signal.SIGINT, signal.default_int_handler)

class Stopping(MetaPathFinder):
    def find_spec(self, name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Stopping())
sys.argv = ["planner", "validate", "germany-10"]
from planner.__main__ import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no process there sends Ctrl-C to itself alone")
@pytest.mark.parametrize(
    ("module", "said"),
    [("planner.cli", "Interrupted.\n"), ("planner.studies.registry", "Interrupted. The same")],
)
def test_a_command_that_is_interrupted_while_it_imports_says_so_without_a_traceback(module, said):
    command = [sys.executable, "-c", _ASKED_TO_STOP_AT.format(module=module)]
    stopped = subprocess.run(command, capture_output=True, text=True, check=False)
    assert stopped.returncode == 130
    assert stopped.stderr.startswith(said)
    assert "Traceback" not in stopped.stderr


def test_an_interrupt_before_commands_begin_is_told_as_one_within_them(monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_run_app", interrupted)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 130
    assert capsys.readouterr().err.startswith("Interrupted.")


@pytest.mark.parametrize("found", ["0", "-1", "x", ""])
def test_a_wrong_number_of_threads_is_told_before_numba_fails_at_it(monkeypatch, capsys, found):
    monkeypatch.setenv("NUMBA_NUM_THREADS", found)
    monkeypatch.setattr(sys, "argv", ["planner", "validate", "germany-10"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2
    told = " ".join(capsys.readouterr().err.split())
    assert told.startswith(
        f"Error NUMBA_NUM_THREADS: expected a whole number of threads, 1 or more; found {found!r};"
    )


def test_a_number_of_threads_is_taken(monkeypatch):
    monkeypatch.setenv("NUMBA_NUM_THREADS", "1")
    refuse_wrong_threads()

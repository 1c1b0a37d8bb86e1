"""Ctrl-C that a library loses, makes a fault of its own of, or keeps waiting, ends a command."""

import subprocess
import sys

import pytest

_INTERRUPTED_IN = """
import os
import signal
import sys
from hashlib import pbkdf2_hmac
from threading import Timer

# what a shell starts in the background begins with interrupts ignored
signal.signal(signal.SIGINT, signal.default_int_handler)


def interrupt():
    os.kill(os.getpid(), signal.SIGINT)


class Losing:
    def __del__(self):  # Python passes nothing on from here
        interrupt()


def lose_one():
    Losing()


def make_another_fault_of_it():
    try:
        interrupt()
    except KeyboardInterrupt:
        raise RuntimeError("Error building `model` validator") from None


def keep_it_waiting():
    Timer(0.1, interrupt).start()
    pbkdf2_hmac("sha256", b"", b"", 2_000_000_000)  # half an hour and more in compiled code


from importlib.abc import MetaPathFinder


class Interrupting(MetaPathFinder):
    def find_spec(self, name, *_):
        if name == "planner.studies.plan_study":
            {deed}()


sys.meta_path.insert(0, Interrupting())
sys.argv = ["planner", "run", "germany-10", "--out", {out!r}]
from planner import interrupts
from planner.__main__ import main

interrupts.PATIENCE_S = {patience_s}
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no process there sends Ctrl-C to itself alone")
@pytest.mark.parametrize(
    ("deed", "patience_s"),
    [("lose_one", 600), ("make_another_fault_of_it", 600), ("keep_it_waiting", 0.2)],
)
def test_an_interrupt_that_a_library_does_not_pass_on_ends_the_command(deed, patience_s, tmp_path):
    out = tmp_path / "run"
    text = _INTERRUPTED_IN.format(deed=deed, out=str(out), patience_s=patience_s)
    stopped = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=False, timeout=60
    )
    assert stopped.returncode == 130
    assert stopped.stderr.startswith("Interrupted. The same command")
    assert not out.exists()

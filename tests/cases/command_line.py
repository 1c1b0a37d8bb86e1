"""Commands of the planner, run in this process: imports and kernels are paid once."""

import contextlib
import io
import os
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from planner import cli

_PEAK_RESET = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left behind.

    Parameters
    ----------
    code : int
        Exit code; 1 with the traceback in `complained` where it raised.
    said, complained : str
        Standard output and errors, every run of white space as one space.
    cpu_s : float
        CPU time of the process.
    memory_mb : float
        Highest memory beyond that at the beginning.
    """

    code: int
    said: str
    complained: str
    cpu_s: float
    memory_mb: float


def planner(*arguments):
    """Run a command as typed after ``planner``."""
    out, err = io.StringIO(), io.StringIO()
    typed, sys.argv = sys.argv, ["planner", *map(str, arguments)]
    before_mb = _restart_peak()
    since = time.process_time()
    code = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
    except SystemExit as left:
        code = left.code or 0
    except Exception:  # noqa: BLE001  # whatever it is, tests see it as a user would
        code = 1
        err.write(traceback.format_exc())
    finally:
        sys.argv = typed
    cpu_s = time.process_time() - since
    return Answer(code, _in_a_row(out), _in_a_row(err), cpu_s, _memory_mb("VmHWM") - before_mb)


def _in_a_row(stream):
    return " ".join(stream.getvalue().split())


def _restart_peak():
    """Let the system count the highest memory anew; what is in use now, in MB."""
    _PEAK_RESET.write_text("5")
    return _memory_mb("VmRSS")


def _memory_mb(name):
    line = next(row for row in _STATUS.read_text().splitlines() if row.startswith(name))
    return int(line.split()[1]) / 1024


def environment(**changed):
    """Variables of a process of its own."""
    return os.environ | changed

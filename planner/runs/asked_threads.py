"""How many threads the environment asks numba for, looked at before anything imports it."""

from __future__ import annotations

import os

from planner.errors import PlannerError, quoted
from planner.said import AsWritten, said

THREADS = "NUMBA_NUM_THREADS"


def refuse_wrong_threads() -> None:
    """Refuse a number of threads that numba would fail at, or complain of, when it is imported.

    Raises
    ------
    PlannerError
        If the variable of the environment is no whole number from 1 on.
    """
    given = os.environ.get(THREADS)
    if given is None:
        return
    try:
        is_right = int(given) >= 1
    except ValueError:
        is_right = False
    if not is_right:
        msg = said(
            "{variable}: expected a whole number of threads, 1 or more; found {found}; correct it, "
            "or unset it for as many threads as there are cores",
            variable=THREADS,
            found=AsWritten(quoted(given)),
        )
        raise PlannerError(msg)

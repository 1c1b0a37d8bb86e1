"""Ctrl-C, which ends a command also where a library loses it.

Python raises it wherever it is. Where that is code that compiled code calls, a library may lose it
or make a fault of its own of it, as that of pydantic does with both while a model is made. While
compiled code is at work, such as the search for the stops of a hard trip or a solver, Python hears
of it only when that is done, which may take minutes: such a process is ended from beside.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from types import FrameType

INTERRUPTED = 130
"""Exit code of a command that was interrupted."""

PATIENCE_S = 5.0
"""Seconds that an interrupted process may take to end in order."""


class _Interrupts:
    has_come = False


def mind_interrupts(say: Callable[[], None]) -> None:
    """Raise Ctrl-C as Python does from now on, and remember it.

    A process that has not ended :data:`PATIENCE_S` later is ended at once. What it leaves is what
    it would leave if it were killed, which every command can go on from.

    Parameters
    ----------
    say : callable
        Tells of the interruption where the process is ended at once.
    """
    import socket  # noqa: PLC0415  # slow: before it Ctrl-C is minded

    # Python's part in C writes here at once, whatever the main thread is busy with.
    told, heard = socket.socketpair()
    heard.setblocking(False)
    threading.Thread(target=_end_in_time, args=(told, say), daemon=True).start()
    signal.signal(signal.SIGINT, _raise_and_remember)
    signal.set_wakeup_fd(heard.detach(), warn_on_full_buffer=False)
    sys.unraisablehook = _say_nothing_of_interrupts


def is_interrupted() -> bool:
    """Whether Ctrl-C has come, whatever became of it."""
    return _Interrupts.has_come


def end_if_interrupted() -> None:
    """Raise a Ctrl-C that has come once more, if whoever should have passed it on did not.

    Nothing happens in threads beside the main one, which Python never interrupts.

    Raises
    ------
    KeyboardInterrupt
        If it has come.
    """
    if _Interrupts.has_come and threading.current_thread() is threading.main_thread():
        raise KeyboardInterrupt


def _end_in_time(told: socket.socket, say: Callable[[], None]) -> None:
    """Wait for Ctrl-C among the signals of which a socket tells, then for the end in order."""
    while numbers := told.recv(64):
        if signal.SIGINT in numbers:
            break
    else:  # closed: nothing is told any more
        return
    time.sleep(PATIENCE_S)
    try:
        say()
    finally:
        os._exit(INTERRUPTED)


def _raise_and_remember(_number: int, _frame: FrameType | None) -> None:
    _Interrupts.has_come = True
    raise KeyboardInterrupt


def _say_nothing_of_interrupts(lost: sys.UnraisableHookArgs) -> None:
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(lost)

"""Ctrl-C, which ends a command also where a library loses it.

Python raises it wherever it is. Where that is code that compiled code calls, a library may lose it
or make a fault of its own of it, as that of pydantic does with both while a model is made.
"""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

INTERRUPTED = 130
"""Exit code of a command that was interrupted."""


class _Interrupts:
    has_come = False


def mind_interrupts() -> None:
    """Raise Ctrl-C as Python does from now on, and remember it."""
    signal.signal(signal.SIGINT, _raise_and_remember)
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


def _raise_and_remember(_number: int, _frame: FrameType | None) -> None:
    _Interrupts.has_come = True
    raise KeyboardInterrupt


def _say_nothing_of_interrupts(lost: sys.UnraisableHookArgs) -> None:
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(lost)

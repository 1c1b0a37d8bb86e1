"""Where the command begins: as ``planner``, and as ``python -m planner`` without scripts.

Ctrl-C is minded before anything slow is imported. As long as nothing is begun there is nothing to
say of how to go on, and the imports need not be ended in order.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import Any, NoReturn

from planner.interrupts import INTERRUPTED, mind_interrupts

_LAST_OF_STANDARD = 2
"""Number of the last of input, output and errors."""


def main() -> None:
    """Run the command line, see :func:`planner.cli.main`."""
    _open_what_is_closed()
    # Where Ctrl-C is to be ignored, as by a shell's background commands, it stays so.
    is_minded = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_minded:
        signal.signal(signal.SIGINT, _end_at_once)
    from planner import cli  # noqa: PLC0415  # slow: the handler first

    if is_minded:
        mind_interrupts(cli.say_interrupted_at_work)
    cli.main()


def _open_what_is_closed() -> None:
    """Let standard streams lead nowhere that whoever began the process has closed (``>&-``).

    Python has none then, and the next files that are opened would be taken for them by others.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= _LAST_OF_STANDARD:
        os.set_inheritable(number, True)
    os.close(number)
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)


def _end_at_once(*_: Any) -> NoReturn:
    with suppress(OSError):
        os.write(2, b"Interrupted.\n")
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()

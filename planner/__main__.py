"""Where the command begins: as ``planner``, and as ``python -m planner`` without scripts.

Ctrl-C is minded before anything slow is imported. As long as nothing is begun there is nothing to
say of how to go on, and the imports need not be ended in order.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import Any, NoReturn

from planner.interrupts import INTERRUPTED, mind_interrupts


def main() -> None:
    """Run the command line, see :func:`planner.cli.main`."""
    # Where Ctrl-C is to be ignored, as by a shell's background commands, it stays so.
    is_minded = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_minded:
        signal.signal(signal.SIGINT, _end_at_once)
    from planner import cli  # noqa: PLC0415  # slow: the handler first

    if is_minded:
        mind_interrupts(cli.say_interrupted_at_work)
    cli.main()


def _end_at_once(*_: Any) -> NoReturn:
    with suppress(OSError):
        os.write(2, b"Interrupted.\n")
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()

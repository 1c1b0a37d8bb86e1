"""Memory that was freed, given back to the operating system."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def give_back_freed_memory() -> None:
    """Give back what the C library keeps of freed memory, where it can be asked for that.

    glibc keeps what threads free between blocks that are still in use: with all trucks of Germany
    0.4 of 1.4 GB when the plans are measured, 0.8 of 1.6 GB when only their tables are left.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    if sys.platform != "linux":
        return None
    import ctypes  # noqa: PLC0415  # `--help` has no use for it

    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):  # another C library
        return None
    return trim

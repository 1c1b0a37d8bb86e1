"""Freed memory goes back to the operating system."""

import os
import sys
from pathlib import Path

import numpy as np

from planner.runs.freed_memory import give_back_freed_memory

MB = 1e6


def resident_bytes():
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_what_is_freed_between_blocks_in_use_is_given_back():
    if sys.platform != "linux":
        give_back_freed_memory()  # and nothing happens
        return
    blocks = [np.ones(12_000) for _ in range(2_000)]
    in_use = blocks[::20]
    held = resident_bytes()
    del blocks
    give_back_freed_memory()
    assert resident_bytes() < held - 100 * MB
    assert sum(block.sum() for block in in_use) == 12_000 * len(in_use)

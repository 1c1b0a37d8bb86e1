"""How many processor cores kernels use."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numba

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def kernel_threads(workers: int | None) -> Iterator[None]:
    """Let kernels use so many threads, all by default, and as many as before afterwards."""
    before = numba.get_num_threads()
    numba.set_num_threads(min(workers or before, before))
    try:
        yield
    finally:
        numba.set_num_threads(before)

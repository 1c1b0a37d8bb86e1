"""How many processor cores kernels use, and threads that start some at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple

import numba
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_BLOCKS_PER_THREAD = 8
"""So that no thread waits long for the last."""


def in_blocks(fill: Callable[[int, int, *Ts], None], n_rows: int, *arguments: *Ts) -> None:
    """Let threads work on blocks of rows, side by side.

    Parameters
    ----------
    fill : callable
        Told the first row of a block and the one after its last, and the other arguments. It is or
        calls a kernel that lets go of Python's lock; ``prange`` in the kernel would do the same,
        and takes seconds to compile.
    """
    n_threads = numba.get_num_threads()
    bounds = np.unique(np.linspace(0, n_rows, _BLOCKS_PER_THREAD * n_threads + 1).astype(int))
    first, last = bounds[:-1].tolist(), bounds[1:].tolist()
    with ThreadPoolExecutor(n_threads) as threads:
        for _ in threads.map(lambda a, b: fill(a, b, *arguments), first, last):
            pass


def one_ahead(items: Iterator[T]) -> Iterator[T]:
    """Items one after another, each made by a thread beside while the one before is in use.

    Kernels use as many threads there as here.
    """
    n_threads = numba.get_num_threads()

    def following() -> list[T]:
        with kernel_threads(n_threads):
            return list(islice(items, 1))

    with ThreadPoolExecutor(1) as thread:
        made = thread.submit(following)
        while item := made.result():
            made = thread.submit(following)
            yield item[0]


def one_behind(items: Iterable[T], use: Callable[[T], object]) -> None:
    """Use items one after another in a thread beside, each while the next is made."""
    with ThreadPoolExecutor(1) as thread:
        used: Future[object] | None = None
        for item in items:
            if used is not None:
                used.result()
            used = thread.submit(use, item)
        if used is not None:
            used.result()


@contextmanager
def kernel_threads(workers: int | None) -> Iterator[None]:
    """Let kernels use so many threads, all by default, and as many as before afterwards."""
    before = numba.get_num_threads()
    numba.set_num_threads(min(workers or before, before))
    try:
        yield
    finally:
        numba.set_num_threads(before)

"""Which kernels are kept on the disk, for which arguments."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING

from numba.core.dispatcher import Dispatcher
from numba.core.registry import cpu_target

import planner

if TYPE_CHECKING:
    from collections.abc import Iterator


def all_kernels() -> Iterator[tuple[str, Dispatcher]]:
    """All kernels of the planner: ``module.function`` without the package, and the kernel."""
    for found in walk_packages(planner.__path__, "planner."):
        if found.name.endswith("_kernel"):
            for kernel in vars(import_module(found.name)).values():
                if isinstance(kernel, Dispatcher) and kernel.py_func.__module__ == found.name:
                    yield f"{found.name.partition('.')[2]}.{kernel.py_func.__qualname__}", kernel


def kept_kernels() -> set[tuple[str, str]]:
    """Names of kernels, and types of arguments for which their compiled form is kept."""
    codegen = cpu_target.target_context.codegen()
    kept = set()
    for name, kernel in all_kernels():
        for key in kernel._cache._cache_file._load_index():
            if key == kernel._cache._index_key(key[0], codegen):
                kept.add((name, ", ".join(map(str, key[0]))))
    return kept

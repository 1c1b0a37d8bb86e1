"""Kernels that only kernels call, called by Python for a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.runs.kernel_decorators import InnerKernel


def called(inner: InnerKernel) -> Callable[..., Any]:
    """A kernel that hands its arguments on to another, and its result back."""

    @njit
    def call(*arguments):
        return inner(*arguments)

    return call

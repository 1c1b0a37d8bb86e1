"""What compiles kernels and their parts: the planner's own way, or numba's where numba has changed.

The own way (:mod:`planner.runs.kernel_parts`) takes two thirds of the time, and names that numba
does not promise. Results are the same with either.
"""

from __future__ import annotations

from typing import Any

from numba.core.registry import CPUDispatcher


class _AnyDispatcher:
    """Nothing of its own: numba compiles a part as any other function."""


HAS_PARTS: bool
"""Whether what only kernels call is compiled with them alone."""
KERNEL_TARGET: Any
"""For what Python calls."""
PartDispatcher: Any
"""What makes a function a part."""

try:
    from planner.runs.kernel_parts import KERNEL_TARGET as _OURS
    from planner.runs.kernel_parts import PartDispatcher as _OurParts
except (ImportError, AttributeError, NameError, TypeError, ValueError):
    # What numba raises where its inner parts have changed.
    HAS_PARTS, KERNEL_TARGET, PartDispatcher = False, CPUDispatcher.targetdescr, _AnyDispatcher
else:
    HAS_PARTS, KERNEL_TARGET, PartDispatcher = True, _OURS, _OurParts

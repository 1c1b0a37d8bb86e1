"""What compiles kernels and their parts: the planner's own way, or numba's where numba has changed.

The own way (:mod:`planner.runs.kernel_parts`) takes two thirds of the time, and names that numba
does not promise. Results are the same with either.
"""

from __future__ import annotations

from numba.core.registry import CPUDispatcher

try:
    from planner.runs.kernel_parts import KERNEL_TARGET, PartDispatcher
except (ImportError, AttributeError, NameError, TypeError, ValueError):
    # What numba raises where its inner parts have changed.
    KERNEL_TARGET = CPUDispatcher.targetdescr

    class PartDispatcher:  # type: ignore[no-redef]
        """Nothing of its own: numba compiles a part as any other function."""

    HAS_PARTS = False
else:
    HAS_PARTS = True
"""Whether what only kernels call is compiled with them alone."""

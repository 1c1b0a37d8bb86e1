"""What numba must be told before anything imports it: where kernels are."""

from __future__ import annotations

import os
import sys

VARIABLE = "NUMBA_CACHE_LOCATOR_CLASSES"
_OURS = "planner.runs.kernel_locator.KernelsByContent"
_OF_OTHER_PACKAGES = "InTreeCacheLocator,UserWideCacheLocator,IPythonCacheLocator"


def find_kernels_by_content() -> None:
    """Let numba keep kernels by :class:`planner.runs.kernel_locator.KernelsByContent`.

    They lie in the package, or in ``NUMBA_CACHE_DIR`` where the user sets it. What other packages
    compile stays where numba keeps it. Numba is slow to import and need not be for this.
    """
    locators = os.environ.setdefault(VARIABLE, f"{_OURS},{_OF_OTHER_PACKAGES}")
    if "numba" in sys.modules:
        sys.modules["numba"].config.CACHE_LOCATOR_CLASSES = locators

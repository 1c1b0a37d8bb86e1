"""Where compiled kernels are kept: apart for every state of their sources and version of numba.

Numba decides by a kernel's own file whether its compiled form is current. It does not see changes
in the kernels that this one calls, and would go on running the old ones after an upgrade. What
another version of numba compiled it takes for nothing and writes over, so that two of them in turn
would compile everything each time.
"""

from __future__ import annotations

import os
import sys
from hashlib import blake2b
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE = "NUMBA_CACHE_DIR"


def kernel_digest(package: Path) -> str:
    """Digest of the sources of all kernels below a folder."""
    digest = blake2b(digest_size=8)
    for path in sorted(package.rglob("*_kernel.py")):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def keep_kernels_apart(package: Path) -> None:
    """Let numba keep the compiled kernels in a folder of their own for these sources.

    A ``NUMBA_CACHE_DIR`` set by the user stands. Where the folder cannot be written, numba looks
    for another place by itself.
    """
    if VARIABLE in os.environ:
        return
    folder = str(package / "__pycache__" / f"kernels-{kernel_digest(package)}-{version('numba')}")
    os.environ[VARIABLE] = folder
    if "numba" in sys.modules:
        sys.modules["numba"].config.CACHE_DIR = folder

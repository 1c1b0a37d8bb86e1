"""Where numba finds the compiled form of a kernel: by the text of its module and of all it calls.

Numba itself looks at a kernel's own file and at where it lies. It would run old code after a change
in what a kernel calls, and compile anew what only lies elsewhere, in a fresh clone or in a wheel.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import numba
from numba.core.caching import _CacheLocator
from numba.misc.appdirs import AppDirs

from planner.runs.sources import PACKAGE, sources_sha256

if TYPE_CHECKING:
    from collections.abc import Callable


class KernelsByContent(_CacheLocator):
    """Folder of a kernel, named by what its module and those that it imports contain.

    Numba makes one for each kernel.

    Parameters
    ----------
    kernel : callable
        Its Python function.
    root : pathlib.Path
        Folder of all compiled kernels.
    """

    def __init__(self, kernel: Callable[..., Any], root: Path) -> None:
        self._py_file = kernel.__code__.co_filename  # read by numba for its messages
        module = kernel.__module__
        self._sources = sources_sha256(module)
        self._folder = root / f"{module.rpartition('.')[2]}-{self._sources[:16]}"

    def get_cache_path(self) -> str:
        """Folder of the compiled form."""
        return str(self._folder)

    def get_source_stamp(self) -> str:
        """What its sources are known by in the index of the folder."""
        return self._sources

    def get_disambiguator(self) -> str:
        """Nothing: names of kernels differ within a module."""
        return ""

    @classmethod
    def from_function(cls, py_func: Callable[..., Any], py_file: str) -> KernelsByContent | None:
        """Locator of a kernel of the planner; None for other functions, and where none is kept."""
        root = folder_of_kernels() if Path(py_file).is_relative_to(PACKAGE) else None
        return cls(py_func, root) if root else None


@cache
def folder_of_kernels() -> Path | None:
    """Folder that can be written: the one named, the package's own, or the user's.

    Another version of numba takes what is there for nothing and writes over it: each has its own.
    """
    folder = os.environ.get("NUMBA_CACHE_DIR")
    named = [Path(folder)] if folder else []
    apps = AppDirs(appname="truck-charging-planner", appauthor=False)  # type: ignore[no-untyped-call]
    users = Path(apps.user_cache_dir)
    for place in (*named, PACKAGE / "__pycache__" / "kernels", users / "kernels"):
        root: Path = place / numba.__version__
        try:
            root.mkdir(parents=True, exist_ok=True)
            TemporaryFile(dir=root).close()
        except OSError:
            continue
        return root
    return None

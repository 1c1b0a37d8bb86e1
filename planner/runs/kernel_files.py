"""Files that hold the compiled forms of a kernel, one for each of the types of its arguments."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from numba.core.caching import FunctionCache, IndexDataCacheFile

if TYPE_CHECKING:
    from collections.abc import Iterator


class _FilesByTypes(IndexDataCacheFile):
    """An index of compiled forms, and a file for each, named by what the index knows it by.

    Numba numbers them. Two processes that compile a kernel for other types at the same time then
    take the same number, and one finds the code for the types of the other under its own.
    """

    def look_for_names(self) -> None:
        """Look for what saving takes of numba, before anything is to be saved."""
        _ = self._index_name, self._save_data, self._load_index, self._save_index

    def save(self, key: Any, data: Any) -> None:
        """Keep a compiled form."""
        by_types = sha256(repr(key).encode()).hexdigest()[:16]
        name = f"{self._index_name.removesuffix('.nbi')}.{by_types}.nbc"
        self._save_data(name, data)  # type: ignore[no-untyped-call]
        known: dict[Any, str] = self._load_index()  # type: ignore[no-untyped-call]
        self._save_index(known | {key: name})  # type: ignore[no-untyped-call]


class KernelFiles(FunctionCache):
    """What is kept of a kernel, in the folder of its locator.

    Parameters
    ----------
    py_func : callable
        Its Python function.

    Raises
    ------
    AttributeError, TypeError
        Where numba has changed its files: it promises none of the names used here.
    """

    def __init__(self, py_func: Any) -> None:
        super().__init__(py_func)  # type: ignore[no-untyped-call]
        self._cache_file = _FilesByTypes(  # type: ignore[no-untyped-call]
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=self._impl.locator.get_source_stamp(),
        )
        self._cache_file.look_for_names()
        _ = super()._guard_against_spurious_io_errors

    @contextmanager
    def _guard_against_spurious_io_errors(self) -> Iterator[None]:
        """Go on where nothing can be read or written, as on a full disk: nothing is kept then."""
        with suppress(OSError):
            yield

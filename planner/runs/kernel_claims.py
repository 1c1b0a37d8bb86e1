"""Processes that compile kernels for each other at the same time, each kernel by one of them."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDERS: list[Path] = []
"""Where this process claims kernels; that of the last context."""
_CLAIMED: set[str] = set()


@contextmanager
def folder_of_claims() -> Iterator[Path | None]:
    """A folder for processes to share kernels, for as long as the context lasts.

    None where none can be made, as on a full disk: each process then compiles for itself.
    """
    with ExitStack() as ends:
        folder = None
        with suppress(OSError):
            made = TemporaryDirectory(prefix="planner-", ignore_cleanup_errors=True)
            folder = Path(ends.enter_context(made))
        yield folder


def share_kernels(folder: Path | None) -> None:
    """Compile no kernel that another process with the same folder of claims compiles meanwhile.

    Parameters
    ----------
    folder : pathlib.Path, optional
        There for as long as any of the processes compiles. It may hold claims of processes that
        have ended, which are void. Without it nothing is shared.
    """
    if folder is not None:
        _FOLDERS.append(folder)


@contextmanager
def kernels_shared(folder: Path) -> Iterator[None]:
    """As :func:`share_kernels`, for as long as the context lasts."""
    share_kernels(folder)
    try:
        yield
    finally:
        _FOLDERS.remove(folder)


@contextmanager
def claimed(kernel: str) -> Iterator[None]:
    """Keep other processes from compiling a kernel; waits for one that is at it.

    A kernel is claimed before those that it calls, in all processes: none waits for one that waits
    for it. Claims of a process that ends are void. Where no file can be locked, as on a full disk,
    nothing is claimed. Not for more than one thread at a time.

    Parameters
    ----------
    kernel : str
        Its name and the types of its arguments.
    """
    if not _FOLDERS or kernel in _CLAIMED:
        yield
        return
    from filelock import FileLock  # noqa: PLC0415  # a tenth of a second of imports, rarely needed

    name = sha256(kernel.encode()).hexdigest()[:32]
    _CLAIMED.add(kernel)
    try:
        with ExitStack() as held:
            with suppress(OSError, NotImplementedError):
                held.enter_context(FileLock(_FOLDERS[-1] / f"{name}.lock"))
            yield
    finally:
        _CLAIMED.remove(kernel)

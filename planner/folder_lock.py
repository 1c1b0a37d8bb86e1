"""One process at a time in a folder of results."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from planner.errors import RunDirectoryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def locked(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Keep other processes out of a folder for as long as the context lasts.

    Parameters
    ----------
    folder : pathlib.Path
        The folder; it need not be there yet. The lock is a file beside it, which the operating
        system frees however the process ends.
    wait : bool
        Wait until another process is done with the folder, instead of giving up at once.

    Raises
    ------
    RunDirectoryError
        If another process is at work there, or the place cannot be written.
    """
    path = folder.parent / f".{folder.name}.lock"
    lock = FileLock(path)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=-1 if wait else 0)
    except Timeout as error:
        if not path.exists():
            msg = f"{folder}: cannot be written; choose another --out"
            raise RunDirectoryError(msg) from error
        msg = (
            f"{folder}: another planner is at work in it; wait until it has ended, "
            "or choose another --out"
        )
        raise RunDirectoryError(msg) from error
    except OSError as error:
        msg = f"{folder}: cannot be written ({error.strerror}); choose another --out"
        raise RunDirectoryError(msg) from error
    try:
        yield
    finally:
        # Who waits for a file that is gone looks for a new one; so nothing is left behind.
        path.unlink(missing_ok=True)
        lock.release()

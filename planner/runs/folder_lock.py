"""One process at a time in a folder of results."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from planner.errors import CannotWriteError, RunDirectoryError
from planner.runs.disk_faults import cannot_write, cause_of
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def lock_file(folder: Path, *, inside: bool) -> Path:
    """The file that stands for a lock on a folder: beside it, or in it."""
    return folder / ".planner.lock" if inside else folder.parent / f".{folder.name}.lock"


@contextmanager
def locked(folder: Path, *, wait: bool = False, at: Path | None = None) -> Iterator[None]:
    """Keep other processes out of a folder for as long as the context lasts.

    Parameters
    ----------
    folder : pathlib.Path
        The folder; it need not be there yet. The lock is a file beside it, which the operating
        system frees however the process ends.
    wait : bool
        Wait until another process is done with the folder, instead of giving up at once.
    at : pathlib.Path, optional
        File of the lock; see :func:`lock_file`. Beside the folder by default.

    Raises
    ------
    RunDirectoryError
        If another process is at work there, or the place cannot be written.
    """
    path = lock_file(folder, inside=False) if at is None else at
    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=-1 if wait else 0)
    except Timeout as error:
        if not path.exists():
            msg = said("{folder}: cannot be written; choose another --out", folder=str(folder))
            raise RunDirectoryError(msg) from error
        msg = said(
            "{folder}: another planner is at work in it; wait until it has ended, or choose "
            "another --out",
            folder=str(folder),
        )
        raise RunDirectoryError(msg) from error
    except OSError as error:
        msg = cannot_write(folder, cause_of(error), "choose another --out")
        raise CannotWriteError(msg) from error
    try:
        yield
    finally:
        # Who waits for a file that is gone looks for a new one; so nothing is left behind.
        with suppress(OSError):
            path.unlink(missing_ok=True)
        lock.release()

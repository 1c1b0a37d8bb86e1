"""What the operating system says against writing, as one sentence for whoever runs the planner."""

from __future__ import annotations

import errno
import sqlite3
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from planner.errors import CannotWriteError
from planner.said import Said, said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PROBE_BYTES = 1 << 20
_CAUSES = {
    errno.ENOSPC: "no room left on its disk",
    errno.EDQUOT: "the quota on its disk is used up",
    errno.EFBIG: "a file would be larger than may be written there, see ulimit -f",
    errno.EROFS: "its disk is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EIO: "its disk answers with errors",
    errno.ESTALE: "its drive is no longer connected",
    errno.ENODEV: "its drive is no longer connected",
    errno.ENOTCONN: "its drive is no longer connected",
    errno.ELOOP: "a link that leads back to itself",
    errno.ENAMETOOLONG: "its path is too long",
    errno.ENOENT: "gone: removed meanwhile, or on a drive that was",
    errno.ENOTDIR: "a part of its path is a file",
    errno.EEXIST: "a part of its path is a file",
}
_SQLITE_CAUSES = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}
_PRIMARY_CODE = 0xFF
"""Of SQLite's codes, the lower eight bits; the others say more on the same."""


def is_known(error: OSError) -> bool:
    """Whether an error says that a place cannot be written."""
    return error.errno in _CAUSES


def is_of_full_disk(error: OSError) -> bool:
    """Whether an error can only come of writing: no room, or a disk that takes nothing."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


def cause_of(error: OSError) -> str:
    """What stands against writing."""
    known = _CAUSES.get(error.errno or 0)
    return known or f"{error.strerror or error}"


def cannot_write(where: Path, cause: str, remedy: str) -> Said:
    """Say what stands against writing, and what to do."""
    told = "{where}: cannot be written ({cause}); {remedy}"
    return said(told, where=str(where), cause=cause, remedy=remedy)


@contextmanager
def told_of(where: Path, remedy: str) -> Iterator[None]:
    """Turn what the operating system says against writing into one message.

    Parameters
    ----------
    where : pathlib.Path
        What is being written, as the user knows it.
    remedy : str
        What to do.

    Raises
    ------
    CannotWriteError
        In place of an :class:`OSError`.
    """
    try:
        yield
    except OSError as error:
        msg = cannot_write(where, cause_of(error), remedy)
        raise CannotWriteError(msg) from error


@contextmanager
def plain_errors(folder: Path) -> Iterator[None]:
    """Let a library's error that hides one of the operating system be the latter.

    GDAL and SQLite tell of a full disk in words of their own ("Failed to commit transaction").
    Whether it was the disk shows in writing a little to the same folder.

    Parameters
    ----------
    folder : pathlib.Path
        Where the library writes.

    Raises
    ------
    OSError
        If the folder can take no more; any other error stays as it is.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = _SQLITE_CAUSES.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE)
        _probe(folder, error)
        if code is not None:
            raise OSError(code, str(error), str(folder)) from error
        raise
    except RuntimeError as error:  # all of pyogrio's errors are
        _probe(folder, error)
        raise


def _probe(folder: Path, error: Exception) -> None:
    """Write a little to a folder, for the error that comes of it."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".probe-") as stream:
            stream.write(bytes(_PROBE_BYTES))
            stream.flush()
    except OSError as cause:
        raise cause from error

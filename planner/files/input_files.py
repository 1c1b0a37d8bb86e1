"""The one door through which files that come from elsewhere are opened.

A path in a scenario can name anything that the system calls a file: a device that never ends, a
pipe on which reading waits for ever, a folder. Only regular files of bounded size are let in.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, BinaryIO

from planner.errors import InputDataError
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

    from planner.files.bounds import FileBounds

_NOT_FILES = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def checked_input(path: Path, bounds: FileBounds) -> Path:
    """Check that a path names a file that may be read, for libraries that open files themselves.

    Raises
    ------
    InputDataError
        If it is missing, a folder, device, pipe or socket, empty, too large, or not for this user
        to read.
    """
    with open_input(path, bounds):
        return path


def open_input(path: Path, bounds: FileBounds) -> BinaryIO:
    """Open a file for reading bytes.

    Parameters
    ----------
    bounds : FileBounds
        What files of its kind may hold.

    Returns
    -------
    binary file
        At its beginning.

    Raises
    ------
    InputDataError
        As :func:`checked_input`.
    """
    try:
        _check_kind(path, bounds, os.stat(path))  # noqa: PTH116  # opening a device may act on it
        file = path.open("rb")
    except FileNotFoundError:
        msg = said(
            "{path}: expected {kind}, found no file of this name. Check the path.",
            path=str(path),
            kind=bounds.kind,
        )
        raise InputDataError(msg) from None
    except PermissionError:
        msg = said(
            "{path}: expected {kind}, found a file that you may not read. Allow it.",
            path=str(path),
            kind=bounds.kind,
        )
        raise InputDataError(msg) from None
    except (OSError, ValueError) as error:
        # ValueError: a path with a null byte.
        reason = error.strerror if isinstance(error, OSError) else str(error)
        msg = said(
            "{path}: expected {kind}, the system refuses the path: {reason}.",
            path=str(path),
            kind=bounds.kind,
            reason=str(reason),
        )
        raise InputDataError(msg) from error
    return file


def read_input_bytes(path: Path, bounds: FileBounds) -> bytes:
    """Read a whole file.

    Raises
    ------
    InputDataError
        As :func:`checked_input`, or if it cannot be read to its end.
    """
    with open_input(path, bounds) as file:
        try:
            # A file may grow meanwhile, and some of the system's own say no size.
            content = file.read(bounds.max_bytes + 1)
        except OSError as error:
            msg = said(
                "{path}: cannot be read to its end ({strerror}). Copy it again.",
                path=str(path),
                strerror=str(error.strerror),
            )
            raise InputDataError(msg) from error
    bounds.check(path, bytes=len(content))
    return content


def read_input_text(path: Path, bounds: FileBounds) -> str:
    """Read a whole file of UTF-8 text, with or without a byte order mark.

    Raises
    ------
    InputDataError
        As :func:`read_input_bytes`, or if it is no UTF-8 text.
    """
    content = read_input_bytes(path, bounds)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = said(
            "{path}: expected UTF-8 text, found byte {start} that is not. Save it as UTF-8.",
            path=str(path),
            start=str(error.start),
        )
        raise InputDataError(msg) from error


def _check_kind(path: Path, bounds: FileBounds, found: os.stat_result) -> None:
    for is_kind, name in _NOT_FILES:
        if is_kind(found.st_mode):
            msg = said(
                "{path}: expected {kind}, found {name}. Give the path of a file.",
                path=str(path),
                kind=bounds.kind,
                name=name,
            )
            raise InputDataError(msg)
    if not found.st_size:
        msg = said(
            "{path}: expected {kind}, the file is empty. Export or fetch it again.",
            path=str(path),
            kind=bounds.kind,
        )
        raise InputDataError(msg)
    bounds.check(path, bytes=found.st_size)

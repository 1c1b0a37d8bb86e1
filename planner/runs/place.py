"""Where a run may write: paths without links, and folders whose parents take no files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from planner.errors import RunDirectoryError
from planner.runs.disk_faults import cause_of
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path


def resolved(path: Path) -> Path:
    """A path without links.

    Raises
    ------
    RunDirectoryError
        If links lead back to themselves, or the path is none.
    """
    try:
        found = path.resolve()
        is_loop = found.is_symlink()
    except (OSError, RuntimeError, ValueError) as error:
        cause = cause_of(error) if isinstance(error, OSError) else str(error)
        msg = said(
            "{path}: not a place to write to: {cause}; choose another --out",
            path=str(path),
            cause=cause,
        )
        raise RunDirectoryError(msg) from error
    if is_loop:
        msg = said("{path}: a link that leads back to itself; choose another --out", path=str(path))
        raise RunDirectoryError(msg)
    return found


def is_closed_around(final: Path) -> bool:
    """Whether a folder's parent takes no files, or lies in another file system."""
    if not final.is_dir():
        return False
    parent = final.parent
    return final.stat().st_dev != parent.stat().st_dev or not os.access(parent, os.W_OK)

"""Files that a command writes among those of others: nothing that somebody has changed is lost.

A folder of figures, a spreadsheet, a comparison: each is written anew as often as it is asked for,
into folders that hold other things too. A record beside them tells which are as the planner left
them; whatever else is of the same name is kept aside.
"""

from __future__ import annotations

import errno
import json
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from planner.errors import CannotWriteError, RunDirectoryError
from planner.runs.disk_faults import told_of
from planner.runs.durable_files import flush_file, remove_tree, replacing
from planner.runs.folder_lock import locked
from planner.runs.own_files import (
    MANIFESTS,
    KeptFiles,
    files_below,
    next_kept,
    own_files,
    put_in_place,
    sealed,
    sha256,
)
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECORD = ".planner-files.json"
"""Lists what commands have written to a folder, with its SHA-256."""

_NEW, _LOCK = ".planner-new", ".planner-files.lock"
_LEVELS = 3
"""A run's manifest lies at most two folders above what it lists."""


@contextmanager
def placing(where: Path, remedy: str, *, is_file: bool = False) -> Iterator[Path]:
    """Give a place to write to; what is written there goes where it belongs at the end.

    Parameters
    ----------
    where : pathlib.Path
        A folder, which is made where it does not exist, or a file in one that does.
    remedy : str
        What to do where nothing can be written.
    is_file : bool
        Whether it is a file.

    Yields
    ------
    pathlib.Path
        A new folder, or a file in one, of the same name.

    Raises
    ------
    CannotWriteError
        If the place cannot be written.
    RunDirectoryError
        If a folder stands where a file is to go.
    """
    try:
        with told_of(where, remedy):
            place = where.resolve()
            folder = place.parent if is_file else place
            if is_file and not folder.is_dir():
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
            with _gone_if_empty(folder), locked(folder, at=folder / _LOCK):
                new = folder / _NEW
                remove_tree(new)  # what a kill has left
                new.mkdir()
                try:
                    yield new / place.name if is_file else new
                    _put(new, folder)
                finally:
                    remove_tree(new)
    except CannotWriteError as error:
        # Of the new folder, which nobody knows: told of the place that was asked for.
        if not isinstance(error.__cause__, OSError):
            raise
        with told_of(where, remedy):
            raise error.__cause__ from None


@contextmanager
def _gone_if_empty(folder: Path) -> Iterator[None]:
    """Leave no new folder behind in which nothing has been written."""
    is_new = not folder.exists()
    try:
        yield
    finally:
        if is_new:
            with suppress(OSError):
                folder.rmdir()


def _put(new: Path, folder: Path) -> None:
    """Move new files to their places, with a record of them."""
    names = files_below(new)
    for name in names:
        if (folder / name).is_dir():
            told = "{path}: is a folder; name another file with --out"
            msg = said(told, path=str(folder / name))
            raise RunDirectoryError(msg)
        flush_file(new / name)
    known = _known(folder)
    written = {name: sha256(new / name) for name in names}
    kept = KeptFiles(folder, next_kept(folder))
    put_in_place(new, folder, "", kept, known)
    recorded = own_files(folder, RECORD) or {}
    record = sealed({"fingerprint": ""}, recorded | written)
    with replacing(folder / RECORD) as path:
        path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    kept.tell()


def _known(folder: Path) -> dict[str, str]:
    """SHA-256 of the files below a folder that runs and commands have written there."""
    known: dict[str, str] = {}
    for above in (folder, *folder.parents)[:_LEVELS]:
        for manifest in MANIFESTS:
            for name, digest in (own_files(above, manifest) or {}).items():
                path = above / name
                if path.is_relative_to(folder):
                    known[path.relative_to(folder).as_posix()] = digest
    return known | (own_files(folder, RECORD) or {})

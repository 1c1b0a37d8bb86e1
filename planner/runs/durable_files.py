"""Files that take their place whole, and are on the disk when they do."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path that takes the place of ``path`` at the end, or is removed."""
    temporary = path.with_name(f".{path.name}.writing")
    try:
        yield temporary
        flush_file(temporary)
        temporary.replace(path)
        flush_folder(path.parent)
    finally:
        # What went wrong before is what is to be told, not that this cannot be removed either.
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def flush_file(path: Path) -> None:
    """Have the contents of a file on the disk: a rename before that may leave an empty file."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def flush_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where the operating system can be asked for it."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        # Some file systems do not know it for folders; the renames hold all the same.
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def remove_tree(path: Path, *, last: str = "") -> None:
    """Remove a folder as far as that is possible; the file named ``last`` after all others."""
    if last and path.is_dir() and not path.is_symlink():
        for entry in path.iterdir():
            if entry.name != last:
                remove_tree(entry)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):
        path.unlink(missing_ok=True)

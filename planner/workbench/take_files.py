"""The files of a result: what there is, how large, and all of it in one archive."""

from __future__ import annotations

import os
import zipfile
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from planner.errors import InputDataError, quoted
from planner.said import said
from planner.workbench.folder import inside, look_into

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 4_000_000_000
"""Whoever wants more copies the folder."""
_MOST_FILES = 20_000
_PIECE = 1 << 20
_PACKED = {".parquet", ".png", ".xlsx", ".qgz", ".pdf", ".zip", ".gz"}
"""What is packed already."""


class TakenFile(NamedTuple):
    """A file of a result.

    Parameters
    ----------
    path : str
        From the result's folder.
    n_bytes : int
        Its size.
    """

    path: str
    n_bytes: int


def files_of(root: Path, run: str) -> list[TakenFile]:
    """Files of a result that the workbench lists, without what is hidden, by their paths.

    Raises
    ------
    InputDataError
        If the workbench lists no such result, or it has too many files.
    """
    folder = inside(root, run)
    if not any(each.path == run for each in look_into(root).results):
        msg = said("{run}: expected a result that the page lists; found none", run=quoted(run))
        raise InputDataError(msg)
    found: list[TakenFile] = []
    for name, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for each in sorted(files):
            path = Path(name) / each
            if each.startswith(".") or path.is_symlink() or not path.is_file():
                continue
            found.append(TakenFile(path.relative_to(folder).as_posix(), path.stat().st_size))
        if len(found) > _MOST_FILES:
            msg = said(
                "{run}: has more than {most} files; copy the folder itself",
                run=run,
                most=_MOST_FILES,
            )
            raise InputDataError(msg)
    return sorted(found)


def archive(folder: Path, taken: list[TakenFile]) -> Iterator[bytes]:
    """A ZIP of files, piece by piece: it is never whole in memory or on disk.

    Parameters
    ----------
    folder : pathlib.Path
        What their paths count from; the archive holds a folder of its name.

    Raises
    ------
    InputDataError
        If they are more than :data:`MOST_BYTES`.
    """
    if sum(each.n_bytes for each in taken) > MOST_BYTES:
        msg = said(
            "{folder}: more than {value} GB; copy the folder itself",
            folder=str(folder),
            value=f"{MOST_BYTES / 1000000000.0:g}",
        )
        raise InputDataError(msg)
    return _pieces(folder, taken)


def _pieces(folder: Path, taken: list[TakenFile]) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as packed:
        for each in taken:
            path = folder / each.path
            try:
                entry = zipfile.ZipInfo.from_file(path, f"{folder.name}/{each.path}")
                source = path.open("rb")
            except (OSError, ValueError):  # it has gone in the meantime, or is from before 1980
                continue
            is_packed = path.suffix.lower() in _PACKED
            entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            with source, packed.open(entry, "w", force_zip64=True) as target:
                while piece := source.read(_PIECE):
                    target.write(piece)
                    yield sink.taken()
        # The directory of the archive is written as it is closed.
    yield sink.taken()


class _Sink(RawIOBase):
    """Keeps what is written to it until it is taken; nobody can go back in it."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        part = bytes(piece)  # type: ignore[call-overload]
        self._written += part
        return len(part)

    def taken(self) -> bytes:
        part = bytes(self._written)
        self._written.clear()
        return part

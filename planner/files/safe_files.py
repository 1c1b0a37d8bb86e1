"""Opening packed files that come from elsewhere: bounded unpacking.

Every reader of packed files opens them here, those of XML by :mod:`planner.files.safe_xml`. A
file can be cut off, or packed so that a few kilobytes become terabytes; each is refused with the
file, the fault and what to do.
"""

from __future__ import annotations

import bz2
import gzip
import io
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from planner.errors import InputDataError
from planner.files.bounds import FREE_UNPACKED_BYTES, MAX_EXPANSION, XML, FileBounds
from planner.files.input_files import open_input
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typing_extensions import Buffer

FETCH_AGAIN = "Fetch or export the file again"
"""What to do about a damaged file, for messages."""
_GZIP_MAGIC = b"\x1f\x8b"
_BZIP2_MAGIC = b"BZh"
_ZIP_MAGIC = b"PK\x03\x04"


@contextmanager
def open_text_or_gzip(path: Path, bounds: FileBounds = XML) -> Iterator[BinaryIO]:
    """Open a file for reading bytes, unpacked where it is gzip, bzip2 or a zip with one file in it.

    The content decides, not the name's ending.

    Yields
    ------
    binary stream
        Raises :class:`~planner.errors.InputDataError` from ``read`` where the file is cut off,
        damaged, longer than its bounds or packed more than
        :data:`~planner.files.bounds.MAX_EXPANSION` times.

    Raises
    ------
    InputDataError
        If the file cannot be opened, or is a zip with no file or several in it.
    """
    with open_input(path, bounds) as packed:
        magic = packed.read(4)
        packed.seek(0)
        if magic.startswith(_GZIP_MAGIC):
            unpacked: BinaryIO = gzip.GzipFile(fileobj=packed)  # type: ignore[assignment]
        elif magic.startswith(_BZIP2_MAGIC):
            unpacked = bz2.BZ2File(packed)  # type: ignore[assignment]
        elif magic == _ZIP_MAGIC:
            unpacked = _only_member(path, packed, bounds)
        else:
            unpacked = packed
        with unpacked, io.BufferedReader(_Bounded(path, packed, unpacked, bounds)) as stream:
            yield stream


def check_zip(path: Path, bounds: FileBounds) -> list[str]:
    """Check that a zip archive is whole in outline and unpacks to a bounded size.

    Parameters
    ----------
    bounds : FileBounds
        What it may hold, all its files together.

    Returns
    -------
    list of str
        Names of its files, folders left out.

    Raises
    ------
    InputDataError
        If it is no zip archive, holds too many files, or unpacks to more than its bounds or more
        than :data:`~planner.files.bounds.MAX_EXPANSION` times its size.
    """
    try:
        with open_input(path, bounds) as packed, zipfile.ZipFile(packed) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError, IndexError) as error:
        # The last two: names of members that are no text, or empty.
        msg = said(
            "{path}: expected a whole zip archive, found a damaged one ({error}). {fetch_again}.",
            path=str(path),
            error=str(error),
            fetch_again=FETCH_AGAIN,
        )
        raise InputDataError(msg) from error
    bounds.check(path, objects=len(members))
    size = sum(info.file_size for info in members)
    _refuse_oversize(path, size, sum(info.compress_size for info in members), bounds)
    return [info.filename for info in members]


def _only_member(path: Path, packed: BinaryIO, bounds: FileBounds) -> BinaryIO:
    names = check_zip(path, bounds)
    if len(names) != 1:
        msg = said(
            "{path}: expected one file in the zip archive, found {n}. Unpack it.",
            path=str(path),
            n=str(len(names)),
        )
        raise InputDataError(msg)
    try:
        return zipfile.ZipFile(packed).open(names[0])  # type: ignore[return-value]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        msg = said(
            "{path}: the zip archive cannot be read ({error}). Unpack it.",
            path=str(path),
            error=str(error),
        )
        raise InputDataError(msg) from error


class _Bounded(io.RawIOBase):
    """What is unpacked, up to a limit, with the faults of packed files said as ours."""

    def __init__(
        self, path: Path, packed: BinaryIO, unpacked: BinaryIO, bounds: FileBounds
    ) -> None:
        self._path = path
        self._packed = packed
        self._unpacked = unpacked
        self._bounds = bounds
        self._n_read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        try:
            data = self._unpacked.read(len(view))
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as error:
            msg = said(
                "{path}: the packed file is cut off or damaged after {n_read} unpacked bytes "
                "({error}). {fetch_again}.",
                path=str(self._path),
                n_read=self._n_read,
                error=str(error),
                fetch_again=FETCH_AGAIN,
            )
            raise InputDataError(msg) from error
        self._n_read += len(data)
        _refuse_oversize(self._path, self._n_read, self._packed.tell(), self._bounds)
        view[: len(data)] = data
        return len(data)


def _refuse_oversize(path: Path, n_unpacked: int, n_packed: int, bounds: FileBounds) -> None:
    bounds.check(path, unpacked_bytes=n_unpacked)
    if n_unpacked > FREE_UNPACKED_BYTES and n_unpacked > MAX_EXPANSION * n_packed:
        msg = said(
            "{path}: unpacks to more than {max_expansion} times its size, as no honest file "
            "does. Unpack it yourself if you trust it.",
            path=str(path),
            max_expansion=str(MAX_EXPANSION),
        )
        raise InputDataError(msg)

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

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typing_extensions import Buffer

MAX_UNPACKED_BYTES = 20_000_000_000
"""A file may unpack to this many bytes: a few million MATSim persons."""
MAX_EXPANSION = 200
"""A packed file may unpack to this many times its size; MATSim's XML packs 10 to 40 times."""
FETCH_AGAIN = "Fetch or export the file again"
"""What to do about a damaged file, for messages."""
_EXPANSION_FREE_BYTES = 64_000_000
_GZIP_MAGIC = b"\x1f\x8b"
_BZIP2_MAGIC = b"BZh"
_ZIP_MAGIC = b"PK\x03\x04"


@contextmanager
def open_text_or_gzip(path: Path, max_bytes: int = MAX_UNPACKED_BYTES) -> Iterator[BinaryIO]:
    """Open a file for reading bytes, unpacked where it is gzip, bzip2 or a zip with one file in it.

    The content decides, not the name's ending.

    Parameters
    ----------
    path : pathlib.Path
        A plain, gzip, bzip2 or zip file.
    max_bytes : int
        Bytes that may be read from it after unpacking.

    Yields
    ------
    binary stream
        Raises :class:`~planner.errors.InputDataError` from ``read`` where the file is cut off,
        damaged, longer than ``max_bytes`` or packed more than :data:`MAX_EXPANSION` times.

    Raises
    ------
    InputDataError
        If the file is missing or empty, or a zip with no file or several in it.
    """
    if not path.is_file():
        msg = f"{path}: expected a file, found none. Check the path."
        raise InputDataError(msg)
    with path.open("rb") as packed:
        magic = packed.read(4)
        packed.seek(0)
        if not magic:
            msg = f"{path}: the file is empty. {FETCH_AGAIN}."
            raise InputDataError(msg)
        if magic.startswith(_GZIP_MAGIC):
            unpacked: BinaryIO = gzip.GzipFile(fileobj=packed)  # type: ignore[assignment]
        elif magic.startswith(_BZIP2_MAGIC):
            unpacked = bz2.BZ2File(packed)  # type: ignore[assignment]
        elif magic == _ZIP_MAGIC:
            unpacked = _only_member(path, packed)
        else:
            unpacked = packed
        with unpacked, io.BufferedReader(_Bounded(path, packed, unpacked, max_bytes)) as stream:
            yield stream


def check_zip(path: Path, max_bytes: int = MAX_UNPACKED_BYTES) -> list[str]:
    """Check that a zip archive is whole in outline and unpacks to a bounded size.

    Parameters
    ----------
    path : pathlib.Path
        A zip archive.
    max_bytes : int
        Bytes that all its files may have together.

    Returns
    -------
    list of str
        Names of its files, folders left out.

    Raises
    ------
    InputDataError
        If it is no zip archive, or unpacks to more than ``max_bytes`` or more than
        :data:`MAX_EXPANSION` times its size.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        msg = f"{path}: expected a whole zip archive, found a damaged one ({error}). {FETCH_AGAIN}."
        raise InputDataError(msg) from error
    size = sum(info.file_size for info in members)
    _refuse_oversize(path, size, sum(info.compress_size for info in members), max_bytes)
    return [info.filename for info in members]


def _only_member(path: Path, packed: BinaryIO) -> BinaryIO:
    names = check_zip(path)
    if len(names) != 1:
        msg = f"{path}: expected one file in the zip archive, found {len(names)}. Unpack it."
        raise InputDataError(msg)
    try:
        return zipfile.ZipFile(packed).open(names[0])  # type: ignore[return-value]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        msg = f"{path}: the zip archive cannot be read ({error}). Unpack it."
        raise InputDataError(msg) from error


class _Bounded(io.RawIOBase):
    """What is unpacked, up to a limit, with the faults of packed files said as ours."""

    def __init__(self, path: Path, packed: BinaryIO, unpacked: BinaryIO, max_bytes: int) -> None:
        self._path = path
        self._packed = packed
        self._unpacked = unpacked
        self._max_bytes = max_bytes
        self._n_read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        try:
            data = self._unpacked.read(len(view))
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as error:
            msg = (
                f"{self._path}: the packed file is cut off or damaged after "
                f"{self._n_read:,} unpacked bytes ({error}). {FETCH_AGAIN}."
            )
            raise InputDataError(msg) from error
        self._n_read += len(data)
        _refuse_oversize(self._path, self._n_read, self._packed.tell(), self._max_bytes)
        view[: len(data)] = data
        return len(data)


def _refuse_oversize(path: Path, n_unpacked: int, n_packed: int, max_bytes: int) -> None:
    if n_unpacked > max_bytes:
        msg = (
            f"{path}: expected at most {max_bytes / 1e6:,.1f} MB after unpacking, found more. "
            f"Cut out what the study needs."
        )
        raise InputDataError(msg)
    if n_unpacked > _EXPANSION_FREE_BYTES and n_unpacked > MAX_EXPANSION * n_packed:
        msg = (
            f"{path}: unpacks to more than {MAX_EXPANSION} times its size, as no honest file does. "
            f"Unpack it yourself if you trust it."
        )
        raise InputDataError(msg)

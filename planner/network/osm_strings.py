"""Texts of PBF files that libosmium would read beyond their end.

libosmium keeps tags as texts that end with a null sign. One inside a text of the file shifts keys
against values, and what follows is read from memory that is not the file's: the process dies. So
the tables of texts, one per block, are looked through before libosmium sees the file.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa

from planner.errors import InputDataError
from planner.files.bounds import OSM
from planner.files.input_files import open_input
from planner.files.safe_files import FETCH_AGAIN
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAX_HEADER_BYTES = 64 * 1024
_MAX_BLOCK_BYTES = 32 * 1024 * 1024
_RAW, _RAW_SIZE, _ZLIB, _LZ4, _ZSTD = 1, 2, 3, 6, 7
_SIZE_OF_BLOCK, _TEXTS = 3, 1
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def refuse_null_signs(path: Path) -> None:
    """Refuse a PBF file with a null sign in a tag, role or user.

    What is damaged otherwise is left to libosmium, which names it.

    Raises
    ------
    InputDataError
        Names the block.
    """
    with open_input(path, OSM) as file:
        for number, block in enumerate(_blocks(file), start=1):
            if _has_null_sign(block):
                msg = said(
                    "{path}: expected texts without null signs, found one in block {number}: the "
                    "file is damaged. {fetch_again}.",
                    path=str(path),
                    number=str(number),
                    fetch_again=FETCH_AGAIN,
                )
                raise InputDataError(msg)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Unpacked blocks of a file, up to the first that is damaged."""
    while len(size := file.read(4)) == 4:
        (n_header,) = struct.unpack(">I", size)
        if n_header > _MAX_HEADER_BYTES:
            return
        try:
            header = dict(_fields(file.read(n_header)))
            n_bytes = header.get(_SIZE_OF_BLOCK, 0)
            if not isinstance(n_bytes, int) or n_bytes > _MAX_BLOCK_BYTES:
                return
            yield _unpacked(dict(_fields(file.read(n_bytes))))
        except (IndexError, ValueError, TypeError, OSError, zlib.error):
            return


def _unpacked(blob: dict[int, bytes | int]) -> bytes:
    if _RAW in blob:
        return bytes(blob[_RAW])
    size = int(blob[_RAW_SIZE]) if _RAW_SIZE in blob else 0
    if size > _MAX_BLOCK_BYTES:
        return b""
    if _ZLIB in blob:
        return zlib.decompressobj().decompress(bytes(blob[_ZLIB]), _MAX_BLOCK_BYTES)
    for kind, codec in ((_LZ4, "lz4_raw"), (_ZSTD, "zstd")):
        if kind in blob:
            return bytes(pa.decompress(blob[kind], size, codec=codec, asbytes=True))
    return b""


def _has_null_sign(block: bytes) -> bool:
    """Whether a text of the block's table holds one; looked at text by text only where it may."""
    try:
        tables = (value for field, value in _fields(block) if field == _TEXTS)
        table = next(tables, b"")
        # The first text of a table is empty, and its length the only null there should be.
        if not isinstance(table, bytes) or table.count(0) <= table.startswith(b"\n\0"):
            return False
        return any(isinstance(text, bytes) and 0 in text for _, text in _fields(table))
    except (IndexError, ValueError):
        return False


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Fields of a protobuf message, as number and content."""
    at, end = 0, len(message)
    while at < end:
        key, at = _varint(message, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield key >> 3, value
        elif kind == _BYTES:
            size, at = _varint(message, at)
            yield key >> 3, message[at : at + size]
            at += size
        elif kind in {_FIXED64, _FIXED32}:
            at += 8 if kind == _FIXED64 else 4
        else:
            msg = f"no such kind of field: {kind}"
            raise ValueError(msg)


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            msg = "a number of more than 64 bits"
            raise ValueError(msg)

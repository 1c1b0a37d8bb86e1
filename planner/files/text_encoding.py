"""Bytes of text files as text, whatever program wrote them."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import TYPE_CHECKING

from planner.errors import InputDataError, quoted
from planner.files.reading_notes import note
from planner.said import said, set_off

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; that of UTF-32 begins as that of UTF-16 does."""
_LOOKED_AT_BYTES = 4096
_SAVE_AS = "In a spreadsheet save it as “CSV UTF-8”."
_TYPOGRAPHY = bytes(range(0x80, 0xC0)).decode("cp1252", errors="ignore")
"""Signs of Windows-1252 below its letters with accents; some few of them are letters too."""
_NOT_IN_WORDS = "".join(
    sign
    for sign in _TYPOGRAPHY
    if not sign.isalpha() and sign not in "\u2018\u2019\u2013\u2014\u00b4\u00b7"
)
_STRANGE = re.compile(
    # Letters of Iceland and signs that text has no use for.
    "[\u00ff\u00fe\u00de\u00f0\u00d0\u00d7\u00f7]"
    # Signs of typography inside a word come from another alphabet's bytes.
    f"|(?<=[A-Za-z])[{re.escape(_NOT_IN_WORDS)}](?=[a-z])"
    # UTF-8 read as Windows-1252: the file mixes both.
    f"|\u00c3[{re.escape(_TYPOGRAPHY)}]|\u00e2\u20ac"
)
"""What hardly stands in text of Western Europe: the bytes mean something else."""


def decoded_text(path: Path, content: bytes) -> str:
    """Decode a text file.

    Returns
    -------
    str
        Text without a byte order mark. UTF-8 is taken for granted; UTF-16, and Windows-1252 as
        spreadsheets of Western Europe write it, are noted.

    Raises
    ------
    InputDataError
        If it is none of these, or holds null bytes.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded_wide(path, content[len(mark) :], encoding)
    wide = _plain_utf16(content[:_LOOKED_AT_BYTES])
    if wide:
        return _decoded_wide(path, content, wide)
    try:
        return _without_nulls(path, content.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _without_nulls(path, _windows_text(path, content, error))


def _decoded_wide(path: Path, content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        msg = said(
            "{path}: expected {upper} text as its first bytes say, found byte {start} that "
            "is not. {save_as}",
            path=str(path),
            upper=encoding.upper(),
            start=error.start,
            save_as=_SAVE_AS,
        )
        raise InputDataError(msg) from error
    if encoding != "utf-8":
        note(path, said("read as {encoding}", encoding=encoding[:6].upper()))
    return _without_nulls(path, text)


def _plain_utf16(start: bytes) -> str:
    """UTF-16 without a mark, which plain letters show: every second byte is null."""
    pairs = len(start) // 2
    if pairs < 4:
        return ""
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        nulls = start[first::2].count(0)
        if nulls >= 0.7 * pairs and not start[1 - first :: 2].count(0):
            return encoding
    return ""


def _without_nulls(path: Path, text: str) -> str:
    place = text.find("\0")
    if place >= 0:
        row = text.count("\n", 0, place) + 1
        msg = said(
            "{path}: expected text, found a null byte in row {row}: the file is damaged or "
            "no text. Export it again.",
            path=str(path),
            row=row,
        )
        raise InputDataError(msg)
    return text


def _windows_text(path: Path, content: bytes, error: UnicodeDecodeError) -> str:
    """Text in Windows-1252, if it looks like that."""
    row = content.count(b"\n", 0, error.start) + 1
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    strange = _STRANGE.search(text) if text else None
    if not text or strange:
        word = quoted(_word_at(text, strange.start())) if strange else ""
        found = set_off(said("as in {word}", word=word)) if strange else ""
        msg = said(
            "{path}: expected UTF-8 text, found byte {start} in row {row} that is not, nor "
            "does it look like Windows-1252{found}. {save_as}",
            path=str(path),
            start=error.start,
            row=row,
            found=found,
            save_as=_SAVE_AS,
        )
        raise InputDataError(msg) from error
    # Hard spaces alone are no foreign sign: then the byte itself is where the reader looks.
    first = next((place for place, sign in enumerate(text) if _is_foreign(sign)), error.start)
    note(
        path,
        said(
            "read as Windows-1252, not UTF-8 ({word} in row {row})",
            word=quoted(_word_at(text, first)),
            row=row,
        ),
    )
    return text


def _is_foreign(sign: str) -> bool:
    return ord(sign) > 127 and not unicodedata.category(sign).startswith("Z")


def _word_at(text: str, place: int) -> str:
    """The word around a sign, for a person to see whether it was read well."""
    start = max(text.rfind(sign, 0, place) for sign in " \t\n,;|\"'") + 1
    ends = [text.find(sign, place) for sign in " \t\r\n,;|\"'"]
    end = min((one for one in ends if one >= 0), default=len(text))
    return text[max(start, place - 30) : min(end, place + 30)]

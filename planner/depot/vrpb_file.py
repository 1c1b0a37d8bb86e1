"""Keys and sections of a file in the layout of TSPLIB, read within bounds."""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from planner.errors import InputDataError, quoted
from planner.files.bounds import VRPB
from planner.files.input_files import read_input_text
from planner.said import AsWritten, joined, said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

COORDINATES, WEIGHTS = "NODE_COORD_SECTION", "EDGE_WEIGHT_SECTION"
DEMAND, BACKHAUL, DEPOT = "DEMAND_SECTION", "BACKHAUL_SECTION", "DEPOT_SECTION"
SECTIONS = (COORDINATES, WEIGHTS, DEMAND, BACKHAUL, DEPOT)
KEYS = (
    *("NAME", "TYPE", "COMMENT", "DIMENSION", "VEHICLES", "CAPACITY"),
    *("EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT", "NODE_COORD_TYPE", "DISPLAY_DATA_TYPE"),
)
_WITHOUT_EFFECT = ("SERVICE_TIME", "SERVICE_TIME_SECTION", "DISPLAY_DATA_SECTION")
"""What some files hold and no cost depends on: without windows nobody comes too late."""
_HEADING = re.compile(r"[A-Za-z][A-Za-z0-9]*_[A-Za-z0-9_]+|[A-Z]{3,}")
_LINE_END = re.compile(r"\r\n|\n|\r")
_WORD = re.compile(r"\S+")
_MOST_OTHER_LINES = 50_000
_MOST_DIGITS = 30
_HIGHEST = 1e12
_HIGHEST_ID = 10**9
END = -1


class VrpbFile:
    """A file split into its keys and the numbers of its sections.

    Attributes
    ----------
    keys : dict of str to str
        What stands behind each key.
    n_places : int
        ``DIMENSION``, at least 2 and within the bounds of such files.

    Raises
    ------
    InputDataError
        Here and from all methods, with the file and the line, key or section.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.keys: dict[str, str] = {}
        self.n_places = 0
        self._values: dict[str, array[float]] = {}
        self._rows_of_two: dict[str, int] = {}
        section = ""
        n_other = 0
        for number, raw in enumerate(_lines(read_input_text(path, VRPB)), start=1):
            line = raw.strip()
            heading = _HEADING.match(line)
            if line == "EOF":
                break
            if heading is None and section and self._add_numbers(section, number, line):
                continue
            n_other += 1
            if n_other > _MOST_OTHER_LINES:
                self.fail(
                    said(
                        "line {line}: more than {most} lines without a number",
                        line=str(number),
                        most=_MOST_OTHER_LINES,
                    )
                )
            if heading is not None:
                section = self._heading(number, line, heading.group())
            elif line and not section:
                self._unknown_line(number, line)

    def positive(self, key: str, *, whole: bool = False) -> float:
        """The number behind a key, > 0."""
        text = self.keys.get(key)
        if text is None:
            self.fail(said("there is no {key}; add a line '{key} : number'", key=AsWritten(key)))
        value = _number(text)
        if not (0.0 < value < np.inf) or (whole and value != int(value)):
            expected = "a whole number above 0" if whole else "a number above 0"
            told = "{key} is {found}, expected {expected}"
            self.fail(said(told, key=AsWritten(key), found=quoted(text), expected=expected))
        return value

    def rows(self, section: str, n_columns: int) -> NDArray[np.float64]:
        """Numbers of a section with a row per place, (n_places, n_columns) float64."""
        values = self._section(section)
        if len(values) != self.n_places * n_columns:
            self.fail(
                said(
                    "{section} holds {n} numbers, expected {rows} rows of {columns}, as DIMENSION "
                    "is {rows}",
                    section=AsWritten(section),
                    n=len(values),
                    rows=self.n_places,
                    columns=n_columns,
                )
            )
        return values.reshape(self.n_places, n_columns)

    def ids(self, section: str, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Numbers of places as whole numbers."""
        wrong = np.flatnonzero(
            (values != np.rint(values)) | (values < 0.0) | (values > _HIGHEST_ID)
        )
        if len(wrong):
            self.fail(
                said(
                    "{section} numbers a place {found}, expected a whole number from 0 to {most}",
                    section=AsWritten(section),
                    found=f"{values[wrong[0]]:g}",
                    most=_HIGHEST_ID,
                )
            )
        ids = values.astype(np.int64)
        known, count = np.unique(ids, return_counts=True)
        if count.max(initial=0) > 1:
            self.fail(
                said(
                    "{section} gives the number {number} more than once",
                    section=AsWritten(section),
                    number=str(known[count.argmax()]),
                )
            )
        return ids

    def listed(self, section: str, *, is_ended: bool) -> NDArray[np.int64]:
        """Places that a section lists; where it may be left out, without the -1 at its end."""
        values = self._section(section)
        end = np.flatnonzero(values == END)
        if not len(end) and is_ended:
            self.fail(
                said(
                    "{section} does not end with -1; expected the places and -1, or a row of "
                    "place and amount for each place",
                    section=AsWritten(section),
                )
            )
        return self.ids(section, values[: end[0]] if len(end) else values)

    def is_table(self, section: str) -> bool:
        """Whether a section has a row of two numbers for each place."""
        values = self._section(section)
        return self._rows_of_two[section] == self.n_places == len(values) / 2

    def fail(self, fault: str) -> NoReturn:
        """Refuse the file."""
        msg = joined((f"{self._path}: ", fault, "."), "")
        raise InputDataError(msg)

    def _fail_of_line(self, number: int, fault: str, word: str) -> NoReturn:
        told = said(fault, word=AsWritten(word))
        self.fail(said("line {line}: {told}", line=str(number), told=told))

    def _heading(self, number: int, line: str, word: str) -> str:
        """Take in a line with a key or the name of a section; return the section it begins."""
        if word in SECTIONS:
            if word in self._values:
                self._fail_of_line(number, "{word} stands there twice, expected it once", word)
            if not self.n_places:
                self._fail_of_line(
                    number, "{word} comes before DIMENSION, expected it behind", word
                )
            self._values[word] = array("d")
            self._rows_of_two[word] = 0
            return word
        if word in _WITHOUT_EFFECT:
            return word
        if word not in KEYS:
            self._unknown_line(number, line)
        value = line.partition(":")[2].strip()
        if self.keys.setdefault(word, value) != value and word != "COMMENT":
            self._fail_of_line(number, "{word} stands there twice, with different values", word)
        if word == "DIMENSION":
            self.n_places = self._dimension()
        return ""

    def _dimension(self) -> int:
        value = self.positive("DIMENSION", whole=True)
        VRPB.check(self._path, objects=int(value))
        if value == 1.0:
            self.fail("DIMENSION is 1, expected a depot and at least one customer")
        return int(value)

    def _add_numbers(self, section: str, number: int, line: str) -> bool:
        """Take in the numbers of a line; return whether there are any that count."""
        if section not in self._values:
            return False
        values = self._values[section]
        most = self._most_numbers(section)
        before = len(values)
        for word in _words(line):
            value = _number(word)
            if not abs(value) <= _HIGHEST:
                self.fail(
                    said(
                        "line {line}: {section} holds {found}, expected a number between -{most} "
                        "and {most}",
                        line=str(number),
                        section=AsWritten(section),
                        found=quoted(word),
                        most=f"{_HIGHEST:g}",
                    )
                )
            values.append(value)
            if len(values) > most:
                self.fail(
                    said(
                        "line {line}: {section} holds more than {most} numbers, too many for a "
                        "DIMENSION of {n}",
                        line=str(number),
                        section=AsWritten(section),
                        most=most,
                        n=self.n_places,
                    )
                )
        self._rows_of_two[section] += len(values) == before + 2
        return len(values) > before

    def _most_numbers(self, section: str) -> int:
        n = self.n_places
        return {COORDINATES: 3 * n, WEIGHTS: n * n}.get(section, 2 * n + 1)

    def _section(self, section: str) -> NDArray[np.float64]:
        if section not in self._values:
            self.fail(said("there is no {section}", section=AsWritten(section)))
        return np.array(self._values[section])

    def _unknown_line(self, number: int, line: str) -> NoReturn:
        self.fail(
            said(
                "line {line} is {found}: expected numbers, 'KEY : value' with one of {keys}, or "
                "the name of a section ({sections})",
                line=str(number),
                found=quoted(line[:60]),
                keys=AsWritten(", ".join(KEYS)),
                sections=AsWritten(", ".join(SECTIONS)),
            )
        )


def _lines(text: str) -> Iterator[str]:
    """Lines one by one: all at once would take many times the memory of the file."""
    begin = 0
    for end in _LINE_END.finditer(text):
        yield text[begin : end.start()]
        begin = end.end()
    yield text[begin:]


def _words(line: str) -> Iterator[str]:
    """Words of a line one by one: a line may be as long as the file."""
    return (found.group() for found in _WORD.finditer(line))


def _number(word: str) -> float:
    """A number, or nan where a word is none: Python's own underscores and other digits are none."""
    if len(word) > _MOST_DIGITS or "_" in word or not word.isascii():
        return np.nan
    try:
        return float(word)
    except ValueError:
        return np.nan

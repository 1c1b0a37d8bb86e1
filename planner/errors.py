"""The errors a user can meet.

Every message names the file and the row or key, what was expected, what was found and what to do.
The command line prints the message alone and exits with code 2.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planner.said import AsWritten, Said, counted, said, with_points

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_QUOTED = 200
"""Characters of a value that a message repeats."""
MAX_FAULTS = 50
"""Faults that a message lists; of others it tells the number."""

_MAX_NAME = 260  # the longest name of a file that a system takes is one of 255 characters
_MAX_LINE = 6_000  # the longest path is one of 4,096
_LONG_QUOTE = re.compile(
    rf"'(?:[^'\\\n]|\\.){{{MAX_QUOTED + 1},}}'|\"(?:[^\"\\\n]|\\.){{{MAX_QUOTED + 1},}}\""
)
_LONG_WORD = re.compile(rf"[^\s/\\]{{{_MAX_NAME + 1},}}")


def quoted(value: object, most: int = MAX_QUOTED) -> str:
    """A value as a message repeats it: in quotes if it is text, and never longer than fits.

    Parameters
    ----------
    value : object
        What was found.
    most : int
        Characters of it that are shown, >= 1.
    """
    # A text is cut before its quotes are set: of a long one nothing else is looked at.
    if isinstance(value, str):
        return repr(value) if len(value) <= most else _cut(value, most, repr)
    text = repr(value)
    return text if len(text) <= most else _cut(text, most, str)


def _cut(text: str, most: int, written: Callable[[str], str]) -> str:
    shown = AsWritten(written(text[: most - 3] + "..."))
    return said("{shown} ({n} characters)", shown=shown, n=len(text))


def _bounded(message: str) -> str:
    """A message in which nothing is repeated at length, whoever wrote it."""
    lines = (
        line if len(line) <= MAX_QUOTED else _bounded_line(line) for line in message.split("\n")
    )
    bounded = "\n".join(lines)
    return message if bounded == message else bounded  # one that can be said in other languages


def _bounded_line(line: str) -> str:
    def cut_quote(match: re.Match[str]) -> str:
        quote, text = match[0][0], match[0][1:-1]
        return _cut(text, MAX_QUOTED, lambda short: f"{quote}{short}{quote}")

    def cut_word(match: re.Match[str]) -> str:
        return _cut(match[0], MAX_QUOTED, str)

    short = _LONG_WORD.sub(cut_word, _LONG_QUOTE.sub(cut_quote, line))
    return short if len(short) <= _MAX_LINE else _cut(short, _MAX_LINE, str)


class PlannerError(Exception):
    """Base of all errors that are the caller's to mend.

    Parameters
    ----------
    message : str
        What is wrong and what to do. Longer quotes than :data:`MAX_QUOTED` are cut.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(_bounded(message))


class ScenarioError(PlannerError):
    """A scenario or parameter set is not valid.

    Parameters
    ----------
    faults : sequence of str
        All faults found, one sentence each.
    where : str
        The file or study the faults stand in, told as it is called; a place of the planner's
        own is :class:`planner.said.Said`.
    """

    def __init__(self, faults: Sequence[str], where: str) -> None:
        self.faults = tuple(faults)
        self.where = where
        n_faults = len(self.faults)
        told = [_bounded(fault) for fault in self.faults[:MAX_FAULTS]]
        if n_faults > MAX_FAULTS:
            told.append(said("and {n} more", n=n_faults - MAX_FAULTS))
        place = _bounded(where)
        if not isinstance(place, Said):
            place = AsWritten(place)  # a study may be called as a word of ours is
        head = counted(n_faults, "{where}: {n} fault", "{where}: {n} faults", where=place)
        super().__init__(with_points(head, told))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[Sequence[str], str]]:
        """Let the error travel between processes: its text alone does not make a new one."""
        return type(self), (self.faults, self.where)


class InputDataError(PlannerError):
    """A data file is missing, broken or says something impossible."""


class RunDirectoryError(PlannerError):
    """A run directory cannot be written, resumed or read."""


class CannotWriteError(RunDirectoryError):
    """The operating system lets nothing be written at a place; its cause is an ``OSError``."""


class ClusterError(PlannerError):
    """A cluster cannot be reached."""


class SweepError(PlannerError):
    """Some runs of a sweep failed; the others are kept."""


class SolverError(PlannerError):
    """A solver failed: it found neither a solution nor a proof that there is none."""


class InvariantError(PlannerError):
    """A conservation law was broken inside a run: a fault of the program, not of the input."""

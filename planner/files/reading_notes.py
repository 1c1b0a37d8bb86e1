"""What readers took for granted about a file, for whoever wants to say it.

A reader notes what was not plain (an encoding, title lines that it passed over, columns that
nobody uses); ``planner validate`` listens and says it once per file.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from planner.said import joined, said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_listening: ContextVar[dict[str, list[str]] | None] = ContextVar("reading_notes", default=None)


def note(path: Path | str, text: str) -> None:
    """Say something about how a file was read; nobody needs to listen."""
    notes = _listening.get()
    if notes is None:
        return
    of_file = notes.setdefault(str(path), [])
    if text not in of_file:
        of_file.append(text)


@contextmanager
def reading_notes() -> Iterator[dict[str, list[str]]]:
    """Listen to what readers say.

    Yields
    ------
    dict of str to list of str
        What was said of each file so far, each thing once; filled while the block runs. Who
        listens around this block hears it at its end.
    """
    notes: dict[str, list[str]] = {}
    token = _listening.set(notes)
    try:
        yield notes
    finally:
        _listening.reset(token)
        for path, texts in notes.items():
            for text in texts:
                note(path, text)


def note_lines(notes: dict[str, list[str]]) -> list[str]:
    """A line per file of what was said of it."""
    return [
        said("{path}: {texts}", path=path, texts=joined(texts)) for path, texts in notes.items()
    ]

"""Where work of the server stands, for the page that asked for it."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import TYPE_CHECKING

from planner.runs.noted_progress import HowFar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.runs.progress import Advance

_asker: ContextVar[str] = ContextVar("asker", default="")


class WorkEndedError(Exception):
    """The server ends, and with it the work that it is at."""


class StageTold:
    """Listener that remembers the stage that work is in, for each who asked for some."""

    def __init__(self) -> None:
        self._now: dict[str, tuple[str, int, int, float]] = {}
        self._is_over = False

    def end(self) -> None:
        """Let all work end where it next tells how far it is."""
        self._is_over = True

    @contextmanager
    def asked_by(self, asker: str) -> Iterator[None]:
        """Let the stages of this block be those of somebody, of nobody else."""
        token = _asker.set(asker)
        try:
            yield
        finally:
            _asker.reset(token)

    def how_far(self, asker: str) -> HowFar | None:
        """Where the work stands that somebody asked for; None where none is under way."""
        if (now := self._now.get(asker)) is None:
            return None
        name, done, total, began_s = now
        return HowFar(name, done, total, elapsed_s=monotonic() - began_s)

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        """Enter a stage."""
        asker, began_s = _asker.get(), monotonic()

        def advance(done: int, total: int) -> None:
            if self._is_over:
                raise WorkEndedError
            self._now[asker] = (name, done, total, began_s)

        advance(0, 0)
        try:
            yield advance
        finally:
            self._now.pop(asker, None)

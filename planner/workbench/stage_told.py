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
        self._of_unit: dict[str, tuple[int, int, float]] = {}
        self._waits_for: dict[str, str] = {}
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

    @property
    def asker(self) -> str:
        """Who asked for what this thread is at."""
        return _asker.get()

    @contextmanager
    def waiting_for(self, worker: str) -> Iterator[None]:
        """Let the asker be told of the work of another's, as long as this block waits for it."""
        asker = _asker.get()
        self._waits_for[asker] = worker
        try:
            yield
        finally:
            self._waits_for.pop(asker, None)

    def _at_work_for(self, asker: str) -> str:
        """Whose work somebody waits for: their own, or that of whoever asked for the same first."""
        seen = {asker}
        while asker not in self._now and (worker := self._waits_for.get(asker)) is not None:
            if worker in seen:  # two requests of one page
                break
            seen.add(asker := worker)
        return asker

    def how_far(self, asker: str) -> HowFar | None:
        """Where the work stands that somebody waits for; None where none is under way."""
        asker = self._at_work_for(asker)
        if (now := self._now.get(asker)) is None:
            return None
        name, done, total, began_s = now
        of_unit = None
        n_parts, of_parts, from_s = self._of_unit.get(asker, (0, 0, 0.0))
        if of_parts:
            of_unit = HowFar("", n_parts, of_parts, elapsed_s=monotonic() - from_s)
        return HowFar(name, done, total, elapsed_s=monotonic() - began_s, of_unit=of_unit)

    def within(self, done: int, total: int) -> None:
        """Tell how far the unit is that the stage of the asker is at."""
        self._end_if_over()
        asker, now_s = _asker.get(), monotonic()
        n_before, of_before, from_s = self._of_unit.get(asker, (0, 0, now_s))
        is_another = done < n_before or of_before not in {0, total}
        self._of_unit[asker] = (done, total, now_s if is_another else from_s)

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        """Enter a stage."""
        asker, began_s = _asker.get(), monotonic()

        def advance(done: int, total: int) -> None:
            self._end_if_over()
            self._now[asker] = (name, done, total, began_s)
            self._of_unit[asker] = (0, 0, monotonic())

        advance(0, 0)
        try:
            yield advance
        finally:
            self._now.pop(asker, None)
            self._of_unit.pop(asker, None)

    def _end_if_over(self) -> None:
        if self._is_over:
            raise WorkEndedError

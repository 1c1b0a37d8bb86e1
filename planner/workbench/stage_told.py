"""Where work of the server stands, for pages that ask."""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from planner.runs.noted_progress import HowFar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.runs.progress import Advance


class StageTold:
    """Listener that remembers the stage that work is in."""

    def __init__(self) -> None:
        self._now: tuple[str, int, int] | None = None
        self._began = 0.0

    @property
    def how_far(self) -> HowFar | None:
        """Where the work stands; None where none is under way."""
        if (now := self._now) is None:
            return None
        return HowFar(*now, elapsed_s=monotonic() - self._began)

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        """Enter a stage."""

        def advance(done: int, total: int) -> None:
            self._now = (name, done, total)

        self._began = monotonic()
        advance(0, 0)
        try:
            yield advance
        finally:
            self._now = None

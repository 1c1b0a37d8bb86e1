"""How long work tells where it stands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from planner.interrupts import end_if_interrupted
from planner.runs.freed_memory import give_back_freed_memory
from planner.runs.noted_progress import NotedProgress
from planner.terminal import spoken

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Task

    from planner.runs.stage_folders import TakenStage

Advance = Callable[[int, int], None]
"""Tells a listener that ``done`` of ``total`` units of a stage are complete."""
NOTED_IN = "PLANNER_PROGRESS_IN"
"""Variable of the environment: folder in which a command without a terminal notes how far it is."""


class ProgressListener(Protocol):
    """Whoever wants to know which stage a run is in."""

    def stage(self, name: str) -> AbstractContextManager[Advance]:
        """Enter a stage; the returned function tells how far it is."""
        ...


@runtime_checkable
class FollowsUnits(Protocol):
    """A listener that wants to know too how far the unit is that a stage is at."""

    def within(self, done: int, total: int) -> None:
        """Tell that ``done`` of ``total`` parts of the unit are complete."""
        ...


@runtime_checkable
class KnowsAskers(Protocol):
    """A listener that tells several people where the work stands that each asked for."""

    @property
    def asker(self) -> str:
        """Who asked for what this thread is at."""
        ...

    def waiting_for(self, worker: str) -> AbstractContextManager[None]:
        """Let this thread's asker be told of the work of another's, until the block ends."""
        ...


def of_unit(listener: ProgressListener) -> Advance | None:
    """What tells a listener how far the unit is that its stage is at; None where it listens not."""
    return listener.within if isinstance(listener, FollowsUnits) else None


class Quiet:
    """Listener that says nothing."""

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:  # noqa: ARG002  # a quiet listener has no use for it
        """Enter a stage."""
        yield lambda done, total: None  # noqa: ARG005


class TimedStages:
    """Stages of a run: told to a listener, timed for the manifest."""

    def __init__(self, listener: ProgressListener) -> None:
        self._listener = listener
        self.seconds: dict[str, float] = {}
        self.peak_memory_mb: dict[str, float] = {}
        """Most memory that the process had held by the end of each stage; none where no system
        tells it."""
        self.taken: dict[str, TakenStage] = {}
        """What was taken from other runs instead of being computed."""

    @contextmanager
    def __call__(self, name: str) -> Iterator[Advance]:
        """Enter a stage; the returned function tells how far it is."""
        end_if_interrupted()
        give_back_freed_memory()  # of the stages before
        start = perf_counter()
        with self._listener.stage(name) as advance:
            yield advance
        end_if_interrupted()
        self.seconds[name] = perf_counter() - start
        if (peak_mb := _peak_memory_mb()) is not None:
            self.peak_memory_mb[name] = peak_mb


def _peak_memory_mb() -> float | None:
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415  # not there on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)  # bytes there, kilobytes elsewhere


class _RateColumn(ProgressColumn):
    """Units per second, once there are any."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed and task.total else "", style="dim")


class TerminalProgress:
    """Listener that draws a bar per stage, with rate and time left in it.

    Parameters
    ----------
    n_stages : int, optional
        How many stages there will be, where that is known; then each tells which it is.
    """

    def __init__(self, console: Console, n_stages: int | None = None) -> None:
        self._console, self._n_stages = console, n_stages
        self._number = count(1)
        self._bars = Progress(
            SpinnerColumn(finished_text=Text("✓", style="green")),
            TextColumn("{task.description:<28}", markup=False),
            BarColumn(bar_width=28),
            TextColumn("{task.percentage:>3.0f} %"),
            _RateColumn(),
            TimeElapsedColumn(),
            TextColumn(spoken(console, "left"), style="dim"),
            TimeRemainingColumn(),
            console=console,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        """Draw a bar for a stage; full when the stage ends."""
        which = f"{next(self._number)}/{self._n_stages} " if self._n_stages else ""
        task = self._bars.add_task(f"{which}{spoken(self._console, name)}", total=None)
        yield lambda done, total: self._bars.update(task, completed=done, total=total)
        self._bars.update(task, completed=1, total=1)


@contextmanager
def listener_on(console: Console, n_stages: int | None = None) -> Iterator[ProgressListener]:
    """Listener that draws bars where the console is a terminal.

    Elsewhere it notes how far the work is in the folder that :data:`NOTED_IN` names, for whoever
    has begun the command, and is quiet where it names none.

    Parameters
    ----------
    n_stages : int, optional
        How many stages there will be, where that is known.
    """
    if not console.is_terminal:
        folder = os.environ.get(NOTED_IN)
        yield NotedProgress(Quiet(), Path(folder)) if folder else Quiet()
        return
    with TerminalProgress(console, n_stages) as listener:
        yield listener

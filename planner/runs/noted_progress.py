"""How far a run is, noted in its work folder for whoever looks there: another window, a page."""

from __future__ import annotations

import json
import os
import platform
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from planner.runs.own_files import read_json_object

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from planner.runs.progress import Advance, ProgressListener

_FILE = "progress.json"
_EVERY_S = 0.5
"""No more often than this: a stage may tell thousands of steps a second."""


@dataclass(frozen=True, slots=True)
class HowFar:
    """Where a run stood when it was last told.

    Parameters
    ----------
    stage : str
        Its name, in English.
    done, total : int
        Units of the stage; a total of 0 where it has none.
    elapsed_s : float
        Time in the stage by now, seconds.
    process_id : int, optional
        The process that noted it, where that is one of this computer.
    number, n_stages : int, optional
        Which stage it is, from 1, and how many there are, where that is known.
    of_unit : HowFar, optional
        How far the unit is that the stage is at, where that is known.
    """

    stage: str
    done: int
    total: int
    elapsed_s: float
    process_id: int | None = None
    number: int | None = None
    n_stages: int | None = None
    of_unit: HowFar | None = None

    @property
    def may_end_before(self) -> bool:
        """Whether the total is the most that the stage may need: trucks settle long before."""
        return self.stage.startswith("Replanning")

    @property
    def share(self) -> float | None:
        """Part of the stage that is done; None where nobody knows."""
        return self.done / self.total if self.total and not self.may_end_before else None

    @property
    def rate_per_s(self) -> float | None:
        """Units a second; None where nobody knows."""
        return self.done / self.elapsed_s if self.done and self.elapsed_s > 0.0 else None

    @property
    def left_s(self) -> float | None:
        """Time left in the stage if it goes on as so far, seconds; None where nobody knows."""
        rate = self.rate_per_s
        return (self.total - self.done) / rate if rate and self.share is not None else None


class NotedProgress:
    """Listener that tells another one, and notes in a folder how far the work is.

    Parameters
    ----------
    listener : ProgressListener
        Who is told as well.
    folder : pathlib.Path
        Work folder of the run; nothing is noted while it is not there, or is full.
    n_stages : int, optional
        How many stages there will be, where that is known.
    """

    def __init__(
        self, listener: ProgressListener, folder: Path, n_stages: int | None = None
    ) -> None:
        self._listener, self._path = listener, folder / _FILE
        self._n_stages, self._number = n_stages, 0

    def begin(self) -> None:
        """Forget what a process before has noted: it is not at work any more."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        """Enter a stage; the returned function tells both how far it is."""
        began, noted = time(), [-_EVERY_S]
        self._number += 1
        self._note(name, 0, 0, began)
        with self._listener.stage(name) as advance:

            def told(done: int, total: int) -> None:
                advance(done, total)
                if (now := monotonic()) - noted[0] >= _EVERY_S:
                    noted[0] = now
                    self._note(name, done, total, began)

            yield told

    def _note(self, stage: str, done: int, total: int, began: float) -> None:
        with suppress(OSError):
            told: dict[str, Any] = {"stage": stage, "done": done, "total": total, "began": began}
            if self._n_stages is not None:
                told |= {"number": self._number, "n_stages": self._n_stages}
            text = json.dumps(told | {"process_id": os.getpid(), "computer": platform.node()})
            new = self._path.with_suffix(".new")
            new.write_text(text, encoding="utf-8")
            new.replace(self._path)


def noted_progress(folder: Path) -> HowFar | None:
    """How far the run of a work folder is; None where it has not told yet."""
    found: dict[str, Any] = read_json_object(folder / _FILE) or {}
    try:
        elapsed_s = max(0.0, time() - float(found["began"]))
        stage, done, total = str(found["stage"]), int(found["done"]), int(found["total"])
        noted_by, computer = found.get("process_id"), found.get("computer")
        # In a folder that computers share, a process of another one has the number of one here.
        is_here = computer == platform.node() and isinstance(noted_by, int) and noted_by > 1
        process_id = noted_by if is_here else None
        if "n_stages" not in found:
            return HowFar(stage, done, total, elapsed_s, process_id)
        number, n_stages = int(found["number"]), int(found["n_stages"])
        return HowFar(stage, done, total, elapsed_s, process_id, number, n_stages)
    except (KeyError, TypeError, ValueError):
        return None

"""Changes of plans that people have made, each kept in a file of the folder after every step.

Each tab has changes of its own. A server that is killed loses none: the tab asks the next one for
them by their key.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections import OrderedDict
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from threading import RLock
from time import time
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from planner.errors import InputDataError, RunDirectoryError, quoted
from planner.layouts.edited_plan import EditedPlan
from planner.layouts.editing import OpenedPlan, Step
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.runs.computed_once import ComputedOnce
from planner.runs.disk_faults import cause_of
from planner.runs.durable_files import replacing
from planner.runs.manifests import MANIFEST, read_manifest
from planner.runs.own_files import read_json_object
from planner.said import said
from planner.workbench.bounded_study import Binding
from planner.workbench.folder import OWN, inside
from planner.workbench.stage_told import StageTold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_STEPS, _BINDING = TypeAdapter(list[Step]), TypeAdapter(Binding)
_KEY = re.compile(r"[0-9A-Za-z_-]{8,40}")
_CHANGES = "changes"
_OLD_S, _YOUNG_S, _MOST_KEPT = 90 * 86_400.0, 7 * 86_400.0, 1_000
"""Changes that nobody has asked for in so long go, and of those not asked for in a week all but the
latest so many, seconds: a tab that is open asks for its own."""
_OPENED, _IN_MEMORY = 3, 64
"""Plans with their trucks in memory at a time, hundreds of megabytes for a large country; changes
in memory at a time, which are small."""


@dataclass
class Changes:
    """Somebody's changes of a plan.

    Parameters
    ----------
    key : str
        What the tab asks for them by.
    run : str
        Folder of the run, from the folder of the workbench.
    knows_queues : bool
        Whether figures are shown of trucks that know the queues and have planned anew.
    """

    key: str
    run: str
    edited: EditedPlan
    knows_queues: bool = False
    binding: Binding = field(default_factory=Binding)
    """How they bind a search."""
    lock: RLock = field(default_factory=RLock, repr=False)
    """One change at a time."""

    def told(self) -> dict[str, Any]:
        """What is kept of them, as plain values."""
        edited = self.edited
        return {
            "run": self.run,
            "solution": edited.opened.solution,
            "assumes_classes": edited.opened.assumes_classes,
            "n_done": edited.n_done,
            "steps": [asdict(step) for step in edited.steps],
            "binding": asdict(self.binding),
        }


class Edits:
    """Opened plans of a folder, and everybody's changes of them.

    Parameters
    ----------
    root : pathlib.Path
        The folder of the workbench.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.told = StageTold()
        self._lock = RLock()
        self._opened: ComputedOnce[OpenedPlan] = ComputedOnce(_OPENED, self.told)
        self._changes: OrderedDict[str, Changes] = OrderedDict()
        _tidy(root / OWN / _CHANGES)

    def opened(self, run: str, solution: str = DEFAULT_SOLUTION) -> OpenedPlan:
        """A plan of a run of the folder with its trucks, read where it is not in memory.

        Raises
        ------
        PlannerError
            If there is no such run or plan, or its inputs have changed.
        """
        folder = inside(self.root, run)
        try:
            stamp = (folder / MANIFEST).stat().st_mtime_ns
        except OSError:
            stamp = 0  # reading it tells what is wrong
        return self._opened.get(
            (run, solution, stamp), lambda: OpenedPlan(folder, self.told, solution)
        )

    def begin(
        self, run: str, solution: str = DEFAULT_SOLUTION, *, by_class: bool = False
    ) -> Changes:
        """Changes of a plan, none so far; by class also where the study names no classes.

        Raises
        ------
        PlannerError
            See :meth:`opened`, and where no slower class can be assumed.
        """
        opened = self.opened(run, solution)
        edited = EditedPlan(opened.by_class if by_class else opened)
        return self._keep(Changes(_new_key(), run, edited))

    def copy(self, key: str, run: str, solution: str = DEFAULT_SOLUTION) -> Changes:
        """Changes of one's own that begin as those of another tab, or of a link.

        Raises
        ------
        InputDataError
            If there are none of this key, or they are of another plan.
        """
        found = self.get(key)
        edited = found.edited
        if (found.run, edited.opened.solution) != (run, solution):
            msg = said(
                "changes {key}: expected those of the plan {solution} of {run}",
                key=quoted(key),
                solution=solution,
                run=run,
            )
            raise InputDataError(msg)
        own = EditedPlan(edited.opened, list(edited.steps), edited.n_done)
        return self._keep(Changes(_new_key(), found.run, own, binding=found.binding))

    def begin_as(self, told: dict[str, Any]) -> Changes:
        """Changes of one's own, as somebody else's :meth:`Changes.told` tells them.

        Raises
        ------
        InputDataError
            If they are none, or of another run.
        """
        try:
            run, solution = str(told["run"]), str(told["solution"])
            edited, binding = _edited(self.opened(run, solution), told), _binding(told)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            msg = said("link: not as the workbench wrote it, or of another run; ask for a new one")
            raise InputDataError(msg) from error
        return self._keep(Changes(_new_key(), run, edited, binding=binding))

    def get(self, key: str) -> Changes:
        """Changes of a key, read from their file where they are not in memory.

        Raises
        ------
        InputDataError
            If there are none of this key.
        """
        with self._lock:
            found = self._changes.get(key)
        if found is None:
            found = self._read(key)
        with self._lock:
            found = self._changes.setdefault(key, found)
            self._changes.move_to_end(key)
            while len(self._changes) > _IN_MEMORY:
                self._changes.popitem(last=False)
            return found

    def refuse_without_run(self, changes: Changes) -> None:
        """Refuse to keep anything of changes whose run has gone, or is another one by now.

        Raises
        ------
        RunDirectoryError
            If the folder does not hold the run any more that the plan was opened from.
        """
        opened = changes.edited.opened
        try:
            is_same = _fingerprint(read_manifest(opened.run_dir)) == _fingerprint(
                opened.run.run.manifest
            )
        except RunDirectoryError as error:
            msg = said(
                "{run}: the run has been removed, or moved, since its plan was opened here; "
                "put it back, or run its study again. Nothing is written",
                run=changes.run,
            )
            raise RunDirectoryError(msg) from error
        if not is_same:
            msg = said(
                "{run}: another run stands there since its plan was opened here; open the page "
                "anew. Nothing is written",
                run=changes.run,
            )
            raise RunDirectoryError(msg)

    @contextmanager
    def changing(self, key: str) -> Iterator[Changes]:
        """Changes that are changed: kept in their file at the end, as they were after a fault.

        Raises
        ------
        InputDataError
            If there are none of this key.
        RunDirectoryError
            If they cannot be written.
        """
        changes = self.get(key)
        with changes.lock, self.told.asked_by(key):
            edited, knew_queues, binding = changes.edited, changes.knows_queues, changes.binding
            steps, n_done = list(edited.steps), edited.n_done
            try:
                yield changes
                self._keep(changes)
            except BaseException:
                edited.steps, edited.n_done = steps, n_done
                changes.edited, changes.knows_queues, changes.binding = edited, knew_queues, binding
                raise

    def _file(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            msg = said(
                "changes {key}: expected a key that the workbench has given", key=quoted(key)
            )
            raise InputDataError(msg)
        return self.root / OWN / _CHANGES / f"{key}.json"

    def _keep(self, changes: Changes) -> Changes:
        path, told = self._file(changes.key), changes.told()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as new:
                new.write_text(json.dumps(told), encoding="utf-8")
        except OSError as error:
            msg = said(
                "{path}: cannot be written ({cause}); open a folder that you may write",
                path=str(path),
                cause=cause_of(error),
            )
            raise RunDirectoryError(msg) from error
        with self._lock:
            self._changes[changes.key] = changes
        return changes

    def _read(self, key: str) -> Changes:
        path = self._file(key)
        told = read_json_object(path)
        with suppress(OSError):
            os.utime(path)  # they are in use
        if told is None:
            msg = said(
                "changes {key}: expected those of a plan of this folder; found none",
                key=quoted(key),
            )
            raise InputDataError(msg)
        try:
            edited = _edited(self.opened(str(told["run"]), str(told["solution"])), told)
            binding = _binding(told)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            msg = said(
                "{path}: not as the workbench wrote it, or of another run; open the run again",
                path=str(path),
            )
            raise InputDataError(msg) from error
        return Changes(key, str(told["run"]), edited, binding=binding)


def _tidy(folder: Path) -> None:
    """Let changes go that nobody has asked for in a long time."""
    now = time()
    try:
        ages = sorted((now - path.stat().st_mtime, path) for path in folder.glob("*.json"))
    except OSError:
        return
    for number, (age_s, path) in enumerate(ages):
        if age_s > _OLD_S or (number >= _MOST_KEPT and age_s > _YOUNG_S):
            with suppress(OSError):
                path.unlink()


def _fingerprint(manifest: Mapping[str, Any]) -> str:
    return str(manifest.get("fingerprint", ""))


def _new_key() -> str:
    return secrets.token_urlsafe(9)


def _edited(opened: OpenedPlan, told: dict[str, Any]) -> EditedPlan:
    """Changes as their file tells them.

    Raises
    ------
    InputDataError, KeyError, OverflowError, TypeError, ValueError
        If it is not as it was written, or of another run.
    """
    if told.get("assumes_classes"):
        opened = opened.by_class
    return EditedPlan.told(opened, _STEPS.validate_python(told["steps"]), int(told["n_done"]))


def _binding(told: dict[str, Any]) -> Binding:
    """How changes bind a search as their file tells it; as by default where none was chosen."""
    return _BINDING.validate_python(told.get("binding", {}))

"""Commands of the planner one after the other, each a process of its own, as in a terminal.

They stand in a file of the folder: a server that is started again knows what waited and how runs
were begun that were broken off. It starts none of them unasked: the folder may be somebody else's.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Condition, Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING

from planner.errors import RunDirectoryError
from planner.runs.durable_files import replacing
from planner.runs.noted_fault import forget_fault, noted_fault
from planner.runs.noted_progress import NotedProgress, noted_progress
from planner.runs.own_files import read_json_object
from planner.runs.progress import NOTED_IN, Quiet
from planner.said import said
from planner.scenario.study_kinds import KINDS
from planner.workbench.folder import OWN, is_at_work, process_at_work
from planner.workbench.questions import COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

    from planner.runs.noted_progress import HowFar

_FILE, _LOGS, _LOG = "queue.json", "logs", "said.txt"
_PATIENCE_S = 20.0
"""So long a run may take to end by itself once it is asked to, seconds."""
_LOOKS_EVERY_S = 0.1
_ASKS_TO_END = signal.SIGTERM if os.name == "nt" else signal.SIGINT
_LOWER_PRIORITY = 10
_SHOWN = 2_000
COMPARE = ("planner", "compare")
_COMMANDS = {tuple(kind.command.split()) for kind in KINDS.values() if kind.use == "is run with"}
_COMMANDS |= {COMPARE} | COMMANDS
_KEPT = 50


@dataclass
class Job:
    """A command that waits, is at work, or has ended.

    Parameters
    ----------
    number : int
        Counts up.
    words : tuple of str
        The command as a person types it in the folder.
    folder : str
        Where its result goes, from the folder.
    state : str
        ``"waiting"``, ``"running"``, ``"done"``, ``"stopped"`` or ``"failed"``.
    said : str
        Why it failed: its fault, which is said in any language, or all that it said at its end.
    """

    number: int
    words: tuple[str, ...]
    folder: str
    state: str = "waiting"
    said: str = ""
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)


class Queue:
    """Runs commands of the planner in a folder, one at a time.

    Parameters
    ----------
    root : pathlib.Path
        The folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._jobs: list[Job] = []
        self._commands: dict[str, tuple[str, ...]] = {}
        self._changed = Condition()
        self._ends = False
        self._take_up()
        self._thread = Thread(target=self._work, name="queue", daemon=True)
        self._thread.start()

    def jobs(self) -> list[Job]:
        """All that waits, is at work or has ended lately, the first asked for first."""
        with self._changed:
            return list(self._jobs)

    def add(self, words: tuple[str, ...], folder: str) -> Job:
        """Let a command wait for its turn.

        Raises
        ------
        RunDirectoryError
            If another one for the same folder waits or is at work.
        """
        with self._changed:
            if self._pending(folder) or is_at_work(self.root / folder):
                msg = said(
                    "{folder}: waits or is at work already; stop it first, or take another name",
                    folder=str(folder),
                )
                raise RunDirectoryError(msg)
            job = Job(1 + max((each.number for each in self._jobs), default=0), words, folder)
            # What was told of an earlier try is over.
            ended = [each for each in self._jobs if each.folder != folder]
            self._jobs = [*ended[-_KEPT:], job]
            self._commands[folder] = words
            self._note()
            self._changed.notify_all()
        return job

    def stop(self, folder: str) -> Job:
        """Take a command off the queue, or end it as Ctrl-C does: it can be resumed.

        Also one that a terminal has begun, or a server that is no more.

        Raises
        ------
        RunDirectoryError
            If nothing is at work there, or it does not end.
        """
        with self._changed:
            found = self._pending(folder)
            if not found:
                return self._stop_elsewhere(folder)
            job = found[-1]
            job.state = "stopped"
            process = job.process
            self._note()
        if process is not None:
            _end(process)
        return job

    def _stop_elsewhere(self, folder: str) -> Job:
        final = self.root / folder
        process_id = process_at_work(final)
        if process_id is None:
            msg = said(
                "{folder}: nothing is at work in it that could be stopped from here",
                folder=str(folder),
            )
            raise RunDirectoryError(msg)
        # What a script began in the background does not hear Ctrl-C; a run may end at any moment.
        for end in (_ASKS_TO_END, signal.SIGTERM):
            with suppress(OSError):
                os.kill(process_id, end)
            if _ends(final):
                break
        else:
            msg = said(
                "{folder}: does not end; end it where it was begun, with Ctrl-C", folder=str(folder)
            )
            raise RunDirectoryError(msg)
        return Job(0, self._commands.get(folder, ()), folder, "stopped")

    def close(self) -> None:
        """Start nothing more; what is at work goes on."""
        with self._changed:
            self._ends = True
            self._changed.notify_all()

    def how_far(self, job: Job) -> HowFar | None:
        """Where a command is that is at work; None where it has not told."""
        return noted_progress(self._log(job).parent) if job.state == "running" else None

    def command_of(self, folder: str) -> tuple[str, ...] | None:
        """Words of the command that began a run here; None where it was begun elsewhere."""
        with self._changed:
            # Another server of the folder may have begun it since.
            return self._commands.get(folder) or self._known().get(folder)

    def _pending(self, folder: str) -> list[Job]:
        return [
            job
            for job in self._jobs
            if job.folder == folder and job.state in {"waiting", "running"}
        ]

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ends or self._next() is not None)
                job = self._next()
                if self._ends or job is None:
                    return
                log = self._log(job)
                NotedProgress(Quiet(), log.parent).begin()
                forget_fault(log.parent)
                job.process = _started(job.words, self.root, log)
                job.state = "running"
                self._note()
            code = job.process.wait()
            with self._changed:
                if job.state == "running":
                    job.state = "done" if code == 0 else "failed"
                    job.said = "" if code == 0 else noted_fault(log.parent) or _end_of(log)
                job.process = None
                self._note()

    def _next(self) -> Job | None:
        return next((job for job in self._jobs if job.state == "waiting"), None)

    def _log(self, job: Job) -> Path:
        logs = self.root / OWN / _LOGS / str(job.number)
        logs.mkdir(parents=True, exist_ok=True)
        return logs / _LOG

    def _note(self) -> None:
        waiting = [job.folder for job in self._jobs if job.state == "waiting"]
        with suppress(OSError):
            (self.root / OWN).mkdir(exist_ok=True)
            with replacing(self.root / OWN / _FILE) as new:
                # Another server of the folder may have begun others.
                told = {"waiting": waiting, "commands": self._known() | self._commands}
                new.write_text(json.dumps(told), encoding="utf-8")

    def _known(self) -> dict[str, tuple[str, ...]]:
        """Commands of the file by their folders, as far as they are ours."""
        told = read_json_object(self.root / OWN / _FILE) or {}
        known = {}
        with suppress(AttributeError, KeyError, TypeError):
            for folder, words in told["commands"].items():
                if tuple(words[:2]) in _COMMANDS:
                    known[str(folder)] = tuple(map(str, words))
        return known

    def _take_up(self) -> None:
        """What an earlier server knew; what waited then is shown, and waits for being started."""
        self._commands = self._known()
        told = read_json_object(self.root / OWN / _FILE) or {}
        with suppress(KeyError, TypeError):
            for folder in told["waiting"]:
                if words := self._commands.get(str(folder)):
                    self._jobs.append(Job(len(self._jobs) + 1, words, str(folder), "stopped"))


def _started(words: tuple[str, ...], root: Path, log: Path) -> subprocess.Popen[bytes]:
    """The command as a process that outlives the server and leaves it the processor."""
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603  # words of ours, no shell
            [sys.executable, "-m", *words],
            cwd=root,
            env=os.environ | {NOTED_IN: str(log.parent)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _LOWER_PRIORITY)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        process.send_signal(_ASKS_TO_END)
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()


def _ends(final: Path) -> bool:
    """Whether what is at work in a folder ends in time."""
    until = monotonic() + _PATIENCE_S
    while is_at_work(final):
        if monotonic() > until:
            return False
        sleep(_LOOKS_EVERY_S)
    return True


def _end_of(log: Path) -> str:
    try:
        return log.read_text(encoding="utf-8", errors="replace")[-_SHOWN:].strip()
    except OSError:
        return ""

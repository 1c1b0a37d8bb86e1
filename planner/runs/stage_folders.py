"""Folders of finished stages, each kept under a key of all that the stage depends on.

The key hashes the modules that compute the stage with those that they import, the versions of
Python and of libraries, its settings, the inputs of the run, and the stage before it. A page or a
translation that was edited makes no stage new, an edited kernel those that it computes. Of each
stage the folder used last is kept, also of runs that never end: what they leave does not grow.

A stage that a finished run beside this one has under the same key is taken from there: its files
are linked, or copied where the disk knows no links. They are read as those of an interrupted run
are, so that a damaged one is found and computed again, and one that goes meanwhile is missing.
"""

from __future__ import annotations

import filecmp
import hashlib
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING

from planner.runs.durable_files import remove_tree, replacing
from planner.runs.provenance import sha256_of
from planner.runs.sources import program_key
from planner.runs.stage_files import read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from planner.runs.progress import TimedStages
    from planner.runs.run_directory import RunDirectory

_KEY_DIGITS = 16
_MOST_ALIKE = 4
"""Earlier stages that are looked at for parts of them."""
_COMPUTED = "computed-in.json"
KEPT_STAGES = ".stages"
"""Folder of a finished run with its stages, so that others need not compute them again."""
REUSE_VARIABLE = "PLANNER_REUSE"
"""Environment variable; ``0`` lets runs take nothing from those beside them."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: its folder for what is finished of it, and the key of all that it depends on.

    Parameters
    ----------
    folder : pathlib.Path
        Exists; holds nothing, or what the same stage of an earlier run left.
    key : str
        64 hexadecimal digits.
    """

    folder: Path
    key: str


@dataclass(frozen=True, slots=True)
class TakenStage:
    """A stage, or part of one, that was not computed.

    Parameters
    ----------
    run : str
        The run that it was taken from, see :func:`kept_beside`.
    key : str
        Of the stage there, as in the name of its folder.
    seconds : float or None
        What it took to compute all of it.
    n_trips : int or None
        Trips whose plans were taken; None where the stage was taken whole.
    """

    run: str
    key: str
    seconds: float | None
    n_trips: int | None = None


class StageFolders:
    """The stages of a run.

    Parameters
    ----------
    cache : pathlib.Path
        Folder that exists.
    inputs : sequence of pathlib.Path
        Files and folders that the run reads.
    beside : mapping of str to pathlib.Path
        Kept stages of finished runs, see :func:`kept_beside`.
    taken : dict, optional
        Is told what was not computed, by the name of the stage.
    """

    def __init__(
        self,
        cache: Path,
        inputs: Sequence[Path],
        beside: Mapping[str, Path] = MappingProxyType({}),
        taken: dict[str, TakenStage] | None = None,
    ) -> None:
        self._cache = cache
        self._inputs = "".join(sha256_of(path) for path in inputs)
        self._beside = beside
        self._used: set[str] = set()
        self._open: tuple[Path, float] | None = None
        self._whole: tuple[str, Path, dict[str, int]] | None = None
        self._taken = {} if taken is None else taken

    @classmethod
    def of(cls, directory: RunDirectory, stages: TimedStages) -> StageFolders:
        """Stages of a run, which may be taken from those beside it."""
        beside = kept_beside(directory.final)
        return cls(directory.cache, directory.inputs, beside, stages.taken)

    def key(
        self, computes: Callable[..., Any], settings: str, *after: str, reads_files: bool = True
    ) -> str:
        """Key of what a function gives.

        Parameters
        ----------
        computes : callable
            A function of the planner; its module with all that it imports counts.
        settings : str
            All that it is told beside inputs and stages before.
        *after : str
            Keys of what it goes on from.
        reads_files : bool
            Whether it depends on the inputs otherwise than by ``settings``.
        """
        inputs = self._inputs if reads_files else ""
        parts = (program_key(computes.__module__), settings, inputs, *after)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def stage(
        self,
        name: str,
        computes: Callable[..., Any],
        settings: str,
        *after: str,
        reads_files: bool = True,
        family: str = "",
    ) -> Stage:
        """Open a stage, and remove what it left under another key; see :meth:`key`.

        Parameters
        ----------
        family : str
            Key of what stages have in common that may serve each other in part, see :meth:`alike`.
        """
        self._close()
        key = self.key(computes, settings, *after, reads_files=reads_files)
        folder = self._cache / f"{_prefix(name, family)}{key[:_KEY_DIGITS]}"
        if not folder.is_dir():
            folder.mkdir()
            self._take(name, folder)
        self._used.add(folder.name)
        for older in self._cache.glob(f"{name}-*"):
            if older.name not in self._used:
                remove_tree(older)
        self._open = folder, perf_counter()
        return Stage(folder, key)

    def alike(self, name: str, family: str) -> list[Path]:
        """Stages of one family in runs beside, under whatever key, the latest first."""
        return alike(self._beside.values(), name, family)

    def took_part(self, name: str, folder: Path, n_trips: int) -> None:
        """Note that part of a stage was taken from one of :meth:`alike`."""
        self._note(name, folder, n_trips)

    def forget_others(self) -> None:
        """Remove what is not of stages that were opened."""
        self._close()
        for entry in self._cache.iterdir():
            if entry.name not in self._used:
                remove_tree(entry)

    def _take(self, name: str, folder: Path) -> None:
        """Take a stage from the latest run beside that has it."""
        for kept in self._beside.values():
            if link_files(kept / folder.name, folder):
                self._note(name, kept / folder.name, None)
                self._whole = name, kept / folder.name, _written(folder)
                return

    def _note(self, name: str, folder: Path, n_trips: int | None) -> None:
        run = next(run for run, kept in self._beside.items() if kept == folder.parent)
        # Where the note alone is damaged nothing is computed again, so there is nothing to tell.
        note = read_json(folder / _COMPUTED, lambda *_: None)
        seconds = note.get("seconds") if isinstance(note, dict) else None
        self._taken[name] = TakenStage(run, folder.name[-_KEY_DIGITS:], seconds, n_trips)

    def _close(self) -> None:
        """Note in the stage that was opened last what it took to compute it."""
        if self._open is None:
            return
        (folder, started), self._open = self._open, None
        if self._whole is not None:
            (name, source, before), self._whole = self._whole, None
            if not _is_as_taken(folder, source, before):
                del self._taken[name]
        note = folder / _COMPUTED
        if any(folder.iterdir()) and not note.exists():
            write_json(note, {"seconds": round(perf_counter() - started, 3)})


def kept_beside(final: Path) -> dict[str, Path]:
    """Folders of kept stages of this run, and of finished ones that its stages may serve.

    Parameters
    ----------
    final : pathlib.Path
        Run directory, perhaps still to come.

    Returns
    -------
    dict of str to pathlib.Path
        By how one gets from the folder around the run to theirs: those in the same folder, and
        those of the same name in the folders beside it, as a sweep has its replications. The
        run's own comes first, then the latest; none where the environment forbids it.
    """
    if os.environ.get(REUSE_VARIABLE) == "0":
        return {}
    around = final.absolute().parent
    dated: list[tuple[bool, float, str, Path]] = []
    namesakes = (each / final.name for each in _entries(around.parent))
    for run in {*_entries(around), *namesakes}:
        kept = run / KEPT_STAGES
        with suppress(OSError):
            if kept.is_dir() and not kept.is_symlink():
                name = Path(os.path.relpath(run, around)).as_posix()
                dated.append((name == final.name, kept.stat().st_mtime, name, kept))
    return {name: kept for _, _, name, kept in sorted(dated, reverse=True)}


def _entries(folder: Path) -> list[Path]:
    """What is in a folder, but links: they lead to what may be there already."""
    try:
        return [entry for entry in folder.iterdir() if not entry.is_symlink()]
    except OSError:
        return []


def alike(beside: Iterable[Path], name: str, family: str) -> list[Path]:
    """Stages of one family among kept stages, under whatever key, in the order of these."""
    pattern = f"{_prefix(name, family)}{'?' * _KEY_DIGITS}"
    return [folder for kept in beside for folder in sorted(kept.glob(pattern))][:_MOST_ALIKE]


def _prefix(name: str, family: str) -> str:
    return f"{name}-{family[:_KEY_DIGITS]}-" if family else f"{name}-"


def _written(folder: Path) -> dict[str, int]:
    """When each file was written, nanoseconds."""
    return {name: (folder / name).stat().st_mtime_ns for name in _files_below(folder)}


def _is_as_taken(folder: Path, source: Path, before: Mapping[str, int]) -> bool:
    """Whether a stage still is what was taken: some write again what they have read."""
    now = _written(folder)
    if now.keys() - before.keys():
        return False  # something was missing there
    again = [name for name, written in now.items() if written != before[name]]
    try:
        return all(filecmp.cmp(source / name, folder / name, shallow=False) for name in again)
    except OSError:  # gone meanwhile
        return True


def link_files(source: Path, folder: Path) -> bool:
    """Have the files of one folder in another too; whether there are any."""
    is_any = False
    with suppress(OSError):  # gone meanwhile, or not readable: what is missing is computed
        for name in _files_below(source):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            _link(source / name, folder / name)
            is_any = True
    return is_any


def _files_below(folder: Path) -> list[str]:
    """Files of a stage, by their paths in it; hidden ones are still being written."""
    return [
        file.relative_to(folder).as_posix()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.startswith(".")
    ]


def _link(file: Path, to: Path) -> None:
    try:
        os.link(file, to)
    except OSError:  # another disk, or one without links
        with replacing(to) as new:
            shutil.copyfile(file, new)

"""A run's folder: written beside its final place and moved there when it is complete.

Beside the final place lies a work folder with the stages done so far and, at the end, the results.
They take the place of an earlier run's files one by one, by a journal that is gone on with after a
kill at any moment. What the planner did not write stays where it is, or is kept aside.
"""

from __future__ import annotations

import logging
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import CannotWriteError, RunDirectoryError
from planner.runs.disk_faults import cannot_write, cause_of, is_known, is_of_full_disk, told_of
from planner.runs.durable_files import flush_folder, remove_tree, replacing
from planner.runs.folder_lock import lock_file, locked
from planner.runs.manifests import (
    MANIFEST,
    SWEEP_MANIFEST,
    WITHIN,
    manifest_text,
    read_manifest,
    work_beside,
)
from planner.runs.own_files import (
    KeptFiles,
    damaged_file,
    is_sealed,
    listing,
    next_kept,
    own_files,
    put_in_place,
    read_json_object,
    remove_own,
    sealed,
)
from planner.runs.place import is_closed_around, resolved
from planner.runs.stage_files import read_json, write_json
from planner.runs.stage_folders import KEPT_STAGES
from planner.said import joined, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LOG = logging.getLogger(__name__)
_STATE = "fingerprint.txt"
_CACHE = "stages"
_RESULTS = "results"
_JOURNAL = "moving.stage"
_FINGERPRINT = re.compile(r"[0-9a-z]+")
_KINDS = {MANIFEST: "run", SWEEP_MANIFEST: "sweep"}


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """The final folder of a run and the work folder beside it.

    Parameters
    ----------
    final : pathlib.Path
        Where the complete run will lie; links are followed.
    fingerprint : str
        Hash of everything the result depends on; work of a run with another one is not reused.
    manifest : str
        Name of the file that says what the folder holds.
    inputs : sequence of pathlib.Path
        Files and folders that the run reads: it may not write among them.
    is_part : bool
        Whether the folder lies where only the planner writes, as the runs of a sweep do; then it
        is used even where its manifest is damaged.
    """

    final: Path
    fingerprint: str
    manifest: str = MANIFEST
    inputs: Sequence[Path] = field(default=(), repr=False)
    is_part: bool = False

    def __post_init__(self) -> None:
        """Follow links, so that the folder that they lead to is the one that is written."""
        object.__setattr__(self, "final", resolved(self.final))

    @property
    def work(self) -> Path:
        """Folder of the unfinished run: beside the final one, or in it where that cannot be."""
        if is_closed_around(self.final):
            return self.final / WITHIN
        return work_beside(self.final)

    @property
    def cache(self) -> Path:
        """Folder for finished stages and checkpoints of the unfinished run."""
        return self.work / _CACHE

    @property
    def results(self) -> Path:
        """Folder to write the results to."""
        return self.work / _RESULTS

    def is_complete(self) -> bool:
        """Whether the final folder holds this very run, with all of its files."""
        return self._is_of_this_run() and not damaged_file(self.final, self.manifest)

    def _is_of_this_run(self) -> bool:
        found = read_json_object(self.final / self.manifest)
        return found is not None and found.get("fingerprint") == self.fingerprint

    @contextmanager
    def held(self, *, wait: bool = False) -> Iterator[None]:
        """Keep the folder to this process, and tell in one message if it cannot be written.

        Parameters
        ----------
        wait : bool
            Wait while another process is at work in the folder, instead of giving up at once.

        Raises
        ------
        RunDirectoryError
            If the final place holds something that is not a run, another process is at work in
            it, or it cannot be written, at first or at any time until the end.
        """
        self._check()
        at = lock_file(self.final, inside=is_closed_around(self.final))
        with locked(self.final, wait=wait, at=at):
            try:
                with told_of(self.final, "choose another --out"):
                    self._end_interrupted_move()
                self._check()  # again: the folder may be another one after waiting
                with self._told_while_running():
                    yield
            finally:
                if self._is_done():
                    remove_tree(self.work, last=_STATE)

    def begin(self, *, resume: bool) -> None:
        """Make the work folder ready: empty, or with the stages that an interrupted run left."""
        self._check()
        with told_of(self.final, "choose another --out"):
            if self._is_of_this_run() and (damage := damaged_file(self.final, self.manifest)):
                _LOG.warning(
                    "%s: not as its run wrote it; the run is done again", self.final / damage
                )
            if not (resume and self._is_resumable()):
                remove_tree(self.work, last=_STATE)
            if resume:
                self._take_kept_stages()
            remove_tree(self.results)
            self.cache.mkdir(parents=True, exist_ok=True)
            self.results.mkdir()
            with replacing(self.work / _STATE) as new:
                new.write_text(self.fingerprint + "\n", encoding="utf-8")

    def withdraw(self, manifest: Mapping[str, Any]) -> None:
        """Take away the results of an earlier time while parts of the folder are done anew.

        Parameters
        ----------
        manifest : mapping
            What the manifest says until the end; that of a finished run has other contents.
        """
        self.final.mkdir(exist_ok=True)
        path = self.final / self.manifest
        kept = KeptFiles(self.final, next_kept(self.final))
        if path.exists() and not is_sealed(self.final, self.manifest):
            kept.make_way(self.manifest)
        remove_own(self.final, own_files(self.final, self.manifest) or {}, kept)
        whole = sealed({**manifest, "fingerprint": ""}, {})
        with replacing(path) as new:
            new.write_text(manifest_text(whole), encoding="utf-8")
        kept.tell()

    def finish(self) -> None:
        """Move the results to the final place; of an earlier run's files, those it wrote go."""
        self._seal()
        self._keep_stages()
        if self.final.exists():
            own = own_files(self.final, self.manifest) or {}
            write_json(self.work / _JOURNAL, {"own": own, "kept": next_kept(self.final)})
            self._end_interrupted_move()
        else:
            self.results.rename(self.final)
            flush_folder(self.final.parent)
        remove_tree(self.work, last=_STATE)

    def _take_kept_stages(self) -> None:
        """Go on from the stages of a finished run, where there are none of an interrupted one.

        Each stage tells by its key whether it is this run's.
        """
        for kept in (self.results / KEPT_STAGES, self.final / KEPT_STAGES):
            if kept.is_dir() and not kept.is_symlink() and not self.cache.exists():
                self.work.mkdir(parents=True, exist_ok=True)
                kept.rename(self.cache)

    def _keep_stages(self) -> None:
        """Move the stages beside the results; they are no part of what the manifest lists."""
        if self.cache.is_dir() and any(self.cache.iterdir()):
            self.cache.rename(self.results / KEPT_STAGES)

    def _seal(self) -> None:
        """Let the manifest list the files beside it."""
        path = self.results / self.manifest
        files = listing(self.results, but=self.manifest)
        whole = sealed(read_manifest(self.results, self.manifest), files)
        with replacing(path) as new:
            new.write_text(manifest_text(whole), encoding="utf-8")

    def _end_interrupted_move(self) -> None:
        """Move the results to the final place, from the beginning or where a kill left off."""
        journal = read_json(self.work / _JOURNAL) if self.work.is_dir() else None
        if journal is None or not self.results.is_dir():
            return
        kept = KeptFiles(self.final, str(journal["kept"]))
        if journal["own"] is not None:
            # Until they are all gone nothing new is there, so that nothing new is taken for old.
            if is_sealed(self.final, self.manifest):
                (self.final / self.manifest).unlink()
            kept.make_way(self.manifest)
            remove_own(self.final, journal["own"], kept)
            write_json(self.work / _JOURNAL, journal | {"own": None})
        self.final.mkdir(exist_ok=True)
        if (stages := self.results / KEPT_STAGES).is_dir():
            remove_tree(self.final / KEPT_STAGES)
            stages.rename(self.final / KEPT_STAGES)
        put_in_place(self.results, self.final, self.manifest, kept)
        remove_tree(self.results)
        kept.tell()

    def _is_done(self) -> bool:
        """Whether nothing in the work folder is needed any more."""
        try:
            is_mine = self._fingerprint_of_work() in {"", self.fingerprint}
            return is_mine and not self.results.is_dir() and self.is_complete()
        except OSError:
            return False

    def _is_resumable(self) -> bool:
        """Whether an interrupted run left its stages; each tells by its key whether it counts."""
        found = self._fingerprint_of_work()
        if not found and self.cache.is_dir():
            _LOG.warning(
                "%s: damaged or not there; all stages are computed again", self.work / _STATE
            )
        return bool(found)

    def _fingerprint_of_work(self) -> str:
        """Fingerprint of the unfinished run; empty where it is not there or damaged."""
        try:
            found = (self.work / _STATE).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""
        return found if _FINGERPRINT.fullmatch(found) else ""

    @contextmanager
    def _told_while_running(self) -> Iterator[None]:
        """Turn what the disk says against writing into one message; stages stay."""
        try:
            yield
        except CannotWriteError as error:
            # Of what is written for the run: told as what it means for the run.
            raise self._told(error.__cause__ or error) from error
        except OSError as error:
            if not self._is_of_writing(error):
                raise
            raise self._told(error) from error

    def _told(self, error: BaseException) -> CannotWriteError:
        """Say what stands against writing, and how to go on; what is not complete makes room."""
        remove_tree(self.results)
        cause = cause_of(error) if isinstance(error, OSError) else str(error)
        named = getattr(error, "filename", None)
        if isinstance(error, OSError) and is_of_full_disk(error):
            named = error.filename2 or named  # of a copy: the disk of the second file is full
        if named and not self._is_in_folder(Path(os.fsdecode(named))):
            cause = joined((str(named), cause), ": ")
        return CannotWriteError(cannot_write(self.final, cause, self._how_to_go_on()))

    def _is_of_writing(self, error: OSError) -> bool:
        """Whether an error is of the folder, and not of something that the run reads."""
        if is_of_full_disk(error):
            return True
        if not is_known(error) or not error.filename:
            return False
        return self._is_in_folder(Path(os.fsdecode(error.filename)))

    def _is_in_folder(self, path: Path) -> bool:
        path = path.absolute()
        return any(path.is_relative_to(folder) for folder in (self.work, self.final))

    def _how_to_go_on(self) -> str:
        if not self.work.is_dir():
            return said("mend that and start again")
        how = "the same command with --resume" if self.manifest == MANIFEST else "the same command"
        return said("what is computed is kept: mend that, then {how} goes on", how=how)

    def _check(self) -> None:
        """Refuse a place that holds something else, or that the run reads from."""
        try:
            self._check_place()
        except OSError as error:
            msg = cannot_write(self.final, cause_of(error), "choose another --out")
            raise RunDirectoryError(msg) from error
        for given in self.inputs:
            path = resolved(given)
            if path == self.final or (path in self.final.parents and path.is_dir()):
                told = "{folder}: lies in {path}, which the study reads; choose another --out"
                msg = said(told, folder=str(self.final), path=str(path))
                raise RunDirectoryError(msg)
            if self.final in path.parents:
                told = "{folder}: holds {path}, which the study reads; choose another --out"
                msg = said(told, folder=str(self.final), path=str(path))
                raise RunDirectoryError(msg)

    def _check_place(self) -> None:
        final = self.final
        if final == final.parent:
            told = "{folder}: expected a folder of its own for the result; choose another --out"
            msg = said(told, folder=str(final))
            raise RunDirectoryError(msg)
        if final.exists() and not final.is_dir():
            told = "{folder}: is a file, not a folder; choose another --out"
            msg = said(told, folder=str(final))
            raise RunDirectoryError(msg)
        if (self.work / _JOURNAL).is_file() or self.is_part or not _has_content(final):
            self._check_work()
            return
        if own_files(final, self.manifest) is None:
            raise RunDirectoryError(self._refusal())
        self._check_work()

    def _refusal(self) -> str:
        """Why the final place may not be written."""
        has_manifest = (self.final / self.manifest).exists()
        reason = "is not one that the planner wrote" if has_manifest else "is missing"
        if self.manifest not in _KINDS:
            what = f"holds other files, and {self.manifest} {reason}"
            return f"{self.final}: {what}; name another folder with --out"
        what = f"exists and is not a {_KINDS[self.manifest]} of the planner"
        return (
            f"{self.final}: {what} ({self.manifest} {reason}); choose another --out, "
            "or empty the folder"
        )

    def _check_work(self) -> None:
        """Refuse a folder of the work folder's name that holds something else."""
        if not _has_content(self.work):
            return
        known = (_STATE, _JOURNAL, _CACHE, f".{_STATE}.writing")
        if not any((self.work / name).exists() for name in known):
            msg = said(
                "{folder}: exists and is not of an unfinished run; move it elsewhere, or choose "
                "another --out",
                folder=str(self.work),
            )
            raise RunDirectoryError(msg)


def _has_content(folder: Path) -> bool:
    """Whether a folder holds more than the planner's own unfinished work."""
    ours = {WITHIN, KEPT_STAGES, lock_file(folder, inside=True).name}
    return folder.is_dir() and any(entry.name not in ours for entry in folder.iterdir())

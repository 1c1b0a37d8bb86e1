"""What a command says of a finished run that lacks something, whatever it is."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import RunDirectoryError, ScenarioError
from planner.runs.manifests import MANIFEST, SWEEP_MANIFEST
from planner.runs.own_files import read_json_object
from planner.said import AsWritten, joined, said

if TYPE_CHECKING:
    from collections.abc import Callable

_OF_MISSING_PARTS = (KeyError, TypeError, ValueError, IndexError, AttributeError)
"""What Python says where a key is not there, or holds something of another kind."""


def of_finished_runs(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command that reads finished runs tell of one that is not as it was written.

    Half a copy, a table that a disk has damaged, a manifest that somebody has edited: the command
    meets that at any place. It is a fault of the program only where the run is whole.

    Parameters
    ----------
    command : callable
        Takes folders of runs among its arguments.
    """

    @wraps(command)
    def told(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except ScenarioError as error:
            # Nobody has written that scenario but the planner.
            for folder in _folders(list(options.values())):
                if Path(error.where) == folder / MANIFEST and _of_other_version(folder):
                    msg = said(
                        "{folder}: written by another version of the planner, and this one does "
                        "not take its scenario ({faults}); put back files that are gone, or run "
                        "the scenario again with this version",
                        folder=str(folder),
                        faults=joined(error.faults),
                    )
                    raise RunDirectoryError(msg) from error
            raise
        except _OF_MISSING_PARTS as error:
            folders = _folders(list(options.values()))
            for folder in folders:
                if lacking := _damage(folder):
                    msg = said(
                        "{folder}: {lacking} is not as the run wrote it ({error}); take a whole "
                        "copy, or run the scenario again",
                        folder=str(folder),
                        lacking=AsWritten(lacking),
                        error=repr(error),
                    )
                    raise RunDirectoryError(msg) from error
            for folder in folders:
                if other := _of_other_version(folder):
                    msg = said(
                        "{folder}: written by another version of the planner, and this one fails "
                        "on it ({error}); run the scenario again with this version. If that run "
                        "fails here too, the fault is the program's: --debug shows where",
                        folder=str(other),
                        error=repr(error),
                    )
                    raise RunDirectoryError(msg) from error
            raise

    return told


def _folders(values: list[Any]) -> list[Path]:
    """Paths among the arguments of a command."""
    found: list[Path] = []
    for value in values:
        if isinstance(value, Path) and value.is_dir():
            found.append(value)
        elif isinstance(value, list):
            found += _folders(value)
    return found


def _of_other_version(folder: Path) -> str:
    """A run, or one of a sweep's, whose program was not this one; empty where there is none."""
    from planner.runs.provenance import program_sha256  # noqa: PLC0415  # rarely needed, slow

    runs = [folder] if (folder / MANIFEST).is_file() else _runs_of_sweep(folder)
    manifests = ((run, read_json_object(run / MANIFEST) or {}) for run in runs)
    others = (
        str(run)
        for run, manifest in manifests
        if (manifest.get("provenance") or {}).get("program_sha256") != program_sha256()
    )
    return next(others, "")


def _runs_of_sweep(folder: Path) -> list[Path]:
    return sorted(folder.glob("runs/*/replication-*"))


def _damage(folder: Path) -> str:
    """What of a run, or of a sweep and its runs, is not as it was written."""
    from planner.runs.own_files import damage_of  # noqa: PLC0415  # rarely needed, slow

    if not (folder / SWEEP_MANIFEST).is_file():
        return damage_of(folder, MANIFEST)
    of_runs = (
        f"{run.relative_to(folder).as_posix()}/{lacking}"
        for run in _runs_of_sweep(folder)
        if (lacking := damage_of(run, MANIFEST))
    )
    return damage_of(folder, SWEEP_MANIFEST) or next(of_runs, "")

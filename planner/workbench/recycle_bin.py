"""The bin of a folder: results that were put away, and back to where they lay."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from planner.errors import InputDataError, RunDirectoryError, quoted
from planner.runs.disk_faults import cause_of
from planner.runs.manifests import work_beside
from planner.runs.own_files import read_json_object
from planner.said import said
from planner.workbench.folder import OWN, inside, look_into

if TYPE_CHECKING:
    from pathlib import Path

_BIN = "bin"
_STAMP = "%Y%m%d-%H%M%S"
_STAMPED = re.compile(r"(?P<name>.+)-(?P<at>\d{8}-\d{6})(-\d+)?")
_FROM, _UNFINISHED = "from", "is_unfinished"


@dataclass(frozen=True, slots=True)
class Binned:
    """A result in the bin.

    Parameters
    ----------
    name : str
        Its folder in the bin.
    path : str
        Where it lay, from the folder of the workbench.
    at : datetime or None
        When it was put away.
    is_unfinished : bool
        Whether it is what a run has left that was broken off.
    """

    name: str
    path: str
    at: datetime | None
    is_unfinished: bool = False


def bin_of(root: Path) -> Path:
    """Folder of the bin."""
    return root / OWN / _BIN


def put_away(root: Path, run: str) -> str:
    """Move a result, or what a run that was broken off has left, to the bin.

    Returns
    -------
    str
        Where it lies now, from the folder of the workbench.

    Raises
    ------
    PlannerError
        If the workbench lists no such result, it is at work, or it cannot be moved.
    """
    folder = inside(root, run)
    result = next((each for each in look_into(root).results if each.path == run), None)
    if result is None or folder == root:
        msg = said("{run}: expected a result that the page lists; found none", run=quoted(run))
        raise InputDataError(msg)
    if result.state == "running":
        msg = said("{run}: a run is at work in it; stop it first", run=run)
        raise RunDirectoryError(msg)
    to, moved = bin_of(root), ""
    try:
        to.mkdir(parents=True, exist_ok=True)
        for path in (work_beside(folder), folder):
            if path.is_dir():
                name = _free_name(to, path.name.lstrip("."))
                told = {_FROM: run, _UNFINISHED: path != folder}
                (to / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")
                shutil.move(path, to / name)
                moved = name
    except OSError as error:
        msg = said(
            "{folder}: cannot be moved to {to} ({cause_of}); move it by hand",
            folder=str(folder),
            to=str(to),
            cause_of=cause_of(error),
        )
        raise RunDirectoryError(msg) from error
    return (to / moved).relative_to(root).as_posix()


def binned(root: Path) -> list[Binned]:
    """What lies in the bin, put away last first."""
    with suppress(OSError):
        found = [
            _told(path)
            for path in bin_of(root).iterdir()
            if path.is_dir() and not path.is_symlink()
        ]
        never = datetime.min.replace(tzinfo=UTC)
        return sorted(found, key=lambda each: (each.at or never, each.name), reverse=True)
    return []


def take_back(root: Path, name: str) -> str:
    """Move a result from the bin to where it lay.

    Returns
    -------
    str
        Its folder, from the folder of the workbench.

    Raises
    ------
    PlannerError
        If the bin has none of this name, something else lies there by now, or it cannot be moved.
    """
    found = next((each for each in binned(root) if each.name == name), None)
    if found is None:
        msg = said("{name}: expected a result in the bin; found none", name=quoted(name))
        raise InputDataError(msg)
    to = inside(root, found.path)
    to = work_beside(to) if found.is_unfinished else to
    if to.exists() or to == root:
        msg = said(
            "{path}: something lies there again; put that away first, or move it by hand",
            path=str(found.path),
        )
        raise RunDirectoryError(msg)
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(bin_of(root) / name, to)
        (bin_of(root) / f"{name}.json").unlink(missing_ok=True)
    except OSError as error:
        msg = said(
            "{to}: cannot be moved there ({cause_of}); move it by hand",
            to=str(to),
            cause_of=cause_of(error),
        )
        raise RunDirectoryError(msg) from error
    return found.path


def _free_name(to: Path, name: str) -> str:
    stem = f"{name}-{datetime.now(UTC).strftime(_STAMP)}"
    names = [stem, *(f"{stem}-{number}" for number in range(2, 100))]
    return next((each for each in names if not (to / each).exists()), stem)


def _told(path: Path) -> Binned:
    """What is known of a folder in the bin; that of an earlier version lay below outputs."""
    told = read_json_object(path.with_name(f"{path.name}.json")) or {}
    parts = _STAMPED.fullmatch(path.name)
    at = None
    if parts is not None:
        with suppress(ValueError):  # figures that are no date
            at = datetime.strptime(parts["at"], _STAMP).replace(tzinfo=UTC)
    name = path.name if parts is None else parts["name"]
    return Binned(
        path.name,
        str(told.get(_FROM) or f"outputs/{name.removesuffix('.partial')}"),
        at,
        bool(told.get(_UNFINISHED, name.endswith(".partial"))),
    )

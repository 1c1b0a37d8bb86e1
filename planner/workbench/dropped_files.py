"""Files that were dropped on a page: kept in the folder under a plain name, bounded, whole."""

from __future__ import annotations

import filecmp
import re
import secrets
import threading
import unicodedata
from contextlib import contextmanager
from typing import TYPE_CHECKING

from planner.errors import InputDataError, RunDirectoryError, quoted
from planner.runs.disk_faults import cause_of
from planner.said import said
from planner.workbench.dropped_uses import ENDINGS
from planner.workbench.folder import inside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

DATA = "data"
"""Folder in the folder in which dropped files are kept."""
_MOST_STEM = 80
_MOST_LISTED = 500
_OTHER_SIGNS = re.compile(r"[^\w.() +-]+")
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_UNFINISHED = ".part"
_NAMING = threading.Lock()
"""Two files of a name that arrive at once get a name each."""


def plain_name(name: str) -> str:
    """Name under which a file is kept: its last part, without signs that trip programs up.

    Raises
    ------
    InputDataError
        If no reader takes files of this ending.
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1].strip())
    ending = next((each for each in ENDINGS if last.lower().endswith(each)), "")
    if last.lower().endswith(".shp"):
        told = (
            "{name}: a Shapefile is several files; pack all of one name (.shp, .shx, .dbf, .prj) "
            "into a .zip and give that"
        )
        raise InputDataError(said(told, name=quoted(last)))
    if not ending:
        told = (
            "{name}: expected a file as {endings}; found another ending. Export it as one of these"
        )
        raise InputDataError(said(told, name=quoted(last), endings=ENDINGS))
    stem = _OTHER_SIGNS.sub("-", last[: -len(ending)]).strip(" .-")[:_MOST_STEM].strip(" .-")
    if not stem or _DEVICES.fullmatch(stem):
        stem = f"file-{stem}".strip("-")
    return stem + ending


@contextmanager
def arriving(root: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A file that is filled as its bytes arrive; what is not taken over is gone at the end.

    Yields
    ------
    BinaryIO
        To write to.
    Path
        Where it lies meanwhile.

    Raises
    ------
    RunDirectoryError
        If the folder cannot be written.
    """
    folder = inside(root, DATA)
    path = folder / f".{secrets.token_hex(8)}{_UNFINISHED}"
    try:
        folder.mkdir(exist_ok=True)
        with path.open("xb") as file:
            yield file, path
    except OSError as error:
        told = "{folder}: cannot be written ({reason}); make room there, or let it be written"
        msg = said(told, folder=str(folder), reason=cause_of(error))
        raise RunDirectoryError(msg) from error
    finally:
        path.unlink(missing_ok=True)


def taken_over(root: Path, arrived: Path, name: str) -> str:
    """Keep a file that has arrived, beside others of its name.

    Parameters
    ----------
    name : str
        As :func:`plain_name` gives it.

    Returns
    -------
    str
        The name that it has now: that of a file with the same content, if there is one.
    """
    ending = next(each for each in ENDINGS if name.lower().endswith(each))
    stem = name[: -len(ending)]
    with _NAMING:
        number = 1
        while True:
            called = name if number == 1 else f"{stem}-{number}{ending}"
            path = inside(root, f"{DATA}/{called}")
            if not path.exists():
                arrived.rename(path)
                return called
            if path.is_file() and filecmp.cmp(arrived, path, shallow=False):
                return called
            number += 1


def kept_files(root: Path) -> list[str]:
    """Names of the files that are kept, and of what users have put beside them."""
    try:
        names = sorted(each.name for each in (root / DATA).iterdir() if _is_here(root, each))
    except OSError:
        return []
    plain = [name for name in names if not name.startswith(".")]
    return [name for name in plain if name.lower().endswith(ENDINGS)][:_MOST_LISTED]


def _is_here(root: Path, path: Path) -> bool:
    """Whether something is a file of the folder, not a link that leads elsewhere."""
    return path.is_file() and path.resolve().is_relative_to(root.resolve())


def kept_file(root: Path, name: str) -> Path:
    """A kept file.

    Raises
    ------
    InputDataError
        If there is none of this name.
    """
    path = inside(root, f"{DATA}/{name}")
    if "/" in name or "\\" in name or not path.is_file():
        told = "{name}: expected a file of the folder {folder}; found none"
        raise InputDataError(said(told, name=quoted(name), folder=DATA))
    return path

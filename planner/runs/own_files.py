"""Which files of a folder the planner wrote itself, and putting new ones in their place.

A folder's manifest lists them with their SHA-256. Nothing else is ever removed: a file that was
changed since, or that the manifest does not list, is somebody's work.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from planner.runs.durable_files import flush_file, flush_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PROGRAM = "truck-charging-planner"
PROGRAM_KEY, FILES_KEY, SEAL_KEY = "program", "files", "manifest_sha256"
KEPT = "kept-{}"
"""Folder that takes files which are not the planner's and stand where new ones go."""

_LOG = logging.getLogger(__name__)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMPANIONS = ("-wal", "-shm", "-journal")
"""Files that SQLite keeps beside an open GeoPackage; beside another one they would spoil it."""
_KEYS_BEFORE_LISTS = {
    "run.json": ("manifest_version", "fingerprint", "name", "summary", "scenario", "provenance"),
    "sweep.json": ("sweep", "complete"),
    "evaluation.json": ("study", "solution_beside", "closed_sites", "layouts"),
    "target.json": ("study", "n_hpc", "n_hpc_of_front", "n_hpc_proved"),
}
"""Keys of the manifests of versions that listed no files, by the name of the manifest."""
MANIFESTS = tuple(_KEYS_BEFORE_LISTS)
"""Names of the manifests of results of all kinds."""
_SHOWN_FILES = 5
_FLUSHED_AT_ONCE = 4


def read_json_object(path: Path) -> dict[str, Any] | None:
    """Keys and values of a JSON file; None where it holds something else or cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def own_files(folder: Path, manifest_name: str) -> dict[str, str] | None:
    """Files that the planner wrote to a folder, as its manifest lists them.

    Returns
    -------
    dict of str to str, or None
        SHA-256 by path below the folder, ``/`` between its parts; empty for a manifest of an
        earlier version, which lists none. None if the manifest is not the planner's own.
    """
    manifest = read_json_object(folder / manifest_name)
    if manifest is None:
        return None
    if manifest.get(PROGRAM_KEY) == PROGRAM:
        return _listed(manifest)
    return {} if _is_of_earlier_version(manifest, manifest_name) else None


def sealed(manifest: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    """A manifest with what shows later that it is the planner's own, and which files are.

    Parameters
    ----------
    manifest : mapping
        Keys and values, plain ones.
    files : mapping of str to str
        SHA-256 by path, from :func:`listing`.
    """
    whole = dict(manifest) | {PROGRAM_KEY: PROGRAM, FILES_KEY: dict(files)}
    return whole | {SEAL_KEY: _seal(whole)}


def is_sealed(folder: Path, manifest_name: str) -> bool:
    """Whether a manifest is as the planner wrote it, to the last key."""
    manifest = read_json_object(folder / manifest_name)
    return manifest is not None and manifest.get(SEAL_KEY) == _seal(manifest)


def _seal(manifest: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in manifest.items() if key != SEAL_KEY}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _listed(manifest: Mapping[str, Any]) -> dict[str, str] | None:
    """Files of a manifest; None if the list cannot be one that the planner wrote."""
    listed = manifest.get(FILES_KEY)
    if not isinstance(manifest.get("fingerprint"), str) or not isinstance(listed, dict):
        return None
    is_sound = all(
        _is_below(path) and isinstance(sha256, str) and _SHA256.fullmatch(sha256)
        for path, sha256 in listed.items()
    )
    return dict(listed) if is_sound else None


def _is_below(path: str) -> bool:
    """Whether a path cannot lead out of the folder it starts in."""
    pure = PurePosixPath(path)
    return (
        bool(pure.parts)
        and not pure.is_absolute()
        and ".." not in pure.parts
        and "\\" not in path
        and ":" not in path
    )


def _is_of_earlier_version(manifest: Mapping[str, Any], name: str) -> bool:
    if not set(_KEYS_BEFORE_LISTS.get(name, ("",))) <= manifest.keys():
        return False
    match name:
        case "run.json":
            provenance = manifest["provenance"]
            versions = provenance.get("versions") if isinstance(provenance, dict) else None
            has_digest = _SHA256.fullmatch(str(manifest["fingerprint"])) is not None
            return has_digest and isinstance(versions, dict) and PROGRAM in versions
        case "sweep.json":
            asked = manifest["sweep"]
            return isinstance(asked, dict) and {"base", "axes"} <= asked.keys()
    return True


def files_below(folder: Path) -> list[str]:
    """Paths of all files below a folder, ``/`` between their parts, in order."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    )


def listing(folder: Path, *, but: str) -> dict[str, str]:
    """SHA-256 of the files below a folder, each on the disk from then on.

    Parameters
    ----------
    but : str
        A file to leave out: the manifest that is to hold the list.
    """
    names = [name for name in files_below(folder) if name != but]

    def flushed(name: str) -> str:
        flush_file(folder / name)
        return sha256(folder / name)

    # One after the other each would wait for the disk.
    with ThreadPoolExecutor(_FLUSHED_AT_ONCE) as threads:
        listed = dict(zip(names, threads.map(flushed, names), strict=True))
    for below in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        flush_folder(below)
    return listed


def sha256(path: Path) -> str:
    """SHA-256 of a file, 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_as_written(folder: Path, name: str, digest: str) -> bool:
    """Whether a file of a folder is there, no link leads to it, and it holds what it held."""
    path = folder / name
    try:
        is_there = _first_obstacle(folder, name) == path and path.is_file()
        return is_there and not path.is_symlink() and sha256(path) == digest
    except OSError:
        return False


def _first_obstacle(folder: Path, name: str) -> Path | None:
    """What stands where a file is to go: it itself, or a link or file in place of a folder."""
    path = folder
    parts = PurePosixPath(name).parts
    for part in parts[:-1]:
        path /= part
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            return path
    path /= parts[-1]
    return path if path.is_symlink() or path.exists() else None


class KeptFiles:
    """Takes out of the way what is not the planner's, without losing it.

    Parameters
    ----------
    folder : pathlib.Path
        Where the files lie.
    kept : str
        Name of the folder in it that they go to.
    """

    def __init__(self, folder: Path, kept: str) -> None:
        self._folder = folder
        self.kept = folder / kept
        self.names: list[str] = []

    def make_way(self, name: str) -> None:
        """Move what stands where a file is to go, with what SQLite has beside it."""
        obstacle = _first_obstacle(self._folder, name)
        if obstacle is not None:
            self._move(obstacle)
        for beside in _companions(self._folder / name):
            self._move(beside)

    def _move(self, path: Path) -> None:
        name = path.relative_to(self._folder)
        target = self.kept / name
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
        flush_folder(target.parent)
        self.names.append(name.as_posix())

    def tell(self) -> None:
        """Say what was kept, if anything was."""
        if self.names:
            more = len(self.names) - _SHOWN_FILES
            tail = f" and {more} more" if more > 0 else ""
            shown = ", ".join(self.names[:_SHOWN_FILES])
            _LOG.warning("%s: kept aside: %s%s", self.kept, shown, tail)


def next_kept(folder: Path) -> str:
    """Name of a folder for kept files that is not there yet."""
    number = 1
    while (folder / KEPT.format(number)).exists():
        number += 1
    return KEPT.format(number)


def remove_own(folder: Path, own: Mapping[str, str], kept: KeptFiles) -> None:
    """Take away the files that the planner wrote; those changed since are kept.

    Parameters
    ----------
    folder : pathlib.Path
        Where they lie.
    own : mapping of str to str
        SHA-256 by path, from :func:`own_files`.
    kept : KeptFiles
        Takes the changed ones.
    """
    for name, digest in own.items():
        if is_as_written(folder, name, digest) and not _companions(folder / name):
            (folder / name).unlink()
        else:
            kept.make_way(name)
    remove_empty_folders(folder, own)


def _companions(path: Path) -> list[Path]:
    """Files in which SQLite has changes to a file that are not in it yet."""
    beside = [path.with_name(path.name + ending) for ending in _COMPANIONS]
    return [each for each in beside if each.exists()]


def remove_empty_folders(folder: Path, names: Iterable[str]) -> None:
    """Remove folders below one that files of these names lay in, where nothing is left."""
    parents = {parent for name in names for parent in PurePosixPath(name).parents[:-1]}
    for parent in sorted(parents, key=lambda each: len(each.parts), reverse=True):
        path = folder / parent
        if path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
            path.rmdir()


def put_in_place(
    new: Path,
    folder: Path,
    manifest_name: str,
    kept: KeptFiles,
    own: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Move files to where they belong, the manifest last; an interrupted move can be gone on with.

    Parameters
    ----------
    new : pathlib.Path
        Folder of the new files, in the file system of ``folder``.
    folder : pathlib.Path
        Where they belong; what is of the same name there is kept, unless it is the same.
    manifest_name : str
        The manifest among them.
    kept : KeptFiles
        Takes what is in the way.
    own : mapping of str to str
        SHA-256 of what the planner wrote there and may be replaced; nothing by default.
    """
    names = files_below(new)
    for name in sorted(names, key=lambda each: each == manifest_name):
        target = folder / name
        replaceable = {sha256(new / name), own.get(name, "")}
        is_own = any(is_as_written(folder, name, digest) for digest in replaceable)
        if _companions(target) or not is_own:
            kept.make_way(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        (new / name).replace(target)
        flush_folder(target.parent)


def damaged_file(folder: Path, manifest_name: str) -> str:
    """A file of a finished run that is not as it was written; empty where all are.

    Tables in Parquet are looked into: nobody changes them by hand. Of the others it counts that
    they are there.
    """
    own = own_files(folder, manifest_name) or {}
    for name, digest in own.items():
        path = folder / name
        if name.endswith(".parquet") and not is_as_written(folder, name, digest):
            return name
        if not path.is_file() or not path.stat().st_size:
            return name
    return ""


def damage_of(folder: Path, manifest_name: str) -> str:
    """What of a finished run is not as the planner wrote it, the manifest before its tables.

    Returns
    -------
    str
        Name of a file; empty where all is as it was.
    """
    if not is_sealed(folder, manifest_name):
        return manifest_name
    return damaged_file(folder, manifest_name)

"""Where the figures of a run come from: hashes of inputs and program, versions, time, commit."""

from __future__ import annotations

import hashlib
import math
import platform
import shutil
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from planner.errors import InputDataError
from planner.runs.sources import PACKAGE
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.runs.stage_folders import TakenStage


class Settings(Protocol):
    """Whatever can say what is asked."""

    def model_dump_json(self) -> str:
        """All settings as JSON."""
        ...


MANIFEST_VERSION = 1
"""Grows when a key changes its meaning; new keys do not change it."""

_PACKAGES = (
    "truck-charging-planner",
    "numpy",
    "scipy",
    "numba",
    "pandas",
    "pyarrow",
    "pymoo",
    "shapely",
    "pyogrio",
    "altair",
)
_CHUNK_BYTES = 1 << 20
_NOT_OWN = frozenset({"__pycache__", "_data"})
"""Folders of byte code and compiled kernels, and of the data that travel with an installation."""


def collect_provenance(
    inputs: Mapping[str, Path],
    seed: int,
    timings_s: Mapping[str, float],
    peak_memory_mb: Mapping[str, float],
    taken: Mapping[str, TakenStage] = MappingProxyType({}),
) -> dict[str, Any]:
    """Where a run comes from.

    Parameters
    ----------
    inputs : mapping of str to Path
        Files and directories that were read, by what they are.
    seed : int
        Seed of all randomness.
    timings_s : mapping of str to float
        Seconds per stage.
    peak_memory_mb : mapping of str to float
        Most memory held by the end of each stage.
    taken : mapping of str to TakenStage, optional
        Stages that were taken from other runs.

    Returns
    -------
    dict
        ``created_utc``, ``git_commit`` (None outside a checkout; ends in ``+changes`` where files
        differ from it), ``program_sha256``, ``versions``, ``platform``, ``seed``,
        ``inputs_sha256``, ``timings_s``, ``peak_memory_mb``, ``taken_stages``.
    """
    return {
        "created_utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "git_commit": _git_commit(),
        "program_sha256": program_sha256(),
        "versions": {"python": platform.python_version()} | _package_versions(),
        "platform": platform.platform(),
        "seed": seed,
        "inputs_sha256": {name: sha256_of(path) for name, path in inputs.items()},
        "timings_s": {stage: round(seconds, 3) for stage, seconds in timings_s.items()},
        "peak_memory_mb": {stage: round(peak) for stage, peak in peak_memory_mb.items()},
        "taken_stages": {stage: asdict(each) for stage, each in taken.items()},
    }


@cache
def program_sha256() -> str:
    """SHA-256 of the planner's own files: tells versions apart that bear the same number.

    Modules, and whatever pages, maps and texts are made from, of any ending.
    """
    root = PACKAGE
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        is_own = not _NOT_OWN.intersection(name.parts) and not path.name.startswith(".")
        if is_own and path.is_file():
            digest.update(f"{name.as_posix()}\0{sha256_of(path)}\n".encode())
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, or of the names and contents of all files below a directory.

    Hidden files and Python's caches are no part of a directory: tools leave them behind.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    try:
        if path.is_dir():
            for file in sorted(entry for entry in path.rglob("*") if entry.is_file()):
                parts = file.relative_to(path).parts
                if any(part.startswith(".") or part == "__pycache__" for part in parts):
                    continue
                name = "/".join(parts)
                digest.update(f"{name}\0{sha256_of(file)}\n".encode())
        else:
            with path.open("rb") as stream:
                while chunk := stream.read(_CHUNK_BYTES):
                    digest.update(chunk)
    except OSError as error:
        message = said(
            "{path}: expected a readable input; found: {error}; check the path",
            path=str(path),
            error=str(error.strerror),
        )
        raise InputDataError(message) from error
    return digest.hexdigest()


def run_fingerprint(settings: Settings, files: Iterable[Path]) -> str:
    """Hash of all that a run depends on: the settings, its input files, the program itself."""
    digest = hashlib.sha256(settings.model_dump_json().encode())
    for path in files:
        digest.update(sha256_of(path).encode())
    digest.update(program_sha256().encode())
    return digest.hexdigest()


def plain_values(value: Any) -> Any:
    """Value with NumPy types turned into Python's, paths into texts, and NaN into None.

    Parameters
    ----------
    value : Any
        Nested dictionaries, sequences, arrays and scalars.

    Returns
    -------
    Any
        The same as JSON knows it.

    Raises
    ------
    TypeError
        If a value has no JSON counterpart.
    """
    if isinstance(value, dict):
        return {str(key): plain_values(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_values(entry) for entry in value]
    if hasattr(value, "tolist"):  # of NumPy, which `--help` need not load
        return plain_values(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Path):
        return str(value)
    message = f"{type(value).__name__} has no place in run.json"
    raise TypeError(message)


def _package_versions() -> dict[str, str]:
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return versions


def _git_commit() -> str | None:
    git = shutil.which("git")
    root = Path(__file__).parents[2]
    if git is None or not (root / ".git").exists():
        return None
    commit = _git_output(git, root, "rev-parse", "HEAD")
    if commit is None:
        return None
    changed = _git_output(git, root, "status", "--porcelain", "--untracked-files=no")
    return f"{commit}+changes" if changed else commit


def _git_output(git: str, root: Path, *arguments: str) -> str | None:
    done = subprocess.run(  # noqa: S603 - fixed arguments
        [git, "-C", str(root), *arguments], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else None

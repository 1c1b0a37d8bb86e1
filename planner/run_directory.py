"""A run's folder: written beside its final place and moved there when it is complete."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.errors import RunDirectoryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFEST = "run.json"
_STATE = "fingerprint.txt"
_CACHE = "stages"


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """The final folder of a run and the unfinished one beside it.

    Parameters
    ----------
    final : pathlib.Path
        Where the complete run will lie.
    fingerprint : str
        Hash of everything the result depends on; work of a run with another one is not reused.
    """

    final: Path
    fingerprint: str

    @property
    def partial(self) -> Path:
        """Folder of the unfinished run."""
        return self.final.parent / f".{self.final.name}.partial"

    @property
    def cache(self) -> Path:
        """Folder for finished stages and checkpoints of the unfinished run."""
        return self.partial / _CACHE

    def is_complete(self) -> bool:
        """Whether the final folder holds this very run."""
        try:
            return bool(read_manifest(self.final)["fingerprint"] == self.fingerprint)
        except (RunDirectoryError, KeyError):
            return False

    def begin(self, *, resume: bool) -> None:
        """Make the unfinished folder ready: empty, or with what an interrupted run left.

        Raises
        ------
        RunDirectoryError
            If the final place holds something that is not a run, or cannot be written.
        """
        if (
            self.final.exists()
            and not (self.final / MANIFEST).is_file()
            and _has_content(self.final)
        ):
            msg = (
                f"{self.final}: exists and is not a run of the planner ({MANIFEST} is missing); "
                "choose another --out, or empty the folder"
            )
            raise RunDirectoryError(msg)
        state = self.partial / _STATE
        is_same_run = state.is_file() and state.read_text().strip() == self.fingerprint
        try:
            if not (resume and is_same_run):
                shutil.rmtree(self.partial, ignore_errors=True)
            self.cache.mkdir(parents=True, exist_ok=True)
            with replacing(state) as new:
                new.write_text(self.fingerprint + "\n")
        except OSError as error:
            msg = f"{self.final}: cannot be written ({error.strerror}); choose another --out"
            raise RunDirectoryError(msg) from error

    def finish(self) -> None:
        """Move the finished run to its final place, in the place of an older one."""
        shutil.rmtree(self.cache)
        (self.partial / _STATE).unlink()
        old = self.final.parent / f".{self.final.name}.old"
        shutil.rmtree(old, ignore_errors=True)
        if self.final.exists():
            self.final.rename(old)
        self.partial.rename(self.final)
        shutil.rmtree(old, ignore_errors=True)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Contents of a run's ``run.json``.

    Raises
    ------
    RunDirectoryError
        If the folder is not a complete run.
    """
    path = folder / MANIFEST
    if not path.is_file():
        missing = MANIFEST if folder.is_dir() else "the folder"
        msg = (
            f"{folder}: not a run of the planner ({missing} is missing); "
            "name the folder that 'planner run' reported"
        )
        raise RunDirectoryError(msg)
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{path}: not readable as JSON ({error}); run the scenario again"
        raise RunDirectoryError(msg) from error
    if not isinstance(manifest, dict):
        msg = f"{path}: expected keys with values; found {type(manifest).__name__}"
        raise RunDirectoryError(msg)
    return manifest


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path that takes the place of ``path`` at the end, or is removed."""
    temporary = path.with_name(f".{path.name}.writing")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _has_content(folder: Path) -> bool:
    return not folder.is_dir() or any(folder.iterdir())

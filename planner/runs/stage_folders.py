"""Folders of finished stages, each kept under a key of all that the stage depends on.

The key hashes the modules that compute the stage with those that they import, its settings, the
inputs of the run, and the stage before it. A page or a translation that was edited makes no stage
new, an edited kernel those that it computes. Of each stage the folder used last is kept, also of
runs that never end: what they leave does not grow.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.runs.durable_files import remove_tree
from planner.runs.provenance import sha256_of
from planner.runs.sources import sources_sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import Any

_KEY_DIGITS = 16


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


class StageFolders:
    """The stages of a run.

    Parameters
    ----------
    cache : pathlib.Path
        Folder that exists.
    inputs : sequence of pathlib.Path
        Files and folders that the run reads.
    """

    def __init__(self, cache: Path, inputs: Sequence[Path]) -> None:
        self._cache = cache
        self._inputs = "".join(sha256_of(path) for path in inputs)
        self._used: set[str] = set()

    def key(self, computes: Callable[..., Any], settings: str, *after: str) -> str:
        """Key of what a function gives.

        Parameters
        ----------
        computes : callable
            A function of the planner; its module with all that it imports counts.
        settings : str
            All that it is told beside inputs and stages before.
        *after : str
            Keys of what it goes on from.
        """
        parts = (sources_sha256(computes.__module__), settings, self._inputs, *after)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def stage(self, name: str, computes: Callable[..., Any], settings: str, *after: str) -> Stage:
        """Open a stage, and remove what it left under another key; see :meth:`key`."""
        key = self.key(computes, settings, *after)
        folder = self._cache / f"{name}-{key[:_KEY_DIGITS]}"
        folder.mkdir(exist_ok=True)
        self._used.add(folder.name)
        for older in self._cache.glob(f"{name}-{'?' * _KEY_DIGITS}"):
            if older.name not in self._used:
                remove_tree(older)
        return Stage(folder, key)

    def forget_others(self) -> None:
        """Remove what is not of stages that were opened."""
        for entry in self._cache.iterdir():
            if entry.name not in self._used:
                remove_tree(entry)

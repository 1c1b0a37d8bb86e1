"""Checkpoints of a search: written whole or not at all, refused by any other search."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.errors import RunDirectoryError
from planner.runs.stage_files import read_arrays, write_arrays
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything that a search needs to go on exactly as if it had never stopped.

    Parameters
    ----------
    generation : int
        Generations done, the initial population being the first.
    is_exhausted : bool
        Whether nothing new is left to try.
    layouts : (n, n_sites) int64
        Population.
    objectives : (n, n_objectives) float64
        Their costs.
    rank, crowding : (n,) float64
        What the tournaments of the next generation compare.
    archive_seed_points, archive_points : (.., n_objectives) float64
        Of the :class:`~planner.optimization.archive.Archive`.
    archive_layouts : (.., n_sites) int32
        Of the archive.
    history : (generation, n_columns) float64
        A row per generation.
    random_state : dict
        State of the bit generator.
    """

    generation: int
    is_exhausted: bool
    layouts: NDArray[np.int64]
    objectives: NDArray[np.float64]
    rank: NDArray[np.float64]
    crowding: NDArray[np.float64]
    archive_seed_points: NDArray[np.float64]
    archive_points: NDArray[np.float64]
    archive_layouts: NDArray[np.int32]
    history: NDArray[np.float64]
    random_state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CheckpointFile:
    """Where a search writes its checkpoints, and what tells it from other searches.

    Parameters
    ----------
    path : Path
        File, ``.npz``. If it exists the search goes on from it.
    fingerprint : str
        Digest of all that determines the search.
    """

    path: Path
    fingerprint: str


def checkpoint_file(
    folder: Path | None, name: str, *determined_by: object
) -> CheckpointFile | None:
    """Where a search of a name writes its checkpoints; None where there is no folder for them.

    Parameters
    ----------
    folder : Path or None
        Folder of the run's checkpoints.
    *determined_by : object
        All that determines the search, as :func:`fingerprint` takes it.
    """
    if folder is None:
        return None
    return CheckpointFile(folder / f"{name}.npz", fingerprint(name, *determined_by))


def write_checkpoint(path: Path, checkpoint: Checkpoint, fingerprint: str) -> None:
    """Write a checkpoint in place of the one before, atomically.

    Parameters
    ----------
    path : Path
        Target, ``.npz``; its folder is made if need be.
    checkpoint : Checkpoint
        State of the search.
    fingerprint : str
        From :func:`fingerprint` over all that determines the search.
    """
    path.parent.mkdir(exist_ok=True)
    arrays = {
        entry.name: np.asarray(getattr(checkpoint, entry.name))
        for entry in fields(checkpoint)
        if entry.name != "random_state"
    }
    words = {"random_state": json.dumps(checkpoint.random_state), "fingerprint": fingerprint}
    write_arrays(path, arrays | {name: np.array(text) for name, text in words.items()})


def read_checkpoint(path: Path, fingerprint: str) -> Checkpoint | None:
    """Read a checkpoint of the same search.

    Parameters
    ----------
    path : Path
        Written by :func:`write_checkpoint`.
    fingerprint : str
        Of the search that wants to go on.

    Returns
    -------
    Checkpoint, or None
        None where there is none, or a damaged one: the search then begins anew.

    Raises
    ------
    RunDirectoryError
        If the file belongs to another search.
    """
    arrays = read_arrays(path)
    if arrays is None:
        return None
    found = str(arrays.pop("fingerprint"))
    if found != fingerprint:
        message = said(
            "{path}: a checkpoint of another search (demand, bounds, settings or seed differ: "
            "expected {expected}, found {found}); delete it or use another run directory",
            path=str(path),
            expected=fingerprint,
            found=found,
        )
        raise RunDirectoryError(message)
    random_state = json.loads(str(arrays.pop("random_state")))
    generation, is_exhausted = int(arrays.pop("generation")), bool(arrays.pop("is_exhausted"))
    return Checkpoint(generation, is_exhausted, random_state=random_state, **arrays)


def fingerprint(*parts: object) -> str:
    """Digest of arrays, plain values, and frozen dataclasses and tuples of them.

    Parameters
    ----------
    *parts : object
        What to digest, in order.

    Returns
    -------
    str
        32 hexadecimal digits, the same in every process.
    """
    digest = blake2b(digest_size=16)
    for part in parts:
        _digest(part, digest)
    return digest.hexdigest()


def _digest(part: object, digest: blake2b) -> None:
    if isinstance(part, np.ndarray) and part.dtype.names:
        # Field by field: the bytes between the fields of an aligned record may be anything.
        for name in part.dtype.names:
            digest.update(name.encode())
            _digest(part[name], digest)
    elif isinstance(part, np.ndarray):
        digest.update(f"{part.dtype.descr}{part.shape}".encode())
        digest.update(np.ascontiguousarray(part).tobytes())
    elif is_dataclass(part) and not isinstance(part, type):
        for entry in fields(part):
            digest.update(entry.name.encode())
            _digest(getattr(part, entry.name), digest)
    elif isinstance(part, tuple):
        for item in part:
            _digest(item, digest)
    else:
        digest.update(f"{type(part).__name__}:{part!r};".encode())

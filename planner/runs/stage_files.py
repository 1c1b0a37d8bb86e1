"""Finished stages of a run on disk, so that an interrupted run need not repeat them.

The one reader and writer of such files. Each carries a checksum over its name and contents: what
a failing disk or a power cut made of it is found here, told, and computed again.
"""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from hashlib import blake2b
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.runs.durable_files import remove_tree, replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    _Tell = Callable[[Path, str], None]

_LOG = logging.getLogger(__name__)
_HEAD = b"planner stage 1 "
_DIGEST_BYTES = 16
_TOLD = ".damaged"
"""Note in the folder of a kept stage; hidden, so that no run takes it over."""


def write_stage(path: Path, content: bytes) -> None:
    """Write a finished stage, whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        File in an existing folder.
    content : bytes
        What the stage came to.
    """
    if path.is_dir():  # as something else left it: a file cannot take the place of a folder
        remove_tree(path)
    with replacing(path) as new, new.open("wb") as stream:
        stream.write(_HEAD + _digest(path, content) + b"\n")
        stream.write(content)


def tell_of_damage(path: Path, what: str) -> None:
    """Say that a finished stage is computed again."""
    _LOG.warning("%s: a finished stage that cannot be read (%s); it is computed again", path, what)


def tell_of_damage_beside(path: Path, what: str) -> None:
    """Say that a stage of another run is of no use, and note there that it was said."""
    folder = path.parent
    if is_known_as_damaged(folder):
        return
    _LOG.warning(
        "%s: a stage that another run has kept cannot be read (%s); runs do without it from now "
        "on. Remove the folder %s, which serves nothing else, or run that study again",
        path,
        what,
        folder,
    )
    with suppress(OSError):
        (folder / _TOLD).touch()


def is_known_as_damaged(folder: Path) -> bool:
    """Whether a kept stage was said to be damaged."""
    return (folder / _TOLD).exists()


def read_stage(path: Path, tell: _Tell = tell_of_damage) -> bytes | None:
    """Read a finished stage; None where there is none, or, with a line on it, a damaged one.

    Parameters
    ----------
    path : pathlib.Path
        Written by :func:`write_stage`.
    tell : callable
        Says of a path what is damaged there.
    """
    try:
        stored = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        tell(path, error.strerror or str(error))
        return None
    head, _, content = stored.partition(b"\n")
    if head != _HEAD + _digest(path, content):
        tell(path, "damaged or cut off" if stored else "empty")
        return None
    return content


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays by their names as a finished stage."""
    content = BytesIO()
    np.savez(content, **arrays)  # type: ignore[arg-type]  # its stubs take the names for options
    write_stage(path, content.getvalue())


def read_arrays(path: Path, tell: _Tell = tell_of_damage) -> dict[str, NDArray[Any]] | None:
    """Read arrays by their names; None as of :func:`read_stage`."""
    content = read_stage(path, tell)
    if content is None:
        return None
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def write_json(path: Path, value: Any) -> None:
    """Write plain values as a finished stage."""
    write_stage(path, json.dumps(value).encode())


def read_json(path: Path, tell: _Tell = tell_of_damage) -> Any:
    """Read plain values; None as of :func:`read_stage`."""
    content = read_stage(path, tell)
    return None if content is None else json.loads(content)


def _digest(path: Path, content: bytes) -> bytes:
    """Of the name too: a file that stands in for another is a damaged one."""
    digest = blake2b(path.name.encode() + b"\0", digest_size=_DIGEST_BYTES)
    digest.update(content)
    return digest.hexdigest().encode()

"""Finished stages of a run on disk, so that an interrupted run need not repeat them.

The one reader and writer of such files. Each carries a checksum over its name and contents: what
a failing disk or a power cut made of it is found here, told, and computed again.
"""

from __future__ import annotations

import json
import logging
from hashlib import blake2b
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.runs.durable_files import remove_tree, replacing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

_LOG = logging.getLogger(__name__)
_HEAD = b"planner stage 1 "
_DIGEST_BYTES = 16


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


def read_stage(path: Path) -> bytes | None:
    """Read a finished stage; None where there is none, or, with a line on it, a damaged one.

    Parameters
    ----------
    path : pathlib.Path
        Written by :func:`write_stage`.
    """
    try:
        stored = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        tell_of_damage(path, error.strerror or str(error))
        return None
    head, _, content = stored.partition(b"\n")
    if head != _HEAD + _digest(path, content):
        tell_of_damage(path, "damaged or cut off" if stored else "empty")
        return None
    return content


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays by their names as a finished stage."""
    content = BytesIO()
    np.savez(content, **arrays)  # type: ignore[arg-type]  # its stubs take the names for options
    write_stage(path, content.getvalue())


def read_arrays(path: Path) -> dict[str, NDArray[Any]] | None:
    """Read arrays by their names; None as of :func:`read_stage`."""
    content = read_stage(path)
    if content is None:
        return None
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def write_json(path: Path, value: Any) -> None:
    """Write plain values as a finished stage."""
    write_stage(path, json.dumps(value).encode())


def read_json(path: Path) -> Any:
    """Read plain values; None as of :func:`read_stage`."""
    content = read_stage(path)
    return None if content is None else json.loads(content)


def _digest(path: Path, content: bytes) -> bytes:
    """Of the name too: a file that stands in for another is a damaged one."""
    digest = blake2b(path.name.encode() + b"\0", digest_size=_DIGEST_BYTES)
    digest.update(content)
    return digest.hexdigest().encode()


def tell_of_damage(path: Path, what: str) -> None:
    """Say that a finished stage is computed again."""
    _LOG.warning("%s: a finished stage that cannot be read (%s); it is computed again", path, what)

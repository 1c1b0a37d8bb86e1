"""Stop plans on disk, so that an interrupted run need not plan them again."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from planner.routing.stop_plans import StopPlans
from planner.run_directory import replacing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray


def write_plans(
    plans: StopPlans, path: Path, *, beside: Mapping[str, NDArray[Any]] | None = None
) -> None:
    """Write stop plans, whole or not at all.

    Parameters
    ----------
    plans : StopPlans
        What to write.
    path : pathlib.Path
        File, ``.npz``.
    beside : mapping, optional
        Other arrays of the same file by names that no field has.
    """
    arrays: dict[str, Any] = {field.name: getattr(plans, field.name) for field in fields(plans)}
    with replacing(path) as new, new.open("wb") as stream:
        np.savez(stream, **(arrays | dict(beside or {})))


def read_plans(path: Path) -> StopPlans | None:
    """Read stop plans; None where there are none, or none that can be read.

    Parameters
    ----------
    path : pathlib.Path
        Written by :func:`write_plans`.
    """
    try:
        # Opened here, since numpy leaves a broken archive open.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            return StopPlans(**{field.name: stored[field.name] for field in fields(StopPlans)})
    except (OSError, ValueError, KeyError, BadZipFile):
        return None

"""Stop plans on disk, so that an interrupted run need not plan them again."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from planner.routing.stop_plans import StopPlans
from planner.runs.stage_files import write_arrays

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
    path : pathlib.Path
        File, ``.npz``.
    beside : mapping, optional
        Other arrays of the same file by names that no field has.
    """
    arrays: dict[str, Any] = {field.name: getattr(plans, field.name) for field in fields(plans)}
    write_arrays(path, arrays | dict(beside or {}))


def plans_in(arrays: Mapping[str, NDArray[Any]]) -> StopPlans:
    """Stop plans among the arrays of a file."""
    return StopPlans(**{field.name: arrays[field.name] for field in fields(StopPlans)})

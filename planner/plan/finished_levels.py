"""Combinations of a finished sweep and their means, as its own folder tells them."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from planner.errors import RunDirectoryError
from planner.files.spreadsheet_texts import read_csv_file
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from planner.scenario.sweep import SweepDefinition

_LEVELS = "sweep_summary.csv"


class Combination(NamedTuple):
    """One combination of the axes' values of a sweep.

    Parameters
    ----------
    axis_values : dict
        Value of each axis, by key path.
    label : str
        What folders call it.
    """

    axis_values: dict[str, Any]
    label: str


def read_levels(folder: Path) -> pd.DataFrame:
    """A row per combination and named solution of a sweep: means with intervals.

    Raises
    ------
    RunDirectoryError
        If the file is missing or damaged.
    """
    try:
        return read_csv_file(folder / _LEVELS, dtype={"scenario": str})
    except (OSError, ValueError) as error:
        raise _not_as_written(folder, error) from error


def combinations_of(
    definition: SweepDefinition, levels: pd.DataFrame, folder: Path
) -> tuple[Combination, ...]:
    """Combinations of the values of a sweep's axes, the last axis varying fastest.

    Parameters
    ----------
    levels : DataFrame
        From :func:`read_levels`.

    Raises
    ------
    RunDirectoryError
        If the levels are others than those that the sweep was asked for.
    """
    axes = definition.axes
    try:
        labels = list(dict.fromkeys(levels["scenario"]))
        return tuple(
            Combination(dict(zip(axes, values, strict=True)), label)
            for values, label in zip(product(*axes.values()), labels, strict=True)
        )
    except (ValueError, KeyError) as error:
        raise _not_as_written(folder, error) from error


def _not_as_written(folder: Path, error: Exception) -> RunDirectoryError:
    told = "{path}: not as the sweep wrote it ({error}); start it again"
    return RunDirectoryError(said(told, path=str(folder / _LEVELS), error=str(error)))

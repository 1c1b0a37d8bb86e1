"""A finished sweep as its own folder tells it: no scenario is read again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from planner.errors import RunDirectoryError
from planner.files.spreadsheet_texts import read_csv_file
from planner.reporting.gis.sweep_map import SWEEP_MANIFEST
from planner.scenario.sweep import SweepDefinition
from planner.scenario.yaml_files import validated
from planner.tables.table_files import read_parquet

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


@dataclass(frozen=True, slots=True)
class StoredCombination:
    """One combination of the axes' values.

    Parameters
    ----------
    axis_values : dict
        Value of each axis, by key path.
    label : str
        What folders call it.
    """

    axis_values: dict[str, Any]
    label: str


@dataclass(frozen=True, slots=True)
class StoredSweep:
    """A finished sweep.

    Parameters
    ----------
    folder : pathlib.Path
        Its folder.
    definition : SweepDefinition
        What was asked.
    variants : tuple of StoredCombination
        Combinations of the axes' values, the last axis varying fastest.
    summary : DataFrame
        A row per combination and named solution: means with confidence intervals.
    runs_in : pathlib.Path, optional
        Where its runs are while its own files are being written elsewhere.
    """

    folder: Path
    definition: SweepDefinition
    variants: tuple[StoredCombination, ...]
    summary: pd.DataFrame
    runs_in: Path | None = None

    def runs(self) -> pd.DataFrame:
        """A row per combination, replication and named solution."""
        return read_parquet(self.folder / "sweep.parquet")

    @property
    def first_run(self) -> Path:
        """Folder of the first replication of the first combination."""
        return (self.runs_in or self.folder) / "runs" / self.variants[0].label / "replication-1"


def read_sweep(folder: Path) -> StoredSweep:
    """Read what a sweep's folder tells of it.

    Parameters
    ----------
    folder : pathlib.Path
        The sweep's folder.

    Returns
    -------
    StoredSweep

    Raises
    ------
    RunDirectoryError
        If the folder is not a complete sweep.
    ScenarioError
        If its ``sweep.json`` is not valid.
    """
    path = folder / SWEEP_MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        asked, is_complete = manifest["sweep"], manifest["complete"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path}: expected the manifest of a sweep ({error}); start the sweep again"
        raise RunDirectoryError(msg) from error
    if not is_complete:
        msg = f"{folder}: the sweep is not complete; start it again, it goes on where it stopped"
        raise RunDirectoryError(msg)
    definition = validated(TypeAdapter(SweepDefinition), asked, str(path), {})
    try:
        summary = read_csv_file(folder / "sweep_summary.csv", dtype={"scenario": str})
        labels = list(dict.fromkeys(summary["scenario"]))
        values = list(product(*definition.axes.values()))
        variants = tuple(
            StoredCombination(dict(zip(definition.axes, each, strict=True)), label)
            for each, label in zip(values, labels, strict=True)
        )
    except (OSError, ValueError, KeyError) as error:
        msg = f"{folder / 'sweep_summary.csv'}: not as the sweep wrote it ({error}); start it again"
        raise RunDirectoryError(msg) from error
    return StoredSweep(folder, definition, variants, summary)

"""A finished run of any kind, read from its folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.runs.run_directory import read_manifest
from planner.tables.table_files import read_parquet

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run, read from its folder.

    Parameters
    ----------
    folder : pathlib.Path
        The run directory.
    """

    folder: Path

    @property
    def summary(self) -> dict[str, Any]:
        """Headline figures: the ``summary`` of ``run.json``."""
        summary: dict[str, Any] = read_manifest(self.folder)["summary"]
        return summary

    def table(self, name: str) -> pd.DataFrame:
        """A result table, by the name of its Parquet file."""
        return read_parquet(self.folder / f"{name}.parquet")

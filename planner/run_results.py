"""What runs of all kinds have in common: results in a folder, and what tells one from another."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from planner.reporting.manifest import program_sha256, sha256_of
from planner.run_directory import read_manifest
from planner.tables.table_files import read_parquet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd

    from planner.scenario.parameter_sets import Section


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


def run_fingerprint(scenario: Section, files: Iterable[Path]) -> str:
    """Hash of all that a run depends on: the settings, its input files, the program itself."""
    digest = sha256(scenario.model_dump_json().encode())
    for path in files:
        digest.update(sha256_of(path).encode())
    digest.update(program_sha256().encode())
    return digest.hexdigest()

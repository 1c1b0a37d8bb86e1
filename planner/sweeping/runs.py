"""The runs of a sweep, and in which folders they lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planner.plan.finished_run import read_finished_run
from planner.runs.manifests import read_manifest
from planner.runs.perform import folder_of
from planner.studies.plan_study import PLAN

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from planner.runs.run_directory import RunDirectory
    from planner.scenario.model import Scenario
    from planner.scenario.sweep import Variant


@dataclass(frozen=True)
class SweepRun:
    """One replication of one combination.

    Parameters
    ----------
    number : int
        The replication, from 1.
    root : pathlib.Path
        The sweep's folder.
    """

    variant: Variant
    number: int
    root: Path

    @property
    def name(self) -> str:
        """What events and messages call it."""
        return f"{self.variant.label}/replication-{self.number}"

    @property
    def folder(self) -> Path:
        """Its run directory."""
        return self.root / "runs" / self.name

    @cached_property
    def scenario(self) -> Scenario:
        """The study it plans."""
        return self.variant.replication(self.number)

    @cached_property
    def _directory(self) -> RunDirectory:
        return folder_of(PLAN, self.scenario, self.folder, is_part=True)

    @property
    def fingerprint(self) -> str:
        """Hash of all that its result depends on."""
        return self._directory.fingerprint

    def is_complete(self) -> bool:
        """Whether its folder holds this very run."""
        return self._directory.is_complete()

    @property
    def manifest(self) -> dict[str, Any]:
        """``run.json`` of the finished run."""
        return read_manifest(self.folder)

    @property
    def front(self) -> pd.DataFrame:
        """Front of the finished run."""
        return read_finished_run(self.folder).front

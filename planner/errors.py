"""The errors a user can meet.

Every message names the file and the row or key, what was expected, what was found and what to do.
The command line prints the message alone and exits with code 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class PlannerError(Exception):
    """Base of all errors that are the caller's to mend."""


class ScenarioError(PlannerError):
    """A scenario or parameter set is not valid.

    Parameters
    ----------
    faults : sequence of str
        All faults found, one sentence each.
    where : str
        The file the faults stand in.
    """

    def __init__(self, faults: Sequence[str], where: str) -> None:
        self.faults = tuple(faults)
        self.where = where
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        lines = "\n".join(f"  - {fault}" for fault in self.faults)
        super().__init__(f"{where}: {count}\n{lines}")

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[Sequence[str], str]]:
        """Let the error travel between processes: its text alone does not make a new one."""
        return type(self), (self.faults, self.where)


class InputDataError(PlannerError):
    """A data file is missing, broken or says something impossible."""


class RunDirectoryError(PlannerError):
    """A run directory cannot be written, resumed or read."""


class ClusterError(PlannerError):
    """A cluster cannot be reached."""


class SweepError(PlannerError):
    """Some runs of a sweep failed; the others are kept."""


class SolverError(PlannerError):
    """A solver failed: it found neither a solution nor a proof that there is none."""


class InvariantError(PlannerError):
    """A conservation law was broken inside a run: a fault of the program, not of the input."""

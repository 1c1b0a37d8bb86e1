"""What a look at the inputs of a study finds: lines to say, and faults told together."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from planner.errors import PlannerError, ScenarioError
from planner.files.reading_notes import note_lines, reading_notes
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterator


class Findings:
    """What was read well, and what was not."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.faults: list[str] = []

    @contextmanager
    def collecting(self, where: str = "") -> Iterator[None]:
        """Keep a fault for later, so that others are told with it, and what readers note.

        Parameters
        ----------
        where : str
            What the faults will be told of: those of just this are kept without its name.
        """
        with reading_notes() as notes:
            try:
                yield
            except PlannerError as error:
                if isinstance(error, ScenarioError) and error.where == where:
                    self.faults += error.faults
                else:
                    self.faults.append(error.args[0])
        lines = [said("Note: {text}", text=line) for line in note_lines(notes)]
        # A file may be read for several things.
        self.said += [line for line in lines if line not in self.said]

    def raise_faults(self, where: str) -> None:
        """Tell the faults, if there are any."""
        if self.faults:
            raise ScenarioError(self.faults, where)

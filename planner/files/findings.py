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
    def collecting(self) -> Iterator[None]:
        """Keep a fault for later, so that others are told with it, and what readers note."""
        with reading_notes() as notes:
            try:
                yield
            except PlannerError as error:
                self.faults.append(str(error))
        self.said += [said("Note: {text}", text=line) for line in note_lines(notes)]

    def raise_faults(self, where: str) -> None:
        """Tell the faults, if there are any."""
        if self.faults:
            raise ScenarioError(self.faults, where)

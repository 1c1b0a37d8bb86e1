"""What a person is told of the search of a front: how long it went on, and what ended it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.said import counted, joined, said

if TYPE_CHECKING:
    from planner.optimization.nsga2 import Ending, SearchResult
    from planner.scenario.optimization import Optimization

_ENDED: dict[Ending, str] = {
    "converged": "ended as the hypervolume of the front had gained no more than {percent} % in "
    "{window} generations (convergence_tolerance, convergence_window)",
    "max_generations": "ended with the last generation of the study (max_generations)",
    "exhausted": "ended as no new layout was left to try",
}


@dataclass(frozen=True, slots=True)
class SearchReport:
    """A search with its settings."""

    found: SearchResult
    settings: Optimization

    def sentences(self) -> list[str]:
        """Say for a person how long the front was searched, and what ended that."""
        return [
            joined(
                (
                    counted(len(self.found.history), "1 generation", "{n} generations"),
                    counted(
                        self.found.n_evaluations,
                        "1 layout simulated in full",
                        "{n} layouts simulated in full",
                    ),
                ),
                ", ",
            ),
            said(
                _ENDED[self.found.ended_by],
                percent=100.0 * self.settings.convergence_tolerance,
                window=self.settings.convergence_window,
            ),
        ]

    def summary(self) -> dict[str, int | float | str]:
        """Figures for ``run.json``."""
        hypervolume = self.found.history["hypervolume"]
        return {
            "n_generations": len(hypervolume),
            "n_layouts_simulated": self.found.n_evaluations,
            "hypervolume_first": float(hypervolume.iloc[0]),
            "hypervolume": float(hypervolume.iloc[-1]),
            "ended_by": self.found.ended_by,
        }

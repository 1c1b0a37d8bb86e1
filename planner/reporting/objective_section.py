"""The section of a report on what a search aimed at, where that is more than the front shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.reporting.charts.objectives import PARALLEL, objective_pairs
from planner.reporting.page_sections import Columns, Panel, Section, charted, hint
from planner.reporting.page_tables import PageColumn
from planner.reporting.phrases import phrase

if TYPE_CHECKING:
    from planner.plan.plan_results import PlanResults


def objective_section(results: PlanResults) -> Section | None:
    """Plans over all objectives and over each pair of them; none where the front shows both."""
    pairs = objective_pairs(results)
    if not pairs:
        return None
    panels = [
        charted(phrase("{x} and {y}", x=PageColumn.of(x).title, y=PageColumn.of(y).title), name)
        for name, (x, y) in pairs.items()
    ]
    parts: list[Columns | Panel] = [Columns(panels)]
    if len(results.objectives) > 2:
        told = phrase(
            "A line is a plan. The better end of each objective is above; lines that cross "
            "between two of them give up one for the other."
        )
        parts = [charted(phrase("All objectives together"), PARALLEL, hint(told)), *parts]
    return Section(phrase("What the search aimed at"), parts)

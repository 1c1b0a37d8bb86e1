"""Values that a list in a study may have, each with a sentence, for boxes to be ticked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planner.optimization.objectives import COST_OBJECTIVES, OBJECTIVES
from planner.reporting.charts.axes import DAYS
from planner.reporting.page_tables import PageColumn
from planner.reporting.phrases import own_phrase, phrase, verbatim
from planner.workbench.study_fields import OBJECTIVES_KEY

if TYPE_CHECKING:
    from planner.optimization.objectives import Objective
    from planner.reporting.phrases import Phrase
    from planner.workbench.study_fields import StudyField

_BETTER = {"min": phrase("lower is better"), "max": phrase("higher is better")}
_DAYS = {day.lower(): phrase(day) for day in DAYS}


class Choice(NamedTuple):
    """A value of a list.

    Parameters
    ----------
    value : str
        As the study has it.
    title : Phrase
        What it is called.
    meaning : Phrase or None
        What it means, in a sentence or two, where its title does not tell.
    """

    value: str
    title: Phrase
    meaning: Phrase | None = None


def choices_of(field: StudyField) -> list[Choice]:
    """Values that the list of a key may have, in the order in which they are offered."""
    if field.key == OBJECTIVES_KEY:
        return [_of_objective(each) for each in OBJECTIVES.values()]
    return [Choice(each, _DAYS.get(each, verbatim(each))) for each in field.options]


def _of_objective(objective: Objective) -> Choice:
    quantity = objective.quantity
    title = phrase(
        "{title}: {better}",
        title=PageColumn.of(quantity).title,
        better=_BETTER[objective.direction],
    )
    meaning = own_phrase(quantity.meaning)
    if objective.name in COST_OBJECTIVES:
        meaning = phrase("{meaning} It asks for infrastructure_costs.", meaning=meaning)
    return Choice(objective.name, title, meaning)

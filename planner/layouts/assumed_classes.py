"""Classes of high-power points of a run whose study names none: assumed, and said so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.errors import InputDataError
from planner.layouts.met_by_class import by_name, named
from planner.said import said
from planner.scenario.charger_classes import assumed_classes, two_classes

if TYPE_CHECKING:
    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.said import Said


def with_assumed_classes(run: SolutionOnRoads, slow_kw: float | None = None) -> SolutionOnRoads:
    """A run with points of a slower class, as if its study had named two.

    Parameters
    ----------
    slow_kw : float, optional
        Power of a point of the slower class, kW; as ``planner classes`` has it by default.

    Raises
    ------
    InputDataError
        If the study names classes of its own, or has points that are no faster than these.
    """
    chargers = run.scenario.chargers
    if chargers.classes:
        slow_name, slow = min(chargers.classes.items(), key=lambda each: each[1].power_kw)
        msg = said(
            "--slow-kw: expected a run whose study names no classes of points; its slower one is "
            "{kind}. Leave the option out.",
            kind=named(slow_name, slow),
        )
        raise InputDataError(msg)
    classes = assumed_classes(chargers.hpc_kw, run.scenario.name, slow_kw)
    chargers = chargers.model_copy(update={"classes": classes})
    return replace(run, scenario=run.scenario.model_copy(update={"chargers": chargers}))


def are_assumed(run: SolutionOnRoads) -> bool:
    """Whether a run has two classes of points that its study does not name."""
    return bool(run.scenario.chargers.classes) and not run.run.scenario["chargers"].get("classes")


def assumption(run: SolutionOnRoads) -> tuple[Said, ...]:
    """What to know of classes that are assumed."""
    if not are_assumed(run):
        return ()
    chargers = run.scenario.chargers
    classes = two_classes(chargers.classes, chargers.hpc_kw, run.scenario.name)
    fast, slow = (named(*each) for each in by_name(classes))
    sentence = said(
        "The study names no classes of points: its own are taken for {fast}, slower ones for "
        "{slow}, an assumption.",
        fast=fast,
        slow=slow,
    )
    return (sentence,)

"""Points of two classes on the page of a plan: their names, their colours, mixes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planner.errors import InputDataError, quoted
from planner.layouts.assumed_classes import assumption, with_assumed_classes
from planner.layouts.met_by_class import by_name, named
from planner.optimization.class_columns import LOST, OF_CLASSES
from planner.plan.map_classes import doubling_limits, share_limits
from planner.reporting.charts.classes import KIND_TITLES
from planner.reporting.class_report import CLASSES, plan_file
from planner.reporting.page_tables import PageColumn
from planner.reporting.phrases import figure, own_phrase, phrase
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from planner.layouts.editing import OpenedPlan
    from planner.layouts.evaluated import EvaluatedLayout
    from planner.reporting.phrases import Phrase
    from planner.tables.forms import Form
    from planner.tables.table import Quantity

_SHARES = ("fast_use_share", "slow_use_share")
SHOWN = tuple(
    each for each in OF_CLASSES if each.name in {"slow_session_share", LOST.name, *_SHARES}
)
"""Figures of a site by class that the page tells."""


class Switch(NamedTuple):
    """What switches points of a slower class on, where the study names no classes.

    Parameters
    ----------
    title : Phrase
        What it is called.
    meaning : Phrase
        What is assumed, or why nothing can be.
    """

    title: Phrase
    meaning: Phrase
    is_on: bool
    cannot_be: bool


def switch(opened: OpenedPlan) -> Switch | None:
    """The switch of a plan; None where its study names two classes."""
    if opened.classes is not None and not opened.assumes_classes:
        return None
    try:
        run = with_assumed_classes(opened.of_one_class.run)
    except InputDataError as error:
        return Switch(phrase("Slower points too"), own_phrase(error.args[0]), False, True)
    slow_kw = min(each.power_kw for each in run.scenario.chargers.classes.values())
    title = phrase("Slower points too: {kw} kW, assumed", kw=figure(slow_kw))
    return Switch(title, own_phrase(assumption(run)[0]), opened.assumes_classes, False)


def kinds(opened: OpenedPlan) -> dict[str, Phrase]:
    """Names of the two classes by the keys of their points; none where there is one."""
    if opened.classes is None:
        return {}
    fast, slow = (own_phrase(named(*each)) for each in by_name(opened.classes))
    return {"n_fast": fast, "n_slow": slow}


def figures_of_classes(layout: EvaluatedLayout) -> dict[Quantity, NDArray[np.float64]]:
    """Figures of open sites by class; none where there is one class."""
    if layout.by_class is None:
        return {}
    return {each: getattr(layout.by_class.at_sites, each.name) for each in SHOWN}


def colours_of_classes(plan: EvaluatedLayout) -> dict[str, tuple[Phrase, Form, Sequence[float]]]:
    """What the map may show of classes: title, form and limits by name, those of the plan."""
    if plan.by_class is None:
        return {}
    at_sites = plan.by_class.at_sites
    limits = {LOST.name: doubling_limits(at_sites.mean_lost_min)}
    limits |= dict.fromkeys(_SHARES, share_limits(at_sites.fast_use_share))
    return {
        each.name: (PageColumn.of(each).title, each.form, limits[each.name])
        for each in SHOWN
        if each.name in limits
    }


def mixes_of(opened: OpenedPlan) -> dict[str, Phrase]:
    """Mixes that ``planner classes`` has found for the run, by name."""
    return {
        name: phrase(title)
        for name, title in KIND_TITLES.items()
        if _table_of(opened.run_dir, name).is_file()
    }


def mix_table(opened: OpenedPlan, name: str) -> Path:
    """Table of the points of a mix.

    Raises
    ------
    InputDataError
        If there is none of this name.
    """
    known = mixes_of(opened)
    if name not in known:
        found = [*known] or said("none")
        msg = said(
            "mix {name}: expected one that planner classes has found; found {found}",
            name=quoted(name),
            found=found,
        )
        raise InputDataError(msg)
    return _table_of(opened.run_dir, name)


def _table_of(run_dir: Path, name: str) -> Path:
    return run_dir / CLASSES / plan_file(name)

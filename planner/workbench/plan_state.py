"""A changed plan as its page shows it: figures of sites, of the whole, and what differs."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import numpy as np

from planner.layouts.beyond_limits import sure_kw
from planner.layouts.editing import Points
from planner.plan.map_classes import USE
from planner.plan.schemas import SITES
from planner.reporting.group_data import classes_of
from planner.reporting.page_tables import PageColumn
from planner.reporting.phrases import Phrase, figure, own_phrase, phrase
from planner.tables.forms import Form, kept_decimals
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.terms import DEFINITIONS, NAMED_SOLUTION_DEFINITIONS
from planner.workbench.class_points import (
    SHOWN,
    colours_of_classes,
    figures_of_classes,
    kinds,
    mixes_of,
)
from planner.workbench.figure_rows import FigureRow
from planner.workbench.rendering import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from planner.layouts.editing import OpenedPlan
    from planner.layouts.evaluated import EvaluatedLayout
    from planner.plan.map_classes import SiteClasses
    from planner.said import Said
    from planner.simulation.class_queues import ClassLayout
    from planner.workbench.edits import Changes

P95_WAIT, PEAK, ENERGY, SESSIONS, RESTS = SITES.quantities(
    "p95_wait_min", "peak_power_kw", "energy_mwh", "n_sessions_hpc", "n_sessions_lpc"
)
_MOST_LISTED, _MW_DECIMALS = 200, 3
_WAIT_CHANGES_MIN = (-5.0, -0.5, 0.5, 5.0)
"""Limits between classes of longer and shorter waits, minutes: what a driver notices, and half a
minute around nothing."""

BOUNDS = (
    ("towards", phrase("at least what is more, at most what is fewer")),
    ("keep", phrase("just as many points")),
    ("least", phrase("at least as many points")),
    ("most", phrase("at most as many points")),
)
"""How changes bind a search, see :data:`~planner.workbench.bounded_study.How`."""


class _OfWhole(NamedTuple):
    """A figure of a whole layout.

    Parameters
    ----------
    title : str
        In English, as ``planner evaluate`` calls it.
    term : str
        Key of :data:`~planner.tables.terms.DEFINITIONS` that says what it means, if any.
    """

    title: str
    form: Form
    value: Callable[[EvaluatedLayout], float]
    term: str = ""


_OF_WHOLE = (
    _OfWhole("high-power points", "count", lambda each: each.figures.n_hpc, "hpc"),
    _OfWhole("overnight points", "count", lambda each: each.figures.n_lpc, "lpc"),
    _OfWhole("sites with points", "count", lambda each: each.n_sites),
    _OfWhole("mean wait", "minutes", lambda each: each.figures.mean_wait_min, "uwti"),
    _OfWhole(
        "95th percentile of waits", "minutes", lambda each: each.figures.p95_wait_min, "p95_wait"
    ),
    _OfWhole(
        "waits over 15 min",
        "percent",
        lambda each: each.figures.long_wait_share,
        "share_wait_over_15",
    ),
    _OfWhole("utilisation in time, TCU", "percent", lambda each: each.figures.tcu_share, "tcu"),
    _OfWhole("MWh at high power", "count", lambda each: each.figures.energy_hpc_mwh, "energy_hpc"),
    _OfWhole("MWh overnight", "count", lambda each: each.figures.energy_lpc_mwh, "energy_lpc"),
    _OfWhole(
        "found no overnight point",
        "count",
        lambda each: each.figures.n_lpc_rejected,
        "lpc_rejected",
    ),
    _OfWhole("trips that cannot be driven", "count", lambda each: each.n_unserved, "unserved"),
)

_WORDS = (
    *(each.term for each in _OF_WHOLE if each.term),
    *("peak_power", "grid_connection"),
)


def site_figures_of(index_of: Mapping[str, int], layout: EvaluatedLayout) -> dict[str, list[Any]]:
    """Figures of all sites by name; None where a site is closed or nobody charges.

    Parameters
    ----------
    index_of : mapping of str to int
        Position of each site by its key.
    """
    of_open = layout.sites.set_index("site_id")
    n_sites = len(index_of)
    rows = np.array([index_of[str(site)] for site in of_open.index], dtype=np.int64)

    def whole(values: NDArray[np.float64], decimals: int) -> list[float | None]:
        all_sites = np.full(n_sites, math.nan)
        all_sites[rows] = values
        rounded = all_sites.round(decimals).tolist()
        return [value if math.isfinite(value) else None for value in rounded]

    at_sites = layout.at_sites
    known = {
        USE: at_sites.utilisation_share,
        MEAN_WAIT: at_sites.mean_wait_min,
        P95_WAIT: at_sites.p95_wait_min,
        PEAK: at_sites.peak_power_kw,
        ENERGY: _energy_mwh(layout),
        SESSIONS: at_sites.n_sessions_hpc.astype(np.float64),
        RESTS: at_sites.n_sessions_lpc.astype(np.float64),
        **figures_of_classes(layout),
    }
    return {
        quantity.name: whole(values, kept_decimals(quantity.form))
        for quantity, values in known.items()
    }


def _energy_mwh(layout: EvaluatedLayout) -> NDArray[np.float64]:
    return (layout.at_sites.energy_hpc_kwh + layout.at_sites.energy_lpc_kwh) / 1000.0


def figure_rows(before: EvaluatedLayout, after: EvaluatedLayout) -> list[FigureRow]:
    """Figures of whole layouts, the plan and what became of it."""
    rows = [
        FigureRow.of(
            own_phrase(each.title),
            each.form,
            float(each.value(before)),
            float(each.value(after)),
            own_phrase(DEFINITIONS[each.term].text) if each.term else None,
        )
        for each in _OF_WHOLE
    ]
    if before.by_class is None or after.by_class is None:
        return rows
    pairs = zip(before.by_class.rows(), after.by_class.rows(), strict=True)
    of_classes = [
        FigureRow.of(own_phrase(was.title), was.form, float(was.value), float(now.value))
        for was, now in pairs
    ]
    return [*rows[:1], *of_classes, *rows[1:]]


def map_colours(of_run: SiteClasses, plan: EvaluatedLayout) -> dict[str, Any]:
    """Classes of what colours the map, by its name: the same for every change of every plan.

    Parameters
    ----------
    of_run : SiteClasses
        Those of its named plans.
    plan : EvaluatedLayout
        The plan that is opened: of points by class the run tells no figures of sites.
    """
    shown: dict[str, tuple[Phrase, Form, Sequence[float]]] = {
        each.name: (PageColumn.of(each).title, each.form, of_run.limits(each))
        for each in (USE, MEAN_WAIT, PEAK, ENERGY)
    }
    shown |= colours_of_classes(plan)
    return {name: classes_of(title, limits, form) for name, (title, form, limits) in shown.items()}


def columns(opened: OpenedPlan) -> list[dict[str, Any]]:
    """What is told of a site, with headings and forms."""
    of_rests = (RESTS,) if opened.plan.n_lpc.any() else ()
    of_classes = () if opened.classes is None else SHOWN
    return [
        {"key": each.name, "form": each.form, "title": PageColumn.of(each).title.texts}
        for each in (MEAN_WAIT, P95_WAIT, USE, PEAK, ENERGY, SESSIONS, *of_rests, *of_classes)
    ]


def wait_changes() -> dict[str, Any]:
    """Classes of longer and shorter waits, for the map of differences."""
    classes = classes_of(phrase("Mean wait"), _WAIT_CHANGES_MIN, "minutes")
    labels = [
        phrase("shorter by over 5 min"),
        phrase("shorter"),
        phrase("as in the plan"),
        phrase("longer"),
        phrase("longer by over 5 min"),
    ]
    by_language = {code: [label.texts[code] for label in labels] for code in classes["labels"]}
    return classes | {"labels": by_language}


def meaning_of_plan(solution: str) -> Phrase | None:
    """What a named plan is; None where it has no meaning of its own."""
    known = NAMED_SOLUTION_DEFINITIONS.get(solution)
    return own_phrase(known.text) if known else None


def words(solutions: Iterable[str]) -> list[tuple[Phrase, Phrase]]:
    """Words of the page and what they mean, the named plans before the figures."""
    plans = [
        NAMED_SOLUTION_DEFINITIONS[each] for each in solutions if each in NAMED_SOLUTION_DEFINITIONS
    ]
    shown = [*plans, *(DEFINITIONS[term] for term in _WORDS)]
    return [(own_phrase(each.title), own_phrase(each.text)) for each in shown]


def state(changes: Changes) -> dict[str, Any]:
    """All that a page shows of a changed plan.

    Raises
    ------
    PlannerError
        If trucks have to plan anew and the inputs of the run cannot be read any more.
    """
    edited = changes.edited
    opened, now = edited.opened, edited.now
    layout, sites = now.layout, now.sites
    before = opened.at(opened.plan, learn_queues=changes.knows_queues)
    after = now.evaluated(learn_queues=changes.knows_queues)
    otherwise = [now.index_of[site_id] for site_id in now.otherwise]
    connections_kw = dict(now.edited_sites.connections_kw)
    of_page = {"run": changes.run, "solution": opened.solution, "changes": changes.key}
    return {
        "key": changes.key,
        "run": changes.run,
        "solution": opened.solution,
        "knows_queues": changes.knows_queues,
        "by_class": opened.classes is not None,
        "needs_classes": _told(edited.needs_classes),
        "binding": asdict(changes.binding),
        "n_steps": len(edited.steps),
        "n_done": edited.n_done,
        "n_hpc": layout.n_hpc.tolist(),
        "n_lpc": layout.n_lpc.tolist(),
        "n_slow": layout.n_slow.tolist(),
        "mixes": {name: title.texts for name, title in mixes_of(opened).items()},
        "figures": after.answer(),
        "plan": before.answer(),
        "sites": site_figures_of(now.index_of, after),
        "changed": otherwise,
        "beyond": np.flatnonzero(now.is_beyond).tolist(),
        "has_other_sites": now.kept_sites.are_others,
        "searches_again": now.kept_sites.are_others or _are_others(layout, now.plan),
        "added": [asdict(site) for site in now.edited_sites.added],
        "connections": connections_of(opened, layout, sites.grid_connection_kw),
        "panel": render(
            "changed.html",
            rows=figure_rows(before, after),
            notes=[own_phrase(note) for note in now.notes(knows_queues=changes.knows_queues)],
            knows_queues=changes.knows_queues,
            bounds=BOUNDS,
            kinds=kinds(opened),
            by_hour=f"/day?{urlencode(of_page)}",
            changed=[
                {
                    "index": index,
                    "site_id": str(sites.site_id[index]),
                    "name": str(sites.name[index]),
                    "before": Points.of(now.plan, index),
                    "after": Points.of(layout, index),
                    "connection": _megawatts(connections_kw.get(str(sites.site_id[index]))),
                }
                for index in otherwise
            ][:_MOST_LISTED],
            n_changed=len(otherwise),
        ),
    }


def _are_others(layout: ClassLayout, plan: ClassLayout) -> bool:
    """Whether a layout has other high-power points."""
    is_other = (layout.n_fast != plan.n_fast) | (layout.n_slow != plan.n_slow)
    return bool(is_other.any())


def _told(sentence: Said | None) -> Mapping[str, str] | None:
    return None if sentence is None else own_phrase(sentence).texts


def _megawatts(kw: float | None) -> Phrase | None:
    return None if kw is None else phrase("{mw} MW", mw=figure(kw / 1000.0))


def connections_of(
    opened: OpenedPlan, layout: ClassLayout, connection_kw: NDArray[np.float64]
) -> list[list[float] | None]:
    """Grid connection of each site, MW, and how far that goes; None if unknown.

    That is the high-power points that it carries; of two classes, which need more of it or less,
    the power that those of the site take together, MW.
    """
    if opened.classes is None:
        goes = opened.carried(connection_kw).tolist()
    else:
        goes = (sure_kw(opened.run.scenario, layout) / 1000.0).round(_MW_DECIMALS).tolist()
    return [
        None if math.isnan(kw) else [round(kw / 1000.0, _MW_DECIMALS), far]
        for kw, far in zip(connection_kw.tolist(), goes, strict=True)
    ]

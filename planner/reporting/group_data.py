"""Groups of sites and trucks as the scripts of the report have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.plan.group_schemas import GROUPS
from planner.plan.groups import ALL
from planner.plan.map_classes import class_colours, class_labels, doubling_limits
from planner.reporting.group_tables import SHOWN_ON_MAP, table_name
from planner.reporting.packed_figures import packed
from planner.reporting.page_tables import PageColumn
from planner.tables.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.plan.front_groups import FrontGroups
    from planner.plan.plan_results import PlanResults
    from planner.reporting.phrases import Phrase
    from planner.tables.forms import Form


def group_data(results: PlanResults) -> dict[str, Any]:
    """Groups with their figures in every plan, without the one of all.

    Returns
    -------
    dict
        ``names`` of the groups; ``groupings`` in the same order, each with its name, the number of
        its ``first`` group, the id of its ``table``, the group of each site (``ofSite``, from 0;
        None where groups are of trucks) and the ``classes`` of each figure that colours the map;
        these figures (``shown``); ``columns`` of the tables; ``figures``, packed.
    """
    groups = results.front_groups
    n_of_all = len(groups.places(ALL))
    figures = {name: values[:, n_of_all:] for name, values in groups.figures.items()}
    names = groups.names[n_of_all:]
    return {
        "names": [group for _, group in names],
        "groupings": [
            {
                "name": name,
                "first": int(groups.places(name)[0]) - n_of_all,
                "table": f"table-{table_name(name)}",
                "ofSite": groups.of_site[name].tolist() if name in groups.of_site else None,
                "classes": _classes(results, groups, name) if name in groups.of_site else {},
            }
            for name in dict.fromkeys(grouping for grouping, _ in names)
        ],
        "shown": list(SHOWN_ON_MAP),
        "columns": [
            {"key": column.name, "form": column.form, "title": PageColumn.of(column).title.texts}
            for column in GROUPS.quantities(*figures)
        ],
        "figures": packed(figures, GROUPS),
    }


def _classes(results: PlanResults, groups: FrontGroups, grouping: str) -> dict[str, Any]:
    """Classes that fit the groups in all named plans, by figure."""
    rows = [named.solution for named in results.named_solutions]
    places = groups.places(grouping)
    classes = {}
    for column in GROUPS.quantities(*SHOWN_ON_MAP):
        values = groups.figures[column.name][rows][:, places]
        limits = doubling_limits(values.ravel())
        classes[column.name] = classes_of(PageColumn.of(column).title, limits, column.form)
    return classes


def classes_of(title: Phrase, limits: Sequence[float], form: Form) -> dict[str, Any]:
    """Classes between limits for the scripts.

    Returns
    -------
    dict
        ``title`` and ``labels`` by language, ``limits`` between the classes, ``colours`` (numbers).
    """
    return {
        "title": title.texts,
        "limits": list(limits),
        "colours": class_colours(len(limits) + 1),
        "labels": {each.code: class_labels(limits, form, each) for each in LANGUAGES},
    }

"""What compared runs come to, in a sentence, and in which keys their scenarios differ."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from planner.plan.compared_runs import (
    changed_files,
    differing_keys,
    folder_names,
    series_labels,
)
from planner.plan.key_names import key_in_words, value_shown
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.unserved_trips import unserved_share
from planner.reporting.page_tables import PageColumn, PageTable
from planner.reporting.phrases import phrase, verbatim
from planner.tables.language import ENGLISH, NOT_KNOWN
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.plan.compared_runs import ComparedRun
    from planner.reporting.page_tables import Cell
    from planner.tables.language import Language

_MOST_COLUMNS = 4
"""Runs with a column of their own in the table of keys."""
_MOST_KEYS_IN_A_SENTENCE = 3


def run_groups(runs: Sequence[ComparedRun]) -> dict[tuple[str, float], list[ComparedRun]]:
    """Runs by series and level, in the order in which they were given: replications together."""
    groups: dict[tuple[str, float], list[ComparedRun]] = {}
    for run, label in zip(runs, series_labels(runs), strict=True):
        groups.setdefault((label, run.level_share), []).append(run)
    return groups


def group_names(runs: Sequence[ComparedRun], language: Language) -> list[str]:
    """What each group is called: its folder where that tells it, else its level and series."""
    groups = run_groups(runs)
    folders = folder_names([of_both[0] for of_both in groups.values()])
    if len(runs) == len(groups) == len(set(folders)):
        return folders
    return [
        ", ".join(part for part in (language.percent(level), label) if part)
        for label, level in groups
    ]


def comparison_answer(runs: Sequence[ComparedRun], language: Language = ENGLISH) -> str:
    """What the balanced plans of runs come to, and what differs between their scenarios.

    Parameters
    ----------
    runs : sequence of ComparedRun
        The first one is what a second one is held against.

    Returns
    -------
    str
        A few sentences.
    """
    groups, names = list(run_groups(runs).values()), group_names(runs, language)
    means = [_means(of_both) for of_both in groups]
    if len(groups) == 1:
        return _alone(groups[0], means[0], language)
    said = _pair(names, means, language) if len(groups) == 2 else _range(names, means, language)
    return f"{said} {_differences(runs, language)}"


def _means(of_both: Sequence[ComparedRun]) -> dict[str, float]:
    """Figures of the balanced plan, means over replications."""
    rows = [
        {
            name: float(run.summary["solutions"][DEFAULT_SOLUTION][name])
            for name in ("n_hpc", MEAN_WAIT.name, "tcu")
        }
        | {"unserved": unserved_share(run.summary["n_unserved"], run.summary["n_trips"])}
        for run in of_both
    ]
    return {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}


def _alone(of_both: Sequence[ComparedRun], means: dict[str, float], language: Language) -> str:
    return language.text(
        "One run: the balanced plan has {hpc} high-power charging points, and trucks wait {wait} "
        "on average."
        if len(of_both) == 1
        else "{runs} draws of the same study: the balanced plans have {hpc} high-power charging "
        "points on average, and trucks wait {wait}.",
        runs=len(of_both),
        hpc=language.count(means["n_hpc"]),
        wait=language.minutes(means[MEAN_WAIT.name]),
    )


def _pair(names: Sequence[str], means: Sequence[dict[str, float]], language: Language) -> str:
    base, other = means
    change = round(other["n_hpc"]) - round(base["n_hpc"])
    template = (
        "The balanced plan of {other} needs {n} more high-power charging points than that of "
        "{base}: {here} instead of {there}."
        if change > 0
        else "The balanced plan of {other} needs {n} fewer high-power charging points than that of "
        "{base}: {here} instead of {there}."
        if change < 0
        else "The balanced plan of {other} needs as many high-power charging points as that of "
        "{base}: {here}."
    )
    points = language.text(
        template,
        base=names[0],
        other=names[1],
        n=language.count(abs(change)),
        here=language.count(other["n_hpc"]),
        there=language.count(base["n_hpc"]),
    )
    waits = [language.minutes(each[MEAN_WAIT.name]) for each in (other, base)]
    uses = {"use": language.percent(other["tcu"]), "use_before": language.percent(base["tcu"])}
    if waits[0] == waits[1]:
        rest = language.text(
            "Trucks wait {wait} on average with either, and the points are in use {use} instead of "
            "{use_before} of the time.",
            wait=waits[0],
            **uses,
        )
    else:
        rest = language.text(
            "Trucks wait {wait} instead of {wait_before} on average, and the points are in use "
            "{use} instead of {use_before} of the time.",
            wait=waits[0],
            wait_before=waits[1],
            **uses,
        )
    here, there = (language.percent(each["unserved"]) for each in (other, base))
    if here == there:
        return f"{points} {rest}"
    unserved = language.text(
        "Of all trips {here} instead of {there} cannot be driven.", here=here, there=there
    )
    return f"{points} {rest} {unserved}"


def _range(names: Sequence[str], means: Sequence[dict[str, float]], language: Language) -> str:
    def end(figure: str, pick: int) -> tuple[float, str]:
        ordered = sorted(range(len(means)), key=lambda at: means[at][figure])
        return means[ordered[pick]][figure], names[ordered[pick]]

    fewest, most = end("n_hpc", 0), end("n_hpc", -1)
    shortest, longest = end(MEAN_WAIT.name, 0), end(MEAN_WAIT.name, -1)
    return language.text(
        "The balanced plans need between {fewest} ({of_fewest}) and {most} ({of_most}) high-power "
        "charging points; trucks wait between {shortest} ({of_shortest}) and {longest} "
        "({of_longest}) on average.",
        fewest=language.count(fewest[0]),
        of_fewest=fewest[1],
        most=language.count(most[0]),
        of_most=most[1],
        shortest=language.minutes(shortest[0]),
        of_shortest=shortest[1],
        longest=language.minutes(longest[0]),
        of_longest=longest[1],
    )


def _differences(runs: Sequence[ComparedRun], language: Language) -> str:
    """In which keys the scenarios differ, with their values where they are few."""
    differing = differing_keys([run.scenario for run in runs])
    if len(differing) > _MOST_KEYS_IN_A_SENTENCE:
        return language.text(
            "The scenarios differ in {n} keys, listed below.", n=language.count(len(differing))
        )
    changed = changed_files(runs)
    named = [
        language.text("content of {key}", key=key)
        if key in changed
        else f"{key_in_words(key, language)} ({_values(key, texts, language)})"
        for key, texts in differing.items()
    ]
    return language.text("Differences between the scenarios: {keys}.", keys="; ".join(named))


def _values(key: str, texts: Sequence[str], language: Language) -> str:
    """Values of a key, each once."""
    shown = [
        value_shown(key, json.loads(text), language) if text else NOT_KNOWN
        for text in dict.fromkeys(texts)
    ]
    if len(shown) == 2:
        return language.text("{left} and {right}", left=shown[0], right=shown[1])
    return ", ".join(shown)


def shown_differences(runs: Sequence[ComparedRun]) -> PageTable:
    """Keys in which scenarios differ: a column per run, or all values with how many have each."""
    differing = differing_keys([run.scenario for run in runs])
    key = PageColumn("key", phrase("Key"), is_unbroken=True)
    if len(runs) <= _MOST_COLUMNS:
        columns = (key, *(PageColumn(name, verbatim(name)) for name in run_names(runs)))
        rows: list[Sequence[Cell]] = [
            (verbatim(name), *(verbatim(_value(text)) for text in values))
            for name, values in differing.items()
        ]
        return PageTable("differences", columns, rows)
    columns = (key, PageColumn("values", phrase("Values, with the number of runs")))
    rows = [
        (
            verbatim(name),
            verbatim("; ".join(f"{_value(text)} ({n})" for text, n in Counter(values).items())),
        )
        for name, values in differing.items()
    ]
    return PageTable("differences", columns, rows)


def run_names(runs: Sequence[ComparedRun]) -> list[str]:
    """What each run is called, no two alike."""
    groups = group_names(runs, ENGLISH)
    return _unique(groups if len(groups) == len(runs) else folder_names(runs))


def _unique(names: Sequence[str]) -> list[str]:
    if len(set(names)) == len(names):
        return list(names)
    return [f"{name} ({number})" for number, name in enumerate(names, start=1)]


def _value(text: str) -> str:
    """Value of a key as it stands in a scenario."""
    if not text:
        return NOT_KNOWN
    value = json.loads(text)
    return value if isinstance(value, str) else text

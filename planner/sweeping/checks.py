"""What ``planner validate`` looks at in a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.errors import ScenarioError
from planner.plan.checks import SharedInputs
from planner.said import joined, said
from planner.scenario.sweep import value_text

if TYPE_CHECKING:
    from planner.runs.progress import Advance
    from planner.scenario.roadmap import Roadmap
    from planner.scenario.sweep import Sweep

_INPUTS = ("Network", "Sites", "Demand", "Depots", "Note")


def check_sweep(sweep: Sweep, advance: Advance | None = None) -> list[str]:
    """Check the inputs of every combination of a sweep; what they share is read once.

    Parameters
    ----------
    sweep : Sweep
        The sweep, valid so far.
    advance : callable, optional
        Told how many of how many combinations are done.

    Returns
    -------
    list of str
        What was read, a line per input, with the values of the axes it belongs to.

    Raises
    ------
    ScenarioError
        With the faults of all combinations at once.
    """
    inputs = SharedInputs()
    found: dict[str, list[dict[str, Any]]] = {}
    faults: dict[str, list[dict[str, Any]]] = {}
    for done, variant in enumerate(sweep.variants, start=1):
        findings = inputs.check(variant.scenario)
        for texts, where in ((findings.said, found), (findings.faults, faults)):
            for text in texts:
                where.setdefault(text, []).append(variant.axis_values)
        if advance is not None:
            advance(done, len(sweep.variants))
    axes = sweep.definition.axes
    if faults:
        raise ScenarioError(
            [_of_values(text, axes, values) for text, values in faults.items()],
            sweep.definition.name,
        )
    n_variants, n_each = len(sweep.variants), sweep.definition.replications
    n_most = sweep.definition.replicate_until
    more = (
        said(", up to {n} until it is precise enough", n=n_variants * n_most.at_most)
        if n_most
        else ""
    )
    runs = said(
        "Runs: {n}, {each} of each of {combinations} combinations{more}",
        n=n_variants * n_each,
        each=n_each,
        combinations=n_variants,
        more=more,
    )
    lines = [_of_values(text, axes, values) for text, values in found.items()]
    return [runs, *sorted(lines, key=_place)]


def check_roadmap(roadmap: Roadmap, advance: Advance | None = None) -> list[str]:
    """Check the inputs of every year of a roadmap; what they share is read once.

    What stands by a year is known when the one before is planned.

    Returns
    -------
    list of str
        What was read, a line per input, with the first year that it belongs to.

    Raises
    ------
    ScenarioError
        With the faults of all years at once.
    """
    inputs = SharedInputs()
    found: dict[str, int] = {}
    faults: dict[str, int] = {}
    for done, (year, scenario) in enumerate(roadmap.scenarios.items(), start=1):
        findings = inputs.check(scenario)
        for texts, where in ((findings.said, found), (findings.faults, faults)):
            for text in texts:
                where.setdefault(text, year)
        if advance is not None:
            advance(done, len(roadmap.scenarios))
    if faults:
        raise ScenarioError(
            [
                joined([text, said("(from {year} on)", year=str(year))], " ")
                for text, year in faults.items()
            ],
            roadmap.name,
        )
    return [joined([text, f"({year})"], " ") for text, year in found.items()]


def _place(line: str) -> int:
    """Place of a line by the input that it tells of; what is of none, as of a preset, first."""
    name = line.partition(":")[0]
    return _INPUTS.index(name) if name in _INPUTS else -1


def _of_values(
    text: str, axes: dict[str, tuple[Any, ...]], combinations: list[dict[str, Any]]
) -> str:
    """Text with the values of axes that all these combinations share, and others do not."""
    shared = [
        f"{key}: {value_text(combinations[0][key])}"
        for key, values in axes.items()
        if len(values) > 1 and all(one[key] == combinations[0][key] for one in combinations)
    ]
    if not shared:
        return text
    return joined([text, said("(with {values})", values=", ".join(shared))], " ")

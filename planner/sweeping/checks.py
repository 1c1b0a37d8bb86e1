"""What ``planner validate`` looks at in a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.errors import ScenarioError
from planner.plan.checks import SharedInputs
from planner.scenario.sweep import value_text

if TYPE_CHECKING:
    from planner.runs.progress import Advance
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
    said: dict[str, list[dict[str, Any]]] = {}
    faults: dict[str, list[dict[str, Any]]] = {}
    for done, variant in enumerate(sweep.variants, start=1):
        findings = inputs.check(variant.scenario)
        for texts, where in ((findings.said, said), (findings.faults, faults)):
            for text in texts:
                where.setdefault(text, []).append(variant.axis_values)
        if advance is not None:
            advance(done, len(sweep.variants))
    axes = sweep.definition.axes
    if faults:
        raise ScenarioError(
            [text + _of_values(axes, values) for text, values in faults.items()],
            sweep.definition.name,
        )
    n_variants, n_each = len(sweep.variants), sweep.definition.replications
    n_most = sweep.definition.replicate_until
    more = f", up to {n_variants * n_most.at_most:,} until it is precise enough" if n_most else ""
    runs = f"Runs: {n_variants * n_each:,}, {n_each} of each of {n_variants:,} combinations{more}"
    lines = [text + _of_values(axes, values) for text, values in said.items()]
    return [runs, *sorted(lines, key=lambda line: _INPUTS.index(line.partition(":")[0]))]


def _of_values(axes: dict[str, tuple[Any, ...]], combinations: list[dict[str, Any]]) -> str:
    """Values of the axes that all of some combinations share, where the axis has others too."""
    shared = [
        f"{key}: {value_text(combinations[0][key])}"
        for key, values in axes.items()
        if len(values) > 1 and all(one[key] == combinations[0][key] for one in combinations)
    ]
    return f" (with {', '.join(shared)})" if shared else ""

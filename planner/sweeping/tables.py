"""Result tables of a sweep: every run, means with intervals, and paired differences."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.run_columns import (
    ENERGY,
    EXTRA_NAMES,
    FROM_SUMMARY,
    OBJECTIVE_FIGURES,
    OF_THE_RUN,
    REPLANNED,
)
from planner.plan.schemas import FRONT
from planner.plan.unserved_trips import unserved_share
from planner.reporting.intervals import interval_of
from planner.scenario.sweep import value_text
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.table import Quantity, Table, ends_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from planner.scenario.sweep import Combination, Variant
    from planner.sweeping.runs import SweepRun

FROM_FRONT = tuple(column for column in FRONT.columns if column.name not in {"solution", "name"})

# Keys in the summary's ``replanning`` of these columns, and in the figures ``after`` it.
_KEY_OF_REPLANNED = {
    f"replanned_{MEAN_WAIT.name}": "mean_wait_after_min",
    "replanned_p95_wait_min": "p95_wait_after_min",
    "replanned_wait_cut_share": "wait_cut_share",
    "replanned_n_lpc_rejected": "n_lpc_rejected_after",
    "replanned_extra_km": "mean_extra_km",
}
_KEY_OF_REPLANNED_AFTER = {"replanned_tcu": "tcu", "replanned_mean_extra_min": "mean_extra_min"}

FIGURE_COLUMNS = (*FROM_FRONT, *FROM_SUMMARY, *OBJECTIVE_FIGURES, ENERGY, *REPLANNED, *OF_THE_RUN)
"""Columns that replications have intervals of."""

FIGURES = tuple(column.name for column in FIGURE_COLUMNS)

_MAY_BE_NEGATIVE = (
    *EXTRA_NAMES[2:],
    "replanned_wait_cut_share",
    "replanned_extra_km",
    "replanned_mean_extra_min",
)
"""Figures whose intervals may reach below zero."""

_VARIANT = Quantity(
    "scenario", "string", "", "text", "Scenario", "The combination of the axes' values."
)
_SOLUTION_NAME = Quantity("solution_name", "string", "", "text", "Solution", "The named solution.")
N_REPLICATIONS = Quantity(
    "n_replications", "int64", "runs", "count", "Replications", "Replications."
)
REPLICATION = Quantity(
    "replication", "int64", "", "count", "Replication", "Number of the replication, from 1."
)


def ends_of_mean(figure: Quantity) -> tuple[Quantity, Quantity]:
    """Ends of the confidence interval of a figure's mean."""
    return ends_of(
        figure,
        ("{title}, 95 % from", "{title}, 95 % to"),
        (
            "Lower end of the mean's 95 % confidence interval; NaN with one replication. ",
            "Upper end of that interval. ",
        ),
    )


def _interval_columns() -> tuple[Quantity, ...]:
    columns = []
    for figure in FIGURE_COLUMNS:
        mean = replace(figure, dtype="float64", meaning=f"Mean. {figure.meaning}")
        columns += [mean, *ends_of_mean(figure)]
    return tuple(columns)


def sweep_schema(variants: Sequence[Combination]) -> Table:
    """Schema of the table of runs: the axes of the sweep are columns."""
    return Table(
        "sweep",
        "one named solution of one replication of one combination",
        (
            _VARIANT,
            *axis_columns(variants),
            REPLICATION,
            Quantity("seed", "int64", "", "count", "Seed", "Its seed."),
            Quantity("run", "string", "", "text", "Run", "Folder of the run, below the sweep's."),
            _SOLUTION_NAME,
            Quantity(
                "solution",
                "int64",
                "",
                "count",
                "Number of the solution",
                "Its row in the run's front.",
            ),
            *FIGURE_COLUMNS,
        ),
        key=("scenario", "replication", "solution_name"),
    )


def axis_columns(variants: Sequence[Combination]) -> tuple[Quantity, ...]:
    """A column for each axis, of numbers where all its values are numbers."""
    columns = []
    for key in variants[0].axis_values:
        is_number = all(_is_number(variant.axis_values[key]) for variant in variants)
        columns.append(
            Quantity(key, "float64", "", "figure", key, "Value of this key.")
            if is_number
            else Quantity(key, "string", "", "text", key, "Value of this key.")
        )
    return tuple(columns)


def sweep_table(runs: Iterable[SweepRun], schema: Table) -> pd.DataFrame:
    """Figures of every named solution of every run.

    Parameters
    ----------
    runs : iterable of SweepRun
        Finished runs.
    schema : Table
        From :func:`sweep_schema`.

    Returns
    -------
    DataFrame
        In the order of the runs and of the named solutions.
    """
    rows = [row for run in runs for row in _rows_of_run(run)]
    table = pd.DataFrame(rows)
    for column in schema.columns:
        if column.dtype == "string":
            table[column.name] = table[column.name].map(value_text)
        else:
            table[column.name] = table[column.name].astype(column.dtype)
    return table[schema.column_names]


def _rows_of_run(run: SweepRun) -> Iterable[dict[str, Any]]:
    manifest, front = run.manifest, run.front
    summary = manifest["summary"]
    share = unserved_share(summary["n_unserved"], summary["n_trips"])
    visited = {"n_visited_sites": summary.get("n_visited_sites", nan)}
    of_run = summary | {"unserved_share": share} | visited
    for named in manifest["named_solutions"]:
        solution = int(named["solution"])
        figures = summary["solutions"][named["name"]]
        yield (
            {"scenario": run.variant.label}
            | run.variant.axis_values
            | {
                "replication": run.number,
                "seed": run.scenario.seed,
                "run": f"runs/{run.name}",
                "solution_name": named["name"],
                "solution": solution,
            }
            | {column.name: front[column.name].iloc[solution] for column in FROM_FRONT}
            | {column.name: figures[column.name] for column in FROM_SUMMARY}
            | {column.name: figures.get(column.name, nan) for column in OBJECTIVE_FIGURES}
            | {ENERGY.name: figures["energy_hpc_mwh"] + figures["energy_lpc_mwh"]}
            | _replanned(summary, named["name"])
            | {column.name: of_run[column.name] for column in OF_THE_RUN}
        )


def _replanned(summary: dict[str, Any], solution_name: str) -> dict[str, float]:
    """What replanning did to a named solution; NaN where there was none."""
    replanning = summary.get("replanning", {})
    if solution_name != DEFAULT_SOLUTION or not replanning or "rounds" in replanning:
        return dict.fromkeys((column.name for column in REPLANNED), nan)
    after = replanning["after"]
    figures = {column: replanning[key] for column, key in _KEY_OF_REPLANNED.items()}
    return figures | {column: after[key] for column, key in _KEY_OF_REPLANNED_AFTER.items()}


def summary_schema(variants: Sequence[Combination]) -> Table:
    """Schema of the means: three columns for each figure."""
    return Table(
        "sweep_summary",
        "one named solution of one combination, over its replications",
        (_VARIANT, *axis_columns(variants), _SOLUTION_NAME, N_REPLICATIONS, *_interval_columns()),
        key=("scenario", "solution_name"),
    )


DIFFERENCES = Table(
    "sweep_differences",
    "one named solution of two combinations that differ in one axis",
    (
        Quantity("axis", "string", "", "text", "Axis", "The key in which they differ."),
        Quantity("value", "string", "", "text", "Value", "Its value here."),
        Quantity(
            "reference_value",
            "string",
            "",
            "text",
            "Compared with",
            "Its first value, which is taken off.",
        ),
        _VARIANT,
        Quantity(
            "reference", "string", "", "text", "Compared with", "The combination that is taken off."
        ),
        _SOLUTION_NAME,
        N_REPLICATIONS,
        *_interval_columns(),
    ),
    key=("scenario", "reference", "solution_name"),
)


def summary_table(table: pd.DataFrame, variants: Sequence[Variant]) -> pd.DataFrame:
    """Mean and confidence interval of each figure over the replications.

    Parameters
    ----------
    table : DataFrame
        From :func:`sweep_table`.

    Returns
    -------
    DataFrame
        In the order of ``table``; intervals end at zero where a figure cannot be less.
    """
    axes = [column.name for column in axis_columns(variants)]
    rows = []
    for (label, name), of_both in table.groupby(["scenario", "solution_name"], sort=False):
        first = of_both.iloc[0]
        rows.append(
            {"scenario": label}
            | {axis: first[axis] for axis in axes}
            | {"solution_name": name, "n_replications": len(of_both)}
            | {
                name: value if name.startswith(_MAY_BE_NEGATIVE) else max(value, 0.0)
                for name, value in _intervals(_figures_of(of_both)).items()
            }
        )
    return pd.DataFrame(rows)[summary_schema(variants).column_names]


def difference_table(table: pd.DataFrame, variants: Sequence[Variant]) -> pd.DataFrame:
    """What changing one axis changes, replication by replication.

    The same replication has the same draw of the demand in all combinations, so that the
    difference is free of much of the chance that is in either of them.

    Parameters
    ----------
    table : DataFrame
        From :func:`sweep_table`.

    Returns
    -------
    DataFrame
        ``DIFFERENCES``, axis by axis, each value against the axis' first, all else equal.
    """
    of_variant = {
        key: (rows[REPLICATION.name].to_numpy(), _figures_of(rows))
        for key, rows in table.groupby(["scenario", "solution_name"], sort=False)
    }
    names = list(dict.fromkeys(table["solution_name"]))
    rows = []
    for axis in variants[0].axis_values:
        for variant, reference in _pairs(variants, axis):
            for name in names:
                numbers, own = of_variant[variant.label, name]
                other_numbers, other = of_variant[reference.label, name]
                both, of_own, of_other = np.intersect1d(
                    numbers, other_numbers, assume_unique=True, return_indices=True
                )
                rows.append(
                    {
                        "axis": axis,
                        "value": value_text(variant.axis_values[axis]),
                        "reference_value": value_text(reference.axis_values[axis]),
                        "scenario": variant.label,
                        "reference": reference.label,
                        "solution_name": name,
                        "n_replications": len(both),
                    }
                    | _intervals(own[:, of_own] - other[:, of_other])
                )
    return pd.DataFrame(rows, columns=DIFFERENCES.column_names)


def _pairs(variants: Sequence[Variant], axis: str) -> Iterable[tuple[Variant, Variant]]:
    """Combinations, and those that differ from them by having the axis' first value."""
    first = variants[0].axis_values[axis]
    for variant in variants:
        if variant.axis_values[axis] != first:
            wanted = variant.axis_values | {axis: first}
            yield variant, next(other for other in variants if other.axis_values == wanted)


def _figures_of(replications: pd.DataFrame) -> NDArray[np.float64]:
    """``FIGURES`` as rows, replications as columns."""
    return np.ascontiguousarray(replications[list(FIGURES)].to_numpy(dtype=np.float64).T)


def _intervals(replications: NDArray[np.float64]) -> dict[str, float]:
    """Means and ends of intervals of ``FIGURES``, given as :func:`_figures_of` does."""
    intervals = dict(zip(FIGURES, map(interval_of, replications), strict=True))
    return {
        name: value
        for figure, interval in intervals.items()
        for name, value in (
            (figure, interval.mean),
            (f"{figure}_low", interval.low),
            (f"{figure}_high", interval.high),
        )
    }


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)

"""Result tables of a sweep: every run, means with intervals, and paired differences."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.reporting.intervals import interval_of
from planner.reporting.plan_results import DEFAULT_SOLUTION
from planner.reporting.table_schemas import EXTRA, FRONT
from planner.reporting.unserved_trips import unserved_share
from planner.scenario.sweep import value_text
from planner.tables.table import Quantity, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.scenario.sweep import Combination, Variant
    from planner.sweeping.runs import SweepRun

FROM_FRONT = tuple(column for column in FRONT.columns if column.name not in {"solution", "name"})

_EXTRA_NAMES = (
    "mean_trip_h",
    "mean_trip_km",
    "mean_extra_min",
    "mean_extra_duration_share",
    "mean_extra_km",
    "mean_extra_distance_share",
)

FROM_SUMMARY = (
    Quantity(
        "ecu_year_5_days_share",
        "float64",
        "share",
        "Utilisation in energy over a year in which five days of each week are like the simulated "
        "ones and nobody charges on the others.",
    ),
    Quantity("ecu_year_6_days_share", "float64", "share", "The same with six days of each week."),
    Quantity("lpc_energy_share", "float64", "share", "Part of the energy charged overnight."),
    Quantity(
        "sessions_per_hpc_day",
        "float64",
        "sessions",
        "High-power sessions per point and simulated day.",
    ),
    Quantity(
        "sessions_per_lpc_day",
        "float64",
        "sessions",
        "Overnight sessions per point and simulated day.",
    ),
    Quantity(
        "highest_site_peak_kw",
        "float64",
        "kW",
        "Highest power that any site draws at any moment.",
    ),
    *(column for column in EXTRA.columns if column.name in _EXTRA_NAMES),
)
"""Figures of named solutions in ``run.json``."""

REPLANNED = (
    Quantity(
        "replanned_mean_wait_min",
        "float64",
        "min",
        "Mean wait in the balanced layout once trucks know its queues; empty without replanning, "
        "in other solutions, and where replanning is part of the search, so that all waits are "
        "of such trucks.",
    ),
    Quantity("replanned_p95_wait_min", "float64", "min", "Their 95 % wait; empty likewise."),
    Quantity(
        "replanned_wait_cut_share",
        "float64",
        "share",
        "How much less that mean wait is than the one before; empty likewise.",
    ),
    Quantity(
        "replanned_n_lpc_rejected",
        "float64",
        "sessions",
        "Trucks that find all overnight points taken then; empty likewise.",
    ),
    Quantity(
        "replanned_extra_km",
        "float64",
        "km",
        "Mean distance that replanning adds to a trip; empty likewise.",
    ),
    Quantity("replanned_tcu", "float64", "share", "Utilisation in time then; empty likewise."),
    Quantity(
        "replanned_mean_extra_min",
        "float64",
        "min",
        "Mean time that charging adds to a trip then; empty likewise.",
    ),
)
"""What replanning does to the balanced solution."""

# Keys in the summary's ``replanning`` of these columns, and in the figures ``after`` it.
_KEY_OF_REPLANNED = {
    "replanned_mean_wait_min": "mean_wait_after_min",
    "replanned_p95_wait_min": "p95_wait_after_min",
    "replanned_wait_cut_share": "wait_cut_share",
    "replanned_n_lpc_rejected": "n_lpc_rejected_after",
    "replanned_extra_km": "mean_extra_km",
}
_KEY_OF_REPLANNED_AFTER = {"replanned_tcu": "tcu", "replanned_mean_extra_min": "mean_extra_min"}

ENERGY = Quantity("energy_mwh", "float64", "MWh", "Energy charged at high power and overnight.")

OF_THE_RUN = (
    Quantity("n_trips", "int64", "trips", "Electric trips of the run."),
    Quantity("n_unserved", "int64", "trips", "Trips of the run that cannot be driven."),
    Quantity("unserved_share", "float64", "share", "These as a share of all trips of the run."),
    Quantity("n_sites", "int64", "sites", "Sites of the run."),
    Quantity(
        "n_visited_sites",
        "float64",
        "sites",
        "Sites that any truck visits: each keeps at least one point, so as many are the floor.",
    ),
)

FIGURE_COLUMNS = (*FROM_FRONT, *FROM_SUMMARY, ENERGY, *REPLANNED, *OF_THE_RUN)
"""Columns that replications have intervals of."""

FIGURES = tuple(column.name for column in FIGURE_COLUMNS)

_MAY_BE_NEGATIVE = (
    *_EXTRA_NAMES[2:],
    "replanned_wait_cut_share",
    "replanned_extra_km",
    "replanned_mean_extra_min",
)
"""Figures whose intervals may reach below zero."""

_VARIANT = Quantity("scenario", "string", "", "The combination of the axes' values.")
_SOLUTION_NAME = Quantity("solution_name", "string", "", "The named solution.")
_N_REPLICATIONS = Quantity("n_replications", "int64", "runs", "Replications.")


def _interval_columns() -> tuple[Quantity, ...]:
    ends = (
        ("", "Mean. "),
        ("_low", "Lower end of the mean's 95 % confidence interval; NaN with one replication. "),
        ("_high", "Upper end of that interval. "),
    )
    return tuple(
        Quantity(figure.name + ending, "float64", figure.unit, prefix + figure.meaning)
        for figure in FIGURE_COLUMNS
        for ending, prefix in ends
    )


def sweep_schema(variants: Sequence[Combination]) -> Table:
    """Schema of the table of runs: the axes of the sweep are columns.

    Parameters
    ----------
    variants : sequence of Combination
        The combinations.

    Returns
    -------
    Table
    """
    return Table(
        "sweep",
        "one named solution of one replication of one combination",
        (
            _VARIANT,
            *axis_columns(variants),
            Quantity("replication", "int64", "", "Number of the replication, from 1."),
            Quantity("seed", "int64", "", "Its seed."),
            Quantity("run", "string", "", "Folder of the run, below the sweep's."),
            _SOLUTION_NAME,
            Quantity("solution", "int64", "", "Its row in the run's front."),
            *FIGURE_COLUMNS,
        ),
    )


def axis_columns(variants: Sequence[Combination]) -> tuple[Quantity, ...]:
    """A column for each axis, of numbers where all its values are numbers."""
    columns = []
    for key in variants[0].axis_values:
        is_number = all(_is_number(variant.axis_values[key]) for variant in variants)
        columns.append(
            Quantity(key, "float64" if is_number else "string", "", "Value of this key.")
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
    """Schema of the means: three columns for each figure.

    Parameters
    ----------
    variants : sequence of Combination
        The combinations.

    Returns
    -------
    Table
    """
    return Table(
        "sweep_summary",
        "one named solution of one combination, over its replications",
        (_VARIANT, *axis_columns(variants), _SOLUTION_NAME, _N_REPLICATIONS, *_interval_columns()),
    )


DIFFERENCES = Table(
    "sweep_differences",
    "one named solution of two combinations that differ in one axis",
    (
        Quantity("axis", "string", "", "The key in which they differ."),
        Quantity("value", "string", "", "Its value here."),
        Quantity("reference_value", "string", "", "Its first value, which is taken off."),
        _VARIANT,
        Quantity("reference", "string", "", "The combination that is taken off."),
        _SOLUTION_NAME,
        _N_REPLICATIONS,
        *_interval_columns(),
    ),
)


def summary_table(table: pd.DataFrame, variants: Sequence[Variant]) -> pd.DataFrame:
    """Mean and confidence interval of each figure over the replications.

    Parameters
    ----------
    table : DataFrame
        From :func:`sweep_table`.
    variants : sequence of Variant
        The combinations.

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
                for name, value in _intervals(of_both).items()
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
    variants : sequence of Variant
        The combinations.

    Returns
    -------
    DataFrame
        ``DIFFERENCES``, axis by axis, each value against the axis' first, all else equal.
    """
    of_variant = {
        key: rows.set_index("replication")
        for key, rows in table.groupby(["scenario", "solution_name"], sort=False)
    }
    names = list(dict.fromkeys(table["solution_name"]))
    rows = []
    for axis in variants[0].axis_values:
        for variant, reference in _pairs(variants, axis):
            for name in names:
                own, other = of_variant[variant.label, name], of_variant[reference.label, name]
                both = own.index.intersection(other.index)
                change = own.loc[both, list(FIGURES)] - other.loc[both, list(FIGURES)]
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
                    | _intervals(change)
                )
    return pd.DataFrame(rows, columns=DIFFERENCES.column_names)


def _pairs(variants: Sequence[Variant], axis: str) -> Iterable[tuple[Variant, Variant]]:
    """Combinations, and those that differ from them by having the axis' first value."""
    first = variants[0].axis_values[axis]
    for variant in variants:
        if variant.axis_values[axis] != first:
            wanted = variant.axis_values | {axis: first}
            yield variant, next(other for other in variants if other.axis_values == wanted)


def _intervals(replications: pd.DataFrame) -> dict[str, float]:
    intervals = {
        figure: interval_of(replications[figure].to_numpy(dtype=float)) for figure in FIGURES
    }
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

"""The open-data package of a sweep: its tables, with the makers and licences of the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.plan.finished_run import read_finished_run
from planner.reporting.datapackage import TableFile, describe
from planner.sweeping.tables import DIFFERENCES, summary_schema, sweep_schema

if TYPE_CHECKING:
    from pathlib import Path

    from planner.plan.finished_run import FinishedRun


def write_sweep_datapackage(sweep: FinishedRun) -> Path:
    """Describe the files of a sweep.

    Parameters
    ----------
    sweep : FinishedRun
        The sweep. Makers and licences are those of its first run.

    Returns
    -------
    pathlib.Path
        ``datapackage.json`` in its folder. Same files, same bytes.
    """
    variants = sweep.combinations
    tables = (
        TableFile("sweep.csv", sweep_schema(variants)),
        TableFile("sweep.parquet", sweep_schema(variants)),
        TableFile("sweep_summary.csv", summary_schema(variants)),
        TableFile("sweep_differences.csv", DIFFERENCES),
    )
    others = {
        "sweep.gpkg": "Map of the combinations: sites and roads with flows.",
        "sweep.xlsx": "The tables as a workbook.",
        "sweep.json": "What was asked.",
    }
    first = read_finished_run(sweep.first_run)
    definition = sweep.definition
    return describe(
        sweep.folder, definition.name, definition.description, first.scenario, tables, others
    )

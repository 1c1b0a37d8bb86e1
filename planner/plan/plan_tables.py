"""Result tables of a plan as Parquet and CSV files."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numba import get_num_threads

from planner.plan.group_schemas import GROUPS
from planner.plan.schemas import (
    EXTRA,
    HOURLY,
    LAYOUTS,
    SITES,
)
from planner.plan.site_hour_schemas import SITE_HOURS
from planner.plan.trip_schemas import (
    BREAKS,
    STOPS,
    TRIPS,
    UNSERVED,
    WARM_UP_BREAKS,
    WARM_UP_STOPS,
    WARM_UP_TRIPS,
)
from planner.selection.columns import SITE_SELECTION
from planner.tables.table_files import write_csv, write_csv_and_parquet, write_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from planner.plan.plan_results import PlanResults


def layout_table(results: PlanResults) -> pd.DataFrame:
    """Charging points of every solution at every site.

    Returns
    -------
    DataFrame
        ``LAYOUTS``, sorted by solution, then in the order of the sites.
    """
    n_solutions, n_sites = results.hpc_layouts.shape
    return pd.DataFrame(
        {
            "solution": np.repeat(np.arange(n_solutions, dtype=np.int64), n_sites),
            "site_id": np.tile(results.sites.site_id, n_solutions),
            "n_hpc": results.hpc_layouts.ravel().astype(np.int64),
            "n_lpc": np.tile(results.lpc_per_site, n_solutions).astype(np.int64),
        }
    )


def write_tables(results: PlanResults, directory: Path) -> list[Path]:
    """Write all result tables of a plan.

    Parameters
    ----------
    directory : Path
        An existing directory.

    Returns
    -------
    list of Path
        The files written: ``front.csv``, ``extra.csv``, ``groups.csv``, ``site_hours.csv`` and
        one Parquet file per schema of ``FILE_SCHEMAS``.
    """
    as_csv = (
        (results.front, results.front_schema),
        (results.extra, EXTRA),
        (results.groups, GROUPS),
        (results.site_hours, SITE_HOURS),
    )
    as_parquet = (
        (results.trips, TRIPS),
        (results.stops, STOPS),
        (results.breaks, BREAKS),
        (results.warm_up_trips, WARM_UP_TRIPS),
        (results.warm_up_stops, WARM_UP_STOPS),
        (results.warm_up_breaks, WARM_UP_BREAKS),
        (results.unserved, UNSERVED),
        (layout_table(results), LAYOUTS),
        (results.site_figures, SITES),
        (results.hourly, HOURLY),
        *as_csv,
    )
    csv_paths = [directory / f"{schema.name}.csv" for _, schema in as_csv]
    parquet_paths = [directory / f"{schema.name}.parquet" for _, schema in as_parquet]
    # Parquet is compressed without Python's lock; two tables at a time, as each is copied.
    with ThreadPoolExecutor(min(2, get_num_threads())) as threads:
        in_threads = [
            threads.submit(write_parquet, *each, path)
            for each, path in zip(as_parquet, parquet_paths, strict=True)
        ]
        for each, path in zip(as_csv, csv_paths, strict=True):
            write_csv(*each, path)
        for written in in_threads:
            written.result()
    paths = csv_paths + parquet_paths
    if results.selection is not None:
        write_csv_and_parquet([(SITE_SELECTION, results.selection)], directory)
        paths += [directory / f"{SITE_SELECTION.name}{ending}" for ending in (".csv", ".parquet")]
    return paths

"""Result tables as Parquet and CSV files.

Same tables, same bytes: types come from the schemas, files carry no timestamps, no pandas metadata
and no index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from planner.reporting.table_schemas import (
    EXTRA,
    FRONT,
    HOURLY,
    LAYOUTS,
    SITES,
    STOPS,
    TRIPS,
    UNSERVED,
    TableSchema,
    check_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from planner.reporting.plan_results import PlanResults

_ARROW_TYPES = {
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "string": pa.string(),
}
_ROWS_PER_GROUP = 1 << 17


def layout_table(results: PlanResults) -> pd.DataFrame:
    """Plugs of every solution at every site.

    Parameters
    ----------
    results : PlanResults
        The plan.

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


def write_parquet(table: pd.DataFrame, schema: TableSchema, path: Path) -> None:
    """Write a table as Parquet with the columns, types and meanings of its schema.

    Parameters
    ----------
    table : DataFrame
        The columns of the schema, in any order.
    schema : TableSchema
        What the table holds; unit and meaning of each column become metadata of the file.
    path : Path
        The file to write.

    Raises
    ------
    ValueError
        If the table does not have the schema.
    """
    check_table(table, schema)
    fields = [
        pa.field(
            column.name,
            _ARROW_TYPES[column.dtype],
            metadata={"unit": column.unit, "meaning": column.meaning},
        )
        for column in schema.columns
    ]
    arrays = [
        pa.array(table[column.name].to_numpy(), type=_ARROW_TYPES[column.dtype], from_pandas=False)
        for column in schema.columns
    ]
    pq.write_table(
        pa.Table.from_arrays(arrays, schema=pa.schema(fields)),
        path,
        version="2.6",
        compression="zstd",
        compression_level=3,
        row_group_size=_ROWS_PER_GROUP,
        data_page_version="1.0",
        store_schema=False,
    )


def write_csv(table: pd.DataFrame, schema: TableSchema, path: Path) -> None:
    """Write a table as CSV (UTF-8, comma, decimal point) with the columns of its schema.

    Parameters
    ----------
    table : DataFrame
        The columns of the schema, in any order.
    schema : TableSchema
        What the table holds.
    path : Path
        The file to write.

    Raises
    ------
    ValueError
        If the table does not have the schema.
    """
    check_table(table, schema)
    table[schema.column_names].to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def write_csv_and_parquet(
    tables: Iterable[tuple[TableSchema, pd.DataFrame]], folder: Path
) -> list[Path]:
    """Write tables, each as a CSV and as a Parquet file with the name of its schema.

    Parameters
    ----------
    tables : iterable of (TableSchema, DataFrame)
        What each table holds, and its rows.
    folder : Path
        An existing folder.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ValueError
        If a table does not have its schema.
    """
    paths = []
    for schema, table in tables:
        csv_path, parquet_path = folder / f"{schema.name}.csv", folder / f"{schema.name}.parquet"
        write_csv(table, schema, csv_path)
        write_parquet(table, schema, parquet_path)
        paths += [csv_path, parquet_path]
    return paths


def write_tables(results: PlanResults, directory: Path) -> list[Path]:
    """Write all result tables of a plan.

    Parameters
    ----------
    results : PlanResults
        The plan.
    directory : Path
        An existing directory.

    Returns
    -------
    list of Path
        The files written: ``front.csv``, ``extra.csv`` and one Parquet file per schema of
        ``FILE_SCHEMAS``.
    """
    paths = []
    for table, schema in ((results.front, FRONT), (results.extra, EXTRA)):
        paths.append(directory / f"{schema.name}.csv")
        write_csv(table, schema, paths[-1])
    for table, schema in (
        (results.front, FRONT),
        (layout_table(results), LAYOUTS),
        (results.site_figures, SITES),
        (results.hourly, HOURLY),
        (results.trips, TRIPS),
        (results.stops, STOPS),
        (results.unserved, UNSERVED),
        (results.extra, EXTRA),
    ):
        path = directory / f"{schema.name}.parquet"
        write_parquet(table, schema, path)
        paths.append(path)
    return paths

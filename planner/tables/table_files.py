"""Tables as Parquet and CSV files.

Same tables, same bytes: types come from the schemas, files carry no timestamps, no pandas metadata
and no index.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ArrowException

from planner.errors import RunDirectoryError
from planner.files.spreadsheet_texts import write_csv_file
from planner.said import said
from planner.tables.table import DType, Table, check_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from io import BytesIO
    from pathlib import Path

_ARROW_TYPES = {
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "string": pa.string(),
}
_ROWS_PER_GROUP = 1 << 17


def write_parquet(table: pd.DataFrame, schema: Table, path: Path | BytesIO) -> None:
    """Write a table as Parquet with the columns, types and meanings of its schema.

    Parameters
    ----------
    table : DataFrame
        The columns of the schema, in any order.
    schema : Table
        What the table holds; unit and meaning of each column become metadata of the file.
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
    arrays = [_as_arrow(table[column.name], column.dtype) for column in schema.columns]
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


def _as_arrow(values: pd.Series, dtype: DType) -> pa.Array:
    """Values of a column; texts that pandas keeps as Arrow's or once each are not made Python's."""
    kind = _ARROW_TYPES[dtype]
    if values.hasnans or not isinstance(values.dtype, pd.StringDtype | pd.CategoricalDtype):
        return pa.array(values.to_numpy(), type=kind, from_pandas=False)
    if isinstance(values.dtype, pd.CategoricalDtype):
        each = pa.array(values.dtype.categories.array, type=kind)
        return pa.DictionaryArray.from_arrays(values.cat.codes.to_numpy(), each).dictionary_decode()
    texts = pa.array(values.array, type=kind)
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


FORMER_COLUMNS = {"sun_kw": "pv_kw", "spilled_kw": "curtailed_kw"}
"""Today's name of each column that tables of earlier runs have under another."""


def read_parquet(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table of a finished run or sweep, columns under their names of today.

    Parameters
    ----------
    columns : sequence of str, optional
        Columns that are wanted; all by default.

    Raises
    ------
    RunDirectoryError
        If the file is missing, damaged, or has other columns.
    """
    try:
        former = {
            FORMER_COLUMNS[name]: name
            for name in pq.read_schema(path).names
            if name in FORMER_COLUMNS
        }
        wanted = None if columns is None else [former.get(name, name) for name in columns]
        return pd.read_parquet(path, columns=wanted).rename(columns=FORMER_COLUMNS)
    except FileNotFoundError as error:
        told = "{path}: is not there; copy the whole folder of the run again, or run again"
        raise RunDirectoryError(said(told, path=str(path))) from error
    except (OSError, ArrowException, KeyError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        told = "{path}: not readable with the columns it should have ({reason}); run again"
        msg = said(told, path=str(path), reason=reason)
        raise RunDirectoryError(msg) from error


def read_rows(path: Path, first: int, most: int) -> pd.DataFrame:
    """Read some rows of a table, and no others: only the groups of rows that hold them.

    Parameters
    ----------
    first : int
        Rows that are passed over, >= 0.
    most : int
        Rows that are read at most, >= 0.

    Raises
    ------
    RunDirectoryError
        If the file is missing or damaged.
    """
    try:
        with pq.ParquetFile(path) as file:
            of_group = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
            ends = list(accumulate(of_group))
            begins = [end - n for end, n in zip(ends, of_group, strict=True)]
            last = first + most
            wanted = [i for i in range(len(ends)) if ends[i] > first and begins[i] < last]
            skipped = begins[wanted[0]] if wanted else 0
            rows = file.read_row_groups(wanted).slice(first - skipped if wanted else 0, most)
            table: pd.DataFrame = rows.to_pandas()
            return table.rename(columns=FORMER_COLUMNS)
    except (OSError, ArrowException, ValueError) as error:
        reason = str(error).partition("\n")[0]
        told = "{path}: not readable as a table ({reason}); run again"
        msg = said(told, path=str(path), reason=reason)
        raise RunDirectoryError(msg) from error


def write_csv(table: pd.DataFrame, schema: Table, path: Path) -> None:
    """Write a table as CSV with the columns of its schema, for spreadsheets too.

    Parameters
    ----------
    table : DataFrame
        The columns of the schema, in any order.
    """
    check_table(table, schema)
    write_csv_file(table[schema.column_names], path)


def write_csv_and_parquet(tables: Iterable[tuple[Table, pd.DataFrame]], folder: Path) -> list[Path]:
    """Write tables, each as a CSV and as a Parquet file with the name of its schema.

    Parameters
    ----------
    folder : Path
        An existing folder.
    """
    paths = []
    for schema, table in tables:
        csv_path, parquet_path = folder / f"{schema.name}.csv", folder / f"{schema.name}.parquet"
        write_csv(table, schema, csv_path)
        write_parquet(table, schema, parquet_path)
        paths += [csv_path, parquet_path]
    return paths

"""Parquet files as tables of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from planner.errors import InputDataError, quoted
from planner.files.bounds import PARQUET
from planner.files.input_files import checked_input
from planner.files.reading_notes import note
from planner.files.table_keys import Reading, TableKeys, with_reading
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

PARQUET_MAGIC = b"PAR1"
_PANDAS_INDEX = "__index_level_"


def read_parquet_table(path: Path, keys: TableKeys | None = None) -> pd.DataFrame:
    """Read a Parquet file as text.

    Parameters
    ----------
    keys : TableKeys, optional
        What the user says about it.

    Returns
    -------
    pandas.DataFrame
        Cells as they would stand in a CSV file, None where empty: whole numbers without decimals,
        dates and times in ISO 8601 with their offset where they have a zone, durations as hours,
        minutes and seconds. Columns of lists, structures or bytes are left out. The index counts
        rows from 1.

    Raises
    ------
    InputDataError
        If it is missing, damaged, too large, without rows, or names a column twice.
    """
    keys = keys or TableKeys()
    for name in ("sheet", "header_row"):
        if getattr(keys, name) is not None:
            msg = said(
                "{path}: a Parquet file has no sheets and headers; leave out {key}.",
                path=str(path),
                key=keys.key(name),
            )
            raise InputDataError(msg)
    checked_input(path, PARQUET)
    try:
        with pq.ParquetFile(path) as file:
            about = file.metadata
            unpacked = sum(
                about.row_group(group).total_byte_size for group in range(about.num_row_groups)
            )
            PARQUET.check(
                path,
                columns=about.num_columns,
                rows=about.num_rows,
                unpacked_bytes=unpacked,
                cells=about.num_rows * about.num_columns,
            )
            names = [field.name for field in file.schema_arrow if _is_plain(field.type)]
            left_out = [name for name in file.schema_arrow.names if name not in names]
            _refuse_repeated(path, file.schema_arrow.names)
            data = file.read(columns=names)
        cells = {
            name.strip(): _text(data[name]) for name in names if not name.startswith(_PANDAS_INDEX)
        }
    except (pa.ArrowException, OSError, ValueError, KeyError, NotImplementedError) as error:
        msg = said(
            "{path}: the Parquet file cannot be read ({error}). Write it again.",
            path=str(path),
            error=quoted(str(error)),
        )
        raise InputDataError(msg) from error
    if data.num_rows == 0:
        msg = said("{path}: expected at least one row, found none.", path=str(path))
        raise InputDataError(msg)
    if left_out:
        told = "columns of lists, structures or bytes left out: {names}"
        note(path, said(told, names=left_out[:8]))
    rows = pd.RangeIndex(1, data.num_rows + 1, name="row")
    return with_reading(pd.DataFrame(cells, index=rows, dtype=object), Reading(keys))


def _refuse_repeated(path: Path, names: list[str]) -> None:
    stripped = [name.strip() for name in names]
    twice = sorted({name for name in stripped if stripped.count(name) > 1})
    if twice:
        msg = said(
            "{path}: column names must be unique, found more than once: {listed}.",
            path=str(path),
            listed=", ".join(twice[:8]),
        )
        raise InputDataError(msg)


def _is_plain(kind: pa.DataType) -> bool:
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    return not (pa.types.is_nested(value) or _is_bytes(value))


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


def _text(column: pa.ChunkedArray) -> list[str | None]:
    """Cells of a column as text."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    if pa.types.is_floating(kind):
        whole = pc.is_nan(column)
        column = pc.if_else(whole, pa.scalar(None, kind), column)
        text = pc.replace_substring_regex(pc.cast(column, pa.string()), r"\.0$", "")
    elif pa.types.is_boolean(kind):
        text = pc.if_else(column, "true", "false")
    elif pa.types.is_timestamp(kind):
        moments = column.to_pandas()
        return [None if cell is pd.NaT else cell.isoformat() for cell in moments]
    elif pa.types.is_duration(kind):
        durations = column.to_pandas()
        return [None if cell is pd.NaT else _clock(cell) for cell in durations]
    else:
        text = pc.cast(column, pa.string())
    text = pc.utf8_trim_whitespace(text)
    return [cell or None for cell in text.to_pylist()]


def _clock(duration: pd.Timedelta) -> str:
    """Hours, minutes and seconds, hours beyond 24 for more than a day."""
    seconds = duration.total_seconds()
    if seconds < 0.0:
        return str(duration)
    hours, rest = divmod(seconds, 3600.0)
    minutes, rest = divmod(rest, 60.0)
    return f"{int(hours):02d}:{int(minutes):02d}:{rest:09.6f}"

"""OD volumes in the layouts that planners have, as triples of origin, destination and volume.

- a list: a row per pair with origin, destination and volume;
- the published layout of the European synthetic truck-flow data set (``01_Trucktrafficflow.csv``,
  2.6 GB with the path of every pair), streamed by three of its columns;
- a square matrix in CSV: names of the destinations in the header, of the origins in the first
  column;
- a matrix in OMX (HDF5 with ``/data`` and ``/lookup``, as traffic models exchange them).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from planner.errors import InputDataError
from planner.files.bounds import OMX, PUBLISHED_FLOWS
from planner.files.csv_tables import read_text_table
from planner.files.input_files import checked_input, open_input
from planner.files.ranges import TRUCKS_PER_YEAR
from planner.files.table_columns import (
    named_columns,
    numbers,
    refuse_rows,
)
from planner.files.table_files import TABLE_FILES, read_table
from planner.files.table_keys import Reading, TableKeys, reading_of, with_reading
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

USUAL_COLUMNS = {
    "origin": ("origin", "ID_origin_region"),
    "destination": ("destination", "ID_destination_region"),
    "trucks_per_year": ("trucks_per_year", "volume", "Traffic_flow_trucks_2019"),
}
"""What a list needs, and the column names that are understood without being told."""
PUBLISHED_MARK = b"ID_origin_region,"
N_EXAMPLES = 10
"""Faulty values that a message shows."""
_HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class OdVolumes:
    """Volumes between named places.

    Parameters
    ----------
    name : (n_places,) object
        Names of nodes or zones, text, each once.
    origin_idx, destination_idx : (n_pairs,) int32
        Positions in ``name``.
    volume : (n_pairs,) float64
        Trucks in the file's unit of time, >= 0.
    """

    name: NDArray[np.object_]
    origin_idx: NDArray[np.int32]
    destination_idx: NDArray[np.int32]
    volume: NDArray[np.float64]


def read_od_volumes(
    path: Path, keys: TableKeys, matrix: str | None, lookup: str | None = None
) -> OdVolumes:
    """Read OD volumes in any of the layouts.

    Parameters
    ----------
    path : pathlib.Path
        The file; what it holds decides on the layout, not its name.
    keys : TableKeys
        How a table lies in it; columns of a list are those of :data:`USUAL_COLUMNS`.
    matrix, lookup : str or None
        Matrix, and names of zones, of an OMX file that holds more than one.

    Raises
    ------
    InputDataError
        If the file cannot be read, a column or value is missing, or a volume is negative.
    """
    # The kind is not known yet; each reader holds its own bounds, all of them within these.
    with open_input(path, OMX) as stream:
        start = stream.read(1 << 12)
    if start.startswith(_HDF5_MAGIC) or path.suffix.lower() == ".omx":
        from planner.demand.omx_matrices import read_omx  # noqa: PLC0415  # h5py: few tables are

        found = read_omx(path, matrix, lookup)
        return OdVolumes(found.names, found.origin_idx, found.destination_idx, found.volume)
    if PUBLISHED_MARK in start.split(b"\n", 1)[0]:
        return _of_list(path, _read_published(path, keys))
    read = read_table if path.suffix.lower() in TABLE_FILES else read_text_table
    table = read(path, keys, blank_corner=True)
    if not keys.columns and is_square(table):
        return _of_square(path, table)
    needed = tuple(USUAL_COLUMNS)
    return _of_list(path, named_columns(table, USUAL_COLUMNS, str(path), required=needed))


def _read_published(path: Path, keys: TableKeys) -> pd.DataFrame:
    """Three columns of the published layout; its edge paths are passed over unread."""
    try:
        with arrow_csv.open_csv(checked_input(path, PUBLISHED_FLOWS)) as stream:
            found = pd.Index(stream.schema.names)
        header = with_reading(pd.DataFrame(columns=found), Reading(keys))
        chosen = reading_of(
            named_columns(header, USUAL_COLUMNS, str(path), required=tuple(USUAL_COLUMNS))
        ).headers
        wanted = list(chosen.values())
        options = arrow_csv.ConvertOptions(
            include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string())
        )
        with arrow_csv.open_csv(path, convert_options=options) as stream:
            table = stream.read_all()
    except pa.ArrowInvalid as error:
        msg = said(
            "{path}: not readable as the published table of truck flows ({error}); fetch the "
            "file again",
            path=str(path),
            error=str(error),
        )
        raise InputDataError(msg) from error
    if table.num_rows == 0:
        msg = said(
            "{path}: expected a header and at least one row, found the header alone.",
            path=str(path),
        )
        raise InputDataError(msg)
    read = {name: table[column].to_pandas().astype(object) for name, column in chosen.items()}
    rows = pd.RangeIndex(2, table.num_rows + 2, name="row")
    return pd.DataFrame(read).set_axis(rows).replace("", None)


def _of_list(path: Path, table: pd.DataFrame) -> OdVolumes:
    volume = numbers(table, "trucks_per_year", str(path), "trucks")
    TRUCKS_PER_YEAR.check(table, "trucks_per_year", volume, str(path))
    for end in ("origin", "destination"):
        refuse_rows(
            table, table[end].isna().to_numpy(), str(path), said("{end} must be given", end=end)
        )
    idx, names = pd.factorize(pd.concat([table["origin"], table["destination"]]), sort=True)
    n_rows = len(table)
    return OdVolumes(
        np.asarray(names, dtype=object),
        idx[:n_rows].astype(np.int32),
        idx[n_rows:].astype(np.int32),
        volume,
    )


def is_square(table: pd.DataFrame) -> bool:
    """Whether the first column names the same places as the header."""
    header = set(table.columns[1:])
    return len(header) > 0 and header == set(table.iloc[:, 0].dropna())


def _of_square(path: Path, table: pd.DataFrame) -> OdVolumes:
    names = table.columns[1:].to_numpy(object)
    rows = table.iloc[:, 0]
    refuse_rows(table, rows.duplicated(keep=False).to_numpy(), str(path), "an origin stands twice")
    by_origin = table.set_axis(rows, axis=0).loc[names, names]
    by_origin.index.name = "origin"
    volume = np.column_stack(
        [numbers(by_origin, name, str(path), "trucks") for name in by_origin.columns]
    )
    least = np.atleast_1d(volume.min(axis=1))
    refuse_rows(by_origin, np.isnan(least), str(path), "no cell may be empty; write 0")
    TRUCKS_PER_YEAR.check(by_origin, "trucks", least, str(path))
    TRUCKS_PER_YEAR.check(by_origin, "trucks", np.atleast_1d(volume.max(axis=1)), str(path))
    return _of_matrix(names, volume)


def _of_matrix(names: NDArray[np.object_], volume: NDArray[np.float64]) -> OdVolumes:
    origin_idx, destination_idx = np.nonzero(volume)
    return OdVolumes(
        names,
        origin_idx.astype(np.int32),
        destination_idx.astype(np.int32),
        volume[origin_idx, destination_idx],
    )

"""Quantities and tables: what a column holds, and what a row is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

DType = Literal["int64", "float64", "bool", "string"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a column holds; the only place where it is described.

    Parameters
    ----------
    name : str
        Name in files and DataFrames; ends in its unit where it has one.
    dtype : {"int64", "float64", "bool", "string"}
        Type in Parquet; only ``float64`` may be missing (NaN).
    unit : str
        Unit, ``"share"`` for 0 to 1, empty where there is none.
    meaning : str
        What the column says.
    """

    name: str
    dtype: DType
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Parameters
    ----------
    name : str
        Name of the table, and of its file without the ending.
    row : str
        What one row is.
    columns : tuple of Quantity
        Columns in the order of the file.
    """

    name: str
    row: str
    columns: tuple[Quantity, ...]

    @property
    def column_names(self) -> list[str]:
        """Names of the columns in order."""
        return [column.name for column in self.columns]


_PANDAS_KINDS = {"int64": "iu", "float64": "fiu", "bool": "b", "string": "OUT"}


def check_table(table: pd.DataFrame, schema: Table) -> None:
    """Check that a table has the columns and types of its schema.

    Parameters
    ----------
    table : DataFrame
        Columns in any order.
    schema : Table
        What it has to hold.

    Raises
    ------
    ValueError
        If columns are missing, unexpected or of another type; the message lists all of them.
    """
    faults = [
        f"column {column.name!r} is missing ({column.dtype})"
        for column in schema.columns
        if column.name not in table.columns
    ]
    faults += [
        f"column {name!r} is not in the schema; expected {', '.join(schema.column_names)}"
        for name in table.columns
        if name not in schema.column_names
    ]
    faults += [
        f"column {column.name!r} is {table[column.name].dtype}, expected {column.dtype}"
        for column in schema.columns
        if column.name in table.columns and not _has_type(table[column.name], column.dtype)
    ]
    if faults:
        message = f"table {schema.name!r}: " + "; ".join(faults)
        raise ValueError(message)


def _has_type(values: pd.Series, dtype: DType) -> bool:
    if len(values) == 0:
        return True
    kind = values.dtype.kind
    return kind in _PANDAS_KINDS[dtype]


def markdown_reference(tables: tuple[Table, ...]) -> str:
    """Tables as a Markdown page for the reference docs.

    Parameters
    ----------
    tables : tuple of Table
        Tables to describe.

    Returns
    -------
    str
        A section with a table of columns per schema.
    """
    sections = []
    for schema in tables:
        rows = [
            f"| `{column.name}` | {column.dtype} | {column.unit} | {column.meaning} |"
            for column in schema.columns
        ]
        sections.append(
            "\n".join(
                [
                    f"## {schema.name}",
                    "",
                    f"Each row is {schema.row}.",
                    "",
                    "| column | type | unit | meaning |",
                    "|---|---|---|---|",
                    *rows,
                ]
            )
        )
    return "\n\n".join(sections) + "\n"

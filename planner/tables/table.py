"""Quantities and tables: what a column holds, and what a row is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from planner.tables.forms import names_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from planner.tables.forms import Form
    from planner.tables.language import Language

DType = Literal["int64", "float64", "bool", "string"]

_MEASURES = frozenset(
    {
        "min",
        "h",
        "km",
        "km/h",
        "kW",
        "kWh",
        "kWh/day",
        "MWh",
        "MWh/day",
        "GWh",
        "kg",
        "EUR",
        "EUR/day",
        "EUR/kWh",
        "EUR/trip",
        "EUR/year",
        "EUR/t",
        "h/year",
        "km/year",
        "kWh/year",
        "l/year",
        "t/year",
    }
)
"""Units that a heading says; what is counted is in its title."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a column holds: the only place where it is described.

    Parameters
    ----------
    name : str
        Name in files and DataFrames; ends in its unit where it has one.
    dtype : {"int64", "float64", "bool", "string"}
        Type in Parquet; only ``float64`` may be missing (NaN).
    unit : str
        Unit, ``"share"`` for 0 to 1, empty where there is none.
    form : str
        How its figures are written.
    title : str
        What a person calls it, without its unit.
    within : str
        Text around the title where it is one of several columns of a figure.
    """

    name: str
    dtype: DType
    unit: str
    form: Form
    title: str
    meaning: str
    within: str = "{title}"

    def heading(self, language: Language, *, with_unit: bool = True, currency: str = "") -> str:
        """Title with the unit in brackets where its cells are bare numbers.

        Parameters
        ----------
        with_unit : bool
            False where cells say their unit as :func:`~planner.tables.forms.written` does.
        currency : str
            Of what is paid, where the table has one.

        Returns
        -------
        str
            For example ``"Mean wait (min)"``, ``"Utilisation in time, TCU (%)"``.
        """
        title = language.text(self.within, title=language.own_text(self.title))
        if self.form == "percent":
            return f"{title} (%)" if with_unit else title
        if currency and self.unit.startswith("currency"):
            return f"{title} ({self.unit.replace('currency', currency)})"
        says_unit = self.unit in _MEASURES and (with_unit or not names_unit(self.form))
        return f"{title} ({language.own_text(self.unit)})" if says_unit else title


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Parameters
    ----------
    name : str
        Name of the table, and of its file without the ending.
    columns : tuple of Quantity
        Columns in the order of the file.
    key : tuple of str
        Columns that tell its rows apart.
    refers_to : mapping of str to str
        By column that holds the key of another table: the other table's name.
    """

    name: str
    row: str
    columns: tuple[Quantity, ...]
    key: tuple[str, ...] = ()
    refers_to: Mapping[str, str] = field(default_factory=dict)

    @property
    def column_names(self) -> list[str]:
        """Names of the columns in order."""
        return [column.name for column in self.columns]

    def quantities(self, *which: str | Quantity) -> tuple[Quantity, ...]:
        """Columns of these names, or named like these quantities, in their order."""
        by_name = {column.name: column for column in self.columns}
        names = (each if isinstance(each, str) else each.name for each in which)
        return tuple(by_name[name] for name in names)

    def without(self, *names: str) -> tuple[Quantity, ...]:
        """All other columns."""
        return tuple(column for column in self.columns if column.name not in names)


def ends_of(
    figure: Quantity, within: tuple[str, str], meanings: tuple[str, str]
) -> tuple[Quantity, Quantity]:
    """Columns of the lower and the upper end of a figure.

    Parameters
    ----------
    within : tuple of str
        Texts around the title of each.
    meanings : tuple of str
        What each is; the figure's own meaning follows.
    """
    low, high = (
        replace(
            figure,
            name=f"{figure.name}{ending}",
            dtype="float64",
            within=around,
            meaning=f"{meaning}{figure.meaning}",
        )
        for ending, around, meaning in zip(("_low", "_high"), within, meanings, strict=True)
    )
    return low, high


_PANDAS_KINDS = {"int64": "iu", "float64": "fiu", "bool": "b", "string": "OUT"}


def check_table(table: pd.DataFrame, schema: Table) -> None:
    """Check that a table has the columns and types of its schema.

    Parameters
    ----------
    table : DataFrame
        Columns in any order.

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

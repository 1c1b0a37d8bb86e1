"""What a user says about a table's file, and what a reader found out about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from planner.files.row_names import name_list
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from planner.files.number_signs import SignsOfColumn

_ATTRIBUTE = "reading"


@dataclass(frozen=True, slots=True)
class TableKeys:
    """How a table lies in its file, as its section of the scenario says it.

    Parameters
    ----------
    section : str
        The section's name in messages, for example ``"depot.stops"``; empty where there is none.
    sheet : str or None
        Sheet of a workbook, by default the first; layer of a map file, by default the only one.
    header_row : int or None
        Row of the header as a spreadsheet counts, >= 1; found by the reader if None.
    columns : mapping of str to str
        Which column holds what, where the usual names are not used.
    usual_sheets : tuple of str
        Sheets that are taken before the first one where ``sheet`` names none.
    """

    section: str = ""
    sheet: str | None = None
    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    usual_sheets: tuple[str, ...] = ()

    def key(self, name: str) -> str:
        """Full name of one of the section's keys, for messages."""
        return f"{self.section}.{name}" if self.section else name


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table was read; travels with its data frame.

    Parameters
    ----------
    sheets : tuple of str
        Sheets of the workbook, where it is one.
    header_row : int
        Row of the header, where the file has rows; else 0.
    signs : mapping of str to SignsOfColumn
        Columns whose numbers are not written plainly.
    headers : mapping of str to str
        What the file calls the columns that have the planner's names.
    hidden_rows : frozenset of int
        Rows that a workbook does not show, by a filter or by hand; they are read all the same.
    """

    keys: TableKeys = field(default_factory=TableKeys)
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    header_row: int = 0
    signs: Mapping[str, SignsOfColumn] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()

    def __deepcopy__(self, memo: object) -> Self:
        """Itself: pandas copies what travels with a frame at every step, and this cannot change."""
        return self

    def hint(self) -> str:
        """Sentence for a message about missing columns: what else could have been read."""
        if len(self.sheets) > 1:
            others = name_list([name for name in self.sheets if name != self.sheet])
            return said(
                "The sheet {sheet} was read; the workbook also has {others}: name the right one "
                "as {key}.",
                sheet=repr(self.sheet),
                others=others,
                key=self.keys.key("sheet"),
            )
        if not self.header_row:
            return ""
        row = str(self.header_row)
        if not self.keys.section:
            taken = "Row {row} was taken for the header; give the columns these names there."
            return said(taken, row=row)
        return said(
            "Row {row} was taken for the header; name another as {key}.",
            row=row,
            key=self.keys.key("header_row"),
        )


def with_reading(table: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """The same table, with how it was read."""
    table.attrs[_ATTRIBUTE] = reading
    return table


def reading_of(table: pd.DataFrame) -> Reading:
    """How a table was read; nothing special where that is not known."""
    found = table.attrs.get(_ATTRIBUTE)
    return found if isinstance(found, Reading) else Reading()

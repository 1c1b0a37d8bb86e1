"""Tables of texts, the same on a page and on the terminal."""

from __future__ import annotations

from dataclasses import dataclass

from rich.table import Table
from rich.text import Text


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as it is shown.

    Parameters
    ----------
    columns : tuple of str
        Headings.
    rows : tuple of tuple of str
        Cells.
    n_text_columns : int
        How many of the first columns are texts; the others are figures, set to the right.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_text_columns: int

    def for_terminal(self) -> Table:
        """The same as a table of the terminal."""
        table = Table(box=None, pad_edge=False, header_style="dim")
        for position, column in enumerate(self.columns):
            is_text = position < self.n_text_columns
            table.add_column(Text(column), justify="left" if is_text else "right")
        for row in self.rows:
            table.add_row(*(Text(cell, no_wrap=True) for cell in row))
        return table

"""Tables as a reader sees them, the same on a page and on the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import JustifyMethod


class Figure(NamedTuple):
    """A figure as it is shown.

    Parameters
    ----------
    text : str
        How it is written.
    value : float
        What it is sorted by, in the unit of its column; NaN where it is not known.
    """

    text: str
    value: float


Cell = str | Figure


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table in one language.

    Parameters
    ----------
    keys : tuple of str
        Names of the columns in a file, the same in all languages.
    columns : tuple of str
        Headings.
    n_text_columns : int
        How many of the first columns are texts; the others are figures, set to the right.
    """

    keys: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    n_text_columns: int

    def for_terminal(self) -> Table:
        """The same as a table of the terminal; where it is too narrow cells break, uncut."""
        table = Table(box=None, pad_edge=False, header_style="dim")
        for position, column in enumerate(self.columns):
            is_text = position < self.n_text_columns
            justify: JustifyMethod = "left" if is_text else "right"
            table.add_column(Text(column), justify=justify, overflow="fold")
        for row in self.rows:
            table.add_row(*(Text(cell_text(cell)) for cell in row))
        return table


def cell_text(cell: Cell) -> str:
    """How a cell is written."""
    return cell.text if isinstance(cell, Figure) else cell

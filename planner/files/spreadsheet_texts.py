"""Texts that a spreadsheet would run as formulas, marked as text in every CSV file that is written.

Names of sites, files and columns come from others: ``=HYPERLINK(...)`` in a CSV file is a formula
to a spreadsheet. An apostrophe before it makes it text; what reads such a file takes it off again.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

# What begins a formula, at the beginning or behind a separator that other countries use. A text
# that already has apostrophes there gets one more, so that taking one off gives every text back.
_SIGNS = "=+\\-@\t\r\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH COMMERCIAL AT}"
_RISKY = re.compile(f"(^|[;\t\r\n])('*)(?=[{_SIGNS}])")
_MARKED = re.compile(f"(^|[;\t\r\n])'('*)(?=[{_SIGNS}])")
_HARMLESS = re.compile(r"-|[-+]?[0-9]+([.,][0-9]+)?([eE][-+]?[0-9]+)?")


def marked_text(text: str) -> str:
    """A text as a spreadsheet shows it, without running it.

    Parameters
    ----------
    text : str
        Any; numbers written as text stay, also negative ones.
    """
    if _HARMLESS.fullmatch(text):
        return text
    return _RISKY.sub(lambda match: f"{match[1]}'{match[2]}", text)


def unmarked_text(text: str) -> str:
    """The text that :func:`marked_text` was given."""
    return _MARKED.sub(lambda match: match[1] + match[2], text)


def write_csv_file(
    table: pd.DataFrame, target: Path | IO[str], *, decimal_comma: bool = False
) -> None:
    """Write a table as CSV that a spreadsheet may open.

    Parameters
    ----------
    table : DataFrame
        Its index is not written.
    decimal_comma : bool
        Whether for spreadsheets of countries with a decimal comma, which take a double click for
        it: semicolons between the cells, and a mark at the beginning that says UTF-8. Otherwise
        commas, decimal points and no mark.
    """
    marked = table.copy(deep=False)
    for name in marked.columns[[_may_hold_text(dtype) for dtype in marked.dtypes]]:
        cells = marked[name].to_numpy(object).tolist()
        # Most texts stand in many rows, such as names of sites.
        texts = {cell: _written(cell) for cell in {each for each in cells if isinstance(each, str)}}
        marked[name] = [texts[cell] if isinstance(cell, str) else cell for cell in cells]
    if not decimal_comma:
        # Written as Python writes them, the same digits in half the time.
        for name in marked.columns[[dtype == np.float64 for dtype in marked.dtypes]]:
            marked[name] = marked[name].astype(object)
    marked.columns = [_written(str(name)) for name in marked.columns]
    marked.to_csv(
        target,
        index=False,
        sep=";" if decimal_comma else ",",
        decimal="," if decimal_comma else ".",
        lineterminator="\n",
        encoding="utf-8-sig" if decimal_comma else "utf-8",
    )


def read_csv_file(path: Path, dtype: dict[str, type] | None = None) -> pd.DataFrame:
    """Read a table that :func:`write_csv_file` wrote.

    Parameters
    ----------
    dtype : dict, optional
        Kind of some columns.
    """
    table = pd.read_csv(path, dtype=dtype)
    for name in table.columns[[_may_hold_text(kind) for kind in table.dtypes]]:
        table[name] = [
            unmarked_text(cell) if isinstance(cell, str) else cell for cell in table[name]
        ]
    return table.rename(columns=unmarked_text)


def _written(text: str) -> str:
    # A carriage return alone is not set in quotes, and would begin a row.
    return marked_text(text.replace("\r\n", "\n").replace("\r", "\n"))


def _may_hold_text(dtype: object) -> bool:
    is_figure = pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_bool_dtype(dtype)  # type: ignore[arg-type]
    return not is_figure

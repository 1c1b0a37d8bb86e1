"""Rows of tables in messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN_ROWS = 8


def row_list(rows: Iterable[object], kind: str = "row") -> str:
    """Name rows for a message, the first few of them.

    Parameters
    ----------
    rows : iterable
        Row numbers or names.
    kind : str
        What one of them is called.

    Returns
    -------
    str
        For example ``"rows 3, 7, 9 and 12 more"``.
    """
    names = [str(row) for row in rows]
    more = len(names) - _SHOWN_ROWS
    tail = f" and {more:,} more" if more > 0 else ""
    return f"{kind}{'s' if len(names) > 1 else ''} {', '.join(names[:_SHOWN_ROWS])}{tail}"

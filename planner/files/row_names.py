"""Rows and columns of tables in messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SHOWN_ROWS = 8
_SHOWN_NAMES, _SHOWN_SIGNS = 8, 60


def row_list(rows: Iterable[object], kind: str = "row") -> str:
    """Name rows for a message, the first few of them.

    Returns
    -------
    str
        For example ``"rows 3, 7, 9 and 12 more"``.
    """
    names = [str(row) for row in rows]
    more = len(names) - _SHOWN_ROWS
    tail = f" and {more:,} more" if more > 0 else ""
    return f"{kind}{'s' if len(names) > 1 else ''} {', '.join(names[:_SHOWN_ROWS])}{tail}"


def name_list(names: Sequence[str], shown: int = _SHOWN_NAMES) -> str:
    """Columns or sheets in a message: the first few of them, each cut and on one line."""
    listed = [repr(str(name)[:_SHOWN_SIGNS])[1:-1] for name in names[:shown]]
    more = len(names) - len(listed)
    return ", ".join(listed) + (f" and {more:,} more" if more else "")

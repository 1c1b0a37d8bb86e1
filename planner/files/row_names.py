"""Rows and columns of tables in messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.said import AsWritten, counted, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SHOWN_ROWS = 8
ROWS_CALLED = {
    "row": ("row {rows}", "rows {rows}"),
    "node": ("node {rows}", "nodes {rows}"),
    "link": ("link {rows}", "links {rows}"),
    "edge": ("edge {rows}", "edges {rows}"),
    "element": ("element {rows}", "elements {rows}"),
    "feature": ("feature {rows}", "features {rows}"),
    "origin": ("origin {rows}", "origins {rows}"),
}
"""Names of one and of several rows by the name of a table's index."""
_SHOWN_NAMES, _SHOWN_SIGNS = 8, 60


def row_list(rows: Iterable[object], kind: str = "row") -> str:
    """Name rows for a message, the first few of them.

    Returns
    -------
    str
        For example ``"rows 3, 7, 9 and 12 more"``.
    """
    names = [AsWritten(row) for row in rows]
    more = len(names) - _SHOWN_ROWS
    one, several = ROWS_CALLED.get(kind, ROWS_CALLED["row"])
    named = counted(len(names), one, several, rows=names[:_SHOWN_ROWS])
    return said("{names} and {n} more", names=named, n=more) if more > 0 else named


def name_list(names: Sequence[str], shown: int = _SHOWN_NAMES) -> str:
    """Columns or sheets in a message: the first few of them, each cut and on one line."""
    listed = [AsWritten(repr(str(name)[:_SHOWN_SIGNS])[1:-1]) for name in names[:shown]]
    more = len(names) - len(listed)
    return (
        said("{names} and {n} more", names=listed, n=more) if more else AsWritten(", ".join(listed))
    )

"""Decimal signs of a text file, decided from all of its numbers.

A point or comma before exactly three digits may stand between thousands or before decimals; other
numbers say which. Where none does, or some say one thing and some another, the cells are unclear:
whoever reads the column as numbers refuses them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from planner.said import said

if TYPE_CHECKING:
    import pandas as pd

_NUMBERS = r"^[+-]?[0-9]*([.,][0-9]+)*[.,]?([eE][+-]?[0-9]{1,4})?$"
_DECIMAL = (
    r"^[+-]?(0[0-9]*D[0-9]*|D[0-9]*|[0-9]+D([0-9]{0,2}|[0-9]{4,})|[0-9]{4,}D[0-9]{3}"
    r"|[0-9]{1,3}(T[0-9]{3})+D[0-9]*|[0-9]+D[0-9]*[eE].*)([eE].*)?$"
)
"""A sign D that can only stand before decimals, where T may stand between thousands."""
_UNCLEAR = r"^[+-]?[1-9][0-9]{0,2}D[0-9]{3}$"
_POINT_THOUSANDS = r"^[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]*|\.[0-9]{3})$"
"""Points that can only stand between thousands."""


def _pattern(of_signs: str, decimal: str, thousands: str) -> str:
    return of_signs.replace("D", decimal).replace("T", thousands)


_POINT, _COMMA = _pattern(_DECIMAL, r"\.", ","), _pattern(_DECIMAL, ",", r"\.")
_POINT_UNCLEAR, _COMMA_UNCLEAR = (_pattern(_UNCLEAR, sign, "") for sign in (r"\.", ","))
COUNT_WITH_POINT = r"[+-]?\d{1,3}(?:[.,]\d{3})+"
"""A whole number with thousands, or a number with three decimals: no count is written so."""


@dataclass(frozen=True, slots=True)
class SignsOfColumn:
    """How a column writes its numbers, where not plainly.

    Parameters
    ----------
    decimal_comma : bool
        Whether a comma stands before decimals, and points between thousands.
    unclear : str
        Pattern of cells that cannot be told, empty if there are none.
    reason : str
        Why not, for messages.
    """

    decimal_comma: bool = False
    unclear: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the cells of a column show."""

    point: str | None
    comma: str | None
    point_unclear: str | None
    comma_unclear: str | None
    thousands: bool
    plain: str | None


def signs_of_text_file(table: pd.DataFrame, separator: str) -> dict[str, SignsOfColumn]:
    """Decide what points and commas mean in a text file.

    Parameters
    ----------
    table : pandas.DataFrame
        Cells as text, None where empty.
    separator : str
        Between cells; empty in a file of one column. Behind a comma decimals have points.

    Returns
    -------
    dict of str to SignsOfColumn
        Columns that are not written with decimal points.
    """
    if separator == ",":
        return {}
    found = {str(name): _evidence(table[name]) for name in table.columns}
    known = {name: evidence for name, evidence in found.items() if evidence is not None}
    signs = {name: _verdict(name, one, known, separator) for name, one in known.items()}
    return {name: sign for name, sign in signs.items() if sign is not None}


def signs_of_typed_file(table: pd.DataFrame, text_cells: set[str]) -> dict[str, SignsOfColumn]:
    """Numbers that stand as text in a file whose numbers have a type of their own.

    Parameters
    ----------
    table : pandas.DataFrame
        Cells as text.
    text_cells : set of str
        Columns with cells that are text in the file.
    """
    signs = {}
    for name in sorted(text_cells):
        cells = _cells(table[name])
        pattern = f"(?:{_POINT_UNCLEAR})|(?:{_COMMA_UNCLEAR})"
        if _first(cells, pattern) is not None:
            signs[name] = SignsOfColumn(
                unclear=pattern, reason="it is text, not a number, in the file"
            )
    return signs


def _verdict(
    name: str, own: _Evidence, known: dict[str, _Evidence], separator: str
) -> SignsOfColumn | None:
    """Signs of a column with numbers; None where they are plain."""
    with_comma = _example(known, "comma", name)
    with_point = _example(known, "point", name)
    beside = said("{number} stands in the same column", number=repr(own.plain)) if own.plain else ""
    if own.point and (own.comma or own.thousands):
        reason: str = said(
            "{point} and {comma} stand in the same column",
            point=repr(own.point),
            comma=repr(own.comma),
        )
        return SignsOfColumn(unclear=r"^.*[.,].*$", reason=reason)
    if own.comma or own.thousands:
        return SignsOfColumn(decimal_comma=True)
    if own.comma_unclear:
        both = own.point_unclear is not None
        if with_point and not with_comma:
            reason = said("{column} has decimal points", column=with_point)
        elif beside and not with_comma:
            reason = beside
        elif both or own.point:
            reason = "points and commas stand in the same column"
        else:
            return SignsOfColumn(decimal_comma=True)
        return SignsOfColumn(unclear=f"(?:{_COMMA_UNCLEAR})|(?:{_POINT_UNCLEAR})", reason=reason)
    if own.point_unclear and not own.point:
        reason = _unclear_points(with_comma, with_point, beside, separator)
        if reason:
            return SignsOfColumn(unclear=_POINT_UNCLEAR, reason=reason)
    return None


def _unclear_points(with_comma: str, with_point: str, beside: str, separator: str) -> str:
    """Why points before three digits cannot be told, or nothing."""
    if with_comma:
        return said("{column} has decimal commas", column=with_comma)
    if beside:
        return beside
    if with_point or not separator:
        return ""
    return "no other number of the file shows what a point means there"


def _example(known: dict[str, _Evidence], kind: str, but: str) -> str:
    """Another column that shows a sign clearly, with a number of it."""
    for name, evidence in known.items():
        number = getattr(evidence, kind)
        if number is not None and name != but:
            return f"{name} ({number!r})"
    return ""


def _evidence(column: pd.Series) -> _Evidence | None:
    """What a column shows; None where its cells are not all numbers with points or commas."""
    cells = _cells(column)
    signed = _first(cells, r"[.,]")
    if signed is None or _first(cells, _NUMBERS, matching=False) is not None:
        return None
    return _Evidence(
        point=_first(cells, _POINT),
        comma=_first(cells, _COMMA),
        point_unclear=_first(cells, _POINT_UNCLEAR),
        comma_unclear=_first(cells, _COMMA_UNCLEAR),
        thousands=_first(cells, _POINT_THOUSANDS) is not None,
        plain=_first(cells, r"^[+-]?[0-9]+$"),
    )


def _cells(column: pd.Series) -> pa.Array:
    return pa.array(column.dropna().tolist(), type=pa.string())


def _first(cells: pa.Array, pattern: str, *, matching: bool = True) -> str | None:
    """The first cell that matches a pattern, or that does not."""
    place = pc.index(pc.match_substring_regex(cells, pattern), value=matching).as_py()
    return None if place < 0 else str(cells[place].as_py())

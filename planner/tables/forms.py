"""How the figures of a column are written: on pages, terminals, sheets, in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, cast

if TYPE_CHECKING:
    from planner.tables.language import Language

Form = Literal[
    "text",
    "long_text",
    "yes_no",
    "count",
    "one",
    "two",
    "three",
    "minutes",
    "percent",
    "power",
    "energy",
    "degrees",
    "figure",
    "significant",
]
"""``one`` to ``three`` are decimals; ``percent`` takes shares from 0 to 1, ``power`` kW, ``energy``
MWh; ``figure`` is shown as it was given, ``significant`` with four meaningful digits."""

TEXTS = frozenset({"text", "long_text", "yes_no"})
"""Forms of columns that are set to the left."""


class _Rule(NamedTuple):
    """How a form is written.

    Parameters
    ----------
    decimals : int
        Decimals, where the size of the figure does not decide.
    kept : int
        Decimals that the data behind a page keep.
    sheet : str
        Number format of Excel.
    names_unit : bool
        Whether a written figure says its unit, so that its heading does not.
    """

    decimals: int
    kept: int
    sheet: str
    names_unit: bool = False


_RULES: dict[Form, _Rule] = {
    "count": _Rule(0, 0, "#,##0"),
    "one": _Rule(1, 2, "#,##0.0"),
    "two": _Rule(2, 3, "#,##0.00"),
    "three": _Rule(3, 4, "0.000"),
    "minutes": _Rule(1, 2, "#,##0.0", names_unit=True),
    "percent": _Rule(1, 4, "0.0 %", names_unit=True),
    "power": _Rule(0, 0, "#,##0", names_unit=True),
    "energy": _Rule(1, 2, "#,##0.0", names_unit=True),
    "degrees": _Rule(4, 5, "0.0000"),
    "figure": _Rule(0, 6, "General"),
    "significant": _Rule(0, 6, "General"),
}


def sheet_format(form: Form) -> str:
    """Number format of Excel; ``"@"`` for texts."""
    return _RULES[form].sheet if form in _RULES else "@"


def decimals(form: Form) -> int:
    """Decimals of a form in the unit of its column, percent in percentage points."""
    return _RULES[form].decimals


def kept_decimals(form: Form) -> int:
    """Decimals that the data behind a page keep, in the unit of the column."""
    return _RULES[form].kept


def names_unit(form: Form) -> bool:
    """Whether a figure that :func:`written` writes says its unit."""
    return form in _RULES and _RULES[form].names_unit


def written(value: object, form: Form, language: Language) -> str:
    """Write a value as a page or terminal shows it.

    Parameters
    ----------
    value : str, bool or float
        The value, in the unit of its column; NaN is not known.

    Returns
    -------
    str
        For example ``"3.4 min"``, ``"37 %"``, ``"1.2 MW"``, ``"yes"``.
    """
    if form == "yes_no":
        return language.text("yes" if value else "no")
    if form in TEXTS:
        return str(value)
    figure = float(cast("float", value))
    match form:
        case "minutes":
            return language.minutes(figure)
        case "percent":
            return language.percent(figure)
        case "power":
            return language.power(figure)
        case "energy":
            return language.energy(figure)
        case "figure":
            return language.figure(figure)
        case "significant":
            return language.significant(figure)
        case _:
            return language.number(figure, decimals(form))

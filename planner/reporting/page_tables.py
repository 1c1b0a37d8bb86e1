"""Tables of the report that do not follow the chosen plan: sorted and downloaded in the browser."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from markupsafe import Markup

from planner.reporting.phrases import Phrase, own_phrase
from planner.tables.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.tables.language import Language

Form = Literal["text", "count", "minutes", "percent", "one", "two", "three"]
"""How the figures of a column are written; ``one`` to ``three`` are decimals."""

Cell = str | float | Phrase


@dataclass(frozen=True, slots=True)
class PageColumn:
    """A column.

    Parameters
    ----------
    key : str
        Its name in the CSV file.
    title : Phrase
        Its heading.
    form : str
        How its figures are written.
    """

    key: str
    title: Phrase
    form: Form = "text"


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table.

    Parameters
    ----------
    name : str
        Name of the table, and end of the name of its CSV file.
    columns : sequence of PageColumn
        Columns.
    rows : sequence of sequences
        A value per column; figures may be NaN.
    """

    name: str
    columns: Sequence[PageColumn]
    rows: Sequence[Sequence[Cell]]

    def html_rows(self) -> Iterator[list[Markup]]:
        """Cells of each row as elements, the first as the row's heading."""
        for row in self.rows:
            yield [
                _element("td" if position else "th", column, value)
                for position, (column, value) in enumerate(zip(self.columns, row, strict=True))
            ]


def write_figure(value: float, form: Form, language: Language) -> str:
    """Figure as a column of a form shows it."""
    match form:
        case "minutes":
            return language.minutes(value)
        case "percent":
            return language.percent(value)
        case "one":
            return language.number(value, 1)
        case "two":
            return language.number(value, 2)
        case "three":
            return language.number(value, 3)
        case _:
            return language.count(value)


def _element(tag: str, column: PageColumn, value: Cell) -> Markup:
    scope = Markup(' scope="row"') if tag == "th" else Markup("")
    if isinstance(value, Phrase | str):
        shown = value if isinstance(value, Phrase) else own_phrase(value)
        return Markup("<{}{}>{}</{}>").format(Markup(tag), scope, shown, Markup(tag))  # noqa: S704
    known = f"{value:.10g}" if math.isfinite(value) else ""
    text = write_figure(value, column.form, ENGLISH).replace(" ", "\N{NO-BREAK SPACE}")
    return Markup('<{}{} class="num" data-value="{}" data-form="{}">{}</{}>').format(
        Markup(tag),  # noqa: S704 - one of two names of elements
        scope,
        known,
        column.form,
        text,
        Markup(tag),  # noqa: S704
    )

"""Tables of the report that do not follow the chosen plan: sorted and downloaded in the browser."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from planner.reporting.phrases import Phrase, own_phrase
from planner.tables.forms import written
from planner.tables.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planner.tables.forms import Form
    from planner.tables.table import Quantity

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

    @classmethod
    def of(cls, quantity: Quantity, currency: str = "") -> PageColumn:
        """Column of a quantity; cells say its unit where figures of its form do."""
        title = Phrase.of(
            lambda language: quantity.heading(language, with_unit=False, currency=currency)
        )
        return cls(quantity.name, title, quantity.form)


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


def page_columns(quantities: Iterable[Quantity], currency: str = "") -> tuple[PageColumn, ...]:
    """Columns of quantities."""
    return tuple(PageColumn.of(quantity, currency) for quantity in quantities)


def _element(tag: str, column: PageColumn, value: Cell) -> Markup:
    scope = Markup(' scope="row"') if tag == "th" else Markup("")
    if isinstance(value, Phrase | str):
        shown = value if isinstance(value, Phrase) else own_phrase(value)
        return Markup("<{}{}>{}</{}>").format(Markup(tag), scope, shown, Markup(tag))  # noqa: S704
    known = f"{value:.10g}" if math.isfinite(value) else ""
    text = written(value, column.form, ENGLISH).replace(" ", "\N{NO-BREAK SPACE}")
    return Markup('<{}{} class="num" data-value="{}" data-form="{}">{}</{}>').format(
        Markup(tag),  # noqa: S704 - one of two names of elements
        scope,
        known,
        column.form,
        text,
        Markup(tag),  # noqa: S704
    )

"""Tables as a reader sees them, the same on a page and on the terminal, in every language."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup, escape
from rich.text import Text

from planner.reporting.phrases import Phrase, own_phrase, phrase, verbatim
from planner.tables.forms import TEXTS, written
from planner.tables.language import ENGLISH
from planner.terminal import WholeWords

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from planner.tables.forms import Form
    from planner.tables.language import Language
    from planner.tables.table import Quantity

_NOTHING = 1e-6


class Figure(NamedTuple):
    """A figure that says more than its value, as it is shown.

    Parameters
    ----------
    text : Phrase
        How it is written.
    value : float
        What it is sorted by, in the unit of its column; NaN where it is not known.
    """

    text: Phrase
    value: float


Cell = str | float | Phrase | Figure


@dataclass(frozen=True, slots=True)
class PageColumn:
    """A column.

    Parameters
    ----------
    key : str
        Its name in the CSV file.
    form : str
        How its figures are written.
    is_unbroken : bool
        Whether its cells stay on one line where a terminal is too narrow for all columns.
    """

    key: str
    title: Phrase
    form: Form = "text"
    is_unbroken: bool = False

    @classmethod
    def of(cls, quantity: Quantity, currency: str = "", *, with_unit: bool = False) -> PageColumn:
        """Column of a quantity; ``with_unit`` where its cells do not say the unit themselves."""
        title = Phrase.of(
            lambda language: quantity.heading(language, with_unit=with_unit, currency=currency)
        )
        return cls(quantity.name, title, quantity.form)

    @property
    def is_text(self) -> bool:
        """Whether it is set to the left."""
        return self.form in TEXTS


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table.

    Parameters
    ----------
    name : str
        Name of the table, and end of the name of its CSV file.
    rows : sequence of sequences
        A value per column; figures may be NaN. A text stands as it is where it is not one of
        ours.
    """

    name: str
    columns: Sequence[PageColumn]
    rows: Sequence[Sequence[Cell]]

    @classmethod
    def of(
        cls,
        name: str,
        data: pd.DataFrame,
        quantities: Sequence[Quantity],
        words: Mapping[str, Mapping[str, Phrase]] | None = None,
        currency: str = "",
    ) -> PageTable:
        """Columns of a table with their headings and forms from the catalogue.

        Parameters
        ----------
        name : str
            Name of the table.
        data : DataFrame
            Its rows.
        quantities : sequence of Quantity
            Which columns, in their order.
        words : mapping
            By column: what its values are called; others stand as they are.
        currency : str
            Of what is paid.
        """
        known = words or {}
        cells = [
            [_cell(value, quantity, known.get(quantity.name, {})) for value in data[quantity.name]]
            for quantity in quantities
        ]
        return cls(name, page_columns(quantities, currency), list(zip(*cells, strict=True)))

    def without(self, keys: Collection[str]) -> PageTable:
        """The same without columns of some keys."""
        kept = [at for at, column in enumerate(self.columns) if column.key not in keys]
        columns = [self.columns[at] for at in kept]
        return PageTable(self.name, columns, [[row[at] for at in kept] for row in self.rows])

    def for_terminal(self, language: Language) -> WholeWords:
        """The same on a terminal, in one language; where it is too narrow cells break, uncut."""
        shown = WholeWords()
        for column in self.columns:
            shown.add_column(
                Text(column.title.texts[language.code]),
                justify="left" if column.is_text else "right",
                overflow="fold",
                no_wrap=column.is_unbroken,
            )
        for row in self.rows:
            cells = zip(self.columns, row, strict=True)
            shown.add_row(*(Text(_written(value, column, language)) for column, value in cells))
        return shown

    def html_rows(self) -> Iterator[list[Markup]]:
        """Cells of each row as elements, the first as the row's heading."""
        for row in self.rows:
            yield [
                _element("td" if position else "th", column, value)
                for position, (column, value) in enumerate(zip(self.columns, row, strict=True))
            ]


def _written(value: Cell, column: PageColumn, language: Language) -> str:
    if isinstance(value, float | int):
        return written(value, column.form, language)
    text = _phrase_of(value).texts[language.code]
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _phrase_of(value: str | Phrase | Figure) -> Phrase:
    if isinstance(value, Figure):
        return value.text
    return own_phrase(value) if isinstance(value, str) else value


def _cell(value: Any, quantity: Quantity, words: Mapping[str, Phrase]) -> Cell:
    if quantity.form == "yes_no":
        return phrase("yes" if value else "no")
    if quantity.form in TEXTS:
        # Sources and the like are ours, and in the catalogue; names are as their owners write them.
        own = own_phrase if quantity.form == "long_text" else verbatim
        return words.get(str(value), own(str(value)))
    # What rounding leaves of nothing would be shown as -0.
    return 0.0 if abs(value) < _NOTHING else float(value)


def page_columns(quantities: Iterable[Quantity], currency: str = "") -> tuple[PageColumn, ...]:
    """Columns of quantities."""
    return tuple(PageColumn.of(quantity, currency) for quantity in quantities)


def _element(tag: str, column: PageColumn, value: Cell) -> Markup:
    scope = ' scope="row"' if tag == "th" else ""
    if isinstance(value, Phrase | str):
        shown: Phrase | str = _phrase_of(value)
    else:
        figure = value.value if isinstance(value, Figure) else value
        known = f"{figure:.10g}" if math.isfinite(figure) else ""
        scope += f' class="num" data-value="{known}"'
        if isinstance(value, Figure):
            shown = value.text
        else:
            # The page's script writes it in other languages.
            scope += f' data-form="{column.form}"'
            shown = written(value, column.form, ENGLISH).replace(" ", "\N{NO-BREAK SPACE}")
    # All but what is shown is ours. Markup's own way to fill in takes four times as long.
    return Markup(f"<{tag}{scope}>{escape(shown)}</{tag}>")  # noqa: S704

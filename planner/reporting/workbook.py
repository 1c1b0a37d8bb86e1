"""Sheets of an Excel workbook with typed columns: number formats, units, filters, frozen header.

Same content, same bytes: the files in the workbook carry one fixed date. A text is always written
as text, also where it begins like a formula.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter

from planner.runs.disk_faults import told_of
from planner.runs.durable_files import replacing
from planner.tables.forms import TEXTS, sheet_format, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from planner.tables.forms import Form
    from planner.tables.language import Language
    from planner.tables.table import Quantity

_FIXED_DATE = datetime(2000, 1, 1, tzinfo=UTC)
_HEADER_COLOUR = "#1F4E79"
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_WIDEST_TEXT, _LONG_TEXT, _NARROWEST = 48, 72, 9
_HEADER_LINES = 3
_LINE_POINTS = 15.0
_IN_TABLE = {"indent": 1}


class Book:
    """A workbook being written.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        The open workbook.
    """

    def __init__(self, book: xlsxwriter.Workbook, language: Language) -> None:
        self.book = book
        self.language = language
        self._formats: dict[frozenset[tuple[str, Any]], Format] = {}
        self._of_cells: dict[tuple[Any, ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        """Cell format with these properties of xlsxwriter, each made once."""
        properties = {"valign": "top", "font_name": "Calibri", "font_size": 11} | properties
        key = frozenset(properties.items())
        if key not in self._formats:
            self._formats[key] = self.book.add_format(properties)
        return self._formats[key]

    def sheet(self, name: str) -> Worksheet:
        """A new sheet, set up to be printed a page wide."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&F  &A&R&P / &N")
        return sheet

    def table_sheet(self, name: str, table: pd.DataFrame, columns: Sequence[Quantity]) -> Worksheet:
        """A sheet that is one table: frozen header, filter, widths that fit.

        Parameters
        ----------
        name : str
            Name of the sheet, at most 31 characters.
        table : DataFrame
            Holds the columns.
        columns : sequence of Quantity
            What to write, from left to right.
        """
        sheet = self.sheet(name)
        headings = [column.heading(self.language) for column in columns]
        for position, column in enumerate(columns):
            width = _width(headings[position], table[column.name], column.form)
            sheet.set_column(position, position, width)
        sheet.set_row(0, _LINE_POINTS * _HEADER_LINES)
        long_texts = [column.name for column in columns if column.form == "long_text"]
        for row, texts in enumerate(table[long_texts].to_numpy().tolist(), start=1):
            # Excel fits rows to wrapped texts by itself, other programs do not.
            if (height := max(map(text_height, texts), default=_LINE_POINTS)) > _LINE_POINTS:
                sheet.set_row(row, height)
        self.write_table(sheet, 0, 0, table, columns)
        sheet.freeze_panes(1, _n_leading_texts(columns))
        sheet.autofilter(0, 0, len(table), len(columns) - 1)
        sheet.repeat_rows(0)
        return sheet

    def figure_sheet(
        self,
        name: str,
        figures: Sequence[Quantity],
        titles: Sequence[str],
        columns: Sequence[Sequence[float]],
    ) -> None:
        """A sheet with a row per figure: its heading, its values side by side, what it means.

        Parameters
        ----------
        name : str
            Name of the sheet, at most 31 characters.
        titles : sequence of str
            Headings of the columns of values.
        columns : sequence of sequence of float
            Values of all figures by column.
        """
        sheet, text = self.sheet(name), self.language.text
        headings = [figure.heading(self.language) for figure in figures]
        meanings = [self.language.own_text(figure.meaning) for figure in figures]
        names = [figure.name for figure in figures]
        last = len(columns) + 1
        sheet.set_column(0, 0, max(map(len, headings)) + 3)
        sheet.set_column(1, last - 1, max(map(len, titles)) + 5)
        sheet.set_column(last, last, _LONG_TEXT)
        sheet.set_column(last + 1, last + 1, max(map(len, names)) + 3)
        tops = (text("Figure"), *titles, text("Meaning"), text("Column in the files"))
        for position, top in enumerate(tops):
            sheet.write_string(0, position, top, self._header(is_text=not 0 < position < last))
        for row, figure in enumerate(figures, start=1):
            self.write_cell(sheet, row, 0, headings[row - 1], "text", **_IN_TABLE)
            for position, values in enumerate(columns, start=1):
                self.write_cell(sheet, row, position, values[row - 1], figure.form, **_IN_TABLE)
            self.write_cell(sheet, row, last, meanings[row - 1], "long_text", **_IN_TABLE)
            self.write_cell(sheet, row, last + 1, figure.name, "text", **_IN_TABLE)
            sheet.set_row(row, text_height(meanings[row - 1]))
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)

    def _header(self, *, is_text: bool) -> Format:
        return self.format(
            bold=True,
            font_color="#FFFFFF",
            bg_color=_HEADER_COLOUR,
            text_wrap=True,
            valign="vcenter",
            align="left" if is_text else "right",
            indent=1,
        )

    def write_table(
        self,
        sheet: Worksheet,
        row: int,
        left: int,
        table: pd.DataFrame,
        columns: Sequence[Quantity],
    ) -> None:
        """Write a header and the rows of a table from a cell on.

        Parameters
        ----------
        row, left : int
            Row and column of the first heading, from 0.
        table : DataFrame
            Holds the columns.
        columns : sequence of Quantity
            What to write, from left to right.
        """
        for position, column in enumerate(columns):
            header = self._header(is_text=column.form in TEXTS)
            heading = column.heading(self.language)
            sheet.write_string(row, left + position, heading, header)
            self._write_column(sheet, row + 1, left + position, table[column.name], column.form)

    def _write_column(
        self, sheet: Worksheet, row: int, left: int, values: pd.Series, form: Form
    ) -> None:
        """Write the cells of a table's column, of which there are thousands."""
        if form in TEXTS:
            texts: dict[tuple[type, Any], tuple[str, Format]] = {}
            for number, value in enumerate(values.tolist(), start=row):
                # Most stand in many rows, such as names of sites; True is 1 and 1.0 to a dict.
                if (key := (type(value), value)) not in texts:
                    texts[key] = self._text(value, form, _IN_TABLE)
                sheet.write_string(number, left, *texts[key])
            return
        cell_format = self._of_cell(form, _IN_TABLE)
        for number, value in enumerate(values.tolist(), start=row):
            _write_figure(sheet, number, left, value, cell_format)

    def write_cell(
        self, sheet: Worksheet, row: int, left: int, value: Any, form: Form, **properties: Any
    ) -> None:
        """Write a value as its form; what is not known stays empty.

        Parameters
        ----------
        row, left : int
            The cell, from 0.
        **properties
            Further properties of the format.
        """
        if form in TEXTS:
            sheet.write_string(row, left, *self._text(value, form, properties))
            return
        _write_figure(sheet, row, left, value, self._of_cell(form, properties))

    def _text(self, value: Any, form: Form, properties: dict[str, Any]) -> tuple[str, Format]:
        """What a cell of text holds, and its format."""
        text = written(value, form, self.language)
        is_quoted = text.startswith(_FORMULA_SIGNS)
        return text, self._of_cell(form, properties, is_quoted=is_quoted)

    def _of_cell(
        self, form: Form, properties: dict[str, Any], *, is_quoted: bool = False
    ) -> Format:
        """Format of a cell, asked for a hundred thousand of them."""
        key = form, is_quoted, *properties.items()
        if key not in self._of_cells:
            if form in TEXTS:
                more = {"align": "left"} | properties
                if form == "long_text":
                    more |= {"text_wrap": True}
                if is_quoted:
                    more |= {"quote_prefix": True}
            else:
                more = {"num_format": sheet_format(form), "align": "right"} | properties
            self._of_cells[key] = self.format(**more)
        return self._of_cells[key]


@contextmanager
def new_book(path: Path, language: Language, title: str) -> Iterator[Book]:
    """A workbook that takes its place when it is complete.

    Parameters
    ----------
    title : str
        Title among its properties, as Excel shows them.
    """
    remedy = "name a file in a folder that exists, and close it in other programs"
    # In memory, since xlsxwriter leaves files and tracebacks behind where a disk is full.
    content = BytesIO()
    book = xlsxwriter.Workbook(
        content, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    book.set_properties({"title": title, "created": _FIXED_DATE})
    yield Book(book, language)
    book.close()
    with told_of(path, remedy), replacing(path) as partial:
        partial.write_bytes(content.getvalue())


def _write_figure(
    sheet: Worksheet, row: int, left: int, value: float | None, cell_format: Format
) -> None:
    if value is None or not math.isfinite(value):
        sheet.write_blank(row, left, None, cell_format)
    else:
        sheet.write_number(row, left, value, cell_format)


def _n_leading_texts(columns: Sequence[Quantity]) -> int:
    """Columns that stay in sight: the texts before the first figure, two at most."""
    n_texts = next((i for i, column in enumerate(columns) if column.form != "text"), 0)
    return min(n_texts, 2)


def _width(heading: str, values: pd.Series, form: Form) -> float:
    """Width in characters: of the longest word of the heading, and of the cells."""
    if form == "long_text":
        return _LONG_TEXT
    wrapped = max(map(len, heading.split()), default=0)
    wrapped = max(wrapped, math.ceil(len(heading) / (_HEADER_LINES - 1)))
    cells = max((len(str(value)) for value in values.tolist()), default=0) if form == "text" else 0
    return float(min(max(wrapped + 4, cells + 3, _NARROWEST), _WIDEST_TEXT))


def text_height(text: str, width: float = _LONG_TEXT) -> float:
    """Height in points of a wrapped text, which programs do not find for merged cells.

    Parameters
    ----------
    width : float
        Width of the cell in characters of its column; by default of one for long texts.
    """
    # With some room for broken words.
    return _LINE_POINTS * math.ceil(1.1 * len(text) / width)

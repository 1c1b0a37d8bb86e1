"""The one door to the terminal: texts of users print as they are, and can do nothing there.

Names of sites, paths and values come from files of others. They are never read as markup, and
signs that steer a terminal are written out. Where the output has another encoding, signs that it
lacks become plain ones.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
import unicodedata
from typing import IO, TYPE_CHECKING, Any

from rich.console import Console
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from planner.said import Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import ConsoleOptions, RenderableType, RenderResult
    from rich.table import Column

    from planner.said import Speaker

# C0 and C1 controls but tab and new line, marks of direction, signs without width, lone halves of
# surrogate pairs (bytes of file names that are no text), separators of lines and tags.
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_PLAIN_SIGNS = "planner-plain-signs"
_BOXES = {"─": "-", "━": "-", "│": "|", "┃": "|"}
_PLAIN = _BOXES | {
    "\N{MIDDLE DOT}": ".",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "…": "...",
    "•": "*",
    "✓": "ok",
    "✗": "x",
    "€": "EUR",
    "≤": "<=",
    "≥": ">=",
    "≈": "~",
    "≠": "!=",
    "→": "->",
    "←": "<-",
    "°": " deg",
    "µ": "u",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "Ä": "Ae",
    "Ö": "Oe",
    "Ü": "Ue",
    "ß": "ss",
    "æ": "ae",
    "Æ": "Ae",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
}


_IN_COMPOUND = re.compile(
    r"(?<=Hoch)(?=leistungsladepunkt)|(?<=\w{5})(?=ladepunkt)|(?<=Lade)(?=verzögerung)"
)
"""Where headings of figures that are one long German word may break."""
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"


def with_soft_hyphens(heading: str) -> str:
    """A heading with soft hyphens where its long compounds may break."""
    return _IN_COMPOUND.sub(_SOFT_HYPHEN, heading)


def visible_text(text: str) -> str:
    r"""A text with signs that steer a terminal written out: ``\x1b`` for escape.

    Parameters
    ----------
    text : str
        Of whatever origin. Tabs and new lines stay.
    """
    return _STEERING.sub(lambda match: _written_out(match[0]), text)


def _written_out(sign: str) -> str:
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


class Terminal(Console):
    """Console that prints texts as they are: no markup, no codes for pictures, no control signs.

    Styles are set by :class:`rich.text.Text` or ``style``.

    Parameters
    ----------
    **settings
        As for :class:`rich.console.Console`.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(markup=False, highlight=False, emoji=False, **settings)
        self.speaker: Speaker | None = None
        """Language in which it says what is :class:`~planner.said.Said`; English by default."""

    def render_str(self, text: str, **settings: Any) -> Text:
        """Text as it is; written out before its width is measured."""
        shown = spoken(self, text) if isinstance(text, Said) else text
        return super().render_str(visible_text(shown), **settings)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        """What is printed; whatever made it, only the console's own codes steer the terminal."""
        for segment in super().render(renderable, options):
            if segment.control is None and _STEERING.search(segment.text):
                yield Segment(visible_text(segment.text), segment.style)
            else:
                yield segment

    def print_fault(self, whose: str, text: str) -> None:
        """Print what went wrong, on lines that are not broken where the terminal ends."""
        self.print(Text(spoken(self, whose), style="bold red"), text, soft_wrap=True)

    def on_broken_pipe(self) -> None:
        """Say nothing more where nobody listens any more (``| head``), and go on with the work."""
        say_nothing_more(self.file)

    def print_place(self, label: str, place: object, rest: str = "") -> None:
        """Print where something lies, on one line that can be copied from a log.

        Parameters
        ----------
        place : object
            Its path, printed in bold.
        rest : str
            What else there is, behind it on the line.
        """
        line = Text.assemble(
            f"{spoken(self, label)} ",
            (visible_text(str(place)), "bold"),
            visible_text(f"   {spoken(self, rest)}" if rest else ""),
            end="\n",
        )
        self.print(line, soft_wrap=True)


class WholeWords(Table):
    """Plain table whose cells break between words, and whose figures do not break.

    Where a terminal is too narrow for that, long compounds of headings break; where that is not
    enough, columns stand closer together, and then get narrower than their words.
    """

    def __init__(self) -> None:
        super().__init__(box=None, pad_edge=False, header_style="dim")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The table, its columns as wide as their words ask."""
        n_gaps = len(self.columns) - 1
        widths = self._widths(console, options, options.max_width - 2 * n_gaps)
        if None in widths:
            for column in self.columns:
                if isinstance(column.header, (str, Text)):
                    column.header = Text(_in_two(str(column.header)))
            widths = self._widths(console, options, options.max_width - 2 * n_gaps)
        if None in widths:
            self.padding = (0, 1, 0, 0)
            widths = self._widths(console, options, options.max_width - n_gaps)
        for column, width in zip(self.columns, widths, strict=True):
            column.width = width
        yield from super().__rich_console__(console, options)

    def _widths(
        self, console: Console, options: ConsoleOptions, room: int
    ) -> list[int] | list[None]:
        needs = [_need(console, options, column) for column in self.columns]
        widths = [need.minimum for need in needs]
        left = room - sum(widths)
        if left < 0:
            return [None] * len(needs)
        lacks = sorted((need.span, i) for i, need in enumerate(needs))
        for others, (lack, i) in zip(range(len(lacks), 0, -1), lacks, strict=True):
            more = min(lack, left // others)
            widths[i] += more
            left -= more
        return widths


def _need(console: Console, options: ConsoleOptions, column: Column) -> Measurement:
    """Least width that breaks no word, nor a figure; and the one that breaks no line."""
    heading = Measurement.get(console, options, column.header)
    cells = [Measurement.get(console, options, cell) for cell in column.cells]
    widest = max((cell.maximum for cell in cells), default=0)
    is_whole = column.no_wrap or column.justify == "right"
    least = widest if is_whole else max((cell.minimum for cell in cells), default=0)
    return Measurement(max(heading.minimum, least), max(heading.maximum, widest))


def _in_two(heading: str) -> str:
    """A heading on two lines, where its last compound may break for the last time."""
    first, sign, last = with_soft_hyphens(heading).rpartition(_SOFT_HYPHEN)
    return f"{first.replace(_SOFT_HYPHEN, '')}-\n{last}" if sign else heading


def spoken(console: Console, text: str) -> str:
    """A text in the language of a terminal, where it can be said in it."""
    speaker = console.speaker if isinstance(console, Terminal) else None
    return text if speaker is None else speaker.own_text(text)


def say_nothing_more(stream: IO[str]) -> None:
    """Let what is written to a closed stream from now on go nowhere, instead of into errors."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(devnull, stream.fileno())
    finally:
        os.close(devnull)


def use_plain_signs() -> None:
    """Let standard output and errors take any sign, whatever their encoding.

    Windows redirects output in its code page, and the POSIX locale knows ASCII alone.
    """
    codecs.register_error(_PLAIN_SIGNS, _plain_signs)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_PLAIN_SIGNS)


def _plain_signs(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain_sign, error.object[error.start : error.end])), error.end


def _plain_sign(sign: str) -> str:
    """ASCII that stands for a sign; of letters the base letter, otherwise a question mark."""
    if sign in _PLAIN:
        return _PLAIN[sign]
    if _STEERING.match(sign):
        return _written_out(sign)
    if "\u2500" <= sign <= "\u257f":
        return "+"
    if "\u2580" <= sign <= "\u259f":
        return "#"
    if "\u2800" <= sign <= "\u28ff":
        return "*"
    letters = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode("ascii")
    return letters or "?"

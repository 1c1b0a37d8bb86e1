"""Sentences that are made where no language is known, and can be said in each.

What readers tell of their files is passed on as plain English text, to messages, tables and
programs; ``Language.own_text`` (:mod:`planner.tables.language`) says it in a person's language.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    SaidValue = float | str | Sequence[str]

_LONGEST_WORD = 100
"""Longer words are not looked up among those that could have been meant."""


class Speaker(Protocol):
    """A language, as far as sentences need it."""

    def text(self, english: str, **values: str | int) -> str:
        """Template in the language, with values."""
        ...

    def own_text(self, text: str) -> str:
        """Text in the language where it is one of ours."""
        ...

    def figure(self, value: float) -> str:
        """Figure as it was given."""
        ...


class Said(str):
    """English text that knows how to be said in other languages.

    Parameters
    ----------
    template : str
        English, in which ``{name}`` stands for a value.
    **values : float, str or sequence of str
        What to put in. A figure is written as in the language, rounded as it is given; texts are
        said in it where they are :class:`Said` or of the catalogue; several are listed.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, SaidValue]

    def __new__(cls, template: str, **values: SaidValue) -> Self:
        """Write the English."""
        written = super().__new__(cls, _filled(template, values, _English()))
        written.template, written.values = template, values
        return written

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, SaidValue]]:
        """Copies are made of template and values."""
        return (self.template,), self.values

    def renamed(self, called: str, as_known: str) -> Said:
        """The same with another name in its values, as of a file that has another one for users."""

        def renamed(value: SaidValue) -> SaidValue:
            if isinstance(value, Said):
                return value.renamed(called, as_known)
            return value.replace(called, as_known) if isinstance(value, str) else value

        values = {name: renamed(value) for name, value in self.values.items()}
        return Said(self.template, **values)

    def in_language(self, language: Speaker) -> str:
        """The text in a language."""
        return _filled(self.template, self.values, language)


class AsWritten(str):
    """A text of a file, which no language has a word for: ``name`` is a column there."""

    __slots__ = ()


def said(template: str, **values: SaidValue) -> Said:
    """Say a text; see :class:`Said`."""
    return Said(template, **values)


def counted(n: int, one: str, several: str, **values: SaidValue) -> Said:
    """Say a text of so many things, ``{n}`` in the templates for one and for any other number."""
    return Said(one if n == 1 else several, n=n, **values)


def renamed(text: str, called: str, as_known: str) -> str:
    """A text, said or not, with another name in it."""
    if isinstance(text, Said):
        return text.renamed(called, as_known)
    return text.replace(called, as_known)


def joined(parts: Iterable[str], between: str = "; ") -> Said:
    """Texts after one another."""
    listed = list(parts)
    names = [f"part_{number}" for number in range(len(listed))]
    template = between.join(f"{{{name}}}" for name in names)
    return Said(template, **dict(zip(names, listed, strict=True)))


def bracketed(text: str) -> Said:
    """A text in brackets."""
    return joined(("(", text, ")"), "")


def with_points(head: str, points: Iterable[str]) -> Said:
    """A text with others below it, a line and a dash each."""
    return joined((head, *(joined(("  - ", point), "") for point in points)), "\n")


def set_off(text: str, sign: str = " ") -> str:
    """A text behind a sign, for a template that goes on with it; nothing where there is none."""
    return joined((sign, text), "") if text else ""


def nearest_word(found: object, allowed: Iterable[str]) -> str:
    """The allowed word that is nearest to one that was found, empty where none is near."""
    text = str(found)
    if len(text) > _LONGEST_WORD:
        return ""
    near = get_close_matches(text, list(allowed), n=1, cutoff=0.6)
    return near[0] if near else ""


def meant(found: object, allowed: Iterable[str]) -> str:
    """Clause that names the nearest allowed word: ``" (did you mean 'word'?)"``, or nothing."""
    word = nearest_word(found, allowed)
    return set_off(bracketed(said("did you mean {word}?", word=repr(word)))) if word else ""


def to_plain(text: str) -> Any:
    """A text as plain values, from which :func:`from_plain` makes the same one."""
    if isinstance(text, AsWritten):
        return {"as_written": str(text)}
    if not isinstance(text, Said):
        return str(text)
    values = {name: _value_to_plain(value) for name, value in text.values.items()}
    return {"template": text.template, "values": values}


def from_plain(plain: Any) -> str:
    """A text of the plain values of :func:`to_plain`.

    Raises
    ------
    KeyError, TypeError, ValueError
        If they are none.
    """
    if isinstance(plain, str):
        return plain
    if "as_written" in plain:
        return AsWritten(plain["as_written"])
    values = {name: _value_of_plain(value) for name, value in plain["values"].items()}
    return Said(plain["template"], **values)


def _value_to_plain(value: SaidValue) -> Any:
    if isinstance(value, str):
        return to_plain(value)
    if isinstance(value, Iterable):
        return [to_plain(each) for each in value]
    return float(value)


def _value_of_plain(plain: Any) -> SaidValue:
    if isinstance(plain, list):
        return [from_plain(each) for each in plain]
    return float(plain) if isinstance(plain, (int, float)) else from_plain(plain)


class _English:
    """The language of the code."""

    def text(self, english: str, **values: str | int) -> str:
        return english.format(**values)

    def own_text(self, text: str) -> str:
        return str(text)

    def figure(self, value: float) -> str:
        return f"{value:,.10g}"


def _filled(template: str, values: Mapping[str, SaidValue], language: Speaker) -> str:
    return language.text(template, **{name: _in(value, language) for name, value in values.items()})


def _in(value: SaidValue, language: Speaker) -> str:
    if isinstance(value, AsWritten):
        return str(value)
    if isinstance(value, str):
        return language.own_text(value)
    if isinstance(value, Iterable):
        return ", ".join(_in(each, language) for each in value)
    return language.figure(float(value))

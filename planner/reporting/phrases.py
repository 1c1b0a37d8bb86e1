"""Texts of a page that is read in more than one language: both stand in it, one is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from planner.tables.language import ENGLISH, LANGUAGES, Language, LanguageCode
from planner.terminal import with_soft_hyphens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text in all languages.

    Parameters
    ----------
    texts : dict
        Text by code of the language.
    """

    texts: dict[LanguageCode, str]

    @classmethod
    def of(cls, write: Callable[[Language], str]) -> Phrase:
        """Phrase of what a function writes in each language."""
        return cls({language.code: unbroken(write(language)) for language in LANGUAGES})

    @property
    def english(self) -> str:
        """The English text."""
        return self.texts[ENGLISH.code]

    def __html__(self) -> Markup:
        """Both texts, of which the style sheet shows one; a text that all share stands alone."""
        if len(set(self.texts.values())) == 1:
            return escape(self.english)
        spans = (f'<span lang="{code}">{escape(text)}</span>' for code, text in self.texts.items())
        return Markup("").join(map(Markup, spans))


def phrase(english: str, **values: str | Phrase) -> Phrase:
    """Translated template with values.

    Parameters
    ----------
    english : str
        See :meth:`planner.tables.language.Language.text`.
    **values : str or Phrase
        What to put in.
    """

    def write(language: Language) -> str:
        texts = {
            name: value.texts[language.code] if isinstance(value, Phrase) else value
            for name, value in values.items()
        }
        return language.text(english, **texts)

    return Phrase.of(write)


def verbatim(text: str) -> Phrase:
    """A name or reference: the same in all languages."""
    return Phrase({language.code: text for language in LANGUAGES})


def count(value: float) -> Phrase:
    """Whole number."""
    return Phrase.of(lambda language: language.count(value))


def figure(value: float) -> Phrase:
    """An input as it was given."""
    return Phrase.of(lambda language: language.figure(value))


def percent(share: float) -> Phrase:
    """Share as a percentage."""
    return Phrase.of(lambda language: language.percent(share))


def minutes(value: float) -> Phrase:
    """Minutes."""
    return Phrase.of(lambda language: language.minutes(value))


def number(value: float, decimals: int) -> Phrase:
    """Figure with so many decimals."""
    return Phrase.of(lambda language: language.number(value, decimals))


def sentences(parts: Sequence[Phrase]) -> Phrase:
    """Sentences after one another."""
    return Phrase({code: " ".join(part.texts[code] for part in parts) for code in parts[0].texts})


def own_phrase(text: str) -> Phrase:
    """Text that may be the user's: in other languages where it is one of ours."""
    return Phrase.of(lambda language: language.own_text(text))


def breakable(heading: Phrase) -> Phrase:
    """A heading that may break in its long compounds: over a narrow column, under a figure."""
    return Phrase({code: with_soft_hyphens(text) for code, text in heading.texts.items()})


def attribute(name: str, text: Phrase) -> Markup:
    """Attribute of an element with the English text, and all for the page's script.

    Parameters
    ----------
    name : str
        Name of the attribute, for example ``"aria-label"``.

    Returns
    -------
    Markup
        ``name="..." data-de-name="..."``.
    """
    others = [
        Markup(' data-{}-{}="{}"').format(code, name, translated)
        for code, translated in text.texts.items()
    ]
    return Markup('{}="{}"').format(name, text.english) + Markup("").join(others)


UNITS = (
    *("%", "s", "min", "h", "km", "m", "m²", "km/h", "m/s", "kW", "MW", "GW"),
    *("kWh", "MWh", "GWh", "kg", "t", "EUR", "ct", "°C"),
)
"""What stands behind a figure; more may follow behind a slash, as in EUR/kWh."""
_BEFORE_UNIT = re.compile(rf"(?<=\d) (?=(?:{'|'.join(UNITS)})(?!\w))")
_AROUND_SLASH = re.compile(r"(?<=\d) / (?=\d)")


def unbroken(text: str) -> str:
    """Text whose figures stay on one line with their units, and intervals with their sign."""
    space = "\N{NO-BREAK SPACE}"
    text = _AROUND_SLASH.sub(f"{space}/{space}", _BEFORE_UNIT.sub(space, text))
    return text.replace("\N{PLUS-MINUS SIGN} ", f"\N{PLUS-MINUS SIGN}{space}")

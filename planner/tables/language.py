"""The languages of what people open: texts, and how figures are written.

Texts stand in the code in English. A catalogue per other language, ``languages/<code>/*.yaml``,
gives their translations, by the exact English text; files of the folder are merged, one per
subject. A text without translation appears in English with an :class:`UntranslatedTextWarning`.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import TYPE_CHECKING, Literal, cast, get_args

import yaml

from planner.errors import PlannerError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

LanguageCode = Literal["en", "de"]
"""ISO 639-1 codes of the languages there are."""

NOT_KNOWN = "\N{EN DASH}"
"""Shown where there is no figure."""

_SEPARATORS = {"en": ",.", "de": ".,"}
"""Of thousands, then of decimals."""


class UntranslatedTextWarning(UserWarning):
    """A text has no translation: its English is shown."""


@dataclass(frozen=True, slots=True)
class Language:
    """How texts and figures read in a language.

    Parameters
    ----------
    code : {"en", "de"}
        ISO 639-1 code.
    """

    code: LanguageCode

    def text(self, english: str, **values: str | int) -> str:
        """Text in this language.

        Parameters
        ----------
        english : str
            The English template, in which ``{name}`` stands for a value.
        **values : str or int
            What to put in; figures as texts of :meth:`count`, :meth:`percent` and so on, an int
            is written without separators.

        Returns
        -------
        str
            The translated template with the values.
        """
        return self.template(english).format(**values)

    def template(self, english: str) -> str:
        """Translation of a template whose values are put in elsewhere, for example by a script.

        Parameters
        ----------
        english : str
            The English template.

        Returns
        -------
        str
            The translation; the English with a warning where there is none.
        """
        if self.code == "en" or not _has_words(english):
            return english
        translated = catalogue(self.code).get(english)
        if translated is None:
            message = f"planner/tables/languages/{self.code} has no entry for {english!r}"
            warnings.warn(message, UntranslatedTextWarning, stacklevel=2)
            return english
        return translated

    def own_text(self, text: str) -> str:
        """Text that may be the user's: translated where it is one of ours, else as it is."""
        return text if self.code == "en" else catalogue(self.code).get(text, text)

    def number(self, value: float, decimals: int = 0) -> str:
        """Figure with this language's separators.

        Parameters
        ----------
        value : float
            The figure; NaN is not known.
        decimals : int
            Decimals shown, >= 0.

        Returns
        -------
        str
            For example ``"1,371.5"`` in English, ``"1.371,5"`` in German.
        """
        if not math.isfinite(value):
            return NOT_KNOWN
        written = str.maketrans(",.", _SEPARATORS[self.code])
        return f"{value:,.{decimals}f}".translate(written)

    def figure(self, value: float) -> str:
        """Input as it was given, without superfluous zeros, for example ``"1,000"``, ``"0.25"``."""
        written = str.maketrans(",.", _SEPARATORS[self.code])
        return f"{value:,.10g}".translate(written) if math.isfinite(value) else NOT_KNOWN

    def count(self, value: float) -> str:
        """Whole number, for example ``"1,371"``."""
        return self.number(value)

    def percent(self, share: float) -> str:
        """Share as a percentage: whole above 10 %, one decimal below, for example ``"37 %"``."""
        if not math.isfinite(share):
            return NOT_KNOWN
        percent = 100.0 * share
        whole = percent >= 9.95 or percent == 0.0 or math.isclose(percent, round(percent))
        return f"{self.number(percent, 0 if whole else 1)} %"

    def minutes(self, minutes: float) -> str:
        """Minutes: whole above ten, one decimal below, for example ``"3.4 min"``."""
        if not math.isfinite(minutes):
            return NOT_KNOWN
        return f"{self.number(minutes, 0 if minutes >= 9.95 else 1)} min"

    def power(self, kilowatts: float) -> str:
        """Power: MW from one on, for example ``"640 kW"``, ``"1.2 MW"``."""
        if not math.isfinite(kilowatts):
            return NOT_KNOWN
        if kilowatts >= 995.0:
            return f"{self.number(kilowatts / 1000.0, 1)} MW"
        return f"{self.number(kilowatts)} kW"

    def energy(self, megawatt_hours: float) -> str:
        """Energy: whole above a hundred, one decimal below, for example ``"3.4 MWh"``."""
        if not math.isfinite(megawatt_hours):
            return NOT_KNOWN
        return f"{self.number(megawatt_hours, 0 if megawatt_hours >= 99.5 else 1)} MWh"


ENGLISH = Language("en")
GERMAN = Language("de")
LANGUAGES = (ENGLISH, GERMAN)
"""All languages, the one of the code first."""


def _has_words(template: str) -> bool:
    """Whether there is anything to translate between the values."""
    return any(literal.strip("/ ,;:-") for literal, *_ in Formatter().parse(template))


def language(code: str) -> Language:
    """Language of a code.

    Parameters
    ----------
    code : str
        ISO 639-1 code.

    Returns
    -------
    Language

    Raises
    ------
    PlannerError
        If there is no such language.
    """
    if code not in get_args(LanguageCode):
        known = ", ".join(get_args(LanguageCode))
        message = f"language: expected one of {known}; found {code!r}"
        raise PlannerError(message)
    return Language(cast("LanguageCode", code))


@cache
def catalogue(code: LanguageCode) -> dict[str, str]:
    """All translations of a language by their English.

    Parameters
    ----------
    code : str
        A language other than English.

    Returns
    -------
    dict of str to str
        Where two files translate the same text, that of the file whose name comes first.

    Raises
    ------
    ValueError
        If a file is not a list of pairs ``en`` and the code.
    """
    merged: dict[str, str] = {}
    for entries in catalogue_files(code).values():
        merged = entries | merged
    return merged


def catalogue_files(code: LanguageCode) -> dict[str, dict[str, str]]:
    """Translations of a language by file and English, files in the order of their names."""
    folder = files("planner.tables") / "languages" / code
    paths = sorted(
        (path for path in folder.iterdir() if path.name.endswith(".yaml")),
        key=lambda path: path.name,
    )
    return {path.name: _read(path, code) for path in paths}


def _read(path: Traversable, code: LanguageCode) -> dict[str, str]:
    entries: dict[str, str] = {}
    for pair in yaml.safe_load(path.read_text(encoding="utf-8")) or ():
        if set(pair) != {"en", code} or not all(isinstance(text, str) for text in pair.values()):
            message = f"{path.name}: expected pairs of the texts en and {code}; found {pair}"
            raise ValueError(message)
        if pair["en"] in entries:
            message = f"{path.name}: {pair['en']!r} stands there twice"
            raise ValueError(message)
        entries[pair["en"]] = pair[code]
    return entries

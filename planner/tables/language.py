"""The languages of what people open: texts, and how figures are written.

Texts stand in the code in English. A folder per other language, ``languages/<code>/``, says in
``language.yaml`` what it is called and how it writes numbers, and gives in further files, one per
subject, translations by the exact English text. A text without translation appears in English with
an :class:`UntranslatedTextWarning`.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import TYPE_CHECKING, Any

import yaml

from planner.errors import PlannerError
from planner.said import AsWritten, Said, said

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.resources.abc import Traversable

LanguageCode = str
"""ISO 639-1 code."""

NOT_KNOWN = "\N{EN DASH}"
"""Shown where there is no figure."""

_FOLDER = files("planner.tables") / "languages"
_SETTINGS = "language.yaml"
_OF_THE_CODE = "en"


class UntranslatedTextWarning(UserWarning):
    """A text has no translation: its English is shown."""


@dataclass(frozen=True, slots=True)
class Language:
    """How texts and figures read in a language.

    Parameters
    ----------
    code : str
        ISO 639-1 code.
    name : str
        What it calls itself.
    locale : str
        BCP 47 tag by which a browser writes numbers.
    thousands, decimal : str
        Signs between thousands and before decimals.
    """

    code: LanguageCode
    name: str
    locale: str
    thousands: str
    decimal: str

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

    def counted(self, n: float, one: str, several: str, **values: str | int) -> str:
        """Text of a number of things: the only place that tells one from several.

        Parameters
        ----------
        n : float
            How many; ``{n}`` in the templates.
        one, several : str
            English templates for one and for any other number, for example ``"{n} site"``,
            ``"{n} sites"``.
        **values : str or int
            See :meth:`text`.
        """
        return self.text(one if n == 1 else several, n=self.count(n), **values)

    def template(self, english: str) -> str:
        """Translation of a template whose values are put in elsewhere, for example by a script.

        Returns
        -------
        str
            The translation; the English with a warning where there is none.
        """
        if self.code == _OF_THE_CODE or not _has_words(english):
            return english
        translated = catalogue(self.code).get(english)
        if translated is None:
            message = f"planner/tables/languages/{self.code} has no entry for {english!r}"
            warnings.warn(message, UntranslatedTextWarning, stacklevel=2)
            return english
        return translated

    def own_text(self, text: str) -> str:
        """Text that may be the user's: translated where it is one of ours, else as it is."""
        if isinstance(text, Said):
            return text.in_language(self)
        return text if self.code == _OF_THE_CODE else catalogue(self.code).get(text, text)

    def as_heading(self, text: str) -> str:
        """Text of ours with a capital at its beginning, as it stands alone."""
        said = self.own_text(text)
        return said[:1].upper() + said[1:]

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
        written = str.maketrans(",.", self.thousands + self.decimal)
        return f"{value:z,.{decimals}f}".translate(written)  # z: nothing is no minus 0

    def figure(self, value: float) -> str:
        """Input as it was given, without superfluous zeros, for example ``"1,000"``, ``"0.25"``."""
        written = str.maketrans(",.", self.thousands + self.decimal)
        return f"{value:,.10g}".translate(written) if math.isfinite(value) else NOT_KNOWN

    def count(self, value: float) -> str:
        """Whole number, for example ``"1,371"``."""
        return self.number(value)

    def significant(self, value: float) -> str:
        """Computed figure with at most four meaningful digits, for example ``"0.9644"``."""
        return self.figure(float(f"{value:.4g}"))

    def about(self, value: float) -> str:
        """Whole number as sentences tell large ones: four digits and zeros, ``"1,766,000"``."""
        return self.count(float(f"{value:.4g}"))

    def percent(self, share: float) -> str:
        """Share as a percentage: whole above 10 %, one decimal below, for example ``"37 %"``.

        What is not quite all is never ``"100 %"``, but at most ``"99.9 %"``.
        """
        if not math.isfinite(share):
            return NOT_KNOWN
        percent = 100.0 * share
        is_whole = percent == 0.0 or math.isclose(percent, round(percent))
        if not is_whole and 99.5 <= percent < 100.0:
            return f"{self.number(min(percent, 99.9), 1)} %"
        return f"{self.number(percent, 0 if is_whole or percent >= 9.95 else 1)} %"

    def percents(self, *shares: float) -> list[str]:
        """Percentages that are told beside each other, those that differ told apart.

        Returns
        -------
        list of str
            As of :meth:`percent`; with up to three decimals where two that differ would read alike.
        """
        plain = [self.percent(share) for share in shares]
        n_different = len({round(share, 7) for share in shares})
        if len(set(plain)) == n_different:
            return plain
        for decimals in (1, 2, 3):
            most = [100.0 if share >= 1.0 else 100.0 - 0.1**decimals for share in shares]
            told = [
                f"{self.number(min(100.0 * share, cap), decimals)} %"
                for share, cap in zip(shares, most, strict=True)
            ]
            if len(set(told)) == n_different:
                return told
        return plain

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

    def price(self, eur_kwh: float) -> str:
        """Price of energy, for example ``"0.15 EUR/kWh"``."""
        return f"{self.number(eur_kwh, 2)} EUR/kWh"

    def energy(self, megawatt_hours: float) -> str:
        """Energy: whole above a hundred, one decimal below, for example ``"3.4 MWh"``."""
        if not math.isfinite(megawatt_hours):
            return NOT_KNOWN
        return f"{self.number(megawatt_hours, 0 if megawatt_hours >= 99.5 else 1)} MWh"


def _yaml(path: Traversable) -> Any:
    """Content of a file of ours: a C parser reads all texts in the time of a few in Python."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  # a safe one


def _read_languages() -> tuple[Language, ...]:
    """All languages that have a folder, the one of the code first."""
    codes = (each.name for each in _FOLDER.iterdir() if (each / _SETTINGS).is_file())
    return tuple(
        Language(code, **_yaml(_FOLDER / code / _SETTINGS))
        for code in sorted(codes, key=lambda code: (code != _OF_THE_CODE, code))
    )


LANGUAGES = _read_languages()
"""All languages, the one of the code first."""

ENGLISH = LANGUAGES[0]


def _has_words(template: str) -> bool:
    """Whether there is anything to translate between the values."""
    return any(literal.strip("/ ,;:-.()\n") for literal, *_ in Formatter().parse(template))


def language(code: str) -> Language:
    """Language of a code.

    Parameters
    ----------
    code : str
        ISO 639-1 code.

    Raises
    ------
    PlannerError
        If there is no such language.
    """
    for each in LANGUAGES:
        if each.code == code:
            return each
    known = AsWritten(", ".join(each.code for each in LANGUAGES))
    message = said("expected one of {known}; found {code}", known=known, code=repr(code))
    raise PlannerError(message)


def in_all_languages(text: str) -> dict[LanguageCode, str]:
    """A text by the code of each language: what files keep of what is said."""
    return {language.code: language.own_text(text) for language in LANGUAGES}


def translated(key: str, texts: Iterable[str]) -> dict[LanguageCode, dict[str, list[str]]]:
    """Texts in all languages but English, as a manifest keeps them beside the English ones."""
    listed = list(texts)
    return {other.code: {key: [other.own_text(text) for text in listed]} for other in LANGUAGES[1:]}


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
    paths = sorted(
        (
            path
            for path in (_FOLDER / code).iterdir()
            if path.name.endswith(".yaml") and path.name != _SETTINGS
        ),
        key=lambda path: path.name,
    )
    return {path.name: _read(path, code) for path in paths}


def _read(path: Traversable, code: LanguageCode) -> dict[str, str]:
    entries: dict[str, str] = {}
    for pair in _yaml(path) or ():
        if set(pair) != {"en", code} or not all(isinstance(text, str) for text in pair.values()):
            message = f"{path.name}: expected pairs of the texts en and {code}; found {pair}"
            raise ValueError(message)
        if pair["en"] in entries:
            message = f"{path.name}: {pair['en']!r} stands there twice"
            raise ValueError(message)
        entries[pair["en"]] = pair[code]
    return entries

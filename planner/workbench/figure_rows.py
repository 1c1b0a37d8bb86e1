"""Figures before and after, beside each other, with what has changed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.reporting.phrases import Phrase
from planner.tables.forms import written

if TYPE_CHECKING:
    from planner.tables.forms import Form
    from planner.tables.language import Language

_SHORT_MIN = 0.995
_NO_CHANGE = "\N{PLUS-MINUS SIGN}0"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure before and after, in words of all languages."""

    title: Phrase
    before: Phrase
    after: Phrase
    change: Phrase
    direction: int
    """1 where it is more, -1 where it is less, 0 where it is the same as far as it is written."""
    meaning: Phrase | None = None

    @classmethod
    def of(
        cls, title: Phrase, form: Form, before: float, after: float, meaning: Phrase | None = None
    ) -> FigureRow:
        """Row of a figure, a dash where one of its values is NaN."""
        change = after - before

        def said(value: float) -> Phrase:
            return Phrase.of(lambda language: written(value, form, language))

        def signed(language: Language) -> str:
            if math.isnan(change):
                return written(change, form, language)
            text = _amount(abs(change), form, language)
            if text == _amount(0.0, form, language):
                return _NO_CHANGE
            return ("+" if change > 0.0 else "\N{MINUS SIGN}") + text

        told = Phrase.of(signed)
        is_same = told.english == _NO_CHANGE or math.isnan(change)
        direction = 0 if is_same else 1 if change > 0.0 else -1
        return cls(title, said(before), said(after), told, direction, meaning)


def _amount(change: float, form: Form, language: Language) -> str:
    """How much more or less: of shares in percentage points, of short times finer than they are."""
    if form == "percent":
        return language.text("{n} pp", n=language.number(100.0 * change, 1))
    if form == "minutes" and change < _SHORT_MIN:
        return language.text("{n} min", n=language.number(change, 2))
    return written(change, form, language)

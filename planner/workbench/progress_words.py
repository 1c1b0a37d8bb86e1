"""Where work stands, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.reporting.phrases import Phrase

if TYPE_CHECKING:
    from planner.runs.noted_progress import HowFar

_MINUTE_S = 60.0


def in_words(how_far: HowFar) -> Phrase:
    """Stage, units, rate and time left of work."""

    def said(language: Any) -> str:
        parts = [language.own_text(how_far.stage)]
        is_one_of = how_far.number is not None and how_far.n_stages is not None
        if is_one_of:
            which = {"number": how_far.number, "n_stages": how_far.n_stages}
            parts.insert(0, language.text("step {number} of {n_stages}", **which))
        if how_far.total:
            units = {"done": how_far.done, "total": how_far.total}
            known = {name: language.count(number) for name, number in units.items()}
            parts.append(
                language.text("{done} of at most {total}", **known)
                if how_far.may_end_before
                else language.text("{done} of {total}", **known)
            )
        if how_far.rate_per_s is not None and how_far.rate_per_s >= 1.0:
            parts.append(language.text("{rate} a second", rate=language.count(how_far.rate_per_s)))
        if how_far.left_s is not None:
            minutes = _time_left(language, how_far.left_s)
            parts.append(
                language.text("{minutes} left in this step", minutes=minutes)
                if is_one_of
                else language.text("{minutes} left", minutes=minutes)
            )
        return " · ".join(parts)

    return Phrase.of(said)


def _time_left(language: Any, left_s: float) -> str:
    if left_s < _MINUTE_S:
        return f"{language.count(left_s)}\xa0s"
    return str(language.minutes(left_s / _MINUTE_S))

"""Where work stands, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.reporting.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.runs.noted_progress import HowFar

_MINUTE_S = 60.0
_UNITS = "{done} of {total}"


def in_words(how_far: HowFar) -> Phrase:
    """Stage, units, rate and time left of work."""

    def said(language: Any) -> str:
        parts = [language.own_text(how_far.stage)]
        is_one_of = how_far.number is not None and how_far.n_stages is not None
        if is_one_of:
            which = {"number": how_far.number, "n_stages": how_far.n_stages}
            parts.insert(0, language.text("step {number} of {n_stages}", **which))
        if how_far.total:
            rounds = "{done} of at most {total} rounds"
            parts.append(_counted(language, how_far, rounds if how_far.may_end_before else _UNITS))
        if how_far.of_unit is not None:
            return " · ".join([*parts, *_of_round(language, how_far.of_unit)])
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


def _counted(language: Any, how_far: HowFar, pattern: str) -> str:
    units = {"done": how_far.done, "total": how_far.total}
    known = {name: language.count(number) for name, number in units.items()}
    return str(language.text(pattern, **known))


def _of_round(language: Any, of_round: HowFar) -> Iterator[str]:
    """How far the trucks of a round are."""
    yield _counted(language, of_round, "{done} of {total} trucks")
    if of_round.rate_per_s is not None and of_round.left_s is not None:
        yield language.text("{rate} a second", rate=language.count(of_round.rate_per_s))
        left = _time_left(language, of_round.left_s)
        yield language.text("{minutes} left in this round", minutes=left)


def _time_left(language: Any, left_s: float) -> str:
    if left_s < _MINUTE_S:
        return f"{language.count(left_s)}\xa0s"
    return str(language.minutes(left_s / _MINUTE_S))

"""Whether a run of ours reproduces a published figure: one verdict for each, with its reason.

A published figure never stands beside ours as a bare pair. Ours reproduces it within a stated
tolerance; or is off by as much as is expected, and why; or lies on the side on which it must lie,
or has its sign; or differs, and by how much; or cannot be held against it, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, nan
from typing import TYPE_CHECKING

from planner.plan.published_rules import DRIVERS_DIFFER, RULES, SHORT_STOPS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from planner.plan.published_figures import PublishedFigure
    from planner.plan.published_rules import ComparisonRule, Direction, Expected
    from planner.tables.language import Language

STUDY_DAYS = ("mon", "tue", "wed", "thu")
"""Days of the study's horizon."""


_MISSED: Mapping[Direction, str] = {
    "above": "not above as it should be",
    "below": "not below as it should be",
    "positive": "not above zero as it should be",
}


class Finding(StrEnum):
    """What comes of holding a figure of ours against a published one."""

    REPRODUCED = "reproduced"
    EXPECTED = "as expected"
    DIRECTION = "direction holds"
    DIFFERS = "differs"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True, slots=True)
class RunBasis:
    """What a run is of, against the study.

    Parameters
    ----------
    has_study_days : bool
        Whether it simulates Monday to Thursday.
    has_study_sites : bool
        Whether its sites stand for the study's.
    has_study_drivers : bool
        Whether its drivers stop by the study's rule.
    has_short_stops : bool
        Whether their stops for energy alone are as long as the charge takes.
    drives_abroad : bool
        Whether trips with an end abroad drive there too.
    has_transit : bool
        Whether trucks pass through from border to border, which the study leaves out.
    follows_counts : bool
        Whether the volumes of its trips follow traffic counts, and not the study's sample.
    """

    has_study_days: bool = True
    has_study_sites: bool = True
    has_study_drivers: bool = True
    has_short_stops: bool = False
    drives_abroad: bool = False
    has_transit: bool = False
    follows_counts: bool = False

    @classmethod
    def of(cls, scenario: Mapping[str, Any]) -> RunBasis:
        """Basis of a run by its scenario, plain values; built-in sites stand for the study's."""
        demand = scenario.get("demand", {})
        return cls(
            tuple(demand.get("days", ())) == STUDY_DAYS,
            scenario.get("sites", {}).get("source") == "builtin",
            scenario.get("driver_behaviour", {}).get("stop_planning") == "break_first",
            scenario.get("driver_behaviour", {}).get("energy_stop") == "as_needed",
            demand.get("border", {}).get("abroad", "driven") == "driven",
            demand.get("transit", {}).get("source", "none") != "none",
            demand.get("fitted_to") == "counts",
        )

    def objection(self, rule: ComparisonRule) -> str:
        """Why a figure of the run cannot be held against the study; empty where it can."""
        if not self.has_study_sites:
            return "this run has other sites than the study"
        if not self.has_study_days:
            return "this run is of other days than Monday to Thursday"
        if self.follows_counts and rule.expected:
            return (
                "the volumes of this run follow traffic counts, the study's a sample of trips, "
                "with other regions, crossings and distances"
            )
        if self.has_transit and rule.is_of_all_trips:
            return "this run has trucks in transit, which the study leaves out"
        if rule.expected and not (self.has_study_drivers or rule.with_least_time):
            return DRIVERS_DIFFER
        return ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What comes of holding a figure against a published one, and why.

    Parameters
    ----------
    finding : Finding
        The verdict.
    why : str
        Reason, English; empty where the tolerance says it all.
    expected : Expected, optional
        By how much ours may be off; None where values are not compared.
    deviation : float
        By which ours is off, in the unit of ``expected``; NaN where values are not compared.
    missed : {"", "above", "below", "positive"}
        Where ours should lie and does not.
    """

    finding: Finding
    why: str = ""
    expected: Expected | None = None
    deviation: float = nan
    missed: Direction = ""

    def written(self, language: Language) -> str:
        """Verdict and reason in a language."""
        verdict, why = language.text(self.finding), language.text(self.why)
        if self.finding is Finding.REPRODUCED and self.expected:
            within = self.expected.amount(self.expected.high, language)
            return language.text("{verdict}: within {amount}", verdict=verdict, amount=within)
        if self.finding is Finding.NOT_COMPARABLE:
            return f"{verdict}: {why}"
        return f"{verdict}: " + "; ".join(
            part for part in (self._by_how_much(language), why) if part
        )

    def deviation_written(self, language: Language) -> str:
        """How far ours is off the published figure; empty where values are not compared."""
        if self.expected is None or not isfinite(self.deviation):
            return ""
        text = "{off} below" if self.deviation < 0.0 else "{off} above"
        return language.text(text, off=self.expected.amount(abs(self.deviation), language))

    def _by_how_much(self, language: Language) -> str:
        """How far ours is off, and where it should lie instead; empty where neither is known."""
        if self.expected is None or not isfinite(self.deviation):
            return language.text(_MISSED[self.missed]) if self.missed else ""
        off = self.deviation_written(language)
        if self.missed:
            return f"{off}, {language.text(_MISSED[self.missed])}"
        if self.finding is Finding.DIRECTION:
            return off
        said = (
            language.text(
                "tolerance {amount}", amount=self.expected.amount(self.expected.high, language)
            )
            if self.expected.is_tolerance
            else language.text("expected {amount}", amount=self.expected.written(language))
        )
        return f"{off} ({said})"


def judged(figure: PublishedFigure, ours: Sequence[float], basis: RunBasis) -> Judgement:
    """Hold a figure of ours against a published one of the same level.

    Parameters
    ----------
    ours : sequence of float
        Ours under the same name: one value or two ends of a range, percent where the name says
        so; NaN where the run does not tell.
    """
    rule = RULES[figure.what]
    # Of drivers who plan by least time nothing more is known than directions.
    has_shift = (
        basis.has_study_drivers and basis.has_short_stops and rule.with_short_stops is not None
    )
    expected = rule.with_short_stops if has_shift else rule.expected
    off, published = _farthest(figure, ours, rule)
    deviation = nan
    if expected:
        deviation = off if expected.is_in_points else off / published
    if objection := basis.objection(rule):
        return Judgement(Finding.NOT_COMPARABLE, objection, expected, deviation)
    if not all(isfinite(value) for value in ours):
        return Judgement(Finding.NOT_COMPARABLE, "this run does not tell it")
    if expected is None:
        if not rule.direction:
            return Judgement(Finding.NOT_COMPARABLE, rule.why_apart)
        if min(ours) > 0.0:
            return Judgement(Finding.DIRECTION, rule.why_apart)
        return Judgement(Finding.DIFFERS, rule.why_apart, missed=rule.direction)
    if not basis.has_study_drivers:
        holds = off < 0.0 if rule.with_least_time == "below" else off > 0.0
        finding = Finding.DIRECTION if holds else Finding.DIFFERS
        return Judgement(
            finding, DRIVERS_DIFFER, expected, deviation, "" if holds else rule.with_least_time
        )
    if not expected.low <= deviation <= expected.high:
        why = (
            (basis.drives_abroad and rule.why_abroad)
            or (basis.has_short_stops and rule.why_short_stops)
            or rule.why_apart
        )
        return Judgement(Finding.DIFFERS, why, expected, deviation)
    if expected.is_tolerance:
        return Judgement(Finding.REPRODUCED, "", expected, deviation)
    why = SHORT_STOPS if has_shift else rule.why_apart
    return Judgement(Finding.EXPECTED, why, expected, deviation)


def _farthest(
    figure: PublishedFigure, ours: Sequence[float], rule: ComparisonRule
) -> tuple[float, float]:
    """How far ours is off the published figure at the worse end, and the published value there."""
    scale = 100.0 if figure.what.endswith("%") else 1.0
    low, high = scale * figure.low, scale * figure.high
    if rule.upper_end_alone:
        pairs = [(ours[-1], high)]
    elif len(ours) == 1:
        # One value of ours lies within the published range or off its nearer end.
        pairs = [(ours[0], min(max(ours[0], low), high))]
    else:
        pairs = [(ours[0], low), (ours[-1], high)]
    own, published = max(pairs, key=lambda pair: abs(pair[0] - pair[1]))
    return own - published, published

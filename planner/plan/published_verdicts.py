"""What a published figure counts, and whether a run of ours reproduces it: one rule for each.

A published figure never stands beside ours as a bare pair. Ours reproduces it within a stated
tolerance; or lies on the side on which it must lie, or has its sign; or differs, and by how much;
or cannot be held against it, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, nan
from typing import TYPE_CHECKING, Literal

from planner.plan.published_figures import (
    BALANCED_ECU,
    BALANCED_TCU,
    BALANCED_WAIT,
    ENERGY,
    EXTRA_DURATION,
    EXTRA_MINUTES,
    HPC_AT_5_MIN,
    HPC_RANGE,
    LPC,
    LPC_SHARE,
    REPLANNING_CUT,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.plan.published_figures import PublishedFigure
    from planner.tables.language import Language

STUDY_DAYS = ("mon", "tue", "wed", "thu")
"""Days of the study's horizon."""


Direction = Literal["", "above", "below", "positive"]
"""Where ours must lie against a published figure, or against zero."""

_MISSED: Mapping[Direction, str] = {
    "above": "not above as it should be",
    "below": "not below as it should be",
    "positive": "not above zero as it should be",
}


class Finding(StrEnum):
    """What comes of holding a figure of ours against a published one."""

    REPRODUCED = "reproduced"
    DIRECTION = "direction holds"
    DIFFERS = "differs"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True, slots=True)
class ComparisonRule:
    """What a published figure counts, and how ours is held against it.

    Parameters
    ----------
    definition : str
        What it counts, English.
    why_apart : str
        Why ours differs, or cannot be held against it, English.
    tolerance_share : float
        Part of the published figure that ours may be off, > 0; 0 where values are not compared.
    tolerance_points : float
        The same in percentage points, for shares.
    direction : {"", "above", "below", "positive"}
        Where ours must lie against the published one, or against zero, to have its direction.
    upper_end_alone : bool
        Whether of a range the upper end alone is held against ours.
    """

    definition: str
    why_apart: str
    tolerance_share: float = 0.0
    tolerance_points: float = 0.0
    direction: Direction = ""
    upper_end_alone: bool = False


_OTHER_STOPS = (
    "the study's trucks charge at every break that is due and arrive fuller; ours plug in where "
    "that saves time"
)
_BETTER_FRONT = (
    "our search keeps the same wait with fewer points than the study's, so that each is used more"
)
_DEFINITION_LOST = "the study does not print how this figure is defined"
_LEGS_ALONE = "the study counts driving alone; ours counts the stops for energy and rest too"

RULES: Mapping[str, ComparisonRule] = {
    HPC_RANGE: ComparisonRule(
        "High-power points at the operator's and at the logistics end of the front; the logistics "
        "end is judged, the operator's end is not defined in print",
        _OTHER_STOPS,
        tolerance_share=0.10,
        upper_end_alone=True,
    ),
    HPC_AT_5_MIN: ComparisonRule(
        "High-power points of the plan with 5 min mean wait, before replanning; the figure after "
        "it is not judged, its definition is not printed",
        _BETTER_FRONT,
        tolerance_share=0.10,
        direction="below",
        upper_end_alone=True,
    ),
    LPC: ComparisonRule(
        "Overnight points that all rests at a point need", _OTHER_STOPS, tolerance_share=0.10
    ),
    ENERGY: ComparisonRule(
        "Energy charged at all points from Monday to Thursday", _OTHER_STOPS, tolerance_share=0.05
    ),
    LPC_SHARE: ComparisonRule(
        "Part of the energy that overnight points give", _OTHER_STOPS, tolerance_points=2.0
    ),
    BALANCED_WAIT: ComparisonRule(
        "Mean wait of a high-power session in the balanced plan", _DEFINITION_LOST
    ),
    BALANCED_TCU: ComparisonRule(
        "Part of the time in which a high-power point is occupied, balanced plan; published as one "
        "range for both networks",
        _BETTER_FRONT,
        tolerance_share=0.10,
        direction="above",
    ),
    BALANCED_ECU: ComparisonRule(
        "Energy given by high-power points against what they could give in a year of 5 and of 6 "
        "such days a week, balanced plan",
        _OTHER_STOPS,
        tolerance_share=0.15,
    ),
    REPLANNING_CUT: ComparisonRule(
        "Part of the mean wait that trucks save by planning anew with the queues they met; "
        "published as the greatest of all plans",
        _DEFINITION_LOST,
        direction="positive",
    ),
    EXTRA_DURATION: ComparisonRule(
        "Time by which trips last longer than without charging, waits left out",
        _LEGS_ALONE,
        direction="positive",
    ),
    EXTRA_MINUTES: ComparisonRule(
        "Time by which trips last longer than without charging, waits left out",
        _LEGS_ALONE,
        direction="positive",
    ),
}
"""By the name of the published figure."""


@dataclass(frozen=True, slots=True)
class RunBasis:
    """Whether a run is of the study's days and of sites that stand for the study's.

    Parameters
    ----------
    has_study_days : bool
        Whether it simulates Monday to Thursday.
    has_builtin_sites : bool
        Whether its sites are the built-in ones.
    """

    has_study_days: bool = True
    has_builtin_sites: bool = True

    @classmethod
    def of(cls, days: Sequence[str], site_source: str) -> RunBasis:
        """Basis of a run by its ``demand.days`` and ``sites.source``."""
        return cls(tuple(days) == STUDY_DAYS, site_source == "builtin")

    @property
    def objection(self) -> str:
        """Why no figure of the run can be held against the study; empty where all can."""
        if not self.has_builtin_sites:
            return "this run has other sites than the study"
        return "" if self.has_study_days else "this run is of other days than Monday to Thursday"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What comes of holding a figure against a published one, and why.

    Parameters
    ----------
    finding : Finding
        The verdict.
    why : str
        Reason, English; empty where the tolerance says it all.
    tolerance : float
        Within which ours is reproduced: a share, or percentage points; 0 where values are not
        compared.
    deviation : float
        By which ours is off, in the unit of the tolerance; NaN where values are not compared.
    is_in_points : bool
        Whether tolerance and deviation are percentage points.
    missed : {"", "above", "below", "positive"}
        Where ours should lie and does not.
    """

    finding: Finding
    why: str = ""
    tolerance: float = 0.0
    deviation: float = nan
    is_in_points: bool = False
    missed: Direction = ""

    def written(self, language: Language) -> str:
        """Verdict and reason in a language."""
        verdict, why = language.text(self.finding), language.text(self.why)
        if self.finding is Finding.REPRODUCED:
            within = self._amount(self.tolerance, language)
            return language.text("{verdict}: within {amount}", verdict=verdict, amount=within)
        if self.finding is Finding.NOT_COMPARABLE:
            return f"{verdict}: {why}"
        return f"{verdict}: " + "; ".join(
            part for part in (self._by_how_much(language), why) if part
        )

    def _by_how_much(self, language: Language) -> str:
        """How far ours is off, and where it should lie instead; empty where neither is known."""
        if not isfinite(self.deviation):
            return language.text(_MISSED[self.missed]) if self.missed else ""
        off = self._amount(abs(self.deviation), language)
        below = self.deviation < 0.0
        if self.finding is Finding.DIRECTION:
            text = "{off} below" if below else "{off} above"
            return language.text(text, off=off)
        text = "{off} below (tolerance {within})" if below else "{off} above (tolerance {within})"
        said = language.text(text, off=off, within=self._amount(self.tolerance, language))
        return f"{said}, {language.text(_MISSED[self.missed])}" if self.missed else said

    def _amount(self, value: float, language: Language) -> str:
        scale = 1.0 if self.is_in_points else 100.0
        amount, tolerance = scale * value, scale * self.tolerance
        # Just outside the tolerance must not read like the tolerance.
        telling = (n for n in range(4) if round(amount, n) != round(tolerance, n))
        number = language.number(amount, 0 if value == self.tolerance else next(telling, 4))
        if self.is_in_points:
            return language.text("{points} percentage points", points=number)
        return f"{number} %"


def judged(figure: PublishedFigure, ours: Sequence[float], basis: RunBasis) -> Judgement:
    """Hold a figure of ours against a published one of the same level.

    Parameters
    ----------
    ours : sequence of float
        Ours under the same name: one value or two ends of a range, percent where the name says
        so; NaN where the run does not tell.
    """
    rule = RULES[figure.what]
    if basis.objection:
        return Judgement(Finding.NOT_COMPARABLE, basis.objection)
    if not all(isfinite(value) for value in ours):
        return Judgement(Finding.NOT_COMPARABLE, "this run does not tell it")
    in_points = bool(rule.tolerance_points)
    tolerance = rule.tolerance_points or rule.tolerance_share
    off, published = _farthest(figure, ours, rule)
    deviation = (off if in_points else off / published) if tolerance else nan
    if abs(deviation) <= tolerance:
        return Judgement(
            Finding.REPRODUCED, tolerance=tolerance, deviation=deviation, is_in_points=in_points
        )
    if not tolerance and not rule.direction:
        return Judgement(Finding.NOT_COMPARABLE, rule.why_apart)
    holds = {
        "": False,
        "above": off > 0.0,
        "below": off < 0.0,
        "positive": min(ours) > 0.0,
    }[rule.direction]
    return Judgement(
        Finding.DIRECTION if holds else Finding.DIFFERS,
        rule.why_apart,
        tolerance=tolerance,
        deviation=deviation,
        is_in_points=in_points,
        missed="" if holds else rule.direction,
    )


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

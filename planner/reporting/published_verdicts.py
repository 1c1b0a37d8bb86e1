"""What a published figure counts, and whether a run of ours reproduces it: one rule for each.

A published figure never stands beside ours as a bare pair. Ours reproduces it within a stated
tolerance; or has its sign or the side on which it must lie; or cannot be held against it, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

from planner.reporting.published_figures import (
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

    from planner.reporting.published_figures import PublishedFigure
    from planner.tables.language import Language

STUDY_DAYS = ("mon", "tue", "wed", "thu")
"""Days of the study's horizon."""


class Finding(StrEnum):
    """What comes of holding a figure of ours against a published one."""

    REPRODUCED = "reproduced"
    DIRECTION = "direction"
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
    direction: Literal["", "above", "below", "positive"] = ""
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
        Within which ours lies where it is reproduced: a share, or percentage points.
    deviation_share : float
        By which ours is off where values are compared, NaN where they are not.
    """

    finding: Finding
    why: str = ""
    tolerance: float = 0.0
    deviation_share: float = float("nan")

    def written(self, language: Language) -> str:
        """Verdict and reason in a language."""
        verdict = language.text(self.finding)
        if self.finding is Finding.REPRODUCED:
            if self.tolerance >= 1.0:
                points = language.number(self.tolerance)
                return language.text(
                    "{verdict}: within {points} percentage points", verdict=verdict, points=points
                )
            return language.text(
                "{verdict}: within {share}",
                verdict=verdict,
                share=language.percent(self.tolerance),
            )
        why = language.text(self.why)
        if not isfinite(self.deviation_share):
            return f"{verdict}: {why}"
        share = language.percent(abs(self.deviation_share))
        values: dict[str, Any] = {"verdict": verdict, "share": share, "why": why}
        if self.deviation_share < 0.0:
            return language.text("{verdict}: {share} below; {why}", **values)
        return language.text("{verdict}: {share} above; {why}", **values)


def judged(figure: PublishedFigure, ours: Sequence[float], basis: RunBasis) -> Judgement:
    """Hold a figure of ours against a published one of the same level.

    Parameters
    ----------
    figure : PublishedFigure
        The published one.
    ours : sequence of float
        Ours under the same name: one value or two ends of a range, percent where the name says
        so; NaN where the run does not tell.
    basis : RunBasis
        What the run is of.
    """
    rule = RULES[figure.what]
    if basis.objection:
        return Judgement(Finding.NOT_COMPARABLE, basis.objection)
    if not all(isfinite(value) for value in ours):
        return Judgement(Finding.NOT_COMPARABLE, "this run does not tell it")
    has_values = bool(rule.tolerance_share or rule.tolerance_points)
    off, published = _farthest(figure, ours, rule)
    deviation = off / published if has_values else float("nan")
    tolerance = rule.tolerance_points or rule.tolerance_share
    if has_values and abs(off if rule.tolerance_points else deviation) <= tolerance:
        return Judgement(Finding.REPRODUCED, tolerance=tolerance)
    holds = {
        "": False,
        "above": off > 0.0,
        "below": off < 0.0,
        "positive": min(ours) > 0.0,
    }[rule.direction]
    finding = Finding.DIRECTION if holds else Finding.NOT_COMPARABLE
    return Judgement(finding, rule.why_apart, deviation_share=deviation)


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

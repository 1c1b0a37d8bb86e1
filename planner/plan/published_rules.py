"""What each published figure counts, and by how much ours may be off it.

What is expected holds for the study's drivers; those who plan by least time charge less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from planner.plan.published_figures import (
    BALANCED_ECU,
    BALANCED_TCU,
    BALANCED_WAIT,
    ENERGY,
    ENERGY_PER_TRIP,
    HPC_AT_5_MIN,
    HPC_RANGE,
    LONGER_DRIVING,
    LONGER_DRIVING_MIN,
    LPC,
    LPC_SHARE,
    REPLANNING_CUT,
    TCU_AT_WAIT,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.tables.language import Language


Direction = Literal["", "above", "below", "positive"]
"""Where ours must lie against a published figure, or against zero."""


@dataclass(frozen=True, slots=True)
class Expected:
    """By how much ours may be off a published figure.

    Parameters
    ----------
    low, high : float
        Least and greatest deviation: share of the published figure, or percentage points.
    is_in_points : bool
        Whether they are percentage points.
    """

    low: float
    high: float
    is_in_points: bool = False

    @classmethod
    def within(cls, tolerance: float, *, is_in_points: bool = False) -> Expected:
        """As much above as below."""
        return cls(-tolerance, tolerance, is_in_points)

    @property
    def is_tolerance(self) -> bool:
        """Whether none at all would be best."""
        return self.low < 0.0 < self.high

    def written(self, language: Language) -> str:
        """What is expected, in a language."""
        if self.is_tolerance:
            return f"± {self.amount(self.high, language)}"
        near, far = sorted((abs(self.low), abs(self.high)))
        text = "{near} to {far} below" if self.high <= 0.0 else "{near} to {far} above"
        number = language.number(near if self.is_in_points else 100.0 * near, 0)
        return language.text(text, near=number, far=self.amount(far, language))

    def amount(self, value: float, language: Language) -> str:
        """A deviation without its sign, with the decimals that tell it from what is expected."""
        scale = 1.0 if self.is_in_points else 100.0
        amount, ends = scale * value, [scale * abs(end) for end in (self.low, self.high)]
        # Just outside what is expected must not read like it.
        telling = (n for n in range(4) if all(round(amount, n) != round(end, n) for end in ends))
        decimals = 0 if value in (abs(self.low), abs(self.high)) else next(telling, 4)
        number = language.number(amount, decimals)
        if self.is_in_points:
            return language.text("{points} percentage points", points=number)
        return f"{number} %"


@dataclass(frozen=True, slots=True)
class ComparisonRule:
    """What a published figure counts, and how ours is held against it.

    Parameters
    ----------
    definition : str
        What it counts, English.
    why_apart : str
        Why ours differs, or cannot be held against it, English.
    expected : Expected, optional
        By how much ours may be off, with drivers who stop as the study's do; None where values are
        not compared.
    direction : {"", "positive"}
        Sign of ours, where that alone is compared.
    with_least_time : {"", "above", "below"}, optional
        Where ours must lie with drivers who plan by least time; empty where nothing is known.
    why_abroad : str
        Why ours differs where trips drive abroad, English; empty where that does not matter.
    with_short_stops : Expected, optional
        By how much ours may be off where stops for energy alone are short; None where that does not
        matter.
    why_short_stops : str
        Why ours differs where they are and nothing is known of what they take off, English; empty
        where that does not matter.
    is_of_all_trips : bool
        Whether transit changes it: it grows with the number of trips, or trucks in transit, whose
        trips are long, take more overnight rests than others.
    upper_end_alone : bool
        Whether of a range the upper end alone is held against ours.
    """

    definition: str
    why_apart: str
    expected: Expected | None = None
    direction: Direction = ""
    with_least_time: Direction = ""
    why_abroad: str = ""
    with_short_stops: Expected | None = None
    why_short_stops: str = ""
    is_of_all_trips: bool = False
    upper_end_alone: bool = False


DRIVERS_DIFFER = (
    "the study's drivers charge at every break that is due and arrive fuller; these plug in where "
    "that saves time"
)
_OTHER_DATA = "data of the study that are not public: roads, site lists, initial charge"
_NEARER_TO_REST = (
    "trips of this run set out abroad, the study's at the border: trucks come in nearer to their "
    "daily rest, and more of them take it inside the country"
)
SHORT_STOPS = (
    "stops for energy alone are as long as the charge takes, by the newest code of the study; its "
    "text has 45 min for each, which keeps points longer"
)
# What such stops take off is not fitted to this planner: another program of the same rule found
# 2,901 and 3,859 points at the logistics end of both networks (11 % below the published ones), and
# 1,634 and 2,013 for 5 min (26 % below). Around these ours may be off as far as with long stops.
_BETTER_FRONT = (
    "our search keeps the same wait with fewer points than the study's, so that each is used more"
)
_DEFINITION_LOST = "the study does not print how this figure is defined"
_LEGS_ALONE = "sign alone: roads and site lists of the study are not public"

RULES: Mapping[str, ComparisonRule] = {
    HPC_RANGE: ComparisonRule(
        "High-power points at the operator's and at the logistics end of the front; the logistics "
        "end is judged, the operator's end is not defined in print",
        _OTHER_DATA,
        Expected.within(0.10),
        with_least_time="below",
        with_short_stops=Expected(-0.21, -0.01),
        is_of_all_trips=True,
        upper_end_alone=True,
    ),
    HPC_AT_5_MIN: ComparisonRule(
        "High-power points of the plan with 5 min mean wait, before replanning; the figure after "
        "it is not judged, its definition is not printed",
        _BETTER_FRONT,
        Expected(-0.20, -0.10),
        with_least_time="below",
        with_short_stops=Expected(-0.31, -0.21),
        is_of_all_trips=True,
        upper_end_alone=True,
    ),
    LPC: ComparisonRule(
        "Overnight points that all rests at a point need",
        _OTHER_DATA,
        Expected.within(0.10),
        why_abroad=_NEARER_TO_REST,
        is_of_all_trips=True,
    ),
    ENERGY: ComparisonRule(
        "Energy charged at all points from Monday to Thursday",
        _OTHER_DATA,
        Expected.within(0.05),
        with_least_time="below",
        is_of_all_trips=True,
    ),
    ENERGY_PER_TRIP: ComparisonRule(
        "Energy charged at all points from Monday to Thursday, over the electric trips of these "
        "days",
        _OTHER_DATA,
        Expected.within(0.05),
        with_least_time="below",
    ),
    LPC_SHARE: ComparisonRule(
        "Part of the energy that overnight points give",
        _OTHER_DATA,
        Expected.within(2.0, is_in_points=True),
        why_abroad=_NEARER_TO_REST,
        is_of_all_trips=True,
    ),
    BALANCED_WAIT: ComparisonRule(
        "Mean wait of a high-power session in the balanced plan", _DEFINITION_LOST
    ),
    TCU_AT_WAIT: ComparisonRule(
        "Part of the time in which a high-power point is occupied, of the plan with 1.5 min mean "
        "wait; published for the balanced plan, which waits 1.4 to 1.9 min",
        _BETTER_FRONT,
        Expected(0.20, 0.27),
        why_short_stops=SHORT_STOPS,
    ),
    BALANCED_TCU: ComparisonRule(
        "Part of the time in which a high-power point is occupied, balanced plan; published as one "
        "range for both networks",
        "balanced plans wait for different times; plans with the same wait are compared instead",
    ),
    BALANCED_ECU: ComparisonRule(
        "Energy given by high-power points against what they could give in a year of 5 and of 6 "
        "such days a week, balanced plan",
        _OTHER_DATA,
        Expected.within(0.15),
        why_short_stops=SHORT_STOPS,
    ),
    REPLANNING_CUT: ComparisonRule(
        "Part of the mean wait that trucks save by planning anew with the queues they met; "
        "published as the greatest of all plans",
        _DEFINITION_LOST,
        direction="positive",
    ),
    LONGER_DRIVING: ComparisonRule(
        "Driving to sites over the driving of the same trips without charging",
        _LEGS_ALONE,
        direction="positive",
    ),
    LONGER_DRIVING_MIN: ComparisonRule(
        "Driving to sites, mean of all trips", _LEGS_ALONE, direction="positive"
    ),
}
"""By the name of the published figure."""

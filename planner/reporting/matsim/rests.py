"""Where trucks take their unplugged breaks and rests, as the stop planner plans them.

A run keeps how long each leg takes with all breaks and rests on it, not where they are taken. The
planner takes them as late as the rules allow, and chooses between break and daily rest; which
order it chose follows from the legs after it, which must keep to the rules as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.reporting.matsim.plans import RESTING, PlannedLeg, PlannedStop
from planner.routing.stop_plans import StopKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from planner.scenario.parameter_sets import DriverRules

Stand = tuple[float, float]
"""After how much driving of a leg the truck stands, and for how long, hours."""

_TOLERANCE_H = 1e-6


@dataclass(frozen=True, slots=True)
class TimedLeg:
    """A leg as the driver sees it.

    Parameters
    ----------
    drive_h : float
        Driving time, hours.
    duration_h : float
        Duration, unplugged breaks and rests included, hours.
    stop_kind : StopKind or None
        Stop at its end; None where the trip ends.
    """

    drive_h: float
    duration_h: float
    stop_kind: StopKind | None


@dataclass(frozen=True, slots=True)
class _Counters:
    """Driving since the last break and since the last daily rest, hours."""

    since_break_h: float
    since_rest_h: float

    def driven(self, drive_h: float) -> _Counters:
        return _Counters(self.since_break_h + drive_h, self.since_rest_h + drive_h)

    def stood(self, *, is_rest: bool) -> _Counters:
        """After a break, or after a daily rest, which is a break as well."""
        return _Counters(0.0, 0.0 if is_rest else self.since_rest_h)

    def after(self, stop_kind: StopKind | None) -> _Counters:
        """After a stop; one for energy alone is neither break nor rest."""
        if stop_kind is None or stop_kind == StopKind.HPC_INTERMEDIATE:
            return self
        return self.stood(is_rest=stop_kind == StopKind.LPC_REST)

    def slack_h(self, rules: DriverRules) -> float:
        """Driving until a break or a daily rest is due."""
        until_break_h = rules.max_driving_before_break_h - self.since_break_h
        return max(0.0, min(until_break_h, self.until_rest_h(rules)))

    def until_rest_h(self, rules: DriverRules) -> float:
        return rules.max_driving_before_rest_h - self.since_rest_h


def unplugged_stands(
    legs: Sequence[TimedLeg], since_break_h: float, since_rest_h: float, rules: DriverRules
) -> list[list[Stand]]:
    """Unplugged breaks and rests of a trip.

    Parameters
    ----------
    legs : sequence of TimedLeg
        Legs of the trip in order.
    since_break_h, since_rest_h : float
        Driving since the last break and the last daily rest when the trip begins, hours.
    rules : DriverRules
        What the driver keeps to.

    Returns
    -------
    list of list of (float, float)
        Stands of each leg. Where no order of breaks and rests keeps to the rules (a leg whose way
        is not the planned one), they are spread evenly over their leg.
    """
    counts = [_counts(leg, rules) for leg in legs]
    if not any(n_breaks or n_rests for n_breaks, n_rests in counts):
        return [[] for _ in legs]
    found = _kept_to_rules(legs, counts, _Counters(since_break_h, since_rest_h), rules)
    if found is not None:
        return found
    return [_spread(leg, *count, rules) for leg, count in zip(legs, counts, strict=True)]


def _counts(leg: TimedLeg, rules: DriverRules) -> tuple[int, int]:
    """Breaks and rests that the duration of a leg holds."""
    extra_h = max(0.0, leg.duration_h - leg.drive_h) + _TOLERANCE_H
    n_rests = int(extra_h / rules.rest_h)
    return round((extra_h - n_rests * rules.rest_h) / rules.break_h), n_rests


def _kept_to_rules(
    legs: Sequence[TimedLeg],
    counts: Sequence[tuple[int, int]],
    counters: _Counters,
    rules: DriverRules,
) -> list[list[Stand]] | None:
    """Stands of some legs to the end of the trip; None where no order keeps to the rules."""
    if not legs:
        return []
    for stands, at_end in _ways(legs[0].drive_h, *counts[0], counters, rules):
        later = _kept_to_rules(legs[1:], counts[1:], at_end.after(legs[0].stop_kind), rules)
        if later is not None:
            return [stands, *later]
    return None


def _ways(
    drive_h: float, n_breaks: int, n_rests: int, counters: _Counters, rules: DriverRules
) -> Iterator[tuple[list[Stand], _Counters]]:
    """Orders of breaks and rests on a drive, each taken when one is due; breaks first."""
    slack_h = counters.slack_h(rules)
    if n_breaks + n_rests == 0:
        if drive_h <= slack_h + _TOLERANCE_H:
            yield [], counters.driven(drive_h)
        return
    if drive_h < slack_h - _TOLERANCE_H:
        return
    first_h = min(slack_h, drive_h)
    due = counters.driven(first_h)
    if n_breaks and due.until_rest_h(rules) > _TOLERANCE_H:
        rest = _ways(drive_h - first_h, n_breaks - 1, n_rests, due.stood(is_rest=False), rules)
        yield from _with_first(first_h, rules.break_h, rest)
    if n_rests:
        rest = _ways(drive_h - first_h, n_breaks, n_rests - 1, due.stood(is_rest=True), rules)
        yield from _with_first(first_h, rules.rest_h, rest)


def _with_first(
    first_h: float, hold_h: float, ways: Iterator[tuple[list[Stand], _Counters]]
) -> Iterator[tuple[list[Stand], _Counters]]:
    for stands, at_end in ways:
        yield [(first_h, hold_h), *((first_h + after_h, h) for after_h, h in stands)], at_end


def _spread(leg: TimedLeg, n_breaks: int, n_rests: int, rules: DriverRules) -> list[Stand]:
    holds_h = [rules.break_h] * n_breaks + [rules.rest_h] * n_rests
    step_h = leg.drive_h / (len(holds_h) + 1)
    return [(step_h * (n + 1), hold_h) for n, hold_h in enumerate(holds_h)]


def with_stands(
    leg: PlannedLeg,
    start_link: int,
    link_drive_h: NDArray[np.float64],
    stands: Sequence[Stand],
) -> tuple[list[PlannedLeg], list[PlannedStop]]:
    """Cut a leg at the links where the truck stands.

    MATSim's activities lie at ends of links: the truck stands at the last one that it reaches
    before its time is up, if need be at the one where the leg begins.

    Parameters
    ----------
    leg : PlannedLeg
        The whole leg.
    start_link : int
        Link at whose end it begins.
    link_drive_h : (n_links,) float64
        Driving time on each link of the network, hours.
    stands : list of (float, float)
        As :func:`unplugged_stands` gives them.

    Returns
    -------
    list of PlannedLeg
        One more than stands; together they drive the links of the leg.
    list of PlannedStop
        The stands.
    """
    if not stands:
        return [leg], []
    reached_h = np.append(0.0, np.cumsum(link_drive_h[leg.links]))
    ends = np.append(start_link, leg.links)
    after_h = np.array([driven_h for driven_h, _ in stands])
    cuts = np.searchsorted(reached_h, after_h + _TOLERANCE_H, side="right") - 1
    stops = [
        PlannedStop(RESTING, int(ends[cut]), hold_h)
        for cut, (_, hold_h) in zip(cuts, stands, strict=True)
    ]
    times_h = np.diff(np.concatenate([[0.0], reached_h[cuts], [leg.drive_h]]))
    legs = [
        PlannedLeg(links, float(drive_h))
        for links, drive_h in zip(np.split(leg.links, cuts), times_h, strict=True)
    ]
    return legs, stops

"""One plan, or none, on the parking spaces of its sites: who stands where by hour of the day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.parking.filling import NOWHERE, fill_spaces
from planner.parking.stops import ParkingStops
from planner.parking.ways import Passed
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAD_H = 48.0
"""What trucks of so long before the first day still stand in its spaces."""
_NEXT = 0.6180339887498949
"""Step from one stop of a trip to the next on the circle of chances, the golden section."""


@dataclass(frozen=True, slots=True)
class Spaces:
    """Spaces of the sites.

    Parameters
    ----------
    all : (n_sites,) int64
        All of them.
    point_bays : (n_sites,) float64
        What charging points take.
    n_lpc : (n_sites,) int64
        Overnight points.
    """

    all: NDArray[np.int64]
    point_bays: NDArray[np.float64]
    n_lpc: NDArray[np.int64]

    @property
    def beside_points(self) -> NDArray[np.int64]:
        """Spaces for trucks that stand at no point, (n_sites,)."""
        return np.floor(np.maximum(self.all - self.point_bays, 0.0) + 1e-9).astype(np.int64)

    @property
    def lacking(self) -> NDArray[np.float64]:
        """What points take beyond the spaces there are, (n_sites,)."""
        return np.maximum(self.point_bays - self.all, 0.0)


@dataclass(frozen=True, slots=True)
class Nights:
    """Trucks that stand, on the mean day.

    Parameters
    ----------
    spaces : Spaces
        Where they may.
    standing, at_points, nowhere : (n_sites, 24) float64
        Trucks in spaces beside the points, at overnight points, and without a space, by the first
        site that they looked at, in the middle of each hour.
    elsewhere : (24,) float64
        Trucks that look for no site of the study or pass none.
    wanted_day, moved_on_day : (n_sites,) float64
        Stops a day by the site that they look at first, and those that find it farther on.
    """

    spaces: Spaces
    standing: NDArray[np.float64]
    at_points: NDArray[np.float64]
    nowhere: NDArray[np.float64]
    elsewhere: NDArray[np.float64]
    wanted_day: NDArray[np.float64]
    moved_on_day: NDArray[np.float64]

    @property
    def peak_hour(self) -> int:
        """Hour of the day in which most trucks stand at, or look at, the sites."""
        return int(np.argmax((self.standing + self.at_points + self.nowhere).sum(axis=0)))

    @property
    def to_build(self) -> NDArray[np.int64]:
        """Spaces that the sites lack, for trucks and for points, (n_sites,)."""
        trucks = np.rint(self.nowhere.max(axis=1, initial=0.0))
        return np.asarray(trucks + np.ceil(self.spaces.lacking - 1e-9), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Horizon:
    """Days that follow each other again and again."""

    start_h: float
    hours: float

    @property
    def n_days(self) -> float:
        """How many days."""
        return self.hours / HOURS_PER_DAY


def looking_here(
    stops: ParkingStops, passed: Passed, chance: NDArray[np.float64], share: float
) -> NDArray[np.bool_]:
    """Stops that look for a site of the study, (n_stops,).

    So many of those without a point that their share of all these is ``share``, as far as trucks
    pass sites; the same trips in every plan.

    Parameters
    ----------
    chance : (n_trips,) float64
        Of each trip, uniform in [0, 1).
    """
    free = stops.plugged_site_idx < 0
    passes = np.zeros(len(stops), np.bool_)
    passes[passed.stop_idx] = True
    n_passing = max(int((free & passes).sum()), 1)
    part = share * int(free.sum()) / n_passing
    order = np.argsort(stops.trip_idx, kind="stable")
    trip = stops.trip_idx[order]
    number = np.empty(len(stops))
    number[order] = np.arange(len(stops)) - np.searchsorted(trip, trip)
    drawn = np.mod(chance[stops.trip_idx] + _NEXT * number, 1.0)
    return np.asarray(~free | (passes & (drawn < part)))


def nights_of(
    stops: ParkingStops,
    passed: Passed,
    is_here: NDArray[np.bool_],
    spaces: Spaces,
    horizon: Horizon,
) -> Nights:
    """Let the trucks of a horizon take the spaces, as if it followed upon itself.

    Parameters
    ----------
    is_here : (n_stops,) bool
        Stops that look for a site; the others stand elsewhere.
    """
    turns = np.floor((stops.start_h - horizon.start_h) / horizon.hours)
    shift_h = horizon.hours * turns
    stops = replace(stops, start_h=stops.start_h - shift_h)
    passed = replace(passed, at_h=passed.at_h - shift_h[passed.stop_idx])
    before = stops.start_h >= horizon.start_h + horizon.hours - min(horizon.hours, _LEAD_H)
    here_stops, here_passed = _with_lead(stops, passed, is_here, before, horizon.hours)
    parked = fill_spaces(here_stops, here_passed, spaces.beside_points, spaces.n_lpc)
    n_sites = len(spaces.all)
    end_h = parked.at_h + here_stops.length_h
    is_counted = here_stops.start_h >= horizon.start_h
    first = parked.first_site_idx

    def standing(chosen: NDArray[np.bool_], site: NDArray[np.int64]) -> NDArray[np.float64]:
        return _by_hour(site[chosen], parked.at_h[chosen], end_h[chosen], n_sites, horizon)

    def a_day(chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(first[chosen & is_counted], minlength=n_sites) / horizon.n_days

    found = parked.site_idx != NOWHERE
    outside = stops.select(~is_here)
    again = ParkingStops.joined([outside, outside.later(-horizon.hours)])
    return Nights(
        spaces,
        standing(found & ~parked.at_point, parked.site_idx),
        standing(parked.at_point, parked.site_idx),
        standing(parked.is_nowhere, first),
        _by_hour(
            np.zeros(len(again), np.int64),
            again.start_h,
            again.start_h + again.length_h,
            1,
            horizon,
        )[0],
        a_day(first >= 0),
        a_day(parked.moves_on),
    )


def _with_lead(
    stops: ParkingStops,
    passed: Passed,
    chosen: NDArray[np.bool_],
    is_last: NDArray[np.bool_],
    later_h: float,
) -> tuple[ParkingStops, Passed]:
    """Chosen stops, and before them those of the last days as of the days before the first."""
    parts, ways = [], []
    n_before = 0
    for mask, shift_h in ((chosen & is_last, -later_h), (chosen, 0.0)):
        new_idx = np.cumsum(mask) - 1 + n_before
        rows = mask[passed.stop_idx]
        parts.append(stops.select(mask).later(shift_h))
        ways.append(
            (new_idx[passed.stop_idx[rows]], passed.site_idx[rows], passed.at_h[rows] + shift_h)
        )
        n_before += int(mask.sum())
    columns = [np.concatenate([way[column] for way in ways]) for column in range(3)]
    return ParkingStops.joined(parts), Passed(*columns)


def _by_hour(
    site: NDArray[np.int64],
    from_h: NDArray[np.float64],
    to_h: NDArray[np.float64],
    n_sites: int,
    horizon: Horizon,
) -> NDArray[np.float64]:
    """Trucks in the middle of each hour of the mean day, (n_sites, 24)."""
    n_hours = round(horizon.hours)
    middle_h = horizon.start_h + 0.5
    begin, end = (
        np.clip(np.ceil(each - middle_h), 0, n_hours).astype(np.int64) for each in (from_h, to_h)
    )
    size = n_sites * (n_hours + 1)
    key = site * (n_hours + 1)
    change = np.bincount(key + begin, minlength=size) - np.bincount(key + end, minlength=size)
    there = np.cumsum(change.reshape(n_sites, n_hours + 1), axis=1)[:, :n_hours]
    by_day = there.reshape(n_sites, -1, HOURS_PER_DAY)
    mean: NDArray[np.float64] = by_day.mean(axis=1)
    first_hour = round(horizon.start_h) % HOURS_PER_DAY
    return np.roll(mean, first_hour, axis=1)

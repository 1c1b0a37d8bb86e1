"""From the trips of a file, or of a sample of them, to the electric trips of the full fleet.

A file that holds 1 % of all trips is not blown up by repeating each a hundred times: the copies
would set out together, stop at the same site and queue where no queue would be. Every sampled trip
stands for 1 / share trips of the full fleet instead, and each of these has

- a day and hour of departure drawn from the file's own profile of such days (Monday to Thursday
  are one kind of day, Friday, Saturday and Sunday are others),
- ends drawn around the sampled ones and attached to the road graph anew, so that they spread over
  the nodes and border crossings of the region,
- a load, state of charge and vehicle where the file states none, and
- a rank: the trip is electric at every level above it.

All draws belong to the copy (its record in the file and its number), not to the order in which
they are made: a trip of the 5 % fleet is the same trip in the 10 % fleet, on whatever days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.demand.calibration import DAYS
from planner.demand.expansion import whole_trips
from planner.demand.regions import EARTH_RADIUS_KM
from planner.demand.surroundings import Passages, TripEnds
from planner.demand.trips import Trips
from planner.runs.counter_draws import uniform_draws

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.demand.expansion import FleetTraits
    from planner.demand.surroundings import Surroundings
    from planner.demand.trip_records import TripRecords
    from planner.runs.random_streams import RandomStreams

KINDS_OF_DAY = (("mon", "tue", "wed", "thu"), ("fri",), ("sat",), ("sun",))
"""Days that share a profile and whose sampled trips stand for each other."""
COPIES_PER_RECORD = 1_000_000
"""Trip numbers of a record begin at its position in the file times this."""
_COPIES_AT_A_TIME = 2_000_000


@dataclass(frozen=True, slots=True)
class SampleSettings:
    """How a sample becomes a fleet.

    Parameters
    ----------
    sample_share : float
        Share of all trips that the sample holds, from 1 / ``COPIES_PER_RECORD``, so that trip
        numbers do not meet, to 1 (nothing is redrawn).
    electrification_share : float
        Share of the full fleet that is wanted.
    spread_km : float
        Standard deviation of the copies' ends around the sampled ones along each axis, km.
    """

    sample_share: float
    electrification_share: float
    spread_km: float
    days: Sequence[str]


@dataclass(frozen=True, slots=True)
class PlacedRecords:
    """Sampled trips that drive on the road graph.

    Parameters
    ----------
    records : TripRecords
        The trips, (n_records,).
    from_abroad, to_abroad : (n_records,) bool
        Ends that lie beyond the graph's ground.
    max_abroad_km : float
        Longest distance abroad, km.
    """

    records: TripRecords
    passages: Passages
    from_abroad: NDArray[np.bool_]
    to_abroad: NDArray[np.bool_]
    max_abroad_km: float


def electric_trips(
    placed: PlacedRecords,
    surroundings: Surroundings,
    settings: SampleSettings,
    traits: FleetTraits,
    streams: RandomStreams,
) -> Trips:
    """Draw the electric trips of the full fleet.

    Parameters
    ----------
    placed : PlacedRecords
        Sampled trips, all of which depart within the first week.
    surroundings : Surroundings
        The road graph and what lies around it.
    settings : SampleSettings
        Share of the sample, level, spread and days.
    traits : FleetTraits
        What the file does not state of single trips.

    Returns
    -------
    Trips
        Sorted by ``trip_id``; may be empty.
    """
    n_copies = whole_trips(
        np.full(placed.records.n_records, 1.0 / settings.sample_share),
        streams.generator("demand.sample.copies").random(),
    )
    profiles = departure_profiles(placed.records.departure_h)
    parts = []
    for block in _blocks(n_copies):
        copies = _electric_copies(placed.records, block, n_copies, settings, streams)
        departure_h = copies.departures(placed.records.departure_h, profiles, settings)
        wanted = np.isin(departure_h // 24.0, [DAYS.index(day) for day in settings.days])
        copies = copies.select(wanted)
        passages = _passages(placed, copies, surroundings, settings)
        parts.append(_trips(placed, copies, departure_h[wanted], passages, traits))
    return Trips.joined(parts)


@dataclass(frozen=True, slots=True)
class _Copies:
    """Trips of the full fleet that sampled ones stand for.

    ``row`` is the sampled trip's row, ``record`` its position in the file, ``number`` tells its
    copies apart, ``rank`` is the electrification rank; all (n_copies,).
    """

    row: NDArray[np.int64]
    record: NDArray[np.int64]
    number: NDArray[np.int64]
    rank: NDArray[np.float64]
    streams: RandomStreams

    def select(self, chosen: NDArray[np.bool_]) -> _Copies:
        return _Copies(
            self.row[chosen],
            self.record[chosen],
            self.number[chosen],
            self.rank[chosen],
            self.streams,
        )

    def draw(self, what: str) -> NDArray[np.float64]:
        """Uniform draw of each copy for a purpose, (n_copies,)."""
        return uniform_draws(self.streams.key(f"demand.sample.{what}"), self.record, self.number)

    def departures(
        self,
        stated_h: NDArray[np.float64],
        profiles: NDArray[np.float64],
        settings: SampleSettings,
    ) -> NDArray[np.float64]:
        """Departures, redrawn where the file is a sample, hours since Monday 00:00."""
        departure_h = stated_h[self.row]
        if settings.sample_share == 1.0:
            return departure_h
        return _redrawn_departures(profiles, kind_of_day(departure_h), self.draw("departure"))


def _blocks(n_copies: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Rows whose copies are few enough to be drawn at a time."""
    # By whole records: the copies of one are never split.
    block = np.cumsum(n_copies) // _COPIES_AT_A_TIME
    starts = np.flatnonzero(np.diff(block, prepend=-1))
    return np.split(np.arange(len(n_copies)), starts[1:])


def _electric_copies(
    records: TripRecords,
    block: NDArray[np.int64],
    n_copies: NDArray[np.int64],
    settings: SampleSettings,
    streams: RandomStreams,
) -> _Copies:
    counts = n_copies[block]
    row = np.repeat(block, counts)
    # From 0 for each record, so that draws do not depend on the blocks.
    number = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    copies = _Copies(row, records.record_idx[row], number, np.zeros(len(row)), streams)
    rank = copies.draw("electrification")
    # Ranks do not depend on the share: a higher level keeps all trucks of a lower one.
    return replace(copies, rank=rank).select(rank < settings.electrification_share)


def _trips(
    placed: PlacedRecords,
    copies: _Copies,
    departure_h: NDArray[np.float64],
    passages: Passages,
    traits: FleetTraits,
) -> Trips:
    """Trips of copies; what the file does not say of a trip is drawn."""
    loaded = placed.records.is_loaded[copies.row]
    soc_share = placed.records.initial_soc_share[copies.row]
    vehicle = placed.records.vehicle_class_idx[copies.row]
    drawn_soc = np.where(
        copies.draw("full") < traits.full_soc_share,
        1.0,
        traits.partial_soc.at_quantile(copies.draw("initial_soc")),
    )
    drawn_vehicle = np.searchsorted(
        np.cumsum(traits.vehicle_shares)[:-1], copies.draw("vehicle"), side="right"
    )
    return Trips(
        trip_id=copies.record * COPIES_PER_RECORD + copies.number,
        origin_node_idx=passages.origin_node_idx,
        destination_node_idx=passages.destination_node_idx,
        departure_h=departure_h,
        abroad_before_km=np.minimum(passages.abroad_before_km, placed.max_abroad_km),
        abroad_after_km=np.minimum(passages.abroad_after_km, placed.max_abroad_km),
        is_loaded=np.where(loaded >= 0, loaded == 1, copies.draw("load") < traits.loaded_share),
        initial_soc_share=np.where(np.isnan(soc_share), drawn_soc, soc_share),
        vehicle_class_idx=np.where(vehicle >= 0, vehicle, drawn_vehicle).astype(np.int16),
        electrification_rank=copies.rank,
    )


def kind_of_day(departure_h: NDArray[np.float64]) -> NDArray[np.int64]:
    """Position in :data:`KINDS_OF_DAY` of the days of departures within the week, (n,)."""
    kind_by_day = [
        next(kind for kind, days in enumerate(KINDS_OF_DAY) if day in days) for day in DAYS
    ]
    return np.array(kind_by_day)[(departure_h // 24.0).astype(np.int64)]


def departure_profiles(departure_h: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distribution of departures over the hours of a week, for each kind of day.

    Parameters
    ----------
    departure_h : (n_records,) float64
        Departures of the sample, hours since Monday 00:00, below 168.

    Returns
    -------
    (n_kinds, 169) float64
        Share of the kind's departures before each full hour of the week, 0 to 1; uniform within an
        hour. Days of a kind share their hourly profile, so that few trips say as much of it as
        they can. A kind without trips has zeros.
    """
    by_hour = np.bincount(departure_h.astype(np.int64), minlength=168)[:168].reshape(7, 24)
    profiles = np.zeros((len(KINDS_OF_DAY), 169))
    for kind, days in enumerate(KINDS_OF_DAY):
        members = [DAYS.index(day) for day in days]
        counts = by_hour[members]
        if counts.any():
            share = np.zeros((7, 24))
            # As if days and hours were independent: a sample is too thin for each hour of each day.
            share[members] = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum() ** 2
            profiles[kind, 1:] = np.minimum(np.cumsum(share), 1.0)
            # Sums that end a rounding below 1 would send the largest draws beyond the last hour.
            profiles[kind, profiles[kind] >= profiles[kind, -1]] = 1.0
    return profiles


def _redrawn_departures(
    profiles: NDArray[np.float64], kind: NDArray[np.int64], drawn: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Invert the profiles of the copies' kinds of day at uniform draws, (n,): hours of the week."""
    departure_h = np.empty(len(drawn))
    for one in np.unique(kind):
        member = kind == one
        before = profiles[one]
        hour = np.searchsorted(before, drawn[member], side="right") - 1
        within = (drawn[member] - before[hour]) / (before[hour + 1] - before[hour])
        # Rounding must not carry a departure into the next hour.
        departure_h[member] = hour + np.minimum(within, np.nextafter(1.0, 0.0))
    return departure_h


def _passages(
    placed: PlacedRecords, copies: _Copies, surroundings: Surroundings, settings: SampleSettings
) -> Passages:
    """Passages of copies; where the file is a sample their ends are drawn around the sampled ones.

    An end stays on its side of the border. A copy whose ends fall together keeps those of its
    record.
    """
    row = copies.row
    unmoved = _selected(placed.passages, row)
    if settings.sample_share == 1.0 or settings.spread_km == 0.0 or len(row) == 0:
        return unmoved
    records = placed.records.select(row)
    origins, destinations = (
        _moved(
            lon,
            lat,
            settings.spread_km,
            copies.draw(f"{end}_radius"),
            copies.draw(f"{end}_angle"),
        )
        for end, lon, lat in (
            ("origin", records.origin_lon, records.origin_lat),
            ("destination", records.destination_lon, records.destination_lat),
        )
    )
    moved = surroundings.passages(
        origins, destinations, placed.from_abroad[row], placed.to_abroad[row]
    )
    # A copy whose ends fell together drives from and to the ends of its record.
    drives = (moved.origin_node_idx != moved.destination_node_idx) & (moved.origin_node_idx >= 0)
    return Passages(
        **{
            name: np.where(drives, getattr(moved, name), getattr(unmoved, name))
            for name in Passages.__dataclass_fields__
        }
    )


def _moved(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    spread_km: float,
    first: NDArray[np.float64],
    second: NDArray[np.float64],
) -> TripEnds:
    """Ends drawn around points: normal along both axes (Box and Muller 1958)."""
    # Draws are below 1, so that the logarithm is finite.
    radius = np.degrees(spread_km * np.sqrt(-2.0 * np.log1p(-first)) / EARTH_RADIUS_KM)
    north = radius * np.sin(2.0 * np.pi * second)
    east = radius * np.cos(2.0 * np.pi * second) / np.maximum(np.cos(np.radians(lat)), 0.01)
    nowhere = np.full(len(lon), -1, dtype=np.int32)
    return TripEnds(lon + east, np.clip(lat + north, -90.0, 90.0), nowhere)


def _selected(passages: Passages, row: NDArray[np.int64]) -> Passages:
    return Passages(
        **{name: getattr(passages, name)[row] for name in Passages.__dataclass_fields__}
    )

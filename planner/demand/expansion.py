"""From OD volumes to the single trips of the full fleet.

Every trip of the full fleet, electric or not, is drawn once; an electrification level then takes
the trips whose rank lies below it. Levels are nested, and no draw of a trip depends on the level or
on which other days the study looks at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from planner.demand.calibration import DAYS
from planner.demand.initial_soc import SocHistogram, draw_initial_soc
from planner.demand.trips import Trips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.demand.calibration import AbroadDistance, DemandCalibration
    from planner.demand.od_flows import OdFlows
    from planner.runs.random_streams import RandomStreams

TRIP_IDS_PER_DAY = 100_000_000
"""Trip numbers of a day begin at its position in the week times this."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the demand: no draw of its trips depends on other parts.

    Parameters
    ----------
    first_number : int
        Number of its first trip of a day, within [0, TRIP_IDS_PER_DAY).
    """

    stream: str
    first_number: int


OF_THE_COUNTRY = Part("demand", 0)
TRANSIT = Part("demand.transit", TRIP_IDS_PER_DAY // 2)


@dataclass(frozen=True, slots=True)
class FleetTraits:
    """What the trips of a fleet have in common, whatever their OD pair.

    Parameters
    ----------
    loaded_share : float
        Share of trips that carry freight.
    vehicle_shares : (n_classes,) float64
        Share of each vehicle class, sum 1.
    partial_soc : SocHistogram
        State of charge of the others.
    """

    loaded_share: float
    vehicle_shares: NDArray[np.float64]
    full_soc_share: float
    partial_soc: SocHistogram


@dataclass(frozen=True, slots=True)
class FullFleet:
    """All trips of the full fleet.

    Parameters
    ----------
    trips : Trips
        The trips, sorted by number and so by day.
    flow_idx : (n_trips,) int64
        OD flow that each trip belongs to.
    """

    trips: Trips
    flow_idx: NDArray[np.int64]


def expand(
    flows: OdFlows,
    days: Sequence[str],
    traits: FleetTraits,
    calibration: DemandCalibration,
    streams: RandomStreams,
    part: Part = OF_THE_COUNTRY,
) -> FullFleet:
    """Draw the trips of the full fleet on the given days.

    Parameters
    ----------
    flows : OdFlows
        Weekly volumes.
    days : sequence of str
        Days of departure, ``"mon"`` to ``"sun"``, in the order of the week.
    traits : FleetTraits
        Loads, vehicle classes and states of charge.
    calibration : DemandCalibration
        Shares of days and hours, distances abroad.
    streams : RandomStreams
        The run's random streams; each day has its own.
    part : Part
        Which part of the demand the flows are.

    Notes
    -----
    Volumes become whole trips by :func:`whole_trips`; departures are drawn one by one from the
    day's profile, never copied, so that trucks do not travel in bunches.
    """
    by_day = [_expand_day(flows, day, traits, calibration, streams, part) for day in days]
    return FullFleet(
        Trips.joined([fleet.trips for fleet in by_day]),
        np.concatenate([fleet.flow_idx for fleet in by_day]),
    )


def _expand_day(
    flows: OdFlows,
    day: str,
    traits: FleetTraits,
    calibration: DemandCalibration,
    streams: RandomStreams,
    part: Part,
) -> FullFleet:
    def generator(stage: str) -> np.random.Generator:
        return streams.generator(f"{part.stream}.{stage}.{day}")

    counts = whole_trips(
        flows.trips_per_week * calibration.day_share(day), generator("volumes").random()
    )
    flow_idx = np.repeat(np.arange(flows.n_flows), counts)
    n_trips = len(flow_idx)
    day_idx = DAYS.index(day)
    before_km, after_km = _abroad_km(
        flows, flow_idx, calibration.abroad_distance, calibration.min_distance_km,
        generator("abroad").random(n_trips),
    )  # fmt: skip
    class_ends = np.cumsum(traits.vehicle_shares)[:-1]
    trips = Trips(
        trip_id=day_idx * TRIP_IDS_PER_DAY + part.first_number + np.arange(n_trips, dtype=np.int64),
        origin_node_idx=flows.origin_node_idx[flow_idx],
        destination_node_idx=flows.destination_node_idx[flow_idx],
        departure_h=day_idx * 24.0
        + departure_hours(calibration.hour_shares(day), n_trips, generator("departures")),
        abroad_before_km=before_km,
        abroad_after_km=after_km,
        is_loaded=generator("loads").random(n_trips) < traits.loaded_share,
        initial_soc_share=draw_initial_soc(
            traits.full_soc_share, traits.partial_soc, n_trips, generator("initial_soc")
        ),
        vehicle_class_idx=np.searchsorted(
            class_ends, generator("vehicles").random(n_trips), side="right"
        ).astype(np.int16),
        electrification_rank=generator("electrification").random(n_trips),
    )
    return FullFleet(trips, flow_idx)


def whole_trips(volume: NDArray[np.float64], start: float) -> NDArray[np.int64]:
    """Round volumes to whole trips without bias.

    Parameters
    ----------
    volume : (n_flows,) float64
        Expected trips of each flow, >= 0.
    start : float
        A uniform draw from [0, 1).

    Returns
    -------
    (n_flows,) int64
        Trips of each flow: its volume rounded down or up, with the volume as expectation. The sum
        differs from the sum of the volumes by less than one.

    Notes
    -----
    Systematic sampling (Madow 1949): flow i gets the whole numbers between its cumulated volumes.
    """
    passed = np.floor(np.cumsum(volume) + start).astype(np.int64)
    return np.diff(passed, prepend=0)


def departure_hours(
    hour_shares: NDArray[np.float64], n_trips: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Draw departures from a day's profile, uniform within the hour.

    Parameters
    ----------
    hour_shares : (24,) float64
        Share of departures in each hour, sum 1.

    Returns
    -------
    (n_trips,) float64
        Hours since midnight, within [0, 24).
    """
    cumulated = np.concatenate(([0.0], np.cumsum(hour_shares)))
    cumulated /= cumulated[-1]
    # Inverting the piecewise-linear distribution: one draw gives the hour and the time within it.
    drawn = generator.random(n_trips)
    hour = np.searchsorted(cumulated, drawn, side="right") - 1
    width = cumulated[hour + 1] - cumulated[hour]
    within = np.minimum((drawn - cumulated[hour]) / width, np.nextafter(1.0, 0.0))
    departure_h: NDArray[np.float64] = hour + within
    return departure_h


def _abroad_km(
    flows: OdFlows,
    flow_idx: NDArray[np.int64],
    spread: AbroadDistance,
    min_distance_km: float,
    quantile: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Distance abroad before and after, (n_trips,) each, km; both ends abroad share the draw."""
    before_median_km = flows.abroad_before_median_km[flow_idx]
    median_km = before_median_km + flows.abroad_after_median_km[flow_idx]
    crosses = np.flatnonzero(median_km > 0.0)
    abroad_km = np.zeros(len(flow_idx))
    abroad_km[crosses] = abroad_distances_km(
        median_km[crosses],
        min_distance_km - flows.inside_km[flow_idx[crosses]],
        spread,
        quantile[crosses],
    )
    before_share = np.divide(
        before_median_km, median_km, out=np.zeros(len(flow_idx)), where=median_km > 0.0
    )
    return abroad_km * before_share, abroad_km * (1.0 - before_share)


def abroad_distances_km(
    median_km: NDArray[np.float64],
    at_least_km: NDArray[np.float64],
    spread: AbroadDistance,
    quantile: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Distance abroad of border trips: lognormal, cut to trips that are long enough.

    Parameters
    ----------
    median_km : (n_trips,) float64
        Median of the uncut distribution, km, > 0.
    at_least_km : (n_trips,) float64
        What the trip lacks of the minimum distance, km; may be negative.
    spread : AbroadDistance
        Standard deviation of ln(km) and the maximum.
    quantile : (n_trips,) float64
        Uniform draws from [0, 1).

    Returns
    -------
    (n_trips,) float64
        Distances abroad, km, within [at_least_km, maximum] and above 0.
    """
    sigma = spread.log_standard_deviation
    log_median = np.log(median_km)
    with np.errstate(divide="ignore"):
        lowest = ndtr((np.log(np.maximum(at_least_km, 0.0)) - log_median) / sigma)
    highest = ndtr((np.log(spread.max_km) - log_median) / sigma)
    # 1 - quantile lies in (0, 1]: the distance never is 0.
    drawn = log_median + sigma * ndtri(highest + (lowest - highest) * quantile)
    abroad_km: NDArray[np.float64] = np.clip(np.exp(drawn), at_least_km, spread.max_km)
    return abroad_km

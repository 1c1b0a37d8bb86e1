"""What a plan needs of the parking spaces of its sites, and what is missing there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.network.sites import ORIGIN_COMPUTED, ORIGIN_OFFICIAL
from planner.parking.columns import (
    PARKING_CASES,
    PARKING_HOURS,
    PARKING_PUBLISHED,
    PARKING_REGIONS,
    PARKING_SCHEMAS,
    PARKING_SITES,
)
from planner.parking.nights import Spaces, looking_here, nights_of
from planner.parking.stops import (
    ParkingStops,
    stops_of_electric_trucks,
    stops_without_charging,
)
from planner.parking.ways import sites_passed
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.parking.nights import Horizon, Nights
    from planner.parking.rules import Counted, ParkingRules
    from planner.parking.ways import Passed
    from planner.routing.drivers import Drivers
    from planner.routing.stop_plans import StopPlans
    from planner.tables.table import Table

ALL = "all"
PLANNED, WITHOUT = "planned", "without"
"""Cases besides those of the assumptions."""
GIVEN, COMPUTED, ASSUMED = "given", "computed", "assumed"
ROOM, FULL, SHORT = "room", "full", "short"
_FULL_SHARE = 0.95
REASONS = {
    "Truck parking spaces": "The sites of the study are a part of the country's rest areas, and "
    "most of their spaces are estimates.",
    "Trucks that stand at night": "The study has long trips alone; trucks that rest before or "
    "after a trip, or wait for a load, are not in it. All of its trucks count, at the sites and "
    "elsewhere.",
    "Spaces missing": "Without charging, at the sites alone, scaled up by their share of the "
    "country's spaces: as if all other places were as full.",
    "Spaces missing, as hauliers see it": "The same; what hauliers count as missing is not said.",
}
"""Published figures with why ours differ."""


@dataclass(frozen=True, slots=True)
class AllTrucks:
    """Trucks of a study, electric or not, and the plan of the electric ones.

    Parameters
    ----------
    trips : Trips
        Of the horizon.
    is_electric : (n_trips,) bool
        Which of them are electric.
    plans : StopPlans
        Stops of electric ones that are served.
    plan_trip_idx : (n_plans,) int64
        Their trips.
    n_hpc, n_lpc : (n_sites,) int64
        Points of the plan.
    chance : (n_trips,) float64
        Uniform in [0, 1): by it trucks look at the sites, or elsewhere.
    region : (n_sites,) object
        Region of each site, empty where none is known.
    """

    graph: RoadGraph
    sites: Sites
    trips: Trips
    drivers: Drivers
    is_electric: NDArray[np.bool_]
    plans: StopPlans
    plan_trip_idx: NDArray[np.int64]
    n_hpc: NDArray[np.int64]
    n_lpc: NDArray[np.int64]
    chance: NDArray[np.float64]
    region: NDArray[np.object_]
    horizon: Horizon


@dataclass(frozen=True, slots=True)
class ParkingNeeds:
    """What was found.

    Parameters
    ----------
    sites, regions, hours, cases, published : DataFrame
        ``PARKING_SITES``, ``PARKING_REGIONS``, ``PARKING_HOURS``, ``PARKING_CASES`` and
        ``PARKING_PUBLISHED``.
    share_here : float
        Part of the breaks and rests without a point that look for a space at the sites.
    counted : Counted or None
        What was counted in the country, where the network stands for one.
    night_hour : int
        Hour of the day in which the sites are fullest.
    n_trips : int
        Trips of all trucks.
    """

    sites: pd.DataFrame
    regions: pd.DataFrame
    hours: pd.DataFrame
    cases: pd.DataFrame
    published: pd.DataFrame
    rules: ParkingRules
    share_here: float
    counted: Counted | None
    night_hour: int
    n_trips: int

    def tables(self) -> list[tuple[Table, pd.DataFrame]]:
        """The tables with what they hold."""
        found = (self.sites, self.regions, self.hours, self.cases, self.published)
        return list(zip(PARKING_SCHEMAS, found, strict=True))

    @property
    def whole(self) -> pd.Series:
        """The row of all sites together."""
        return self.regions[self.regions["region"] == ALL].iloc[0]

    def building(self) -> pd.DataFrame:
        """Sites that lack spaces, the most first."""
        rows = self.sites[self.sites["to_build"] > 0]
        order = ["to_build", "site_id"]
        return rows.sort_values(order, ascending=[False, True]).reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class _Stops:
    """Stops with the sites that they pass."""

    stops: ParkingStops
    passed: Passed


def parking_needs(
    trucks: AllTrucks, rules: ParkingRules, share_here: float | None, network: str
) -> ParkingNeeds:
    """Let all trucks take the spaces of the sites, with the plan's points and without any.

    Parameters
    ----------
    share_here : float, optional
        Part of breaks and rests without a point that look for a space at the sites; that of the
        country's spaces which the sites have, where these were counted, else all.
    network : str
        Source of the network.
    """
    counted, central = rules.counted_on(network), rules.central()
    told = _spaces_told(trucks.sites, central)
    if share_here is None:
        share_here = 1.0 if counted is None else min(1.0, float(told.sum()) / counted.spaces)
    planned_stops = _stops(trucks, central["search_h"], charging=True)
    planned = _nights(trucks, planned_stops, central, share_here, charging=True)
    without = _nights(
        trucks,
        _stops(trucks, central["search_h"], charging=False),
        central,
        share_here,
        charging=False,
    )
    cases = [_case(PLANNED, "", np.nan, planned), _case(WITHOUT, "", np.nan, without)]
    for (name, end), figures in rules.variants().items():
        of_spaces = name in ("space_share", "unknown_spaces")
        if of_spaces and np.array_equal(_spaces_told(trucks.sites, figures), told):
            continue  # no site has such spaces
        is_same = figures["search_h"] == central["search_h"]
        stops = planned_stops if is_same else _stops(trucks, figures["search_h"], charging=True)
        nights = _nights(trucks, stops, figures, share_here, charging=True)
        cases.append(_case(name, end, figures[name], nights))
    sites = _site_table(trucks, planned, without)
    return ParkingNeeds(
        sites,
        _region_table(sites),
        _hour_table(planned, without),
        pd.DataFrame(cases, columns=PARKING_CASES.column_names),
        _published(counted, without, share_here),
        rules,
        share_here,
        counted,
        planned.peak_hour,
        trucks.trips.n_trips,
    )


def _spaces_told(sites: Sites, figures: Mapping[str, float]) -> NDArray[np.int64]:
    """Spaces of the sites as some figures have them, (n_sites,)."""
    known = sites.parking_spaces >= 0
    spaces = np.where(known, sites.parking_spaces, figures["unknown_spaces"])
    estimated = known & (_spaces_sure(sites) != GIVEN)
    return np.rint(np.where(estimated, figures["space_share"] * spaces, spaces)).astype(np.int64)


def _spaces_sure(sites: Sites) -> NDArray[np.object_]:
    """Who says how many spaces there are; the official list of sites does not."""
    origin = sites.register()["origin"]
    estimated = np.isin(origin, (ORIGIN_OFFICIAL, ORIGIN_COMPUTED))
    sure = np.where(sites.parking_spaces < 0, ASSUMED, np.where(estimated, COMPUTED, GIVEN))
    return np.asarray(sure, dtype=object)


def _stops(trucks: AllTrucks, search_h: float, *, charging: bool) -> _Stops:
    electric = trucks.is_electric if charging else np.zeros(trucks.trips.n_trips, np.bool_)
    others = np.flatnonzero(~electric)
    found = stops_without_charging(
        trucks.graph, trucks.trips.select(others), trucks.drivers, search_h
    )
    parts = [found.of_trips(others)]
    if charging:
        limits = trucks.drivers.limits
        parts.append(
            stops_of_electric_trucks(
                trucks.plans, trucks.plan_trip_idx, search_h, limits.stop_cost_h
            )
        )
    stops = ParkingStops.joined(parts)
    passed = sites_passed(trucks.graph, trucks.sites, trucks.trips, trucks.drivers, stops)
    return _Stops(stops, passed)


def _nights(
    trucks: AllTrucks, found: _Stops, figures: Mapping[str, float], share: float, *, charging: bool
) -> Nights:
    points = (trucks.n_hpc, trucks.n_lpc) if charging else (0 * trucks.n_hpc, 0 * trucks.n_lpc)
    bays = figures["bays_per_hpc"] * points[0] + figures["bays_per_lpc"] * points[1]
    spaces = Spaces(_spaces_told(trucks.sites, figures), bays, points[1].astype(np.int64))
    is_here = looking_here(found.stops, found.passed, trucks.chance, share)
    return nights_of(found.stops, found.passed, is_here, spaces, trucks.horizon)


def _case(case: str, end: str, value: float, nights: Nights) -> dict[str, object]:
    hour = nights.peak_hour
    return {
        "case": case,
        "end": end,
        "value": value,
        "standing": float(nights.standing[:, hour].sum()),
        "nowhere": float(nights.nowhere[:, hour].sum()),
        "moved_on_day": float(nights.moved_on_day.sum()),
        "to_build": int(nights.to_build.sum()),
    }


def _site_table(trucks: AllTrucks, planned: Nights, without: Nights) -> pd.DataFrame:
    sites, hour = trucks.sites, planned.peak_hour
    beside = planned.spaces.beside_points[:, None]
    full_hours = (planned.standing >= _FULL_SHARE * beside).sum(axis=1)
    nowhere = planned.nowhere.max(axis=1, initial=0.0)
    return pd.DataFrame(
        {
            "site_id": sites.site_id,
            "name": sites.name,
            "road": sites.road,
            "region": trucks.region,
            "lon": sites.lon,
            "lat": sites.lat,
            "spaces": planned.spaces.all,
            "spaces_sure": _spaces_sure(sites),
            "n_hpc": trucks.n_hpc,
            "n_lpc": trucks.n_lpc,
            "point_bays": planned.spaces.point_bays,
            "wanted_day": planned.wanted_day,
            "moved_on_day": planned.moved_on_day,
            "standing": planned.standing[:, hour],
            "at_points": planned.at_points[:, hour],
            "full_hours": full_hours.astype(np.int64),
            "nowhere": planned.nowhere[:, hour],
            "state": np.where(
                (planned.to_build > 0) | (nowhere >= 0.5),
                SHORT,
                np.where(full_hours > 0, FULL, ROOM),
            ),
            "to_build": planned.to_build,
            "to_build_without": without.to_build,
        }
    )[PARKING_SITES.column_names]


def _region_table(sites: pd.DataFrame) -> pd.DataFrame:
    """All sites, then the regions that are known, what lacks most first."""
    figures = [name for name in PARKING_REGIONS.column_names if name in sites and name != "region"]
    of_region = sites[sites["region"] != ""].groupby("region", as_index=False)
    parts = [sites.assign(region=ALL).groupby("region", as_index=False), of_region]
    tables = [part.agg({"site_id": "size"} | dict.fromkeys(figures, "sum")) for part in parts]
    tables[1] = tables[1].sort_values(["to_build", "region"], ascending=[False, True])
    table = pd.concat([each for each in tables if len(each)], ignore_index=True)
    return table.rename(columns={"site_id": "n_sites"})[PARKING_REGIONS.column_names]


def _hour_table(planned: Nights, without: Nights) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "hour": np.arange(HOURS_PER_DAY),
            "standing": planned.standing.sum(axis=0),
            "at_points": planned.at_points.sum(axis=0),
            "nowhere": planned.nowhere.sum(axis=0),
            "nowhere_without": without.nowhere.sum(axis=0),
            "elsewhere": planned.elsewhere,
        }
    )[PARKING_HOURS.column_names]


def _published(counted: Counted | None, without: Nights, share: float) -> pd.DataFrame:
    """What was counted in the country beside the same of this study without charging."""
    if counted is None:
        return pd.DataFrame(columns=PARKING_PUBLISHED.column_names)
    standing = (without.standing + without.nowhere).sum(axis=0) + without.elsewhere
    missing = float(without.nowhere.sum(axis=0).max()) / share if share > 0.0 else np.nan
    source = f"{counted.source} ({counted.year})"
    figures = (
        (counted.spaces, float(without.spaces.all.sum()), source),
        (counted.parked, float(standing.max()), source),
        (counted.missing, missing, source),
        (counted.missing_by_trade, missing, counted.trade_source),
    )
    return pd.DataFrame(
        [
            {
                "figure": figure,
                "published": published,
                "ours": ours,
                "reason": reason,
                "source": told,
            }
            for (figure, reason), (published, ours, told) in zip(
                REASONS.items(), figures, strict=True
            )
        ],
        columns=PARKING_PUBLISHED.column_names,
    )

"""The served trucks of a run on the links of a MATSim network, and the course each one takes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np

from planner.reporting.matsim.plans import CHARGING, RESTING, PlannedLeg, PlannedStop, PlannedTruck
from planner.reporting.matsim.vehicles import MatsimVehicle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.reporting.matsim.legs import RoadLegs
    from planner.reporting.matsim.network import MatsimNetwork
    from planner.scenario.model import Scenario

_TOLERANCE_H = 1e-6


@dataclass(frozen=True, slots=True)
class ChargingStops:
    """Charging stops as MATSim is to see them.

    Parameters
    ----------
    link : (n_stops,) int64
        Link of the points that the truck plugs in at.
    rest_h : (n_stops,) float64
        Before it without a plug, hours: what leaving the road and parking takes, and the rest where
        a truck plans to charge overnight and the solution has no such point.
    plugged_h : (n_stops,) float64
        From plug-in to departure, hours.
    """

    link: NDArray[np.int64]
    rest_h: NDArray[np.float64]
    plugged_h: NDArray[np.float64]

    def at_site(self, stop: int) -> list[PlannedStop]:
        """What a truck does at the site of a stop: charge, if need be after standing unplugged."""
        link, rest_h = int(self.link[stop]), float(self.rest_h[stop])
        charging = PlannedStop(CHARGING, link, float(self.plugged_h[stop]))
        return [PlannedStop(RESTING, link, rest_h), charging] if rest_h > 0.0 else [charging]


@dataclass(frozen=True, slots=True)
class LegBreaks:
    """Breaks and rests that trucks take unplugged on their legs, as the stop planner placed them.

    Parameters
    ----------
    offset : (n_legs + 1,) int64
        Where those of each leg begin.
    after_drive_h : (n_breaks,) float64
        Driving on the leg before each, hours.
    hold_h : (n_breaks,) float64
        Its length, hours.
    """

    offset: NDArray[np.int64]
    after_drive_h: NDArray[np.float64]
    hold_h: NDArray[np.float64]

    def cut(
        self, leg: int, planned: PlannedLeg, start_link: int, link_drive_h: NDArray[np.float64]
    ) -> tuple[list[PlannedLeg], list[PlannedStop]]:
        """Cut a leg at the links where the truck stands.

        MATSim's activities lie at ends of links: the truck stands at the last one that it reaches
        before its time is up, if need be at the one where the leg begins.

        Parameters
        ----------
        leg : int
            Number of the leg.
        planned : PlannedLeg
            The whole leg.
        start_link : int
            Link at whose end it begins.
        link_drive_h : (n_links,) float64
            Driving time on each link of the network, hours.

        Returns
        -------
        list of PlannedLeg
            One more than breaks and rests; together they drive the links of the leg.
        list of PlannedStop
            The breaks and rests.
        """
        rows = slice(self.offset[leg], self.offset[leg + 1])
        if rows.start == rows.stop:
            return [planned], []
        reached_h = np.append(0.0, np.cumsum(link_drive_h[planned.links]))
        ends = np.append(start_link, planned.links)
        after_h = self.after_drive_h[rows] + _TOLERANCE_H
        cuts = np.searchsorted(reached_h, after_h, side="right") - 1
        stops = [
            PlannedStop(RESTING, int(ends[cut]), hold_h)
            for cut, hold_h in zip(cuts, self.hold_h[rows].tolist(), strict=True)
        ]
        times_h = np.diff(np.concatenate([[0.0], reached_h[cuts], [planned.drive_h]]))
        legs = [
            PlannedLeg(links, float(drive_h))
            for links, drive_h in zip(np.split(planned.links, cuts), times_h, strict=True)
        ]
        return legs, stops


@dataclass(frozen=True, slots=True)
class PlannedFleet:
    """Served trips with their stops and legs on links.

    Parameters
    ----------
    network : MatsimNetwork
        What the links are numbers of.
    entry_h : (n_trips,) float64
        When each enters the road graph, hours since Monday 00:00.
    entry_kwh : (n_trips,) float64
        Energy in the battery there, kWh.
    origin_link : (n_trips,) int64
        Link at whose end each starts.
    leg_offset : (n_trips + 1,) int64
        Where the legs of each trip begin.
    breaks : LegBreaks
        Unplugged breaks and rests on them.
    is_other_way : (n_trips,) bool
        Trips whose planned way passes a site without plugging in, which a run does not keep: they
        are led along the quickest ways instead.
    stops : ChargingStops
        Charging stops; stop ``i`` of a trip is at the end of its leg ``i``.
    """

    scenario: Scenario
    network: MatsimNetwork
    trips: Trips
    entry_h: NDArray[np.float64]
    entry_kwh: NDArray[np.float64]
    origin_link: NDArray[np.int64]
    leg_offset: NDArray[np.int64]
    legs: RoadLegs
    breaks: LegBreaks
    is_other_way: NDArray[np.bool_]
    stops: ChargingStops

    @property
    def n_trucks(self) -> int:
        """Number of trucks: one drives each served trip."""
        return self.trips.n_trips

    def used_links(self) -> NDArray[np.bool_]:
        """Mask of the links that trucks start on, drive on or stop at, (n_links,)."""
        used = np.zeros(len(self.network.link_id), dtype=np.bool_)
        for links in self.legs.links:
            used[links] = True
        used[self.stops.link] = True
        used[self.origin_link] = True
        return used

    def vehicles(self) -> Iterator[MatsimVehicle]:
        """Trucks with the charge that they enter the road graph with."""
        names = list(self.scenario.vehicles.classes)
        batteries_kwh = [item.battery_kwh for item in self.scenario.vehicles.classes.values()]
        rows = zip(
            self.trips.trip_id.tolist(),
            self.trips.vehicle_class_idx.tolist(),
            self.trips.is_loaded.tolist(),
            self.entry_kwh.tolist(),
            strict=True,
        )
        for trip_id, class_idx, is_loaded, energy_kwh in rows:
            soc_share = energy_kwh / batteries_kwh[class_idx]
            yield MatsimVehicle(str(trip_id), names[class_idx], is_loaded, soc_share)

    def trucks(self) -> Iterator[PlannedTruck]:
        """Plans of the trucks, in the order of the trips."""
        speeds_kmh = [item.mean_speed_kmh for item in self.scenario.vehicles.classes.values()]
        link_drive_h = [self._link_drive_h(speed) for speed in speeds_kmh]
        rows = zip(
            self.trips.trip_id.tolist(),
            self.trips.is_loaded.tolist(),
            self.origin_link.tolist(),
            self.entry_h.tolist(),
            self.trips.vehicle_class_idx.tolist(),
            strict=True,
        )
        for trip, (trip_id, is_loaded, origin_link, entry_h, class_idx) in enumerate(rows):
            legs, stops = self._course(trip, origin_link, link_drive_h[class_idx])
            yield PlannedTruck(str(trip_id), is_loaded, origin_link, entry_h, legs, stops)

    def _link_drive_h(self, speed_kmh: float) -> NDArray[np.float64]:
        """Driving time on each link for trucks of a speed."""
        network = self.network
        return network.length_m / 1000.0 / np.minimum(network.freespeed_kmh, speed_kmh)

    def _course(
        self, trip: int, origin_link: int, link_drive_h: NDArray[np.float64]
    ) -> tuple[list[PlannedLeg], list[PlannedStop]]:
        """Legs and stops of a trip, unplugged ones included."""
        places = range(int(self.leg_offset[trip]), int(self.leg_offset[trip + 1]))
        # A trip has one leg more than stops, so this is the number of its first stop.
        first_stop = places.start - trip
        stops_of_trip = range(first_stop, first_stop + len(places) - 1)
        legs: list[PlannedLeg] = []
        stops: list[PlannedStop] = []
        start_link = origin_link
        for place, stop in zip_longest(places, stops_of_trip):
            at_site = [] if stop is None else self.stops.at_site(stop)
            to_stop = self._leg(place).to([standing.link for standing in at_site[:1]])
            pieces, rests = self.breaks.cut(place, to_stop, start_link, link_drive_h)
            legs += pieces
            stops += rests
            if at_site:
                legs += [PlannedLeg.staying()] * (len(at_site) - 1)
                stops += at_site
                start_link = at_site[-1].link
        return legs, stops

    def _leg(self, place: int) -> PlannedLeg:
        different = self.legs.of_trip_leg[place]
        return PlannedLeg(self.legs.links[different], float(self.legs.drive_h[different]))

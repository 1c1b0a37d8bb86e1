"""The served trucks of a run on the links of a MATSim network, and the course each one takes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np

from planner.reporting.matsim.plans import CHARGING, RESTING, PlannedLeg, PlannedStop, PlannedTruck
from planner.reporting.matsim.rests import TimedLeg, unplugged_stands, with_stands
from planner.reporting.matsim.vehicles import MatsimVehicle
from planner.routing.stop_plans import StopKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.reporting.matsim.legs import RoadLegs
    from planner.reporting.matsim.network import MatsimNetwork
    from planner.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class ChargingStops:
    """Charging stops as MATSim is to see them.

    Parameters
    ----------
    kind : (n_stops,) int64
        :class:`~planner.routing.stop_plans.StopKind` as planned.
    link : (n_stops,) int64
        Link of the points that the truck plugs in at.
    rest_h : (n_stops,) float64
        Rest before it without a plug, hours: where a truck plans to charge overnight and the
        solution has no such point; else 0.
    plugged_h : (n_stops,) float64
        From plug-in to departure, hours.
    """

    kind: NDArray[np.int64]
    link: NDArray[np.int64]
    rest_h: NDArray[np.float64]
    plugged_h: NDArray[np.float64]

    def at_site(self, stop: int) -> list[PlannedStop]:
        """What a truck does at the site of a stop: charge, if need be after an unplugged rest."""
        link, rest_h = int(self.link[stop]), float(self.rest_h[stop])
        charging = PlannedStop(CHARGING, link, float(self.plugged_h[stop]))
        return [PlannedStop(RESTING, link, rest_h), charging] if rest_h > 0.0 else [charging]


@dataclass(frozen=True, slots=True)
class PlannedFleet:
    """Served trips with their stops and legs on links.

    Parameters
    ----------
    scenario : Scenario
        The study.
    network : MatsimNetwork
        What the links are numbers of.
    trips : Trips
        The served trips.
    entry_h : (n_trips,) float64
        When each enters the road graph, hours since Monday 00:00.
    entry : (n_trips, 3) float64
        Energy in the battery there, kWh, and driving since break and daily rest, hours.
    origin_link : (n_trips,) int64
        Link at whose end each starts.
    leg_offset : (n_trips + 1,) int64
        Where the legs of each trip begin.
    legs : RoadLegs
        The legs.
    leg_h : (n_legs,) float64
        Duration of each leg, unplugged breaks and rests included.
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
    entry: NDArray[np.float64]
    origin_link: NDArray[np.int64]
    leg_offset: NDArray[np.int64]
    legs: RoadLegs
    leg_h: NDArray[np.float64]
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
            self.entry[:, 0].tolist(),
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
        planned = [self._leg(place) for place in places]
        timed = [
            TimedLeg(leg.drive_h, float(self.leg_h[place]), kind)
            for place, leg, kind in zip(
                places,
                planned,
                [*(StopKind(self.stops.kind[stop]) for stop in stops_of_trip), None],
                strict=True,
            )
        ]
        _, since_break_h, since_rest_h = self.entry[trip].tolist()
        stands = unplugged_stands(timed, since_break_h, since_rest_h, self.scenario.driver_rules)
        legs: list[PlannedLeg] = []
        stops: list[PlannedStop] = []
        start_link = origin_link
        for leg, stop, stands_of_leg in zip_longest(planned, stops_of_trip, stands):
            at_site = [] if stop is None else self.stops.at_site(stop)
            to_stop = leg.to([standing.link for standing in at_site[:1]])
            pieces, rests = with_stands(to_stop, start_link, link_drive_h, stands_of_leg)
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

"""The stop planner: where each truck charges, breaks and rests, exactly.

(Drivers who follow the rule `break_first` are no part of this: for them
:mod:`planner.routing.break_first_kernel` is asked instead.)

For every trip the planner finds the sites and kinds of stop that minimise the perceived cost:
arrival time plus the driver's taste for the sites (see :class:`SiteChoice`). Expected waiting
moves the clock and is part of the arrival time. The search is label setting over the candidate
sites, best first, with dominance over cost, clock, energy and both driving counters; nothing is
cut off that could be better. What is planned:

Corridor
    A site is a candidate where the way through it, off the carriageway and back, is at most 10 km
    longer than the direct way; a trip that cannot be driven with those looks at 30, then 100 km,
    then at all sites. With draws the corridor is part of the drivers' choice: a wider one is not
    looked at where the narrower holds a plan. Without draws a plan bounds the arrival, all sites
    through which a truck may arrive as early are looked at, and the best plan is taken: another
    site never makes a trip later, unless the truck then no longer has to charge abroad.
    Legs are quickest paths (see :mod:`planner.routing.site_legs`); a leg never leads from a site
    to itself. A truck may pass a site without plugging in, which matters only at a site that is a
    place to turn or where the quickest way is the longer one; such a passage is not a stop.
    A trip that cannot be driven so with any sites is planned on the shortest legs instead. They
    take the least energy for every sequence of sites, and nothing but energy makes a plan
    impossible: a trip that has no plan on them has none at all. The times are those of that way.
Energy
    Proportional to distance, never below the minimum on arrival anywhere, with one exception: a
    truck that starts too low for any plan may reach its first site below it, down to a floor. A
    trip that goes on abroad leaves with what the distance there, at most ``border_reserve_km``,
    takes on top of the minimum, though never more than a full battery.
Stops
    HPC break: plugged in for the whole break, charging until full. Intermediate: plugging overhead
    and exactly the energy that the next leg takes; resets nothing. LPC rest: the whole daily rest.
    A stop always charges something. Waiting is no break. A driver who knows the queues
    (:class:`~planner.routing.known_queues.KnownQueues`) waits where they make him wait. Where all
    overnight points are taken he rests unplugged and charges at high power afterwards; that he
    might come later on purpose, when one is free again, is not looked at.
Driver rules
    Unplugged breaks and rests fall on any point of a leg, as late as the rules allow, with the
    choice between break and daily rest where a break is due
    (see :mod:`planner.routing.driving_kernel`). Where a queue is expected to get shorter, a break
    or rest may also be taken right before joining it; before an LPC rest, which resets what they
    would reset, that gains nothing.
Abroad
    Charging sites everywhere before the border: the truck stops when a rule or its minimum forces
    it, always plugged in. Entry time, energy and counters follow. A trip that cannot be driven
    so charges right before the border, with the time of an intermediate stop: what brings it to
    its nearest site or its destination, and where that is not enough, until full. A trip that
    starts on the road graph itself with less than that floor is not planned.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import get_num_threads

from planner.errors import InputDataError
from planner.routing.break_first_kernel import follow_rule_of_pairs
from planner.routing.corridor_kernel import Legs, least_hours_through
from planner.routing.known_queues import no_queues
from planner.routing.plan_rows import (
    empty_plans,
    n_unplugged,
    pair_of_trip,
    put_plans,
    put_served,
    some_rows,
    stop_plans,
    trip_rows,
    with_room,
)
from planner.routing.range_kernel import are_out_of_range
from planner.routing.site_legs import SiteLegs, site_legs
from planner.routing.stop_planner_kernel import (
    Choice,
    TripRows,
    plan_pairs,
)
from planner.routing.stop_plans import StopPlans, TripStatus
from planner.routing.unserved_trips import reaches_nothing, stranded_nodes
from planner.runs.random_streams import stable_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.routing.break_first_rule_kernel import BreakFirst
    from planner.routing.drivers import Drivers
    from planner.routing.driving_kernel import Limits
    from planner.routing.known_queues import KnownQueues
    from planner.routing.plan_writing_kernel import PlanRows
    from planner.routing.site_ways import SiteWays
    from planner.scenario.parameter_sets import VehicleClass

_TRIPS_PER_BATCH = 1000
"""Trips planned between two reports of progress."""

_STOPS_PER_TRIP = 6
"""Room for the stops of a trip; more is made where it is not enough."""

_UNPLUGGED_PER_TRIP = 4
"""Room for its unplugged breaks and rests."""


_NO_HOURS = np.empty((0, 0)), np.empty((0, 0))
"""With draws the corridor is part of the choice, and drivers by the rule look for no best plan."""

_NO_SITE_KM = np.array([-np.inf])
"""Widths of corridors without any site."""


class ExpectedWaits(NamedTuple):
    """Waits that drivers expect at high-power points, and where there are points at all.

    Parameters
    ----------
    from_h : float
        Start of the first hour, hours since Monday 00:00.
    wait_h : (n_sites, n_hours) float64
        Hours, >= 0.
    is_open : (2, n_sites) bool
        Whether a site has a point for breaks and stops for energy, and one for rests.
    """

    from_h: float
    wait_h: NDArray[np.float64]
    is_open: NDArray[np.bool_]


def plan_stops(
    graph: RoadGraph,
    sites: Sites,
    trips: Trips,
    drivers: Drivers,
    *,
    known: KnownQueues | None = None,
    waits: ExpectedWaits | None = None,
    ways: SiteWays | None = None,
    tells_stranded: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> StopPlans:
    """Plan the stops of all trips.

    Parameters
    ----------
    drivers : Drivers
        Their trucks, rules and choice. The draw of a trip at a site depends on their taste key, the
        trip's and the site's id alone.
    known : KnownQueues, optional
        Queues that drivers who plan exactly know of, none by default. Each driver finds them
        without his own truck.
    waits : ExpectedWaits, optional
        Waits that drivers who follow the rule `break_first` expect, none by default.
    ways : SiteWays, optional
        Legs that are measured already, between the ends of these trips among others; without them
        they are measured, and all sites are open.
    tells_stranded : bool
        Whether it is told where trucks strand also where ``ways`` are given.
    progress : callable, optional
        Called with the number of trips planned and the number of all trips.

    Raises
    ------
    InputDataError
        If a trip names no vehicle class, a vehicle cannot use its battery, or ``known`` does not
        match the sites and trips.
    ValueError
        If drivers who follow the rule `break_first` are to know queues, or others expected waits.

    Notes
    -----
    Resource-constrained shortest paths by label setting: Irnich and Desaulniers (2005). The same
    input gives the same plans whatever the number of threads; between plans of equal cost the
    one with the lowest site index is taken.
    """
    _check(trips, drivers.vehicles)
    choice = drivers.choice
    rule = drivers.break_first
    if known is not None and rule is not None:
        message = "drivers who follow break_first expect waits; give waits in place of known"
        raise ValueError(message)
    if waits is not None:
        if rule is None:
            message = "drivers who plan exactly know queues; give known in place of waits"
            raise ValueError(message)
        rule = rule._replace(wait_h=waits.wait_h, wait_from_h=waits.from_h, is_open=waits.is_open)
    queues = known or no_queues()
    if known is not None:
        known.check(sites.n_sites, trips.n_trips)
    plans = empty_plans(trips.n_trips, _STOPS_PER_TRIP, _UNPLUGGED_PER_TRIP)
    trip_truck = drivers.trucks(trips)
    limits = drivers.limits
    site_hash = np.array([stable_hash(str(name)) for name in sites.site_id], dtype=np.uint64)
    stranded = np.full(trips.n_trips, -1, dtype=np.int32)
    n_done = 0
    has_draws = choice.taste_scale_h > 0.0 or rule is not None
    for chosen, legs in _groups(graph, sites, trips, drivers, ways):
        group = trips.select(chosen)
        site_choice = Choice(
            choice.tried_detour_km,
            np.uint64(drivers.taste_key),
            choice.taste_scale_h,
            site_hash,
            queues,
            *(_NO_HOURS if has_draws else _least_hours(legs, ways)),
        )
        rows, order = trip_rows(group, trip_truck[chosen], legs, drivers)
        site_choice = site_choice._replace(queues=queues.of_trips(chosen[order]))

        def report(n_planned: int, n_before: int = n_done) -> None:
            if progress is not None:
                progress(n_before + n_planned, trips.n_trips)

        if rule is None:
            exact = _ExactGroup(
                graph, sites, legs, group.select(order), rows, site_choice, drivers, ways
            )
            planned = exact.plans(report)
        else:
            planned = _plan_group(rows, legs, site_choice, limits, report, rule)
        plans = put_plans(plans, chosen[order], planned)
        n_done += len(chosen)
        if ways is None or tells_stranded:
            stranded[chosen[order]] = stranded_nodes(rows, planned, legs)
    return stop_plans(plans, trip_truck[:, 0], stranded)


class _ExactGroup(NamedTuple):
    """Trips of trucks of one speed, in the order of ``rows``, planned as they arrive first."""

    graph: RoadGraph
    sites: Sites
    legs: SiteLegs
    trips: Trips
    rows: TripRows
    choice: Choice
    drivers: Drivers
    ways: SiteWays | None

    def plans(self, report: Callable[[int], None]) -> PlanRows:
        """Plan all of them, with further tries for those that find no plan at first."""
        keeping = self.rows._replace(floor_kwh=self.rows.truck[:, 1].copy())
        planned = self._search(keeping, self.legs, self.choice, report)
        unserved = np.flatnonzero(
            (planned.status != TripStatus.SERVED) & (planned.status != TripStatus.NO_ROUTE)
        )
        if len(unserved) == 0:
            return planned
        shortest = self._shortest_legs(unserved)
        lost = np.flatnonzero(planned.status == TripStatus.NO_SITE_IN_RANGE)
        if len(lost):
            rows, again = self._some(lost, shortest, keeps_minimum=True)
            planned = put_served(planned, again, self._plan(rows, again, shortest))
        # Which of those still lost are the network's fault, and which the truck's? The quickest
        # ways answer for most, in less time than the shortest past all sites.
        for legs in (self.legs, shortest):
            lost = np.flatnonzero(planned.status == TripStatus.NO_SITE_IN_RANGE)
            if len(lost):
                rows, again = self._some(lost, legs, keeps_minimum=True)
                full = rows._replace(initial_kwh=rows.truck[:, 0].copy())
                if_full = self._plan(full, again, legs)
                too_low = again[if_full.status == TripStatus.SERVED]
                planned.status[too_low] = TripStatus.STARTS_TOO_LOW
        for legs in (self.legs, shortest):
            starts_low = np.isin(
                planned.status, (TripStatus.STARTS_TOO_LOW, TripStatus.STARTS_BELOW_MINIMUM)
            )
            low = np.flatnonzero(starts_low & (self.rows.floor_kwh < keeping.floor_kwh))
            if len(low):
                rows, again = self._some(low, legs, keeps_minimum=False)
                planned = put_served(planned, again, self._plan(rows, again, legs))
        return planned

    def _shortest_legs(self, chosen: NDArray[np.int64]) -> SiteLegs:
        """Shortest instead of quickest ways of some trips."""
        if self.ways is not None:
            return self.ways.legs(self.legs.network, shortest=True)
        trips = self.trips.select(chosen)
        ends = (trips.origin_node_idx, trips.destination_node_idx)
        return site_legs(self.graph, self.sites, self.legs.network, *ends, shortest=True)

    def _some(
        self, chosen: NDArray[np.int64], legs: SiteLegs, *, keeps_minimum: bool
    ) -> tuple[TripRows, NDArray[np.int64]]:
        """Rows of some trips on some ways, and which trips they are."""
        rows, order = trip_rows(
            self.trips.select(chosen), self.rows.truck[chosen], legs, self.drivers
        )
        if keeps_minimum:
            rows = rows._replace(floor_kwh=rows.truck[:, 1].copy())
        return rows, chosen[order]

    def _plan(self, rows: TripRows, chosen: NDArray[np.int64], legs: SiteLegs) -> PlanRows:
        """Plan some trips, on the shortest ways among all sites."""
        choice = self.choice._replace(queues=self.choice.queues.of_trips(chosen))
        if legs is not self.legs:
            choice = choice._replace(detour_km=np.array([np.inf]))
        return self._search(rows, legs, choice, lambda _: None)

    def _search(
        self, rows: TripRows, legs: SiteLegs, choice: Choice, report: Callable[[int], None]
    ) -> PlanRows:
        """Plan trips; those that reach no place at all are not looked for among all sites.

        A search among thousands of sites takes a second and a gigabyte.
        """
        limits = self.drivers.limits
        is_stuck = reaches_nothing(rows, legs)
        if self.ways is not None and legs.is_closed.any():
            least_km = self.ways.least_km(legs.network)
            pair = pair_of_trip(rows)
            is_stuck |= are_out_of_range(pair, rows, least_km, legs.is_closed)
        if not is_stuck.any():
            return _plan_group(rows, legs, choice, limits, report)
        planned = empty_plans(len(is_stuck), _STOPS_PER_TRIP, _UNPLUGGED_PER_TRIP)
        n_done = 0
        for some, widths in ((is_stuck, _NO_SITE_KM), (~is_stuck, choice.detour_km)):
            row = np.flatnonzero(some)
            of_some = choice._replace(detour_km=widths, queues=choice.queues.of_trips(row))

            def told(n_planned: int, n_before: int = n_done) -> None:
                report(n_before + n_planned)

            part = _plan_group(some_rows(rows, row), legs, of_some, limits, told)
            planned = put_plans(planned, row, part)
            n_done += len(row)
        return planned


def _check(trips: Trips, vehicles: Sequence[VehicleClass]) -> None:
    """Refuse what cannot be planned."""
    classes = trips.vehicle_class_idx
    if trips.n_trips and not 0 <= classes.min() <= classes.max() < len(vehicles):
        row = int(np.argmax((classes < 0) | (classes >= len(vehicles))))
        message = (
            f"trip {trips.trip_id[row]}: vehicle_class_idx is {classes[row]}, "
            f"expected 0 to {len(vehicles) - 1}; give the trip one of the scenario's classes"
        )
        raise InputDataError(message)
    for vehicle in vehicles:
        if vehicle.min_soc_share >= 1.0:
            message = (
                f"vehicle {vehicle.description!r}: min_soc_share is {vehicle.min_soc_share}, "
                "expected below 1; a truck must be able to use some of its battery"
            )
            raise InputDataError(message)


def _groups(
    graph: RoadGraph, sites: Sites, trips: Trips, drivers: Drivers, ways: SiteWays | None
) -> Iterator[tuple[NDArray[np.int64], SiteLegs]]:
    """Trips of trucks that find the same roads, and the legs between their ends."""
    if ways is not None:
        for network, chosen in ways.networks(drivers, trips):
            yield chosen, ways.legs(network)
        return
    for network, chosen in drivers.networks(graph, trips):
        group = trips.select(chosen)
        ends = (group.origin_node_idx, group.destination_node_idx)
        yield chosen, site_legs(graph, sites, network, *ends)


def _least_hours(
    legs: SiteLegs, ways: SiteWays | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least hours through the sites, all of which may count."""
    if ways is not None:
        return ways.least_hours(legs.network)
    from_h, to_h, _ = least_hours_through(legs.from_origin_h, legs.to_destination_h, legs.between_h)
    return from_h, to_h


def _plan_group(
    rows: TripRows,
    legs: SiteLegs,
    choice: Choice,
    limits: Limits,
    report: Callable[[int], None],
    rule: BreakFirst | None = None,
) -> PlanRows:
    """Plan trips of one speed, in batches of OD pairs, exactly or by a rule."""
    n_trips = len(rows.trip_id)
    kernel_legs = Legs(
        legs.direct_h,
        legs.direct_km,
        legs.from_origin_h,
        legs.from_origin_km,
        legs.to_destination_h,
        legs.to_destination_km,
        legs.between_h,
        legs.between_km,
        legs.is_closed,
    )
    plans = empty_plans(n_trips, _STOPS_PER_TRIP, _UNPLUGGED_PER_TRIP)

    def fill(first_pair: int, last_pair: int) -> None:
        if rule is None:
            plan_pairs(first_pair, last_pair, kernel_legs, choice, rows, limits, plans)
        else:
            follow_rule_of_pairs(first_pair, last_pair, kernel_legs, rows, limits, rule, plans)

    def plan(batch: tuple[int, int]) -> int:
        fill(*batch)
        return int(rows.first_trip[batch[1]] - rows.first_trip[batch[0]])

    n_planned = 0
    batches = _batches(rows.first_trip)
    with ThreadPoolExecutor(get_num_threads()) as threads:
        # Threads that plan one batch alone are not worth their start.
        planned = threads.map(plan, batches) if len(batches) > 1 else map(plan, batches)
        for n_trips_of_batch in planned:
            n_planned += n_trips_of_batch
            report(n_planned)
    n_breaks_rests = n_unplugged(plans)
    is_cut = (plans.n_stops > _STOPS_PER_TRIP) | (n_breaks_rests > _UNPLUGGED_PER_TRIP)
    if is_cut.any():
        plans = with_room(plans, int(plans.n_stops.max()), int(n_breaks_rests.max()))
        for pair in np.unique(pair_of_trip(rows)[is_cut]):
            fill(pair, pair + 1)
    return plans


def _batches(first_trip: NDArray[np.int64]) -> list[tuple[int, int]]:
    """First and last OD pair of batches of about equally many trips."""
    n_trips = int(first_trip[-1])
    starts = np.searchsorted(first_trip, np.arange(0, n_trips, _TRIPS_PER_BATCH))
    bounds = np.unique(np.append(starts, len(first_trip) - 1)).tolist()
    return list(pairwise(bounds))

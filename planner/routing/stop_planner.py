"""The stop planner: where each truck charges, breaks and rests, exactly.

(Drivers who follow the rule `break_first` are no part of this: for them
:mod:`planner.routing.break_first_kernel` is asked instead.)

For every trip the planner finds the sites and kinds of stop that minimise the perceived cost:
arrival time plus the driver's taste for the sites (see :class:`SiteChoice`). Expected waiting
moves the clock and is part of the arrival time. The search is label setting over the candidate
sites, best first, with dominance over cost, clock, energy and both driving counters; nothing is
cut off that could be better, unless a trip has more than
:data:`~planner.routing.stop_plans.MOST_STATES` states. What is planned:

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

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.errors import InputDataError
from planner.routing.corridor_kernel import least_hours_through
from planner.routing.exact_plans import ExactGroup
from planner.routing.known_queues import no_queues
from planner.routing.plan_batches import plan_in_batches, rows_for_plans
from planner.routing.plan_rows import put_plans, stop_plans, trip_rows
from planner.routing.site_legs import SiteLegs, site_legs
from planner.routing.stop_planner_kernel import Choice
from planner.routing.stop_plans import MOST_STATES
from planner.routing.unserved_trips import stranded_nodes
from planner.runs.random_streams import stable_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.routing.drivers import Drivers
    from planner.routing.known_queues import KnownQueues
    from planner.routing.site_ways import SiteWays
    from planner.routing.stop_plans import StopPlans
    from planner.scenario.parameter_sets import VehicleClass

_NO_HOURS = np.empty((0, 0)), np.empty((0, 0))
"""With draws the corridor is part of the choice, and drivers by the rule look for no best plan."""


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
    most_states: int = MOST_STATES,
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
    most_states : int
        States that the search for a trip's plan looks at before it is given up for a coarser one;
        ``is_exact`` of the plans tells for which. States are counted and no time is taken, so that
        plans do not depend on the machine. > 0.

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
    plans = rows_for_plans(trips.n_trips)
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
            most_states,
        )
        rows, order = trip_rows(group, trip_truck[chosen], legs, drivers)
        site_choice = site_choice._replace(queues=queues.of_trips(chosen[order]))

        def report(n_planned: int, n_before: int = n_done) -> None:
            if progress is not None:
                progress(n_before + n_planned, trips.n_trips)

        if rule is None:
            exact = ExactGroup(
                graph, sites, legs, group.select(order), rows, site_choice, drivers, ways
            )
            planned = exact.plans(report)
        else:
            planned = plan_in_batches(rows, legs, site_choice, limits, report, rule)
        plans = put_plans(plans, chosen[order], planned)
        n_done += len(chosen)
        if ways is None or tells_stranded:
            stranded[chosen[order]] = stranded_nodes(rows, planned, legs)
    return stop_plans(plans, trip_truck[:, 0], stranded)


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

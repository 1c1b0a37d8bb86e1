"""Finds the tours of a depot's day: the door of the dispatcher."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.depot.alns_search import PlanState, SearchSettings, TourSearch, until
from planner.depot.dispatch import DispatchPlan, DispatchProblem, Unserved
from planner.depot.dispatch_chargers import can_share_chargers
from planner.depot.dispatch_plan import tour_of
from planner.depot.dispatch_recharges import IMPOSSIBLE, Charging, Recharges, requests_of
from planner.depot.dispatch_terms import dispatch_terms, obstacle
from planner.depot.route_terms_kernel import LEAVE_COST, Terms
from planner.runs.random_streams import RandomStreams

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.depot.charging_requests import ChargingRequest

N_ITERATIONS = 500
"""Iterations of the study."""


def dispatch(
    problem: DispatchProblem,
    seed: int,
    *,
    n_iterations: int = N_ITERATIONS,
    charging: Charging | None = None,
    advance: Callable[[int, int], None] | None = None,
) -> DispatchPlan:
    """Find tours that cost least.

    Parameters
    ----------
    problem : DispatchProblem
        Stops, trucks and ways.
    seed : int
        Seed, >= 0; the same seed and number of iterations give the same plan.
    charging : callable, optional
        Cost of a set of recharges at the depot's microgrid, infinite if it cannot deliver them. By
        default a kWh costs ``recharge_price`` and trucks share the charging points at full power.
    advance : callable, optional
        See :func:`~planner.depot.alns_search.until`.

    Returns
    -------
    DispatchPlan
        The best plan met. Stops that cannot be served are left, with the cause; where not all that
        must be served can be, those with the least weight stay unserved.
    """
    terms = dispatch_terms(problem)
    ask = charging or _plain_charging(problem)
    judge = None
    if charging is not None:
        recharges = Recharges(terms, ask)
        terms = dispatch_terms(problem, recharges.probed_prices())
        judge = recharges = recharges.for_terms(terms)
    else:
        recharges = Recharges(terms, ask)
        if terms.electric and 0 < problem.n_chargers < len(problem.trucks):
            judge = recharges
    settings = SearchSettings()
    rng = RandomStreams(seed).generator("depot.dispatch")
    may_go_on = until(n_iterations, advance=advance)
    n_done = 0
    plan: PlanState | None = None
    if all(_reachable(terms, place) for place in range(1, problem.n_stops + 1)):
        search = TourSearch(terms, rng, settings, judge=judge)
        plan, n_done = search.run(may_go_on)
    if plan is None or not _can_be_done(plan):
        # Not all can be served: search again among plans that break no rule.
        terms = _with_leave_costs(terms, problem)
        recharges = recharges.for_terms(terms)
        judge = recharges if judge is not None else None
        again = until(n_iterations, advance=advance)
        search = TourSearch(terms, rng, settings, judge=judge, hard=True)
        plan, more = search.run(again)
        n_done += more
        if not _can_be_done(plan):
            # The depot cannot deliver what any of these plans asks: do with the morning's energy.
            terms = terms._replace(charger_kw=0.0)
            recharges = recharges.for_terms(terms)
            again = until(n_iterations, advance=advance)
            plan, more = TourSearch(terms, rng, settings, hard=True).run(again)
            n_done += more
    return _plan(problem, terms, recharges, plan, n_done)


def _can_be_done(plan: PlanState) -> bool:
    return plan.is_feasible and plan.cost < IMPOSSIBLE


def _reachable(terms: Terms, place: int) -> bool:
    n_trucks = terms.trucks.shape[1]
    return any(obstacle(terms, place, truck) is None for truck in range(n_trucks))


def _with_leave_costs(terms: Terms, problem: DispatchProblem) -> Terms:
    """The problem with finite costs of leaving every stop, by their weights.

    They are above all that driving can cost and below what a broken rule weighs.
    """
    places = terms.places.copy()
    must = ~np.isfinite(places[LEAVE_COST, 1:])
    scale = 100.0 * (1.0 + np.abs(terms.ways[0]).max() + np.abs(terms.trucks[-1]).max())
    price = max(abs(terms.initial_price), float(np.abs(terms.recharge_price).max()))
    most_kwh = terms.ways[2].max() + terms.ways[3].max() * problem.delivery_kg.sum()
    scale += 100.0 * price * most_kwh
    weight = problem.priority / problem.priority.min()
    places[LEAVE_COST, 1:] = np.where(must, scale * weight, places[LEAVE_COST, 1:])
    return terms._replace(places=places)


def _plain_charging(problem: DispatchProblem) -> Charging:
    """Charging at a fixed price, as long as the charging points suffice."""

    def cost(requests: tuple[ChargingRequest, ...]) -> float:
        if not can_share_chargers(requests, problem.n_chargers, problem.charger_kw):
            return float(np.inf)
        return problem.recharge_price * sum(request.energy_kwh for request in requests)

    return cost


def _plan(
    problem: DispatchProblem,
    terms: Terms,
    recharges: Recharges,
    found: PlanState,
    n_iterations: int,
) -> DispatchPlan:
    """Choose the recharges of the best tours with care, and write the timetables."""
    trucks = [truck for truck, n in enumerate(found.tours.n_stops) if n > 0]
    stops = [found.tours.stops[truck, : found.tours.n_stops[truck]] for truck in trucks]
    options = [recharges.options(truck, order) for truck, order in zip(trucks, stops, strict=True)]
    chosen, _ = recharges.choose(trucks, options, problem.n_stops)
    alone = recharges.cost(())
    charging_cost = recharges.cost(requests_of(trucks, chosen)) - alone
    tours = tuple(
        tour_of(problem, truck, [int(i) for i in order], choice)
        for truck, order, choice in zip(trucks, stops, chosen, strict=True)
    )
    left = [place for place in range(1, problem.n_stops + 1) if found.tours.truck_of[place] < 0]
    price = problem.initial_price
    return DispatchPlan(
        tours=tours,
        unserved=tuple(_unserved(problem, terms, place) for place in left),
        driving_cost=sum(tour.arc_cost for tour in tours)
        + sum(problem.trucks[truck].fixed_cost for truck in trucks),
        initial_cost=price
        * sum(
            tour.energy_kwh - choice.recharge_kwh
            for tour, choice in zip(tours, chosen, strict=True)
        ),
        charging_cost=charging_cost,
        leave_cost=float(
            sum(
                problem.leave_cost[place - 1]
                for place in left
                if np.isfinite(problem.leave_cost[place - 1])
            )
        ),
        n_iterations=n_iterations,
    )


def _unserved(problem: DispatchProblem, terms: Terms, place: int) -> Unserved:
    """Why a stop is unserved."""
    stop = problem.stop_ids[place - 1]
    causes = [obstacle(terms, place, truck) for truck in range(len(problem.trucks))]
    if None not in causes:
        # The cause of the truck that comes nearest to serving it: rules are looked at in order.
        order = ("payload", "window", "energy")
        return Unserved(stop, max((c for c in causes if c is not None), key=order.index))
    if np.isfinite(problem.leave_cost[place - 1]):
        return Unserved(stop, "cost")
    return Unserved(stop, "trucks")

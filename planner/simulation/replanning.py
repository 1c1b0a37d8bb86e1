"""Replanning: trucks learn where and when the queues are, and stop elsewhere.

Each iteration simulates the queues and lets drawn trucks plan anew, exactly, against them, each
without its own place in them (:mod:`planner.routing.known_queues`). Who finds a better plan changes
to it. What a truck meets is compared with the best that it could have had in the same queues: the
sum of these differences over the sum of the times of the trips is the gap, and the trucks that
could gain more than the tolerance of their own time are those that would still change. The loop
ends when both are small, measured on every truck that could gain at all, or at the stated maximum.

A truck whose plan costs no more than the best one without any queue cannot gain and is not planned
anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.routing.perceived_cost import SiteTastes
from planner.routing.stop_planner import plan_stops
from planner.runs.counter_draws import uniform_draws
from planner.simulation.charging_demand import demand_of_trucks
from planner.simulation.final_queues import queues_of_run
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.routing.drivers import Drivers
    from planner.routing.known_queues import KnownQueues
    from planner.routing.stop_plans import StopPlans
    from planner.scenario.replanning import Replanning
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.metrics import LayoutFigures
    from planner.simulation.queues import ChargerLayout, QueueResult

GAIN_TOLERANCE_H = 1e-6
"""A truck does not change its plan for less."""

_ITERATIONS_TO_HALF = 10
"""After so many iterations half as many trucks are drawn as at first, then a third, and so on: at
first most have to move, near the end too many at once chase the same moments without a queue."""


@dataclass(frozen=True, slots=True)
class ReplanningResult:
    """What trucks do once they know the queues.

    Parameters
    ----------
    plans : StopPlans
        Plans of all trips. Their planned times hold the waits that each truck expected when it
        last changed its plan.
    history : DataFrame
        A row per iteration, 0 for the plans as given, the last for those above: iteration;
        mean_wait_min, p95_wait_min of HPC processes; n_lpc_rejected; n_changed_site (trucks that
        stop at other sites than in the plans as given); extra_distance_km (mean per served trip,
        against the plans as given); gap_share (by how much trucks miss their best responses, over
        the time of all trips); gap_s (the same, mean per served trip, seconds);
        would_change_share (of the served trips, those that could gain more than the tolerance of
        their own time); is_measured (on all trucks that could gain; else the gap is an estimate
        from the drawn ones); is_settled (the gap is measured and small enough).
    """

    plans: StopPlans
    history: pd.DataFrame

    def summary(self) -> dict[str, float | int | bool]:
        """Figures before and after, for ``run.json``."""
        before, after = self.history.iloc[0], self.history.iloc[-1]
        figures: dict[str, float | int | bool] = {}
        for name in ("mean_wait_min", "p95_wait_min"):
            stem = name.removesuffix("_min")
            figures[f"{stem}_before_min"] = float(before[name])
            figures[f"{stem}_after_min"] = float(after[name])
        wait_before, wait_after = float(before["mean_wait_min"]), float(after["mean_wait_min"])
        return figures | {
            "wait_cut_share": 1.0 - wait_after / wait_before if wait_before > 0.0 else 0.0,
            "n_lpc_rejected_before": int(before["n_lpc_rejected"]),
            "n_lpc_rejected_after": int(after["n_lpc_rejected"]),
            "n_changed_site": int(after["n_changed_site"]),
            "mean_extra_km": float(after["extra_distance_km"]),
            "gap_before": float(before["gap_share"]),
            "gap": float(after["gap_share"]),
            "gap_before_s": float(before["gap_s"]),
            "gap_s": float(after["gap_s"]),
            "would_change_share_before": float(before["would_change_share"]),
            "would_change_share": float(after["would_change_share"]),
            "n_iterations": int(after["iteration"]),
            "is_settled": bool(after["is_settled"]),
        }


def replan(
    graph: RoadGraph,
    sites: Sites,
    trips: Trips,
    plans: StopPlans,
    layout: ChargerLayout,
    *,
    drivers: Drivers,
    settings: Replanning,
    draw_key: np.uint64,
    horizon_h: float,
    start_h: float = 0.0,
    progress: Callable[[int, int], None] | None = None,
    of_round: Callable[[int, int], None] | None = None,
) -> ReplanningResult:
    """Let trucks learn the queues of a layout.

    Parameters
    ----------
    plans : StopPlans
        Plans to start from, made with the same drivers; without queues, unless replanning is part
        of the optimization.
    layout : ChargerLayout
        Any layout that the plans can be simulated with.
    settings : planner.scenario.replanning.Replanning
        When to end, and the share of trucks that plan anew in an iteration.
    draw_key : numpy.uint64
        Key of the draws (:meth:`~planner.runs.random_streams.RandomStreams.key`): who replans when
        depends on it, the trip's id and the iteration alone.
    horizon_h, start_h : float
        Length and start of the horizon, hours.
    progress : callable, optional
        Called with the number of iterations done and the most there may be.
    of_round : callable, optional
        Called with the number of trucks of an iteration that have planned anew, and of all that do.

    Returns
    -------
    ReplanningResult
        The same whatever the number of threads.

    Raises
    ------
    ValueError
        If the layout does not fit the plans, see :func:`~planner.simulation.queues.simulate`.

    Notes
    -----
    Better responses of a part of the travellers at a time, as in MATSim (Horni, Nagel and Axhausen
    2016), but exact ones instead of a memory of plans. Queues of single trucks need not have an
    equilibrium: near the end a few trucks may take turns, and the gap tells what is left.
    """
    tastes = SiteTastes(graph, sites, trips, drivers)
    learning = _Learning(
        graph, sites, trips, drivers, tastes, settings, start_h, horizon_h, of_round
    )
    if progress is not None:
        progress(0, settings.iterations)
    given, current = plans, plans
    taste_h = tastes.cost_h(np.arange(trips.n_trips), plans)
    least_h = learning.least_cost_h(plans, taste_h)
    rows = []
    for iteration in range(settings.iterations + 1):
        is_last = iteration == settings.iterations
        demand = learning.demand_of(current)
        run = simulate(demand, layout)
        queues = queues_of_run(demand, layout, run, trips.n_trips)
        met = _Met(trip_time_h(current, demand, run), taste_h)
        # Who met no queue cannot gain, whatever the others do.
        may_gain = current.is_served & (met.cost_h - least_h > GAIN_TOLERANCE_H)
        # Fewer change with every round: with a constant share queues would swing back and forth.
        share = settings.share / (1.0 + iteration / _ITERATIONS_TO_HALF)
        draws = uniform_draws(draw_key, trips.trip_id, np.full_like(trips.trip_id, iteration))
        is_drawn = may_gain & (draws < share)
        drawn = learning.best_response(np.flatnonzero(is_drawn), met, queues)
        gap = learning.gap(current, met, drawn, share)
        # The gap of those drawn is an estimate; all trucks are asked only where it decides.
        is_measured = iteration == 0 or is_last or learning.is_small(gap)
        if is_measured:
            others = learning.best_response(np.flatnonzero(may_gain & ~is_drawn), met, queues)
            gap = learning.gap(current, met, drawn.with_gains_of(others))
        is_settled = is_measured and learning.is_small(gap)
        figures = layout_figures(demand, run, layout)
        rows.append(
            history_row(iteration, figures, given, current, trips.is_counted)
            | gap
            | {"is_measured": is_measured, "is_settled": is_settled}
        )
        if progress is not None:
            ends = is_settled or is_last
            progress(settings.iterations if ends else iteration, settings.iterations)
        if is_settled or is_last:
            break
        gains = np.flatnonzero(drawn.gain_h > GAIN_TOLERANCE_H)
        current = current.with_plans_of(drawn.trip_idx[gains], drawn.plans.select(gains))
        taste_h[drawn.trip_idx[gains]] = drawn.taste_h[gains]
    return ReplanningResult(current, pd.DataFrame(rows))


@dataclass(frozen=True, slots=True)
class _Met:
    """What trucks met in the queues: the time of their trips, and what they perceive beyond it."""

    time_h: NDArray[np.float64]
    taste_h: NDArray[np.float64]

    @property
    def cost_h(self) -> NDArray[np.float64]:
        return self.time_h + self.taste_h


@dataclass(frozen=True, slots=True)
class _Response:
    """Best plans of some trucks in the queues that there are, and what they gain by them."""

    trip_idx: NDArray[np.int64]
    plans: StopPlans
    taste_h: NDArray[np.float64]
    gain_h: NDArray[np.float64]

    def with_gains_of(self, others: _Response) -> _Gains:
        return _Gains(
            np.concatenate([self.trip_idx, others.trip_idx]),
            np.concatenate([self.gain_h, others.gain_h]),
        )


@dataclass(frozen=True, slots=True)
class _Gains:
    """What some trucks would gain."""

    trip_idx: NDArray[np.int64]
    gain_h: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Learning:
    """What stays the same while trucks learn."""

    graph: RoadGraph
    sites: Sites
    trips: Trips
    drivers: Drivers
    tastes: SiteTastes
    settings: Replanning
    start_h: float
    horizon_h: float
    of_round: Callable[[int, int], None] | None

    def demand_of(self, plans: StopPlans) -> ChargingDemand:
        """Stops of plans, laid out for the queues."""
        return demand_of_trucks(
            plans,
            self.drivers,
            self.trips.vehicle_class_idx,
            n_sites=self.sites.n_sites,
            start_h=self.start_h,
            horizon_h=self.horizon_h,
        )

    def planned(self, chosen: NDArray[np.int64], queues: KnownQueues | None) -> StopPlans:
        """Best plans of some trips."""
        return plan_stops(
            self.graph,
            self.sites,
            self.trips.select(chosen),
            self.drivers,
            known=None if queues is None else queues.of_trips(chosen),
            progress=self.of_round,
        )

    def least_cost_h(self, plans: StopPlans, taste_h: NDArray[np.float64]) -> NDArray[np.float64]:
        """Perceived time of each trip if nobody ever waited, hours: no queue makes it shorter."""
        if self.settings.in_optimization:
            everyone = np.arange(self.trips.n_trips)
            plans = self.planned(everyone, None)
            taste_h = self.tastes.cost_h(everyone, plans)
        return plans.arrival_h - plans.entry_h + taste_h

    def best_response(self, chosen: NDArray[np.int64], met: _Met, queues: KnownQueues) -> _Response:
        """Let some trucks plan again, each in the queues without itself."""
        plans = self.planned(chosen, queues)
        taste_h = self.tastes.cost_h(chosen, plans)
        best_h = plans.arrival_h - plans.entry_h + taste_h
        return _Response(chosen, plans, taste_h, np.maximum(met.cost_h[chosen] - best_h, 0.0))

    def gap(
        self,
        plans: StopPlans,
        met: _Met,
        gains: _Response | _Gains,
        share: float = 1.0,
    ) -> dict[str, float]:
        """Gap and share of trucks that would change, from a drawn share of those that may."""
        is_asked = plans.is_served & self.trips.is_counted
        trip, n_asked = gains.trip_idx, max(int(is_asked.sum()), 1)
        weight = self.trips.is_counted[trip] / share
        would_change = gains.gain_h > self.settings.tolerance_share * met.time_h[trip]
        time_h = float(met.time_h[is_asked].sum())
        return {
            "gap_share": float((weight * gains.gain_h).sum()) / time_h if time_h > 0.0 else 0.0,
            "gap_s": 3600.0 * float((weight * gains.gain_h).sum()) / n_asked,
            "would_change_share": float((weight * would_change).sum()) / n_asked,
        }

    def is_small(self, gap: dict[str, float]) -> bool:
        """Whether the loop may end with such a gap."""
        return (
            gap["gap_share"] <= self.settings.tolerance_share
            and gap["would_change_share"] <= self.settings.changing_share
        )


def trip_time_h(plans: StopPlans, demand: ChargingDemand, run: QueueResult) -> NDArray[np.float64]:
    """Time from entry to destination with the waits that were met, hours, (n_trips,)."""
    arrival_h = plans.arrival_h.copy()
    last = demand.trip_stop_offset[1:] - 1
    arrival_h[demand.trip_idx] = demand.leg_ends_h(last, run.departure_h[last])
    return arrival_h - plans.entry_h


def changes_site(before: StopPlans, after: StopPlans) -> NDArray[np.bool_]:
    """Trips that stop at other sites, or at the same ones in another order, (n_trips,) bool."""
    n_before, n_after = np.diff(before.stop_offset), np.diff(after.stop_offset)
    is_changed: NDArray[np.bool_] = n_before != n_after
    same = np.flatnonzero(~is_changed)
    before, after = before.select(same), after.select(same)
    differs = before.stop_site_idx != after.stop_site_idx
    is_changed[same[before.stop_trip_idx[differs]]] = True
    return is_changed


def history_row(
    iteration: int,
    figures: LayoutFigures,
    given: StopPlans,
    plans: StopPlans,
    is_counted: NDArray[np.bool_],
) -> dict[str, float | int]:
    """Figures of an iteration against the plans as given, as in :class:`ReplanningResult`."""
    served = plans.is_served & is_counted
    extra_km = (plans.distance_km - given.distance_km)[served]
    return {
        "iteration": iteration,
        "mean_wait_min": figures.mean_wait_min,
        "p95_wait_min": figures.p95_wait_min,
        "n_lpc_rejected": figures.n_lpc_rejected,
        "n_changed_site": int((changes_site(given, plans) & is_counted).sum()),
        "extra_distance_km": float(extra_km.mean()) if len(extra_km) else 0.0,
    }

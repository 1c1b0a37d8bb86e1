"""Replanning: trucks learn where and when the queues are, and stop elsewhere.

Each iteration simulates the queues, moves the expected waits towards those that one more truck
would have met (:mod:`planner.simulation.expected_waits`), lets a drawn share of the trucks plan
exactly against them, and simulates again. Expectations are a mean over all iterations so far in
which later ones weigh more, so that trucks neither chase the last iteration's queues nor shun for
long where the first ones were. In the last third of the iterations nobody replans: the queues
stay the same, and expectations settle on them before the gap is measured for the last time.

Trucks expect queues at high power and overnight points that may be taken: then they rest unplugged
and charge afterwards. The stop planner raises expectations that fall faster than time passes, for
the sake of an exact search; a truck that drew a new plan therefore weighs both plans with what it
expects in truth, and changes only where the new one is better.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.demand.counter_draws import uniform_draws
from planner.routing.perceived_cost import SiteTastes
from planner.routing.stop_planner import plan_stops
from planner.simulation.charging_demand import demand_of_trucks
from planner.simulation.expected_waits import (
    ExpectedWaits,
    expected_arrival_h,
    n_wait_bins,
    waits_met,
)
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.routing.drivers import Drivers
    from planner.routing.expected_delays import ExpectedDelays
    from planner.routing.stop_plans import StopPlans
    from planner.scenario.model import Replanning
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.metrics import LayoutFigures
    from planner.simulation.queues import ChargerLayout

GAIN_TOLERANCE_H = 1e-6
"""A truck does not change its plan for less."""

_HOURS_BEYOND = 24.0
"""Expectations reach so far beyond the last truck of the first simulation, hours."""


@dataclass(frozen=True, slots=True)
class ReplanningResult:
    """What trucks do once they know the queues.

    Parameters
    ----------
    plans : StopPlans
        Plans of all trips. Their planned times hold the waits that each truck expected when it
        last replanned.
    history : DataFrame
        A row per iteration with new plans, 0 for the plans as given, and a last one for the
        settled end: iteration; mean_wait_min, p95_wait_min of HPC processes; n_lpc_rejected;
        n_changed_site (trucks that stop at other sites than in the plans as given);
        extra_distance_km (mean per served trip, against the plans as given); gap_share (how much
        longer, in perceived time at the expected waits, the drawn trucks' plans are than their
        best responses, relative to these).
    """

    plans: StopPlans
    history: pd.DataFrame

    def summary(self) -> dict[str, float | int]:
        """Figures before and after, for ``run.json``."""
        before, after = self.history.iloc[0], self.history.iloc[-1]
        figures: dict[str, float | int] = {}
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
) -> ReplanningResult:
    """Let trucks learn the queues of a layout.

    Parameters
    ----------
    graph : RoadGraph
        Roads.
    sites : Sites
        Sites.
    trips : Trips
        Trips.
    plans : StopPlans
        Plans to start from, made with the same drivers.
    layout : ChargerLayout
        Any layout that the plans can be simulated with.
    drivers : Drivers
        How trucks are planned.
    settings : planner.scenario.model.Replanning
        Iterations and the share of trucks that replans in each.
    draw_key : numpy.uint64
        Key of the draws (:meth:`~planner.runs.random_streams.RandomStreams.key`): who replans when
        depends on it, the trip's id and the iteration alone.
    horizon_h, start_h : float
        Length and start of the horizon, hours.
    progress : callable, optional
        Called with the number of iterations done and to do.

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
    Successive weighted averages of what travellers expect (Liu, He and He 2009, Networks and
    Spatial Economics 9), with a part of them changing at a time as in MATSim (Horni, Nagel and
    Axhausen 2016), but with exact best responses instead of a memory of plans.
    """
    tastes = SiteTastes(
        graph,
        sites,
        trips,
        vehicles=drivers.vehicles,
        choice=drivers.choice,
        taste_key=drivers.taste_key,
    )
    learning = _Learning(graph, sites, trips, drivers, tastes, start_h, horizon_h)
    n_replanning = settings.iterations - settings.iterations // 3
    end_h = start_h + horizon_h
    given, current = plans, plans
    taste_h = tastes.cost_h(np.arange(trips.n_trips), plans)
    waits: ExpectedWaits | None = None
    n_bins = 0
    rows = []
    for iteration in range(n_replanning + 1):
        demand = learning.demand_of(current, trips.vehicle_class_idx)
        run = simulate(demand, layout)
        n_bins = n_bins or n_wait_bins(run.release_h.max(initial=end_h) + _HOURS_BEYOND)
        met = waits_met(demand, layout, run, n_bins)
        is_last = iteration == n_replanning
        until = settings.iterations if is_last else iteration
        waits = _learned(waits, met, iteration, until)
        is_drawn = _is_drawn(draw_key, trips.trip_id, until, settings.share)
        chosen = np.flatnonzero(is_drawn & given.is_served)
        delays = waits.delays(layout, drivers.rules.rest_h)
        perceived_h = _perceived_time_h(current, demand, taste_h, delays)[chosen]
        response = learning.best_response(chosen, perceived_h, delays)
        figures = layout_figures(demand, run, layout)
        rows.append(
            _history_row(until, figures, given, current, trips.is_counted, response.gap_share)
        )
        if not is_last:
            current = current.with_plans_of(response.trip_idx, response.plans)
            taste_h[response.trip_idx] = response.taste_h
        if progress is not None:
            progress(until, settings.iterations)
    return ReplanningResult(current, pd.DataFrame(rows))


@dataclass(frozen=True, slots=True)
class _Response:
    """New plans of the drawn trucks that gain by them, and what all drawn ones could gain."""

    trip_idx: NDArray[np.int64]
    plans: StopPlans
    taste_h: NDArray[np.float64]
    gap_share: float


@dataclass(frozen=True, slots=True)
class _Learning:
    """What stays the same while trucks learn."""

    graph: RoadGraph
    sites: Sites
    trips: Trips
    drivers: Drivers
    tastes: SiteTastes
    start_h: float
    horizon_h: float

    def demand_of(self, plans: StopPlans, vehicle_class_idx: NDArray[np.int16]) -> ChargingDemand:
        """Stops of plans, laid out for the queues."""
        return demand_of_trucks(
            plans,
            self.drivers,
            vehicle_class_idx,
            n_sites=self.sites.n_sites,
            start_h=self.start_h,
            horizon_h=self.horizon_h,
        )

    def best_response(
        self, chosen: NDArray[np.int64], perceived_h: NDArray[np.float64], delays: ExpectedDelays
    ) -> _Response:
        """Let some trucks, whose plans they perceive to take so long, plan again."""
        drivers = self.drivers
        plans = plan_stops(
            self.graph,
            self.sites,
            self.trips.select(chosen),
            vehicles=drivers.vehicles,
            rules=drivers.rules,
            charging=drivers.charging,
            choice=drivers.choice,
            taste_key=drivers.taste_key,
            expected=delays,
        )
        taste_h = self.tastes.cost_h(chosen, plans)
        demand = self.demand_of(plans, self.trips.vehicle_class_idx[chosen])
        new_h = _perceived_time_h(plans, demand, taste_h, delays)
        better = np.flatnonzero(new_h < perceived_h - GAIN_TOLERANCE_H)
        best_h = float(np.minimum(new_h, perceived_h).sum())
        gap_share = (float(perceived_h.sum()) - best_h) / best_h if best_h > 0.0 else 0.0
        return _Response(chosen[better], plans.select(better), taste_h[better], gap_share)


def _perceived_time_h(
    plans: StopPlans,
    demand: ChargingDemand,
    taste_h: NDArray[np.float64],
    delays: ExpectedDelays,
) -> NDArray[np.float64]:
    """Perceived time from entry to destination under expected delays, hours, (n_trips,)."""
    arrival_h = plans.arrival_h.copy()
    arrival_h[demand.trip_idx] = expected_arrival_h(demand, delays)
    return arrival_h - plans.entry_h + taste_h


def _learned(
    waits: ExpectedWaits | None, met: ExpectedWaits, iteration: int, until: int
) -> ExpectedWaits:
    """Expectations after meeting the same queues from one iteration to another, both included.

    The mean over all iterations so far, later ones weighing more: n + 1 times in iteration n.
    """
    learned = met if waits is None else waits
    for step in range(iteration, until + 1):
        learned = learned.moved_towards(met, 2.0 / (step + 2))
    return learned


def _is_drawn(
    key: np.uint64, trip_id: NDArray[np.int64], iteration: int, share: float
) -> NDArray[np.bool_]:
    """Which trips replan: the same ones at every level of electrification."""
    drawn: NDArray[np.bool_] = uniform_draws(key, trip_id, np.full_like(trip_id, iteration)) < share
    return drawn


def changes_site(before: StopPlans, after: StopPlans) -> NDArray[np.bool_]:
    """Trips that stop at other sites, or at the same ones in another order, (n_trips,) bool."""
    n_before, n_after = np.diff(before.stop_offset), np.diff(after.stop_offset)
    is_changed: NDArray[np.bool_] = n_before != n_after
    same = np.flatnonzero(~is_changed)
    before, after = before.select(same), after.select(same)
    differs = before.stop_site_idx != after.stop_site_idx
    is_changed[same[before.stop_trip_idx[differs]]] = True
    return is_changed


def _history_row(
    iteration: int,
    figures: LayoutFigures,
    given: StopPlans,
    plans: StopPlans,
    is_counted: NDArray[np.bool_],
    gap_share: float,
) -> dict[str, float | int]:
    served = plans.is_served & is_counted
    extra_km = (plans.distance_km - given.distance_km)[served]
    return {
        "iteration": iteration,
        "mean_wait_min": figures.mean_wait_min,
        "p95_wait_min": figures.p95_wait_min,
        "n_lpc_rejected": figures.n_lpc_rejected,
        "n_changed_site": int((changes_site(given, plans) & is_counted).sum()),
        "extra_distance_km": float(extra_km.mean()) if len(extra_km) else 0.0,
        "gap_share": gap_share,
    }

"""Layouts of least cost with arrivals held fixed, exact site by site.

What a site costs its operator depends on its points and its peak, what it costs trucks on their
waiting there. With arrivals held fixed both are a table of its number of points, and the layout of
least cost is the least entry of each site's table. Dearer or cheaper time of trucks gives the
layouts along the way from least cost of operators to least waiting (Fox 1966).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.costs.layout_costs import load_of_sites
from planner.simulation.drawn_energy import chosen_draws
from planner.simulation.inside_horizon import draw_of_stop, joins_inside_horizon
from planner.simulation.queues import ChargerLayout, simulate
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.costs.layout_costs import Prices
    from planner.optimization.allocation import PlugBounds
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import QueueResult

TIME_FACTORS = np.concatenate([np.geomspace(1e-3, 1e3, 37), [0.0]])
"""Costs of time that layouts are made for, in those of the set of prices."""


_N_CORRECTIONS = 2


@dataclass(frozen=True, slots=True)
class CostTables:
    """Costs of every site by its number of points, arrivals held fixed.

    Parameters
    ----------
    fewest : (n_sites,) int32
        Points of the first row of each site.
    n_points : (n_rows, n_sites) int32
        Points; the most of a site again where others have more rows.
    operator_eur_day, wait_h_day : (n_rows, n_sites) float64
        Costs of the operator and waiting of trucks on the mean day.
    """

    fewest: NDArray[np.int32]
    n_points: NDArray[np.int32]
    operator_eur_day: NDArray[np.float64]
    wait_h_day: NDArray[np.float64]

    def cheapest(self, hour_eur: float) -> NDArray[np.int32]:
        """Layout of least cost where an hour of waiting costs so much, EUR, (n_sites,).

        Of equally dear ones that with the fewest points.
        """
        row = np.argmin(self.operator_eur_day + hour_eur * self.wait_h_day, axis=0)
        cheapest: NDArray[np.int32] = self.n_points[row, np.arange(len(self.fewest))]
        return cheapest


def cost_tables(
    demand: ChargingDemand,
    run: QueueResult,
    n_lpc: NDArray[np.int32],
    bounds: PlugBounds,
    prices: Prices,
) -> CostTables:
    """Tables of costs with the arrivals of a run.

    Parameters
    ----------
    run : QueueResult
        Where the trucks of ``demand`` join the queues.
    n_lpc : (n_sites,) int32
        LPC points of all layouts.
    bounds : PlugBounds
        Fewest and most HPC points of each site.
    """
    fixed = as_they_arrive(demand, run)
    n_rows = int((bounds.upper - bounds.lower).max(initial=0)) + 1
    rows = np.minimum(bounds.lower + np.arange(n_rows)[:, None], bounds.upper).astype(np.int32)
    operator_eur = np.empty(rows.shape)
    wait_h = np.empty(rows.shape)
    days = demand.horizon_h / HOURS_PER_DAY
    for row, points in enumerate(rows):
        layout = ChargerLayout(points, n_lpc)
        queues = simulate(fixed, layout)
        operator_eur[row] = prices.sites_eur_day(load_of_sites(fixed, queues, layout))
        waits = queues.wait_h * joins_inside_horizon(fixed, queues)
        wait_h[row] = np.bincount(fixed.stop_site_idx, waits, demand.n_sites) / days
    return CostTables(bounds.lower, rows, operator_eur, wait_h)


def cost_front(tables: CostTables, prices: Prices) -> NDArray[np.int32]:
    """Layouts of least cost for dearer and cheaper time, (n_layouts, n_sites), each once."""
    hour_eur = prices.value["truck_hour_eur"]
    factors = np.append(TIME_FACTORS, 1.0)
    return np.unique([tables.cheapest(hour_eur * factor) for factor in factors], axis=0)


def cost_fronts(
    demand: ChargingDemand, unlimited: ChargerLayout, bounds: PlugBounds, prices: Prices
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Layouts of least cost with arrivals as without queues, and as with those of least cost.

    Parameters
    ----------
    unlimited : ChargerLayout
        The layout with which nobody waits for an HPC point.

    Returns
    -------
    without, corrected : (n_layouts, n_sites) int32
        Exact in the sense of :func:`cost_front`.
    """
    hour_eur = prices.value["truck_hour_eur"]
    layout, fronts = unlimited, []
    for _ in range(1 + _N_CORRECTIONS):
        run = simulate(demand, layout)
        tables = cost_tables(demand, run, unlimited.n_lpc, bounds, prices)
        fronts.append(cost_front(tables, prices))
        layout = ChargerLayout(tables.cheapest(hour_eur), unlimited.n_lpc)
    return fronts[0], np.unique(np.concatenate(fronts[1:]), axis=0)


def as_they_arrive(demand: ChargingDemand, run: QueueResult) -> ChargingDemand:
    """Demand whose stops are trips of their own, which arrive when those of a run join a queue.

    An overnight stop that was rejected is the high-power stop that it became.
    """
    n_stops = demand.n_stops
    return replace(
        demand,
        trip_idx=np.arange(n_stops),
        trip_stop_offset=np.arange(n_stops + 1),
        stop_is_hpc=run.is_hpc,
        stop_plug_h=run.plug_h,
        stop_hold_h=run.departure_h - run.plug_in_h,
        stop_next_leg_h=np.zeros(n_stops),
        first_arrival_h=run.queue_h,
        draws=chosen_draws(
            demand.draws, np.concatenate([draw_of_stop(demand, run), n_stops + np.arange(n_stops)])
        ),
    )

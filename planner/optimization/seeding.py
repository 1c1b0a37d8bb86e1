"""Where the search starts: the separable model, and its front corrected for moved arrivals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np

from planner.optimization.allocation import (
    PlugBounds,
    allocate,
    marginal_steps,
    plug_bounds,
    separable_front,
)
from planner.optimization.cost_allocation import cost_fronts
from planner.optimization.hull_windows import steps_between
from planner.optimization.objectives import DEFAULT_OBJECTIVES, OBJECTIVES, objective_space
from planner.optimization.problem import LayoutProblem, evaluated
from planner.optimization.quantile_layouts import Occupancy, occupancy_over_time
from planner.optimization.site_limits import PlugLimits, layout_without_hpc_queues, no_limits
from planner.optimization.traced_arrivals_kernel import sort_traced
from planner.optimization.wait_tables import SiteArrivals, WaitTables, wait_tables_of
from planner.simulation.queue_kernel import trace_layout
from planner.simulation.queues import ChargerLayout, checked_counts
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.costs.layout_costs import Prices
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import QueueResult

N_ANCHORS = 25
"""Layouts along the separable front whose own queues correct the wait tables around them."""

MOST_ANCHORS_AT_ONCE = 2
"""Layouts simulated side by side: each holds the times of all stops."""

CORRECTED_PER_SEED = 8
"""Layouts of the corrected front that join the first generation, for each layout of the seed."""

SEED_WAIT_MARGIN = 1.5
"""Seeds reach to this multiple of the reference wait: the simulation moves waits a little."""


@dataclass(frozen=True, slots=True)
class SeparableModel:
    """What the unlimited run says about each site on its own.

    Parameters
    ----------
    tables : WaitTables
        Waiting by site and plugs, arrivals held fixed.
    occupancy : Occupancy
        Occupied plugs over time.
    bounds : PlugBounds
        Fewest and most HPC plugs of each site.
    """

    tables: WaitTables
    occupancy: Occupancy
    bounds: PlugBounds


@dataclass(frozen=True, slots=True)
class SearchStart:
    """A layout problem with everything that a search starts from.

    Parameters
    ----------
    problem : LayoutProblem
        Objectives and bounds.
    unlimited : ChargerLayout
        The layout with which nobody waits for an HPC point.
    model : SeparableModel
        What each site needs on its own.
    seed_n_hpc : (n_seeds, n_sites) int32
        Separable front: the seed, which the search's result must nowhere be worse than.
    corrected_n_hpc : (n_corrected, n_sites) int32
        Corrected front, more finely spread.
    longest_wait_min : float
        Mean wait under fixed arrivals up to which fronts are drawn, minutes.
    """

    problem: LayoutProblem
    unlimited: ChargerLayout
    model: SeparableModel
    seed_n_hpc: NDArray[np.int32]
    corrected_n_hpc: NDArray[np.int32]
    longest_wait_min: float

    @property
    def identity(self) -> tuple[object, ...]:
        """All that determines a search from here, for the fingerprint of its checkpoints."""
        problem = self.problem
        return (
            problem.demand,
            self.unlimited,
            self.model.bounds,
            self.seed_n_hpc,
            *(() if problem.prices is None else (problem.prices,)),
        )


def start_of_search(
    demand: ChargingDemand,
    n_seeds: int,
    limits: PlugLimits | None = None,
    objectives: Sequence[str] = DEFAULT_OBJECTIVES,
    prices: Prices | None = None,
) -> SearchStart:
    """Set up the layout problem of a demand, and the layouts to start from.

    Parameters
    ----------
    n_seeds : int
        Layouts of the seed, >= 2; fewer if there are not as many different ones.
    limits : PlugLimits, optional
        Fewest and most points of each site; none by default.
    prices : Prices, optional
        What objectives of cost are computed with.

    Notes
    -----
    The layouts to start from are those of mean wait against total points, whatever the
    objectives: of separable ones they are the front with arrivals held fixed, of others they are
    layouts on which the search improves. With prices those of least cost come on top.
    """
    limits = no_limits(demand.n_sites) if limits is None else limits
    unlimited = layout_without_hpc_queues(demand, limits)
    model = separable_model(demand, unlimited, limits.existing_hpc, limits.max_hpc)
    at_most = evaluated(demand, model.bounds.upper[None], unlimited.n_lpc, prices)
    # An hour of mean wait, or more where weak grid connections let nobody come near that.
    mean_wait = OBJECTIVES[MEAN_WAIT.name]
    reference_wait_min = mean_wait.reference(float(mean_wait.values(at_most)[0]))
    longest_wait_min = SEED_WAIT_MARGIN * reference_wait_min
    space = objective_space(objectives, at_most)
    seed = separable_front(model.tables, model.bounds, n_seeds, longest_wait_min)
    corrected = corrected_front(
        demand, model, unlimited.n_lpc, CORRECTED_PER_SEED * n_seeds, longest_wait_min
    )
    if prices is not None:
        least, least_corrected = cost_fronts(demand, unlimited, model.bounds, prices)
        seed = np.unique(np.concatenate([seed, least]), axis=0)
        corrected = np.unique(np.concatenate([corrected, least_corrected]), axis=0)
    return SearchStart(
        problem=LayoutProblem(demand, unlimited.n_lpc, model.bounds, space, prices),
        unlimited=unlimited,
        model=model,
        seed_n_hpc=seed,
        corrected_n_hpc=corrected,
        longest_wait_min=longest_wait_min,
    )


def separable_model(
    demand: ChargingDemand,
    unlimited: ChargerLayout,
    existing_hpc: NDArray[np.integer] | None = None,
    max_hpc: NDArray[np.integer] | None = None,
) -> SeparableModel:
    """Wait tables, occupancy and bounds from the run with unlimited plugs.

    Parameters
    ----------
    unlimited : ChargerLayout
        From :func:`~planner.optimization.site_limits.layout_without_hpc_queues`.
    existing_hpc, max_hpc : (n_sites,) integer, optional
        See :func:`~planner.optimization.allocation.plug_bounds`.
    """
    arrivals = arrivals_under(demand, unlimited)
    tables = wait_tables_of(arrivals)
    return SeparableModel(
        tables=tables,
        occupancy=occupancy_over_time(arrivals),
        bounds=plug_bounds(tables.peak, existing_hpc, max_hpc),
    )


def corrected_front(
    demand: ChargingDemand,
    model: SeparableModel,
    n_lpc: NDArray[np.int32],
    n_points: int,
    longest_wait_min: float,
) -> NDArray[np.int32]:
    """Separable front with the arrivals as they are under queues, not as they are without.

    Trucks that wait arrive later everywhere after. So the front is cut into pieces, the layout in
    the middle of each is simulated, and the piece is allocated anew on the waits of the arrivals
    found there, of which only those around the piece are computed.

    Parameters
    ----------
    model : SeparableModel
        Of the run with unlimited plugs.
    n_lpc : (n_sites,) int32
        LPC plugs.
    n_points : int
        Layouts wanted, >= 2.
    longest_wait_min : float
        As in :func:`~planner.optimization.allocation.separable_front`.

    Returns
    -------
    (n_layouts, n_sites) int32
        At most ``n_points`` different layouts within the bounds.
    """
    front = separable_front(model.tables, model.bounds, n_points, longest_wait_min)
    steps = marginal_steps(model.tables, model.bounds)

    def corrected(piece: NDArray[np.int32]) -> list[NDArray[np.int32]]:
        totals = piece.sum(axis=1)
        anchor = piece[len(piece) // 2]
        arrivals = arrivals_under(demand, ChargerLayout(anchor, n_lpc))
        span = int(totals[0]), int(totals[-1])
        around = steps_between(arrivals, model.bounds, span, anchor, steps.gains_at(span))
        return [allocate(around, int(n_total)) for n_total in totals]

    pieces = np.array_split(front, min(N_ANCHORS, len(front)))
    with ThreadPoolExecutor(min(numba.get_num_threads(), MOST_ANCHORS_AT_ONCE)) as threads:
        layouts = [layout for piece in threads.map(corrected, pieces) for layout in piece]
    return np.unique(np.stack(layouts), axis=0)


def arrivals_under(demand: ChargingDemand, layout: ChargerLayout) -> SiteArrivals:
    """HPC processes by site as a layout's own queues let them arrive."""
    tables = demand.events.tables
    _, trace = trace_layout(tables, *checked_counts(demand, layout.n_hpc, layout.n_lpc))
    by_site = sort_traced(
        tables.session, trace, demand.events.stop_of_session, tables.n_trips, demand.n_sites
    )
    return SiteArrivals(*by_site, *demand.counted_h)


def hpc_arrivals(
    demand: ChargingDemand, run: QueueResult
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    """Site, arrival at the queue and time on the plug of all HPC processes."""
    is_hpc = run.is_hpc
    return demand.stop_site_idx[is_hpc], run.queue_h[is_hpc], run.plug_h[is_hpc]

"""Tables of time lost: waiting and longer charging at each site by its points of two classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.class_table_kernel import fill_class_tables
from planner.optimization.wait_tables import offsets
from planner.runs.kernel_threads import in_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.class_demand import ClassDemand
    from planner.simulation.class_queues import ClassResult


@dataclass(frozen=True, slots=True)
class ClassArrivals:
    """Trucks that come for high power, by site and then in time, as in a simulated layout.

    Parameters
    ----------
    site_offset : (n_sites + 1,) int64
        Where those of each site begin.
    arrival_h : (n_arrivals,) float64
        When they join the queue, hours.
    plug_h, hold_h : (n_arrivals, 2) float64
        Time at a point of the faster and of the slower class, and to departure, hours.
    takes : (n_arrivals, 2) bool
        Classes whose connector each has.
    counted_h : (float, float)
        Start and end of the time in which they count.
    spares_fast : bool
        Whether trucks that leave alike from either class take the slower one.
    """

    site_offset: NDArray[np.int64]
    arrival_h: NDArray[np.float64]
    plug_h: NDArray[np.float64]
    hold_h: NDArray[np.float64]
    takes: NDArray[np.bool_]
    counted_h: tuple[float, float]
    spares_fast: bool

    def lost_h(
        self, site: NDArray[np.int64], n_fast: NDArray[np.integer], n_slow: NDArray[np.integer]
    ) -> NDArray[np.float64]:
        """Waiting and longer charging at sites with so many points, hours, (n_entries,).

        A truck that is late here is not late elsewhere. Infinite where a truck finds no point with
        its connector.
        """
        points = np.column_stack([n_fast, n_slow]).astype(np.int64)
        entry_site = np.ascontiguousarray(site, np.int64)
        lost_h = np.empty(len(site))
        in_blocks(
            fill_class_tables,
            len(site),
            self.site_offset,
            self.arrival_h,
            self.plug_h,
            self.hold_h,
            self.takes,
            self.counted_h,
            entry_site,
            points,
            self.spares_fast,
            lost_h,
        )
        return lost_h


def class_arrivals(trucks: ClassDemand, result: ClassResult) -> ClassArrivals:
    """Arrivals for high power of a simulated layout."""
    demand, queues = trucks.demand, result.queues
    chosen = np.flatnonzero(queues.is_hpc)
    order = chosen[np.lexsort((queues.queue_h[chosen], demand.stop_site_idx[chosen]))]
    rejected = queues.is_lpc_rejected[order]
    plug_h, hold_h = (
        np.where(rejected, demand.stop_fallback_plug_h[order], of_high_power[order])
        for of_high_power in (demand.stop_plug_h, demand.stop_hold_h)
    )
    n_at_site = np.bincount(demand.stop_site_idx[order], minlength=demand.n_sites)
    return ClassArrivals(
        offsets(n_at_site.astype(np.int64)),
        queues.queue_h[order],
        np.column_stack([plug_h, trucks.slow_plug_h[order]]),
        np.column_stack([hold_h, trucks.slow_hold_h[order]]),
        np.column_stack([trucks.takes_fast[order], trucks.takes_slow[order]]),
        demand.counted_h,
        trucks.spares_fast,
    )

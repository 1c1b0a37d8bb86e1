"""Queues at sites whose high-power points are of two classes.

Rules beside those of :mod:`planner.simulation.queues`:

* A truck that comes for high power commits at once to the class at which it leaves earlier: the
  later of its arrival and the moment at which the first point of the class is free, and its own
  time there. Where it leaves alike from either it takes the faster one, or the slower one where
  trucks spare the faster.
* First come, first served: whoever comes later takes what those before have left.
* Time lost is how much later it leaves than planned without a queue at the faster class: its
  wait, and the longer charging of the slower class beyond its break.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.simulation.class_queue_kernel import trace_class_layout
from planner.simulation.drawn_energy import chosen_draws, joined
from planner.simulation.inside_horizon import joins_inside_horizon
from planner.simulation.queues import ChargerLayout, QueueResult

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.class_demand import ClassDemand


@dataclass(frozen=True, slots=True)
class ClassLayout:
    """Charging points of every site, each (n_sites,) int32.

    Parameters
    ----------
    n_fast, n_slow : int32
        High-power points of the faster and of the slower class.
    n_lpc : int32
        Overnight points.
    """

    n_fast: NDArray[np.int32]
    n_slow: NDArray[np.int32]
    n_lpc: NDArray[np.int32]

    @classmethod
    def of(cls, points: ChargerLayout, n_slow: NDArray[np.int32] | None = None) -> ClassLayout:
        """Points of which so many are of the slower class, none by default."""
        slow = np.zeros_like(points.n_hpc) if n_slow is None else n_slow
        return cls(points.n_hpc - slow, slow, points.n_lpc)

    @property
    def n_hpc(self) -> NDArray[np.int32]:
        """High-power points of both classes, (n_sites,)."""
        return self.n_fast + self.n_slow

    @property
    def points(self) -> ChargerLayout:
        """The same without telling the classes apart."""
        return ChargerLayout(self.n_hpc, self.n_lpc)

    @property
    def key(self) -> tuple[bytes, bytes, bytes]:
        """What tells it from other layouts."""
        return self.n_fast.tobytes(), self.n_slow.tobytes(), self.n_lpc.tobytes()

    def at(self, which: NDArray[np.bool_]) -> ClassLayout:
        """Points of some sites alone."""
        return ClassLayout(self.n_fast[which], self.n_slow[which], self.n_lpc[which])


@dataclass(frozen=True, slots=True)
class ClassResult:
    """What happened at each stop.

    Parameters
    ----------
    queues : QueueResult
        Times; high power is that of either class. Peaks of points are not told.
    is_slow : (n_stops,) bool
        Served at a point of the slower class.
    longer_charging_h : (n_stops,) float64
        How much longer than planned the truck stays because of the class, hours, >= 0.
    """

    queues: QueueResult
    is_slow: NDArray[np.bool_]
    longer_charging_h: NDArray[np.float64]

    @property
    def lost_h(self) -> NDArray[np.float64]:
        """Wait and longer charging of each stop, hours, (n_stops,)."""
        return self.queues.wait_h + self.longer_charging_h


def simulate_classes(trucks: ClassDemand, layout: ClassLayout) -> ClassResult:
    """Simulate all trucks on one layout.

    Raises
    ------
    ValueError
        If the layout does not fit: a site whose trucks find no point with their connector.
    """
    demand = trucks.demand
    check_class_layout(trucks, layout)
    points = np.stack([layout.n_fast, layout.n_lpc, layout.n_slow]).astype(np.int32)
    trace = trace_class_layout(demand.events.tables, trucks.sessions, points)
    session, fallback = demand.events.session_of_stop, demand.events.fallback_of_stop
    is_rejected = np.isnan(trace.plug_in_h[session])
    served = np.where(is_rejected, fallback, session)
    plug_in_h, is_slow = trace.plug_in_h[served], trace.is_slow[served]
    plug_h = np.where(is_rejected, demand.stop_fallback_plug_h, demand.stop_plug_h)
    hold_h = np.where(is_rejected, demand.stop_fallback_plug_h, demand.stop_hold_h)
    slow_hold_h = np.where(is_slow, trucks.slow_hold_h, hold_h)
    return ClassResult(
        QueueResult(
            arrival_h=trace.arrival_h[session],
            queue_h=trace.arrival_h[served],
            plug_in_h=plug_in_h,
            release_h=plug_in_h + np.where(is_slow, trucks.slow_plug_h, plug_h),
            departure_h=plug_in_h + slow_hold_h,
            is_hpc=demand.stop_is_hpc | is_rejected,
            is_lpc_rejected=is_rejected,
        ),
        is_slow,
        slow_hold_h - hold_h,
    )


def as_served(trucks: ClassDemand, result: ClassResult) -> ChargingDemand:
    """The stops with the power that they draw at the class that served them.

    With it the figures of :mod:`planner.simulation.metrics` are those of the result.
    """
    demand, n_stops = trucks.demand, trucks.demand.n_stops
    both = joined(demand.draws, trucks.slow_draws)
    stops = np.arange(n_stops)
    session = np.where(
        result.is_slow, 2 * n_stops + stops, stops + n_stops * result.queues.is_lpc_rejected
    )
    energy_kwh = np.where(result.is_slow, trucks.slow_energy_kwh, demand.stop_energy_kwh)
    draws = chosen_draws(both, np.concatenate([session, session]))
    return replace(demand, stop_energy_kwh=energy_kwh, draws=draws)


def counted_lost_h(trucks: ClassDemand, result: ClassResult) -> NDArray[np.float64]:
    """Time lost of the high-power sessions whose trucks join inside the horizon, hours."""
    counted = result.queues.is_hpc & joins_inside_horizon(trucks.demand, result.queues)
    lost_h: NDArray[np.float64] = result.lost_h[counted]
    return lost_h


def check_class_layout(trucks: ClassDemand, layout: ClassLayout) -> None:
    """Refuse a layout at which trucks would wait for ever."""
    demand = trucks.demand
    counts = (layout.n_fast, layout.n_slow, layout.n_lpc)
    if any(each.shape != (demand.n_sites,) or (each < 0).any() for each in counts):
        message = f"a layout needs counts >= 0 of each class for {demand.n_sites} sites"
        raise ValueError(message)
    short = lacks_connector(trucks, layout)
    if short.any():
        sites = np.unique(demand.stop_site_idx[short])
        message = (
            f"{len(sites)} site(s) have no point with the connector of a truck that stops there, "
            f"the first with index {sites[0]}: it would wait for ever"
        )
        raise ValueError(message)


def lacks_connector(trucks: ClassDemand, layout: ClassLayout) -> NDArray[np.bool_]:
    """Stops whose truck finds no point with its connector and would wait for ever, (n_stops,)."""
    demand = trucks.demand
    has_fast, has_slow = layout.n_fast > 0, layout.n_slow > 0
    site = demand.stop_site_idx
    has_plug = (trucks.takes_fast & has_fast[site]) | (trucks.takes_slow & has_slow[site])
    # Where a site has high power, an overnight truck may be sent there; where not, it waits.
    can_wait = ~demand.stop_is_hpc & ~(has_fast | has_slow)[site] & (layout.n_lpc[site] > 0)
    return np.asarray(~(has_plug | can_wait))


def sites_of_one_class(trucks: ClassDemand) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Sites where trucks stop that have but the faster connector, and but the slower one.

    Returns
    -------
    (n_sites,) bool, (n_sites,) bool
        These sites need a point of the faster, and of the slower class.
    """
    site, sites = trucks.demand.stop_site_idx, np.arange(trucks.demand.n_sites)
    needs_fast, needs_slow = (
        np.isin(sites, site[~takes_other]) for takes_other in (trucks.takes_slow, trucks.takes_fast)
    )
    return needs_fast, needs_slow

"""Queues of a layout from those of another one: only what changes is simulated.

Equal to the simulation of the whole layout to the byte, and worth it where few sites have other
points: a point more at one site moves a few hundred stops of a nation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from planner.simulation.changed_queues_kernel import StationSessions, retrace_layout
from planner.simulation.queue_kernel import trace_layout
from planner.simulation.queues import checked_counts, stops_of_trace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queue_kernel import Trace
    from planner.simulation.queues import ChargerLayout, QueueResult

MOST_CHANGED_SHARE = 0.05
"""Where more of a nation's stops are at stations with other points, all of it is done sooner."""


@dataclass(frozen=True, slots=True)
class TracedLayout:
    """A simulated layout that others can be simulated from.

    Parameters
    ----------
    layout : ChargerLayout
        Its points.
    trace : Trace
        Times of the kernel's sessions.
    result : QueueResult
        What happened at each stop.
    changed_stop : (n_changed,) int64 or None
        Stops at which anything is otherwise than on the layout that it was simulated from,
        ascending; None where it was simulated in full.
    """

    layout: ChargerLayout
    trace: Trace
    result: QueueResult
    changed_stop: NDArray[np.int64] | None


@dataclass(frozen=True)
class ChangedQueues:
    """Layouts of one demand, each simulated from the one before where that is less to do.

    Parameters
    ----------
    demand : ChargingDemand
        Stops of all trips.
    most_changed_share : float
        Share of all stops, at stations with other points, up to which a layout is simulated from
        another one.
    """

    demand: ChargingDemand
    most_changed_share: float = MOST_CHANGED_SHARE

    def full(self, layout: ChargerLayout) -> TracedLayout:
        """Simulate all trucks.

        Raises
        ------
        ValueError
            As :func:`~planner.simulation.queues.simulate`.
        """
        n_hpc, n_lpc = checked_counts(self.demand, layout.n_hpc, layout.n_lpc)
        _, trace = trace_layout(self.demand.events.tables, n_hpc, n_lpc)
        result = stops_of_trace(self.demand, trace)
        return TracedLayout(layout, trace, result, None)

    def after(self, before: TracedLayout, layout: ChargerLayout) -> TracedLayout:
        """Simulate a layout from another one, in full where most of it is another.

        Raises
        ------
        ValueError
            As :func:`~planner.simulation.queues.simulate`.
        """
        n_changed = self.n_stops_changed(before.layout, layout)
        if n_changed > self.most_changed_share * self.demand.n_stops:
            return self.full(layout)
        return self.from_changes(before, layout)

    def n_stops_changed(self, before: ChargerLayout, layout: ChargerLayout) -> int:
        """Stops at stations that two layouts make others: how far they are from each other."""
        return int(self._n_sessions_at[stations_changed(before, layout)].sum())

    def from_changes(self, before: TracedLayout, layout: ChargerLayout) -> TracedLayout:
        """Simulate a layout from another one, however much of it is another; see :meth:`after`."""
        n_hpc, n_lpc = checked_counts(self.demand, layout.n_hpc, layout.n_lpc)
        trace, session = retrace_layout(
            self.demand.events.tables,
            self._sessions,
            before.trace,
            stations_changed(before.layout, layout),
            n_hpc,
            n_lpc,
        )
        stop = np.unique(self.demand.events.stop_of_session[session]).astype(np.int64)
        now = stops_of_trace(self.demand, trace, stop)
        return TracedLayout(layout, trace, before.result.patched(stop, now), stop)

    @cached_property
    def _n_sessions_at(self) -> NDArray[np.int64]:
        """Sessions of each station, (n_stations,)."""
        return np.diff(self._sessions.offset)

    @cached_property
    def _sessions(self) -> StationSessions:
        """Sessions of each station."""
        demand, session = self.demand, self.demand.events.tables.session
        stops_of_trip = np.diff(demand.trip_stop_offset)
        # Sessions of first stops bear the numbers of their trips.
        first = demand.events.session_of_stop[demand.trip_stop_offset[:-1]]
        trip_of_stop = np.repeat(first, stops_of_trip)
        n_at = np.bincount(session["station"], minlength=2 * demand.n_sites)
        return StationSessions(
            offset=np.concatenate([[0], np.cumsum(n_at)]),
            session=np.argsort(session["station"], kind="stable").astype(np.int32),
            trip=trip_of_stop[self.demand.events.stop_of_session].astype(np.int32),
        )


def stations_changed(before: ChargerLayout, layout: ChargerLayout) -> NDArray[np.bool_]:
    """Stations of which two layouts make another: high-power points, then overnight points.

    Returns
    -------
    (2 * n_sites,) bool
        Overnight points also where a site has high-power points in one of them alone: it rejects
        trucks, or lets them wait.
    """
    others_rules = (before.n_hpc > 0) != (layout.n_hpc > 0)
    return np.concatenate(
        [before.n_hpc != layout.n_hpc, (before.n_lpc != layout.n_lpc) | others_rules]
    )

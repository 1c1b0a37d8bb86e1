"""Queues at charging sites: what a layout of charging points does to all trucks.

Rules of the simulation:

* Every site has HPC and LPC points, each first come, first served. Events are taken in global time
  order; equal times in the order of the trips' first arrivals, then of the trips themselves.
* A truck that waits arrives later everywhere after: next arrival = plug-in + hold + next leg.
* No LPC point free on arrival: the truck rests unplugged for the hold, then queues at the same
  site's HPC points for the same energy, plugged in for energy / HPC power plus the time to plug in
  and pay, and drives on when it is charged. This is an LPC rejection and an HPC process.
* A site without HPC points rejects nobody: its LPC arrivals wait for an LPC point.
* Trucks draw their energy from plug-in on (:mod:`planner.simulation.drawn_energy`); a session that
  crosses an end of the horizon counts with what it draws inside. Trucks are simulated to their
  last stop, also beyond the horizon, and so are those of the days before it. A wait counts where
  its truck joins the queue inside the horizon: before it sites are still filling up, after it they
  drain.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self

import numba
import numpy as np

from planner.runs.kernel_threads import in_blocks
from planner.simulation.charging_demand import ChargingDemand
from planner.simulation.occupancy import peak_occupancy
from planner.simulation.queue_kernel import Totals, score_layouts, trace_layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.simulation.queue_kernel import Trace

__all__ = [
    "ChargerLayout",
    "ChargingDemand",
    "LayoutScores",
    "QueueResult",
    "evaluate_layouts",
    "points_occupied",
    "simulate",
    "unlimited_layout",
]


ALL_STOPS = slice(None)
"""Stops of a result that holds all of its demand."""


@dataclass(frozen=True, slots=True)
class ChargerLayout:
    """Charging points of every site.

    Parameters
    ----------
    n_hpc, n_lpc : (n_sites,) int32
        High-power and low-power points, >= 0.
    """

    n_hpc: NDArray[np.int32]
    n_lpc: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class QueueResult:
    """What happened at each stop; stops in the order of the demand.

    Parameters
    ----------
    arrival_h : (n_stops,) float64
        Arrival at the site, hours since Monday 00:00.
    queue_h : (n_stops,) float64
        When the truck joined the queue it was served from: its arrival, or after an LPC
        rejection the end of its rest.
    plug_in_h, release_h, departure_h : (n_stops,) float64
        Charging point taken, charging point free again, truck gone: ready to drive, which it does
        once no driving ban holds.
    is_hpc : (n_stops,) bool
        Served at an HPC point.
    is_lpc_rejected : (n_stops,) bool
        Found no LPC point free and was served at an HPC point after its rest.
    """

    arrival_h: NDArray[np.float64]
    queue_h: NDArray[np.float64]
    plug_in_h: NDArray[np.float64]
    release_h: NDArray[np.float64]
    departure_h: NDArray[np.float64]
    is_hpc: NDArray[np.bool_]
    is_lpc_rejected: NDArray[np.bool_]

    @property
    def wait_h(self) -> NDArray[np.float64]:
        """Waiting time of each stop, hours, >= 0, (n_stops,)."""
        return self.plug_in_h - self.queue_h

    @property
    def plug_h(self) -> NDArray[np.float64]:
        """Time each stop's charging point stayed occupied, hours, > 0, (n_stops,)."""
        return self.release_h - self.plug_in_h

    def at(self, stop: NDArray[np.int64]) -> QueueResult:
        """What happened at some stops alone, in this order."""
        return QueueResult(*(getattr(self, each.name)[stop] for each in fields(self)))

    def patched(self, stop: NDArray[np.int64], now: QueueResult) -> QueueResult:
        """The same with what happened at some stops instead."""

        def with_now(name: str) -> NDArray[Any]:
            values: NDArray[Any] = getattr(self, name).copy()
            values[stop] = getattr(now, name)
            return values

        return QueueResult(*(with_now(each.name) for each in fields(self)))


@dataclass(frozen=True, slots=True)
class LayoutScores:
    """Figures of many layouts, each (n_layouts,).

    Parameters
    ----------
    total_wait_h : float64
        Waiting at HPC points of trucks that join inside the horizon, hours.
    lpc_wait_h : float64
        Waiting at LPC points of sites without HPC points, of the same trucks, hours.
    n_hpc_processes : int64
        HPC sessions whose trucks join inside the horizon, those after an LPC rejection included.
    n_lpc_rejected : int64
        LPC rejections inside the horizon.
    mean_wait_min : float64
        UWTI: mean waiting of an HPC process, zeros included, minutes.
    hpc_occupied_h : float64
        Time HPC points are occupied inside the horizon, hours.
    tcu_share : float64
        Occupied time over HPC points times horizon; 0 without HPC points.
    hpc_energy_kwh, lpc_energy_kwh : float64
        Energy charged inside the horizon, kWh.
    """

    total_wait_h: NDArray[np.float64]
    lpc_wait_h: NDArray[np.float64]
    n_hpc_processes: NDArray[np.int64]
    n_lpc_rejected: NDArray[np.int64]
    mean_wait_min: NDArray[np.float64]
    hpc_occupied_h: NDArray[np.float64]
    tcu_share: NDArray[np.float64]
    hpc_energy_kwh: NDArray[np.float64]
    lpc_energy_kwh: NDArray[np.float64]

    @classmethod
    def of(cls, rows: Sequence[tuple[LayoutScores, int]]) -> Self:
        """Figures of single layouts, each a row of other figures."""
        whole = {"n_hpc_processes", "n_lpc_rejected"}

        def column(name: str) -> NDArray[Any]:
            values = [getattr(scores, name)[row] for scores, row in rows]
            return np.array(values, np.int64 if name in whole else np.float64)

        return cls(*(column(each.name) for each in fields(cls)))

    def at(self, layout: NDArray[np.int64]) -> LayoutScores:
        """Figures of some layouts alone, in this order."""
        return LayoutScores(*(getattr(self, each.name)[layout] for each in fields(self)))


def simulate(demand: ChargingDemand, layout: ChargerLayout) -> QueueResult:
    """Simulate all trucks on one layout.

    Raises
    ------
    ValueError
        If the layout does not fit the demand: wrong shape, negative counts, a site with HPC
        stops without an HPC point, a site with LPC stops without any charging point.
    """
    n_hpc, n_lpc = checked_counts(demand, layout.n_hpc, layout.n_lpc)
    _, trace = trace_layout(demand.events.tables, n_hpc, n_lpc)
    return stops_of_trace(demand, trace)


def stops_of_trace(
    demand: ChargingDemand, trace: Trace, stop: NDArray[np.int64] | slice = ALL_STOPS
) -> QueueResult:
    """What happened at some stops, in their order, by the times of sessions.

    Parameters
    ----------
    stop : (n,) int64 or slice
        The stops.
    """
    session = demand.events.session_of_stop[stop]
    arrival_h, plug_in_h = trace.arrival_h[session], trace.plug_in_h[session]
    is_rejected = np.isnan(plug_in_h)
    queue_h, is_hpc = arrival_h.copy(), demand.stop_is_hpc[stop] | is_rejected
    # Few are rejected: the sessions that stand in for theirs are put in place of them.
    row = np.flatnonzero(is_rejected)
    stands_in = demand.events.fallback_of_stop[stop][row]
    queue_h[row], plug_in_h[row] = trace.arrival_h[stands_in], trace.plug_in_h[stands_in]
    release_h = plug_in_h + demand.stop_plug_h[stop]
    release_h[row] = plug_in_h[row] + demand.stop_fallback_plug_h[stop][row]
    departure_h = plug_in_h + demand.stop_hold_h[stop]
    departure_h[row] = release_h[row]
    return QueueResult(
        arrival_h=arrival_h,
        queue_h=queue_h,
        plug_in_h=plug_in_h,
        release_h=release_h,
        departure_h=departure_h,
        is_hpc=is_hpc,
        is_lpc_rejected=is_rejected,
    )


def points_occupied(demand: ChargingDemand, layout: ChargerLayout) -> ChargerLayout:
    """Points of a layout that are occupied at the same time, at most, once the horizon has begun.

    Returns
    -------
    ChargerLayout
        1 at least where any truck plugs in at all, also before the horizon.
    """
    result = simulate(demand, layout)
    is_hpc = result.is_hpc
    return ChargerLayout(_peak(demand, result, is_hpc), _peak(demand, result, ~is_hpc))


def _peak(
    demand: ChargingDemand, result: QueueResult, chosen: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Peak occupancy by some of the stops from the horizon's start on, 1 at least where any is."""
    site = demand.stop_site_idx
    # A busier day before the horizon must not decide how many points the horizon needs.
    late = chosen & (result.release_h > demand.start_h)
    begin_h = np.maximum(result.plug_in_h[late], demand.start_h)
    peak = peak_occupancy(site[late], begin_h, result.release_h[late], demand.n_sites)
    peak[site[chosen]] = np.maximum(peak[site[chosen]], 1)
    return peak


def unlimited_layout(demand: ChargingDemand) -> ChargerLayout:
    """Charging points that the demand occupies at most where nobody ever waits.

    Returns
    -------
    ChargerLayout
        Peak occupancy of each site from the start of the horizon on, HPC and LPC: upper bounds of
        any sensible layout, and the LPC counts used for all layouts.
    """
    one_each = ChargerLayout(
        n_hpc=demand.n_hpc_stops_at_site.astype(np.int32),
        n_lpc=demand.n_lpc_stops_at_site.astype(np.int32),
    )
    return points_occupied(demand, one_each)


def evaluate_layouts(
    demand: ChargingDemand, n_hpc: NDArray[np.int32], n_lpc: NDArray[np.int32]
) -> LayoutScores:
    """Score many layouts in parallel; a layout's scores depend on nothing but itself.

    Parameters
    ----------
    n_hpc : (n_layouts, n_sites) int32
        HPC points of each layout.
    n_lpc : (n_sites,) int32
        LPC points of all layouts.

    Raises
    ------
    ValueError
        As :func:`simulate`.
    """
    hpc, lpc = checked_counts(demand, n_hpc, n_lpc, n_dimensions=2)
    n_shares = min(numba.get_num_threads(), len(hpc))
    rows = np.empty((len(hpc), len(Totals._fields)))
    in_blocks(score_layouts, n_shares, n_shares, demand.events.tables, hpc, lpc, rows)
    (
        total_wait_h,
        lpc_wait_h,
        processes,
        rejected,
        plug_h,
        energy_kwh,
        outside_h,
        outside_kwh,
        lpc_outside,
    ) = np.ascontiguousarray(rows.T)
    is_hpc = demand.stop_is_hpc
    n_processes = processes.astype(np.int64)
    occupied_h = demand.stop_plug_h[is_hpc].sum() + plug_h - outside_h
    plug_time_h = hpc.sum(axis=1) * demand.horizon_h
    return LayoutScores(
        total_wait_h=total_wait_h,
        lpc_wait_h=lpc_wait_h,
        n_hpc_processes=n_processes,
        n_lpc_rejected=rejected.astype(np.int64),
        mean_wait_min=60.0 * total_wait_h / np.maximum(n_processes, 1),
        hpc_occupied_h=occupied_h,
        tcu_share=np.divide(
            occupied_h, plug_time_h, out=np.zeros(len(hpc)), where=plug_time_h > 0.0
        ),
        hpc_energy_kwh=demand.stop_energy_kwh[is_hpc].sum() + energy_kwh - outside_kwh,
        lpc_energy_kwh=demand.stop_energy_kwh[~is_hpc].sum() - energy_kwh - lpc_outside,
    )


def checked_counts(
    demand: ChargingDemand,
    n_hpc: NDArray[np.int32],
    n_lpc: NDArray[np.int32],
    n_dimensions: int = 1,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Counts as the kernel wants them, or an error that names the site, as :func:`simulate`."""
    hpc = np.ascontiguousarray(n_hpc, np.int32)
    lpc = np.ascontiguousarray(n_lpc, np.int32)
    if (
        hpc.ndim != n_dimensions
        or hpc.shape[-1] != demand.n_sites
        or lpc.shape != (demand.n_sites,)
    ):
        message = (
            f"a layout needs counts for {demand.n_sites} sites in {n_dimensions} dimension(s), "
            f"found n_hpc of shape {hpc.shape} and n_lpc of shape {lpc.shape}"
        )
        raise ValueError(message)
    if (hpc < 0).any() or (lpc < 0).any():
        message = "numbers of charging points must be >= 0"
        raise ValueError(message)
    lacks_hpc = (np.atleast_2d(hpc) == 0).any(axis=0)
    lacks_any = lacks_hpc & (lpc == 0)
    for kind, is_short in (
        ("high-power stops but no high-power point", (demand.n_hpc_stops_at_site > 0) & lacks_hpc),
        ("overnight stops but no charging point", (demand.n_lpc_stops_at_site > 0) & lacks_any),
    ):
        if is_short.any():
            sites = np.flatnonzero(is_short)
            message = (
                f"{len(sites)} site(s) have {kind}, the first with index {sites[0]}: its trucks "
                "would wait for ever; give it at least one"
            )
            raise ValueError(message)
    return hpc, lpc

r"""Waiting that no layout escapes, whatever its queues do to later arrivals.

Wait tables of fixed arrivals are no bound: a truck that waits arrives later everywhere after, which
may spoil or ease another queue. What follows holds in the full simulation.

Let :math:`a_k` be the arrival at high-power stop :math:`k` if nobody waited anywhere, :math:`s_k`
its plug-in and :math:`w_k` its wait. Before the first overnight stop of a trip,
:math:`s_k - a_k = \sum_{j \le k} w_j` over the stops of the trip, so for weights that sum to at
most one over each trip

.. math:: \sum_j w_j \ge \sum_k \beta_k (s_k - a_k).

Cut each stop into :math:`n_k` pieces of equal length, rounded down, and take
:math:`\beta_k = n_k u_k` with :math:`1 / u_k` the pieces of its trip. With
:math:`0 < v_1 < v_2 < \ldots` the values of :math:`u` and :math:`v_0 = 0`,

.. math:: \sum_k n_k u_k (s_k - a_k)
          = \sum_i (v_i - v_{i-1}) \sum_{k: u_k \ge v_i} n_k (s_k - a_k),

and :math:`n_k (s_k - a_k)` is the lateness of the pieces of :math:`k` against the times at which
they would begin if nobody waited. On :math:`c` charging points no schedule of equally long pieces
has less total lateness than first come, first served. So each inner sum is at least a sum over
sites of functions of their charging points: a table. Stops after an overnight stop are left out,
since a truck that finds no overnight point leaves late without having waited.

Only waits of trucks that join a queue inside the horizon count, and a truck may be late enough to
escape from it. Let :math:`E` be the end of the horizon and take trips that come to their first stop
inside it. If all queues up to stop :math:`k` are joined before :math:`E`, the counted waits sum to
:math:`s_k - a_k`; else those before the first queue joined too late sum to at least
:math:`E - a_k`. So :math:`\min(s_k, E) - a_k` takes the place of the lateness, and a piece counts
with what of its lateness lies before :math:`E`. First come, first served begins its k-th piece no
later than any schedule, for every k, so it has the least of that sum too.

A trip comes to its first stop at the same time in every layout, and other trucks in the queue can
only make it wait longer there: first come, first served with more customers gives nobody an earlier
start. So the waits of first stops among themselves are a second bound, for long waits too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.inescapable_wait_kernel import add_lateness
from planner.optimization.long_waits import long_wait_counts
from planner.optimization.wait_table_kernel import site_peaks
from planner.optimization.wait_tables import WaitTables, build_wait_tables, offsets
from planner.runs.kernel_threads import in_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.charging_demand import ChargingDemand

PIECE_H = 2.5 / 60.0
"""Length of a piece, hours: shorter ones round less and take longer."""


def inescapable_waits(demand: ChargingDemand) -> WaitTables:
    """Lower bound on the total waiting at high-power points, as a sum over sites.

    Returns
    -------
    WaitTables
        For every layout, the sum of its entries is at most the waiting of the counted HPC processes
        in the full simulation. ``n_arrivals`` counts the stops that the bound rests on.

    Notes
    -----
    Derived in the module's documentation; our own. The optimality of first come, first served for
    equally long jobs with release times is classical (Simons 1983 for deadlines).
    """
    n_pieces = np.where(
        demand.stop_is_hpc & ~_after_overnight(demand) & _begins_inside(demand),
        np.floor(demand.stop_plug_h / PIECE_H + 1e-9),
        0.0,
    ).astype(np.int64)
    in_bound = np.flatnonzero(n_pieces)
    of_trip = _trip_of_stop(demand)
    pieces_of_trip = np.bincount(of_trip, weights=n_pieces, minlength=demand.n_trips)
    # A wait at one stop delays all later pieces of its trip: shares that add up to one per trip
    # keep any minute from being counted twice.
    share = 1.0 / pieces_of_trip[of_trip[in_bound]]
    n_pieces = n_pieces[in_bound]
    site, arrival_h = demand.stop_site_idx[in_bound], _arrivals_without_waits(demand)[in_bound]

    order = np.lexsort((arrival_h, site))
    n_arrivals = np.bincount(site, minlength=demand.n_sites).astype(np.int64)
    peak = np.zeros(demand.n_sites, np.int64)
    plug_h = (n_pieces * PIECE_H)[order]
    in_blocks(site_peaks, demand.n_sites, offsets(n_arrivals), arrival_h[order], plug_h, peak)
    entry_site = np.repeat(np.arange(demand.n_sites), peak)
    offset = offsets(peak)
    entry_plugs = np.arange(offset[-1]) - offset[entry_site] + 1
    total_h = np.zeros(len(entry_site))
    before = 0.0
    # Weights as a stack of layers: at each level all pieces of at least that share count alike,
    # since first come, first served is only optimal among equals.
    for level in np.unique(share):
        counted = np.flatnonzero(share >= level)
        piece_site, release_h = _pieces(site[counted], arrival_h[counted], n_pieces[counted])
        piece_offset = offsets(np.bincount(piece_site, minlength=demand.n_sites))
        weight = float(level - before)
        in_blocks(
            add_lateness,
            len(entry_site),
            piece_offset,
            release_h,
            PIECE_H,
            demand.counted_h[1],
            weight,
            entry_site,
            entry_plugs,
            total_h,
        )
        before = float(level)
    return WaitTables(offset=offset, total_wait_h=total_h, n_arrivals=n_arrivals)


def waits_of_first_stops(
    demand: ChargingDemand, long_wait_h: float
) -> tuple[WaitTables, NDArray[np.float64]]:
    """Waits that first stops of trips have among themselves, which other trucks only lengthen.

    Parameters
    ----------
    long_wait_h : float
        Waits beyond this are long, hours.

    Returns
    -------
    tables : WaitTables
        For every layout, the sum of its entries is at most the waiting of the counted HPC processes
        in the full simulation.
    n_long : (n_entries,) float64
        The same for numbers of long waits: at most as many as in the full simulation.

    Notes
    -----
    The vector of times until charging points are free (Kiefer and Wolfowitz 1955) never falls where
    customers are added. A trip whose first stop is overnight has no part in it.
    """
    first = demand.trip_stop_offset[:-1]
    first = first[demand.stop_is_hpc[first]]
    site, plug_h = demand.stop_site_idx[first], demand.stop_plug_h[first]
    arrival_h = _arrivals_without_waits(demand)[first]
    counted_h = demand.counted_h
    tables = build_wait_tables(site, arrival_h, plug_h, demand.n_sites, counted_h)
    return tables, long_wait_counts(tables, site, arrival_h, plug_h, long_wait_h, counted_h)


def most_processes(demand: ChargingDemand) -> int:
    """Upper bound on the HPC processes that begin to queue inside the horizon, in any layout.

    Returns
    -------
    int
        Stops that are not reached before the end of the horizon cannot count, nor can first stops
        at high power that are reached before its start, at a time that no queue changes.
    """
    start_h, end_h = demand.counted_h
    arrival_h = _arrivals_without_waits(demand)
    is_first = np.zeros(demand.n_stops, dtype=np.bool_)
    is_first[demand.trip_stop_offset[:-1]] = True
    is_over = is_first & demand.stop_is_hpc & (arrival_h < start_h)
    return int(((arrival_h < end_h) & ~is_over).sum())


def _begins_inside(demand: ChargingDemand) -> NDArray[np.bool_]:
    """Stops of trips that come to their first one inside the horizon, (n_stops,)."""
    start_h, end_h = demand.counted_h
    inside = (demand.first_arrival_h >= start_h) & (demand.first_arrival_h < end_h)
    return np.asarray(inside[_trip_of_stop(demand)])


def _trip_of_stop(demand: ChargingDemand) -> NDArray[np.int64]:
    return np.repeat(np.arange(demand.n_trips), np.diff(demand.trip_stop_offset))


def _before_in_trip(demand: ChargingDemand, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of a value of stops over the earlier stops of the same trip, (n_stops,)."""
    before = np.concatenate([[0.0], np.cumsum(values)])
    first_stop = demand.trip_stop_offset[:-1][_trip_of_stop(demand)]
    return np.asarray(before[:-1] - before[first_stop])


def _after_overnight(demand: ChargingDemand) -> NDArray[np.bool_]:
    return _before_in_trip(demand, (~demand.stop_is_hpc).astype(np.float64)) > 0.0


def _arrivals_without_waits(demand: ChargingDemand) -> NDArray[np.float64]:
    lag_h = demand.stop_hold_h + demand.stop_next_leg_h
    first_h = demand.first_arrival_h[_trip_of_stop(demand)]
    return np.asarray(first_h + _before_in_trip(demand, lag_h))


def _pieces(
    site: NDArray[np.int32], arrival_h: NDArray[np.float64], n_pieces: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Site and earliest start of every piece, by site and then ascending in time."""
    # Number of each piece within its stop: its row less the row of the first one.
    first = np.repeat(np.cumsum(n_pieces) - n_pieces, n_pieces)
    number = np.arange(len(first)) - first
    release_h = np.repeat(arrival_h, n_pieces) + number * PIECE_H
    piece_site = np.repeat(site, n_pieces)
    order = np.lexsort((release_h, piece_site))
    return piece_site[order], release_h[order]

"""What sessions lose where the points of a site share a connection below their peak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.simulation.drawn_energy import DrawnPower, power_in_steps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import QueueResult

SHARED_STEP_H = 1.0 / 12.0
"""Length of a step in which power is shared, hours."""
_NOTHING_KWH = 1e-6
_MIN_PER_H = 60.0


@dataclass(frozen=True, slots=True)
class SharedPower:
    """What sharing does at each site, each (n_sites,).

    Parameters
    ----------
    delayed_kwh : float64
        Energy that comes later than its truck would draw it.
    missing_kwh : float64
        Energy that is not there when the horizon ends.
    n_late : int64
        Trucks whose energy comes later than they wanted to leave.
    late_min, latest_min : float64
        Minutes by which it does, all trucks together, and the truck that is held up longest.
    """

    delayed_kwh: NDArray[np.float64]
    missing_kwh: NDArray[np.float64]
    n_late: NDArray[np.int64]
    late_min: NDArray[np.float64]
    latest_min: NDArray[np.float64]


def share_power(
    demand: ChargingDemand,
    result: QueueResult,
    drawn: DrawnPower,
    connection_kw: NDArray[np.float64],
) -> SharedPower:
    """Hold the power of sites within their connections and see what comes later.

    Sessions at high-power points go first, those overnight take what is left; within each kind
    energy comes in the order in which it would be drawn. What then still lacks when a truck wants
    to leave holds it up; the rest of its trip and the queue behind it are not planned anew.

    Parameters
    ----------
    drawn : DrawnPower
        What the stops draw inside the horizon; a session is a stop.
    connection_kw : (n_sites,) float64
        What each connection gives; infinite where nothing limits it.
    """
    n_sites = demand.n_sites
    first = round(demand.start_h / SHARED_STEP_H)
    n_steps = round(demand.horizon_h / SHARED_STEP_H)
    site_of, is_hpc = demand.stop_site_idx, result.is_hpc
    kwh = {
        kind: _energy_kwh(drawn, site_of, chosen[drawn.session], (n_sites, n_steps, first))
        for kind, chosen in (("hpc", is_hpc), ("lpc", ~is_hpc))
    }
    left_kwh = np.repeat(connection_kw[:, None] * SHARED_STEP_H, n_steps, axis=1)
    delayed_kwh, missing_kwh = np.zeros(n_sites), np.zeros(n_sites)
    late_h = np.zeros(demand.n_stops)
    done_h = np.full(demand.n_stops, -np.inf)
    np.maximum.at(done_h, drawn.session, drawn.to_h)
    for kind, chosen in (("hpc", is_hpc), ("lpc", ~is_hpc)):
        served_kwh = _served(kwh[kind], left_kwh)
        left_kwh = left_kwh - served_kwh
        asked, given = np.cumsum(kwh[kind], axis=1), np.cumsum(served_kwh, axis=1)
        behind_kwh = np.where(asked - given > _NOTHING_KWH, asked - given, 0.0)
        # What is behind at the end of a step and was not at its begin comes later.
        grown = np.diff(behind_kwh, axis=1, prepend=0.0)
        delayed_kwh += np.maximum(grown, 0.0).sum(axis=1)
        missing_kwh += behind_kwh[:, -1]
        for site in np.flatnonzero(behind_kwh.max(axis=1, initial=0.0) > _NOTHING_KWH):
            stop = np.flatnonzero(chosen & (site_of == site) & np.isfinite(done_h))
            ready_h = _ready_h(asked[site], given[site], done_h[stop], demand.start_h)
            late_h[stop] = np.maximum(
                ready_h - np.maximum(result.departure_h[stop], done_h[stop]), 0.0
            )
    is_late = late_h * _MIN_PER_H > _NOTHING_KWH
    latest_min = np.zeros(n_sites)
    np.maximum.at(latest_min, site_of, late_h * _MIN_PER_H)
    return SharedPower(
        delayed_kwh,
        missing_kwh,
        np.bincount(site_of[is_late], minlength=n_sites).astype(np.int64),
        np.bincount(site_of, late_h * _MIN_PER_H, minlength=n_sites).astype(np.float64),
        latest_min,
    )


def _energy_kwh(
    drawn: DrawnPower,
    site_of: NDArray[np.int32],
    chosen: NDArray[np.bool_],
    shape: tuple[int, int, int],
) -> NDArray[np.float64]:
    """Energy by site and step, (n_sites, n_steps)."""
    n_sites, n_steps, first = shape
    of_kind = DrawnPower(
        drawn.session[chosen], drawn.from_h[chosen], drawn.to_h[chosen], drawn.power_kw[chosen]
    )
    parts = power_in_steps(of_kind, SHARED_STEP_H)
    cell = site_of[parts.session].astype(np.int64) * n_steps + parts.step - first
    kwh = np.bincount(cell, parts.energy_kwh, minlength=n_sites * n_steps)
    return np.asarray(kwh, np.float64).reshape(n_sites, n_steps)


def _served(asked_kwh: NDArray[np.float64], most_kwh: NDArray[np.float64]) -> NDArray[np.float64]:
    """Energy that comes in each step where what is behind comes as soon as it can."""
    served = np.empty_like(asked_kwh)
    behind = np.zeros(len(asked_kwh))
    for step in range(asked_kwh.shape[1]):
        wanted = behind + asked_kwh[:, step]
        served[:, step] = np.minimum(wanted, most_kwh[:, step])
        behind = wanted - served[:, step]
    return served


def _ready_h(
    asked_kwh: NDArray[np.float64],
    given_kwh: NDArray[np.float64],
    done_h: NDArray[np.float64],
    start_h: float,
) -> NDArray[np.float64]:
    """When energy is there that would have been drawn by given moments.

    Parameters
    ----------
    asked_kwh, given_kwh : (n_steps,) float64
        Sums up to the end of each step.
    done_h : (n,) float64
        The moments; what is not there when the horizon ends is taken to come at the mean power of
        what came before.
    """
    ends_h = start_h + SHARED_STEP_H * np.arange(len(asked_kwh) + 1)
    asked, given = (np.concatenate([[0.0], each]) for each in (asked_kwh, given_kwh))
    wanted = np.interp(done_h, ends_h, asked) - _NOTHING_KWH
    after = np.clip(np.searchsorted(given, wanted, side="left"), 1, len(ends_h) - 1)
    step_kwh = given[after] - given[after - 1]
    part = (wanted - given[after - 1]) / np.where(step_kwh > 0.0, step_kwh, np.inf)
    ready = ends_h[after - 1] + np.clip(part, 0.0, 1.0) * SHARED_STEP_H
    mean_kw = given[-1] / (ends_h[-1] - ends_h[0])
    lacking = np.maximum(wanted - given[-1], 0.0)
    beyond = lacking / mean_kw if mean_kw > 0.0 else np.where(lacking > 0.0, np.inf, 0.0)
    return np.asarray(np.maximum(np.where(lacking > 0.0, ends_h[-1] + beyond, ready), done_h))

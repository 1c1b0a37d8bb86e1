"""Figures of groups of stops, such as those at the sites of a region, for several ways to group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.simulation.metrics import (
    energy_inside_horizon,
    joins_inside_horizon,
    p95_of_ascending,
    ratio_or_nan,
    sum_by,
)
from planner.simulation.occupancy import peak_loads_of_partitions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.simulation.drawn_energy import DrawnPower
    from planner.simulation.queues import ChargingDemand, QueueResult


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Figures of each group, each (n_groups,); meanings are those of ``SiteFigures``."""

    n_sessions_hpc: NDArray[np.int64]
    n_sessions_lpc: NDArray[np.int64]
    energy_kwh: NDArray[np.float64]
    mean_wait_min: NDArray[np.float64]
    p95_wait_min: NDArray[np.float64]
    peak_power_kw: NDArray[np.float64]


def group_figures(
    demand: ChargingDemand,
    result: QueueResult,
    drawn: DrawnPower,
    partitions: Sequence[tuple[NDArray[np.integer[Any]], int]],
) -> list[GroupFigures]:
    """Figures of groups of stops in a simulated run.

    Parameters
    ----------
    drawn : DrawnPower
        What it draws, of :func:`~planner.simulation.metrics.drawn_power`.
    partitions : sequence of tuple
        For each way to group: the group of each stop, (n_stops,), and the number of groups.
    """
    is_counted = joins_inside_horizon(demand, result)
    counted_hpc = np.flatnonzero(result.is_hpc & is_counted)
    counted_lpc = np.flatnonzero(~result.is_hpc & is_counted)
    # By their waits, so that those of each group stand in that order too.
    counted_hpc = counted_hpc[np.argsort(result.wait_h[counted_hpc])]
    wait_min = 60.0 * result.wait_h[counted_hpc]
    energy_kwh = energy_inside_horizon(demand, result)
    drawing = [(of_stop[drawn.session], n) for of_stop, n in partitions]
    peaks = peak_loads_of_partitions(drawing, drawn.from_h, drawn.to_h, drawn.power_kw)
    figures = []
    for (of_stop, n_groups), peak_kw in zip(partitions, peaks, strict=True):
        of_hpc = of_stop[counted_hpc]
        n_hpc = np.bincount(of_hpc, minlength=n_groups)
        figures.append(
            GroupFigures(
                n_sessions_hpc=n_hpc,
                n_sessions_lpc=np.bincount(of_stop[counted_lpc], minlength=n_groups),
                energy_kwh=sum_by(of_stop, energy_kwh, n_groups),
                mean_wait_min=ratio_or_nan(sum_by(of_hpc, wait_min, n_groups), n_hpc),
                p95_wait_min=p95_of_ascending(of_hpc, wait_min, n_hpc),
                peak_power_kw=peak_kw,
            )
        )
    return figures

"""Figures of groups of stops, such as those at the sites of a region, for several ways to group."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING

from planner.simulation.group_sums import p95_waits_min, peak_power_kw, sums_of_groups
from planner.simulation.metrics import ratio_or_nan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from planner.simulation.drawn_energy import DrawnPower
    from planner.simulation.group_sums import Partitions
    from planner.simulation.inside_horizon import InsideHorizon
    from planner.simulation.queues import QueueResult


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
    result: QueueResult,
    drawn: DrawnPower,
    inside: InsideHorizon,
    partitions: Partitions,
) -> list[GroupFigures]:
    """Figures of groups of stops in a simulated run, partition by partition.

    Parameters
    ----------
    drawn : DrawnPower
        What it draws, of :func:`~planner.simulation.inside_horizon.drawn_power`.
    inside : InsideHorizon
        What of it lies inside the horizon.
    partitions : Partitions
        Groups of each stop.
    """
    sums = sums_of_groups(result, inside, partitions)
    of_all = GroupFigures(
        n_sessions_hpc=sums.n_hpc,
        n_sessions_lpc=sums.n_lpc,
        energy_kwh=sums.hpc_kwh + sums.lpc_kwh,
        mean_wait_min=ratio_or_nan(sums.wait_min, sums.n_hpc),
        p95_wait_min=p95_waits_min(result, inside, partitions, sums.n_hpc),
        peak_power_kw=peak_power_kw(drawn, partitions),
    )
    return [
        GroupFigures(*(getattr(of_all, each.name)[begin:end] for each in fields(of_all)))
        for begin, end in pairwise(partitions.offset)
    ]

"""Points that an added site needs where nobody says how many it gets.

Trucks choose their stops without knowing the queue of a new site. Once they have planned anew with
it its arrivals are known: it gets the fewest high-power points with which they wait there no longer
in the mean than in the whole country in the plan, and overnight points for all that rest there at
a time, as plans have them, both within the limits of the study.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.fewest_at_sites import fewest_at_sites
from planner.plan.study_inputs import site_limits
from planner.said import counted, said
from planner.simulation.class_queues import ClassLayout
from planner.simulation.queues import ChargerLayout, unlimited_layout

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.layouts.trial import Trial, Trucks
    from planner.network.sites import Sites
    from planner.said import Said

WITH_ADDED = said("with the added sites")
"""What the layout is called."""


@dataclass(frozen=True, slots=True)
class NeededPoints:
    """A layout in which some added sites have the points that they need.

    Parameters
    ----------
    layout : ClassLayout
        Points of all sites.
    told : tuple of Said
        How many each of them has, and why, a sentence per site.
    """

    layout: ClassLayout
    told: tuple[Said, ...]


def needed_points(
    trial: Trial,
    layout: ClassLayout,
    is_asked: NDArray[np.bool_],
    sites: Sites,
    *,
    n_lpc: int | None = None,
    keeps_hpc: bool = False,
) -> NeededPoints:
    """Give added sites the points that they need.

    Parameters
    ----------
    trial : Trial
        Trucks of the run; they plan anew with the sites.
    layout : ClassLayout
        Points of the other sites; also the high-power points of these where they keep them.
    is_asked : (n_sites,) bool
        Added sites whose points are asked for.
    sites : Sites
        All sites, with the connections that hold.
    n_lpc : int, optional
        Overnight points of each of them, where they are known.
    keeps_hpc : bool
        Whether overnight points alone are asked for.

    Returns
    -------
    NeededPoints
        High-power points are of the faster class, with one of the slower where trucks need its
        connector.
    """
    if not is_asked.any():
        return NeededPoints(layout, ())
    opened = layout
    if not keeps_hpc:
        n_fast = np.where(is_asked, 1, layout.n_fast)
        opened = ClassLayout(n_fast, layout.n_slow, layout.n_lpc)
    trucks = trial.trucks_of(opened)
    of_whole = np.flatnonzero(trucks.of_whole)
    asked_here = is_asked[of_whole]
    limits = site_limits(trial.run.scenario, sites)
    if n_lpc is None and trial.plan.n_lpc.any():
        rest = unlimited_layout(trucks.demand).n_lpc
        resting = np.clip(rest, limits.existing_lpc[of_whole], limits.max_lpc[of_whole])
    else:
        resting = np.full(len(of_whole), n_lpc or 0)
    all_lpc = opened.n_lpc.copy()
    all_lpc[of_whole[asked_here]] = resting[asked_here]

    def with_points(at_open: NDArray[np.int32]) -> ClassLayout:
        """Points of all sites with so many high-power points where trucks may stop."""
        whole_hpc = opened.n_hpc.copy()
        whole_hpc[of_whole] = at_open
        return _of_classes(trucks, opened, whole_hpc, all_lpc, is_asked)

    def mean_waits_min(at_open: NDArray[np.int32]) -> NDArray[np.float64]:
        met = trucks.at(with_points(at_open), WITH_ADDED, is_checked=False)
        return met.at_sites.mean_wait_min

    if keeps_hpc:
        return NeededPoints(ClassLayout(layout.n_fast, layout.n_slow, all_lpc), ())
    limit_min = trial.plan_wait_min
    fewest = fewest_at_sites(
        trucks.demand,
        ChargerLayout(opened.n_hpc[of_whole], all_lpc[of_whole]),
        asked_here,
        np.maximum(limits.max_hpc[of_whole], 1),
        limit_min,
        mean_waits_min,
    )
    given, waits_min = with_points(fewest), mean_waits_min(fewest)
    told = []
    for here in np.flatnonzero(asked_here):
        site, n_hpc = of_whole[here], int(given.n_hpc[of_whole[here]])
        name = str(sites.name[site])
        if n_hpc > fewest[here]:
            told.append(_told_of_connectors(name, n_hpc))
        else:
            told.append(_told(name, n_hpc, float(waits_min[here]), limit_min))
    return NeededPoints(given, tuple(told))


def _of_classes(
    trucks: Trucks,
    layout: ClassLayout,
    n_hpc: NDArray[np.int32],
    n_lpc: NDArray[np.int32],
    is_asked: NDArray[np.bool_],
) -> ClassLayout:
    """The layout with points of some sites, of the class that a plan would have them of."""
    n_fast, n_slow = n_hpc - layout.n_slow, layout.n_slow
    if trucks.by_class is None:
        return ClassLayout(n_fast, n_slow, n_lpc)
    begun = trucks.by_class.begun_with(
        ChargerLayout(n_hpc[trucks.of_whole], n_lpc[trucks.of_whole])
    )
    here, n_slow = is_asked[trucks.of_whole], n_slow.copy()
    n_fast[is_asked], n_slow[is_asked] = begun.n_fast[here], begun.n_slow[here]
    return ClassLayout(n_fast, n_slow, n_lpc)


def _told_of_connectors(site: str, n_hpc: int) -> Said:
    return said(
        "{site}: {n} high-power points, one of each class, since some trucks that stop there have "
        "the connector of the faster class alone and others that of the slower one.",
        site=site,
        n=n_hpc,
    )


def _told(site: str, n_hpc: int, wait_min: float, limit_min: float) -> Said:
    wait = round(float(np.nan_to_num(wait_min)), 1)
    limit = round(limit_min, 1)
    if wait_min > limit_min:
        return counted(
            n_hpc,
            "{site}: {n} high-power point, as many as its power or space allows; trucks wait "
            "{wait} min there in the mean, in the whole country {limit} min in the plan.",
            "{site}: {n} high-power points, as many as its power or space allows; trucks wait "
            "{wait} min there in the mean, in the whole country {limit} min in the plan.",
            site=site,
            wait=wait,
            limit=limit,
        )
    return counted(
        n_hpc,
        "{site}: {n} high-power point, the fewest with which trucks wait there no longer in the "
        "mean ({wait} min) than in the whole country in the plan ({limit} min).",
        "{site}: {n} high-power points, the fewest with which trucks wait there no longer in the "
        "mean ({wait} min) than in the whole country in the plan ({limit} min).",
        site=site,
        wait=wait,
        limit=limit,
    )

"""Figures of the sites of layouts, those of a changed layout from those of one like it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from planner.simulation.changed_queues import MOST_CHANGED_SHARE, ChangedQueues
from planner.simulation.metrics import SiteFigures, site_figures
from planner.simulation.site_load import SiteLoad, site_load

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.changed_queues import TracedLayout
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import ChargerLayout

_KEPT = 3
"""Layouts that another one may be like: the last ones of as many people, or of one who goes back
and forth. Each takes as much memory as the stops of all trucks."""

FiguresT = TypeVar("FiguresT", SiteFigures, SiteLoad)


@dataclass(frozen=True, slots=True)
class KnownLayout:
    """A simulated layout, and what trucks meet at its sites."""

    traced: TracedLayout
    at_sites: SiteFigures
    load: SiteLoad


class KnownLayouts:
    """Layouts on the same trucks, each computed from the one most like it that is known.

    The figures do not depend on which that is, nor on whether there is one.

    Parameters
    ----------
    demand : ChargingDemand
        Stops of the trucks.
    most_changed_share : float
        As for :class:`~planner.simulation.changed_queues.ChangedQueues`.
    """

    def __init__(
        self, demand: ChargingDemand, most_changed_share: float = MOST_CHANGED_SHARE
    ) -> None:
        self.demand = demand
        self._queues = ChangedQueues(demand, most_changed_share)
        self._last: tuple[KnownLayout, ...] = ()

    def at(self, layout: ChargerLayout) -> KnownLayout:
        """What trucks meet at a layout.

        Raises
        ------
        ValueError
            As :func:`~planner.simulation.queues.simulate`.
        """
        last = self._last
        before = min(
            last,
            key=lambda known: self._queues.n_stops_changed(known.traced.layout, layout),
            default=None,
        )
        known = self._of_all(layout) if before is None else self._from(before, layout)
        # Taken as a whole by others who ask at the same time; what one of them adds may be lost.
        self._last = (known, *last[: _KEPT - 1])
        return known

    def _of_all(self, layout: ChargerLayout) -> KnownLayout:
        return self._measured(self._queues.full(layout))

    def _measured(self, traced: TracedLayout) -> KnownLayout:
        demand, result, layout = self.demand, traced.result, traced.layout
        return KnownLayout(
            traced, site_figures(demand, result, layout), site_load(demand, result, layout)
        )

    def _from(self, before: KnownLayout, layout: ChargerLayout) -> KnownLayout:
        demand, traced = self.demand, self._queues.after(before.traced, layout)
        if traced.changed_stop is None:
            return self._measured(traced)
        is_changed = other_points(before.traced.layout, layout)
        is_changed[demand.stop_site_idx[traced.changed_stop]] = True
        stop = np.flatnonzero(is_changed[demand.stop_site_idx])
        here = traced.result.at(stop)
        return KnownLayout(
            traced,
            _taken_from(is_changed, site_figures(demand, here, layout, stop=stop), before.at_sites),
            _taken_from(is_changed, site_load(demand, here, layout, stop), before.load),
        )


def other_points(one: ChargerLayout, other: ChargerLayout) -> NDArray[np.bool_]:
    """Sites that have other points in two layouts, (n_sites,)."""
    return np.asarray((one.n_hpc != other.n_hpc) | (one.n_lpc != other.n_lpc))


def _taken_from(is_changed: NDArray[np.bool_], now: FiguresT, before: FiguresT) -> FiguresT:
    """Figures of sites, those of some as they are now, those of others as before."""
    return type(now)(
        *(
            np.where(is_changed, getattr(now, each.name), getattr(before, each.name))
            for each in fields(now)
        )
    )

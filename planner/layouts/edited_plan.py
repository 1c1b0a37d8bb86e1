"""Somebody's changes of an opened plan, step by step, there and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.layouts.changed_plan import ChangedPlan
from planner.layouts.edited_sites import AddedSite
from planner.layouts.editing import Points, Step
from planner.layouts.layout_reading import MOST_POINTS
from planner.network.grid_units import PLAUSIBLE_KW
from planner.network.new_site import place_on_road
from planner.network.towns import nearest_points

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planner.layouts.editing import OpenedPlan
    from planner.network.new_site import PlaceOnRoad
    from planner.simulation.queues import ChargerLayout

_ANYWHERE_KM = 21_000.0
"""Farther than any two places are from each other."""
_MOST_NAME_SIGNS = 100


@dataclass
class EditedPlan:
    """Somebody's changes of an opened plan.

    Parameters
    ----------
    opened : OpenedPlan
        The plan before.
    steps : list of Step
        What was changed, the first change first; those that are undone stand at the end.
    n_done : int
        How many of them hold.
    """

    opened: OpenedPlan
    steps: list[Step] = field(default_factory=list)
    n_done: int = 0
    _now: ChangedPlan | None = field(default=None, init=False, repr=False, compare=False)

    @classmethod
    def told(cls, opened: OpenedPlan, steps: list[Step], n_done: int) -> EditedPlan:
        """Changes that a file or a link tells, held to what changes that are made here are held to.

        Raises
        ------
        InputDataError
            If numbers are none of points or connections.
        ValueError
            If a site is none of the plan, nor added before, or added twice.
        """
        index_of, plan = opened.index_of, opened.plan
        n_hpc = {site_id: int(plan.n_hpc[index]) for site_id, index in index_of.items()}
        for step in steps:
            for site in step.added:
                if site.site_id in n_hpc or not site.name.isprintable():
                    msg = "a site with a key that another one has, or with a name that none gets"
                    raise ValueError(msg)
                n_hpc[site.site_id] = 0
            if unknown := {*step.points, *step.connections_kw} - n_hpc.keys():
                msg = f"sites {sorted(unknown)} are none of the plan"
                raise ValueError(msg)
            for site_id, points in step.points.items():
                _refuse_points(site_id, points.n_hpc, points.n_lpc)
                n_hpc[site_id] = points.n_hpc
            for connection_kw in step.connections_kw.values():
                if connection_kw is not None:
                    _refuse_connection(connection_kw)
            _refuse_none(n_hpc.values())
        return cls(opened, steps, min(max(n_done, 0), len(steps)))

    @property
    def now(self) -> ChangedPlan:
        """The plan with the changes that hold."""
        steps = tuple(self.steps[: self.n_done])
        if self._now is None or self._now.steps != steps:
            self._now = ChangedPlan(self.opened, steps)
        return self._now

    def give(
        self,
        site_ids: Sequence[str],
        n_hpc: int | None = None,
        n_lpc: int | None = None,
        connection_kw: float | None = None,
    ) -> None:
        """Let some sites have so many points, and such a grid connection.

        Parameters
        ----------
        n_hpc, n_lpc : int, optional
            As many as before where they are not given. A site without high-power points is closed
            and has no overnight points, unless it has those alone in the plan and they are all that
            is changed; one that is opened again has those of the plan.
        connection_kw : float, optional
            kW; as before by default. How many points it carries is told, not forced.

        Raises
        ------
        InputDataError
            If a site is not one of the plan, or the numbers are none of points or connections.
        """
        now, known = self.now, self._known(site_ids)
        if connection_kw is not None:
            _refuse_connection(connection_kw)
        self._do(
            {each: _given(now, each, now.points(each), n_hpc=n_hpc, n_lpc=n_lpc) for each in known},
            {} if connection_kw is None else dict.fromkeys(known, connection_kw),
        )

    def give_more(self, site_ids: Sequence[str], n_hpc: int = 0, n_lpc: int = 0) -> None:
        """Let some sites have so many points more, or fewer where the numbers are negative.

        Closed sites stay closed, and none is closed by it: it keeps one high-power point.
        """
        now = self.now
        before = {each: now.points(each) for each in self._known(site_ids)}
        self._do(
            {
                site_id: _given(
                    now,
                    site_id,
                    points,
                    n_hpc=max(1, points.n_hpc + n_hpc),
                    n_lpc=max(0, points.n_lpc + n_lpc),
                )
                for site_id, points in before.items()
                if points.n_hpc
            }
        )

    def give_back(self, site_ids: Sequence[str]) -> None:
        """Let some sites have what they have in the plan: added ones no points."""
        now, known = self.now, self._known(site_ids)
        self._do({each: now.points_before(each) for each in known}, dict.fromkeys(known))

    def place_near(self, lon: float, lat: float) -> tuple[PlaceOnRoad, Points]:
        """The place on a road that a new site would have, and the points of its next neighbour.

        Parameters
        ----------
        lon, lat : float
            Degrees, EPSG:4326.

        Raises
        ------
        InputDataError
            If no road is near.
        """
        place = place_on_road(self.opened.run.graph, lon, lat)
        now = self.now
        is_open = now.layout.n_hpc > 0
        sites = now.sites
        nearest = nearest_points(
            sites.lon[is_open],
            sites.lat[is_open],
            np.array([place.lon]),
            np.array([place.lat]),
            _ANYWHERE_KM,
        )
        return place, Points.of(now.layout, int(np.flatnonzero(is_open)[nearest[0]]))

    def add(
        self,
        lon: float,
        lat: float,
        n_hpc: int,
        n_lpc: int = 0,
        name: str = "",
        connection_kw: float | None = None,
    ) -> str:
        """Add a site on the road that is nearest.

        Parameters
        ----------
        lon, lat : float
            Degrees, EPSG:4326.
        n_hpc : int
            High-power points, >= 1.
        name : str
            By default that of its road and the place that is nearest there.
        connection_kw : float, optional
            Grid connection, kW; not known by default.

        Returns
        -------
        str
            Its key.

        Raises
        ------
        InputDataError
            If no road is near, or the numbers are none of points or connections.
        """
        now, place = self.now, place_on_road(self.opened.run.graph, lon, lat)
        name = _plain_name(name) or _plain_name(place.name)
        _refuse_points(name, n_hpc, n_lpc, least_hpc=1)
        if connection_kw is not None:
            _refuse_connection(connection_kw)
        site = AddedSite(
            _other_than("new", now.index_of, "-", first=1),
            _other_than(name, {str(each) for each in now.sites.name}, " "),
            place.road,
            place.lon,
            place.lat,
        )
        connected = {} if connection_kw is None else {site.site_id: connection_kw}
        self._do({site.site_id: Points(n_hpc, n_lpc)}, connected, (site,))
        return site.site_id

    def take_over(self, layout: ChargerLayout) -> None:
        """Take the points of a whole layout."""
        now = self.now
        self._do({site: Points.of(layout, index) for site, index in now.index_of.items()})

    def undo(self) -> None:
        """Take the last change back, where there is one."""
        self.n_done = max(0, self.n_done - 1)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self.n_done = min(len(self.steps), self.n_done + 1)

    def _known(self, site_ids: Iterable[str]) -> list[str]:
        asked = list(dict.fromkeys(site_ids))
        self.now.refuse_unknown(asked)
        return asked

    def _do(
        self,
        points: Mapping[str, Points],
        connections_kw: Mapping[str, float | None] | None = None,
        added: tuple[AddedSite, ...] = (),
    ) -> None:
        """Make a change; one that changes nothing is none."""
        now = self.now
        connections = dict(now.edited_sites.connections_kw)
        are_new = {each.site_id for each in added}
        new = {
            each: given
            for each, given in points.items()
            if each in are_new or given != now.points(each)
        }
        connected = {
            each: kw for each, kw in (connections_kw or {}).items() if kw != connections.get(each)
        }
        if not new and not connected:
            return
        step = Step(new, connected, added)
        changed = ChangedPlan(self.opened, (*now.steps, step))
        _refuse_none(changed.layout.n_hpc)
        self.steps = [*now.steps, step]
        self.n_done = len(self.steps)


def _given(
    now: ChangedPlan, site_id: str, before: Points, *, n_hpc: int | None, n_lpc: int | None
) -> Points:
    """What a site has when it is given some points."""
    hpc = before.n_hpc if n_hpc is None else n_hpc
    of_plan = now.points_before(site_id)
    usual = before.n_lpc if before.n_hpc else of_plan.n_lpc
    may_lack_hpc = of_plan.n_hpc == 0 < of_plan.n_lpc and n_lpc is not None
    is_closed = hpc == 0 and not may_lack_hpc
    lpc = 0 if is_closed else usual if n_lpc is None else n_lpc
    _refuse_points(str(now.sites.name[now.index_of[site_id]]), hpc, lpc)
    return Points(hpc, lpc)


def _refuse_points(name: str, n_hpc: int, n_lpc: int, least_hpc: int = 0) -> None:
    for number, least in ((n_hpc, least_hpc), (n_lpc, 0)):
        if not least <= number <= MOST_POINTS:
            msg = f"{name}: expected {least} to {MOST_POINTS:,} points, found {number}"
            raise InputDataError(msg)


def _refuse_none(n_hpc: Iterable[int]) -> None:
    if not any(n_hpc):
        msg = "expected at least one high-power point in all, found none"
        raise InputDataError(msg)


def _refuse_connection(connection_kw: float) -> None:
    least_mw, most_mw = (kw / 1000.0 for kw in PLAUSIBLE_KW)
    if not PLAUSIBLE_KW[0] <= connection_kw <= PLAUSIBLE_KW[1]:
        msg = (
            f"expected a grid connection of {least_mw:g} to {most_mw:g} MW, found "
            f"{connection_kw / 1000.0:g} MW"
        )
        raise InputDataError(msg)


def _plain_name(name: str) -> str:
    """A name on one line, of bounded length, without what no table holds."""
    plain = "".join(each for each in " ".join(name.split()) if each.isprintable())
    return plain[:_MOST_NAME_SIGNS]


def _other_than(
    wanted: str, taken: Mapping[str, int] | set[str], between: str, first: int | None = None
) -> str:
    """A name that is not taken: the wanted one with a number behind it, where it needs one."""
    number, name = first or 2, wanted if first is None else f"{wanted}{between}{first}"
    while name in taken:
        name = f"{wanted}{between}{number}"
        number += 1
    return name

"""Somebody's changes of an opened plan, step by step, there and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.errors import InputDataError
from planner.layouts.changed_plan import ChangedPlan
from planner.layouts.edited_sites import AddedSite
from planner.layouts.editing import Points, Step
from planner.layouts.given_points import (
    WantedPoints,
    given_points,
    more_points,
    refuse_classes,
    refuse_connection,
    refuse_none,
    refuse_points,
)
from planner.network.new_site import place_on_road
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planner.layouts.editing import OpenedPlan
    from planner.network.new_site import PlaceOnRoad
    from planner.said import Said
    from planner.simulation.class_queues import ClassLayout

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
            If numbers are none of points or connections, or of a class that there is not.
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
                refuse_points(site_id, points)
                refuse_classes(opened, site_id, points)
                n_hpc[site_id] = points.n_hpc
            for connection_kw in step.connections_kw.values():
                if connection_kw is not None:
                    refuse_connection(connection_kw)
            refuse_none(n_hpc.values())
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
        *,
        n_fast: int | None = None,
        n_slow: int | None = None,
    ) -> None:
        """Let some sites have so many points, and such a grid connection.

        Parameters
        ----------
        n_hpc, n_lpc : int, optional
            As many as before where they are not given. A site without high-power points is closed
            and has no overnight points, unless it has those alone in the plan and they are all that
            is changed; one that is opened again has those of the plan. Of two classes ``n_hpc`` is
            both together: those of the slower one stay, as far as they are no more.
        n_fast, n_slow : int, optional
            High-power points of the faster and of the slower class, in place of ``n_hpc``; as many
            as before where only one of them is given.
        connection_kw : float, optional
            kW; as before by default. How many points it carries is told, not forced.

        Raises
        ------
        InputDataError
            If a site is not one of the plan, the numbers are none of points or connections, or
            there is one class of points.
        """
        now, known = self.now, self._known(site_ids)
        if connection_kw is not None:
            refuse_connection(connection_kw)
        wanted = WantedPoints(n_hpc, n_lpc, n_fast, n_slow)
        self._do(
            {each: given_points(now, each, now.points(each), wanted) for each in known},
            {} if connection_kw is None else dict.fromkeys(known, connection_kw),
        )

    def give_more(
        self, site_ids: Sequence[str], n_hpc: int = 0, n_lpc: int = 0, n_slow: int = 0
    ) -> None:
        """Let some sites have so many points more, or fewer where the numbers are negative.

        Closed sites stay closed, and none is closed by it: it keeps one high-power point.

        Parameters
        ----------
        n_hpc : int
            High-power points; of two classes those of the faster one.
        n_slow : int
            High-power points of the slower class.
        """
        now = self.now
        before = {each: now.points(each) for each in self._known(site_ids)}
        self._do(
            {
                site_id: given_points(
                    now,
                    site_id,
                    points,
                    WantedPoints(
                        None, max(0, points.n_lpc + n_lpc), *more_points(points, n_hpc, n_slow)
                    ),
                )
                for site_id, points in before.items()
                if points.n_hpc
            }
        )

    def give_back(self, site_ids: Sequence[str]) -> None:
        """Let some sites have what they have in the plan: added ones no points."""
        now, known = self.now, self._known(site_ids)
        self._do({each: now.points_before(each) for each in known}, dict.fromkeys(known))

    def place_near(self, lon: float, lat: float) -> PlaceOnRoad:
        """The place on a road that a new site would have.

        Parameters
        ----------
        lon, lat : float
            Degrees, EPSG:4326.

        Raises
        ------
        InputDataError
            If no road is near.
        """
        return place_on_road(self.opened.run.graph, lon, lat)

    def add(
        self,
        lon: float,
        lat: float,
        n_hpc: int | None = None,
        n_lpc: int | None = 0,
        name: str = "",
        connection_kw: float | None = None,
        *,
        n_slow: int = 0,
    ) -> tuple[str, tuple[Said, ...]]:
        """Add a site on the road that is nearest.

        Parameters
        ----------
        lon, lat : float
            Degrees, EPSG:4326.
        n_hpc : int, optional
            High-power points, >= 1; by default as many as it needs, see
            :func:`~planner.layouts.needed_points.needed_points`.
        n_lpc : int or None
            Overnight points; None for as many as it needs.
        n_slow : int
            Those high-power points that are of the slower class, where they are given.
        name : str
            By default that of its road and the place that is nearest there.
        connection_kw : float, optional
            Grid connection, kW; not known by default.

        Returns
        -------
        str
            Its key.
        tuple of Said
            How many points it needs, where that was asked.

        Raises
        ------
        InputDataError
            If no road is near, or the numbers are none of points or connections.
        """
        now, place = self.now, self.place_near(lon, lat)
        name = _plain_name(name) or _plain_name(place.name)
        points = Points(1 if n_hpc is None else n_hpc, n_lpc or 0, n_slow)
        refuse_points(name, points, least_hpc=1)
        refuse_classes(self.opened, name, points)
        if connection_kw is not None:
            refuse_connection(connection_kw)
        site = AddedSite(
            _other_than("new", now.index_of, "-", first=1),
            _other_than(name, {str(each) for each in now.sites.name}, " "),
            place.road,
            place.lon,
            place.lat,
        )
        connected = {} if connection_kw is None else {site.site_id: connection_kw}
        told: tuple[Said, ...] = ()
        if n_hpc is None or n_lpc is None:
            step = Step({site.site_id: points}, connected, (site,))
            with_it = ChangedPlan(self.opened, (*now.steps, step))
            points, told = with_it.needed(site.site_id, n_lpc=n_lpc, keeps_hpc=n_hpc is not None)
        self._do({site.site_id: points}, connected, (site,))
        return site.site_id, told

    def on(self, opened: OpenedPlan) -> EditedPlan:
        """The same changes of the same plan with points of one class more, or of one alone.

        Changes that are undone end before the first one that the plan cannot have.

        Raises
        ------
        InputDataError
            If changes that hold set points of a class that there is not.
        """
        if opened.classes is not None:
            return EditedPlan(opened, list(self.steps), self.n_done)
        if self.needs_classes is not None:
            raise InputDataError(self.needs_classes)
        return EditedPlan(opened, self.steps[: self._n_of_one_class], self.n_done)

    @property
    def needs_classes(self) -> Said | None:
        """Why there cannot be points of one class alone."""
        if self._n_of_one_class >= self.n_done:
            return None
        return said(
            "points of one class: some of the slower class stand in your changes; undo those first"
        )

    @property
    def _n_of_one_class(self) -> int:
        """Steps before the first one with points of the slower class."""
        of_both = (
            number
            for number, step in enumerate(self.steps)
            if any(points.n_slow for points in step.points.values())
        )
        return next(of_both, len(self.steps))

    def take_over(self, layout: ClassLayout) -> None:
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
        refuse_none(changed.layout.n_hpc)
        self.steps = [*now.steps, step]
        self.n_done = len(self.steps)


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

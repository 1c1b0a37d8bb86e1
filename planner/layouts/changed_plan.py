"""A plan with the changes that hold: its sites and points, and what trucks meet there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import InputDataError, quoted
from planner.layouts.assumed_classes import assumption
from planner.layouts.beyond_limits import beyond_limits
from planner.layouts.edited_sites import EditedSites
from planner.layouts.editing import Points
from planner.layouts.layout_reading import read_layout
from planner.layouts.met_by_class import HOW_LEARNED, HOW_TAKEN, begun_with
from planner.layouts.needed_points import needed_points
from planner.optimization.class_columns import N_SLOW
from planner.said import counted, said
from planner.simulation.class_queues import ClassLayout

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.layouts.editing import OpenedPlan, Step
    from planner.layouts.evaluated import EvaluatedLayout
    from planner.layouts.layout_reading import GivenLayout
    from planner.layouts.trial import Trial
    from planner.network.sites import Sites
    from planner.plan.site_course import SiteCourse
    from planner.said import Said


@dataclass(frozen=True)
class ChangedPlan:
    """A plan with the changes that hold.

    Parameters
    ----------
    opened : OpenedPlan
        The plan before.
    steps : tuple of Step
        What was changed, the first change first.
    """

    opened: OpenedPlan
    steps: tuple[Step, ...]

    @cached_property
    def edited_sites(self) -> EditedSites:
        """What is otherwise at the sites of the run."""
        added = tuple(site for step in self.steps for site in step.added)
        connections: dict[str, float | None] = {}
        for step in self.steps:
            connections |= step.connections_kw
        known = ((site_id, kw) for site_id, kw in connections.items() if kw is not None)
        return EditedSites(added, tuple(sorted(known)))

    @cached_property
    def sites(self) -> Sites:
        """Sites of the run and those that are added, with their connections."""
        return self.opened.sites_with(self.edited_sites)

    @cached_property
    def index_of(self) -> dict[str, int]:
        """Position of each site by its key."""
        n_before = len(self.opened.index_of)
        added = self.edited_sites.added
        return self.opened.index_of | {e.site_id: n_before + i for i, e in enumerate(added)}

    @cached_property
    def trial(self) -> Trial:
        """Layouts of these sites tried on the trucks of the run."""
        return self.opened.trial(self.edited_sites.added)

    @property
    def plan(self) -> ClassLayout:
        """Points of the plan before; none at added sites."""
        return self.trial.plan

    @cached_property
    def layout(self) -> ClassLayout:
        """Points of all sites."""
        plan = self.plan
        n_fast, n_slow, n_lpc = plan.n_fast.copy(), plan.n_slow.copy(), plan.n_lpc.copy()
        for step in self.steps:
            for site_id, points in step.points.items():
                index = self.index_of[site_id]
                n_fast[index], n_slow[index] = points.n_fast, points.n_slow
                n_lpc[index] = points.n_lpc
        return ClassLayout(n_fast, n_slow, n_lpc)

    @cached_property
    def changed(self) -> dict[str, Points]:
        """Points of sites that had others in the plan before, by the sites' keys."""
        plan, layout = self.plan, self.layout
        differs = (layout.n_fast != plan.n_fast) | (layout.n_slow != plan.n_slow)
        differs |= layout.n_lpc != plan.n_lpc
        return {site_id: self.points(site_id) for site_id in map(str, self.sites.site_id[differs])}

    @property
    def otherwise(self) -> list[str]:
        """Keys of all sites at which anything is otherwise than in the plan before."""
        keys = {*self.changed, *(key for key, _ in self.edited_sites.connections_kw)}
        return sorted(keys, key=lambda key: self.index_of[key])

    def refuse_unknown(self, site_ids: Iterable[str]) -> None:
        """Refuse keys of which no site is one of the plan, nor added.

        Raises
        ------
        InputDataError
            If there is one.
        """
        for site_id in sorted(site_ids):
            if site_id not in self.index_of:
                msg = said(
                    "expected keys of sites of the plan, found {site_id}", site_id=quoted(site_id)
                )
                raise InputDataError(msg)

    def points(self, site_id: str) -> Points:
        """Points of a site."""
        return Points.of(self.layout, self.index_of[site_id])

    def points_before(self, site_id: str) -> Points:
        """Points of a site in the plan before."""
        return Points.of(self.plan, self.index_of[site_id])

    def names(self, which: NDArray[np.bool_]) -> list[str]:
        """Names of the sites of a mask."""
        return [str(name) for name in self.sites.name[which]]

    @property
    def is_closed(self) -> NDArray[np.bool_]:
        """Sites without points that trucks of the run stop at, (n_sites,)."""
        return self.trial.closed_by(self.layout)

    @property
    def is_beyond(self) -> NDArray[np.bool_]:
        """Sites with more points than power or space allow, or fewer than stand, (n_sites,)."""
        return beyond_limits(self.opened.run.scenario, self.sites, self.layout)

    @property
    def is_new(self) -> NDArray[np.bool_]:
        """Sites that the run does not have, and that have points, (n_sites,)."""
        return np.asarray(self.trial.is_added & (self.layout.n_hpc > 0))

    def evaluated(self, *, learn_queues: bool = False) -> EvaluatedLayout:
        """What the trucks of the run meet."""
        edited = self.edited_sites
        met = self.opened.at(self.layout, edited.added, learn_queues=learn_queues)
        return met.connected(self.sites) if edited.connections_kw else met

    def course(self, *, learn_queues: bool = False) -> SiteCourse:
        """How queues grow and clear at all sites, of both classes of points together."""
        trial, layout = self.trial, self.layout
        if learn_queues:
            return trial.learned_trucks(layout).course(layout)
        return trial.trucks_of(layout).course(layout)

    def needed(
        self, site_id: str, *, n_lpc: int | None, keeps_hpc: bool
    ) -> tuple[Points, tuple[Said, ...]]:
        """Points that an added site needs of kinds that it is not given, and why so many."""
        index = self.index_of[site_id]
        is_asked = np.arange(self.sites.n_sites) == index
        needed = needed_points(
            self.trial,
            self.layout,
            is_asked,
            self.sites,
            n_lpc=n_lpc,
            keeps_hpc=keeps_hpc,
        )
        return Points.of(needed.layout, index), needed.told

    @property
    def kept_sites(self) -> EditedSites:
        """What is otherwise at the sites, without added ones that have no points."""
        gone = {e.site_id for e in self.edited_sites.added if not self.points(e.site_id).n_hpc}
        return EditedSites(
            tuple(each for each in self.edited_sites.added if each.site_id not in gone),
            tuple(each for each in self.edited_sites.connections_kw if each[0] not in gone),
        )

    def read(self, path: Path) -> GivenLayout:
        """Read a table of points of these sites, as ``planner evaluate`` does.

        Raises
        ------
        InputDataError
            See :func:`~planner.layouts.layout_reading.read_layout`.
        """
        n_hpc, n_lpc = self.plan.n_hpc, self.plan.n_lpc.astype(np.int64)
        return read_layout(
            path,
            self.sites.site_id,
            n_lpc,
            lpc_alone=(n_hpc == 0) & (n_lpc > 0),
            classes=self.opened.classes,
        )

    def table(self) -> pd.DataFrame:
        """The layout as ``planner evaluate`` reads it.

        Returns
        -------
        DataFrame
            ``site_id``, ``n_hpc``, of these ``n_slow`` where there are two classes, ``n_lpc``.
        """
        kept = ~self.trial.is_added | self.is_new
        layout = self.layout
        of_classes = {} if self.opened.classes is None else {N_SLOW.name: layout.n_slow[kept]}
        return pd.DataFrame(
            {
                "site_id": self.sites.site_id[kept],
                "n_hpc": layout.n_hpc[kept],
                **of_classes,
                "n_lpc": layout.n_lpc[kept],
            }
        )

    def notes(self, *, knows_queues: bool) -> list[Said]:
        """What to know of the figures of the layout, with trucks that know its queues or not."""
        closed, added = self.names(self.is_closed), self.names(self.is_new)
        beyond = self.names(self.is_beyond)
        notes = []
        if closed:
            notes.append(
                said(
                    "Closed: {sites}. Trucks that stopped there have planned their stops anew.",
                    sites=closed,
                )
            )
        if added:
            notes.append(
                said(
                    "Added: {sites}. All trucks have planned their stops anew with what is there.",
                    sites=added,
                )
            )
        if not (closed or added or knows_queues):
            notes.append(
                said(
                    "Trucks set out, and stop, as in the run; waits delay them. Where these grow "
                    "long, many would stop elsewhere: let trucks plan anew."
                )
            )
        notes += self._notes_of_kinds(knows_queues=knows_queues)
        if beyond:
            notes.append(
                counted(
                    len(beyond),
                    "{n} site has more points than its power or space allows, or fewer than stand "
                    "there: {sites}.",
                    "{n} sites have more points than their power or space allows, or fewer than "
                    "stand there: {sites}.",
                    sites=beyond,
                )
            )
        return notes

    def _notes_of_kinds(self, *, knows_queues: bool) -> list[Said]:
        """What overnight points, and points of a slower class, do and do not."""
        notes = [*assumption(self.opened.run)]
        if (self.layout.n_lpc != self.plan.n_lpc).any():
            notes.append(
                said(
                    "Overnight points: a truck that finds none free rests unplugged, then waits "
                    "for a high-power point of the site."
                )
            )
        if self.opened.classes is not None and self.layout.n_slow.any():
            notes += [HOW_TAKEN, HOW_LEARNED] if knows_queues else [HOW_TAKEN]
        return [*notes, *begun_with(int(np.count_nonzero(self.plan.n_slow)))]

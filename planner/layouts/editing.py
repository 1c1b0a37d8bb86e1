"""A plan of a finished run, open for changes: points of its sites, step by step, there and back.

After every step the nation is simulated again on the trucks of the run, as ``planner evaluate``
does it: trucks arrive at their first stops as in the run, and wait and drive on as the queues let
them. Only where a site is closed that they stop at do they plan their stops anew.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import InputDataError, quoted
from planner.layouts.layout_reading import MOST_POINTS
from planner.layouts.trial import Trial, beyond_limits
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.site_course import site_course
from planner.said import counted, said
from planner.simulation.queues import ChargerLayout, simulate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from planner.layouts.evaluated import EvaluatedLayout
    from planner.plan.site_course import SiteCourse
    from planner.runs.progress import ProgressListener
    from planner.said import Said

_KEPT = 24
"""Layouts whose figures stay in memory: there and back a few steps costs nothing."""

ONE_AT_A_TIME = RLock()
"""Layouts of all plans: kernels use all cores, and not every system lets two threads start some."""


@dataclass(frozen=True, slots=True)
class Points:
    """Points of a site.

    Parameters
    ----------
    n_hpc, n_lpc : int
        High-power and overnight points, >= 0; without high-power points a site is closed, unless
        it has overnight points alone in the plan.
    """

    n_hpc: int
    n_lpc: int


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a plan: what some sites have from here on.

    Parameters
    ----------
    points : mapping of str to Points
        By the sites' keys.
    """

    points: Mapping[str, Points]


class OpenedPlan:
    """A plan of a finished run with its trucks in memory, for any number of people who change it.

    Parameters
    ----------
    run_dir : pathlib.Path
        A finished run.
    solution : str
        Its named solution, or its number as text.
    listener : ProgressListener
        Told where trucks plan anew.

    Raises
    ------
    RunDirectoryError
        If the folder is not a run, or its inputs have changed.
    """

    def __init__(
        self, run_dir: Path, listener: ProgressListener, solution: str = DEFAULT_SOLUTION
    ) -> None:
        self.run_dir, self.solution = run_dir, solution
        self.run = read_finished_run(run_dir, PLAN).on_roads(solution)
        self._trial = Trial(self.run, run_dir, listener)
        self.plan = self._trial.plan
        self.index_of = {str(site_id): i for i, site_id in enumerate(self.run.sites.site_id)}
        self._known: OrderedDict[tuple[bytes, bytes, bool], EvaluatedLayout] = OrderedDict()

    def at(self, layout: ChargerLayout, *, learn_queues: bool = False) -> EvaluatedLayout:
        """What the trucks of the run meet at a layout.

        Parameters
        ----------
        learn_queues : bool
            Whether they know its queues and stop elsewhere where they gain by it.
        """
        key = (layout.n_hpc.tobytes(), layout.n_lpc.tobytes(), learn_queues)
        with ONE_AT_A_TIME:
            if key not in self._known:
                self._known[key] = (
                    self._trial.learned(layout, said("trucks know it"))
                    if learn_queues
                    else self._at_once(layout)
                )
            self._known.move_to_end(key)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
            return self._known[key]

    def _at_once(self, layout: ChargerLayout) -> EvaluatedLayout:
        """What trucks meet that do not know the queues.

        Queues are checked at the plan, and at a layout when it is kept; in between nobody waits
        for that.
        """
        trucks, is_plan = self._trial.trucks_of(layout), layout is self.plan
        return trucks.at(layout, said("your layout"), is_checked=is_plan)

    @cached_property
    def course(self) -> SiteCourse:
        """How the queues of the plan grow and clear at its sites."""
        with ONE_AT_A_TIME:
            demand = self._trial.trucks.demand
            return site_course(demand, simulate(demand, self.plan))

    def closed_by(self, layout: ChargerLayout) -> tuple[str, ...]:
        """Keys of sites without points that trucks of the run stop at."""
        return tuple(map(str, self.run.sites.site_id[self._trial.closed_by(layout)]))

    def beyond_limits(self, layout: ChargerLayout) -> tuple[str, ...]:
        """Keys of sites with more points than power or space allow, or fewer than stand there."""
        beyond = beyond_limits(self.run.scenario, self.run.sites, layout)
        return tuple(map(str, self.run.sites.site_id[beyond]))

    def points_at(self, layout: ChargerLayout, site_id: str) -> Points:
        """Points of a site in a layout."""
        index = self.index_of[site_id]
        return Points(int(layout.n_hpc[index]), int(layout.n_lpc[index]))


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

    @property
    def layout(self) -> ChargerLayout:
        """Points of all sites of the run with the changes that hold."""
        plan = self.opened.plan
        n_hpc, n_lpc = plan.n_hpc.copy(), plan.n_lpc.copy()
        for step in self.steps[: self.n_done]:
            for site_id, points in step.points.items():
                index = self.opened.index_of[site_id]
                n_hpc[index], n_lpc[index] = points.n_hpc, points.n_lpc
        return ChargerLayout(n_hpc, n_lpc)

    @property
    def changed(self) -> dict[str, Points]:
        """What differs from the plan before, by the sites' keys."""
        plan, layout = self.opened.plan, self.layout
        differs = (layout.n_hpc != plan.n_hpc) | (layout.n_lpc != plan.n_lpc)
        sites = self.opened.run.sites.site_id[differs]
        return {str(site_id): self.opened.points_at(layout, str(site_id)) for site_id in sites}

    def give(self, site_ids: Sequence[str], n_hpc: int | None, n_lpc: int | None = None) -> None:
        """Let some sites have so many points.

        Parameters
        ----------
        n_hpc, n_lpc : int, optional
            As many as before where they are not given. A site without high-power points is closed
            and has no overnight points, unless it has those alone in the plan and they are all that
            is changed; one that is opened again has those of the plan.

        Raises
        ------
        InputDataError
            If a site is not one of the run, or the numbers are none of points.
        """
        layout = self.layout
        self._do(
            {
                site_id: self._given(
                    site_id, self.opened.points_at(layout, site_id), n_hpc=n_hpc, n_lpc=n_lpc
                )
                for site_id in self._known(site_ids)
            }
        )

    def give_more(self, site_ids: Sequence[str], n_hpc: int = 0, n_lpc: int = 0) -> None:
        """Let some sites have so many points more, or fewer where the numbers are negative.

        Closed sites stay closed, and none is closed by it: it keeps one high-power point.
        """
        layout = self.layout
        before = {each: self.opened.points_at(layout, each) for each in self._known(site_ids)}
        self._do(
            {
                site_id: self._given(
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
        """Let some sites have what they have in the plan."""
        plan = self.opened.plan
        self._do({each: self.opened.points_at(plan, each) for each in self._known(site_ids)})

    def take_over(self, layout: ChargerLayout) -> None:
        """Take the points of a whole layout."""
        sites = self.opened.run.sites.site_id
        self._do({str(each): self.opened.points_at(layout, str(each)) for each in sites})

    def undo(self) -> None:
        """Take the last change back, where there is one."""
        self.n_done = max(0, self.n_done - 1)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self.n_done = min(len(self.steps), self.n_done + 1)

    def table(self) -> pd.DataFrame:
        """The layout as ``planner evaluate`` reads it: ``site_id``, ``n_hpc``, ``n_lpc``."""
        layout = self.layout
        return pd.DataFrame(
            {
                "site_id": self.opened.run.sites.site_id,
                "n_hpc": layout.n_hpc,
                "n_lpc": layout.n_lpc,
            }
        )

    def notes(self) -> list[Said]:
        """What to know of the figures of the layout."""
        layout = self.layout
        closed = [self._name(each) for each in self.opened.closed_by(layout)]
        beyond = [self._name(each) for each in self.opened.beyond_limits(layout)]
        notes = []
        if closed:
            notes.append(
                said(
                    "Closed: {sites}. Trucks that stopped there have planned their stops anew.",
                    sites=closed,
                )
            )
        else:
            notes.append(said("Trucks set out, and stop, as in the run; waits delay them."))
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

    def _name(self, site_id: str) -> str:
        return str(self.opened.run.sites.name[self.opened.index_of[site_id]])

    def _known(self, site_ids: Iterable[str]) -> list[str]:
        asked = list(dict.fromkeys(site_ids))
        for site_id in asked:
            if site_id not in self.opened.index_of:
                msg = f"expected keys of sites of the run, found {quoted(site_id)}"
                raise InputDataError(msg)
        return asked

    def _given(
        self, site_id: str, before: Points, *, n_hpc: int | None, n_lpc: int | None
    ) -> Points:
        """What a site has when it is given some points."""
        hpc = before.n_hpc if n_hpc is None else n_hpc
        of_plan = self.opened.points_at(self.opened.plan, site_id)
        usual = before.n_lpc if before.n_hpc else of_plan.n_lpc
        may_lack_hpc = of_plan.n_hpc == 0 < of_plan.n_lpc and n_lpc is not None
        is_closed = hpc == 0 and not may_lack_hpc
        lpc = 0 if is_closed else usual if n_lpc is None else n_lpc
        for number in (hpc, lpc):
            if not 0 <= number <= MOST_POINTS:
                msg = f"{self._name(site_id)}: expected 0 to {MOST_POINTS:,} points, found {number}"
                raise InputDataError(msg)
        return Points(hpc, lpc)

    def _do(self, points: dict[str, Points]) -> None:
        """Make a change; one that changes nothing is none."""
        layout = self.layout
        new = {
            each: given
            for each, given in points.items()
            if given != self.opened.points_at(layout, each)
        }
        if not new:
            return
        rest = np.setdiff1d(np.flatnonzero(layout.n_hpc), [self.opened.index_of[e] for e in new])
        if not len(rest) and not any(given.n_hpc for given in new.values()):
            msg = "expected at least one high-power point in all, found none"
            raise InputDataError(msg)
        self.steps = [*self.steps[: self.n_done], Step(new)]
        self.n_done = len(self.steps)

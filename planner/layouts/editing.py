"""A plan of a finished run, open for changes: points of its sites, step by step, there and back.

After every step the nation is simulated again on the trucks of the run, as ``planner evaluate``
does it: trucks arrive at their first stops as in the run, and wait and drive on as the queues let
them. Only where a site is closed that they stop at, or one is added, do they plan their stops anew.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  # pydantic reads the annotations
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from planner.layouts.assumed_classes import are_assumed, with_assumed_classes
from planner.layouts.beyond_limits import powers_kw
from planner.layouts.edited_sites import AddedSite, EditedSites
from planner.layouts.trial import Trial
from planner.network.grid_limits import hpc_carried_by_grid
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.site_course import site_course
from planner.runs.computed_once import ComputedOnce
from planner.said import said
from planner.simulation.queues import simulate

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from planner.layouts.evaluated import EvaluatedLayout
    from planner.network.sites import Sites
    from planner.plan.site_course import SiteCourse
    from planner.runs.progress import ProgressListener
    from planner.scenario.charger_classes import TwoClasses
    from planner.simulation.class_queues import ClassLayout

_KEPT, _KEPT_TRIALS = 24, 8
"""Layouts whose figures stay in memory: there and back a few steps costs nothing; sets of added
sites whose trucks do."""
_OF_PLAN, _OF_CHANGES = "Replanning in the plan", "Replanning with your changes"


@dataclass(frozen=True, slots=True)
class Points:
    """Points of a site.

    Parameters
    ----------
    n_hpc, n_lpc : int
        High-power and overnight points, >= 0; without high-power points a site is closed, unless
        it has overnight points alone in the plan.
    n_slow : int
        High-power points of the slower class, of ``n_hpc``; 0 where there is one class.
    """

    n_hpc: int
    n_lpc: int
    n_slow: int = 0

    @property
    def n_fast(self) -> int:
        """High-power points of the faster class."""
        return self.n_hpc - self.n_slow

    @classmethod
    def of(cls, layout: ClassLayout, index: int) -> Points:
        """Points of a site of a layout."""
        return cls(int(layout.n_hpc[index]), int(layout.n_lpc[index]), int(layout.n_slow[index]))


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a plan: what some sites have from here on.

    Parameters
    ----------
    points : mapping of str to Points
        By the sites' keys.
    connections_kw : mapping of str to float or None
        Grid connections by the sites' keys, kW; None is that of the run.
    added : tuple of AddedSite
        Sites that are there from here on.
    """

    points: Mapping[str, Points]
    connections_kw: Mapping[str, float | None] = field(default_factory=dict)
    added: tuple[AddedSite, ...] = ()


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
    trial : Trial, optional
        Its trucks, where they are known.
    of_one_class : OpenedPlan, optional
        The same without the classes of points that are assumed here.

    Raises
    ------
    RunDirectoryError
        If the folder is not a run, or its inputs have changed.
    """

    def __init__(
        self,
        run_dir: Path,
        listener: ProgressListener,
        solution: str = DEFAULT_SOLUTION,
        *,
        trial: Trial | None = None,
        of_one_class: OpenedPlan | None = None,
    ) -> None:
        self.run_dir, self.solution = run_dir, solution
        if trial is None:
            trial = Trial(read_finished_run(run_dir, PLAN).on_roads(solution), run_dir, listener)
        self.run, self._trial = trial.run, trial
        self.of_one_class = of_one_class or self
        self.plan = self._trial.plan
        self.index_of = {str(site_id): i for i, site_id in enumerate(self.run.sites.site_id)}
        self._known: ComputedOnce[EvaluatedLayout] = ComputedOnce(_KEPT, trial.listener)
        self._sites: ComputedOnce[Sites] = ComputedOnce(_KEPT, trial.listener)
        self._trials: ComputedOnce[Trial] = ComputedOnce(_KEPT_TRIALS, trial.listener)

    @property
    def classes(self) -> TwoClasses | None:
        """The two classes of high-power points, where the study names them or they are assumed."""
        return self._trial.trucks.classes

    @property
    def assumes_classes(self) -> bool:
        """Whether the study names no classes, and points are set by class all the same."""
        return are_assumed(self.run)

    @property
    def assumed_kw(self) -> float | None:
        """Power of a point of a slower class that is assumed, kW."""
        if not self.assumes_classes or self.classes is None:
            return None
        return self.classes.slow.power_kw

    @cached_property
    def by_class(self) -> OpenedPlan:
        """The same with points of a slower class, which is assumed where the study names none.

        Raises
        ------
        InputDataError
            If the points of the study are no faster than that class.
        """
        if self.classes is not None:
            return self
        trial = self._trial.of_classes(with_assumed_classes(self.run))
        return OpenedPlan(
            self.run_dir, trial.listener, self.solution, trial=trial, of_one_class=self
        )

    def sites_with(self, edited: EditedSites) -> Sites:
        """Sites of the run with what is otherwise at them."""
        return self._sites.get(edited, lambda: edited.at(self.run))

    def trial(self, added: tuple[AddedSite, ...] = ()) -> Trial:
        """Layouts tried on the trucks of the run, where sites were added."""
        if not added:
            return self._trial
        return self._trials.get(added, lambda: self._trial.on(self.sites_with(EditedSites(added))))

    def at(
        self,
        layout: ClassLayout,
        added: tuple[AddedSite, ...] = (),
        *,
        learn_queues: bool = False,
    ) -> EvaluatedLayout:
        """What the trucks of the run meet at a layout.

        Parameters
        ----------
        layout : ClassLayout
            Points of the sites of the run and of those that are added.
        learn_queues : bool
            Whether they know its queues and stop elsewhere where they gain by it.

        Raises
        ------
        InputDataError
            If trucks find no point of a class with their connector.
        """

        def simulated() -> EvaluatedLayout:
            trial, is_plan = self.trial(added), layout is self.plan
            if learn_queues:
                stage = _OF_PLAN if is_plan else _OF_CHANGES
                return trial.learned(layout, said("trucks know it"), stage)
            # Queues are checked at the plan, and at a layout when it is kept; in between
            # nobody waits for that.
            return trial.trucks_of(layout).at(layout, said("your layout"), is_checked=is_plan)

        return self._known.get((layout.key, added, learn_queues), simulated)

    @cached_property
    def course(self) -> SiteCourse:
        """How the queues of the plan grow and clear at its sites, as the run simulated them."""
        demand = self._trial.trucks.demand
        return site_course(demand, simulate(demand, self._trial.of_run))

    def carried(self, connection_kw: NDArray[np.float64]) -> NDArray[np.int32]:
        """High-power points of one class that grid connections carry in the study, by site."""
        return hpc_carried_by_grid(connection_kw, powers_kw(self.run.scenario)[0])

"""Layouts tried on the trucks of a finished run, one after the other."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.layouts.class_trucks import ClassTrucks
from planner.layouts.evaluated import EvaluatedLayout
from planner.layouts.known_layouts import KnownLayouts
from planner.layouts.met_by_class import MetByClass
from planner.layouts.run_trucks import inputs_of_run
from planner.plan.site_course import site_course
from planner.plan.stages import charging_demand, replan_trips
from planner.plan.stops import kept_stops, plan_trips
from planner.plan.trip_schemas import UNSERVED
from planner.plan.trip_tables import unserved_table
from planner.plan.unserved_trips import count_by_reason
from planner.reporting.layout_files import layout_table
from planner.routing.stop_plans import StopKind
from planner.runs.computed_once import ComputedOnce
from planner.runs.progress import of_unit
from planner.said import said
from planner.simulation.class_queues import ClassLayout
from planner.simulation.invariants import check_queues
from planner.simulation.metrics import layout_figures, site_figures
from planner.simulation.queues import ChargerLayout, simulate
from planner.simulation.site_load import site_load

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from planner.network.sites import Sites
    from planner.plan.site_course import SiteCourse
    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.plan.study_inputs import StudyInputs
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import ProgressListener
    from planner.scenario.charger_classes import TwoClasses
    from planner.scenario.model import Scenario
    from planner.simulation.metrics import SiteFigures
    from planner.simulation.queues import ChargingDemand, QueueResult

_KEPT, _KEPT_LEARNED = 8, 1
"""Sets of open sites, and layouts with known queues, whose trucks stay in memory: tens of megabytes
each for a large country."""


@dataclass(frozen=True)
class Trucks:
    """Trucks of a run, the sites that they may use, and where they stop."""

    scenario: Scenario
    sites: Sites
    vehicle_class_idx: NDArray[np.int16]
    plans: StopPlans
    n_trips: int
    unserved_by_reason: dict[str, int]
    of_whole: NDArray[np.bool_]
    """Which sites of whole layouts the sites are, (n_sites of those,)."""

    @cached_property
    def demand(self) -> ChargingDemand:
        """Their stops, laid out for the queues: the same for every layout."""
        return charging_demand(
            self.scenario, self.vehicle_class_idx, self.plans, self.sites.n_sites
        )

    @cached_property
    def _known(self) -> KnownLayouts:
        return KnownLayouts(self.demand)

    @property
    def classes(self) -> TwoClasses | None:
        """The two classes of high-power points, where the study names them."""
        return None if self.by_class is None else self.by_class.classes

    @cached_property
    def by_class(self) -> ClassTrucks | None:
        """The same at points of two classes, where the study names them."""
        if not self.scenario.chargers.classes:
            return None
        return ClassTrucks.of(
            self.scenario, self.vehicle_class_idx, self.sites, self.plans, self.demand
        )

    def at(self, whole: ClassLayout, name: str, *, is_checked: bool = True) -> EvaluatedLayout:
        """What they meet at a layout of all sites.

        Parameters
        ----------
        is_checked : bool
            Whether the queues are held against the laws of conservation, a third of the time.

        Raises
        ------
        InputDataError
            If trucks stop somewhere that have the connector of no point there.
        """
        here = self.here(whole)
        if self.by_class is None:
            return self._at_one_class(here.points, name, is_checked=is_checked)
        met = self.by_class.met(here, is_checked=is_checked)
        demand, result, layout = met.served, met.queues, here.points
        at_sites = site_figures(demand, result, layout)
        load = site_load(demand, result, layout)
        table = layout_table(self.sites, demand, result, layout, at_sites, load)
        by_class = MetByClass(self.by_class.classes, met.whole, met.at_sites)
        table = by_class.beside(table)
        return self._evaluated(name, demand, result, layout, at_sites, table, by_class)

    def course(self, whole: ClassLayout) -> SiteCourse:
        """How queues grow and clear at all sites of a layout, of both classes together.

        Raises
        ------
        InputDataError
            If trucks stop somewhere that have the connector of no point there.
        """
        here = self.here(whole)
        if self.by_class is None:
            course = site_course(self.demand, simulate(self.demand, here.points))
        else:
            met = self.by_class.met(here, is_checked=False)
            course = site_course(met.served, met.queues)
        return course.among(self.of_whole)

    def _at_one_class(
        self, layout: ChargerLayout, name: str, *, is_checked: bool
    ) -> EvaluatedLayout:
        demand, known = self.demand, self._known.at(layout)
        result = known.traced.result
        if is_checked:
            check_queues(self.plans, demand, layout, result)
        table = layout_table(self.sites, demand, result, layout, known.at_sites, known.load)
        return self._evaluated(name, demand, result, layout, known.at_sites, table)

    def _evaluated(
        self,
        name: str,
        demand: ChargingDemand,
        result: QueueResult,
        layout: ChargerLayout,
        at_sites: SiteFigures,
        table: pd.DataFrame,
        by_class: MetByClass | None = None,
    ) -> EvaluatedLayout:
        n_at_hpc = np.bincount(demand.stop_site_idx[result.is_hpc], minlength=demand.n_sites)
        return EvaluatedLayout(
            name=name,
            figures=layout_figures(demand, result, layout),
            sites=table,
            at_sites=at_sites,
            n_visited=int(np.count_nonzero(n_at_hpc)),
            n_trips=self.n_trips,
            unserved_by_reason=self.unserved_by_reason,
            by_class=by_class,
        )

    def here(self, whole: ClassLayout) -> ClassLayout:
        """A layout of all sites, of their own sites alone."""
        return whole.at(self.of_whole)

    def with_plans(self, inputs: StudyInputs, plans: StopPlans) -> Trucks:
        """The same trucks with other stops at their sites."""
        trips = inputs.trips
        counted = np.flatnonzero(trips.is_counted)
        unserved = unserved_table(
            trips.select(trips.is_counted), plans.select(counted), inputs.graph
        )
        by_reason = count_by_reason(unserved["reason"])
        return replace(self, plans=plans, unserved_by_reason=by_reason)


class Trial:
    """Layouts tried on the trucks of a run; its inputs are read where trucks plan anew.

    Parameters
    ----------
    trucks : Trucks, optional
        Its trucks, where they are known.
    inputs : ComputedOnce, optional
        Its inputs, where they may have been read.

    Attributes
    ----------
    sites : Sites
        Sites of the run and, see :meth:`on`, those that are added after them.
    of_run : ChargerLayout
        The plan of the run, as its study simulated it, at its own sites.
    plan : ClassLayout
        The same at these sites; high-power points are of the faster class where the
        study names two, see :meth:`~planner.layouts.class_trucks.ClassTrucks.begun_with`.
    trucks : Trucks
        Those of the run, which know nothing of added sites.
    planned : ComputedOnce
        Those that have planned anew, by which sites are open.
    """

    def __init__(
        self,
        run: SolutionOnRoads,
        run_dir: Path,
        listener: ProgressListener,
        *,
        trucks: Trucks | None = None,
        inputs: ComputedOnce[StudyInputs] | None = None,
    ) -> None:
        self.run, self.run_dir, self.listener = run, run_dir, listener
        self.sites = run.sites
        self.trucks: Trucks = trucks or _trucks_of_run(run)
        self.of_run = ChargerLayout(run.n_hpc.astype(np.int32), run.n_lpc.astype(np.int32))
        by_class = self.trucks.by_class
        self.plan = (
            ClassLayout.of(self.of_run) if by_class is None else by_class.begun_with(self.of_run)
        )
        stops, sites = self.trucks.plans, np.arange(run.sites.n_sites)
        self.is_visited = np.isin(sites, stops.stop_site_idx)
        is_overnight = stops.stop_kind == StopKind.LPC_REST
        self.is_charged_at_hpc = np.isin(sites, stops.stop_site_idx[~is_overnight])
        self._inputs: ComputedOnce[StudyInputs] = inputs or ComputedOnce(listener=listener)
        self.planned: ComputedOnce[Trucks] = ComputedOnce(_KEPT, listener)
        self._learned: ComputedOnce[Trucks] = ComputedOnce(_KEPT_LEARNED, listener)

    def of_classes(self, run: SolutionOnRoads) -> Trial:
        """The same where the study names classes of points; its inputs are read once."""
        trucks = replace(self.trucks, scenario=run.scenario)
        return Trial(run, self.run_dir, self.listener, trucks=trucks, inputs=self._inputs)

    def on(self, sites: Sites) -> Trial:
        """The same with further sites.

        Parameters
        ----------
        sites : Sites
            Those of the run and, after them, those that are added.
        """
        trial = copy(self)
        n_added = sites.n_sites - self.sites.n_sites

        def none_added(values: NDArray[Any]) -> NDArray[Any]:
            return np.concatenate([values, np.zeros(n_added, values.dtype)])

        trial.sites = sites
        plan = self.plan
        trial.plan = ClassLayout(*map(none_added, (plan.n_fast, plan.n_slow, plan.n_lpc)))
        trial.trucks = replace(self.trucks, of_whole=none_added(self.trucks.of_whole))
        trial.is_visited = none_added(self.is_visited)
        trial.is_charged_at_hpc = none_added(self.is_charged_at_hpc)
        trial.planned = ComputedOnce(_KEPT, self.listener)
        trial._learned = ComputedOnce(_KEPT_LEARNED, self.listener)  # noqa: SLF001  # one of ours
        return trial

    @cached_property
    def plan_wait_min(self) -> float:
        """Mean wait of the whole country in the plan, minutes; 0 where nobody charges."""
        met = self.trucks.at(self.plan, said("{plan} plan", plan=self.run.solution))
        return float(np.nan_to_num(met.figures.mean_wait_min))

    @property
    def is_added(self) -> NDArray[np.bool_]:
        """Sites that the run does not have, (n_sites,)."""
        return np.asarray(np.arange(self.sites.n_sites) >= self.run.sites.n_sites)

    def closed_by(self, layout: ClassLayout) -> NDArray[np.bool_]:
        """Sites without points that trucks stop at in the run, (n_sites,).

        Overnight points alone are enough where trucks do nothing but rest: so a run has them.
        """
        lacks = np.where(self.is_charged_at_hpc, layout.n_hpc, layout.n_hpc + layout.n_lpc) == 0
        return np.asarray(lacks & self.is_visited)

    def inputs(self) -> StudyInputs:
        """Roads, sites and trips of the run."""

        def read() -> StudyInputs:
            with self.listener.stage("Reading roads and trips"):
                return inputs_of_run(self.run, self.run_dir)

        return self._inputs.get(None, read)

    def trucks_of(self, layout: ClassLayout) -> Trucks:
        """The trucks, with stops at sites that are open."""
        if not (self.closed_by(layout) | (self.is_added & (layout.n_hpc > 0))).any():
            return self.trucks
        # Trucks that plan anew may charge at any site at which they stop.
        is_open = layout.n_hpc > 0

        def planned() -> Trucks:
            sites = self.sites.select(is_open)
            here = replace(self.inputs(), sites=sites)
            with self.listener.stage("Planning stops") as advance:
                earlier = kept_stops(self.run.scenario, here, self.run_dir)
                plans = plan_trips(self.run.scenario, here, advance, earlier=earlier)
            of_open = replace(self.trucks, sites=sites, of_whole=is_open)
            return of_open.with_plans(here, plans)

        return self.planned.get(is_open.tobytes(), planned)

    def learned(self, layout: ClassLayout, name: str, stage: str = "Replanning") -> EvaluatedLayout:
        """What trucks meet once they know the queues of a layout, see :meth:`learned_trucks`.

        Raises
        ------
        InputDataError
            If trucks stop somewhere that have the connector of no point there, also as they did.
        """
        return self.learned_trucks(layout, stage).at(layout, name)

    def learned_trucks(self, layout: ClassLayout, stage: str = "Replanning") -> Trucks:
        """Trucks once they know the queues of a layout.

        Of two classes they learn one queue of the points of both, at the power of the faster one,
        as all stops are planned. A truck that would come where no point has its connector keeps
        the stops that it had.

        Parameters
        ----------
        stage : str
            What the listener is told that they do.
        """

        def learned() -> Trucks:
            trucks = self.trucks_of(layout)
            here = replace(self.inputs(), sites=self.sites.select(trucks.of_whole))
            with self.listener.stage(stage) as advance:
                plans = replan_trips(
                    self.run.scenario,
                    here,
                    trucks.plans,
                    trucks.here(layout).points,
                    advance,
                    of_unit(self.listener),
                ).plans
            found = trucks.with_plans(here, plans)
            if found.by_class is None:
                return found
            stuck = found.by_class.without_connector(found.here(layout))
            kept = plans.with_plans_of(stuck, trucks.plans.select(stuck))
            return trucks.with_plans(here, kept) if len(stuck) else found

        return self._learned.get(layout.key, learned)


def _trucks_of_run(run: SolutionOnRoads) -> Trucks:
    return Trucks(
        scenario=run.scenario,
        sites=run.sites,
        vehicle_class_idx=run.vehicle_class_idx(),
        plans=run.plans(),
        n_trips=len(run.trips),
        unserved_by_reason=count_by_reason(run.run.table(UNSERVED)["reason"]),
        of_whole=np.ones(run.sites.n_sites, np.bool_),
    )

"""The one place that knows the order of a study: scenario, stages, a run directory."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numba
import pandas as pd

from planner.demand.load import load_trips
from planner.errors import PlannerError, ScenarioError
from planner.network.load import load_network, load_sites
from planner.optimization.optimize import optimize
from planner.optimization.site_limits import PlugLimits, plug_limits, sites_with_hpc
from planner.progress import Quiet
from planner.random_streams import RandomStreams
from planner.reporting.assembly import ComputedPlan, arrival_soc_table, assemble
from planner.reporting.geopackage import write_geopackage
from planner.reporting.html_report import write_html_report
from planner.reporting.manifest import collect_provenance, sha256_of, write_manifest
from planner.reporting.tables import write_tables
from planner.routing.plan_files import read_plans, write_plans
from planner.routing.stop_planner import ChargingPower, SiteChoice, plan_stops
from planner.run_directory import MANIFEST, RunDirectory, read_manifest
from planner.scenario.bundled import bundled_path
from planner.scenario.load import load_scenario
from planner.scenario.model import Scenario
from planner.simulation.queues import ChargingDemand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.demand.load import DemandReport
    from planner.demand.trips import Trips
    from planner.network.cleaning import NetworkReport
    from planner.network.graph import RoadGraph
    from planner.network.site_attachment import SitesReport
    from planner.network.sites import Sites
    from planner.progress import Advance, ProgressListener
    from planner.routing.stop_plans import StopPlans


@dataclass(frozen=True, slots=True)
class StudyResult:
    """A finished run, read from its folder.

    Parameters
    ----------
    folder : pathlib.Path
        The run directory.
    """

    folder: Path

    @property
    def summary(self) -> dict[str, Any]:
        """Headline figures: the ``summary`` of ``run.json``."""
        summary: dict[str, Any] = read_manifest(self.folder)["summary"]
        return summary

    @property
    def front(self) -> pd.DataFrame:
        """A row per solution of the Pareto front."""
        return self.table("front")

    def table(self, name: str) -> pd.DataFrame:
        """A result table: front, layouts, sites, trips or stops."""
        return pd.read_parquet(self.folder / f"{name}.parquet")


@dataclass(frozen=True, slots=True)
class StudyInputs:
    """What a scenario's inputs hold once read.

    Parameters
    ----------
    graph : RoadGraph
        Roads.
    sites : Sites
        Sites on them.
    trips : Trips
        Electric trips.
    network_report : NetworkReport
        What was read of the network.
    sites_report : SitesReport
        How the sites came onto it.
    demand_report : DemandReport
        What the full fleet looks like.
    """

    graph: RoadGraph
    sites: Sites
    trips: Trips
    network_report: NetworkReport
    sites_report: SitesReport
    demand_report: DemandReport

    def sentences(self) -> list[str]:
        """Say for a person what was read, a line per input."""
        return [
            _line("Network", self.network_report),
            _line("Sites", self.sites_report),
            _line("Demand", self.demand_report),
        ]


def _line(what: str, report: NetworkReport | SitesReport | DemandReport) -> str:
    return f"{what}: {'; '.join(report.sentences())}"


class _Stages:
    """Stages of a run: told to a listener, timed for the manifest."""

    def __init__(self, listener: ProgressListener) -> None:
        self._listener = listener
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[Advance]:
        start = perf_counter()
        with self._listener.stage(name) as advance:
            yield advance
        self.seconds[name] = perf_counter() - start


def run(
    scenario: Scenario | str | Path,
    *,
    out: Path | None = None,
    workers: int | None = None,
    resume: bool = False,
    progress: ProgressListener | None = None,
) -> StudyResult:
    """Plan a study from its inputs to its report.

    Parameters
    ----------
    scenario : Scenario, str or Path
        The study, its file, or the name of one that comes with the planner.
    out : Path, optional
        Run directory; ``outputs/<name>`` by default.
    workers : int, optional
        Processor cores to use; all by default. Results do not depend on it.
    resume : bool
        Go on with an interrupted run of the same scenario; a complete one is not repeated.
    progress : ProgressListener, optional
        Told of the stages.

    Returns
    -------
    StudyResult
        The finished run.

    Raises
    ------
    PlannerError
        If an input is not valid or the folder cannot be written.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    fingerprint = _fingerprint(scenario)
    folder = (out or Path("outputs") / scenario.name).absolute()
    directory = RunDirectory(folder, fingerprint)
    if resume and directory.is_complete():
        return StudyResult(directory.final)
    directory.begin(resume=resume)
    stages = _Stages(progress or Quiet())
    with _threads(workers):
        plan, inputs = _compute(scenario, directory.cache, stages)
        _write(plan, inputs, directory, stages)
    directory.finish()
    return StudyResult(directory.final)


@contextmanager
def _threads(workers: int | None) -> Iterator[None]:
    """Let kernels use so many threads, and as many as before afterwards."""
    before = numba.get_num_threads()
    numba.set_num_threads(min(workers or before, before))
    try:
        yield
    finally:
        numba.set_num_threads(before)


def validate(scenario: Scenario) -> list[str]:
    """Check everything a scenario names, without planning.

    Parameters
    ----------
    scenario : Scenario
        The study.

    Returns
    -------
    list of str
        What was read, a line per input.

    Raises
    ------
    ScenarioError
        With the faults of all inputs at once.
    """
    faults: list[str] = []
    said: list[str] = []

    @contextmanager
    def collecting_faults() -> Iterator[None]:
        try:
            yield
        except PlannerError as error:
            faults.append(str(error))

    with collecting_faults():
        graph, network_report = load_network(scenario.network)
        said.append(_line("Network", network_report))
        with collecting_faults():
            said.append(_line("Sites", _usable_sites(scenario, graph)[1]))
        with collecting_faults():
            streams = RandomStreams(scenario.seed)
            _, report = load_trips(scenario.demand, graph, scenario.vehicles.mix, streams)
            said.append(_line("Demand", report))
    if faults:
        raise ScenarioError(faults, scenario.name)
    return said


def read_inputs(scenario: Scenario) -> StudyInputs:
    """Read roads, sites and trips of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The study.

    Returns
    -------
    StudyInputs
        The inputs, with reports on what was read.

    Raises
    ------
    PlannerError
        If one of them is not valid.
    """
    graph, network_report = load_network(scenario.network)
    sites, sites_report = _usable_sites(scenario, graph)
    trips, demand_report = load_trips(
        scenario.demand, graph, scenario.vehicles.mix, RandomStreams(scenario.seed)
    )
    return StudyInputs(graph, sites, trips, network_report, sites_report, demand_report)


def _usable_sites(scenario: Scenario, graph: RoadGraph) -> tuple[Sites, SitesReport]:
    sites, report = load_sites(scenario.sites, graph)
    return sites_with_hpc(sites, report, site_limits(scenario, sites))


def site_limits(scenario: Scenario, sites: Sites) -> PlugLimits:
    """Fewest and most charging points of each site.

    Parameters
    ----------
    scenario : Scenario
        The study: which of the limits count, and the power of a point.
    sites : Sites
        Its sites.

    Returns
    -------
    PlugLimits
    """
    return plug_limits(
        sites,
        scenario.chargers.hpc_kw,
        within_grid_connection=scenario.sites.within_grid_connection,
        within_parking_spaces=scenario.sites.within_parking_spaces,
    )


def plan_trips(
    scenario: Scenario, inputs: StudyInputs, progress: Advance | None = None
) -> StopPlans:
    """Plan the stops of a scenario's trips.

    Parameters
    ----------
    scenario : Scenario
        The study.
    inputs : StudyInputs
        Its inputs.
    progress : callable, optional
        Told how many trips of how many are done.

    Returns
    -------
    StopPlans
        Stops of every trip.
    """
    chargers, routing = scenario.chargers, scenario.routing
    return plan_stops(
        inputs.graph,
        inputs.sites,
        inputs.trips,
        vehicles=list(scenario.vehicles.classes.values()),
        rules=scenario.driver_rules,
        charging=ChargingPower(chargers.hpc_kw, chargers.lpc_kw, chargers.plug_overhead_min / 60.0),
        choice=SiteChoice(
            routing.corridor_detour_km,
            routing.taste_scale_min / 60.0,
            routing.border_reserve_km,
        ),
        taste_key=RandomStreams(scenario.seed).key("routing.taste"),
        progress=progress,
    )


def charging_demand(scenario: Scenario, plans: StopPlans, n_sites: int) -> ChargingDemand:
    """Stops of all trips, laid out for the queues over the scenario's days.

    Parameters
    ----------
    scenario : Scenario
        The study.
    plans : StopPlans
        Its stops.
    n_sites : int
        Its sites.

    Returns
    -------
    ChargingDemand
        What the queues are simulated with.
    """
    return ChargingDemand.from_stop_plans(
        plans,
        n_sites=n_sites,
        start_h=scenario.start_h,
        horizon_h=scenario.horizon_h - scenario.start_h,
        hpc_kw=scenario.chargers.hpc_kw,
    )


def _compute(scenario: Scenario, cache: Path, stages: _Stages) -> tuple[ComputedPlan, StudyInputs]:
    with stages("Reading roads and trips"):
        inputs = read_inputs(scenario)
    with stages("Planning stops") as advance:
        plans = read_plans(cache / "stop_plans.npz")
        if plans is None:
            plans = plan_trips(scenario, inputs, advance)
            write_plans(plans, cache / "stop_plans.npz")
    demand = charging_demand(scenario, plans, inputs.sites.n_sites)
    with stages("Searching the front") as advance, stages("Comparing methods") as compare:
        optimization = optimize(
            demand,
            scenario.optimization,
            RandomStreams(scenario.seed),
            limits=site_limits(scenario, inputs.sites),
            progress=lambda generation, most, _: advance(generation, most),
            comparison_progress=lambda generation, most, _: compare(generation, most),
            checkpoint_dir=cache,
        )
    plan = ComputedPlan(
        scenario, inputs.graph, inputs.sites, inputs.trips, plans, demand, optimization
    )
    return plan, inputs


def _write(
    plan: ComputedPlan, inputs: StudyInputs, directory: RunDirectory, stages: _Stages
) -> None:
    with stages("Measuring the plans") as advance:
        results = assemble(plan, advance)
    folder = directory.partial
    with stages("Writing results"):
        write_tables(results, folder)
        arrival_soc_table(plan.plans).to_csv(
            folder / "arrival_soc.csv", index=False, lineterminator="\n"
        )
        write_geopackage(results, folder / "plan.gpkg")
    provenance = collect_provenance(input_files(plan.scenario), plan.scenario.seed, stages.seconds)
    results = replace(results, provenance=provenance)
    write_html_report(results, folder / "report.html")
    additions = {"fingerprint": directory.fingerprint, "inputs": inputs.sentences()}
    write_manifest(results, folder / MANIFEST, additions)


def input_files(scenario: Scenario) -> dict[str, Path]:
    """Files and folders that a scenario's result depends on, by what they are."""
    sections = {
        "network": scenario.network,
        "sites": scenario.sites,
        "demand": scenario.demand,
        "demand.initial_soc": scenario.demand.initial_soc,
    }
    named = {
        f"{key}.{field}": value
        for key, section in sections.items()
        for field, value in section
        if isinstance(value, Path)
    }
    return named | {"built-in Germany": bundled_path("network/germany")}


def _fingerprint(scenario: Scenario) -> str:
    """Hash of the settings, the input files and the program itself."""
    digest = sha256(scenario.model_dump_json().encode())
    program = Path(__file__).parent
    for path in (*input_files(scenario).values(), *sorted(program.rglob("*.py"))):
        digest.update(sha256_of(path).encode())
    return digest.hexdigest()

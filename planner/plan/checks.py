"""What ``planner validate`` looks at in a scenario of a country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from planner.errors import PlannerError
from planner.files.findings import Findings
from planner.network.load import load_network
from planner.plan.depots import check_depots
from planner.plan.prices import check_objectives
from planner.plan.site_regions import site_regions
from planner.plan.study_inputs import input_line, read_demand, read_sites
from planner.scenario.presets import preset_line
from planner.scenario.site_sources import placed_for_trucks

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.network.cleaning import NetworkReport
    from planner.network.graph import RoadGraph
    from planner.runs.progress import Advance
    from planner.scenario.model import Scenario
    from planner.scenario.national_depots import NationalDepots

ReadT = TypeVar("ReadT")


def check_inputs(scenario: Scenario, _: Advance | None = None) -> list[str]:
    """Check the roads, sites and trips that a scenario names, without planning.

    Returns
    -------
    list of str
        What was read, a line per input.

    Raises
    ------
    ScenarioError
        With the faults of all inputs at once.
    """
    findings = SharedInputs().check(scenario)
    findings.raise_faults(scenario.name)
    return findings.said


class SharedInputs:
    """Inputs of scenarios, each read once however many scenarios share it."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, ...], Any] = {}

    def check(self, scenario: Scenario) -> Findings:
        """Read the inputs of a scenario that have not been read for another one."""
        findings = Findings()
        network = scenario.network.model_dump_json()
        trucks: tuple[str, ...] = tuple(
            section.model_dump_json() for section in (scenario.demand, scenario.vehicles)
        )
        trucks = (*trucks, str(scenario.seed))
        sites: tuple[str, ...] = (
            scenario.sites.model_dump_json(),
            scenario.chargers.model_dump_json(),
        )
        for section in (
            scenario.regions,
            scenario.standing,
            scenario.optimization.bounds,
        ):
            if section is not None:
                sites = (*sites, section.model_dump_json())
        if placed_for_trucks(scenario.sites):
            sites = (*sites, *trucks)

        if (line := preset_line(scenario)) is not None:
            findings.said.append(line)

        def sites_line(graph: RoadGraph) -> str:
            sites, report = read_sites(scenario, graph)
            site_regions(scenario, sites)
            return input_line("Sites", report)

        def demand_line(graph: RoadGraph) -> str:
            return input_line("Demand", read_demand(scenario, graph)[1])

        def depots_line(settings: NationalDepots, graph: RoadGraph) -> str:
            return input_line("Depots", check_depots(scenario, settings, graph))

        with findings.collecting(scenario.name):
            check_objectives(scenario)
        with findings.collecting():
            graph, report = self._roads(scenario, network)
            findings.said.append(input_line("Network", report))
            with findings.collecting():
                findings.said.append(
                    self._once(("sites", network, *sites), lambda: sites_line(graph))
                )
            with findings.collecting():
                findings.said.append(
                    self._once(("demand", network, *trucks), lambda: demand_line(graph))
                )
            depots = scenario.depots
            if depots is not None:
                of_depots = ("depots", network, depots.model_dump_json(), *scenario.demand.days)
                with findings.collecting():
                    findings.said.append(self._once(of_depots, lambda: depots_line(depots, graph)))
        return findings

    def _roads(self, scenario: Scenario, network: str) -> tuple[RoadGraph, NetworkReport]:
        return self._once(("network", network), lambda: load_network(scenario.network))

    def _once(self, key: tuple[str, ...], read: Callable[[], ReadT]) -> ReadT:
        """What ``read`` gives, or the fault it found, also when asked again."""
        if key not in self._read:
            try:
                self._read[key] = read()
            except PlannerError as error:
                self._read[key] = error
        found: ReadT | PlannerError = self._read[key]
        if isinstance(found, PlannerError):
            raise found
        return found

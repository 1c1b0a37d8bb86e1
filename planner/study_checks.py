"""What ``planner validate`` looks at: a study of any kind, and everything that it names."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from planner.depot.depot_inputs import read_tariff_of, trucks_of
from planner.depot.profiles import building_load, sun_power
from planner.depot.stop_tables import read_stops
from planner.errors import PlannerError, ScenarioError
from planner.files.reading_notes import note_lines, reading_notes
from planner.market.arrivals import read_arrivals
from planner.network.load import load_network
from planner.plan.depots import check_depots
from planner.plan.stages import input_line, read_demand, read_sites
from planner.scenario.depot_model import DepotScenario
from planner.scenario.market_scenario import MarketScenario
from planner.scenario.site_sources import placed_for_trucks
from planner.scenario.sweep import Sweep, value_text
from planner.scenario.tariffs import Tariff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planner.network.cleaning import NetworkReport
    from planner.network.graph import RoadGraph
    from planner.runs.progress import Advance
    from planner.scenario.any_study import AnyStudy
    from planner.scenario.model import Scenario
    from planner.scenario.national_depots import NationalDepots

ReadT = TypeVar("ReadT")


def check_study(study: AnyStudy, advance: Advance | None = None) -> list[str]:
    """Check the files that a study names, without running it.

    Parameters
    ----------
    study : AnyStudy
        From :func:`planner.scenario.any_study.load_study`.
    advance : callable, optional
        Told how many combinations of a sweep are done.

    Returns
    -------
    list of str
        What was read, a line per input, and a line per file whose reading was not plain: its
        encoding, titles above the header, decimal commas, columns that nobody uses.

    Raises
    ------
    ScenarioError
        With the faults of all inputs, at once.
    """
    match study:
        case MarketScenario():
            return check_market(study)
        case Tariff():
            return check_tariff(study)
        case DepotScenario():
            return check_depot(study)
        case Sweep():
            return check_sweep(study, advance)
        case _:
            return check_inputs(study)


def check_inputs(scenario: Scenario) -> list[str]:
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
    findings = _SharedInputs().check(scenario)
    findings.raise_faults(scenario.name)
    return findings.said


def check_sweep(sweep: Sweep, advance: Advance | None = None) -> list[str]:
    """Check the inputs of every combination of a sweep; what they share is read once.

    Parameters
    ----------
    sweep : Sweep
        The sweep, valid so far.
    advance : callable, optional
        Told how many of how many combinations are done.

    Returns
    -------
    list of str
        What was read, a line per input, with the values of the axes it belongs to.

    Raises
    ------
    ScenarioError
        With the faults of all combinations at once.
    """
    inputs = _SharedInputs()
    said: dict[str, list[dict[str, Any]]] = {}
    faults: dict[str, list[dict[str, Any]]] = {}
    for done, variant in enumerate(sweep.variants, start=1):
        findings = inputs.check(variant.scenario)
        for texts, where in ((findings.said, said), (findings.faults, faults)):
            for text in texts:
                where.setdefault(text, []).append(variant.axis_values)
        if advance is not None:
            advance(done, len(sweep.variants))
    axes = sweep.definition.axes
    if faults:
        raise ScenarioError(
            [text + _of_values(axes, values) for text, values in faults.items()],
            sweep.definition.name,
        )
    n_variants, n_each = len(sweep.variants), sweep.definition.replications
    n_most = sweep.definition.replicate_until
    more = f", up to {n_variants * n_most.at_most:,} until it is precise enough" if n_most else ""
    runs = f"Runs: {n_variants * n_each:,}, {n_each} of each of {n_variants:,} combinations{more}"
    lines = [text + _of_values(axes, values) for text, values in said.items()]
    return [runs, *sorted(lines, key=lambda line: _INPUTS.index(line.partition(":")[0]))]


def check_market(scenario: MarketScenario) -> list[str]:
    """Check the trucks that a market study names, without running it.

    Raises
    ------
    ScenarioError
        With the faults found.
    """
    findings = _Findings()
    with findings.collecting():
        arrivals = read_arrivals(scenario)
        trucks = arrivals.trucks
        energy_mwh = trucks.energy_kwh[trucks.arrival_min >= 0.0].sum() / 1000.0
        period = "typical day" if scenario.week is None else "week"
        findings.said.append(
            f"Arrivals: {arrivals.n_counted:,} trucks on a {period}; {energy_mwh:,.1f} MWh"
        )
    findings.raise_faults(scenario.name)
    operators = "; ".join(
        f"{name} with {operator.n_chargers} chargers and "
        + ("prices by hour" if operator.tariff == "hourly" else "one price")
        for name, operator in scenario.operators.items()
    )
    return [*findings.said, f"Operators: {operators}"]


def check_tariff(tariff: Tariff) -> list[str]:
    """Tell what a tariff has; its file has been checked by reading it."""
    periods = ", ".join(dict.fromkeys(period.name for period in tariff.energy))
    return [
        f"Tariff: {tariff.name}, in {tariff.currency} from {tariff.effective}",
        f"Energy prices: {periods}",
    ]


def check_depot(scenario: DepotScenario) -> list[str]:
    """Check the stops, trucks, building, sun and tariff that a depot study names.

    Raises
    ------
    ScenarioError
        With the faults of all of them at once.
    """
    depot, findings = scenario.depot, _Findings()
    day = depot.date()
    with findings.collecting():
        stops = read_stops(depot.stops)[0]
        load_t = (stops.delivery_kg.sum() + stops.pickup_kg.sum()) / 1000.0
        n_deliveries = int((stops.delivery_kg > 0.0).sum())
        findings.said.append(
            f"Stops: {len(stops.ids):,}; {n_deliveries:,} with a delivery; {load_t:,.1f} t"
        )
    with findings.collecting():
        trucks = trucks_of(depot)
        findings.said.append(
            f"Fleet: {len(trucks)} x {depot.fleet.vehicle}; {trucks[0].payload_kg / 1000.0:g} t, "
            f"{trucks[0].initial_kwh:g} of {trucks[0].battery_kwh:g} kWh at the start"
        )
    with findings.collecting():
        load_kw = building_load(depot.site.building, day, typical=depot.typical_day)
        findings.said.append(f"Building: {load_kw.sum() / 4.0:,.0f} kWh on {day}")
    with findings.collecting():
        sun_kw = sun_power(depot.site.sun, day, typical=depot.typical_day)
        findings.said.append(f"Sun: {sun_kw.sum() / 4.0:,.0f} kWh on {day}")
    with findings.collecting():
        tariff = read_tariff_of(depot.site)
        price = tariff.import_price(day, 1)
        tariff.export_price(day, 1)
        findings.said.append(
            f"Tariff: {tariff.name}; {price.min():.3f} to {price.max():.3f} {tariff.currency} "
            f"per kWh on {day}"
        )
    findings.raise_faults(scenario.name)
    return findings.said


_INPUTS = ("Network", "Sites", "Demand", "Depots", "Note")


class _Findings:
    """What was read well, and what was not."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.faults: list[str] = []

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Keep a fault for later, so that others are told with it, and what readers note."""
        with reading_notes() as notes:
            try:
                yield
            except PlannerError as error:
                self.faults.append(str(error))
        self.said += [f"Note: {line}" for line in note_lines(notes)]

    def raise_faults(self, where: str) -> None:
        """Tell the faults, if there are any."""
        if self.faults:
            raise ScenarioError(self.faults, where)


class _SharedInputs:
    """Inputs of scenarios, each read once however many scenarios share it."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, ...], Any] = {}

    def check(self, scenario: Scenario) -> _Findings:
        """Read the inputs of a scenario that have not been read for another one."""
        findings = _Findings()
        network = scenario.network.model_dump_json()
        trucks: tuple[str, ...] = tuple(
            section.model_dump_json() for section in (scenario.demand, scenario.vehicles)
        )
        trucks = (*trucks, str(scenario.seed))
        sites: tuple[str, ...] = (
            scenario.sites.model_dump_json(),
            scenario.chargers.model_dump_json(),
        )
        if placed_for_trucks(scenario.sites):
            sites = (*sites, *trucks)

        def sites_line(graph: RoadGraph) -> str:
            return input_line("Sites", read_sites(scenario, graph)[1])

        def demand_line(graph: RoadGraph) -> str:
            return input_line("Demand", read_demand(scenario, graph)[1])

        def depots_line(settings: NationalDepots, graph: RoadGraph) -> str:
            return input_line("Depots", check_depots(scenario, settings, graph))

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


def _of_values(axes: dict[str, tuple[Any, ...]], combinations: list[dict[str, Any]]) -> str:
    """Values of the axes that all of some combinations share, where the axis has others too."""
    shared = [
        f"{key}: {value_text(combinations[0][key])}"
        for key, values in axes.items()
        if len(values) > 1 and all(one[key] == combinations[0][key] for one in combinations)
    ]
    return f" (with {', '.join(shared)})" if shared else ""

"""What ``planner validate`` looks at in a depot study, and in a tariff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.depot.depot_inputs import read_tariff_of, trucks_of
from planner.depot.profiles import building_load, pv_power
from planner.depot.stop_tables import read_stops
from planner.files.findings import Findings

if TYPE_CHECKING:
    from planner.runs.progress import Advance
    from planner.scenario.depot_model import DepotScenario
    from planner.scenario.tariffs import Tariff


def check_tariff(tariff: Tariff, _: Advance | None = None) -> list[str]:
    """Tell what a tariff has; its file has been checked by reading it."""
    periods = ", ".join(dict.fromkeys(period.name for period in tariff.energy))
    return [
        f"Tariff: {tariff.name}, in {tariff.currency} from {tariff.effective}",
        f"Energy prices: {periods}",
    ]


def check_depot(scenario: DepotScenario, _: Advance | None = None) -> list[str]:
    """Check the stops, trucks, building, PV and tariff that a depot study names.

    Raises
    ------
    ScenarioError
        With the faults of all of them at once.
    """
    depot, findings = scenario.depot, Findings()
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
        pv_kw = pv_power(depot.site.pv, day, typical=depot.typical_day)
        findings.said.append(f"PV: {pv_kw.sum() / 4.0:,.0f} kWh on {day}")
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

"""What ``planner validate`` looks at in a depot study, and in a tariff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.depot.depot_inputs import read_tariff_of, trucks_of
from planner.depot.profiles import building_load, pv_power
from planner.depot.stop_tables import read_stops
from planner.files.findings import Findings
from planner.said import AsWritten, said

if TYPE_CHECKING:
    from planner.runs.progress import Advance
    from planner.scenario.depot_model import DepotScenario
    from planner.scenario.tariffs import Tariff


def check_tariff(tariff: Tariff, _: Advance | None = None) -> list[str]:
    """Tell what a tariff has; its file has been checked by reading it."""
    periods = ", ".join(dict.fromkeys(period.name for period in tariff.energy))
    return [
        said(
            "Tariff: {name}, in {currency} from {day}",
            name=AsWritten(tariff.name),
            currency=tariff.currency,
            day=str(tariff.effective),
        ),
        said("Energy prices: {periods}", periods=AsWritten(periods)),
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
            said(
                "Stops: {n}; {deliveries} with a delivery; {tonnes} t",
                n=len(stops.ids),
                deliveries=n_deliveries,
                tonnes=round(float(load_t), 1),
            )
        )
    with findings.collecting():
        trucks = trucks_of(depot)
        findings.said.append(
            said(
                "Fleet: {n} x {vehicle}; {tonnes} t, {initial} of {battery} kWh at the start",
                n=len(trucks),
                vehicle=AsWritten(depot.fleet.vehicle),
                tonnes=trucks[0].payload_kg / 1000.0,
                initial=trucks[0].initial_kwh,
                battery=trucks[0].battery_kwh,
            )
        )
    with findings.collecting():
        load_kw = building_load(depot.site.building, day, typical=depot.typical_day)
        load_kwh = round(load_kw.sum() / 4.0)
        findings.said.append(said("Building: {kwh} kWh on {day}", kwh=load_kwh, day=str(day)))
    with findings.collecting():
        pv_kw = pv_power(depot.site.pv, day, typical=depot.typical_day)
        pv_kwh = round(pv_kw.sum() / 4.0)
        findings.said.append(said("PV: {kwh} kWh on {day}", kwh=pv_kwh, day=str(day)))
    with findings.collecting():
        tariff = read_tariff_of(depot.site)
        price = tariff.import_price(day, 1)
        tariff.export_price(day, 1)
        findings.said.append(
            said(
                "Tariff: {name}; {low} to {high} {currency} per kWh on {day}",
                name=AsWritten(tariff.name),
                low=round(float(price.min()), 3),
                high=round(float(price.max()), 3),
                currency=tariff.currency,
                day=str(day),
            )
        )
    findings.raise_faults(scenario.name)
    return findings.said

"""The room's one door: from a scenario to what its dispatcher and its microgrid are given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.depot.dispatch import DispatchProblem, Truck
from planner.depot.energy import arc_energy
from planner.depot.microgrid_site import DemandTerm, MicrogridSite, Storage
from planner.depot.profiles import building_load, pv_power
from planner.depot.stop_tables import StopTable, Ways, read_stops
from planner.depot.tariff import Tariff, tariff_from_section
from planner.depot.urdb import read_urdb
from planner.errors import InputDataError, quoted
from planner.said import AsWritten, said

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from planner.scenario.depot_model import Depot, DepotScenario
    from planner.scenario.depot_site import DepotSite, DepotStorage
    from planner.scenario.depot_vehicles import DepotVehicle


@dataclass(frozen=True, slots=True)
class DepotInputs:
    """A depot on a day, ready to be planned.

    Parameters
    ----------
    problem : DispatchProblem
        Stops, trucks and ways.
    site : MicrogridSite
        Building, PV, storage, charging points and prices, from midnight to midnight.
    stops : StopTable
        Stops as given.
    ways : Ways
        Ways as given.
    """

    problem: DispatchProblem
    site: MicrogridSite
    tariff: Tariff
    stops: StopTable
    ways: Ways


def read_depot(scenario: DepotScenario) -> DepotInputs:
    """Read all that a scenario names.

    Raises
    ------
    InputDataError
        If a file is missing, broken or contradicts itself; if the tariff does not hold on the day.
    """
    depot = scenario.depot
    tariff = read_tariff_of(depot.site)
    site = microgrid_site(depot, tariff, depot.date(), 1)
    stops, ways = read_stops(depot.stops)
    return DepotInputs(_problem(depot, site, stops, ways), site, tariff, stops, ways)


def read_tariff_of(site: DepotSite) -> Tariff:
    """The tariff that a scenario names.

    Raises
    ------
    InputDataError
        If a file is missing or broken, or the tariff cannot be billed at such a site.
    """
    section = site.tariff
    if section.urdb is not None:
        tariff = read_urdb(section.urdb, section.urdb_label)
        _refuse_unbilled_feeding_in(site, tariff)
        if section.export_prices is None:
            return tariff
        msg = said(
            "depot.site.tariff.export_prices: a tariff of the rate database has its own; leave it "
            "out, or write the tariff out in a file of config/tariffs"
        )
        raise InputDataError(msg)
    assert section.definition is not None  # noqa: S101  # validated: a name or a definition
    return tariff_from_section(section.definition, section.export_prices)


def _refuse_unbilled_feeding_in(site: DepotSite, tariff: Tariff) -> None:
    """Refuse a tariff that bills feeding in by a rule of its own, where the site can feed in."""
    rule = tariff.feeding_in_rule
    sells_all = rule == "Buy All Sell All" and site.pv is not None
    has_surplus = site.pv is not None or (site.storage is not None and site.storage.may_export)
    if rule is None or not (sells_all or (has_surplus and site.grid.max_export_kw != 0.0)):
        return
    remedy = (
        "take another tariff"
        if sells_all
        else "forbid it (depot.site.grid.max_export_kw: 0) or take another tariff"
    )
    msg = said(
        "{path}: dgrules is {rule}: feeding in by this rule is not billed here, and the site can "
        "feed in; {remedy}",
        path=str(site.tariff.urdb),
        rule=quoted(rule),
        remedy=remedy,
    )
    raise InputDataError(msg)


def microgrid_site(
    depot: Depot, tariff: Tariff, first_day: dt.date, n_days: int, *, lead_days: int = 0
) -> MicrogridSite:
    """What stands at a depot, and the prices, on days in a row.

    Parameters
    ----------
    depot : Depot
        The depot; its trucks are those of its own tours.
    n_days : int
        Number of days, >= 1.
    lead_days : int
        Days at the begin that bear no part of a price on power.

    Raises
    ------
    InputDataError
        If a file is missing or broken, or the tariff does not hold on these days.
    """
    section = depot.site
    load = building_load(section.building, first_day, n_days, typical=depot.typical_day)
    pv_kw = pv_power(section.pv, first_day, n_days, typical=depot.typical_day)
    limit = section.grid.max_import_kw
    feed = section.grid.max_export_kw
    vehicle = _vehicle(depot)
    return MicrogridSite(
        load_kw=load,
        pv_kw=pv_kw,
        import_price=tariff.import_price(first_day, n_days),
        export_price=tariff.export_price(first_day, n_days),
        demand=_demand_so_far(
            tariff.demand_terms(first_day, n_days, {}, lead_days),
            load,
            pv_kw,
            section.grid.peak_so_far_kw,
        ),
        storage=None if section.storage is None else _storage(section.storage),
        n_chargers=section.chargers.points,
        charger_kw=section.chargers.kw,
        charger_efficiency=section.chargers.efficiency,
        truck_kw=np.full(depot.fleet.trucks, vehicle.max_charging_kw),
        max_import_kw=np.inf if limit is None else limit,
        max_export_kw=np.inf if feed is None else feed,
    )


def _demand_so_far(
    terms: tuple[DemandTerm, ...],
    load_kw: NDArray[np.float64],
    pv_kw: NDArray[np.float64],
    given_kw: float | None,
) -> tuple[DemandTerm, ...]:
    """Prices on power above what is paid for already."""
    alone = np.maximum(load_kw - pv_kw, 0.0)
    return tuple(
        replace(term, so_far_kw=term.peak_kw(alone) if given_kw is None else given_kw)
        for term in terms
    )


def _storage(section: DepotStorage) -> Storage:
    capacity = section.capacity_kwh
    final = section.initial_share if section.final_share is None else section.final_share
    return Storage(
        capacity_kwh=capacity,
        initial_kwh=section.initial_share * capacity,
        least_kwh=section.least_share * capacity,
        most_kwh=section.most_share * capacity,
        least_final_kwh=final * capacity,
        charge_kw=section.charge_kw,
        discharge_kw=section.discharge_kw,
        charge_efficiency=section.charge_efficiency,
        discharge_efficiency=section.discharge_efficiency,
        wear_per_kwh=section.wear_per_kwh,
        may_export=section.may_export,
    )


def _problem(depot: Depot, site: MicrogridSite, stops: StopTable, ways: Ways) -> DispatchProblem:
    vehicle = _vehicle(depot)
    energy = arc_energy(vehicle, ways.distance_m, ways.time_s, ways.slope)
    opens = depot.opens_min()
    night_price = depot.initial_price
    if night_price is None:
        until_opening = site.import_price[: max(1, int(opens // 15))]
        night_price = float(until_opening.mean()) / site.charger_efficiency
    costs = depot.costs
    return DispatchProblem(
        stop_ids=stops.ids,
        delivery_kg=stops.delivery_kg,
        pickup_kg=stops.pickup_kg,
        service_min=stops.service_min,
        open_min=opens + stops.open_min,
        close_min=opens + stops.close_min,
        leave_cost=stops.leave_cost,
        priority=stops.priority,
        arc_cost=costs.per_km * ways.distance_m / 1000.0
        + costs.per_driving_h * ways.time_s / 3600.0,
        travel_min=ways.time_s / 60.0,
        arc_kwh=energy.empty_kwh,
        arc_kwh_per_kg=energy.per_kg_kwh,
        trucks=trucks_of(depot),
        all_trucks_go=depot.fleet.all_go,
        charger_kw=min(site.charger_kw, vehicle.max_charging_kw),
        n_chargers=site.n_chargers,
        initial_price=night_price,
        # A dispatcher who does not ask the microgrid recharges no more than what is missing.
        recharge_price=max(night_price, float(site.import_price.mean()) / site.charger_efficiency),
    )


def trucks_of(depot: Depot) -> tuple[Truck, ...]:
    """Trucks of a depot on its day.

    Raises
    ------
    InputDataError
        If they begin with less than their reserve or more than their batteries hold.
    """
    vehicle = _vehicle(depot)
    initial = depot.initial_energy_kwh
    if initial is not None and not vehicle.reserve_kwh <= initial <= vehicle.battery_kwh:
        msg = said(
            "depot.initial_energy_kwh: expected between the reserve of {reserve} and the "
            "battery's {battery} kWh of {vehicle}, found {initial}",
            reserve=vehicle.reserve_kwh,
            battery=vehicle.battery_kwh,
            vehicle=AsWritten(depot.fleet.vehicle),
            initial=initial,
        )
        raise InputDataError(msg)
    opens = depot.opens_min()
    return tuple(
        Truck(
            name=f"truck {number + 1}",
            payload_kg=vehicle.payload_kg,
            battery_kwh=vehicle.battery_kwh,
            initial_kwh=vehicle.battery_kwh if initial is None else initial,
            reserve_kwh=vehicle.reserve_kwh,
            available_min=opens,
            back_by_min=opens + depot.horizon_min,
            fixed_cost=depot.costs.per_truck_used,
        )
        for number in range(depot.fleet.trucks)
    )


def _vehicle(depot: Depot) -> DepotVehicle:
    vehicle = depot.fleet.definition
    assert vehicle is not None  # noqa: S101  # filled in by validation
    return vehicle

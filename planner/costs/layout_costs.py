"""What layouts cost operators and trucks, with one value for each factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.costs.site_costs import SiteCosts, SiteLoad, site_costs
from planner.simulation.metrics import loads_of_sites
from planner.simulation.queues import ChargerLayout, evaluate_layouts, simulate
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import QueueResult


@dataclass(frozen=True, slots=True)
class LayoutLoad:
    """A layout with what its sites deliver, and what its trucks wait.

    Parameters
    ----------
    sites : SiteLoad
        Points and load of its sites.
    wait_h_day : float
        Waiting of all trucks on the mean day, hours.
    mean_wait_min : float
        Mean wait of an HPC session, minutes.
    """

    sites: SiteLoad
    wait_h_day: float
    mean_wait_min: float


@dataclass(frozen=True, slots=True)
class Prices:
    """One value for each factor, and the trips whose costs are told.

    Parameters
    ----------
    value : mapping
        Value of each factor of a :class:`~planner.scenario.infrastructure_costs.CostSet`, by name.
    n_trips_day : float
        Trips driven on the mean day, > 0.
    charging_h_day : float
        Time that detours and charging add to them without any waiting, hours; whatever the layout.
    """

    value: Mapping[str, float]
    n_trips_day: float
    charging_h_day: float

    def sites_eur_day(self, load: SiteLoad) -> NDArray[np.float64]:
        """Costs of sites to their operators on the mean day, (n_sites,)."""
        year_eur: NDArray[np.float64] = site_costs(load, self.value).eur_year.sum(axis=1)
        return year_eur / self.value["days_a_year"]

    def of_layouts(self, loads: Sequence[LayoutLoad]) -> LayoutCosts:
        """Price layouts."""
        by_layout = [site_costs(each.sites, self.value) for each in loads]
        hour_eur = self.value["truck_hour_eur"]
        return LayoutCosts(
            by_layout,
            np.array([each.eur_year.sum() for each in by_layout]) / self.value["days_a_year"],
            np.array([each.wait_h_day for each in loads]) * hour_eur,
            self.charging_h_day * hour_eur,
            np.array([each.sites.energy_kwh_day.sum() for each in loads]),
            self.value["price_eur_kwh"],
            self.n_trips_day,
        )


@dataclass(frozen=True, slots=True)
class LayoutCosts:
    """Layouts with their costs on the mean day, each (n_layouts,) unless said.

    Parameters
    ----------
    charging_eur_day : float
        Time that detours and charging add, without waiting; the same for all layouts.
    price_eur_kwh : float
        What trucks pay.
    """

    by_layout: list[SiteCosts]
    operator_eur_day: NDArray[np.float64]
    waiting_eur_day: NDArray[np.float64]
    charging_eur_day: float
    energy_kwh_day: NDArray[np.float64]
    price_eur_kwh: float
    n_trips_day: float

    @property
    def operator_cost_eur_kwh(self) -> NDArray[np.float64]:
        """Costs of operators per kWh charged."""
        return self.operator_eur_day / self.energy_kwh_day

    @property
    def energy_eur_trip(self) -> NDArray[np.float64]:
        """What trucks pay for energy, per trip."""
        return self.energy_kwh_day * self.price_eur_kwh / self.n_trips_day

    @property
    def logistics_cost_eur_trip(self) -> NDArray[np.float64]:
        """What waiting, detours, charging and energy cost trucks, per trip."""
        time_eur_day = self.waiting_eur_day + self.charging_eur_day
        return time_eur_day / self.n_trips_day + self.energy_eur_trip

    @property
    def system_cost_eur_day(self) -> NDArray[np.float64]:
        """What both sides pay together; the price moves from the one to the other."""
        return self.operator_eur_day + self.waiting_eur_day + self.charging_eur_day

    @property
    def best(self) -> int:
        """Layout of least cost to all."""
        return int(np.argmin(self.system_cost_eur_day))


def load_of_layouts(
    demand: ChargingDemand, n_hpc: NDArray[np.int32], n_lpc: NDArray[np.int32]
) -> list[LayoutLoad]:
    """Simulate layouts for what their sites deliver.

    Parameters
    ----------
    n_hpc : (n_layouts, n_sites) int32
        HPC points.
    n_lpc : (n_sites,) int32
        LPC points of all layouts.
    """
    scores = evaluate_layouts(demand, n_hpc, n_lpc)
    wait_h_day = (scores.total_wait_h + scores.lpc_wait_h) / (demand.horizon_h / HOURS_PER_DAY)
    loads = []
    for row, points in enumerate(n_hpc):
        layout = ChargerLayout(points, n_lpc)
        sites = load_of_sites(demand, simulate(demand, layout), layout)
        loads.append(LayoutLoad(sites, float(wait_h_day[row]), float(scores.mean_wait_min[row])))
    return loads


def load_of_sites(demand: ChargingDemand, run: QueueResult, layout: ChargerLayout) -> SiteLoad:
    """Points and load of the sites of a layout that was simulated."""
    energy_kwh, peak_kw = loads_of_sites(demand, run)
    return SiteLoad(
        layout.n_hpc.astype(np.int64),
        layout.n_lpc.astype(np.int64),
        peak_kw,
        energy_kwh / (demand.horizon_h / HOURS_PER_DAY),
    )

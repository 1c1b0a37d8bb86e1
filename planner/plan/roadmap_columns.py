"""Columns of a roadmap: what each year has, and what is built in it."""

from __future__ import annotations

from dataclasses import replace

from planner.costs.site_costs import COMPONENT_TITLES
from planner.plan.run_columns import ENERGY, TRIP_FIGURES
from planner.plan.schemas import FRONT, SITES
from planner.tables.layout_quantities import MEAN_WAIT, N_HPC, OPERATOR_COST, P95_WAIT
from planner.tables.table import Quantity, Table

# fmt: off
_N_LPC = FRONT.quantities("n_lpc")[0]
YEAR = Quantity("year", "string", "", "text", "Year", "Year that is planned.")
NEW_HPC = Quantity("new_hpc", "int64", "points", "count", "New high-power points", "High-power points that this year adds to what stands.")
NEW_LPC = Quantity("new_lpc", "int64", "points", "count", "New overnight points", "Overnight points that this year adds to what stands.")

ROADMAP = Table(
    "roadmap",
    "one year",
    (
        YEAR,
        Quantity("level_share", "float64", "share", "percent", "Electric trucks", "Share of trucks that are electric; NaN where the study has none."),
        NEW_HPC, N_HPC, NEW_LPC, _N_LPC,
        Quantity("n_new_sites", "int64", "sites", "count", "New sites", "Sites that get their first points in this year."),
        MEAN_WAIT, P95_WAIT,
        ENERGY,
        Quantity("simultaneous_peak_kw", "float64", "kW", "power", "Simultaneous peak", "Highest power that all sites draw together at one moment."),
        TRIP_FIGURES[1],
        Quantity("new_investment_eur", "float64", "EUR", "count", "New investment", "What this year's points and connections cost at its prices; NaN without infrastructure_costs."),
        replace(OPERATOR_COST, meaning="What all sites cost operators per kWh charged in this year, capital as annuities of what stands, at this year's prices; NaN without infrastructure_costs."),
        Quantity("run", "string", "", "text", "Run", "Folder of the year's run, within that of the roadmap."),
    ),
    key=("year",),
)

ROADMAP_SITES = Table(
    "roadmap_sites",
    "one site in one year that adds points or power to it",
    (
        YEAR,
        *SITES.quantities("site_id", "name", "road", "lon", "lat"),
        NEW_HPC, N_HPC, NEW_LPC, _N_LPC,
        Quantity("new_kw", "float64", "kW", "power", "New power", "By how much the site's highest power is above that of all years before."),
        Quantity("connection_kw", "float64", "kW", "power", "Power needed", "Highest power of the site in this year and those before."),
        Quantity("connection", "string", "", "text", "Kind of connection", "Smallest kind of config/grid_connections.yaml that carries the power needed."),
        Quantity("request_by", "string", "", "text", "Request by", "Month in which the power must be requested, with the central lead time of the kind of connection, to be there as the year begins; empty where no power is new."),
    ),
    key=("year", "site_id"),
)

_INVESTED = Quantity("invested_eur", "float64", "EUR", "count", "Invested so far", "New investment of this year and those before; NaN without infrastructure_costs.")
PAYER = Quantity("payer", "string", "", "text", "Who pays", "operators, grid_operators, state or hauliers.")
_BUILT = {
    "points": "What points cost that this year adds, with their planning.",
    "works": "Works and facilities at new sites and bays, with their planning.",
    "connection": "Contribution to the grid, station and cable for power that is new, with their planning.",
}
ROADMAP_PAYERS = Table(
    "roadmap_payers",
    "who pays what in one year; no rows without infrastructure_costs",
    (
        YEAR, PAYER,
        *(Quantity(f"{name}_eur", "float64", "EUR", "count", COMPONENT_TITLES[name], meaning) for name, meaning in _BUILT.items()),
        Quantity("new_investment_eur", "float64", "EUR", "count", "New investment", "These three together."),
        replace(_INVESTED, meaning="New investment of this year and those before."),
        Quantity("eur_year", "float64", "EUR/year", "count", "Paid a year", "What a year like this one costs: all that stands as annuities, and its operation; of hauliers the energy and the time of waiting."),
        Quantity("received_eur_year", "float64", "EUR/year", "count", "Received a year", "What hauliers pay for energy, at the price of the set of costs."),
    ),
    key=("year", "payer"),
)


def _twice(quantity: Quantity, ahead: str) -> tuple[Quantity, Quantity]:
    """A figure of years planned each for itself, and of years planned with foresight."""
    return quantity, replace(quantity, name=f"{quantity.name}_ahead", meaning=ahead, within="{title}, with foresight")


ROADMAP_AHEAD = replace(ROADMAP, name="roadmap_with_foresight", row="one year, planned with foresight")
ROADMAP_SITES_AHEAD = replace(ROADMAP_SITES, name="roadmap_sites_with_foresight", row="one site in one year that adds points or power to it, planned with foresight")
ROADMAP_PAYERS_AHEAD = replace(ROADMAP_PAYERS, name="roadmap_payers_with_foresight", row="who pays what in one year, planned with foresight")
ROADMAP_REGRET = Table(
    "roadmap_regret",
    "one year, planned for itself and with foresight",
    (
        YEAR,
        *_twice(N_HPC, "The same where years are planned with foresight."),
        *_twice(_N_LPC, "The same where years are planned with foresight."),
        *_twice(MEAN_WAIT, "The same where years are planned with foresight."),
        *_twice(_INVESTED, "The same where years are planned with foresight."),
        Quantity("regret_eur", "float64", "EUR", "count", "Regret", "What has been invested more so far than with foresight; below 0 where less was."),
    ),
    key=("year",),
)

ROADMAP_SCHEMAS = (
    ROADMAP, ROADMAP_SITES, ROADMAP_PAYERS,
    ROADMAP_AHEAD, ROADMAP_SITES_AHEAD, ROADMAP_PAYERS_AHEAD,
    ROADMAP_REGRET,
)

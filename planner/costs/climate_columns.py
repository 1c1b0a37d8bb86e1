"""Columns of what plans avoid, and at what cost."""

from __future__ import annotations

from planner.tables.layout_quantities import MEAN_WAIT, N_HPC
from planner.tables.table import Quantity, Table, ends_of

# fmt: off

def _ends(figure: Quantity) -> tuple[Quantity, ...]:
    """A figure with all factors central, and at both ends."""
    low, high = ends_of(
        figure,
        ("{title}, low", "{title}, high"),
        ("With every factor at the end that makes it low. ", "With every factor at the end that makes it high. "),
    )
    return figure, low, high


RUN = Quantity("run", "string", "", "text", "Run", "Name of the run's folder.")
NAME = Quantity("name", "string", "", "text", "Plan", "Named plan.")
YEAR = Quantity("year", "string", "", "text", "Year", "Year whose grid and prices count; the trucks are those of the run.")
TTW = Quantity("ttw_t_year", "float64", "t/year", "count", "CO2 avoided, tank to wheel", "What diesel trucks would give off at the exhaust on the same trips.")
WTW = Quantity("wtw_t_year", "float64", "t/year", "count", "CO2 avoided, well to wheel", "That with making the diesel, less what power stations and their fuels give off for what the electric trucks use.")
NETWORK = Quantity("network_eur_t", "float64", "EUR/t", "count", "Network and waiting", "Charging sites, capital as annuities and without electricity, and the time of waiting trucks, per t avoided well to wheel; NaN where nothing is avoided.")

CLIMATE = Table(
    "climate",
    "one named plan of a run in one year",
    (
        RUN,
        Quantity("level_share", "float64", "share", "percent", "Electric trucks", "Share of trucks that are electric; NaN where the study has none."),
        NAME, YEAR, N_HPC, MEAN_WAIT,
        Quantity("km_year", "float64", "km/year", "count", "Way replaced", "Way of the electric trips that are driven, without the detours to sites, on the network alone."),
        Quantity("diesel_l_year", "float64", "l/year", "count", "Diesel replaced", "What diesel trucks would burn on that way."),
        *_ends(TTW),
        Quantity("diesel_wtw_t_year", "float64", "t/year", "count", "CO2 of diesel trucks, well to wheel", "What they would give off, with making the diesel."),
        Quantity("grid_kwh_year", "float64", "kWh/year", "count", "Electricity", "What the grid delivers for the same trips, detours, losses of charging and what was charged before the trip included."),
        Quantity("hour_factor", "float64", "", "three", "Hours of charging", "Emissions of the grid in the hours in which trucks charge on their way, over the daily mean."),
        Quantity("electricity_wtw_t_year", "float64", "t/year", "count", "CO2 of electricity", "What power stations and their fuels give off for it."),
        *_ends(WTW),
        Quantity("wait_h_year", "float64", "h/year", "count", "Waiting of drivers", "Time that trucks wait for a high-power point."),
        Quantity("infrastructure_eur_year", "float64", "EUR/year", "count", "Charging sites", "What sites cost a year, capital as annuities, without electricity."),
        Quantity("waiting_eur_year", "float64", "EUR/year", "count", "Time of waiting trucks", "What the waiting costs a year."),
        *_ends(NETWORK),
    ),
    key=("run", "name", "year"),
)

CLIMATE_FACTORS = Table(
    "climate_factors",
    "one factor of one year, moved by itself",
    (
        YEAR,
        Quantity("factor", "string", "", "text", "Factor", "Name of the factor."),
        Quantity("title", "string", "", "text", "Meaning", "What it is."),
        Quantity("low", "float64", "", "significant", "Low", "Value with which little is avoided."),
        Quantity("central", "float64", "", "significant", "Central", "Value that is reckoned with."),
        Quantity("high", "float64", "", "significant", "High", "Value with which much is avoided."),
        *(each for each in _ends(WTW) if each is not WTW),
        Quantity("sure", "string", "", "text", "Who says so", "official, published, given or assumed."),
        Quantity("source", "string", "", "text", "Source", "Where the figure comes from."),
    ),
    key=("year", "factor"),
)

CLIMATE_SCHEMAS = (CLIMATE, CLIMATE_FACTORS)

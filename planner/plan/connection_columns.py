"""Columns of what connections of sites cost with shared power and with batteries."""

from __future__ import annotations

from planner.plan.schemas import SITES
from planner.tables.table import Quantity, Table

# fmt: off

SITE_CONNECTIONS = Table(
    "site_connections",
    "one site that draws power",
    (
        *SITES.quantities("site_id", "name", "road", "lon", "lat"),
        Quantity("n_hpc", "int64", "points", "count", "High-power points", "High-power points."),
        Quantity("n_lpc", "int64", "points", "count", "Overnight points", "Overnight points."),
        Quantity("nameplate_kw", "float64", "kW", "power", "All points at full power", "Power of all points together, which no moment needs."),
        Quantity("moment_kw", "float64", "kW", "power", "Peak of a moment", "Highest power that trucks draw at one moment, losses not counted."),
        Quantity("peak_kw", "float64", "kW", "power", "Peak of 15 min", "Highest mean of 15 min, by which connections are made and billed here; losses not counted."),
        Quantity("energy_kwh_day", "float64", "kWh/day", "count", "Energy a day", "Energy charged on the mean day."),
        Quantity("kind", "string", "", "text", "Kind without a battery", "Kind of connection that the peak asks for, by config/grid_connections.yaml."),
        Quantity("eur_year", "float64", "EUR/year", "count", "Cost without a battery", "Connection with its upkeep, energy and grid fees a year, without a battery."),
        Quantity("with_battery_kw", "float64", "kW", "power", "Connection of least cost", "Highest mean of 15 min from the grid with the battery that costs least; the peak where none does."),
        Quantity("with_battery_kind", "string", "", "text", "Kind of least cost", "Kind of connection that this asks for."),
        Quantity("battery_kwh", "float64", "kWh", "count", "Battery", "Capacity of the battery; 0 where none costs less than the power it saves."),
        Quantity("battery_kw", "float64", "kW", "power", "Power of the battery", "Power of its inverter."),
        Quantity("with_battery_grid_eur_year", "float64", "EUR/year", "count", "Connection a year", "Connection of least cost with its upkeep, capital as annuity."),
        Quantity("with_battery_electricity_eur_year", "float64", "EUR/year", "count", "Electricity a year", "Energy and grid fees behind that connection, losses of the battery included."),
        Quantity("battery_eur_year", "float64", "EUR/year", "count", "Battery a year", "Battery and inverter with their upkeep, capital as annuities."),
        Quantity("saved_eur_year", "float64", "EUR/year", "count", "Saved a year", "Cost without a battery less the sum of connection, electricity and battery."),
        Quantity("requested_kw", "float64", "kW", "power", "Requested", "Grid connection requested or there; NaN where none is known. What the planner estimates for its own sites is no request."),
        Quantity("delayed_kwh_day", "float64", "kWh/day", "count", "Energy that comes later", "Energy a day that comes later where the points share what is requested; NaN where nothing is known."),
        Quantity("late_trucks_day", "float64", "trucks/day", "one", "Trucks held up a day", "Trucks a day whose energy comes later than they wanted to leave, the power requested being shared."),
        Quantity("late_min", "float64", "min", "minutes", "Held up by", "Minutes by which these trucks are held up, mean; NaN where none is."),
        Quantity("latest_min", "float64", "min", "minutes", "Held up longest", "Minutes by which the truck is held up that is held up longest; 0 where none is."),
        Quantity("missing_kwh", "float64", "kWh", "count", "Energy missing at the end", "Energy that is not there when the simulated days end: where it is large, the request does not carry the site however long trucks wait."),
    ),
    key=("site_id",),
)

CONNECTION_TOTALS = Table(
    "connection_totals",
    "one figure of the battery's cost at which all is reckoned",
    (
        Quantity("end", "string", "", "text", "Costs of batteries", "low, central or high: values of config/site_battery.yaml."),
        Quantity("n_batteries", "int64", "sites", "count", "Sites with a battery", "Sites at which a battery costs less than the power it saves."),
        Quantity("battery_mwh", "float64", "MWh", "energy", "Batteries", "Capacity of all batteries."),
        Quantity("battery_kw", "float64", "kW", "power", "Power of the batteries", "Power of all inverters."),
        Quantity("sum_of_peaks_kw", "float64", "kW", "power", "Connections without batteries", "Sum of the sites' peaks of 15 min."),
        Quantity("with_batteries_kw", "float64", "kW", "power", "Connections with batteries", "Sum of the connections of least cost."),
        Quantity("eur_year", "float64", "EUR/year", "count", "Cost without batteries", "Connections, energy and grid fees of all sites a year."),
        Quantity("saved_eur_year", "float64", "EUR/year", "count", "Saved a year", "By how much that is less with batteries, their cost counted."),
        Quantity("battery_investment_eur", "float64", "EUR", "count", "Batteries to build", "What all batteries cost to build."),
    ),
    key=("end",),
)

CONNECTION_SCHEMAS = (SITE_CONNECTIONS, CONNECTION_TOTALS)

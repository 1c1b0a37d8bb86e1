"""Tables of the load that sites put on the grid."""

from __future__ import annotations

from planner.tables.layout_quantities import N_HPC
from planner.tables.table import Quantity, Table

# fmt: off

_PLACE = Quantity("place", "string", "", "text", "Place", "Key of the site, or name of the group of sites.")
_START = Quantity("start", "string", "", "text", "Begin of the step", "When the step begins, local time without change of the clock; days of no year of their own are dated by its first full week.")
_HPC_KW = Quantity("hpc_kw", "float64", "kW", "power", "Power at high power", "Mean power at high-power points in the step, as it goes into batteries.")
_LPC_KW = Quantity("lpc_kw", "float64", "kW", "power", "Power overnight", "Mean power at overnight points in the step, as it goes into batteries.")

LOAD = Table(
    "load",
    "one step of time at one place",
    (_PLACE, _START, _HPC_KW, _LPC_KW),
    key=("place", "start"),
    refers_to={"place": "load_places"},
)

LOAD_PLACES = Table(
    "load_places",
    "one place whose load is told: a site, or a group of sites",
    (
        _PLACE,
        Quantity("name", "string", "", "text", "Name", "What a person calls it."),
        Quantity("lon", "float64", "degrees", "degrees", "Longitude", "Longitude, EPSG:4326; of several sites their mean."),
        Quantity("lat", "float64", "degrees", "degrees", "Latitude", "Latitude, EPSG:4326; of several sites their mean."),
        Quantity("n_sites", "int64", "sites", "count", "Sites", "Sites of the place, visited or not."),
        N_HPC,
        Quantity("n_lpc", "int64", "points", "count", "Overnight points", "Overnight points."),
        Quantity("grid_connection_kw", "float64", "kW", "power", "Grid connection", "Of the sites together; NaN where that of one is not known."),
        Quantity("hpc_mwh", "float64", "MWh", "energy", "Energy at high power", "Energy of the simulated days."),
        Quantity("lpc_mwh", "float64", "MWh", "energy", "Energy overnight", "Energy of the simulated days."),
        Quantity("written_mwh", "float64", "MWh", "energy", "Energy written", "Energy of all steps that are written."),
        Quantity("peak_kw", "float64", "kW", "power", "Highest step", "Highest mean power of a step that is written."),
    ),
    key=("place",),
)

LOAD_SESSIONS = Table(
    "load_sessions",
    "one charging session in the simulated days, cut off at their ends",
    (
        Quantity("session", "int64", "", "count", "Session", "Number of the session."),
        _PLACE,
        Quantity("site_id", "string", "", "text", "Site", "The site's key in all tables."),
        Quantity("trip_id", "int64", "", "count", "Trip", "Number of the trip; trips of days before the simulated ones have numbers of their own."),
        Quantity("vehicle_class", "string", "", "text", "Vehicle class", "Name of the vehicle class."),
        Quantity("point", "string", "", "text", "Point", "hpc or lpc: at which kind of point it charged."),
        Quantity("start", "string", "", "text", "Earliest start", "When the truck plugs in, local time."),
        Quantity("end", "string", "", "text", "Latest end", "When the truck leaves the point, local time."),
        Quantity("start_h", "float64", "h", "two", "Earliest start", "The same in hours since Monday 00:00."),
        Quantity("end_h", "float64", "h", "two", "Latest end", "The same in hours since Monday 00:00."),
        Quantity("energy_kwh", "float64", "kWh", "one", "Energy", "Energy that it charges between them."),
        Quantity("max_kw", "float64", "kW", "power", "Power limit", "Highest power that truck and point allow."),
        Quantity("start_soc_share", "float64", "share", "percent", "SoC at plug-in", "State of charge at the earliest start."),
        Quantity("battery_kwh", "float64", "kWh", "one", "Battery", "Usable battery of the truck."),
    ),
    key=("session",),
    refers_to={"place": "load_places"},
)

LOAD_ENVELOPE = Table(
    "load_envelope",
    "one step of the simulated days at one place: what overnight charging could shift",
    (
        _PLACE,
        _START,
        Quantity("lpc_kwh", "float64", "kWh", "one", "Charged", "Energy that overnight sessions have drawn at the end of the step, since the begin of the simulated days, as simulated: at once."),
        Quantity("min_kwh", "float64", "kWh", "one", "At least", "Least that they must have drawn by then, for all to be full when they leave."),
        Quantity("max_kwh", "float64", "kWh", "one", "At most", "Most that they can have drawn by then."),
        Quantity("max_kw", "float64", "kW", "power", "Power limit", "Power that trucks at overnight points can draw together, mean of the step; also of those that are full by then."),
    ),
    key=("place", "start"),
    refers_to={"place": "load_places"},
)

LOAD_FACTORS = Table(
    "load_factors",
    "one factor between the simulated days and the load that is written",
    (
        Quantity("factor", "string", "", "text", "Factor", "Day of the week, month or holiday."),
        Quantity("value", "float64", "", "figure", "Value", "Trips of a day of the week; energy of a month, relative; day of the week that holidays are like, from 1."),
        Quantity("sure", "string", "", "text", "Who says so", "published or assumed."),
        Quantity("source", "string", "", "text", "Source", "Where the figure comes from."),
    ),
    key=("factor",),
)

LOAD_SCHEMAS = (LOAD, LOAD_PLACES, LOAD_SESSIONS, LOAD_ENVELOPE, LOAD_FACTORS)

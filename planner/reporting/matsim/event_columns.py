"""Columns of what a MATSim run gave, beside what its plan had said."""

from __future__ import annotations

from dataclasses import replace

from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.table import Quantity, Table

# fmt: off

PLANNED, OF_MATSIM = "planned", "matsim"


def _both(quantity: Quantity) -> tuple[Quantity, Quantity]:
    """A quantity by the plan, and by the events."""
    return (
        replace(quantity, name=f"{quantity.name}_{PLANNED}", title=f"{quantity.title}, planned"),
        replace(quantity, name=f"{quantity.name}_{OF_MATSIM}", title=f"{quantity.title}, MATSim"),
    )


_TRUCK = Quantity("trip_id", "string", "", "text", "Truck", "Name of the truck in the events: the number of its trip.")
_CHARGER = Quantity("charger_id", "string", "", "text", "MATSim charger", "Name of the MATSim charger in the events.")
_SITE = Quantity("site_id", "string", "", "text", "Site", "Its site; empty where the plan has no such MATSim charger.")
_N_SESSIONS = _both(Quantity("n_sessions", "int64", "sessions", "count", "Sessions", "Sessions with a plug-in."))
_MEAN_WAIT = _both(replace(MEAN_WAIT, meaning="Mean time from coming to plug-in; NaN without sessions."))
_ENERGY = _both(Quantity("energy_kwh", "float64", "kWh", "one", "Energy charged", "Energy charged, kWh; NaN where the events do not tell it."))
_SOC_MEANING = "State of charge at plug-in; NaN where the events do not tell it, or nobody plugs in."

SESSIONS = Table(
    "matsim_sessions",
    "one visit of a truck to a MATSim charger, of the plan, of the events, or of both",
    (
        _TRUCK, _CHARGER, _SITE,
        Quantity("visit", "int64", "", "count", "Visit", "Which visit of the truck to this MATSim charger it is, from 1."),
        *_both(Quantity("queue_h", "float64", "h", "two", "Comes at", "Hours since Monday 00:00; NaN where there is no such visit.")),
        *_both(Quantity("wait_min", "float64", "min", "minutes", "Wait", "Time from coming to plug-in; NaN without a plug-in.")),
        *_both(Quantity("plugged_in_h", "float64", "h", "two", "Plugged in", "Time from plug-in to unplugging.")),
        *_ENERGY,
        *_both(Quantity("soc_share", "float64", "share", "percent", "SoC at plug-in", _SOC_MEANING)),
    ),
    key=("trip_id", "charger_id", "visit"),
)

CHARGERS = Table(
    "matsim_chargers",
    "one MATSim charger of the plan or of the events",
    (_CHARGER, _SITE, *_N_SESSIONS, *_MEAN_WAIT, *_ENERGY),
    key=("charger_id",),
)

TRUCKS = Table(
    "matsim_trucks",
    "one truck of the plan or of the events that charges",
    (
        _TRUCK, *_N_SESSIONS,
        *_both(Quantity("wait_min", "float64", "min", "minutes", "Wait", "Sum of its waits.")),
        *_ENERGY,
        *_both(Quantity("min_soc_share", "float64", "share", "percent", "Lowest SoC at plug-in", _SOC_MEANING)),
    ),
    key=("trip_id",),
)

MATSIM_SCHEMAS = (SESSIONS, CHARGERS, TRUCKS)

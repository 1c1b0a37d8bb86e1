"""Tables of a depot run: their columns, units and meanings."""

from __future__ import annotations

from planner.tables.table import Quantity, Table

# fmt: off
_WAY = Quantity("coordination", "string", "", "text", "Way of planning",
                "Way of planning: co-optimised, dispatch_first, uncoordinated.")
_TRUCK = Quantity("truck", "string", "", "text", "Truck", "Name of the truck.")

DEPOT_STEPS = Table(
    "power_flows",
    "one quarter of an hour of the day in one way of planning",
    (
        _WAY,
        Quantity("time", "string", "", "text", "Time", "Begin, local time."),
        Quantity("load_kw", "float64", "kW", "one", "Building load", "Load of the building."),
        Quantity("pv_kw", "float64", "kW", "one", "PV", "Available PV power."),
        Quantity("curtailed_kw", "float64", "kW", "one", "PV curtailed", "Part of it that is curtailed."),
        Quantity("import_kw", "float64", "kW", "one", "Drawn from the grid", "Power drawn from the grid."),
        Quantity("export_kw", "float64", "kW", "one", "Fed into the grid", "Power fed into the grid."),
        Quantity("charge_kw", "float64", "kW", "one", "Storage charges", "Power into the storage."),
        Quantity("discharge_kw", "float64", "kW", "one", "Storage discharges", "Power out of the storage."),
        Quantity("storage_kwh", "float64", "kWh", "one", "Energy in the storage",
                 "Energy in the storage at the begin."),
        Quantity("trucks_kw", "float64", "kW", "one", "Trucks charge", "Power that the charging points draw."),
        Quantity("import_price", "float64", "per kWh", "three", "Price of energy drawn", "Price of energy drawn."),
        Quantity("export_price", "float64", "per kWh", "three", "Price of energy fed in",
                 "What energy fed in brings."),
    ),
)

DEPOT_CHARGING = Table(
    "charging",
    "one quarter of an hour in which a truck charges on its way",
    (
        _WAY,
        _TRUCK,
        Quantity("time", "string", "", "text", "Time", "Begin, local time."),
        Quantity("power_kw", "float64", "kW", "one", "Power", "Power into the truck's battery, mean."),
    ),
)

DEPOT_TOURS = Table(
    "tours",
    "one halt of a truck's tour",
    (
        _WAY,
        _TRUCK,
        Quantity("position", "int64", "", "count", "Position", "Place in the tour; 0 is the departure."),
        Quantity("stop", "string", "", "text", "Stop", "Id of the stop; R for a recharge, D for the depot."),
        Quantity("arrival_min", "float64", "min", "count", "Arrival", "When it comes, minutes after midnight."),
        Quantity("start_min", "float64", "min", "count", "Begin", "When service or charging begins."),
        Quantity("departure_min", "float64", "min", "count", "Departure", "When it goes on."),
        Quantity("load_kg", "float64", "kg", "count", "Load at departure", "Load when it goes on."),
        Quantity("arrival_kwh", "float64", "kWh", "one", "Battery at arrival", "Energy in the battery when it comes."),
        Quantity("departure_kwh", "float64", "kWh", "one", "Battery at departure",
                 "Energy in the battery when it goes on."),
        Quantity("driven_kwh", "float64", "kWh", "one", "Energy of the way", "Energy of the drive that ends here."),
        Quantity("missing_kwh", "float64", "kWh", "one", "Energy missing",
                 "Energy that it was to get here and did not; what the battery holds is without it."),
        Quantity("shortfall_kwh", "float64", "kWh", "one", "Energy short of getting here",
                 "Energy that the empty battery would still need to come here; above 0 the truck does not come, and"
                 " the times are those planned."),
    ),
)

DEPOT_BILL = Table(
    "bill",
    "one line of the electricity bill of the day",
    (
        _WAY,
        Quantity("kind", "string", "", "text", "Kind", "energy, demand, fixed or export."),
        Quantity("name", "string", "", "text", "Name", "What the tariff calls it."),
        Quantity("quantity", "float64", "kWh, kW or share", "three", "Quantity", "What is billed."),
        Quantity("unit", "string", "", "text", "Unit", "kWh, kW, or the span of a fixed charge."),
        Quantity("period", "string", "", "text", "Period", "month or year whose highest power is priced, else empty."),
        Quantity("share", "float64", "share", "three", "Share of the day",
                 "Part of the month's or year's price on power that the day bears; 1 for other lines."),
        Quantity("amount", "float64", "currency", "two", "Amount", "Amount, to the cent."),
    ),
)

DEPOT_UNSERVED = Table(
    "unserved",
    "one unserved stop",
    (
        _WAY,
        Quantity("stop", "string", "", "text", "Stop", "Id of the stop."),
        Quantity("priority", "float64", "", "one", "Weight", "Its weight."),
        Quantity("cause", "string", "", "text", "Cause",
                 "payload, window, energy: no truck can serve it even alone; trucks: they cannot take it beside "
                 "what weighs more; cost: serving costs more than leaving it."),
    ),
)

DAY_FIGURES = (
    Quantity("energy_kwh", "float64", "kWh", "one", "Energy of the tours", "Energy that the tours need."),
    Quantity("n_recharges", "int64", "", "count", "Recharges on the way", "Recharges on the way."),
    Quantity("grid_energy_kwh", "float64", "kWh", "one", "Energy from the grid", "Energy drawn from the grid."),
    Quantity("grid_peak_kw", "float64", "kW", "one", "Highest power from the grid", "Highest power drawn."),
    Quantity("cost_energy", "float64", "currency", "two", "Cost of energy", "Cost of the energy."),
    Quantity("cost_demand", "float64", "currency", "two", "Cost of demand, share of the day",
             "What the day bears of the price on power."),
    Quantity("cost_operation", "float64", "currency", "two", "Cost of operation", "Driving, trucks and wear."),
    Quantity("cost_total", "float64", "currency", "two", "Cost in all", "Cost in all."),
)
"""Headline figures of a day in one way of planning, in ``run.json`` and on the page."""

DEPOT_SCHEMAS = (DEPOT_STEPS, DEPOT_CHARGING, DEPOT_TOURS, DEPOT_BILL, DEPOT_UNSERVED)

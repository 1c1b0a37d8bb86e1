"""Tables of a depot run: their columns, units and meanings."""

from __future__ import annotations

from planner.reporting.table_schemas import Column, TableSchema

_WAY = Column(
    "coordination", "string", "", "Way of planning: co-optimised, dispatch_first, uncoordinated."
)
_TRUCK = Column("truck", "string", "", "Name of the truck.")

DEPOT_STEPS = TableSchema(
    "power_flows",
    "one quarter of an hour of the day in one way of planning",
    (
        _WAY,
        Column("time", "string", "", "Begin, local time."),
        Column("load_kw", "float64", "kW", "Load of the building."),
        Column("sun_kw", "float64", "kW", "Power that the sun offers."),
        Column("spilled_kw", "float64", "kW", "Part of it that is not used."),
        Column("import_kw", "float64", "kW", "Power drawn from the grid."),
        Column("export_kw", "float64", "kW", "Power fed into the grid."),
        Column("charge_kw", "float64", "kW", "Power into the storage."),
        Column("discharge_kw", "float64", "kW", "Power out of the storage."),
        Column("storage_kwh", "float64", "kWh", "Energy in the storage at the begin."),
        Column("trucks_kw", "float64", "kW", "Power that the chargers draw."),
        Column("import_price", "float64", "per kWh", "Price of energy drawn."),
        Column("export_price", "float64", "per kWh", "What energy fed in brings."),
    ),
)

DEPOT_CHARGING = TableSchema(
    "charging",
    "one quarter of an hour in which a truck charges on its way",
    (
        _WAY,
        _TRUCK,
        Column("time", "string", "", "Begin, local time."),
        Column("power_kw", "float64", "kW", "Power into the truck's battery, mean."),
    ),
)

DEPOT_TOURS = TableSchema(
    "tours",
    "one halt of a truck's tour",
    (
        _WAY,
        _TRUCK,
        Column("position", "int64", "", "Place in the tour; 0 is the departure."),
        Column("stop", "string", "", "Id of the stop; R for a recharge, D for the depot."),
        Column("arrival_min", "float64", "min", "When it comes, minutes after midnight."),
        Column("start_min", "float64", "min", "When service or charging begins."),
        Column("departure_min", "float64", "min", "When it goes on."),
        Column("load_kg", "float64", "kg", "Load when it goes on."),
        Column("arrival_kwh", "float64", "kWh", "Energy in the battery when it comes."),
        Column("departure_kwh", "float64", "kWh", "Energy in the battery when it goes on."),
        Column("driven_kwh", "float64", "kWh", "Energy of the drive that ends here."),
        Column(
            "missing_kwh",
            "float64",
            "kWh",
            "Energy that it was to get here and did not; what the battery holds is without it.",
        ),
        Column(
            "shortfall_kwh",
            "float64",
            "kWh",
            "Energy that the empty battery would still need to come here; above 0 the truck does "
            "not come, and the times are those planned.",
        ),
    ),
)

DEPOT_BILL = TableSchema(
    "bill",
    "one line of the electricity bill of the day",
    (
        _WAY,
        Column("kind", "string", "", "energy, demand, fixed or export."),
        Column("name", "string", "", "What the tariff calls it."),
        Column("quantity", "float64", "kWh, kW or share", "What is billed."),
        Column("unit", "string", "", "kWh, kW, or the span of a fixed charge."),
        Column("period", "string", "", "month or year whose highest power is priced, else empty."),
        Column(
            "share",
            "float64",
            "share",
            "Part of the month's or year's price on power that the day bears; 1 for other lines.",
        ),
        Column("amount", "float64", "currency", "Amount, to the cent."),
    ),
)

DEPOT_UNSERVED = TableSchema(
    "unserved",
    "one stop that stays behind",
    (
        _WAY,
        Column("stop", "string", "", "Id of the stop."),
        Column("priority", "float64", "", "Its weight."),
        Column(
            "cause",
            "string",
            "",
            "payload, window, energy: no truck can serve it even alone; trucks: they cannot take "
            "it beside what weighs more; cost: serving costs more than leaving it.",
        ),
    ),
)

DEPOT_SCHEMAS = (DEPOT_STEPS, DEPOT_CHARGING, DEPOT_TOURS, DEPOT_BILL, DEPOT_UNSERVED)

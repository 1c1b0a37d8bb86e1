"""Which columns the sheets of a run's workbook have, and what they say."""

from __future__ import annotations

from planner.reporting.workbook import SheetColumn
from planner.tables.terms import DEFINITIONS

PLAN = SheetColumn("plan", "Plan", "text", "Its name where the plan has one.")

PLAN_FIGURES = (
    SheetColumn("n_hpc", "High-power points (HPC)", "count", DEFINITIONS["hpc"].text),
    SheetColumn("n_lpc", "Overnight points (LPC)", "count", DEFINITIONS["lpc"].text),
    SheetColumn("mean_wait_min", "Mean wait (min)", "one_decimal", DEFINITIONS["uwti"].text),
    SheetColumn(
        "p95_wait_min", "95 % wait at most (min)", "one_decimal", DEFINITIONS["p95_wait"].text
    ),
    SheetColumn(
        "share_wait_over_15_min",
        "Waits over 15 min (% of sessions)",
        "percent",
        DEFINITIONS["share_wait_over_15"].text,
    ),
    SheetColumn("tcu", "Utilisation in time, TCU (%)", "percent", DEFINITIONS["tcu"].text),
    SheetColumn("ecu", "Utilisation in energy, ECU (%)", "percent", DEFINITIONS["ecu"].text),
    SheetColumn(
        "energy_hpc_mwh",
        "Energy at high power (MWh)",
        "count",
        DEFINITIONS["energy_hpc"].text,
    ),
    SheetColumn(
        "energy_lpc_mwh", "Energy overnight (MWh)", "count", DEFINITIONS["energy_lpc"].text
    ),
    SheetColumn(
        "n_lpc_rejected",
        "Rejected overnight sessions",
        "count",
        DEFINITIONS["lpc_rejected"].text,
    ),
)
"""Figures of a plan as they stand in every sheet that has any."""

FRONT_COLUMNS = (
    SheetColumn(
        "solution", "Number of the plan", "count", "Number of the plan: its row in front.csv."
    ),
    PLAN,
    *PLAN_FIGURES,
)

SITE_COLUMNS = (
    PLAN,
    SheetColumn("site_id", "Site", "text", "The site's key in all tables."),
    SheetColumn("name", "Name of the site", "text", "What a person calls the site."),
    SheetColumn("road", "Motorway", "text", "Motorway that the site lies on."),
    SheetColumn("n_hpc", "High-power points (HPC)", "count", DEFINITIONS["hpc"].text),
    SheetColumn("n_lpc", "Overnight points (LPC)", "count", DEFINITIONS["lpc"].text),
    SheetColumn(
        "n_sessions_hpc", "High-power sessions", "count", "High-power sessions over all days."
    ),
    SheetColumn(
        "n_sessions_lpc", "Overnight sessions", "count", "Overnight sessions over all days."
    ),
    SheetColumn(
        "energy_mwh", "Energy (MWh)", "one_decimal", "Energy charged at the site over all days."
    ),
    SheetColumn("mean_wait_min", "Mean wait (min)", "one_decimal", DEFINITIONS["uwti"].text),
    SheetColumn(
        "p95_wait_min", "95 % wait at most (min)", "one_decimal", DEFINITIONS["p95_wait"].text
    ),
    SheetColumn(
        "utilisation_share", "Utilisation in time, TCU (%)", "percent", DEFINITIONS["tcu"].text
    ),
    SheetColumn("peak_power_kw", "Peak power (kW)", "count", DEFINITIONS["peak_power"].text),
    SheetColumn(
        "grid_connection_kw",
        "Grid connection (kW)",
        "count",
        DEFINITIONS["grid_connection"].text,
    ),
    SheetColumn("lon", "Longitude (degrees)", "degrees", "WGS 84 (EPSG:4326)."),
    SheetColumn("lat", "Latitude (degrees)", "degrees", "WGS 84 (EPSG:4326)."),
)

UNSERVED_FIGURES = (
    SheetColumn("n_unserved", "Unserved trips", "count", DEFINITIONS["unserved"].text),
    SheetColumn(
        "unserved_share",
        "Unserved trips (%)",
        "percent",
        "Trips that cannot be driven, as a share of all electric trips.",
    ),
)
"""Trips that cannot be driven, as a count and as a share."""

LEVEL_COLUMNS = (
    SheetColumn(
        "level_share",
        "Electric trucks (%)",
        "percent",
        "Share of trucks that are battery-electric.",
    ),
    PLAN,
    *PLAN_FIGURES,
    SheetColumn("n_trips", "Electric trips", "count", "Electric trips over all days."),
    *UNSERVED_FIGURES,
)

ASSUMPTION_COLUMNS = (
    SheetColumn("what", "Assumption", "text"),
    SheetColumn("value", "Value", "long_text"),
    SheetColumn("unit", "Unit", "text"),
    SheetColumn("source", "Source", "long_text"),
)
DEFINITION_COLUMNS = (
    SheetColumn("sheet", "Sheet", "text"),
    SheetColumn("heading", "Column or term", "text"),
    SheetColumn("column", "Column in the files", "text"),
    SheetColumn("meaning", "Meaning", "long_text"),
)
ORIGIN_COLUMNS = (
    SheetColumn("key", "What", "text"),
    SheetColumn("value", "Value", "long_text"),
)

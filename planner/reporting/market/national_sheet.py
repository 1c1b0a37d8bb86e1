"""The sheet of a run's workbook with what a kWh costs at each site."""

from __future__ import annotations

from planner.reporting.workbook import SheetColumn

MARKET_COLUMNS = (
    SheetColumn("site_id", "Site", "text", "The site's key in all tables."),
    SheetColumn("name", "Name of the site", "text", "What a person calls the site."),
    SheetColumn("road", "Motorway", "text", "Motorway that the site lies on."),
    SheetColumn(
        "n_hpc_plan", "Points of the plan", "count", "High-power points of the balanced plan."
    ),
    SheetColumn(
        "n_operators",
        "Operators that may come",
        "count",
        "Operators that may come to the site.",
    ),
    SheetColumn(
        "n_hpc_market",
        "Points that pay",
        "one_decimal",
        "Points that operators build of their own accord, mean over time and repetitions.",
    ),
    SheetColumn(
        "price_eur_kwh",
        "What trucks pay (EUR/kWh)",
        "three_decimals",
        "What trucks pay; NaN where nobody charges.",
    ),
    SheetColumn(
        "cheapest_hour_eur_kwh",
        "Cheapest hour (EUR/kWh)",
        "three_decimals",
        "Price of the cheapest hour.",
    ),
    SheetColumn(
        "dearest_hour_eur_kwh",
        "Dearest hour (EUR/kWh)",
        "three_decimals",
        "Price of the dearest hour.",
    ),
    SheetColumn(
        "sessions_per_day", "Sessions a day", "one_decimal", "Trucks that charge, a busy day."
    ),
    SheetColumn("energy_kwh_day", "Energy (kWh a day)", "count", "Energy sold on a busy day."),
    SheetColumn("mean_wait_min", "Mean wait (min)", "one_decimal", "Trucks that charge there."),
    SheetColumn(
        "profit_eur_day",
        "Profit (EUR a day)",
        "count",
        "Profit of all operators at the site on the average day of the week, points paid.",
    ),
    SheetColumn(
        "plan_price_eur_kwh",
        "Price with the points of the plan (EUR/kWh)",
        "three_decimals",
        "What trucks pay where operators must keep the points of the plan.",
    ),
    SheetColumn(
        "subsidy_eur_day",
        "Subsidy (EUR a day)",
        "count",
        "What those operators lack that lose money with the points of the plan.",
    ),
    SheetColumn("lon", "Longitude (degrees)", "degrees", "WGS 84 (EPSG:4326)."),
    SheetColumn("lat", "Latitude (degrees)", "degrees", "WGS 84 (EPSG:4326)."),
)
"""Columns of the sheet, a row per site."""

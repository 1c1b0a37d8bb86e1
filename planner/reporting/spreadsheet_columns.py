"""Columns of the sheets of a workbook that stand in no file, and which others they have."""

from __future__ import annotations

from planner.plan.group_schemas import GROUPS
from planner.plan.run_columns import FLOOR, TRIP_FIGURES
from planner.plan.schemas import FRONT, SITES
from planner.plan.site_hour_schemas import SITE_HOURS
from planner.tables.table import Quantity

# fmt: off
PLAN = Quantity("plan", "string", "", "text", "Plan", "Its name where the plan has one.")

PLAN_FIGURES = (
    *FRONT.quantities("n_hpc"), FLOOR, *FRONT.without("solution", "name", "n_hpc"),
)
"""Figures of a plan as they stand in every sheet that has any, the floor beside the points."""

FRONT_COLUMNS = (*FRONT.quantities("solution"), PLAN, *PLAN_FIGURES)

SITE_COLUMNS = (PLAN, *SITES.without("solution_name", "lon", "lat"), *SITES.quantities("lon", "lat"))

GROUP_COLUMNS = (PLAN, *GROUPS.without("solution_name"))

SITE_HOUR_COLUMNS = (*SITES.quantities("site_id", "name", "road"), *SITE_HOURS.without("solution_name", "site_id"))

LEVEL_SHARE = Quantity("level_share", "float64", "share", "percent", "Electric trucks",
                       "Share of trucks that are battery-electric.")

LEVEL_COLUMNS = (LEVEL_SHARE, PLAN, *PLAN_FIGURES, *TRIP_FIGURES)

ASSUMPTION_COLUMNS = (
    Quantity("what", "string", "", "text", "Assumption", ""),
    Quantity("value", "string", "", "long_text", "Value", ""),
    Quantity("unit", "string", "", "text", "Unit", ""),
    Quantity("source", "string", "", "long_text", "Source", ""),
)
DEFINITION_COLUMNS = (
    Quantity("sheet", "string", "", "text", "Sheet", ""),
    Quantity("heading", "string", "", "text", "Column or term", ""),
    Quantity("column", "string", "", "text", "Column in the files", ""),
    Quantity("meaning", "string", "", "long_text", "Meaning", ""),
)
ORIGIN_COLUMNS = (
    Quantity("key", "string", "", "text", "What", ""),
    Quantity("value", "string", "", "long_text", "Value", ""),
)

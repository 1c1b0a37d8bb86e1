"""The table of load and waits of sites by the hour of the day."""

from __future__ import annotations

from dataclasses import replace

from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.table import Quantity, Table

# fmt: off
SITE_HOURS = Table(
    "site_hours",
    "one hour of the day at a site in one named solution",
    (
        Quantity("solution_name", "string", "", "text", "Solution", "The named solution."),
        Quantity("site_id", "string", "", "text", "Site", "Identifier of the site."),
        Quantity("hour_of_day", "int64", "", "count", "Hour of the day", "0 is from midnight to one o'clock."),
        Quantity("power_kw", "float64", "kW", "power", "Mean power",
                 "Power of high-power and overnight charging in the hour, mean over the simulated days."),
        replace(MEAN_WAIT, meaning="Mean wait of the sessions whose truck joins in the hour, over the simulated days; "
                                   "NaN without any."),
    ),
    key=("solution_name", "site_id", "hour_of_day"),
)

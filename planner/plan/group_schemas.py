"""The table of groups of sites and trucks."""

from __future__ import annotations

from dataclasses import replace

from planner.tables.layout_quantities import MEAN_WAIT, N_HPC, P95_WAIT
from planner.tables.table import Quantity, Table
from planner.tables.terms import DEFINITIONS

# fmt: off
_OF_SITES = "NaN by vehicle class."

GROUPS = Table(
    "groups",
    "a group of sites, or of trucks, in one named solution",
    (
        Quantity("solution_name", "string", "", "text", "Solution", "The named solution."),
        Quantity("grouping", "string", "", "text", "Grouping",
                 "all, region, road, grid_operator_mv, grid_operator_hv or vehicle_class: what the group is made by. "
                 "The groups of a grouping add up to all; groupings of which no site says anything are left out."),
        Quantity("group", "string", "", "text", "Group",
                 "The group; unknown where nothing is known of a site, or it lies in none of the scenario's regions. "
                 "Without these, regions of the built-in network are federal states: of sites on the official list by "
                 "their number there, of others computed as that of the nearest city or port, which may be the "
                 "neighbour's close to a border."),
        Quantity("n_sites", "float64", "sites", "count", "Sites", f"Sites of the group, visited or not. {_OF_SITES}"),
        replace(N_HPC, dtype="float64", meaning=f"{N_HPC.meaning} {_OF_SITES}"),
        Quantity("n_lpc", "float64", "points", "count", "Overnight points", f"{DEFINITIONS['lpc'].text} {_OF_SITES}"),
        Quantity("n_sessions_hpc", "int64", "sessions", "count", "High-power sessions",
                 "High-power sessions over all days."),
        Quantity("n_sessions_lpc", "int64", "sessions", "count", "Overnight sessions",
                 "Overnight sessions over all days."),
        Quantity("energy_day_mwh", "float64", "MWh", "energy", "Energy a day",
                 "Energy charged at high power and overnight on the mean simulated day."),
        Quantity("energy_year_5_days_gwh", "float64", "GWh", "one", "Energy a year, 5-day weeks",
                 "Energy charged in a year in which five days of each week are like the mean simulated day and nobody "
                 "charges on the others."),
        Quantity("energy_year_6_days_gwh", "float64", "GWh", "one", "Energy a year, 6-day weeks",
                 "Energy charged in a year with six such days in each week."),
        Quantity("simultaneous_peak_kw", "float64", "kW", "power", "Simultaneous peak",
                 f"Highest power that all sites of the group draw together at one moment. {_OF_SITES}"),
        Quantity("sum_of_site_peaks_kw", "float64", "kW", "power", "Sum of the sites' peaks",
                 "Sum of the highest powers of its sites, which do not come at the same moment: what their grid "
                 f"connections must add up to. {_OF_SITES}"),
        replace(MEAN_WAIT, meaning=f"{MEAN_WAIT.meaning} NaN without sessions."),
        replace(P95_WAIT, meaning=f"{P95_WAIT.meaning} NaN without sessions."),
    ),
    key=("solution_name", "grouping", "group"),
)

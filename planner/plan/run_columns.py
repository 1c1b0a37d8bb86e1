"""Quantities of a run's named solutions that tables of several runs have beside the front's."""

from __future__ import annotations

from planner.plan.schemas import EXTRA
from planner.tables.layout_quantities import LOGISTICS_COST, MEAN_WAIT, OPERATOR_COST, SYSTEM_COST
from planner.tables.table import Quantity

# fmt: off
EXTRA_NAMES = (
    "mean_trip_h",
    "mean_trip_km",
    "mean_extra_min",
    "mean_extra_duration_share",
    "mean_extra_km",
    "mean_extra_distance_share",
)

FROM_SUMMARY = (
    Quantity("ecu_year_5_days_share", "float64", "share", "percent", "Utilisation in energy, 5-day year",
             "Utilisation in energy over a year in which five days of each week are like the simulated ones and "
             "nobody charges on the others."),
    Quantity("ecu_year_6_days_share", "float64", "share", "percent", "Utilisation in energy, 6-day year",
             "The same with six days of each week."),
    Quantity("lpc_energy_share", "float64", "share", "percent", "Energy charged overnight",
             "Part of the energy charged overnight."),
    Quantity("sessions_per_hpc_day", "float64", "sessions", "one", "Sessions a day and high-power point",
             "High-power sessions per point and simulated day."),
    Quantity("sessions_per_lpc_day", "float64", "sessions", "one", "Sessions a day and overnight point",
             "Overnight sessions per point and simulated day."),
    Quantity("highest_site_peak_kw", "float64", "kW", "power", "Highest peak of a site",
             "Highest power that any site draws at any moment."),
    *(column for column in EXTRA.columns if column.name in EXTRA_NAMES),
)
"""Figures of named solutions in ``run.json``."""

REPLANNED = (
    Quantity(f"replanned_{MEAN_WAIT.name}", "float64", "min", "minutes", "Mean wait after replanning",
             "Mean wait in the balanced layout once trucks know its queues; empty without replanning, in other "
             "solutions, and where replanning is part of the search, so that all waits are of such trucks."),
    Quantity("replanned_p95_wait_min", "float64", "min", "minutes", "95th percentile of the wait after replanning",
             "The 95th percentile of their waits; empty likewise."),
    Quantity("replanned_wait_cut_share", "float64", "share", "percent", "Less wait by replanning",
             "How much less that mean wait is than the one before; empty likewise."),
    Quantity("replanned_n_lpc_rejected", "float64", "sessions", "count", "Rejected overnight sessions after replanning",
             "Trucks that find all overnight points taken then; empty likewise."),
    Quantity("replanned_extra_km", "float64", "km", "two", "Detour that replanning adds",
             "Mean distance that replanning adds to a trip; empty likewise."),
    Quantity("replanned_tcu", "float64", "share", "percent", "Utilisation in time after replanning",
             "Utilisation in time then; empty likewise."),
    Quantity("replanned_mean_extra_min", "float64", "min", "minutes", "Charging delay after replanning",
             "Mean charging delay of a trip then; empty likewise."),
)
"""What replanning does to the balanced solution."""

OBJECTIVE_FIGURES = (OPERATOR_COST, LOGISTICS_COST, SYSTEM_COST)
"""What a search can aim at that is no column of every front; empty where it does not."""

ENERGY = Quantity("energy_mwh", "float64", "MWh", "energy", "Energy charged",
                  "Energy charged at high power and overnight.")

TRIP_FIGURES = (
    Quantity("n_trips", "int64", "trips", "count", "Electric trips", "Electric trips of the run."),
    Quantity("n_unserved", "int64", "trips", "count", "Unserved trips", "Trips of the run that cannot be driven."),
    Quantity("unserved_share", "float64", "share", "percent", "Unserved trips",
             "These as a share of all trips of the run."),
)
"""Trips of a run, and those of them that cannot be driven."""

FLOOR = Quantity("n_visited_sites", "float64", "sites", "count", "of which one per visited site",
                 "Sites where any truck charges at high power: each keeps at least one such point, so as many are "
                 "the floor.")
"""Stands beside every number of high-power points: the choice of sites alone calls for so many."""

OF_THE_RUN = (
    *TRIP_FIGURES,
    Quantity("n_sites", "int64", "sites", "count", "Sites", "Sites of the run."),
    FLOOR,
)

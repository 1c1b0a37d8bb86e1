"""Figures of a whole layout as quantities: what evaluations call them, with titles and units."""

from __future__ import annotations

from dataclasses import replace

from planner.optimization.class_columns import FAST_KW, N_FAST, N_SLOW, OF_CLASSES, SLOW_KW
from planner.plan.run_columns import FLOOR, FROM_SUMMARY, TRIP_FIGURES
from planner.plan.schemas import FRONT
from planner.plan.trip_tables import UNSERVED_REASONS
from planner.tables.layout_quantities import MEAN_WAIT, P95_WAIT, TCU
from planner.tables.table import Quantity

_OF_FRONT = {column.name: column for column in FRONT.columns}
_OF_SUMMARY = {column.name: column for column in FROM_SUMMARY}


def n_unserved_of(reason: str) -> str:
    """Name of the number of trips that cannot be driven for a reason."""
    return f"n_unserved_{reason.replace(' ', '_')}"


# fmt: off
_FIGURES = (
    Quantity("n_sites", "int64", "sites", "count", "Sites with points", "Sites with high-power points."),
    Quantity("n_sites_overloaded", "int64", "sites", "count", "Sites that cannot keep up",
             "Sites to which trucks bring as many hours of charging on the busiest day as the points have, or more."),
    _OF_FRONT["n_hpc"],
    FLOOR,
    _OF_FRONT["n_lpc"],
    Quantity("n_hpc_processes", "int64", "sessions", "count", "High-power sessions",
             "High-power sessions in the simulated days, also those after an overnight point was not free."),
    Quantity("n_lpc_sessions", "int64", "sessions", "count", "Overnight sessions",
             "Overnight sessions in the simulated days."),
    _OF_FRONT["n_lpc_rejected"],
    _OF_SUMMARY["sessions_per_hpc_day"],
    _OF_SUMMARY["sessions_per_lpc_day"],
    MEAN_WAIT,
    Quantity("p50_wait_min", "float64", "min", "minutes", "Median of the wait",
             "50 of 100 high-power charging sessions wait no longer than this."),
    P95_WAIT,
    Quantity("max_wait_min", "float64", "min", "minutes", "Longest wait", "The longest wait of a session."),
    replace(_OF_FRONT["share_wait_over_15_min"], name="long_wait_share"),
    replace(TCU, name="tcu_share"),
    replace(_OF_FRONT["ecu"], name="ecu_share"),
    _OF_SUMMARY["ecu_year_5_days_share"],
    _OF_SUMMARY["ecu_year_6_days_share"],
    _OF_FRONT["energy_hpc_mwh"],
    _OF_FRONT["energy_lpc_mwh"],
    _OF_SUMMARY["lpc_energy_share"],
    *(column for column in TRIP_FIGURES if column.name != "n_trips"),
    *(Quantity(n_unserved_of(reason), "int64", "trips", "count", reason,
               "Trips that cannot be driven for this reason.", within="Unserved trips: {title}")
      for reason in UNSERVED_REASONS.values()),
)
# fmt: on

OF_CLASSES_AT_SITES = (N_SLOW, *OF_CLASSES)
"""Figures of sites by the class of their points."""

CLASS_FIGURES = {figure.name: figure for figure in (FAST_KW, N_FAST, SLOW_KW, *OF_CLASSES_AT_SITES)}
"""Figures by the class of points, which layouts of two classes have too."""

LAYOUT_FIGURES = {figure.name: figure for figure in _FIGURES}
"""By their names in ``evaluation.csv`` and in answers to programs, in the order of a workbook."""

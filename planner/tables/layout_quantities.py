"""Quantities of a whole layout that searches aim at and tables show."""

from __future__ import annotations

from planner.tables.table import Quantity
from planner.tables.terms import DEFINITIONS

_MEANING = {key: definition.text for key, definition in DEFINITIONS.items()}

# fmt: off
N_HPC = Quantity("n_hpc", "int64", "points", "count", "HPC points", _MEANING["hpc"])
MEAN_WAIT = Quantity("mean_wait_min", "float64", "min", "minutes", "Mean wait", _MEANING["uwti"])
P95_WAIT = Quantity("p95_wait_min", "float64", "min", "minutes", "95th percentile of the wait",
                    _MEANING["p95_wait"])
TCU = Quantity("tcu", "float64", "share", "percent", "Utilisation in time, TCU", _MEANING["tcu"])

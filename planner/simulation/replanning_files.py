"""Replanning on disk, so that an interrupted run need not repeat it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from planner.routing.plan_files import plans_in, write_plans
from planner.runs.stage_files import read_arrays
from planner.simulation.replanning import ReplanningResult

if TYPE_CHECKING:
    from pathlib import Path

_HISTORY = "history."


def write_replanning(result: ReplanningResult, path: Path) -> None:
    """Write what trucks learned, whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        File, ``.npz``.
    """
    history = {f"{_HISTORY}{name}": column.to_numpy() for name, column in result.history.items()}
    write_plans(result.plans, path, beside=history)


def read_replanning(path: Path) -> ReplanningResult | None:
    """Read what trucks learned; None where there is nothing that can be read.

    Parameters
    ----------
    path : pathlib.Path
        Written by :func:`write_replanning`.
    """
    stored = read_arrays(path)
    if stored is None:
        return None
    history = {
        name.removeprefix(_HISTORY): values
        for name, values in stored.items()
        if name.startswith(_HISTORY)
    }
    return ReplanningResult(plans_in(stored), pd.DataFrame(history))

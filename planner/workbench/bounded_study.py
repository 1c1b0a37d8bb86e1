"""A study that searches again around changes of a plan: the run's own, with bounds of its sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import yaml

from planner.errors import InputDataError, RunDirectoryError
from planner.files.spreadsheet_texts import write_csv_file
from planner.optimization.point_bounds import LEAST, MOST, read_bounds, within_bounds
from planner.plan.study_inputs import site_limits
from planner.runs.durable_files import replacing
from planner.scenario.point_bounds import PointBounds

if TYPE_CHECKING:
    from pathlib import Path

    from planner.layouts.editing import EditedPlan

How = Literal["towards", "keep", "least", "most"]
"""Bounds that a change sets: at least where a site got more and at most where it got fewer, just so
many, at least, at most."""

_BOUNDS = "-bounds.csv"


def write_bounded_study(edited: EditedPlan, how: How, path: Path) -> None:
    """Write a study and its table of bounds beside it.

    Parameters
    ----------
    edited : EditedPlan
        The changes.
    path : pathlib.Path
        The study's file, whose stem is its name.

    Raises
    ------
    InputDataError
        If a site cannot have what it is to have at least.
    RunDirectoryError
        If something stands there already, or it cannot be written.
    """
    run = edited.opened.run
    table = path.with_name(f"{path.stem}{_BOUNDS}")
    scenario: dict[str, Any] = {**run.run.scenario, "name": path.stem}
    before = run.scenario.optimization.bounds
    left_out = "free" if before is None else before.left_out
    scenario["optimization"] = {
        **scenario["optimization"],
        "bounds": {"path": table.name, "left_out": left_out},
    }
    told = (
        f"# The study of {edited.opened.run_dir.name} again, around changes of its plan "
        f"{run.solution}.\n# Fewest and most points of the changed sites: {table.name}\n"
    )
    bounds = _bounds(edited, how)
    if before is not None:
        bounds = pd.concat([read_bounds(before.path), bounds]).drop_duplicates(
            "site_id", keep="last"
        )
    if path.exists() or table.exists():
        msg = f"{path}: exists already; take another name"
        raise RunDirectoryError(msg)
    try:
        path.parent.mkdir(exist_ok=True)
        write_csv_file(bounds, table)
        _check(edited, PointBounds(path=table.resolve(), left_out=left_out))
        with replacing(path) as new:
            text = yaml.safe_dump(scenario, sort_keys=False, allow_unicode=True)
            new.write_text(told + text, encoding="utf-8")
    except OSError as error:
        msg = f"{path}: cannot be written ({error.strerror}); take another name"
        raise RunDirectoryError(msg) from error


def _check(edited: EditedPlan, bounds: PointBounds) -> None:
    """Refuse bounds that the search would refuse, and leave nothing behind."""
    run = edited.opened.run
    try:
        limits = site_limits(run.scenario, run.sites)
        within_bounds(limits, run.sites.site_id, bounds, are_all_sites=False)
    except InputDataError:
        bounds.path.unlink()
        raise


def _bounds(edited: EditedPlan, how: How) -> pd.DataFrame:
    """A row per changed site."""
    plan = edited.opened.plan
    rows: list[tuple[str, int | None, int | None]] = []
    for site_id, points in edited.changed.items():
        before = int(plan.n_hpc[edited.opened.index_of[site_id]])
        if points.n_hpc == before:  # only its overnight points differ, which no plan chooses
            continue
        more = points.n_hpc > before
        at_least = how in {"keep", "least"} or (how == "towards" and more)
        at_most = how in {"keep", "most"} or (how == "towards" and not more)
        rows.append(
            (site_id, points.n_hpc if at_least else None, points.n_hpc if at_most else None)
        )
    table = pd.DataFrame(rows, columns=["site_id", LEAST, MOST])
    return table.astype({LEAST: "Int64", MOST: "Int64"})

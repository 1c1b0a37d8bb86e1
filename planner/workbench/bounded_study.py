"""A study that searches again around changes of a plan: the run's own, with bounds of its sites."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  # pydantic reads the annotations
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import yaml

from planner.errors import RunDirectoryError
from planner.files.spreadsheet_texts import write_csv_file
from planner.network.changed_sites import read_site_changes
from planner.optimization.point_bounds import LEAST, MOST, read_bounds, within_bounds
from planner.plan.study_inputs import site_limits
from planner.runs.disk_faults import told_of
from planner.runs.durable_files import replacing
from planner.said import said
from planner.scenario.point_bounds import PointBounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from planner.layouts.changed_plan import ChangedPlan

How = Literal["towards", "keep", "least", "most"]
"""Bounds that a change sets: at least where a site got more and at most where it got fewer, just so
many, at least, at most."""


@dataclass(frozen=True, slots=True)
class Binding:
    """How changes of a plan bind a search.

    Parameters
    ----------
    how : str
        Bounds of the changed sites.
    of_sites : mapping of str to str
        Other bounds of some of them, by the sites' keys.
    """

    how: How = "towards"
    of_sites: Mapping[str, How] = field(default_factory=dict)


_BOUNDS, _SITES = "-bounds.csv", "-sites.csv"


def write_bounded_study(changed: ChangedPlan, binding: Binding, path: Path) -> None:
    """Write a study, and tables of its bounds, added sites and connections beside it.

    Parameters
    ----------
    changed : ChangedPlan
        The plan with its changes.
    binding : Binding
        What its search keeps to.
    path : pathlib.Path
        The study's file, whose stem is its name.

    Raises
    ------
    InputDataError
        If a site cannot have what it is to have at least.
    RunDirectoryError
        If something stands there already, or it cannot be written.
    """
    run = changed.opened.run
    scenario: dict[str, Any] = {**run.run.scenario, "name": path.stem}
    of_run = changed.opened.run_dir.name
    told = [f"# The study of {of_run} again, around changes of its plan {run.solution}."]
    tables: dict[Path, pd.DataFrame] = {}
    if changed.opened.assumes_classes:
        told.append("# Classes of points that the study did not name, as they were assumed.")
        classes = {
            name: {"power_kw": each.power_kw, "connector": each.connector, "sure": "assumed"}
            for name, each in run.scenario.chargers.classes.items()
        }
        scenario["chargers"] = scenario["chargers"] | {"classes": classes}
    bounds = _bounds(changed, binding)
    before = run.scenario.optimization.bounds
    left_out = "free" if before is None else before.left_out
    bounds_table = path.with_name(f"{path.stem}{_BOUNDS}")
    if len(bounds):
        told.append(f"# Fewest and most points of the changed sites: {bounds_table.name}")
        if changed.layout.n_slow.any():
            told.append("# Those of the slower class are held, as points like others.")
        scenario["optimization"] = {
            **scenario["optimization"],
            "bounds": {"path": bounds_table.name, "left_out": left_out},
        }
        if before is not None:
            bounds = pd.concat([read_bounds(before.path), bounds]).drop_duplicates(
                "site_id", keep="last"
            )
        tables[bounds_table] = bounds
    if changed.kept_sites.are_others:
        sites_table = path.with_name(f"{path.stem}{_SITES}")
        told.append(f"# Sites that are added, and other grid connections: {sites_table.name}")
        scenario["sites"] = {**scenario["sites"], "changes": {"path": sites_table.name}}
        tables[sites_table] = _site_changes(changed)
    _refuse_what_exists((path, *tables))
    with told_of(path, "free some space, or take another name"), _none_left_of(tables):
        path.parent.mkdir(exist_ok=True)
        for file, table in tables.items():
            write_csv_file(table, file)
        if bounds_table in tables:
            _check(changed, PointBounds(path=bounds_table.resolve(), left_out=left_out))
        with replacing(path) as new:
            text = yaml.safe_dump(scenario, sort_keys=False, allow_unicode=True)
            new.write_text("\n".join([*told, text]), encoding="utf-8")


@contextmanager
def _none_left_of(files: Iterable[Path]) -> Iterator[None]:
    """Leave none of some new files behind where anything goes wrong."""
    try:
        yield
    except BaseException:
        for file in files:
            with suppress(OSError):
                file.unlink(missing_ok=True)
        raise


def _refuse_what_exists(files: Iterable[Path]) -> None:
    for file in files:
        if file.exists():
            msg = said("{file}: exists already; take another name", file=str(file))
            raise RunDirectoryError(msg)


def _check(changed: ChangedPlan, bounds: PointBounds) -> None:
    """Refuse bounds that the search would refuse."""
    sites = changed.opened.sites_with(changed.kept_sites)
    limits = site_limits(changed.opened.run.scenario, sites)
    within_bounds(limits, sites.site_id, bounds, are_all_sites=False)


def _bounds(changed: ChangedPlan, binding: Binding) -> pd.DataFrame:
    """A row per site of the search whose high-power points are others.

    Of two classes the search knows one: points of the faster one are bound, and those of the
    slower one are held as they are, as far as the connection carries as many of the faster one.
    The sum of both is what it gets.
    """
    scenario, sites = changed.opened.run.scenario, changed.sites
    most_hpc = dict(zip(map(str, sites.site_id), site_limits(scenario, sites).max_hpc, strict=True))
    rows: list[tuple[str, int | None, int | None]] = []
    for site_id, points in changed.changed.items():
        before = changed.points_before(site_id)
        # Where only overnight points differ no plan chooses them.
        if (points.n_fast, points.n_slow) == (before.n_fast, before.n_slow):
            continue
        bound = binding.of_sites.get(site_id, binding.how)
        at_least = bound in {"keep", "least"}
        at_most = bound in {"keep", "most"}
        if bound == "towards":
            at_least, at_most = points.n_fast > before.n_fast, points.n_fast < before.n_fast
        least = points.n_hpc if at_least else points.n_slow or None
        if least is not None and points.n_slow:
            least = min(least, int(most_hpc[site_id]))
        if least is not None or at_most:
            rows.append((site_id, least, points.n_hpc if at_most else None))
    table = pd.DataFrame(rows, columns=["site_id", LEAST, MOST])
    return table.astype({LEAST: "Int64", MOST: "Int64"})


def _site_changes(changed: ChangedPlan) -> pd.DataFrame:
    """Changes of the sites, after those that the study of the run has already."""
    table, before = changed.kept_sites.table(), changed.opened.run.scenario.sites.changes
    if before is None:
        return table
    # Of each figure the one that was said last.
    both = pd.concat([read_site_changes(before.path), table])
    return both.groupby("site_id", sort=False).last().reset_index()

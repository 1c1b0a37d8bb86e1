"""What changes at each site from the balanced plan of one run to that of another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.schemas import SITES
from planner.tables.layout_quantities import MEAN_WAIT, N_HPC
from planner.tables.table import Quantity, Table
from planner.tables.table_files import read_parquet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.plan.compared_runs import ComparedRun

CHANGES_LAYER = "changes"
"""Beginning of the names of layers of a map that show changes."""

# fmt: off
SITE_CHANGES = Table(
    "site_changes",
    "one site of two compared runs",
    (
        *SITES.quantities("site_id", "name", "road", "lon", "lat"),
        replace(N_HPC, name="n_hpc_before", dtype="float64", within="{title} before"),
        replace(N_HPC, dtype="float64", within="{title} after"),
        Quantity("n_hpc_change", "float64", "points", "count", "More high-power points",
                 "High-power charging points more, negative where fewer; a site that one of the "
                 "runs lacks has none there. Means where there are several draws."),
        replace(MEAN_WAIT, name="mean_wait_before_min", within="{title} before"),
        replace(MEAN_WAIT, within="{title} after"),
        Quantity("mean_wait_change_min", "float64", "min", "minutes", "Longer wait",
                 "Mean wait that is longer, negative where shorter; NaN where nobody charges in "
                 "one of the runs."),
    ),
    key=("site_id",),
)
# fmt: on


def site_changes(before: Sequence[ComparedRun], after: Sequence[ComparedRun]) -> pd.DataFrame:
    """Points and waits of each site in the balanced plans of two runs, or of draws of them.

    Returns
    -------
    DataFrame
        ``SITE_CHANGES``: the sites of either, those with the largest change first.
    """
    return changes_between(_sites(before), _sites(after))


def changes_between(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Points and waits of each site before and after.

    Parameters
    ----------
    old, new : DataFrame
        ``name``, ``road``, ``lon``, ``lat``, ``n_hpc``, ``mean_wait_min`` by key of the site.

    Returns
    -------
    DataFrame
        ``SITE_CHANGES``: the sites of either, those with the largest change first.
    """
    sites = old.combine_first(new)[["name", "road", "lon", "lat"]]
    points_before, points = (
        each[N_HPC.name].reindex(sites.index).fillna(0.0).astype(float) for each in (old, new)
    )
    wait_before, wait = (each[MEAN_WAIT.name].reindex(sites.index) for each in (old, new))
    table = sites.assign(
        n_hpc_before=points_before,
        n_hpc_change=points - points_before,
        mean_wait_before_min=wait_before,
        mean_wait_change_min=wait - wait_before,
        **{N_HPC.name: points, MEAN_WAIT.name: wait},
    )
    largest = table["n_hpc_change"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[largest].reset_index(names="site_id")[SITE_CHANGES.column_names]


def _sites(runs: Sequence[ComparedRun]) -> pd.DataFrame:
    """Sites of the balanced plan by key, figures means over the runs."""
    tables = [read_parquet(run.folder / f"{SITES.name}.parquet") for run in runs]
    rows = pd.concat([each[each["solution_name"] == DEFAULT_SOLUTION] for each in tables])
    figures = rows.groupby("site_id", sort=True)[[N_HPC.name, MEAN_WAIT.name]].mean()
    return figures.join(
        rows.drop_duplicates("site_id").set_index("site_id")[["name", "road", "lon", "lat"]]
    )

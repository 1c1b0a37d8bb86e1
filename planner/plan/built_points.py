"""What a plan adds to the points that stand or are announced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.tables.language import ENGLISH

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from planner.network.sites import Sites
    from planner.plan.plan_results import PlanResults
    from planner.simulation.queues import ChargerLayout
    from planner.tables.language import Language

_KINDS = ("hpc", "lpc")


def built_and_missing(sites: Sites, layout: ChargerLayout) -> dict[str, NDArray[np.float64]]:
    """Points of each site that stand, are announced, and are missing for a layout.

    Returns
    -------
    dict of str to (n_sites,) float64
        Columns of ``BUILT``, all NaN where the study tells of none.
    """
    found = {}
    for kind in _KINDS:
        planned = getattr(layout, f"n_{kind}").astype(np.float64)
        built, announced = (getattr(sites, f"{name}_{kind}") for name in ("existing", "announced"))
        is_told = built is not None
        nothing = np.zeros(sites.n_sites)
        there = nothing if built is None else built.astype(np.float64)
        coming = nothing if announced is None else announced.astype(np.float64)
        missing = np.maximum(planned - there - coming, 0.0)
        for name, values in (("built", there), ("announced", coming), ("missing", missing)):
            found[f"{name}_{kind}"] = values if is_told else np.full(sites.n_sites, np.nan)
    return found


def tells_what_stands(figures: pd.DataFrame) -> bool:
    """Whether a table of sites says what stands."""
    return bool(figures["built_hpc"].notna().any())


def built_sentence(results: PlanResults, language: Language = ENGLISH) -> str:
    """Say how many points of the default plan stand, are announced and are missing.

    Returns
    -------
    str
        One sentence; empty where the study tells of none, for example as its table of sites has
        no column for them.
    """
    figures = results.figures_of(results.default_solution.name)
    there = [f"{what}_{kind}" for what in ("built", "announced") for kind in _KINDS]
    if not (figures[there] > 0).any(axis=None):
        return ""
    total = {
        name: language.count(int(figures[name].sum()))
        for name in (
            f"{what}_{kind}" for what in ("built", "announced", "missing") for kind in _KINDS
        )
    }
    return language.text(
        "Of its points {built_hpc} at high power and {built_lpc} overnight stand already, "
        "{announced_hpc} and {announced_lpc} are announced, {missing_hpc} and {missing_lpc} are "
        "missing.",
        **total,
    )

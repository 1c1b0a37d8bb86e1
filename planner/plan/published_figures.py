"""Figures that others have published for Germany, to hold ours against.

They stand in ``config/published_figures.csv``. Road network, freight data and site lists of that
study are not public: a difference is to be explained, not to be hidden.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from math import isnan, nan
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from planner.scenario.bundled import bundled_path
from planner.tables.language import NOT_KNOWN
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from planner.tables.language import Language

SOURCE = (
    "Fadranski, Tietz, Göhlich, World Electr. Veh. J. 2026, 17(7), 326, doi 10.3390/wevj17070326"
)


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure that the study prints.

    Parameters
    ----------
    network : {"policy", "extended"}
        Sites: 347 of the policy network or 779 of the extended one.
    what : str
        What it is, in the study's terms.
    text : str
        The figure as printed.
    low, high : float
        Its range as a number, the same where it is one value; shares from 0 to 1.
    column : str
        Column of our tables that holds the same figure; empty where none does.
    solution_name : str
        Named solution that it belongs to; empty where it is of no one solution.
    where : str
        Where the study has it.
    """

    level_share: float
    network: Literal["policy", "extended"]
    what: str
    text: str
    low: float
    high: float
    column: str = ""
    solution_name: str = ""
    where: str = ""


HPC_RANGE = "High-power points, cpo to logistics"
HPC_AT_5_MIN = "High-power points at 5 min mean wait"
LPC = "Overnight points"
ENERGY = "energy recharged, GWh"
LPC_SHARE = "Overnight share of energy, %"
BALANCED_WAIT = "balanced: mean wait, min"
BALANCED_TCU = "balanced: TCU, %"
BALANCED_ECU = "balanced: ECU of a 5- to 6-day year, %"
REPLANNING_CUT = "balanced: wait that replanning saves, %"
ENERGY_PER_TRIP = "energy recharged per electric trip, kWh"
TCU_AT_WAIT = "TCU at 1.5 min mean wait, %"
LONGER_DRIVING = "longer driving, %"
LONGER_DRIVING_MIN = "longer driving, min"
EXTRA_DURATION = "longer trips, without waiting, %"
EXTRA_MINUTES = "longer trips, without waiting, min"
EXTRA_DISTANCE = "longer trips, distance, %"

_DECIMALS = {
    BALANCED_WAIT: 1,
    "balanced: mean wait after replanning, min": 1,
    ENERGY: 1,
    LONGER_DRIVING: 2,
    LONGER_DRIVING_MIN: 1,
    EXTRA_DURATION: 2,
    EXTRA_MINUTES: 1,
    "longer trips, with waiting, %": 2,
    EXTRA_DISTANCE: 2,
    "trips unserved, %": 1,
}

STUDY_LEVELS = (0.01, 0.05, 0.10, 0.15, 0.20)
"""Electrification levels of the study."""

_COLUMNS = {
    HPC_RANGE: ("n_hpc", ""),
    LPC: ("n_lpc", ""),
    ENERGY: ("energy_gwh", ""),
    LPC_SHARE: ("lpc_energy_share", ""),
    BALANCED_WAIT: (MEAN_WAIT.name, "balanced"),
    BALANCED_TCU: ("tcu", "balanced"),
    BALANCED_ECU: ("ecu_year_6_days_share", "balanced"),
}
"""Column of our tables and named solution, of the figures that charts show."""


def _printed() -> tuple[PublishedFigure, ...]:
    """The figures of ``config/published_figures.csv``."""
    path = bundled_path("config/published_figures.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            PublishedFigure(
                float(row["level_share"]),
                "policy" if row["network"] == "policy" else "extended",
                row["figure"],
                row["published"],
                float(row["low"]),
                float(row["high"]),
                *_COLUMNS.get(row["figure"], ("", "")),
                where=row["where"],
            )
            for row in csv.DictReader(file)
        )


PUBLISHED = _printed()
"""What the study prints."""


def published_for(level_share: float, network: str) -> tuple[PublishedFigure, ...]:
    """What the study prints for a level and a network.

    Parameters
    ----------
    network : str
        ``policy`` or ``extended``; anything else has no figures.
    """
    return tuple(
        figure
        for figure in PUBLISHED
        if figure.network == network and abs(figure.level_share - level_share) < 1e-9
    )


def own_figures(summary: dict[str, Any], front: pd.DataFrame) -> dict[str, tuple[float, ...]]:
    """Figures of a run of ours under the names of the published ones, and some more.

    Parameters
    ----------
    summary : dict
        The ``summary`` of its ``run.json``.

    Returns
    -------
    dict of str to tuple of float
        By what they are: one value or the two ends of a range, in the units that the names say.
        NaN where the run does not tell or the front does not reach it.
    """
    solutions = summary["solutions"]
    balanced = solutions["balanced"]
    by_wait = front.sort_values(MEAN_WAIT.name)
    wait, n_hpc = by_wait[MEAN_WAIT.name].to_numpy(), by_wait["n_hpc"].to_numpy(np.float64)
    energy_gwh = (balanced["energy_hpc_mwh"] + balanced["energy_lpc_mwh"]) / 1000.0
    reference, replanning = summary.get("reference", {}), summary.get("replanning", {})
    before_min = replanning.get("mean_wait_before_min", nan)
    after_min = replanning.get("mean_wait_after_min", nan)
    cut = 1.0 - after_min / before_min if before_min else nan
    without_wait = "mean_extra_duration_without_waiting_share"
    return {
        HPC_RANGE: (solutions["cpo"]["n_hpc"], solutions["logistics"]["n_hpc"]),
        "High-power points without queues": (summary["n_hpc_without_queues"],),
        LPC: (balanced["n_lpc"],),
        "High-power points at 1.5 min mean wait": (_at_wait(1.5, wait, n_hpc),),
        HPC_AT_5_MIN: (_at_wait(5.0, wait, n_hpc),),
        TCU_AT_WAIT: (_at_wait(1.5, wait, 100.0 * by_wait["tcu"].to_numpy()),),
        "balanced: high-power points": (balanced["n_hpc"],),
        BALANCED_WAIT: (balanced[MEAN_WAIT.name],),
        "balanced: mean wait after replanning, min": (after_min,),
        REPLANNING_CUT: (100 * cut,),
        BALANCED_TCU: (100 * balanced["tcu"],),
        BALANCED_ECU: (
            100 * balanced["ecu_year_5_days_share"],
            100 * balanced["ecu_year_6_days_share"],
        ),
        ENERGY: (energy_gwh,),
        ENERGY_PER_TRIP: (1e6 * energy_gwh / summary["n_trips"],),
        LPC_SHARE: (100 * balanced["lpc_energy_share"],),
        LONGER_DRIVING: (100 * reference.get("mean_extra_driving_share", nan),),
        LONGER_DRIVING_MIN: (reference.get("mean_extra_by_cause_min", {}).get("detour", nan),),
        EXTRA_DURATION: (100 * reference.get(without_wait, nan),),
        EXTRA_MINUTES: (reference.get("mean_extra_without_waiting_min", nan),),
        "longer trips, with waiting, %": (100 * reference.get("mean_extra_duration_share", nan),),
        EXTRA_DISTANCE: (100 * reference.get("mean_extra_distance_share", nan),),
        "trips unserved, %": (100 * summary["n_unserved"] / summary["n_trips"],),
    }


def own_means(figures: Sequence[dict[str, tuple[float, ...]]]) -> dict[str, tuple[float, ...]]:
    """Mean of replications of each figure from :func:`own_figures`, by what they are."""
    return {
        what: tuple(float(mean) for mean in np.mean([of_run[what] for of_run in figures], axis=0))
        for what in figures[0]
    }


def own_texts(figures: Sequence[dict[str, tuple[float, ...]]]) -> dict[str, str]:
    """Figures of replications as texts, each the mean of them.

    Parameters
    ----------
    figures : sequence of dict
        From :func:`own_figures`, one per replication.

    Returns
    -------
    dict of str to str
        By what they are, ranges as ``"600-1000"``.
    """
    texts = {}
    for what, means in own_means(figures).items():
        decimals = _DECIMALS.get(what, 0)
        known = [f"{mean:.{decimals}f}" for mean in means if not isnan(mean)]
        texts[what] = "-".join(known) or NOT_KNOWN
    return texts


def as_written(text: str, language: Language) -> str:
    """Figures as printed or :func:`own_texts` with the signs of a language.

    Parameters
    ----------
    text : str
        For example ``"1116-3316"`` or ``"up to 92"``.

    Returns
    -------
    str
        For example ``"up to 92"``, ``"2,200 (1,800 replanned)"``; ranges with an en dash.
    """

    def number(found: re.Match[str]) -> str:
        return language.number(float(found[0]), len(found[0].partition(".")[2]))

    ranged = re.sub(r"(?<=\d)-(?=\d)", "\N{EN DASH}", language.own_text(text))
    return re.sub(r"\d+(?:[.]\d+)?", number, ranged)


def _at_wait(
    mean_wait_min: float, wait_min: NDArray[np.float64], values: NDArray[np.float64]
) -> float:
    """Value at a mean wait between two solutions of the front; NaN where it is not reached."""
    if not wait_min[0] <= mean_wait_min <= wait_min[-1]:
        return nan
    return float(np.interp(mean_wait_min, wait_min, values))

"""Figures that others have published for Germany, to hold ours against.

Source: Fadranski, Tietz, Göhlich, World Electr. Veh. J. 2026, 17(7), 326,
doi 10.3390/wevj17070326. Road network, freight data and site lists of that study are not public:
a difference is to be explained, not to be hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

SOURCE = (
    "Fadranski, Tietz, Göhlich, World Electr. Veh. J. 2026, 17(7), 326, doi 10.3390/wevj17070326"
)


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure that the study prints.

    Parameters
    ----------
    level_share : float
        Electrification level.
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
    """

    level_share: float
    network: Literal["policy", "extended"]
    what: str
    text: str
    low: float
    high: float
    column: str = ""
    solution_name: str = ""


def _of_both(
    level_share: float, what: str, text: str, low: float, high: float, column: str, name: str = ""
) -> tuple[PublishedFigure, ...]:
    return (
        PublishedFigure(level_share, "policy", what, text, low, high, column, name),
        PublishedFigure(level_share, "extended", what, text, low, high, column, name),
    )


HPC_RANGE = "HPC points, cpo to logistics"
HPC_AT_5_MIN = "HPC points at 5 min mean wait"
LPC = "LPC points"
ENERGY = "energy recharged, GWh"
LPC_SHARE = "LPC share of energy, %"
BALANCED_WAIT = "balanced: mean wait, min"
BALANCED_TCU = "balanced: TCU, %"
BALANCED_ECU = "balanced: ECU of a 5- to 6-day year, %"

PUBLISHED: tuple[PublishedFigure, ...] = (
    PublishedFigure(0.15, "policy", HPC_RANGE, "1116-3316", 1116, 3316, "n_hpc"),
    PublishedFigure(0.15, "extended", HPC_RANGE, "1482-4270", 1482, 4270, "n_hpc"),
    PublishedFigure(0.15, "policy", HPC_AT_5_MIN, "2200 (1800 replanned)", 1800, 2200),
    PublishedFigure(0.15, "extended", HPC_AT_5_MIN, "2700 (2300 replanned)", 2300, 2700),
    PublishedFigure(0.15, "policy", LPC, "5423", 5423, 5423, "n_lpc"),
    PublishedFigure(0.15, "extended", LPC, "6071", 6071, 6071, "n_lpc"),
    *_of_both(0.15, ENERGY, "48", 48, 48, "energy_gwh"),
    *_of_both(0.15, LPC_SHARE, "19", 0.19, 0.19, "lpc_energy_share"),
    *_of_both(0.10, BALANCED_WAIT, "1.4-1.9", 1.4, 1.9, "mean_wait_min", "balanced"),
    *_of_both(0.10, BALANCED_TCU, "23-32 (both networks)", 0.23, 0.32, "tcu", "balanced"),
    PublishedFigure(
        0.20, "policy", BALANCED_ECU, "17-20", 0.17, 0.20, "ecu_year_6_days_share", "balanced"
    ),
    PublishedFigure(
        0.20, "extended", BALANCED_ECU, "12-14", 0.12, 0.14, "ecu_year_6_days_share", "balanced"
    ),
)
"""What the study prints."""


def published_texts(level_share: float, network: str) -> dict[str, str]:
    """Figures of a level and network as printed, by what they are.

    Parameters
    ----------
    level_share : float
        Electrification level.
    network : str
        ``policy`` or ``extended``; anything else has no figures.
    """
    return {
        figure.what: figure.text
        for figure in PUBLISHED
        if figure.network == network and abs(figure.level_share - level_share) < 1e-9
    }


def own_figures(summary: dict[str, Any], front: pd.DataFrame) -> dict[str, str]:
    """Figures of a run of ours under the names of the published ones, and some more.

    Parameters
    ----------
    summary : dict
        The ``summary`` of its ``run.json``.
    front : DataFrame
        Its front.

    Returns
    -------
    dict of str to str
        Texts by what they are.
    """
    solutions = summary["solutions"]
    balanced = solutions["balanced"]
    by_wait = front.sort_values("mean_wait_min")
    wait, n_hpc = by_wait["mean_wait_min"].to_numpy(), by_wait["n_hpc"].to_numpy(np.float64)
    energy_gwh = (balanced["energy_hpc_mwh"] + balanced["energy_lpc_mwh"]) / 1000.0
    return {
        HPC_RANGE: f"{solutions['cpo']['n_hpc']}-{solutions['logistics']['n_hpc']}",
        "HPC points without queues": f"{summary['n_hpc_without_queues']}",
        LPC: f"{balanced['n_lpc']}",
        "HPC points at 1.5 min mean wait": _at_wait(1.5, wait, n_hpc),
        HPC_AT_5_MIN: _at_wait(5.0, wait, n_hpc),
        "TCU at 1.5 min mean wait, %": _at_wait(1.5, wait, 100.0 * by_wait["tcu"].to_numpy()),
        "balanced: HPC points": f"{balanced['n_hpc']}",
        BALANCED_WAIT: f"{balanced['mean_wait_min']:.1f}",
        BALANCED_TCU: f"{100 * balanced['tcu']:.0f}",
        BALANCED_ECU: (
            f"{100 * balanced['ecu_year_5_days_share']:.0f}"
            f"-{100 * balanced['ecu_year_6_days_share']:.0f}"
        ),
        ENERGY: f"{energy_gwh:.1f}",
        "energy recharged per electric trip, kWh": f"{1e6 * energy_gwh / summary['n_trips']:.0f}",
        LPC_SHARE: f"{100 * balanced['lpc_energy_share']:.0f}",
        "trips unserved, %": f"{100 * summary['n_unserved'] / summary['n_trips']:.1f}",
    }


def _at_wait(
    mean_wait_min: float, wait_min: NDArray[np.float64], values: NDArray[np.float64]
) -> str:
    """Value at a mean wait between two solutions of the front; the front may not reach it."""
    if not wait_min[0] <= mean_wait_min <= wait_min[-1]:
        return "not reached"
    return f"{np.interp(mean_wait_min, wait_min, values):.0f}"

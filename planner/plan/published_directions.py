"""What must come out whatever the data: directions that the German motorway study finds.

Absolute figures depend on road network, freight data and site lists, which are not public;
directions do not. Each is judged at every level at which the runs allow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from planner.plan.compared_runs import ComparedRun

REPLANNING_LEVEL_SHARE = 0.10
"""Level at which the study lets trucks replan."""

REPLANNING_CUT_SHARE = 0.5
"""Part of the mean wait that replanning must save at least."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a direction holds at a level.

    Parameters
    ----------
    network : str
        Sites it is judged on, or both networks.
    holds : bool
        Whether it does.
    left, right : float
        The two figures that are compared, in ``unit``.
    """

    direction: str
    level_share: float
    network: str
    holds: bool
    left: float
    right: float
    unit: str


HIGHER_USE = "The policy network is used more in time (TCU) than the extended one"
SHORTER_DETOURS = "The extended network has shorter detours than the policy one"
SHORTER_WAITS = "Replanning saves more than half of the mean wait"
LESS_ENERGY = "The highest utilisation of the front sells less energy than the front's most"

DIRECTIONS = (HIGHER_USE, SHORTER_DETOURS, SHORTER_WAITS, LESS_ENERGY)


def verdicts(runs: Sequence[ComparedRun]) -> list[Verdict]:
    """Judge all directions as far as runs allow it.

    Parameters
    ----------
    runs : sequence of ComparedRun
        Runs of one study on the policy and the extended sites; those that differ in nothing but
        their seed count as one, with the mean of their figures.

    Returns
    -------
    list of Verdict
        By direction, then by level.
    """
    groups: dict[tuple[float, str], list[ComparedRun]] = {}
    for run in sorted(runs, key=lambda run: run.level_share):
        groups.setdefault((run.level_share, run.network), []).append(run)
    return [
        *_between_networks(groups, HIGHER_USE, _tcu_percent, "%"),
        *_between_networks(groups, SHORTER_DETOURS, _detour_km, "km"),
        *_of_replanning(groups),
        *_of_energy(groups),
    ]


_Groups = dict[tuple[float, str], list["ComparedRun"]]


def _mean(runs: list[ComparedRun], figure: Callable[[ComparedRun], float]) -> float:
    return float(np.mean([figure(run) for run in runs]))


def _between_networks(
    groups: _Groups, direction: str, figure: Callable[[ComparedRun], float], unit: str
) -> list[Verdict]:
    found = []
    for level in dict.fromkeys(level for level, _ in groups):
        if (level, "policy") in groups and (level, "extended") in groups:
            left, right = (
                _mean(groups[level, network], figure) for network in ("policy", "extended")
            )
            if np.isfinite([left, right]).all():
                both = "policy, extended"
                found.append(Verdict(direction, level, both, left > right, left, right, unit))
    return found


def _of_replanning(groups: _Groups) -> list[Verdict]:
    found = []
    for (level, network), runs in groups.items():
        told: list[dict[str, Any]] = [run.summary.get("replanning", {}) for run in runs]
        if abs(level - REPLANNING_LEVEL_SHARE) > 1e-9 or not all(told):
            continue
        before = float(np.mean([figures["mean_wait_before_min"] for figures in told]))
        after = float(np.mean([figures["mean_wait_after_min"] for figures in told]))
        holds = after < (1.0 - REPLANNING_CUT_SHARE) * before
        found.append(Verdict(SHORTER_WAITS, level, network, holds, before, after, "min"))
    return found


def _of_energy(groups: _Groups) -> list[Verdict]:
    found = []
    for (level, network), runs in groups.items():
        fronts = [run.front for run in runs]
        most = float(np.mean([_energy_gwh(front).max() for front in fronts]))
        last = [int(front["tcu"].to_numpy().argmax()) for front in fronts]
        at_highest = float(
            np.mean([_energy_gwh(f)[at] for f, at in zip(fronts, last, strict=True)])
        )
        holds = at_highest < most
        found.append(Verdict(LESS_ENERGY, level, network, holds, most, at_highest, "GWh"))
    return found


def _tcu_percent(run: ComparedRun) -> float:
    return 100.0 * float(run.summary["solutions"]["balanced"]["tcu"])


def _detour_km(run: ComparedRun) -> float:
    return float(run.summary.get("reference", {}).get("mean_extra_km", np.nan))


def _energy_gwh(front: pd.DataFrame) -> NDArray[np.float64]:
    return (front["energy_hpc_mwh"] + front["energy_lpc_mwh"]).to_numpy(dtype=np.float64) / 1000.0

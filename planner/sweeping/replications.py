"""How many replications a combination needs."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from planner.reporting.intervals import interval_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.scenario.sweep import ReplicateUntil


def replications_wanted(mean_wait_min: Sequence[float], rule: ReplicateUntil) -> int:
    """Replications after which to look again, given those that are done.

    Depends on the figures alone, in the order of the replications, so that the number is the same
    however many workers there are.

    Parameters
    ----------
    mean_wait_min : sequence of float
        Mean wait of each replication so far, minutes; at least two.
    rule : ReplicateUntil
        When it is enough.

    Returns
    -------
    int
        As many as there are, if it is enough; else more, at most twice as many.

    Notes
    -----
    The width of an interval shrinks with the root of the number (Stein 1945). Stopping when it
    happens to be narrow makes the interval a little too narrow on average (Chow and Robbins 1965).
    """
    n_done = len(mean_wait_min)
    width = interval_of(mean_wait_min).width
    if width <= rule.mean_wait_interval_min or n_done >= rule.at_most:
        return n_done
    needed = ceil(n_done * (width / rule.mean_wait_interval_min) ** 2)
    return min(max(needed, n_done + 1), 2 * n_done, rule.at_most)

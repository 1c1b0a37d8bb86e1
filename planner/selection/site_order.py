"""The sites of a network in the order in which they are worth most."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from planner.selection.chosen import ChoiceTold, choose_sites, looked_at_alone
from planner.selection.closing import Closing
from planner.selection.fleet import Loss

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.runs.progress import Advance, ProgressListener
    from planner.selection.closing import Question


@dataclass(frozen=True, slots=True)
class SiteOrder:
    """Sites in the order in which they are worth most.

    Parameters
    ----------
    site_idx : (n_sites,) int64
        The site that closes last, which is the first to build, comes first.
    lost_trips, extra_h : (n_sites,)
        Trips that cannot be driven, and hours that the others arrive later, when only the sites
        up to this one are open, against all sites; (n_sites - 1) holds 0.
    lost_alone, extra_alone_h : (n_sites,)
        The same when this one closes and all others stay open: how critical it is.
    n_exchanged : int
        Exchanges among the first sites that helped after closing one by one.
    is_stable : bool
        Whether no single exchange among them helps any more.
    """

    site_idx: NDArray[np.int64]
    lost_trips: NDArray[np.int64]
    extra_h: NDArray[np.float64]
    lost_alone: NDArray[np.int64]
    extra_alone_h: NDArray[np.float64]
    n_exchanged: int
    is_stable: bool


def order_sites(
    question: Question,
    n_first: int,
    progress: ProgressListener,
    seen: Callable[[NDArray[np.bool_]], None] = lambda _: None,
) -> SiteOrder:
    """Order the sites of a network.

    Parameters
    ----------
    n_first : int
        Sites that are built first, >= 1: a set of this size is mended by exchanges before those
        within it and those after it are put into order.
    progress : ProgressListener
        Told how many sites of how many are looked at, closed, tried and put into order.
    seen : callable, optional
        Told the set as it stands, (n_sites,), whenever another site closes or is exchanged.
    """
    n_sites = question.n_sites
    with progress.stage("Looking at each site alone") as advance:
        alone = looked_at_alone(question, _counted(advance, n_sites))
    chosen = choose_sites(question, n_first, alone, ChoiceTold(progress, seen))
    with progress.stage("Ordering sites") as advance:
        told = _counted(advance, n_sites - 1)
        # The others close again, now beside the set that stays.
        closing = Closing(question, alone)
        behind, losses_behind = closing.close_down_to(
            n_first, question.stays | chosen.is_open, told=told
        )
        within, losses_within = closing.close_down_to(1, question.stays, told=told)
    kept = closing.open_sites
    # With the first k sites open, all those behind them are closed.
    order = np.array([*kept, *within[::-1], *behind[::-1]], np.int64)
    losses = [Loss(0, 0.0), *losses_behind, *losses_within][::-1]
    losses = [losses[0]] * (len(kept) - 1) + losses
    return SiteOrder(
        order,
        np.array([loss.n_lost for loss in losses], np.int64),
        np.array([loss.extra_h for loss in losses]),
        np.array([alone[site].loss.n_lost for site in order], np.int64),
        np.array([alone[site].loss.extra_h for site in order]),
        chosen.n_exchanged,
        chosen.is_stable,
    )


def _counted(advance: Advance, total: int) -> Callable[[], None]:
    """Tell a stage of one step after the other."""
    steps = count(1)
    advance(0, total)
    return lambda: advance(next(steps), total)

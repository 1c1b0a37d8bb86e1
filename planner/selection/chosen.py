"""Sets of sites: the best found of a size, or the smallest found that loses few trips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.selection.closing import Closing
from planner.selection.exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from planner.selection.closing import Question, Tried
    from planner.selection.fleet import Loss


@dataclass(frozen=True, slots=True)
class ChosenSites:
    """A set of sites.

    Parameters
    ----------
    is_open : (n_sites,) bool
        The set.
    loss : Loss
        What trips lose against all sites.
    n_exchanged : int
        Exchanges that helped after closing one by one.
    is_stable : bool
        Whether no single exchange helps any more; else too many were tried.
    """

    is_open: NDArray[np.bool_]
    loss: Loss
    n_exchanged: int
    is_stable: bool


def looked_at_alone(question: Question, told: Callable[[], None]) -> dict[int, Tried]:
    """What closing each site alone costs, all others open."""
    closing = Closing(question)
    alone = {}
    for site in range(question.n_sites):
        alone[site] = closing.look_at(site)
        told()
    return alone


def choose_sites(
    question: Question,
    n_open: int,
    alone: dict[int, Tried],
    told: Callable[[], None] = lambda: None,
) -> ChosenSites:
    """Find a set of so many sites with which trips lose least.

    Parameters
    ----------
    n_open : int
        Sites that stay open, >= 1; more where more may not close.
    alone : dict
        What :func:`looked_at_alone` gave.
    """
    closing = Closing(question, alone)
    closing.close_down_to(n_open, question.stays, told=told)
    closing.plan_all()
    exchange = Exchange(closing, question.stays)
    exchange.run()
    exchange.run_by_two()
    return _chosen(closing, exchange.n_exchanged, is_stable=exchange.is_stable)


def fewest_sites(
    question: Question,
    most_lost: int,
    alone: dict[int, Tried],
    told: Callable[[], None] = lambda: None,
) -> ChosenSites:
    """Find the smallest set of sites with which at most so many trips are lost.

    Sites close as long as few enough trips are lost. Then one more closes and sites are exchanged
    until few enough are lost again, and so on until no exchange brings that about.

    Parameters
    ----------
    most_lost : int
        Trips that may be lost, >= 0.
    """

    def is_enough(loss: Loss) -> bool:
        return loss.n_lost <= most_lost

    closing = Closing(question, alone)
    closing.close_down_to(1, question.stays, is_enough, told)
    closing.plan_all()
    best = _chosen(closing, 0, is_stable=True)
    exchange = Exchange(closing, question.stays)
    while True:
        may_close = [site for site in closing.open_sites if not question.stays[site]]
        if len(closing.open_sites) == 1 or not may_close:
            return best
        closing.close(min(may_close, key=lambda site: _cost_of(closing, site)))
        exchange.run(lambda: is_enough(closing.fleet.loss()))
        exchange.run_by_two(lambda: is_enough(closing.fleet.loss()))
        if not is_enough(closing.fleet.loss()):
            return best
        best = _chosen(closing, exchange.n_exchanged, is_stable=exchange.is_stable)
        told()


def _cost_of(closing: Closing, site: int) -> tuple[float, int]:
    return closing.up_to_date(site).loss.hours(closing.question.lost_trip_h), site


def _chosen(closing: Closing, n_exchanged: int, *, is_stable: bool) -> ChosenSites:
    return ChosenSites(~closing.ways.is_closed, closing.fleet.loss(), n_exchanged, is_stable)

"""Sets of sites: the best found of a size, or the smallest found that loses few trips."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from planner.runs.progress import ProgressListener, Quiet
from planner.selection.closing import Closing
from planner.selection.exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.runs.progress import Advance
    from planner.selection.closing import Question, Tried
    from planner.selection.fleet import Loss

MOST_SCOUTS = 10_000
"""Trips that look for exchanges; where there are more, every second, third ... of them does."""


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
        Whether no single exchange is found any more that helps; else too many were tried.
    """

    is_open: NDArray[np.bool_]
    loss: Loss
    n_exchanged: int
    is_stable: bool


@dataclass(frozen=True, slots=True)
class ChoiceTold:
    """Who is told how a set of sites is chosen: how far that is, and the set as it stands."""

    progress: ProgressListener = field(default_factory=Quiet)
    seen: Callable[[NDArray[np.bool_]], None] = lambda _: None


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
    told: ChoiceTold | None = None,
) -> ChosenSites:
    """Find a set of so many sites with which trips lose least.

    Parameters
    ----------
    n_open : int
        Sites that stay open, >= 1; more where more may not close.
    alone : dict
        What :func:`looked_at_alone` gave.
    told : ChoiceTold, optional
        Who is told of it.
    """
    told = told or ChoiceTold()
    closing = Closing(question, alone)
    with told.progress.stage("Closing sites") as advance:
        n_before = len(closing.open_sites)

        def closed() -> None:
            advance(n_before - len(closing.open_sites), n_before - n_open)
            told.seen(~closing.ways.is_closed)

        closing.close_down_to(n_open, question.stays, told=closed)
    with told.progress.stage("Exchanging sites") as advance:
        closing.plan_all()
        exchange = _exchange(closing, advance)
        exchange.run(told=lambda _: told.seen(~closing.ways.is_closed))
        exchange.run_by_two()
    return _chosen(closing, exchange.n_exchanged, is_stable=exchange.is_stable)


def _exchange(closing: Closing, advance: Advance) -> Exchange:
    """Exchanges of a state, which a part of the trips looks for where they are many."""
    question = closing.question
    every = -(-question.plans.n_trips // MOST_SCOUTS)
    if every == 1:
        return Exchange(closing, question.stays, advance)
    is_closed = question.ways.is_closed.copy()
    scouts = Closing(question.part(np.arange(0, question.plans.n_trips, every)))
    scouts.go_back(is_closed)
    scout = Exchange(scouts, question.stays, advance)
    return Exchange(closing, question.stays, scout=scout)


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

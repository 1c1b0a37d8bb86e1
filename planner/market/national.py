"""A market at every site of a plan, whose trucks may charge elsewhere on their way.

Sites are many markets side by side. What ties them is the trucks: every site on a truck's way is a
candidate, and the truck comes only where charging, waiting and getting there cost it least. It
judges the other sites by what they have cost on average so far. In a round, all sites take their
turns at once against these expectations; then the expectations move towards what the round came
to. Near the end of that process a truck charges at one site: how far the sum over sites is from
one session per stop is measured and told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.market.corridor_kernel import fill_outside_costs
from planner.market.market_arrays import Choice, Trucks
from planner.market.market_kernel import BlockMeans, empty_means
from planner.market.market_run import random_states, rules_of, run_markets
from planner.market.national_operators import (
    break_even_prices,
    operators_of,
    present_operators,
    split_points,
)
from planner.runs.kernel_threads import in_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.scenario.national_market import NationalMarket

N_ROUNDS_APART = 20
"""Rounds of a market without competition between sites: how often it tells its progress."""
LEAST_LEARNING_SHARE = 0.15
"""Weight of a round in the expectations, once there have been many."""
_IS_OPEN = 0.5
"""A site is expected to be there if it had charging points in so large a share of the turns."""


@dataclass(frozen=True, slots=True)
class SiteChoices:
    """Stops of a plan's trucks at high-power points, and the sites that each could be at.

    The alternatives of stop ``i`` are ``offset[i]:offset[i + 1]``; the first is the planned site.

    Parameters
    ----------
    n_sites, n_days : int
        Sites, and days of the period, which repeats.
    offset : (n_stops + 1,) int64
        Where the alternatives of each stop begin.
    site_idx : (n_alternatives,) int64
        Site.
    arrival_min : (n_alternatives,) float64
        Arrival there within the period, minutes, 0 to below ``1440 n_days``.
    energy_kwh, charging_min : (n_alternatives,) float64
        Energy charged there, kWh, and time at the charging point, minutes; both > 0.
    access_min : (n_alternatives,) float64
        What getting there costs beyond the planned way, taste included, minutes of truck time.
    """

    n_sites: int
    n_days: int
    offset: NDArray[np.int64]
    site_idx: NDArray[np.int64]
    arrival_min: NDArray[np.float64]
    energy_kwh: NDArray[np.float64]
    charging_min: NDArray[np.float64]
    access_min: NDArray[np.float64]

    @property
    def n_stops(self) -> int:
        """Stops."""
        return len(self.offset) - 1

    @property
    def planned_kwh(self) -> NDArray[np.float64]:
        """Energy planned at each site, (n_sites,) float64, kWh."""
        first = self.offset[:-1]
        planned = np.bincount(self.site_idx[first], self.energy_kwh[first], minlength=self.n_sites)
        return planned.astype(np.float64)

    def planned_only(self) -> SiteChoices:
        """The same stops without any other site."""
        first = self.offset[:-1]
        return SiteChoices(
            self.n_sites,
            self.n_days,
            np.arange(self.n_stops + 1, dtype=np.int64),
            self.site_idx[first],
            self.arrival_min[first],
            self.energy_kwh[first],
            self.charging_min[first],
            self.access_min[first],
        )


@dataclass(frozen=True, slots=True)
class NationalRun:
    """How the markets of all sites went.

    Parameters
    ----------
    means : BlockMeans
        One block: the mean of the last half of all turns. Markets are sites, seed after seed:
        reshape the first axis to (n_seeds, n_sites).
    is_present : (n_sites, n_operators) bool
        Which operators may come to a site.
    mean_price_eur_kwh, n_chargers, counted_share : (n_seeds, n_rounds) float64
        Mean price paid, points of all sites, and sessions per stop, by round.
    """

    means: BlockMeans
    is_present: NDArray[np.bool_]
    mean_price_eur_kwh: NDArray[np.float64]
    n_chargers: NDArray[np.float64]
    counted_share: NDArray[np.float64]


def simulate_national_market(
    settings: NationalMarket,
    choices: SiteChoices,
    plan_chargers: NDArray[np.int64],
    *,
    charger_kw: float,
    seed: int,
    builds_plan: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> NationalRun:
    """Let operators compete at every site of a plan.

    Parameters
    ----------
    plan_chargers : (n_sites,) int64
        High-power points of the plan at each site: the start, and what growth is measured by.
    charger_kw : float
        Power of a point, kW.
    builds_plan : bool
        Whether operators must keep the plan's points, no more and no fewer, and compete by prices
        alone.
    progress : callable, optional
        Told how many rounds of how many are done.

    Returns
    -------
    NationalRun
        The same for the same seed, whatever the number of threads.
    """
    if settings.corridors is None:
        choices = choices.planned_only()
    market = _Market(settings, choices, plan_chargers, charger_kw, seed, builds_plan=builds_plan)
    n_rounds = N_ROUNDS_APART if settings.corridors is None else settings.corridors.n_rounds
    history: list[tuple[NDArray[np.float64], ...]] = []
    total = empty_means(market.n_markets, 1, market.n_operators, market.n_slots)
    # The first half is the way to the steady state.
    n_averaged = n_rounds - n_rounds // 2
    for number in range(n_rounds):
        means = market.play_round(number, n_rounds)
        history.append(market.round_figures(means))
        if number >= n_rounds // 2:
            for averaged, of_round in zip(total, means, strict=True):
                np.add(averaged, of_round / n_averaged, out=averaged)
        if progress is not None:
            progress(number + 1, n_rounds)
    price, chargers, counted = (np.stack(each, axis=1) for each in zip(*history, strict=True))
    return NationalRun(total, market.is_present, price, chargers, counted)


class _Market:
    """Offers, trucks and expectations of all sites, for all seeds side by side."""

    def __init__(
        self,
        settings: NationalMarket,
        choices: SiteChoices,
        plan_chargers: NDArray[np.int64],
        charger_kw: float,
        seed: int,
        *,
        builds_plan: bool,
    ) -> None:
        self._settings, self._choices = settings, choices
        n_seeds, n_sites = settings.n_seeds, choices.n_sites
        self.n_seeds, self.n_operators = n_seeds, len(settings.operators)
        self.n_markets = n_seeds * n_sites
        n_hours = 24 * choices.n_days
        self.n_slots = n_hours if settings.day_types else 24
        self._slot_of_hour = np.arange(n_hours, dtype=np.int64) % self.n_slots
        self.is_present = present_operators(plan_chargers, self.n_operators)
        start = split_points(plan_chargers, self.is_present)
        self._operators = operators_of(
            settings,
            self.is_present,
            start,
            plan_chargers,
            charger_kw,
            choices.n_days,
            builds_plan=builds_plan,
        )
        self._n_chargers = np.tile(start, (n_seeds, 1))
        price = break_even_prices(choices.planned_kwh, plan_chargers, self._operators)
        self._price = np.repeat(price[:, :, None], self.n_slots, axis=2)
        self._random_state = random_states(seed, range(self.n_markets))
        self._lay_out_trucks()
        self._expected_price = self._price[:, 0].copy()
        self._expected_price[self._n_chargers.sum(axis=1) == 0] = np.inf
        self._expected_wait_eur = np.zeros_like(self._expected_price)

    def _lay_out_trucks(self) -> None:
        """Candidates of each site in the order of their arrival."""
        choices = self._choices
        # Trucks of a site side by side, as the kernel walks through them; each seed has a copy.
        self._order = np.lexsort((choices.arrival_min, choices.site_idx))
        hour = (choices.arrival_min // 60.0).astype(np.int64)
        self._slot_idx = self._slot_of_hour[hour]
        n_at_site = np.bincount(choices.site_idx, minlength=choices.n_sites)
        self._truck_offset = np.concatenate([[0], np.cumsum(np.tile(n_at_site, self.n_seeds))])
        self._trucks = Trucks(
            *(
                np.tile(column[self._order], self.n_seeds)
                for column in (
                    choices.arrival_min,
                    choices.energy_kwh,
                    choices.charging_min,
                    self._slot_idx,
                    np.full(len(choices.site_idx), np.inf),
                )
            )
        )

    def play_round(self, number: int, n_rounds: int) -> BlockMeans:
        """Let trucks learn, then operators take their turns at all sites."""
        settings = self._settings
        self._tell_trucks()
        # Whole turns for every round that add up to all of them.
        turns_before = settings.n_iterations * number // n_rounds
        turns_after = settings.n_iterations * (number + 1) // n_rounds
        means = empty_means(self.n_markets, 1, self.n_operators, self.n_slots)
        run_markets(
            turns_after - turns_before,
            turns_before,
            np.arange(self.n_markets),
            self._truck_offset,
            self._trucks,
            Choice(
                settings.truck_eur_min * settings.queue_uncertainty,
                knows_waits=False,
                decides_on_the_way=True,
            ),
            self._operators,
            rules_of(settings.rules),
            self._slot_of_hour,
            self._price,
            self._n_chargers,
            self._random_state,
            means,
        )
        self._learn(means, max(2.0 / (number + 2), LEAST_LEARNING_SHARE))
        return means

    def _tell_trucks(self) -> None:
        """Work out what each truck's other sites are expected to cost."""
        choices, settings = self._choices, self._settings
        n_sites, n_rows = choices.n_sites, len(choices.site_idx)
        # No stop has another site: what else could be had stays infinitely dear.
        if n_rows == choices.n_stops:
            return
        outside_eur = np.empty(n_rows)
        for seed in range(self.n_seeds):
            sites = slice(seed * n_sites, (seed + 1) * n_sites)
            in_blocks(
                fill_outside_costs,
                len(choices.offset) - 1,
                choices.offset,
                choices.site_idx,
                self._slot_idx,
                choices.energy_kwh,
                settings.truck_eur_min * choices.access_min,
                self._expected_price[sites],
                self._expected_wait_eur[sites],
                outside_eur,
            )
            self._trucks.outside_eur[seed * n_rows : (seed + 1) * n_rows] = outside_eur[self._order]

    def _learn(self, means: BlockMeans, share: float) -> None:
        """Move expectations towards what a round came to."""
        price, wait_min = asked_prices(means)
        # An infinite price is a closed site: no step leads from or to infinity, so it jumps.
        is_new = np.isinf(price) | np.isinf(self._expected_price)
        step = np.where(is_new, 1.0, share)
        with np.errstate(invalid="ignore"):
            moved = self._expected_price + step * (price - self._expected_price)
        self._expected_price = np.where(is_new, price, moved)
        wait_eur = self._settings.truck_eur_min * self._settings.queue_uncertainty * wait_min
        self._expected_wait_eur += share * (wait_eur - self._expected_wait_eur)

    def round_figures(self, means: BlockMeans) -> tuple[NDArray[np.float64], ...]:
        """Mean price, charging points and sessions per stop of a round, each (n_seeds,)."""

        def of_seeds(values: NDArray[np.float64]) -> NDArray[np.float64]:
            summed: NDArray[np.float64] = values.reshape(self.n_seeds, -1).sum(axis=1)
            return summed

        sold_kwh = of_seeds(means.sold_kwh)
        return (
            of_seeds(means.revenue_eur) / np.maximum(sold_kwh, 1e-9),
            of_seeds(means.n_chargers),
            of_seeds(means.n_trucks) / max(self._choices.n_stops, 1),
        )


def asked_prices(means: BlockMeans) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lowest price and mean wait at each market's site in each slot.

    Returns
    -------
    price_eur_kwh : (n_markets, n_slots) float64
        Mean of the lowest price asked; infinite at a site that mostly had no points.
    wait_min : (n_markets, n_slots) float64
        Mean wait; 0 where nobody charged.
    """
    open_share = means.open_share[:, 0]
    is_open = open_share >= _IS_OPEN
    # Turns in which the site was closed have added nothing to the mean.
    asked = means.cheapest_eur_kwh[:, 0] / np.where(is_open, open_share, 1.0)[:, None]
    asked[~is_open] = np.inf
    n_trucks = means.n_trucks[:, 0].sum(axis=1)
    wait_min = means.wait_min[:, 0].sum(axis=1) / np.maximum(n_trucks, 1e-9)
    return asked, wait_min

"""Many rounds of a market, for many sites and seeds at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.market.market_arrays import Operators, Trucks
from planner.market.period_kernel import empty_figures, simulate_period
from planner.market.update_kernel import lowest_rival, propose_update
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.market.market_arrays import Choice, PeriodFigures, Rules

SAME_PROFIT_EUR = 1e-9
"""A change is kept if the profit is lower by rounding only."""


class BlockMeans(NamedTuple):
    """Means over consecutive blocks of iterations: how a market went.

    Parameters
    ----------
    price_eur_kwh : (n_markets, n_blocks, n_operators, n_slots) float64
        Prices asked, euro/kWh.
    sold_kwh, revenue_eur : (n_markets, n_blocks, n_operators, n_slots) float64
        Energy sold to the trucks that arrived in a slot, kWh, and what they paid, euro, per period.
    busy_min, queue_min : (n_markets, n_blocks, n_operators, n_slots) float64
        Charging point minutes in use, and truck minutes in the queue.
    wait_min, n_trucks, n_waited : (n_markets, n_blocks, n_operators, n_slots) float64
        Waiting of the trucks that arrived in a slot, minutes, their number and how many waited.
    n_chargers, profit_eur, marginal_eur : (n_markets, n_blocks, n_operators) float64
        Charging points, profit per period, and earnings of one charging point while all were busy,
        euro.
    left_kwh : (n_markets, n_blocks, n_operators) float64
        Energy charged after the period less that of trucks from before it, kWh.
    n_lost : (n_markets, n_blocks, n_slots) float64
        Trucks that arrived in a slot and drove on.
    accepted_share : (n_markets, n_blocks) float64
        Share of the iterations whose change was kept.
    open_share : (n_markets, n_blocks) float64
        Share of the iterations in which somebody had charging points.
    cheapest_eur_kwh : (n_markets, n_blocks, n_slots) float64
        Lowest price asked in these iterations, times ``open_share``.
    """

    price_eur_kwh: NDArray[np.float64]
    sold_kwh: NDArray[np.float64]
    revenue_eur: NDArray[np.float64]
    busy_min: NDArray[np.float64]
    queue_min: NDArray[np.float64]
    wait_min: NDArray[np.float64]
    n_trucks: NDArray[np.float64]
    n_waited: NDArray[np.float64]
    n_chargers: NDArray[np.float64]
    profit_eur: NDArray[np.float64]
    marginal_eur: NDArray[np.float64]
    left_kwh: NDArray[np.float64]
    n_lost: NDArray[np.float64]
    accepted_share: NDArray[np.float64]
    open_share: NDArray[np.float64]
    cheapest_eur_kwh: NDArray[np.float64]


def empty_means(n_markets: int, n_blocks: int, n_operators: int, n_slots: int) -> BlockMeans:
    """Means to be filled by :func:`run_some_markets`."""
    per_slot = (n_markets, n_blocks, n_operators, n_slots)
    per_operator = (n_markets, n_blocks, n_operators)
    return BlockMeans(
        price_eur_kwh=np.zeros(per_slot),
        sold_kwh=np.zeros(per_slot),
        revenue_eur=np.zeros(per_slot),
        busy_min=np.zeros(per_slot),
        queue_min=np.zeros(per_slot),
        wait_min=np.zeros(per_slot),
        n_trucks=np.zeros(per_slot),
        n_waited=np.zeros(per_slot),
        n_chargers=np.zeros(per_operator),
        profit_eur=np.zeros(per_operator),
        marginal_eur=np.zeros(per_operator),
        left_kwh=np.zeros(per_operator),
        n_lost=np.zeros((n_markets, n_blocks, n_slots)),
        accepted_share=np.zeros((n_markets, n_blocks)),
        open_share=np.zeros((n_markets, n_blocks)),
        cheapest_eur_kwh=np.zeros((n_markets, n_blocks, n_slots)),
    )


@inner_kernel
def add_to_block(
    means: BlockMeans,
    market: int,
    block: int,
    share: float,
    figures: PeriodFigures,
    price_eur_kwh: NDArray[np.float64],
    n_chargers: NDArray[np.int64],
) -> None:
    """Add so many iterations of a state, as a share of the block, to its means."""
    n_operators, n_slots = price_eur_kwh.shape
    for operator in range(n_operators):
        here = (market, block, operator)
        means.n_chargers[here] += share * n_chargers[operator]
        means.profit_eur[here] += share * figures.profit_eur[operator]
        means.marginal_eur[here] += share * figures.marginal_eur[operator]
        means.left_kwh[here] += share * figures.left_kwh[operator]
        for slot in range(n_slots):
            place = (market, block, operator, slot)
            means.price_eur_kwh[place] += share * price_eur_kwh[operator, slot]
            means.sold_kwh[place] += share * figures.sold_kwh[operator, slot]
            means.revenue_eur[place] += share * figures.revenue_eur[operator, slot]
            means.busy_min[place] += share * figures.busy_min[operator, slot]
            means.queue_min[place] += share * figures.queue_min[operator, slot]
            means.wait_min[place] += share * figures.wait_min[operator, slot]
            means.n_trucks[place] += share * figures.n_trucks[operator, slot]
            means.n_waited[place] += share * figures.n_waited[operator, slot]
    is_open = n_chargers.max() > 0
    if is_open:
        means.open_share[market, block] += share
    for slot in range(n_slots):
        means.n_lost[market, block, slot] += share * figures.n_lost[slot]
        if is_open:
            lowest = lowest_rival(price_eur_kwh, n_chargers, -1, slot)
            means.cheapest_eur_kwh[market, block, slot] += share * lowest


@inner_kernel
def copy_offer(
    operator: int,
    price_eur_kwh: NDArray[np.float64],
    n_chargers: NDArray[np.int64],
    to_price_eur_kwh: NDArray[np.float64],
    to_n_chargers: NDArray[np.int64],
) -> None:
    """Write an operator's prices and charging points over others."""
    to_n_chargers[operator] = n_chargers[operator]
    for slot in range(price_eur_kwh.shape[1]):
        to_price_eur_kwh[operator, slot] = price_eur_kwh[operator, slot]


@inner_kernel
def run_market(
    market: int,
    first_turn: int,
    n_iterations: int,
    trucks: Trucks,
    choice: Choice,
    operators: Operators,
    rules: Rules,
    slot_of_hour: NDArray[np.int64],
    price_eur_kwh: NDArray[np.float64],
    n_chargers: NDArray[np.int64],
    random_state: NDArray[np.uint64],
    means: BlockMeans,
) -> None:
    """Let the operators of one site take turns, and keep the means of each block of iterations.

    A state that stands for several iterations is weighed once, when it ends: most changes are
    refused, and the bookkeeping would take longer than the simulation.
    """
    n_operators, n_slots = price_eur_kwh.shape
    n_blocks = means.price_eur_kwh.shape[1]
    most_chargers = max(operators.max_chargers.max(), n_chargers.max())
    free_min = np.empty((n_operators, most_chargers))
    earning_eur_min = np.empty((n_operators, most_chargers))
    start_min = np.empty((n_operators, len(trucks.arrival_min)))
    now = empty_figures(n_operators, n_slots)
    tried = empty_figures(n_operators, n_slots)
    tried_price = price_eur_kwh.copy()
    tried_chargers = n_chargers.copy()
    simulate_period(
        trucks,
        choice,
        operators,
        slot_of_hour,
        price_eur_kwh,
        n_chargers,
        now,
        free_min,
        earning_eur_min,
        start_min,
    )
    iteration = 0
    for block in range(n_blocks):
        block_begins = iteration
        block_ends = n_iterations * (block + 1) // n_blocks
        n_in_block = max(block_ends - block_begins, 1)
        state_begins = iteration
        n_accepted = 0
        while iteration < block_ends:
            operator = (first_turn + iteration) % n_operators
            iteration += 1
            if not propose_update(
                operator, rules, operators, now, tried_price, tried_chargers, random_state
            ):
                continue
            simulate_period(
                trucks,
                choice,
                operators,
                slot_of_hour,
                tried_price,
                tried_chargers,
                tried,
                free_min,
                earning_eur_min,
                start_min,
            )
            if tried.profit_eur[operator] >= now.profit_eur[operator] - SAME_PROFIT_EUR:
                # the state until the iteration before counts with what it came to
                share = (iteration - 1 - state_begins) / n_in_block
                if share > 0.0:
                    add_to_block(means, market, block, share, now, price_eur_kwh, n_chargers)
                state_begins = iteration - 1
                n_accepted += 1
                now, tried = tried, now
                copy_offer(operator, tried_price, tried_chargers, price_eur_kwh, n_chargers)
            else:
                copy_offer(operator, price_eur_kwh, n_chargers, tried_price, tried_chargers)
        share = (iteration - state_begins) / n_in_block
        add_to_block(means, market, block, share, now, price_eur_kwh, n_chargers)
        means.accepted_share[market, block] = n_accepted / n_in_block


@kernel(nogil=True)
def run_some_markets(
    first_market: int,
    last_market: int,
    n_iterations: int,
    first_turn: int,
    site_of_market: NDArray[np.int64],
    truck_offset: NDArray[np.int64],
    trucks: Trucks,
    choice: Choice,
    operators: Operators,
    rules: Rules,
    slot_of_hour: NDArray[np.int64],
    price_eur_kwh: NDArray[np.float64],
    n_chargers: NDArray[np.int64],
    random_state: NDArray[np.uint64],
    means: BlockMeans,
) -> None:
    """Run some of many markets, each by itself: sites, seeds, or both.

    Parameters
    ----------
    first_market, last_market : int
        Which: from the one to before the other.
    n_iterations : int
        Turns in each market.
    first_turn : int
        Number of the first turn; operators go on where an earlier call stopped.
    site_of_market : (n_markets,) int64
        Whose trucks come to a market.
    truck_offset : (n_sites + 1,) int64
        Where the trucks of each site begin.
    trucks : Trucks
        Trucks of all sites, site after site.
    choice : Choice
        How trucks choose, the same everywhere.
    operators : Operators
        Costs and bounds; each field (n_markets, n_operators).
    rules : Rules
        How operators change their offers.
    slot_of_hour : (n_hours,) int64
        Price slot of each hour of the period.
    price_eur_kwh : (n_markets, n_operators, n_slots) float64
        Prices at the start; at the return those of the end.
    n_chargers : (n_markets, n_operators) int64
        Charging points at the start; at the return those of the end.
    random_state : (n_markets, 1) uint64
        State of each market's random numbers, advanced.
    means : BlockMeans
        Zeros; filled.
    """
    for market in range(first_market, last_market):
        first = truck_offset[site_of_market[market]]
        last = truck_offset[site_of_market[market] + 1]
        run_market(
            market,
            first_turn,
            n_iterations,
            Trucks(
                trucks.arrival_min[first:last],
                trucks.energy_kwh[first:last],
                trucks.charging_min[first:last],
                trucks.slot_idx[first:last],
                trucks.outside_eur[first:last],
            ),
            choice,
            Operators(
                operators.electricity_eur_kwh[market],
                operators.charger_eur_period[market],
                operators.lowest_eur_kwh[market],
                operators.highest_eur_kwh[market],
                operators.min_chargers[market],
                operators.max_chargers[market],
                operators.has_one_price[market],
            ),
            rules,
            slot_of_hour,
            price_eur_kwh[market],
            n_chargers[market],
            random_state[market],
            means,
        )

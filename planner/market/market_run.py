"""A market at one site from its scenario: seeds side by side, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.market.arrivals import Arrivals, read_arrivals
from planner.market.market_arrays import Choice, Operators, Rules, Trucks
from planner.market.market_kernel import BlockMeans, empty_means, run_some_markets
from planner.runs.kernel_threads import in_blocks
from planner.runs.random_streams import RandomStreams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.scenario.market_scenario import MarketScenario
    from planner.scenario.market_sections import Operator, TruckChoice, UpdateRules

N_BLOCKS = 40
"""Blocks of iterations whose means are kept: the course of a market, ten to a quarter."""


@dataclass(frozen=True, slots=True)
class MarketRun:
    """How a market went, for each seed.

    Parameters
    ----------
    means : BlockMeans
        Means of ``N_BLOCKS`` blocks of iterations; markets are seeds.
    """

    scenario: MarketScenario
    arrivals: Arrivals
    means: BlockMeans


def simulate_market(scenario: MarketScenario, arrivals: Arrivals | None = None) -> MarketRun:
    """Run a scenario's market for all its seeds.

    Parameters
    ----------
    arrivals : Arrivals, optional
        Its trucks where they are read already.

    Returns
    -------
    MarketRun
        Same scenario and seed, same figures, whatever the number of threads.

    Raises
    ------
    InputDataError
        If the arrivals are not valid.
    """
    arrivals = arrivals or read_arrivals(scenario)
    operators = list(scenario.operators.values())
    n_seeds, n_operators, n_slots = scenario.n_seeds, len(operators), arrivals.n_slots
    price = np.repeat([operator.price_eur_kwh for operator in operators], n_slots)
    price_eur_kwh = np.tile(price.reshape(n_operators, n_slots), (n_seeds, 1, 1))
    n_chargers = np.tile(
        np.array([operator.n_chargers for operator in operators], np.int64), (n_seeds, 1)
    )
    arrays = operator_arrays(
        operators,
        charging_kw=scenario.trucks.charging_kw,
        days_paid=arrivals.n_days / scenario.demand_variation_share,
        price_cap_eur_kwh=highest_price_eur_kwh(scenario, arrivals),
        n_markets=n_seeds,
    )
    np.clip(
        price_eur_kwh,
        arrays.lowest_eur_kwh[:, :, None],
        arrays.highest_eur_kwh[:, :, None],
        out=price_eur_kwh,
    )
    means = empty_means(n_seeds, N_BLOCKS, n_operators, n_slots)
    run_markets(
        scenario.n_iterations,
        0,
        np.zeros(n_seeds, np.int64),
        np.array([0, len(arrivals.trucks.arrival_min)]),
        arrivals.trucks,
        choice_of(scenario.trucks),
        arrays,
        rules_of(scenario.rules),
        arrivals.slot_of_hour,
        price_eur_kwh,
        n_chargers,
        random_states(scenario.seed, range(n_seeds)),
        means,
    )
    return MarketRun(scenario, arrivals, means)


def run_markets(
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
    """Run many markets side by side; see :func:`~planner.market.market_kernel.run_some_markets`."""

    def run(first_market: int, last_market: int) -> None:
        run_some_markets(
            first_market,
            last_market,
            n_iterations,
            first_turn,
            site_of_market,
            truck_offset,
            trucks,
            choice,
            operators,
            rules,
            slot_of_hour,
            price_eur_kwh,
            n_chargers,
            random_state,
            means,
        )

    in_blocks(run, len(site_of_market))


def highest_price_eur_kwh(scenario: MarketScenario, arrivals: Arrivals) -> float:
    """Highest price that is allowed and that any truck pays rather than drive on, euro/kWh.

    Above it an hour sells nothing: no operator would see a difference between such prices, and
    they would rise and fall at random.
    """
    trucks = arrivals.trucks
    choke = float((trucks.outside_eur / trucks.energy_kwh).max())
    cap = scenario.price_cap_eur_kwh
    return choke if cap is None else min(cap, choke)


def operator_arrays(
    operators: Sequence[Operator],
    *,
    charging_kw: float,
    days_paid: float,
    price_cap_eur_kwh: float,
    n_markets: int,
) -> Operators:
    """Operators as the kernel takes them, the same in every market.

    Parameters
    ----------
    operators : sequence of Operator
        In the order of their turns.
    charging_kw : float
        Power by which a charging point is paid for, kW.
    days_paid : float
        Days whose cost of a charging point a period has to earn: its own, more where it stands for
        days with less demand too.
    price_cap_eur_kwh : float
        Highest price, euro/kWh; may be infinite.

    Returns
    -------
    Operators
        Fields (n_markets, n_operators).
    """

    def everywhere(values: list[float]) -> NDArray[np.float64]:
        return np.tile(np.array(values, np.float64), (n_markets, 1))

    return Operators(
        everywhere([one.costs.electricity_eur_kwh for one in operators]),
        everywhere([one.costs.charger_eur_kw_day * charging_kw * days_paid for one in operators]),
        everywhere(
            [one.costs.electricity_eur_kwh + one.costs.min_margin_eur_kwh for one in operators]
        ),
        everywhere([price_cap_eur_kwh for _ in operators]),
        everywhere([one.min_chargers for one in operators]).astype(np.int64),
        everywhere([one.max_chargers for one in operators]).astype(np.int64),
        everywhere([one.tariff == "fixed" for one in operators]).astype(np.bool_),
    )


def choice_of(trucks: TruckChoice) -> Choice:
    """How trucks choose, as the kernel takes it; a booked wait is certain."""
    books = trucks.waits == "booking"
    return Choice(trucks.truck_eur_min * (1.0 if books else trucks.queue_uncertainty), books)


def rules_of(rules: UpdateRules) -> Rules:
    """Rules as the kernel takes them."""
    return Rules(**rules.model_dump())


def random_states(seed: int, numbers: Sequence[int]) -> NDArray[np.uint64]:
    """States of the random numbers of markets, each by its own number alone, (n_markets, 1)."""
    streams = RandomStreams(seed)
    keys = [streams.key(f"market.{number}") for number in numbers]
    return np.array(keys, np.uint64).reshape(len(keys), 1)

"""Speed of the depot's microgrid: warm day-solves, cold ones, and a month.

    python benchmarks/depot_microgrid.py

The site is that of `scenarios/depot-demo.yaml` with two trucks, and the same with prices that bring
more for energy fed in than energy drawn costs in the evening (`trap`), where binaries are needed.
Requests are drawn at random; none repeats, so that no answer comes from memory. Peers: the same
model in cvxpy, in linopy and in pyomo, solved by the same HiGHS, each day built anew.
"""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from measured import compared, keep
from microgrid_peers import linopy_cost, pyomo_cost

from planner.depot.charging_requests import ChargingRequest
from planner.depot.depot_inputs import read_depot
from planner.depot.microgrid import Microgrid
from planner.scenario.depot_model import load_depot

if TYPE_CHECKING:
    from collections.abc import Callable

    from measured import Comparison

    from planner.depot.microgrid_site import MicrogridSite

N_ASKED = 500
N_IN_TURN = 50


def drawn_requests(rng: np.random.Generator, site: MicrogridSite) -> list[ChargingRequest]:
    """A recharge of each of two trucks."""
    requests = []
    for truck in range(2):
        start = rng.uniform(450.0, 900.0)
        length = rng.uniform(60.0, 120.0)
        most = site.truck_limit_kw(truck) * length / 60.0 / 2.0
        requests.append(ChargingRequest(truck, start, start + length, rng.uniform(0.2, 0.7) * most))
    return requests


def compare_day(name: str, site: MicrogridSite, twin_cost: Callable[..., float]) -> Comparison:
    """Days of two recharges, none asked twice of ours: an answer must not come from memory."""
    rng = np.random.default_rng(1)
    asked = [drawn_requests(rng, site) for _ in range(N_ASKED)]
    fresh = iter(asked)
    microgrid = Microgrid(site)
    peers = {"cvxpy": twin_cost, "linopy": linopy_cost, "pyomo": pyomo_cost}
    for peer in peers.values():
        assert math.isclose(
            peer(site, asked[0]), Microgrid(site).solve(asked[0]).cost, abs_tol=1e-4
        )

    def warm() -> None:
        for _ in range(N_IN_TURN):
            microgrid.cost(next(fresh))

    def of_peer(peer: Callable[..., float]) -> Callable[[], float]:
        turn = iter(asked)
        return lambda: peer(site, next(turn))

    return compared(
        f"least cost of a depot's {name} with two recharges",
        "depot-demo, 96 steps",
        {"planner": warm} | {peer: of_peer(cost) for peer, cost in peers.items()},
        parts={"planner": N_IN_TURN},
        unit="ms",
        per_second=1e3,
    )


def month_seconds(plain: MicrogridSite) -> Comparison:
    """A month of 30 days with 60 recharges, solved in one."""
    month = replace(
        plain,
        load_kw=np.tile(plain.load_kw, 30),
        pv_kw=np.tile(plain.pv_kw, 30),
        import_price=np.tile(plain.import_price, 30),
        export_price=np.tile(plain.export_price, 30),
        demand=tuple(replace(term, applies=np.tile(term.applies, 30)) for term in plain.demand),
    )
    rng = np.random.default_rng(2)
    asked = [
        replace(request, start_min=request.start_min + shift, end_min=request.end_min + shift)
        for shift in 1440.0 * np.arange(30)
        for request in drawn_requests(rng, plain)
    ]
    return compared(
        "least cost of a depot's month with 60 recharges",
        "depot-demo, 2,880 steps",
        {"planner": lambda: Microgrid(month).solve(asked)},
    )


def main() -> None:
    """Compare, and keep the figures."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "unit" / "depot"))
    from microgrid_twin import twin_cost  # noqa: PLC0415  # the twin of the tests

    plain = read_depot(load_depot("depot-demo")).site
    evening = np.where((np.arange(96) >= 64) & (np.arange(96) < 76), 0.6, plain.export_price)
    days = {
        "day": plain,
        "day, an evening in which feeding in pays more": replace(plain, export_price=evening),
    }
    comparisons = [compare_day(name, site, twin_cost) for name, site in days.items()]
    keep("depot_microgrid", [*comparisons, month_seconds(plain)])


if __name__ == "__main__":
    main()

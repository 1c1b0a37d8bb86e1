"""Speed of the depot's microgrid: warm day-solves, cold ones, and a month.

    python benchmarks/depot_microgrid.py

The site is that of `scenarios/depot-demo.yaml` with two trucks, and the same with prices that bring
more for energy fed in than energy drawn costs in the evening (`trap`), where binaries are needed.
Requests are drawn at random; none repeats, so that no answer comes from memory. Peer: the same
model in cvxpy, solved by the same HiGHS.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from planner.depot.charging_requests import ChargingRequest
from planner.depot.depot_inputs import read_depot
from planner.depot.microgrid import Microgrid
from planner.scenario.depot_model import load_depot

if TYPE_CHECKING:
    from planner.depot.microgrid_site import MicrogridSite

N_ASKED = 500


def drawn_requests(rng: np.random.Generator, site: MicrogridSite) -> list[ChargingRequest]:
    """A recharge of each of two trucks."""
    requests = []
    for truck in range(2):
        start = rng.uniform(450.0, 900.0)
        length = rng.uniform(60.0, 120.0)
        most = site.truck_limit_kw(truck) * length / 60.0 / 2.0
        requests.append(ChargingRequest(truck, start, start + length, rng.uniform(0.2, 0.7) * most))
    return requests


def milliseconds(seconds: list[float]) -> str:
    """Median, mean and highest."""
    ms = 1000.0 * np.array(seconds)
    return f"median {np.median(ms):7.2f} ms   mean {ms.mean():7.2f} ms   highest {ms.max():8.2f} ms"


def timed(calls: list[list[ChargingRequest]], answer: object) -> list[float]:
    """Seconds of each call."""
    seconds = []
    for requests in calls:
        begin = time.perf_counter()
        answer(requests)  # type: ignore[operator]
        seconds.append(time.perf_counter() - begin)
    return seconds


def main() -> None:
    """Measure and print."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "unit" / "depot"))
    from microgrid_twin import twin_cost  # noqa: PLC0415  # the twin of the tests

    plain = read_depot(load_depot("depot-demo")).site
    evening = np.where((np.arange(96) >= 64) & (np.arange(96) < 76), 0.6, plain.export_price)
    for name, site in (("day", plain), ("day, trap", replace(plain, export_price=evening))):
        rng = np.random.default_rng(1)
        calls = [drawn_requests(rng, site) for _ in range(N_ASKED)]
        microgrid = Microgrid(site)
        microgrid.cost(calls[0])
        print(f"{name:14s} warm   {milliseconds(timed(calls[1:], microgrid.cost))}")
        cold = timed(calls[:30], lambda requests, site=site: Microgrid(site).solve(requests))
        print(f"{name:14s} cold   {milliseconds(cold)}")
        peer = timed(calls[:5], lambda requests, site=site: twin_cost(site, requests))
        print(f"{name:14s} cvxpy  {milliseconds(peer)}")
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
    begin = time.perf_counter()
    plan = Microgrid(month).solve(asked)
    print(f"month of 30 days, 60 recharges: {time.perf_counter() - begin:.2f} s, {plan.cost:.2f}")


if __name__ == "__main__":
    main()

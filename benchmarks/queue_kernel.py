"""Full evaluations of a national layout per second, against plainer ways to simulate it.

Protocol: synthetic demand of the size of the German one at 10 % electrification (about 60,000
high-power and 8,000 overnight sessions at 350 sites in four days, seed fixed), layouts at three
levels of scarcity, one core, compilation excluded. Peers run in the same process on the same
trucks, by turns, and must find the same waits:

* the same event loop in C++ (`queue_twin.cpp`), compiled here with g++ -O3 for this processor;
* one heap over all trucks and one heap of plugs per site, in numba;
* ciw and simpy, one site and its share of the first stops only (ciw has no trucks with stops at
  many sites of their own choice); compared by time per session.

Run: ``python benchmarks/queue_kernel.py``
"""

from __future__ import annotations

import ctypes
import math
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ciw
import numba
import numpy as np
import simpy
from measured import compared, keep
from numba import njit

from planner.simulation.charging_demand import ChargingDemand
from planner.simulation.drawn_energy import draws_at_full_power, joined
from planner.simulation.queues import evaluate_layouts, unlimited_layout

if TYPE_CHECKING:
    from collections.abc import Generator

    from measured import Comparison
    from numpy.typing import NDArray

N_TRIPS = 52_000
N_SITES = 350
SCARCITIES = (1.0, 0.6, 0.45)
BATCH = 16
N_TURNS = 9
DEPARTURES_BY_HOUR = np.array(
    [
        [1.6, 4.1, 5.1, 5.9, 6.8, 6.7, 6.9, 6.8, 6.3, 6.8, 7.0, 6.2],
        [6.0, 5.3, 4.4, 3.9, 2.8, 2.6, 2.4, 1.9, 0.8, 0.0, 0.0, 0.0],
    ]
).ravel()


def national_demand() -> ChargingDemand:
    generator = np.random.default_rng(2026)
    n_trip_stops = 1 + generator.poisson(0.31, N_TRIPS)
    offset = np.concatenate([[0], np.cumsum(n_trip_stops)])
    n_stops = int(offset[-1])
    popularity = generator.gamma(2.0, 1.0, N_SITES)
    kind = generator.choice(3, n_stops, p=[0.68, 0.2, 0.12])  # break, intermediate, rest
    energy_kwh = generator.uniform(100.0, 480.0, n_stops)
    hold_h = np.choose(kind, [0.75, energy_kwh / 720.0 + 5.0 / 60.0, 11.0])
    departure_h = (
        24.0 * generator.integers(0, 4, N_TRIPS)
        + generator.choice(24, N_TRIPS, p=DEPARTURES_BY_HOUR / DEPARTURES_BY_HOUR.sum())
        + generator.random(N_TRIPS)
    )
    fallback_h = energy_kwh / 1000.0 + 5.0 / 60.0
    return ChargingDemand(
        n_sites=N_SITES,
        start_h=0.0,
        horizon_h=96.0,
        trip_idx=np.arange(N_TRIPS),
        trip_stop_offset=offset,
        plan_stop_idx=np.arange(n_stops),
        stop_site_idx=generator.choice(N_SITES, n_stops, p=popularity / popularity.sum()).astype(
            np.int32
        ),
        stop_is_hpc=kind != 2,
        stop_plug_h=hold_h,
        stop_hold_h=hold_h,
        stop_next_leg_h=generator.uniform(1.0, 4.4, n_stops),
        stop_energy_kwh=energy_kwh,
        stop_fallback_plug_h=fallback_h,
        first_arrival_h=departure_h + generator.uniform(0.5, 4.4, N_TRIPS),
        draws=joined(
            draws_at_full_power(energy_kwh, np.where(kind == 2, 100.0, 720.0), hold_h),
            draws_at_full_power(energy_kwh, 1000.0, fallback_h),
        ),
    )


@njit(cache=False)
def sift_down(time_h: NDArray[Any], payload: NDArray[Any], begin: int, size: int, at: int) -> None:
    while True:
        child = 2 * at + 1
        if child >= size:
            return
        if child + 1 < size and time_h[begin + child + 1] < time_h[begin + child]:
            child += 1
        if time_h[begin + at] <= time_h[begin + child]:
            return
        i, j = begin + at, begin + child
        time_h[i], time_h[j] = time_h[j], time_h[i]
        payload[i], payload[j] = payload[j], payload[i]
        at = child


@njit(cache=False)
def single_heap(
    first_arrival_h: NDArray[Any],
    offset: NDArray[Any],
    site_idx: NDArray[Any],
    is_hpc: NDArray[Any],
    plug_h: NDArray[Any],
    hold_h: NDArray[Any],
    next_leg_h: NDArray[Any],
    fallback_h: NDArray[Any],
    n_hpc: NDArray[Any],
    n_lpc: NDArray[Any],
    horizon_h: float,
) -> float:
    """Total wait at HPC plugs of trucks that come within the horizon: a heap of one event each."""
    n_trips, n_sites = first_arrival_h.size, n_hpc.size
    begin = np.zeros(2 * n_sites + 1, np.int64)
    begin[1:] = np.cumsum(np.concatenate((n_hpc, n_lpc)))
    free_h = np.full(begin[-1], -np.inf)
    no_payload = np.zeros(begin[-1], np.int64)
    time_h = first_arrival_h.copy()
    trip = np.arange(n_trips)
    stop = offset[:-1].copy()
    is_after_rejection = np.zeros(n_trips, np.bool_)
    for at in range(n_trips // 2, -1, -1):
        sift_down(time_h, trip, 0, n_trips, at)
    size = n_trips
    wait_h = 0.0
    while size > 0:
        i, now_h = trip[0], time_h[0]
        s = stop[i]
        as_hpc = is_hpc[s] or is_after_rejection[i]
        station = site_idx[s] if as_hpc else site_idx[s] + n_sites
        b = begin[station]
        n_plugs = begin[station + 1] - b
        if not as_hpc and (n_plugs == 0 or free_h[b] > now_h):
            is_after_rejection[i] = True
            time_h[0] = now_h + hold_h[s]
        else:
            plug_in_h = max(now_h, free_h[b])
            wait_h += plug_in_h - now_h if as_hpc and now_h < horizon_h else 0.0
            on_plug_h = fallback_h[s] if is_after_rejection[i] else plug_h[s]
            stay_h = fallback_h[s] if is_after_rejection[i] else hold_h[s]
            free_h[b] = plug_in_h + on_plug_h
            sift_down(free_h, no_payload, b, n_plugs, 0)
            is_after_rejection[i] = False
            stop[i] = s + 1
            if s + 1 < offset[i + 1]:
                time_h[0] = plug_in_h + (stay_h + next_leg_h[s])
            else:
                size -= 1
                time_h[0], trip[0] = time_h[size], trip[size]
        sift_down(time_h, trip, 0, size, 0)
    return wait_h


class CompiledTwin:
    """`queue_twin.cpp`, compiled, on a demand."""

    def __init__(self, demand: ChargingDemand, folder: Path) -> None:
        library = folder / "queue_twin.so"
        source = Path(__file__).with_name("queue_twin.cpp")
        options = ["-O3", "-march=native", "-shared", "-fPIC"]
        subprocess.run(["g++", *options, "-o", str(library), str(source)], check=True)  # noqa: S603, S607
        self._call = ctypes.CDLL(str(library)).run_layout
        self._call.restype = None
        self.tables = demand.events.tables

    def __call__(self, n_hpc: NDArray[Any], n_lpc: NDArray[Any]) -> float:
        """Total wait at high-power points, hours."""
        tables = self.tables
        totals = np.zeros(6)
        arrays = (tables.planned, tables.session, tables.hold_h, tables.fallback_session)
        numbers = (tables.origin_h, tables.buckets_per_h, tables.start_h, tables.end_h)
        self._call(
            *(ctypes.c_int64(n) for n in (tables.n_trips, tables.n_sites)),
            *(ctypes.c_int64(n) for n in (tables.bucket_first_planned.size, tables.planned.size)),
            *(ctypes.c_void_p(each.ctypes.data) for each in (*arrays, tables.bucket_first_planned)),
            *map(ctypes.c_double, numbers),
            *(ctypes.c_void_p(each.ctypes.data) for each in (n_hpc, n_lpc, totals)),
        )
        return float(totals[0])


def ciw_wait_h(arrival_h: NDArray[Any], n_plugs: int) -> float:
    """Total wait at one site, simulated by ciw."""
    gap_h = np.diff(arrival_h, prepend=0.0)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gap_h.tolist(), math.inf])],
        service_distributions=[ciw.dists.Deterministic(0.75)],
        number_of_servers=[n_plugs],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(len(arrival_h), method="Finish")
    return float(sum(record.waiting_time for record in simulation.get_all_records()))


def simpy_wait_h(arrival_h: NDArray[Any], n_plugs: int) -> float:
    """Total wait at one site, simulated by simpy."""
    world = simpy.Environment()
    plugs = simpy.Resource(world, n_plugs)
    waits: list[float] = []

    def truck(at_h: float) -> Generator[simpy.Event, None, None]:
        yield world.timeout(at_h)
        with plugs.request() as request:
            yield request
            waits.append(world.now - at_h)
            yield world.timeout(0.75)

    for at_h in arrival_h.tolist():
        world.process(truck(at_h))
    world.run()
    return sum(waits)


def of_one_site(demand: ChargingDemand) -> tuple[int, NDArray[Any]]:
    """The busiest site, and when trucks arrive there whose first stop it is."""
    site = int(np.argmax(demand.n_hpc_stops_at_site))
    first = demand.trip_stop_offset[:-1]
    is_here = (demand.stop_site_idx[first] == site) & demand.stop_is_hpc[first]
    return site, np.sort(demand.first_arrival_h[is_here])


def compare_nation(demand: ChargingDemand, twin: CompiledTwin, scarcity: float) -> Comparison:
    """A layout of the nation, against C++ and against plain heaps."""
    unlimited = unlimited_layout(demand)
    n_lpc = unlimited.n_lpc
    n_hpc = np.maximum((unlimited.n_hpc * scarcity).astype(np.int32), 1)
    batch = np.repeat(n_hpc[None], BATCH, axis=0)

    def heap() -> float:
        return single_heap(
            demand.first_arrival_h,
            demand.trip_stop_offset,
            demand.stop_site_idx,
            demand.stop_is_hpc,
            demand.stop_plug_h,
            demand.stop_hold_h,
            demand.stop_next_leg_h,
            demand.stop_fallback_plug_h,
            n_hpc,
            n_lpc,
            demand.horizon_h,
        )

    wait_h = evaluate_layouts(demand, n_hpc[None], n_lpc).total_wait_h[0]
    assert math.isclose(wait_h, heap(), rel_tol=1e-9, abs_tol=1e-9)
    assert math.isclose(wait_h, twin(n_hpc, n_lpc), rel_tol=1e-12, abs_tol=1e-12)
    mean_min = 60.0 * wait_h / int(demand.stop_is_hpc.sum())
    return compared(
        "simulate a layout of the nation",
        f"{demand.n_stops:,} sessions, {n_hpc.sum():,} points, {mean_min:.1f} min wait",
        {
            "planner": lambda: evaluate_layouts(demand, batch, n_lpc),
            "the same in C++": lambda: [twin(n_hpc, n_lpc) for _ in range(BATCH)],
            "one heap, numba": lambda: [heap() for _ in range(BATCH)],
        },
        parts=dict.fromkeys(("planner", "the same in C++", "one heap, numba"), BATCH),
        n_turns=N_TURNS,
        unit="ms",
        per_second=1e3,
        aim="0.77x of C++ or more",
    )


def compare_site(demand: ChargingDemand) -> Comparison:
    """One site, against ciw and simpy: per session."""
    unlimited = unlimited_layout(demand)
    n_hpc = np.maximum((unlimited.n_hpc * SCARCITIES[-1]).astype(np.int32), 1)
    batch = np.repeat(n_hpc[None], BATCH, axis=0)
    site, arrival_h = of_one_site(demand)
    n_plugs = int(n_hpc[site])
    assert math.isclose(
        ciw_wait_h(arrival_h, n_plugs), simpy_wait_h(arrival_h, n_plugs), rel_tol=1e-9
    )
    return compared(
        "simulate a session",
        f"planner: {demand.n_stops:,} of the nation; peers: {len(arrival_h):,} of one site",
        {
            "planner": lambda: evaluate_layouts(demand, batch, unlimited.n_lpc),
            "ciw": lambda: ciw_wait_h(arrival_h, n_plugs),
            "simpy": lambda: simpy_wait_h(arrival_h, n_plugs),
        },
        parts={"planner": BATCH * demand.n_stops, "ciw": len(arrival_h), "simpy": len(arrival_h)},
        unit="µs",
        per_second=1e6,
    )


def main() -> None:
    """Compare, and keep the figures."""
    demand = national_demand()
    numba.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        twin = CompiledTwin(demand, Path(folder))
        nation = [compare_nation(demand, twin, scarcity) for scarcity in SCARCITIES]
    keep("queue_kernel", [*nation, compare_site(demand)])


if __name__ == "__main__":
    main()

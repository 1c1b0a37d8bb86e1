"""Routing with backhauls: files good and broken, small instances by trying all, known values."""

from __future__ import annotations

import csv
import os
import time
import tracemalloc
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest

from planner.depot.vrpb import search_as_depots_do, search_routes, solve_vrpb
from planner.depot.vrpb_instance import VrpbInstance, read_vrpb
from planner.errors import InputDataError
from tests.reference_data import reference_path

GOOD = """NAME : small
TYPE : VRPB
DIMENSION : 5
VEHICLES : 2
CAPACITY : 10
EDGE_WEIGHT_TYPE : EXACT_2D
NODE_COORD_SECTION
1 0 0
2 0 3
3 4 0
4 4 3
5 -3 -4
DEMAND_SECTION
1 0
2 6
3 6
4 5
5 2
BACKHAUL_SECTION
4 -1
DEPOT_SECTION
 1
 -1
EOF
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "instance.vrpb"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_coordinates_loads_and_pickups(tmp_path):
    instance = read_vrpb(written(tmp_path, GOOD))
    assert instance.ids.tolist() == [1, 2, 3, 4, 5]
    assert instance.cost[0].tolist() == [0.0, 3.0, 4.0, 5.0, 5.0]
    assert instance.is_pickup.tolist() == [False, False, False, True, False]
    assert (instance.n_vehicles, instance.capacity) == (2, 10.0)


def test_reads_a_full_matrix(tmp_path):
    begin, end = GOOD.index("EDGE_WEIGHT_TYPE"), GOOD.index("DEMAND_SECTION")
    matrix = "\n".join(" ".join(str(abs(i - j)) for j in range(5)) for i in range(5))
    text = (
        f"{GOOD[:begin]}EDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : FULL_MATRIX\n"
        f"EDGE_WEIGHT_SECTION\n{matrix}\n{GOOD[end:]}"
    )
    assert read_vrpb(written(tmp_path, text)).cost[1].tolist() == [1.0, 0.0, 1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("DIMENSION : 5\n", "", ["DIMENSION"]),
        ("DIMENSION : 5", "DIMENSION : 6", ["DEMAND_SECTION", "6 rows"]),
        ("VEHICLES : 2", "VEHICLES : two", ["VEHICLES", "'two'"]),
        ("VEHICLES : 2", "VEHICLES : 9", ["9 VEHICLES", "pickups alone"]),
        ("VEHICLES : 2", "VEHICLES : 1", ["deliveries", "CAPACITY"]),
        ("CAPACITY : 10", "CAPACITY : -1", ["CAPACITY"]),
        ("EXACT_2D", "GEO", ["EDGE_WEIGHT_TYPE", "GEO"]),
        ("4 4 3", "4 4 x", ["NODE_COORD_SECTION", "'x'"]),
        ("3 6\n4 5", "3 60\n4 5", ["customer 3", "60"]),
        ("4 -1\n", "4\n", ["BACKHAUL_SECTION", "-1"]),
        ("DIMENSION : 5", "DIMENSION : 4", ["line 12", "NODE_COORD_SECTION", "12 numbers"]),
        ("DIMENSION : 5", "DIMENSION : 1", ["DIMENSION is 1"]),
        ("DIMENSION : 5", "DIMENSION : 60000", ["2,000 objects", "60,000"]),
        ("DIMENSION : 5", "DIMENSION : 1e999999999", ["DIMENSION", "whole number"]),
        ("DIMENSION : 5", "DIMENSION : " + "9" * 10_000, ["DIMENSION", "10,000 characters"]),
        ("TYPE : VRPB", "DIMENSION : 7", ["line 3", "twice"]),
        ("4 4 3", "4 nan 3", ["line 11", "'nan'"]),
        ("4 4 3", "4 inf 3", ["line 11", "'inf'"]),
        ("4 4 3", "4 1e300 3", ["line 11", "'1e300'"]),
        ("4 4 3", "4 1_0 3", ["line 11", "'1_0'"]),
        ("4 4 3", "4 \u0661 3", ["line 11", "expected a number"]),
        ("4 4 3", "5.7 4 3", ["NODE_COORD_SECTION", "5.7", "whole number"]),
        ("4 5\n5 2", "5.7 5\n5 2", ["DEMAND_SECTION", "5.7", "whole number"]),
        ("4 5\n5 2", "1e30 5\n5 2", ["DEMAND_SECTION", "'1e30'"]),
        ("4 5\n5 2", "1e999999999 5\n5 2", ["DEMAND_SECTION", "'1e999999999'"]),
        ("4 5\n5 2", "1e11 5\n5 2", ["DEMAND_SECTION", "1e+11", "whole number"]),
        ("4 5\n5 2", "-4 5\n5 2", ["DEMAND_SECTION", "-4", "whole number"]),
        ("4 5\n5 2", "3 5\n5 2", ["DEMAND_SECTION", "number 3 more than once"]),
        ("4 4 3", "3 4 3", ["NODE_COORD_SECTION", "number 3 more than once"]),
        ("2 6\n", "2 -6\n", ["customer 2", "-6"]),
        ("4 -1\n", "4.5 -1\n", ["BACKHAUL_SECTION", "4.5"]),
        (" 1\n -1\n", " 1\n 2\n", ["DEPOT_SECTION lists 2 places"]),
        (" 1\n -1\n", "", ["DEPOT_SECTION lists 0 places"]),
        (" 1\n -1\n", " 9\n", ["DEPOT_SECTION", "9"]),
        ("DEMAND_SECTION", "TIME_WINDOW_SECTION", ["line 13", "TIME_WINDOW_SECTION"]),
        ("DEPOT_SECTION", "DEMAND_SECTION", ["DEMAND_SECTION", "twice"]),
        ("DIMENSION : 5\n", "DEMAND_SECTION\n", ["before DIMENSION"]),
        ("4 -1\n", "7 -1\n", ["BACKHAUL_SECTION", "7"]),
        ("NAME : small", "NAEM small", ["line 1", "NAEM"]),
        ("TYPE : VRPB", "TYPE : TSP", ["TYPE", "TSP"]),
    ],
)
def test_broken_files_are_named(tmp_path, old, new, words):
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(InputDataError) as caught:
        read_vrpb(path)
    assert str(path) in str(caught.value)
    assert all(word in str(caught.value) for word in words)


BY_PLACE = "1 0\n2 0\n3 0\n4 5\n5 0\n"


@pytest.mark.parametrize(
    "changed",
    [
        GOOD.replace(" -1\nEOF", "EOF"),
        GOOD.replace(" -1\nEOF\n", ""),
        GOOD.replace(" 1\n -1", "1 -1"),
        GOOD.replace("EOF\n", ""),
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        GOOD.replace("\n", "\n\n"),
        GOOD.replace("DEMAND_SECTION", "SERVICE_TIME : 10\nDEMAND_SECTION"),
        GOOD.replace("DEMAND_SECTION", "SERVICE_TIME_SECTION\n1 0\n2 9\n3 9\nDEMAND_SECTION"),
        GOOD.replace("4 5\n", "4 0\n").replace("4 -1\n", BY_PLACE),
        GOOD.replace("4 4 3\n", "4.0 4e0 3\n"),
        GOOD + "whatever follows\n",
    ],
)
def test_layouts_that_are_met_are_read_alike(tmp_path, changed):
    wanted, found = read_vrpb(written(tmp_path, GOOD)), None
    (tmp_path / "instance.vrpb").write_bytes(changed.encode())
    found = read_vrpb(tmp_path / "instance.vrpb")
    assert found.ids.tolist() == wanted.ids.tolist()
    assert found.cost.tolist() == wanted.cost.tolist()
    assert found.demand.tolist() == wanted.demand.tolist()
    assert found.is_pickup.tolist() == wanted.is_pickup.tolist()


def test_customer_with_loads_in_both_sections_is_refused(tmp_path):
    text = GOOD.replace("4 -1\n", BY_PLACE)
    with pytest.raises(InputDataError, match="customer 4 has a load in DEMAND_SECTION and in BACK"):
        read_vrpb(written(tmp_path, text))


@pytest.mark.parametrize("body", ["1 0 0\n", "1 ", "\n", "x\n", "NAME : x\n"])
def test_large_files_are_refused_in_little_time_and_memory(tmp_path, body):
    head = GOOD[: GOOD.index("1 0 0")]
    path = written(tmp_path, head + body * (20_000_000 // len(body)))
    tracemalloc.start()
    begin = time.process_time()
    try:
        with pytest.raises(InputDataError):
            read_vrpb(path)
        _, most_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most_bytes < 100e6
    assert time.process_time() - begin < 5.0


def test_pipes_and_devices_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(InputDataError, match="expected a VRPB instance"):
            read_vrpb(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputDataError, match=r"none\.vrpb"):
        read_vrpb(tmp_path / "none.vrpb")


def route_cost(instance: VrpbInstance, route: tuple[int, ...]) -> float:
    kinds = instance.is_pickup[list(route)]
    loads = instance.demand[list(route)]
    wrong = kinds[0] or (np.diff(kinds.astype(int)) < 0).any()
    if wrong or max(loads[kinds].sum(), loads[~kinds].sum()) > instance.capacity:
        return np.inf
    return float(instance.cost[[0, *route], [*route, 0]].sum())


def best_cost(instance: VrpbInstance) -> float:
    n = len(instance.ids) - 1
    best = np.inf
    for owner in product(range(instance.n_vehicles), repeat=n):
        total = 0.0
        for vehicle in range(instance.n_vehicles):
            mine = [i + 1 for i in range(n) if owner[i] == vehicle]
            orders = permutations(mine) if mine else ()
            total += min((route_cost(instance, order) for order in orders), default=np.inf)
        best = min(best, total)
    return best


def small_instance(seed: int, *, turned_costs_more: float = 0.0) -> VrpbInstance:
    rng = np.random.default_rng(seed)
    at = rng.uniform(0.0, 100.0, (7, 2))
    cost = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    return VrpbInstance(
        name="random",
        ids=np.arange(1, 8),
        cost=cost * (1.0 + turned_costs_more * np.triu(rng.uniform(size=(7, 7)))),
        demand=np.append(0.0, rng.integers(1, 6, 6).astype(float)),
        is_pickup=np.array([False, False, True, False, False, True, False]),
        n_vehicles=2,
        capacity=12.0,
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("search", "n_iterations"), [(search_routes, 2000), (search_as_depots_do, 60)]
)
def test_small_instances_are_solved_to_the_best(search, n_iterations, seed):
    instance = small_instance(seed)
    found = search(instance, seed=1, n_iterations=n_iterations)
    assert found.feasible
    assert len(found.routes) == 2
    assert found.cost == pytest.approx(best_cost(instance))


@pytest.mark.parametrize("seed", range(3))
def test_ways_that_cost_more_in_one_direction_are_driven_in_the_other(seed):
    instance = small_instance(seed, turned_costs_more=5.0)
    found = search_routes(instance, seed=1, n_iterations=2000)
    assert found.feasible
    assert found.cost == pytest.approx(best_cost(instance))


def test_loads_that_fit_no_routes_are_told_as_broken():
    # 18 units in two vehicles of 10, but no two customers in one.
    instance = VrpbInstance(
        name="three in two",
        ids=np.arange(1, 5),
        cost=np.ones((4, 4)) - np.eye(4),
        demand=np.array([0.0, 6.0, 6.0, 6.0]),
        is_pickup=np.zeros(4, dtype=np.bool_),
        n_vehicles=2,
        capacity=10.0,
    )
    found = search_routes(instance, seed=1, n_iterations=500)
    assert not found.feasible
    assert sorted(i for route in found.routes for i in route) == [2, 3, 4]


def test_the_same_iterations_give_the_same_routes(tmp_path):
    instance = read_vrpb(written(tmp_path, GOOD))
    for search, n_iterations in ((search_routes, 1050), (search_as_depots_do, 30)):
        first = search(instance, 3, n_iterations=n_iterations)
        assert first.n_iterations == n_iterations
        assert first == search(instance, 3, n_iterations=n_iterations)
        timed = solve_vrpb(written(tmp_path, GOOD), seconds=0.2, seed=3)
        assert timed.feasible
        assert timed.cost == pytest.approx(first.cost)


def test_a_search_without_an_end_is_refused(tmp_path):
    with pytest.raises(ValueError, match="neither"):
        search_routes(read_vrpb(written(tmp_path, GOOD)), 1)


KNOWN = [
    ("vrpb_goetschalckx", "A4"),
    ("vrpb_goetschalckx", "B3"),
    ("vrpb_goetschalckx", "G2"),
    ("vrpb_toth_vigo", "eil22.50"),
    ("vrpb_toth_vigo", "eil30.66"),
]


@pytest.mark.parametrize(("folder", "name"), KNOWN)
@pytest.mark.parametrize(
    ("search", "n_iterations", "within"),
    [(search_routes, 50_000, 1.001), (search_as_depots_do, 300, 1.01)],
)
def test_known_instances_come_near_the_best(folder, name, search, n_iterations, within):
    data = reference_path(folder)
    with (data / "best_known.csv").open(encoding="utf-8") as file:
        best = next(float(r["bks"]) for r in csv.DictReader(file) if r["instance"] == name)
    instance = read_vrpb(data / f"{name}.vrpb")
    found = search(instance, seed=1, n_iterations=n_iterations)
    assert found.feasible
    assert len(found.routes) == instance.n_vehicles
    assert sorted(i for route in found.routes for i in route) == sorted(instance.ids[1:].tolist())
    assert 1.0 - 1e-6 <= found.cost / best < within

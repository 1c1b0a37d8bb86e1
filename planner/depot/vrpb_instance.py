"""Vehicle routing problems with backhauls from files in the layout of TSPLIB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.depot.vrpb_file import BACKHAUL, COORDINATES, DEMAND, DEPOT, WEIGHTS, VrpbFile
from planner.errors import quoted

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class VrpbInstance:
    """A vehicle routing problem with backhauls.

    Parameters
    ----------
    ids : (n_places,) int64
        Numbers of the places in the file, the depot first.
    cost : (n_places, n_places) float64
        Cost from place to place.
    demand : (n_places,) float64
        Load to bring or collect; 0 for the depot.
    is_pickup : (n_places,) bool
        Whether the load is collected.
    n_vehicles : int
        Routes that there must be, neither more nor fewer.
    capacity : float
        Most load of a vehicle, of deliveries and of pickups each.
    """

    name: str
    ids: NDArray[np.int64]
    cost: NDArray[np.float64]
    demand: NDArray[np.float64]
    is_pickup: NDArray[np.bool_]
    n_vehicles: int
    capacity: float


def read_vrpb(path: Path) -> VrpbInstance:
    """Read an instance file.

    Parameters
    ----------
    path : pathlib.Path
        File with ``EDGE_WEIGHT_TYPE`` ``EXACT_2D`` (Euclidean, not rounded) or ``EXPLICIT`` with a
        ``FULL_MATRIX``, ``VEHICLES``, ``CAPACITY`` and a ``BACKHAUL_SECTION``: a list of pickups
        that ends with -1 (their loads stand in ``DEMAND_SECTION``), or a row of place and load to
        collect for each place, as PyVRP writes it.

    Raises
    ------
    InputDataError
        If the file is not there or not of this layout; the message names the line, key or section.
    """
    file = VrpbFile(path)
    if file.keys.get("TYPE", "VRPB") != "VRPB":
        file.fail(f"TYPE is {quoted(file.keys['TYPE'])}, expected VRPB")
    file.positive("DIMENSION", whole=True)
    n_vehicles = int(file.positive("VEHICLES", whole=True))
    capacity = file.positive("CAPACITY")
    ids, demand = _by_place(file, DEMAND)
    depot = _depot(file, ids)
    is_pickup, demand = _pickups(file, ids, demand)
    _check(file, ids, demand, is_pickup, depot, capacity, n_vehicles)
    order = np.concatenate([np.flatnonzero(ids == depot), np.flatnonzero(ids != depot)])
    return VrpbInstance(
        name=file.keys.get("NAME", path.stem),
        ids=ids[order],
        cost=_cost(file, ids)[np.ix_(order, order)],
        demand=demand[order],
        is_pickup=is_pickup[order],
        n_vehicles=n_vehicles,
        capacity=capacity,
    )


def _by_place(file: VrpbFile, section: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Places and their values of a section with rows of two."""
    rows = file.rows(section, 2)
    return file.ids(section, rows[:, 0]), rows[:, 1]


def _known(file: VrpbFile, section: str, found: NDArray[np.int64], ids: NDArray[np.int64]) -> None:
    unknown = found[~np.isin(found, ids)]
    if len(unknown):
        file.fail(f"{section} lists {unknown[0]}, which DEMAND_SECTION does not know")


def _depot(file: VrpbFile, ids: NDArray[np.int64]) -> int:
    depot = file.listed(DEPOT, is_ended=False)
    _known(file, DEPOT, depot, ids)
    if len(depot) != 1:
        file.fail(f"DEPOT_SECTION lists {len(depot)} places, expected one depot")
    return int(depot[0])


def _pickups(
    file: VrpbFile, ids: NDArray[np.int64], demand: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which places collect, and all loads, deliveries and pickups."""
    if not file.is_table(BACKHAUL):
        listed = file.listed(BACKHAUL, is_ended=True)
        _known(file, BACKHAUL, listed, ids)
        return np.isin(ids, listed), demand
    places, amounts = _by_place(file, BACKHAUL)
    _known(file, BACKHAUL, places, ids)
    load = dict(zip(places.tolist(), amounts.tolist(), strict=True))
    collected = np.array([load[place] for place in ids.tolist()])
    both = ids[(collected != 0.0) & (demand != 0.0)]
    if len(both):
        file.fail(
            f"customer {both[0]} has a load in DEMAND_SECTION and in BACKHAUL_SECTION, expected "
            "deliveries or pickups; give it two numbers, one for each"
        )
    return collected != 0.0, np.where(collected != 0.0, collected, demand)


def _check(
    file: VrpbFile,
    ids: NDArray[np.int64],
    demand: NDArray[np.float64],
    is_pickup: NDArray[np.bool_],
    depot: int,
    capacity: float,
    n_vehicles: int,
) -> None:
    at_depot = ids == depot
    if is_pickup[at_depot].any() or demand[at_depot].any():
        file.fail(f"the depot {depot} has a demand or is listed as a pickup")
    for place in np.flatnonzero(~at_depot):
        if not 0.0 < demand[place] <= capacity:
            file.fail(
                f"customer {ids[place]} has demand {demand[place]:g}, expected above 0 and up to "
                f"CAPACITY {capacity:g}"
            )
    n_deliveries = int((~is_pickup & ~at_depot).sum())
    if n_deliveries < n_vehicles:
        file.fail(
            f"{n_deliveries} customers take deliveries, but each of the {n_vehicles:.10g} VEHICLES "
            "needs one: a route of pickups alone is not allowed"
        )
    for name, chosen in (("deliveries", ~is_pickup), ("pickups", is_pickup)):
        if demand[chosen].sum() > n_vehicles * capacity:
            file.fail(
                f"the {name} sum up to {demand[chosen].sum():g}, more than {n_vehicles} VEHICLES "
                f"of CAPACITY {capacity:g} can carry"
            )


def _cost(file: VrpbFile, ids: NDArray[np.int64]) -> NDArray[np.float64]:
    kind = file.keys.get("EDGE_WEIGHT_TYPE", "")
    if kind == "EXACT_2D":
        rows = file.rows(COORDINATES, 3)
        places = file.ids(COORDINATES, rows[:, 0])
        if set(places.tolist()) != set(ids.tolist()):
            file.fail("NODE_COORD_SECTION and DEMAND_SECTION number the places differently")
        place_of = dict(zip(places.tolist(), rows[:, 1:], strict=True))
        at = np.array([place_of[place] for place in ids.tolist()])
        return np.asarray(np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1)))
    if kind == "EXPLICIT":
        form = file.keys.get("EDGE_WEIGHT_FORMAT", "")
        if form != "FULL_MATRIX":
            file.fail(f"EDGE_WEIGHT_FORMAT is {quoted(form)}, expected FULL_MATRIX")
        cost = file.rows(WEIGHTS, len(ids))
        if cost.min() < 0.0:
            file.fail(f"EDGE_WEIGHT_SECTION holds {cost.min():g}, expected 0 or more")
        return cost
    return file.fail(f"EDGE_WEIGHT_TYPE is {quoted(kind)}, expected EXACT_2D or EXPLICIT")

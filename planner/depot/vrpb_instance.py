"""Vehicle routing problems with backhauls from files in the layout of TSPLIB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from planner.errors import InputDataError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SECTIONS = (
    "NODE_COORD_SECTION",
    "EDGE_WEIGHT_SECTION",
    "DEMAND_SECTION",
    "BACKHAUL_SECTION",
    "DEPOT_SECTION",
)
KEYS = (
    *("NAME", "TYPE", "COMMENT", "DIMENSION", "VEHICLES", "CAPACITY"),
    *("EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT", "NODE_COORD_TYPE", "DISPLAY_DATA_TYPE"),
)


@dataclass(frozen=True, slots=True)
class VrpbInstance:
    """A vehicle routing problem with backhauls.

    Parameters
    ----------
    name : str
        Name in the file.
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
        ``FULL_MATRIX``, ``VEHICLES``, ``CAPACITY`` and a ``BACKHAUL_SECTION`` of pickups.

    Returns
    -------
    VrpbInstance

    Raises
    ------
    InputDataError
        If the file is not there or not of this layout; the message names the section.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path} cannot be read as text: {error}. Give a VRPB instance file."
        raise InputDataError(message) from error
    return _InstanceFile(path, text).instance()


class _InstanceFile:
    """A file split into its keys and sections."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._keys: dict[str, str] = {}
        self._sections: dict[str, list[str]] = {}
        section: list[str] | None = None
        for number, raw in enumerate(text.splitlines(), start=1):
            line = raw.strip()
            if not line:
                continue
            key = line.split(":")[0].strip()
            if line == "EOF":
                break
            if key in SECTIONS:
                section = self._sections.setdefault(key, [])
            elif key in KEYS:
                self._keys[key] = line.partition(":")[2].strip()
                section = None
            elif section is not None:
                section.extend(line.split())
            else:
                self._fail(
                    f"line {number} is {line[:60]!r}: expected 'KEY : value' with one of "
                    f"{', '.join(KEYS)}, or the name of a section"
                )

    def instance(self) -> VrpbInstance:
        if self._keys.get("TYPE", "VRPB") != "VRPB":
            self._fail(f"TYPE is {self._keys['TYPE']}, expected VRPB")
        n = int(self._positive("DIMENSION", whole=True))
        if n < 2:
            self._fail(f"DIMENSION is {n}, expected a depot and at least one customer")
        n_vehicles = int(self._positive("VEHICLES", whole=True))
        capacity = self._positive("CAPACITY")
        demand = self._rows("DEMAND_SECTION", n, 2)
        ids = demand[:, 0].astype(np.int64)
        if len(set(ids.tolist())) < n:
            self._fail("DEMAND_SECTION gives a number more than once")
        depot = self._listed("DEPOT_SECTION", ids)
        if len(depot) != 1:
            self._fail(f"DEPOT_SECTION lists {len(depot)} places, expected one depot")
        pickups = self._listed("BACKHAUL_SECTION", ids)
        order = np.concatenate([np.flatnonzero(ids == depot[0]), np.flatnonzero(ids != depot[0])])
        cost = self._cost(n, ids)
        is_pickup = np.isin(ids, pickups)
        self._check(ids, demand[:, 1], is_pickup, depot[0], capacity, n_vehicles)
        return VrpbInstance(
            name=self._keys.get("NAME", self._path.stem),
            ids=ids[order],
            cost=cost[np.ix_(order, order)],
            demand=demand[order, 1],
            is_pickup=is_pickup[order],
            n_vehicles=n_vehicles,
            capacity=capacity,
        )

    def _check(
        self,
        ids: NDArray[np.int64],
        demand: NDArray[np.float64],
        is_pickup: NDArray[np.bool_],
        depot: int,
        capacity: float,
        n_vehicles: int,
    ) -> None:
        at_depot = ids == depot
        if is_pickup[at_depot].any() or demand[at_depot].any():
            self._fail(f"the depot {depot} has a demand or is listed as a pickup")
        for place in np.flatnonzero(~at_depot):
            if not 0.0 < demand[place] <= capacity:
                self._fail(
                    f"DEMAND_SECTION: customer {ids[place]} has demand {demand[place]:g}, expected "
                    f"above 0 and up to CAPACITY {capacity:g}"
                )
        n_deliveries = int((~is_pickup & ~at_depot).sum())
        if n_deliveries < n_vehicles:
            self._fail(
                f"{n_deliveries} customers take deliveries, but each of the {n_vehicles} VEHICLES "
                "needs one: a route of pickups alone is not allowed"
            )
        for name, chosen in (("deliveries", ~is_pickup), ("pickups", is_pickup)):
            if demand[chosen].sum() > n_vehicles * capacity:
                self._fail(
                    f"the {name} sum up to {demand[chosen].sum():g}, more than {n_vehicles} "
                    f"VEHICLES of CAPACITY {capacity:g} can carry"
                )

    def _cost(self, n: int, ids: NDArray[np.int64]) -> NDArray[np.float64]:
        kind = self._keys.get("EDGE_WEIGHT_TYPE")
        if kind == "EXACT_2D":
            rows = self._rows("NODE_COORD_SECTION", n, 3)
            if set(rows[:, 0].astype(np.int64).tolist()) != set(ids.tolist()):
                self._fail("NODE_COORD_SECTION and DEMAND_SECTION number the places differently")
            place_of = {int(row[0]): row[1:] for row in rows}
            at = np.array([place_of[int(i)] for i in ids])
            return np.asarray(np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1)))
        if kind == "EXPLICIT":
            form = self._keys.get("EDGE_WEIGHT_FORMAT")
            if form != "FULL_MATRIX":
                self._fail(f"EDGE_WEIGHT_FORMAT is {form}, expected FULL_MATRIX")
            cost = self._rows("EDGE_WEIGHT_SECTION", n, n)
            if cost.min() < 0.0:
                self._fail(f"EDGE_WEIGHT_SECTION holds {cost.min():g}, expected 0 or more")
            return cost
        return self._fail(f"EDGE_WEIGHT_TYPE is {kind}, expected EXACT_2D or EXPLICIT")

    def _positive(self, key: str, *, whole: bool = False) -> float:
        text = self._keys.get(key)
        if text is None:
            self._fail(f"there is no {key}; add a line '{key} : number'")
        try:
            value = float(text)
        except ValueError:
            value = np.nan
        if not (0.0 < value < np.inf) or (whole and value != int(value)):
            self._fail(f"{key} is {text!r}, expected a {'whole ' if whole else ''}number above 0")
        return value

    def _numbers(self, section: str) -> NDArray[np.float64]:
        words = self._sections.get(section)
        if words is None:
            self._fail(f"there is no {section}")
        values = np.empty(len(words))
        for i, word in enumerate(words):
            try:
                values[i] = float(word)
            except ValueError:
                values[i] = np.nan
            if not np.isfinite(values[i]):
                self._fail(f"{section} holds {word!r}, expected a number")
        return values

    def _rows(self, section: str, n_rows: int, n_columns: int) -> NDArray[np.float64]:
        values = self._numbers(section)
        if len(values) != n_rows * n_columns:
            self._fail(
                f"{section} holds {len(values)} numbers, expected {n_rows} rows of {n_columns}, as "
                f"DIMENSION is {n_rows}"
            )
        return values.reshape(n_rows, n_columns)

    def _listed(self, section: str, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        values = self._numbers(section).astype(np.int64)
        end = np.flatnonzero(values == -1)
        if len(end) == 0:
            self._fail(f"{section} does not end with -1")
        listed = values[: end[0]]
        unknown = listed[~np.isin(listed, ids)]
        if len(unknown):
            self._fail(f"{section} lists {unknown[0]}, which DEMAND_SECTION does not know")
        return listed

    def _fail(self, fault: str) -> NoReturn:
        message = f"{self._path}: {fault}."
        raise InputDataError(message)

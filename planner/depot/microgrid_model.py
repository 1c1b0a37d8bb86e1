"""The microgrid as a linear model in HiGHS, whose bounds follow what trucks ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np

from planner.depot.highs_solver import LONGEST_S, HighsSolver, Outcome
from planner.depot.linear_model import Columns, Rows
from planner.depot.microgrid_site import STEP_H

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.depot.microgrid_site import MicrogridSite

_IMPORT, _EXPORT, _SPILL, _CHARGE, _DISCHARGE, _STORED = range(6)
_BLOCKS = 6
_SAME_KW = 1e-6


@dataclass(frozen=True, slots=True)
class Slot:
    """Room for one request at a time.

    Parameters
    ----------
    limit_kw : float
        Highest power of its truck, at the battery.
    steps : (n,) int64
        Steps in which it may charge, ascending.
    """

    limit_kw: float
    steps: NDArray[np.int64]


def _cleaned(kw: NDArray[np.float64]) -> NDArray[np.float64]:
    """Powers without the solver's rounding below 0 or a milliwatt."""
    return np.where(kw > _SAME_KW, kw, 0.0)


class MicrogridModel:
    """Linear model of a site, with binaries where the prices invite to cheat.

    Parameters
    ----------
    site : MicrogridSite
        What is modelled.
    slots : sequence of Slot
        Room for the requests that can be asked at a time.
    exact : bool
        Whether the solver chooses the directions itself; otherwise :meth:`fix_directions` does.
    longest_s : float
        Time that a solve may take, seconds.

    Raises
    ------
    SolverError
        Here and from all methods, if the solver fails.

    Notes
    -----
    Drawing and feeding in at once pays where a kWh fed in brings more than one drawn costs, and
    charging and discharging the storage at once pays where a kWh drawn costs less than nothing.
    Those steps alone get a binary, with bounds no wider than what can flow in them; the others
    need none, as doing both there never pays.
    """

    def __init__(
        self,
        site: MicrogridSite,
        slots: Sequence[Slot],
        *,
        exact: bool = True,
        longest_s: float = LONGEST_S,
    ) -> None:
        self._site = site
        self._slots = slots
        self._n_slots = len(slots)
        self.objective = np.nan
        self.is_proved = False
        self._is_missing_proved = True
        self._values = np.empty(0)
        self._lay_out_columns()
        self._rows = Rows()
        self._add_rows()
        self._solver = HighsSolver(self._model(exact=exact), longest_s)
        self._asked: tuple[int, ...] = ()

    def ask(
        self,
        slots: Sequence[int],
        shares: Sequence[NDArray[np.float64]],
        energies_kwh: Sequence[float],
    ) -> None:
        """Set the windows and energies of the next run.

        Parameters
        ----------
        slots : sequence of int
            Slot that each request takes, no slot twice.
        shares : sequence of (n_steps,) float64
            Share of each step in which a request's truck stands at a charger.
        energies_kwh : sequence of float
            Energy of each request, at the battery.
        """
        for slot in self._asked:
            if slot not in slots:
                self._set_slot(slot, np.zeros(len(self._slots[slot].steps)), 0.0)
        for slot, share, energy in zip(slots, shares, energies_kwh, strict=True):
            of = self._slots[slot]
            self._set_slot(slot, share[of.steps] * of.limit_kw, energy)
        self._asked = tuple(slots)

    def _set_slot(self, slot: int, upper: NDArray[np.float64], energy_kwh: float) -> None:
        n = len(upper)
        self._solver.bound_columns(self._slot_columns[slot], np.zeros(n), upper)
        self._solver.bound_row(int(self._energy_rows[slot]), energy_kwh, energy_kwh)

    def run(self, missing_kwh: NDArray[np.float64] | None = None) -> bool:
        """Solve; ``objective`` and flows are there afterwards.

        Parameters
        ----------
        missing_kwh : (n_requests,) float64, optional
            Energy that requests need not get; none by default.

        Returns
        -------
        bool
            Whether all requests can be met; where not, that is proved.
        """
        self._allow_missing(missing_kwh)
        outcome = self._solver.solve()
        if outcome is Outcome.INFEASIBLE:
            return False
        self.is_proved = outcome is Outcome.PROVED and (
            missing_kwh is None or self._is_missing_proved
        )
        self.objective = self._solver.objective
        self._values = self._solver.values
        return True

    @property
    def n_directions(self) -> int:
        """Number of flows whose direction has to be chosen beforehand or by a binary."""
        return len(self._binary_columns)

    @property
    def directions(self) -> NDArray[np.float64]:
        """Directions of the last run, (n_directions,) float64: 1 into the site or the storage."""
        return np.round(self._values[self._binary_columns])

    def directions_inwards(self, steps: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Directions at the grid in some of the steps, (n_directions,) bool."""
        inwards = np.zeros(self.n_directions, dtype=bool)
        inwards[: len(self._grid_steps)] = steps[self._grid_steps]
        return inwards

    def fix_directions(self, directions: NDArray[np.float64]) -> None:
        """Let the next run keep to these directions, (n_directions,) float64 of 0 and 1."""
        self._solver.bound_columns(self._binary_columns, directions, directions)

    def least_missing(
        self, open_kwh: NDArray[np.float64], weight: NDArray[np.float64]
    ) -> NDArray[np.float64] | None:
        """Energy of each request that cannot be had, with the least weighted sum.

        Parameters
        ----------
        open_kwh, weight : (n_requests,) float64
            What may be missing at most, and how much a kWh missing weighs.

        Returns
        -------
        (n_requests,) float64 or None
            Missing energy, kWh; None where not even the building can be supplied.
        """
        n_columns = len(self._cost)
        columns = np.arange(n_columns, dtype=np.int64)
        only_missing = np.zeros(n_columns)
        of_requests = self._missing_columns[list(self._asked)]
        only_missing[of_requests] = weight
        self._allow_missing(open_kwh)
        self._solver.price_columns(columns, only_missing)
        try:
            outcome = self._solver.solve()
            found = self._solver.values
        finally:
            self._solver.price_columns(columns, self._cost)
            self._allow_missing(None)
        self._is_missing_proved = outcome is Outcome.PROVED
        if outcome is Outcome.INFEASIBLE:
            return None
        missing = found[of_requests]
        # what is left of rounding must not make the next run infeasible
        return np.minimum(open_kwh, np.where(missing > 1e-7, missing + 1e-7, 0.0))

    def flows(self) -> dict[str, NDArray[np.float64]]:
        """Power flows of the last run, by the names of ``MicrogridPlan``."""
        n = self._site.n_steps
        flows = self._values[: _BLOCKS * n].reshape(_BLOCKS, n)
        truck_kw = np.zeros((len(self._asked), n))
        for row, slot in enumerate(self._asked):
            truck_kw[row, self._slots[slot].steps] = self._values[self._slot_columns[slot]]
        storage = self._site.storage
        first = 0.0 if storage is None else storage.initial_kwh
        both = np.minimum(flows[_IMPORT], flows[_EXPORT])
        return {
            "import_kw": _cleaned(flows[_IMPORT] - both),
            "export_kw": _cleaned(flows[_EXPORT] - both),
            "spilled_kw": _cleaned(flows[_SPILL]),
            "charge_kw": _cleaned(flows[_CHARGE]),
            "discharge_kw": _cleaned(flows[_DISCHARGE]),
            "storage_kwh": np.concatenate([[first], flows[_STORED]]),
            "truck_kw": _cleaned(truck_kw),
        }

    def _lay_out_columns(self) -> None:
        """Costs and bounds of all columns; blocks of steps first, then trucks, peaks, binaries."""
        site = self._site
        n = site.n_steps
        zeros = np.zeros(n)
        storage = site.storage
        top = [np.full(n, site.max_import_kw), np.full(n, site.max_export_kw), site.pv_kw]
        low = [zeros] * _BLOCKS
        if storage is None:
            top += [zeros, zeros, zeros]
        else:
            if not storage.may_export:
                top[_EXPORT] = np.minimum(top[_EXPORT], site.pv_kw)
            top += [
                np.full(n, storage.charge_kw),
                np.full(n, storage.discharge_kw),
                np.full(n, storage.most_kwh),
            ]
            low[_STORED] = np.full(n, storage.least_kwh)
            low[_STORED][-1] = max(storage.least_kwh, storage.least_final_kwh)
        wear = 0.0 if storage is None else storage.wear_per_kwh
        cost = [
            STEP_H * site.import_price,
            -STEP_H * site.export_price,
            zeros,
            zeros,
            np.full(n, STEP_H * wear),
            zeros,
        ]
        self._columns = Columns()
        for block in range(_BLOCKS):
            self._columns.add(cost[block], low[block], top[block])
        self._slot_columns = [
            self._columns.add(np.zeros(len(steps)), np.zeros(len(steps)), np.zeros(len(steps)))
            for steps in (slot.steps for slot in self._slots)
        ]
        n_slots = self._n_slots
        self._missing_columns = self._columns.add(
            np.zeros(n_slots), np.zeros(n_slots), np.zeros(n_slots)
        )
        so_far = np.array([term.so_far_kw for term in site.demand])
        price = np.array([term.price_per_kw for term in site.demand])
        self._peak_columns = self._columns.add(price, so_far, np.full(len(price), np.inf))
        self._offset = -float(price @ so_far)
        can_export = top[_EXPORT] > 0.0
        self._grid_steps = np.flatnonzero(can_export & (site.export_price > site.import_price))
        self._storage_steps = (
            np.flatnonzero(site.import_price < 0.0)
            if storage is not None
            else np.empty(0, np.int64)
        )
        n_binary = len(self._grid_steps) + len(self._storage_steps)
        self._binary_columns = self._columns.add(
            np.zeros(n_binary), np.zeros(n_binary), np.ones(n_binary)
        )
        self._cost, self._lower, self._upper = self._columns.table()

    def _add_rows(self) -> None:
        site = self._site
        n = site.n_steps
        steps = np.arange(n)
        columns = [block * n + steps for block in range(_BLOCKS)]
        rows = self._rows
        balance = rows.add(site.load_kw - site.pv_kw, site.load_kw - site.pv_kw)
        for block, sign in (
            (_IMPORT, 1.0),
            (_EXPORT, -1.0),
            (_SPILL, -1.0),
            (_CHARGE, -1.0),
            (_DISCHARGE, 1.0),
        ):
            rows.entries(balance, columns[block], sign)
        for room, of_slot in zip(self._slots, self._slot_columns, strict=True):
            rows.entries(balance[room.steps], of_slot, -1.0 / site.charger_efficiency)
        if site.storage is not None:
            self._add_storage_rows(columns)
        none = np.zeros(self._n_slots)
        self._energy_rows = rows.add(none, none)
        for slot, slot_columns in enumerate(self._slot_columns):
            rows.entries(np.full(len(slot_columns), self._energy_rows[slot]), slot_columns, STEP_H)
        rows.entries(self._energy_rows, self._missing_columns, 1.0)
        for term, column in zip(site.demand, self._peak_columns, strict=True):
            of_term = np.flatnonzero(term.applies)
            below = rows.add(np.full(len(of_term), -np.inf), np.zeros(len(of_term)))
            rows.entries(below, columns[_IMPORT][of_term], 1.0)
            rows.entries(below, np.full(len(of_term), column), -1.0)
        if self._n_slots > site.n_chargers:
            plugs = rows.add(np.full(n, -np.inf), np.full(n, float(site.n_chargers)))
            for room, of_slot in zip(self._slots, self._slot_columns, strict=True):
                rows.entries(plugs[room.steps], of_slot, 1.0 / room.limit_kw)
        self._add_binary_rows(columns)

    def _add_storage_rows(self, columns: list[NDArray[np.int64]]) -> None:
        storage = self._site.storage
        assert storage is not None  # noqa: S101  # asked for only where there is one
        n = self._site.n_steps
        before = np.zeros(n)
        before[0] = storage.initial_kwh
        stored = self._rows.add(before, before)
        self._rows.entries(stored, columns[_STORED], 1.0)
        self._rows.entries(stored[1:], columns[_STORED][:-1], -1.0)
        self._rows.entries(stored, columns[_CHARGE], -STEP_H * storage.charge_efficiency)
        self._rows.entries(stored, columns[_DISCHARGE], STEP_H / storage.discharge_efficiency)
        sunny = np.flatnonzero(self._site.pv_kw > 0.0)
        if not storage.may_export and len(sunny):
            fed = self._rows.add(np.full(len(sunny), -np.inf), self._site.pv_kw[sunny])
            self._rows.entries(fed, columns[_EXPORT][sunny], 1.0)
            self._rows.entries(fed, columns[_SPILL][sunny], 1.0)

    def _add_binary_rows(self, columns: list[NDArray[np.int64]]) -> None:
        """Keep opposite flows apart: one below its bound times z, the other below (1 - z)."""
        site = self._site
        storage = site.storage
        charge_kw = 0.0 if storage is None else storage.charge_kw
        discharge_kw = 0.0 if storage is None else storage.discharge_kw
        n_plugs = min(site.n_chargers, self._n_slots)
        trucks_kw = n_plugs * site.charger_kw / site.charger_efficiency
        n_grid = len(self._grid_steps)
        grid, stored = self._binary_columns[:n_grid], self._binary_columns[n_grid:]
        of = self._grid_steps
        most_in = np.minimum(site.max_import_kw, site.load_kw[of] + trucks_kw + charge_kw)
        most_out = np.minimum(self._upper[columns[_EXPORT][of]], site.pv_kw[of] + discharge_kw)
        self._keep_apart(columns[_IMPORT][of], columns[_EXPORT][of], grid, most_in, most_out)
        of = self._storage_steps
        self._keep_apart(
            columns[_CHARGE][of],
            columns[_DISCHARGE][of],
            stored,
            np.full(len(of), charge_kw),
            np.full(len(of), discharge_kw),
        )

    def _keep_apart(
        self,
        one: NDArray[np.int64],
        other: NDArray[np.int64],
        binary: NDArray[np.int64],
        most_one: NDArray[np.float64],
        most_other: NDArray[np.float64],
    ) -> None:
        n = len(binary)
        first = self._rows.add(np.full(n, -np.inf), np.zeros(n))
        self._rows.entries(first, one, 1.0)
        self._rows.entries(first, binary, -most_one)
        second = self._rows.add(np.full(n, -np.inf), most_other)
        self._rows.entries(second, other, 1.0)
        self._rows.entries(second, binary, most_other)

    def _model(self, *, exact: bool) -> highspy.HighsLp:
        n_columns = len(self._cost)
        matrix = self._rows.matrix(n_columns)
        model = highspy.HighsLp()
        model.num_col_ = n_columns
        model.num_row_ = self._rows.n_rows
        model.offset_ = self._offset
        model.col_cost_ = self._cost
        model.col_lower_ = self._lower
        model.col_upper_ = self._upper
        model.row_lower_, model.row_upper_ = self._rows.bounds()
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = matrix.indptr
        model.a_matrix_.index_ = matrix.indices
        model.a_matrix_.value_ = matrix.data
        if exact and self.n_directions:
            kinds = np.full(n_columns, highspy.HighsVarType.kContinuous, dtype=object)
            kinds[self._binary_columns] = highspy.HighsVarType.kInteger
            model.integrality_ = list(kinds)
        return model

    def _allow_missing(self, missing_kwh: NDArray[np.float64] | None) -> None:
        allowed = np.zeros(self._n_slots)
        if missing_kwh is not None:
            allowed[list(self._asked)] = missing_kwh
        self._solver.bound_columns(self._missing_columns, np.zeros(self._n_slots), allowed)

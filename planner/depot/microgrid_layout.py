"""Columns and rows of a microgrid's linear model, and where it needs binaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np

from planner.depot.linear_model import Columns, Rows
from planner.depot.microgrid_site import STEP_H

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.depot.microgrid_site import MicrogridSite

IMPORT, EXPORT, CURTAIL, CHARGE, DISCHARGE, STORED = range(6)
"""Blocks of a column per step that come before all other columns, in this order."""

BLOCKS = 6


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


def grid_steps(site: MicrogridSite) -> NDArray[np.int64]:
    """Steps in which drawing and feeding in at once would pay.

    Both at once by the same power change nothing but the bill, by what a kWh fed in brings less
    what one drawn costs.
    """
    can_export = site.max_export_kw > 0.0
    return np.flatnonzero(can_export & (site.export_price > site.import_price))


def storage_steps(site: MicrogridSite) -> NDArray[np.int64]:
    """Steps in which charging and discharging the storage at once could pay.

    Doing both burns energy. That pays where someone pays for drawing (a negative import price),
    and in every step before, whatever the price there: it makes room for what is drawn then.

    It never pays after the last negative import price, nor where there is none. Take a plan that
    does both in such a step and let it do less of both, the stored energy as before: the site
    needs less. It draws less, which costs no less than nothing, or uses less of the PV power, which
    costs nothing, whatever feeding in brings. Where it draws nothing and uses no PV, the storage
    feeds itself: let it do less of both by the same power. It then holds more, and where that
    no longer fits it charges less at that later moment, again drawing less or using less PV.
    Peaks and wear do not rise.
    """
    storage = site.storage
    if storage is None or storage.charge_efficiency * storage.discharge_efficiency >= 1.0:
        return np.empty(0, np.int64)  # nothing is lost on the way, so nothing can be burned
    negative = np.flatnonzero(site.import_price < 0.0)
    return np.arange(negative[-1] + 1 if len(negative) else 0)


class MicrogridLayout:
    """Numbers, bounds, costs and rows of a site's linear model.

    Parameters
    ----------
    slots : sequence of Slot
        Room for the requests that can be asked at a time.

    Attributes
    ----------
    slot_columns : list of (n,) int64
        Power into each slot's truck, in the slot's steps.
    missing_columns, energy_rows : (n_slots,) int64
        Energy that a slot does not get; the row that sums what it gets and misses.
    grid_steps, storage_steps : (n,) int64
        Steps in which a binary decides between drawing and feeding in, charging and discharging.
    grid_binaries, storage_binaries : (n,) int64
        Columns of those binaries: 1 is drawing, or charging.
    size_columns : (2,) int64
        Capacity and power of a storage whose size is open, else empty.
    cost, lower, upper : (n_columns,) float64
        Of all columns; slots are closed until something is asked.
    """

    def __init__(self, site: MicrogridSite, slots: Sequence[Slot]) -> None:
        self._site = site
        self._slots = slots
        self.n_slots = len(slots)
        self.grid_steps = grid_steps(site)
        self.storage_steps = storage_steps(site)
        self._lay_out_columns()
        self._rows = Rows()
        self._add_rows()

    def block(self, which: int) -> NDArray[np.int64]:
        """Columns of a block, (n_steps,) int64."""
        n = self._site.n_steps
        return np.arange(which * n, (which + 1) * n)

    def lp(self, *, exact: bool) -> highspy.HighsLp:
        """The model; its binaries are integers where it is exact, else anything from 0 to 1."""
        n_columns = len(self.cost)
        matrix = self._rows.matrix(n_columns)
        model = highspy.HighsLp()
        model.num_col_ = n_columns
        model.num_row_ = self._rows.n_rows
        model.offset_ = self._offset
        model.col_cost_ = self.cost
        model.col_lower_ = self.lower
        model.col_upper_ = self.upper
        model.row_lower_, model.row_upper_ = self._rows.bounds()
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = matrix.indptr
        model.a_matrix_.index_ = matrix.indices
        model.a_matrix_.value_ = matrix.data
        binaries = np.concatenate([self.grid_binaries, self.storage_binaries])
        if exact and len(binaries):
            kinds = np.full(n_columns, highspy.HighsVarType.kContinuous, dtype=object)
            kinds[binaries] = highspy.HighsVarType.kInteger
            model.integrality_ = list(kinds)
        return model

    def _lay_out_columns(self) -> None:
        """Costs and bounds of all columns; blocks of steps first, then trucks, peaks, binaries."""
        site = self._site
        columns = Columns()
        for cost, lower, upper in self._blocks():
            columns.add(cost, lower, upper)
        self.slot_columns = [
            columns.add(np.zeros(len(steps)), np.zeros(len(steps)), np.zeros(len(steps)))
            for steps in (slot.steps for slot in self._slots)
        ]
        nothing = np.zeros(self.n_slots)
        self.missing_columns = columns.add(nothing, nothing, nothing)
        so_far = np.array([term.so_far_kw for term in site.demand])
        price = np.array([term.price_per_kw for term in site.demand])
        self._peak_columns = columns.add(price, so_far, np.full(len(price), np.inf))
        # Only what exceeds the peak of the month so far costs more.
        self._offset = -float(price @ so_far)
        self.grid_binaries, self.storage_binaries = (
            columns.add(np.zeros(len(steps)), np.zeros(len(steps)), np.ones(len(steps)))
            for steps in (self.grid_steps, self.storage_steps)
        )
        self.size_columns = columns.add(*self._sizes())
        self.cost, self.lower, self.upper = columns.table()

    def _sizes(self) -> tuple[NDArray[np.float64], ...]:
        """Cost and bounds of capacity and power of a storage whose size is open, else nothing."""
        storage = self._site.storage
        if storage is None or storage.sizing is None:
            return (np.zeros(0),) * 3
        sizing = storage.sizing
        most = np.array([storage.capacity_kwh, max(storage.charge_kw, storage.discharge_kw)])
        return np.array([sizing.price_per_kwh, sizing.price_per_kw]), np.zeros(2), most

    def _blocks(self) -> list[tuple[NDArray[np.float64], ...]]:
        """Cost, lower and upper bound of each block of steps."""
        site, storage = self._site, self._site.storage
        n = site.n_steps
        zeros = np.zeros(n)
        top = [np.full(n, site.max_import_kw), np.full(n, site.max_export_kw), site.pv_kw]
        low = [zeros] * BLOCKS
        if storage is None:
            top += [zeros, zeros, zeros]
        else:
            if not storage.may_export:
                # A storage that serves the site alone must not sell what it holds.
                top[EXPORT] = np.minimum(top[EXPORT], site.pv_kw)
            top += [
                np.full(n, storage.charge_kw),
                np.full(n, storage.discharge_kw),
                np.full(n, storage.most_kwh),
            ]
            low[STORED] = np.full(n, storage.least_kwh)
            low[STORED][-1] = max(storage.least_kwh, storage.least_final_kwh)
        wear = 0.0 if storage is None else storage.wear_per_kwh
        cost = [
            STEP_H * site.import_price,
            -STEP_H * site.export_price,
            zeros,
            zeros,
            np.full(n, STEP_H * wear),
            zeros,
        ]
        return list(zip(cost, low, top, strict=True))

    def _add_rows(self) -> None:
        site = self._site
        n = site.n_steps
        columns = [self.block(which) for which in range(BLOCKS)]
        rows = self._rows
        balance = rows.add(site.load_kw - site.pv_kw, site.load_kw - site.pv_kw)
        for block, sign in (
            (IMPORT, 1.0),
            (EXPORT, -1.0),
            (CURTAIL, -1.0),
            (CHARGE, -1.0),
            (DISCHARGE, 1.0),
        ):
            rows.entries(balance, columns[block], sign)
        for room, of_slot in zip(self._slots, self.slot_columns, strict=True):
            rows.entries(balance[room.steps], of_slot, -1.0 / site.charger_efficiency)
        if site.storage is not None:
            self._add_storage_rows(columns)
        none = np.zeros(self.n_slots)
        self.energy_rows = rows.add(none, none)
        for slot, slot_columns in enumerate(self.slot_columns):
            rows.entries(np.full(len(slot_columns), self.energy_rows[slot]), slot_columns, STEP_H)
        rows.entries(self.energy_rows, self.missing_columns, 1.0)
        for term, column in zip(site.demand, self._peak_columns, strict=True):
            of_term = np.flatnonzero(term.applies)
            intervals, at = np.unique(of_term // term.interval_steps, return_inverse=True)
            below = rows.add(np.full(len(intervals), -np.inf), np.zeros(len(intervals)))
            rows.entries(below[at], columns[IMPORT][of_term], 1.0 / term.interval_steps)
            rows.entries(below, np.full(len(below), column), -1.0)
        # Shares of the step at full power add up to the points that are taken: trucks take turns.
        if self.n_slots > site.n_chargers:
            plugs = rows.add(np.full(n, -np.inf), np.full(n, float(site.n_chargers)))
            for room, of_slot in zip(self._slots, self.slot_columns, strict=True):
                rows.entries(plugs[room.steps], of_slot, 1.0 / room.limit_kw)
        self._add_binary_rows(columns)

    def _add_storage_rows(self, columns: list[NDArray[np.int64]]) -> None:
        storage = self._site.storage
        assert storage is not None  # noqa: S101  # asked for only where there is one
        n = self._site.n_steps
        before = np.zeros(n)
        before[0] = storage.initial_kwh
        stored = self._rows.add(before, before)
        self._rows.entries(stored, columns[STORED], 1.0)
        self._rows.entries(stored[1:], columns[STORED][:-1], -1.0)
        self._rows.entries(stored, columns[CHARGE], -STEP_H * storage.charge_efficiency)
        self._rows.entries(stored, columns[DISCHARGE], STEP_H / storage.discharge_efficiency)
        if storage.sizing is not None:
            self._add_size_rows(columns, stored, storage.sizing.usable_share)
        # What is fed in and what is curtailed come of the same PV power.
        sunny = np.flatnonzero(self._site.pv_kw > 0.0)
        if not storage.may_export and len(sunny):
            fed = self._rows.add(np.full(len(sunny), -np.inf), self._site.pv_kw[sunny])
            self._rows.entries(fed, columns[EXPORT][sunny], 1.0)
            self._rows.entries(fed, columns[CURTAIL][sunny], 1.0)

    def _add_size_rows(
        self, columns: list[NDArray[np.int64]], stored: NDArray[np.int64], usable_share: float
    ) -> None:
        """Keep a storage within its size, and let it begin and end full."""
        n = self._site.n_steps
        capacity, power = self.size_columns
        self._rows.entries(stored[:1], np.array([capacity]), -usable_share)
        nothing, below = np.zeros(n), np.full(n, -np.inf)
        for block, size, share in (
            (STORED, capacity, usable_share),
            (CHARGE, power, 1.0),
            (DISCHARGE, power, 1.0),
        ):
            within = self._rows.add(below, nothing)
            self._rows.entries(within, columns[block], 1.0)
            self._rows.entries(within, np.full(n, size), -share)
        full = self._rows.add(np.zeros(1), np.zeros(1))
        self._rows.entries(full, columns[STORED][-1:], 1.0)
        self._rows.entries(full, np.array([capacity]), -usable_share)

    def _add_binary_rows(self, columns: list[NDArray[np.int64]]) -> None:
        """Keep opposite flows apart, with bounds no wider than what can flow."""
        site = self._site
        storage = site.storage
        charge_kw = 0.0 if storage is None else storage.charge_kw
        discharge_kw = 0.0 if storage is None else storage.discharge_kw
        n_plugs = min(site.n_chargers, self.n_slots)
        # Bounds as tight as can be keep the relaxation of the binaries close.
        trucks_kw = n_plugs * site.charger_kw / site.charger_efficiency
        of = self.grid_steps
        most_in = np.minimum(site.max_import_kw, site.load_kw[of] + trucks_kw + charge_kw)
        most_out = np.minimum(self.upper[columns[EXPORT][of]], site.pv_kw[of] + discharge_kw)
        self._keep_apart(
            columns[IMPORT][of], columns[EXPORT][of], self.grid_binaries, most_in, most_out
        )
        of = self.storage_steps
        self._keep_apart(
            columns[CHARGE][of],
            columns[DISCHARGE][of],
            self.storage_binaries,
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
        """One flow below its bound times the binary z, the other below its own times 1 - z."""
        n = len(binary)
        first = self._rows.add(np.full(n, -np.inf), np.zeros(n))
        self._rows.entries(first, one, 1.0)
        self._rows.entries(first, binary, -most_one)
        second = self._rows.add(np.full(n, -np.inf), most_other)
        self._rows.entries(second, other, 1.0)
        self._rows.entries(second, binary, most_other)

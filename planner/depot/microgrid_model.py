"""The microgrid as a linear model in HiGHS, whose bounds follow what trucks ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.depot.highs_solver import LONGEST_S, HighsSolver, Outcome
from planner.depot.microgrid_layout import (
    BLOCKS,
    CHARGE,
    CURTAIL,
    DISCHARGE,
    EXPORT,
    IMPORT,
    STORED,
    MicrogridLayout,
    Slot,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.depot.microgrid_site import MicrogridSite

_SAME_KW = 1e-6


def _cleaned(kw: NDArray[np.float64]) -> NDArray[np.float64]:
    """Powers without the solver's rounding below 0 or a milliwatt."""
    return np.where(kw > _SAME_KW, kw, 0.0)


class MicrogridModel:
    """Linear model of a site, with binaries where the prices invite to cheat.

    Parameters
    ----------
    slots : sequence of Slot
        Room for the requests that can be asked at a time.
    exact : bool
        Whether the solver chooses the directions itself; otherwise :meth:`fix_grid` and
        :meth:`keep_storage_apart` do.
    longest_s : float
        Time that a solve may take, seconds.

    Raises
    ------
    SolverError
        Here and from all methods, if the solver fails.
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
        self.objective = np.nan
        self.is_proved = False
        self._is_missing_proved = True
        self._values = np.empty(0)
        self._layout = MicrogridLayout(site, slots)
        self._solver = HighsSolver(self._layout.lp(exact=exact), longest_s)
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
            Share of each step in which a request's truck stands at a charging point.
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
        self._solver.bound_columns(self._layout.slot_columns[slot], np.zeros(len(upper)), upper)
        self._solver.bound_row(int(self._layout.energy_rows[slot]), energy_kwh, energy_kwh)

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
    def needs_directions(self) -> bool:
        """Whether there are flows whose direction has to be chosen beforehand or by a binary."""
        return bool(len(self._layout.grid_steps) + len(self._layout.storage_steps))

    @property
    def grid_directions(self) -> NDArray[np.bool_]:
        """Whether the last run may draw, in each step with a binary at the grid."""
        return self._values[self._layout.grid_binaries] > 0.5  # 0 or 1, rounded

    def grid_inwards(self, steps: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Directions at the grid that draw in some of the steps, as ``grid_directions``."""
        return steps[self._layout.grid_steps]

    def fix_grid(self, inwards: NDArray[np.bool_]) -> None:
        """Let the next runs keep to directions at the grid, and the storage do as it likes.

        They start anew, so that what they find does not depend on what was asked before.
        """
        of_storage = self._layout.storage_binaries
        fixed = inwards.astype(np.float64)
        self._solver.bound_columns(self._layout.grid_binaries, fixed, fixed)
        self._solver.bound_columns(of_storage, np.zeros(len(of_storage)), np.ones(len(of_storage)))
        self._solver.start_anew()

    def keep_storage_apart(self) -> bool:
        """Let the next run charge or discharge where the last one did both at once.

        Returns
        -------
        bool
            Whether it did: then every step with a binary keeps to the direction in which the
            stored energy went.
        """
        of = self._layout.storage_steps
        charge, discharge = self._values[: BLOCKS * self._site.n_steps].reshape(BLOCKS, -1)[
            [CHARGE, DISCHARGE]
        ][:, of]
        if not (np.minimum(charge, discharge) > _SAME_KW).any():
            return False
        storage = self._site.storage
        assert storage is not None  # noqa: S101  # there is nothing to charge without one
        grows = charge * storage.charge_efficiency > discharge / storage.discharge_efficiency
        fixed = grows.astype(np.float64)
        self._solver.bound_columns(self._layout.storage_binaries, fixed, fixed)
        return True

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
        only_missing = np.zeros(len(self._layout.cost))
        of_requests = self._layout.missing_columns[list(self._asked)]
        only_missing[of_requests] = weight
        self._allow_missing(open_kwh)
        outcome, found = self._solve_for(only_missing)
        self._allow_missing(None)
        self._is_missing_proved = outcome is Outcome.PROVED
        if outcome is Outcome.INFEASIBLE:
            return None
        missing = found[of_requests]
        # what is left of rounding must not make the next run infeasible
        return np.minimum(open_kwh, np.where(missing > 1e-7, missing + 1e-7, 0.0))

    def end_idle_cycles(self) -> None:
        """Let the storage no longer charge and discharge at once where energy is worth nothing.

        That costs nothing where there is PV to spare or the storage need not end as full, so
        that a plan of least cost may do it; a real storage does not. Among all plans with the
        flows to trucks and grid found, or less drawn, the one that charges least is taken: by the
        proof in :func:`storage_steps` it does not do both. The cost stays.
        """
        layout = self._layout
        n = self._site.n_steps
        charge, discharge = (self._values[layout.block(of)] for of in (CHARGE, DISCHARGE))
        if not (np.minimum(charge, discharge) > _SAME_KW).any():
            return
        lower, upper = layout.lower.copy(), layout.upper.copy()
        at_most = np.clip(self._values, 0.0, None)
        kept = np.concatenate([layout.block(EXPORT), *layout.slot_columns])
        binaries = np.concatenate([layout.grid_binaries, layout.storage_binaries])
        paid = np.flatnonzero(self._site.import_price < 0.0)
        lower[kept] = upper[kept] = at_most[kept]
        lower[binaries] = upper[binaries] = np.round(self._values[binaries])
        upper[:n] = at_most[:n]
        lower[paid] = at_most[paid]
        for columns in (layout.block(IMPORT), kept, binaries):
            self._solver.bound_columns(columns, lower[columns], upper[columns])
        least_charge = np.zeros(len(layout.cost))
        least_charge[layout.block(CHARGE)] = 1.0
        outcome, found = self._solve_for(least_charge)
        for columns in (layout.block(IMPORT), layout.block(EXPORT), binaries):
            self._solver.bound_columns(columns, layout.lower[columns], layout.upper[columns])
        if outcome is not Outcome.INFEASIBLE:  # rounding alone can make it so
            self._values = found

    def _solve_for(self, cost: NDArray[np.float64]) -> tuple[Outcome, NDArray[np.float64]]:
        """Solve with other costs, once."""
        columns = np.arange(len(cost), dtype=np.int64)
        self._solver.price_columns(columns, cost)
        try:
            outcome = self._solver.solve()
            return outcome, self._solver.values
        finally:
            self._solver.price_columns(columns, self._layout.cost)

    def flows(self) -> dict[str, NDArray[np.float64]]:
        """Power flows of the last run, by the names of ``MicrogridPlan``."""
        n = self._site.n_steps
        flows = self._values[: BLOCKS * n].reshape(BLOCKS, n)
        truck_kw = np.zeros((len(self._asked), n))
        for row, slot in enumerate(self._asked):
            columns = self._layout.slot_columns[slot]
            truck_kw[row, self._slots[slot].steps] = self._values[columns]
        storage = self._site.storage
        first = 0.0 if storage is None else storage.initial_kwh
        both = np.minimum(flows[IMPORT], flows[EXPORT])
        return {
            "import_kw": _cleaned(flows[IMPORT] - both),
            "export_kw": _cleaned(flows[EXPORT] - both),
            "curtailed_kw": _cleaned(flows[CURTAIL]),
            "charge_kw": _cleaned(flows[CHARGE]),
            "discharge_kw": _cleaned(flows[DISCHARGE]),
            "storage_kwh": np.concatenate([[first], flows[STORED]]),
            "truck_kw": _cleaned(truck_kw),
        }

    def storage_size(self) -> tuple[float, float]:
        """Capacity, kWh, and power, kW, that the last run builds of a storage of open size."""
        capacity, power = _cleaned(self._values[self._layout.size_columns])
        return float(capacity), float(power)

    def _allow_missing(self, missing_kwh: NDArray[np.float64] | None) -> None:
        columns = self._layout.missing_columns
        allowed = np.zeros(len(columns))
        if missing_kwh is not None:
            allowed[list(self._asked)] = missing_kwh
        self._solver.bound_columns(columns, np.zeros(len(columns)), allowed)

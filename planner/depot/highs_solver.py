"""HiGHS, with answers that tell "solved" from "cannot be met" and from "the solver failed"."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import highspy
import numpy as np

from planner.errors import SolverError
from planner.said import AsWritten, said

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_S = 60.0
"""Time that one solve may take, seconds."""

_FEASIBLE = 2
"""What HiGHS calls a solution that keeps all bounds."""

_Status = highspy.HighsModelStatus
_OUT_OF_TIME = (_Status.kTimeLimit, _Status.kInterrupt)


class Outcome(Enum):
    """What a solve has shown."""

    PROVED = "no other solution costs less"
    FOUND = "a solution; time was too short to prove that none costs less"
    INFEASIBLE = "proved that there is no solution"


class _SilentHighs(highspy.Highs):
    """HiGHS that says nothing, not even its name.

    From version 1.16 on it prints a banner while it is made, when callbacks are set up: too early
    for an option that is set afterwards.
    """

    def enableCallbacks(self) -> None:  # noqa: N802  # the library's name
        self.setOptionValue("output_flag", False)  # the library's signature
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _forget_threads() -> None:
    """End the threads that HiGHS keeps for the calling thread; the next run starts its own."""
    name = "resetThreadScheduler"  # called resetGlobalScheduler before version 1.16
    reset = getattr(highspy.Highs, name, None) or highspy.Highs.resetGlobalScheduler
    reset(True)  # waits until they have ended


class HighsSolver:
    """One linear or mixed-integer model whose bounds and costs change between solves.

    It is solved exactly, on one thread and without a gap: same model, same answer.

    Parameters
    ----------
    longest_s : float
        Time that each solve may take, seconds.

    Raises
    ------
    SolverError
        Here and from all methods, if HiGHS refuses what it is given.
    """

    def __init__(self, model: highspy.HighsLp, longest_s: float = LONGEST_S) -> None:
        self._longest_s = longest_s
        self._highs = _SilentHighs()  # type: ignore[no-untyped-call]
        self._set("output_flag", value=False)
        self._set("threads", 1)
        self._set("mip_rel_gap", 0.0)
        self._set("mip_abs_gap", 1e-7)
        self._accepted(self._highs.passModel(model), "the model")

    def bound_columns(
        self, columns: NDArray[np.int64], lower: NDArray[np.float64], upper: NDArray[np.float64]
    ) -> None:
        """Set the bounds of columns."""
        status = self._highs.changeColsBounds(len(columns), columns, lower, upper)
        self._accepted(status, "bounds of columns")

    def bound_row(self, row: int, lower: float, upper: float) -> None:
        """Set the bounds of a row."""
        self._accepted(self._highs.changeRowBounds(row, lower, upper), "bounds of a row")

    def price_columns(self, columns: NDArray[np.int64], cost: NDArray[np.float64]) -> None:
        """Set the costs of columns."""
        self._accepted(self._highs.changeColsCost(len(columns), columns, cost), "costs of columns")

    def start_anew(self) -> None:
        """Forget the earlier answers, so that the next one does not start from them."""
        self._accepted(self._highs.clearSolver(), "a new start")

    def solve(self) -> Outcome:
        """Look for the least cost.

        Raises
        ------
        SolverError
            If HiGHS can tell neither a solution nor that there is none.
        """
        outcome = self._attempt()
        if outcome is None and self._highs.getModelStatus() not in _OUT_OF_TIME:
            # Once more from scratch: numbers may have gone astray on the way from an earlier
            # answer, presolve may not tell unbounded from infeasible, or another library has used
            # HiGHS on this thread and left it more threads than ours (all versions refuse to run
            # then; before 1.16 a use without that option did not count).
            _forget_threads()
            self.start_anew()
            self._set("presolve", "off")
            outcome = self._attempt()
            self._set("presolve", "choose")
        if outcome is None:
            raise SolverError(self._failure())
        return outcome

    @property
    def objective(self) -> float:
        """Cost of the last solution."""
        return float(self._highs.getInfo().objective_function_value)

    @property
    def values(self) -> NDArray[np.float64]:
        """Values of all columns in the last solution."""
        return np.array(self._highs.getSolution().col_value)

    def _attempt(self) -> Outcome | None:
        """One run; None where it has shown nothing."""
        # HiGHS counts the time of all runs of a model together against its limit
        self._set("time_limit", self._highs.getRunTime() + self._longest_s)
        if self._highs.run() == highspy.HighsStatus.kError:
            return None
        status = self._highs.getModelStatus()
        if status == _Status.kOptimal:
            return Outcome.PROVED
        if status == _Status.kInfeasible:
            return Outcome.INFEASIBLE
        if self._highs.getInfo().primal_solution_status == _FEASIBLE and status in _OUT_OF_TIME:
            return Outcome.FOUND
        return None

    def _set(self, option: str, value: float | str) -> None:
        self._accepted(self._highs.setOptionValue(option, value), f"the option {option}")

    def _accepted(self, status: highspy.HighsStatus, what: str) -> None:
        if status == highspy.HighsStatus.kError:
            msg = said(
                "the solver HiGHS {version} refuses {what} of the electricity model of a depot; "
                "please report it with the study",
                version=self._highs.version(),
                what=AsWritten(what),
            )
            raise SolverError(msg)

    def _failure(self) -> str:
        status = self._highs.getModelStatus()
        if status in _OUT_OF_TIME:
            return said(
                "the solver HiGHS {version} found no solution within {seconds} s of the "
                "electricity model of a depot. This does not say whether the trucks can be "
                "charged: plan a shorter horizon or fewer trucks at a time, or use a faster "
                "machine",
                version=self._highs.version(),
                seconds=self._longest_s,
            )
        return said(
            "the solver HiGHS {version} stopped with “{status}” of the electricity model of a "
            "depot. This does not say whether the trucks can be charged: look for prices, powers "
            "or capacities that are many orders of magnitude apart; if there are none, please "
            "report it with the study",
            version=self._highs.version(),
            status=AsWritten(self._highs.modelStatusToString(status)),
        )

"""What the solver has shown, and that its failure is never taken for more."""

from __future__ import annotations

import subprocess
import sys

import highspy
import numpy as np
import pytest

from planner.depot.charging_requests import ChargingRequest
from planner.depot.highs_solver import HighsSolver, Outcome
from planner.depot.microgrid import Microgrid
from planner.depot.microgrid_site import MicrogridSite, Storage
from planner.errors import InputDataError, PlannerError, SolverError
from tests.unit.depot.microgrid_twin import random_site


def linear_model(cost, lower, upper, rows, row_lower, row_upper, *, integer=False):
    """A model of few columns, from dense rows."""
    matrix = np.atleast_2d(np.asarray(rows, dtype=float))
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_ = np.asarray(cost, dtype=float)
    model.col_lower_ = np.asarray(lower, dtype=float)
    model.col_upper_ = np.asarray(upper, dtype=float)
    model.row_lower_ = np.asarray(row_lower, dtype=float)
    model.row_upper_ = np.asarray(row_upper, dtype=float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(matrix.shape[1] + 1) * matrix.shape[0]
    model.a_matrix_.index_ = np.tile(np.arange(matrix.shape[0]), matrix.shape[1])
    model.a_matrix_.value_ = matrix.T.ravel()
    if integer:
        model.integrality_ = [highspy.HighsVarType.kInteger] * matrix.shape[1]
    return model


def hard_model(n=60, seed=3):
    """A market split: solutions of great cost are plain, a proof is out of reach."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 100, (6, n)).astype(float)
    half = np.floor(weights.sum(axis=1) / 2)
    rows = np.hstack([weights, np.eye(6), -np.eye(6)])
    model = linear_model(
        np.r_[np.zeros(n), np.ones(12)],
        np.zeros(n + 12),
        np.r_[np.ones(n), np.full(12, np.inf)],
        rows,
        half,
        half,
    )
    kinds = [highspy.HighsVarType.kInteger] * n + [highspy.HighsVarType.kContinuous] * 12
    model.integrality_ = kinds
    return model


def depot(n=16, **changes):
    values = {
        "load_kw": np.full(n, 10.0),
        "pv_kw": np.zeros(n),
        "import_price": np.full(n, 0.2),
        "export_price": np.full(n, 0.05),
        "demand": (),
        "storage": None,
        "n_chargers": 1,
        "charger_kw": 100.0,
        "charger_efficiency": 1.0,
        "truck_kw": np.array([100.0, 100.0]),
    }
    return MicrogridSite(**(values | changes))


def test_solved_model_is_told_from_one_that_cannot_be_met():
    solver = HighsSolver(linear_model([1.0], [0.0], [4.0], [[1.0]], [3.0], [9.0]))
    assert solver.solve() is Outcome.PROVED
    assert solver.objective == pytest.approx(3.0)
    solver.bound_row(0, 5.0, 9.0)
    assert solver.solve() is Outcome.INFEASIBLE
    solver.bound_columns(np.array([0]), np.zeros(1), np.array([6.0]))
    assert solver.solve() is Outcome.PROVED
    assert solver.values == pytest.approx([5.0])


@pytest.mark.parametrize("integer", [False, True])
def test_unbounded_model_is_a_failure_and_not_a_model_that_cannot_be_met(integer):
    model = linear_model(
        [-1.0, 0.0], [0.0, 0.0], [np.inf] * 2, [[1.0, -1.0]], [0.0], [0.0], integer=integer
    )
    with pytest.raises(SolverError, match="does not say whether the trucks can be charged"):
        HighsSolver(model).solve()


@pytest.mark.parametrize("integer", [False, True])
def test_model_that_cannot_be_met_is_told_from_an_unbounded_one(integer):
    rows = [[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0]]
    model = linear_model(
        [-1.0, 0.0, 0.0, 0.0],
        np.zeros(4),
        np.full(4, np.inf),
        rows,
        [0.0, 3.0, -np.inf],
        [0.0, np.inf, 2.0],
        integer=integer,
    )
    assert HighsSolver(model).solve() is Outcome.INFEASIBLE


def test_model_that_the_solver_refuses_is_a_failure():
    with pytest.raises(SolverError, match=r"HiGHS \d+\.\d+\.\d+ refuses the model"):
        HighsSolver(linear_model([1.0], [np.inf], [4.0], [[1.0]], [3.0], [9.0]))


def test_bounds_that_the_solver_refuses_are_a_failure():
    solver = HighsSolver(linear_model([1.0], [0.0], [4.0], [[1.0]], [3.0], [9.0]))
    with pytest.raises(SolverError, match="refuses bounds of columns"):
        solver.bound_columns(np.array([7]), np.zeros(1), np.ones(1))


def test_solution_without_a_proof_is_told_from_a_proved_one():
    assert HighsSolver(hard_model(), longest_s=0.3).solve() is Outcome.FOUND


def test_time_of_earlier_answers_does_not_count():
    solver = HighsSolver(hard_model(), longest_s=0.3)
    for _ in range(3):
        assert solver.solve() is Outcome.FOUND


def test_solver_that_runs_out_of_time_is_not_read_as_trucks_that_cannot_be_charged():
    site = random_site(np.random.default_rng(5), n_steps=96)
    microgrid = Microgrid(site, longest_s=0.0)
    request = [ChargingRequest(0, 0.0, 300.0, 50.0)]
    for ask in (microgrid.solve, microgrid.cost, lambda r: microgrid.solve_short(r, {})):
        with pytest.raises(SolverError, match="found no solution within 0 s"):
            ask(request)


def test_other_use_of_the_solver_on_the_thread_does_not_matter():
    microgrid = Microgrid(depot())
    request = [ChargingRequest(0, 0.0, 120.0, 50.0)]
    alone = microgrid.solve(request).cost
    for threads in (0, 2):
        other = highspy.Highs()
        other.setOptionValue("output_flag", False)
        highspy.Highs.resetGlobalScheduler(True)
        other.setOptionValue("threads", threads)
        other.addVar(1.0, 2.0)
        other.addRow(1.0, 2.0, 1, np.array([0], dtype=np.int32), np.ones(1))
        assert other.run() == highspy.HighsStatus.kOk
        assert Microgrid(depot()).solve(request).cost == alone
        assert microgrid.solve(request).cost == alone


def test_solver_says_nothing_of_its_own():
    script = (
        "import numpy as np\n"
        "from planner.depot.microgrid import Microgrid\n"
        "from planner.depot.microgrid_site import MicrogridSite\n"
        "n = 4\n"
        "site = MicrogridSite(np.ones(n), np.zeros(n), np.ones(n), np.zeros(n), (), None, 1, 9.0,"
        " 1.0, np.array([9.0]))\n"
        "Microgrid(site).solve([])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    assert (ran.stdout, ran.stderr) == ("", "")


def slow_storage():
    return Storage(100.0, 0.0, 0.0, 100.0, 90.0, 10.0, 10.0)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"storage": slow_storage()}, r"cannot end with 90 kWh.* holds 40 kWh after 4 h at most"),
        ({"max_import_kw": 5.0}, r"connection of 5 kW cannot supply the building itself"),
    ],
)
def test_no_message_speaks_of_an_infinite_connection(changes, says):
    with pytest.raises(InputDataError, match=says) as told:
        Microgrid(depot(**changes)).solve([])
    assert "inf" not in str(told.value)


def test_failure_of_the_solver_is_a_message_and_not_a_traceback():
    assert issubclass(SolverError, PlannerError)
    assert not issubclass(SolverError, InputDataError)

from __future__ import annotations

import numpy as np

from planner.optimization.grid_limits import hpc_carried_by_grid


def test_hpc_points_fit_beside_the_lpc_points_and_unknown_grids_limit_nothing():
    carried = hpc_carried_by_grid(
        np.array([5000.0, 5000.0, 800.0, 100.0, np.nan]),
        np.array([0, 12, 0, 5, 3]),
        hpc_kw=1000.0,
        lpc_kw=100.0,
    )
    assert carried.tolist() == [5, 3, 0, 0, np.iinfo(np.int32).max]
    assert carried.dtype == np.int32

from __future__ import annotations

import numpy as np

from planner.network.grid_limits import hpc_carried_by_grid


def test_hpc_points_fit_at_nameplate_power_and_unknown_grids_limit_nothing():
    carried = hpc_carried_by_grid(np.array([5000.0, 2999.0, 800.0, np.nan]), hpc_kw=1000.0)
    assert carried.tolist() == [5, 2, 0, np.iinfo(np.int32).max]
    assert carried.dtype == np.int32

"""Whether recharges fit on a depot's charging points when each charges at full power."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.depot.charging_requests import ChargingRequest

PER_MIN = 1000
"""Units of charging time per minute: flows are whole numbers."""


def can_share_chargers(
    requests: Sequence[ChargingRequest], n_chargers: int, charger_kw: float
) -> bool:
    """Whether trucks can take turns at the charging points so that all get their energy in time.

    Parameters
    ----------
    charger_kw : float
        Power of each, kW.

    Notes
    -----
    Turns may be interrupted, so it is a flow of charging time from the trucks to the stretches of
    the day between the begins and ends of all windows: a truck can take up to the length of a
    stretch, all together the length times the number of charging points (McNaughton 1959, Horn
    1974).
    """
    if not requests:
        return True
    if n_chargers < 1 or charger_kw <= 0.0:
        return False
    need = [request.energy_kwh / charger_kw * 60.0 for request in requests]
    fits = all(
        minutes <= request.end_min - request.start_min + 1e-6
        for minutes, request in zip(need, requests, strict=True)
    )
    if not fits or len(requests) <= n_chargers:
        return fits
    ends = sorted({t for request in requests for t in (request.start_min, request.end_min)})
    n, m = len(requests), len(ends) - 1
    capacity = np.zeros((n + m + 2, n + m + 2), dtype=np.int32)
    source, sink = n + m, n + m + 1
    for i, request in enumerate(requests):
        # Rounded down, and stretches up: what just fits does fit.
        capacity[source, i] = int(need[i] * PER_MIN)
        for j in range(m):
            if request.start_min <= ends[j] and ends[j + 1] <= request.end_min:
                capacity[i, n + j] = int(np.ceil((ends[j + 1] - ends[j]) * PER_MIN))
    for j in range(m):
        capacity[n + j, sink] = int(np.ceil((ends[j + 1] - ends[j]) * PER_MIN)) * n_chargers
    flow = maximum_flow(csr_array(capacity), source, sink)
    return bool(flow.flow_value == capacity[source].sum())

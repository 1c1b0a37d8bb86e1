"""What charging adds to the trips, as figures for ``run.json``."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from planner.simulation.reference_trips import ExtraTime, ReferenceTrips

LENGTH_CLASSES_KM = (0.0, 300.0, 400.0, 500.0, 600.0, 800.0, np.inf)
"""Classes of trips by the direct distance on the road graph, km."""

_QUANTILES = (0.5, 0.75, 0.95)


def charging_extra(reference: ReferenceTrips, extra: ExtraTime) -> dict[str, Any]:
    """Duration and distance that charging adds to the served trips.

    Parameters
    ----------
    reference : ReferenceTrips
        The trips without charging.
    extra : ExtraTime
        What charging adds, waiting included.

    Returns
    -------
    dict
        Means per trip and shares of the sum over all trips, with and without waiting;
        ``mean_extra_by_cause_min``; ``p50``, ``p75`` and ``p95_extra_min``;
        ``share_with_added_rest``; ``by_length``: the same means by ``LENGTH_CLASSES_KM``. Empty
        without served trips.
    """
    served = np.flatnonzero(np.isfinite(extra.total_h))
    if not len(served):
        return {}
    total_min = 60.0 * extra.total_h[served]
    causes = {
        field.name.removesuffix("_h"): 60.0 * float(getattr(extra, field.name)[served].mean())
        for field in fields(extra)
        if field.name.endswith("_h")
    }
    length_class = np.searchsorted(LENGTH_CLASSES_KM, reference.distance_km[served], "right")
    return {
        "mean_duration_h": float(reference.duration_h[served].mean()),
        **_means(reference, extra, served),
        **{
            f"p{round(100 * share)}_extra_min": float(np.quantile(total_min, share))
            for share in _QUANTILES
        },
        "mean_extra_by_cause_min": causes,
        "share_with_added_rest": float((extra.rests_h[served] > 0.0).mean()),
        "by_length": [
            {"from_km": LENGTH_CLASSES_KM[number - 1], "n_trips": int(is_in_class.sum())}
            | _means(reference, extra, served[is_in_class])
            for number in range(1, len(LENGTH_CLASSES_KM))
            if (is_in_class := length_class == number).any()
        ],
    }


def _means(
    reference: ReferenceTrips, extra: ExtraTime, chosen: NDArray[np.int64]
) -> dict[str, float]:
    """Mean extra of some trips, and its part of what the reference takes."""
    total_h, km = extra.total_h[chosen], extra.distance_km[chosen]
    driven_h = total_h - extra.waiting_h[chosen]
    duration_h, distance_km = reference.duration_h[chosen], reference.distance_km[chosen]
    return {
        "mean_extra_min": 60.0 * float(total_h.mean()),
        "mean_extra_duration_share": float(total_h.sum() / duration_h.sum()),
        "mean_extra_without_waiting_min": 60.0 * float(driven_h.mean()),
        "mean_extra_duration_without_waiting_share": float(driven_h.sum() / duration_h.sum()),
        "mean_extra_km": float(km.mean()),
        "mean_extra_distance_share": float(km.sum() / distance_km.sum()),
    }

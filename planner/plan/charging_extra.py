"""What charging adds to the trips, as figures for ``run.json`` and as a table."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.plan.schemas import EXTRA

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from planner.simulation.reference_trips import ExtraTime, ReferenceTrips

LENGTH_CLASSES_KM = (0.0, 300.0, 400.0, 500.0, 600.0, 800.0, np.inf)
"""Classes of trips by the direct distance on the road graph, km."""

_QUANTILES = (0.5, 0.75, 0.95)
_OF_SOLUTIONS = (
    "mean_trip_h",
    "mean_trip_km",
    "mean_extra_min",
    "mean_extra_duration_share",
    "mean_extra_km",
    "mean_extra_distance_share",
)


def charging_extra(reference: ReferenceTrips, extra: ExtraTime) -> dict[str, Any]:
    """Duration and distance that charging adds to the served trips.

    Parameters
    ----------
    extra : ExtraTime
        What charging adds, waiting included.

    Returns
    -------
    dict
        Means per trip and shares of the sum over all trips, with and without waiting;
        ``mean_extra_by_cause_min``; ``mean_extra_driving_share``, longer driving over the driving
        without charging; ``p50``, ``p75`` and ``p95_extra_min``;
        ``share_with_added_rest``; ``by_length``: the same means by ``LENGTH_CLASSES_KM``. Empty
        without served trips.
    """
    served = _served(extra)
    if not len(served):
        return {}
    total_min = 60.0 * extra.total_h[served]
    causes = {
        field.name.removesuffix("_h"): 60.0 * float(getattr(extra, field.name)[served].mean())
        for field in fields(extra)
        if field.name.endswith("_h")
    }
    return {
        **_means(reference, extra, served),
        **{
            f"p{round(100 * share)}_extra_min": float(np.quantile(total_min, share))
            for share in _QUANTILES
        },
        "mean_extra_by_cause_min": causes,
        "mean_extra_driving_share": float(
            extra.detour_h[served].sum() / reference.drive_h[served].sum()
        ),
        "share_with_added_rest": float((extra.rests_h[served] > 0.0).mean()),
        "by_length": [
            {"from_km": from_km, "n_trips": len(chosen)} | _means(reference, extra, chosen)
            for from_km, _, chosen in _length_classes(reference, served)
        ],
    }


def extra_of_solution(reference: ReferenceTrips, extra: ExtraTime) -> dict[str, float]:
    """Mean duration and distance of the served trips with the queues of a solution.

    Parameters
    ----------
    extra : ExtraTime
        What charging adds, waiting included.

    Returns
    -------
    dict
        ``mean_trip_h`` and ``mean_trip_km`` with charging, and what it adds, as in
        :func:`charging_extra`; NaN without served trips.
    """
    served = _served(extra)
    if not len(served):
        return dict.fromkeys(_OF_SOLUTIONS, float("nan"))
    means = _means(reference, extra, served)
    return {name: means[name] for name in _OF_SOLUTIONS}


def extra_table(
    reference: ReferenceTrips,
    extra: ExtraTime,
    region: NDArray[np.object_],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> pd.DataFrame:
    """What charging adds to all trips, by length and by region of origin.

    Parameters
    ----------
    extra : ExtraTime
        What charging adds, waiting included.
    region : (n_trips,) object
        Where each trip begins.
    lon, lat : (n_trips,) float64
        The place where it enters the road graph, degrees.

    Returns
    -------
    DataFrame
        ``EXTRA``: all trips first, then the classes of ``LENGTH_CLASSES_KM`` from short to long,
        then regions by name. No rows without served trips.
    """
    served = _served(extra)
    nowhere = {"from_km": np.nan, "to_km": np.nan, "lon": np.nan, "lat": np.nan}
    rows: list[dict[str, Any]] = []

    def add(grouping: str, group: str, chosen: NDArray[np.int64], **where: float) -> None:
        row = {"grouping": grouping, "group": group} | nowhere | where
        rows.append(row | {"n_trips": len(chosen)} | _means(reference, extra, chosen))

    if len(served):
        add("all", "all trips", served)
    for from_km, to_km, chosen in _length_classes(reference, served):
        is_last = np.isinf(to_km)
        label = f"from {from_km:g} km" if is_last else f"{from_km:g} to {to_km:g} km"
        add("length", label, chosen, from_km=from_km, to_km=np.nan if is_last else to_km)
    for name in sorted(set(region[served])):
        chosen = served[region[served] == name]
        add("origin", name, chosen, lon=float(lon[chosen].mean()), lat=float(lat[chosen].mean()))
    return pd.DataFrame(rows, columns=EXTRA.column_names)


def _served(extra: ExtraTime) -> NDArray[np.int64]:
    return np.flatnonzero(np.isfinite(extra.total_h))


def _length_classes(
    reference: ReferenceTrips, served: NDArray[np.int64]
) -> list[tuple[float, float, NDArray[np.int64]]]:
    """Bounds and trips of the classes that hold any."""
    number = np.searchsorted(LENGTH_CLASSES_KM, reference.distance_km[served], "right")
    return [
        (LENGTH_CLASSES_KM[each - 1], LENGTH_CLASSES_KM[each], served[number == each])
        for each in range(1, len(LENGTH_CLASSES_KM))
        if (number == each).any()
    ]


def _means(
    reference: ReferenceTrips, extra: ExtraTime, chosen: NDArray[np.int64]
) -> dict[str, float]:
    """Means of some trips without charging, with it, and of what it adds."""
    total_h, km = extra.total_h[chosen], extra.distance_km[chosen]
    driven_h = total_h - extra.waiting_h[chosen]
    duration_h, distance_km = reference.duration_h[chosen], reference.distance_km[chosen]
    return {
        "mean_reference_h": float(duration_h.mean()),
        "mean_reference_km": float(distance_km.mean()),
        "mean_trip_h": float((duration_h + total_h).mean()),
        "mean_trip_km": float((distance_km + km).mean()),
        "mean_extra_min": 60.0 * float(total_h.mean()),
        "mean_extra_duration_share": float(total_h.sum() / duration_h.sum()),
        "mean_extra_without_waiting_min": 60.0 * float(driven_h.mean()),
        "mean_extra_duration_without_waiting_share": float(driven_h.sum() / duration_h.sum()),
        "mean_extra_km": float(km.mean()),
        "mean_extra_distance_share": float(km.sum() / distance_km.sum()),
    }

"""Trips as a file states them: places on the globe, before they stand on the road graph."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

N_EXAMPLES = 5
"""Names of left-out trips that a notice shows."""


@dataclass(frozen=True, slots=True)
class TripRecords:
    """Trips of a file, in the order of the file.

    Parameters
    ----------
    record_idx : (n_records,) int64
        Position in the file: it numbers the trips, whatever else is left out.
    origin_lon, origin_lat, destination_lon, destination_lat : (n_records,) float64
        Ends, degrees, EPSG:4326.
    origin_node_idx, destination_node_idx : (n_records,) int32
        Node of the road graph where the file names one, else -1.
    departure_h : (n_records,) float64
        Departure, hours since Monday 00:00.
    is_loaded : (n_records,) int8
        1 with freight, 0 empty, -1 not said.
    initial_soc_share : (n_records,) float64
        State of charge at departure, share of the battery; NaN where not said.
    vehicle_class_idx : (n_records,) int16
        Index into the scenario's vehicle classes; -1 where not said.
    """

    record_idx: NDArray[np.int64]
    origin_lon: NDArray[np.float64]
    origin_lat: NDArray[np.float64]
    destination_lon: NDArray[np.float64]
    destination_lat: NDArray[np.float64]
    origin_node_idx: NDArray[np.int32]
    destination_node_idx: NDArray[np.int32]
    departure_h: NDArray[np.float64]
    is_loaded: NDArray[np.int8]
    initial_soc_share: NDArray[np.float64]
    vehicle_class_idx: NDArray[np.int16]

    @property
    def n_records(self) -> int:
        """Number of trips in the file."""
        return len(self.record_idx)

    def select(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> TripRecords:
        """Trips of a mask or of indices, in that order."""
        return TripRecords(**{name.name: getattr(self, name.name)[chosen] for name in fields(self)})


def left_out(where: str, count: int, what: str, examples: Iterable[object] = ()) -> str:
    """Sentence about what was left out of a file, with the first few names.

    Parameters
    ----------
    what : str
        What they are: ``"trips that begin and end at the same node"``.
    examples : iterable
        Names of some of them.
    """
    names = [str(name) for _, name in zip(range(N_EXAMPLES), examples, strict=False)]
    if not names:
        return said("{where}: left out: {what} ({n}).", where=where, what=what, n=count)
    listed = [*names, *(["..."] if count > len(names) else [])]
    template = "{where}: left out: {what} ({n}: {names})."
    return said(template, where=where, what=what, n=count, names=listed)

"""Single truck trips, the unit that the stop planner and the simulation work on."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Trips:
    """Truck trips, sorted by ``trip_id``.

    A trip that begins abroad enters at ``origin_node_idx`` (a border crossing) after having driven
    ``abroad_before_km``; one that ends abroad leaves at ``destination_node_idx`` with
    ``abroad_after_km`` still to drive.

    Parameters
    ----------
    trip_id : (n_trips,) int64
        Unique number, the same for a trip in every electrification level it belongs to; negative
        for trips of the days before the horizon, which fill roads and queues and are not counted.
    origin_node_idx, destination_node_idx : (n_trips,) int32
        Nodes of the road graph, different from each other.
    departure_h : (n_trips,) float64
        Departure at the true origin (abroad where the trip begins there), hours since Monday 00:00.
    abroad_before_km, abroad_after_km : (n_trips,) float64
        Distance driven before entering and after leaving the road graph, km, >= 0.
    is_loaded : (n_trips,) bool
        Whether the truck carries freight.
    initial_soc_share : (n_trips,) float64
        State of charge at the true origin, share of the battery, within [0, 1].
    vehicle_class_idx : (n_trips,) int16
        Index into the scenario's vehicle classes.
    electrification_rank : (n_trips,) float64
        Uniform in [0, 1): the trip is electric at every level above it, so levels are nested.
    """

    trip_id: NDArray[np.int64]
    origin_node_idx: NDArray[np.int32]
    destination_node_idx: NDArray[np.int32]
    departure_h: NDArray[np.float64]
    abroad_before_km: NDArray[np.float64]
    abroad_after_km: NDArray[np.float64]
    is_loaded: NDArray[np.bool_]
    initial_soc_share: NDArray[np.float64]
    vehicle_class_idx: NDArray[np.int16]
    electrification_rank: NDArray[np.float64]

    @property
    def n_trips(self) -> int:
        """Number of trips."""
        return len(self.trip_id)

    @property
    def is_counted(self) -> NDArray[np.bool_]:
        """Mask of the trips of the horizon's own days, (n_trips,)."""
        counted: NDArray[np.bool_] = self.trip_id >= 0
        return counted

    @classmethod
    def joined(cls, parts: Sequence[Trips]) -> Trips:
        """Trips of several parts, one after the other."""
        return cls(
            **{
                field.name: np.concatenate([getattr(part, field.name) for part in parts])
                for field in fields(cls)
            }
        )

    def from_border_to_border(self) -> Trips:
        """Return these trips with nothing driven abroad: they begin and end at the border."""
        none_km = np.zeros(self.n_trips)
        return replace(self, abroad_before_km=none_km, abroad_after_km=none_km)

    def as_warm_up(self, later_h: float) -> Trips:
        """Return these trips as ones of the days before the horizon.

        Parameters
        ----------
        later_h : float
            Added to the departures, hours; negative where days of the week's end come before its
            start.

        Returns
        -------
        Trips
            Under other numbers, below zero, and sorted by them.
        """
        columns = {field.name: getattr(self, field.name)[::-1] for field in fields(self)}
        columns["trip_id"] = -1 - columns["trip_id"]
        columns["departure_h"] = columns["departure_h"] + later_h
        return Trips(**columns)

    def select(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Trips:
        """Trips of a mask or of indices, in that order."""
        return Trips(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})

    def electrified(self, electrification_share: float) -> Trips:
        """Trips that are electric at a level, nested in every higher level.

        Parameters
        ----------
        electrification_share : float
            Share of the fleet that is battery-electric, within [0, 1].

        Returns
        -------
        Trips
            The trips with ``electrification_rank`` below the share.
        """
        return self.select(self.is_electric(electrification_share))

    def is_electric(self, electrification_share: float) -> NDArray[np.bool_]:
        """Mask of the trips that :meth:`electrified` gives, (n_trips,)."""
        electric: NDArray[np.bool_] = self.electrification_rank < electrification_share
        return electric

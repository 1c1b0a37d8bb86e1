"""State of charge with which trucks set out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.files.table_columns import named_columns, numbers, refuse_rows
from planner.files.table_files import read_table
from planner.runs.counter_draws import uniform_draws
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.scenario.demand_sources import InitialSoc

HISTOGRAM_COLUMNS = ("soc_from_share", "soc_to_share", "n_trips")
"""Columns of an arrival histogram: a run writes it, the next one draws from it."""


@dataclass(frozen=True, slots=True)
class SocHistogram:
    """Distribution of the state of charge of trucks that do not start full.

    Parameters
    ----------
    low_share, high_share : (n_bins,) float64
        Ends of each bin, share of the battery, 0 <= low < high <= 1; uniform within a bin.
    weight : (n_bins,) float64
        Trips in each bin, in parts of any whole, >= 0, not all 0.
    """

    low_share: NDArray[np.float64]
    high_share: NDArray[np.float64]
    weight: NDArray[np.float64]

    @classmethod
    def uniform(cls, min_share: float) -> SocHistogram:
        """Uniform distribution from a lowest state of charge to full."""
        return cls(np.array([min_share]), np.array([1.0]), np.array([1.0]))

    def at_quantile(self, quantile: NDArray[np.float64]) -> NDArray[np.float64]:
        """State of charge at quantiles within [0, 1), any shape, by linear interpolation."""
        share = np.cumsum(self.weight) / self.weight.sum()
        below = np.concatenate(([0.0], share[:-1]))
        chosen = np.searchsorted(share, quantile, side="right")
        within = (quantile - below[chosen]) / (share - below)[chosen]
        low, high = self.low_share[chosen], self.high_share[chosen]
        soc_share: NDArray[np.float64] = low + within * (high - low)
        return soc_share


def read_soc_histogram(path: Path) -> SocHistogram:
    """Read the arrival histogram of an earlier run.

    Parameters
    ----------
    path : pathlib.Path
        CSV with the columns soc_from_share, soc_to_share and n_trips.

    Raises
    ------
    InputDataError
        If a column is missing, a value is not a number or impossible, or all counts are 0.
    """
    where = f"{path} (expected arrival_soc.csv of an earlier run)"
    known = {name: (name,) for name in HISTOGRAM_COLUMNS}
    table = named_columns(read_table(path), known, where, required=HISTOGRAM_COLUMNS)
    low, high = (numbers(table, name, where, "share") for name in HISTOGRAM_COLUMNS[:2])
    weight = numbers(table, HISTOGRAM_COLUMNS[2], where, "trips")
    sound = (low >= 0.0) & (low < high) & (high <= 1.0) & (weight >= 0.0)
    expected = "0 <= soc_from_share < soc_to_share <= 1 and n_trips >= 0 must hold"
    refuse_rows(table, ~sound, where, expected)
    if not weight.sum() > 0.0:
        msg = said("{path}: expected trips in at least one bin; found none", path=str(path))
        raise InputDataError(msg)
    return SocHistogram(low, high, weight)


def draw_initial_soc(
    full_share: float, others: SocHistogram, n_trips: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Draw the state of charge at departure.

    Parameters
    ----------
    full_share : float
        Share of trips that start full, within [0, 1].
    others : SocHistogram
        Distribution of the other trips.
    generator : numpy.random.Generator
        Source of randomness; two numbers per trip whatever the shares are.

    Returns
    -------
    (n_trips,) float64
        State of charge, share of the battery.
    """
    starts_full = generator.random(n_trips) < full_share
    partial = others.at_quantile(generator.random(n_trips))
    return np.where(starts_full, 1.0, partial)


def partial_soc(settings: InitialSoc) -> SocHistogram:
    """Distribution of the state of charge of trucks that do not start full.

    Raises
    ------
    InputDataError
        If the arrival histogram of an earlier run is named and cannot be read.
    """
    if settings.arrival_histogram is None:
        return SocHistogram.uniform(settings.min_share)
    return read_soc_histogram(settings.arrival_histogram)


def arrival_soc(
    others: SocHistogram, trip_id: NDArray[np.int64], key: np.uint64
) -> NDArray[np.float64]:
    """State of charge with which trucks come to the depot that they leave on trips.

    Parameters
    ----------
    others : SocHistogram
        Distribution of arriving trucks.
    trip_id : (n,) int64
        Trips; each has the same draw in every study that contains it.
    key : numpy.uint64
        Key of the stage, from :meth:`planner.runs.random_streams.RandomStreams.key`.

    Returns
    -------
    (n,) float64
        Share of the battery.
    """
    return others.at_quantile(uniform_draws(key, trip_id, np.zeros_like(trip_id)))


def departing_with(
    trips: Trips, trip_idx: NDArray[np.int64], soc_share: NDArray[np.float64]
) -> Trips:
    """Trips of which some start with another state of charge.

    Parameters
    ----------
    trip_idx : (n,) int64
        Those that differ.
    soc_share : (n,) float64
        Their state of charge at the start, share of the battery.
    """
    initial = trips.initial_soc_share.copy()
    initial[trip_idx] = soc_share
    return replace(trips, initial_soc_share=initial)

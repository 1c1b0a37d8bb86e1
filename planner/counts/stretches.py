"""Stretches of road with counting stations, and which of them a calibration is judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.runs.counter_draws import uniform_draws
from planner.runs.random_streams import stable_hash

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.counts.stations import MatchedStations


def stretches(matched: MatchedStations) -> NDArray[np.int64]:
    """Stretch that each station counts, numbered from 0, (n_stations,).

    Stations between the same two nodes count the same stretch, some of them in other years.
    """
    opposite = matched.opposite_arc_idx
    arc = np.where(opposite >= 0, np.minimum(matched.arc_idx, opposite), matched.arc_idx)
    return np.unique(arc, return_inverse=True)[1].astype(np.int64)


def held_out(matched: MatchedStations, share: float, seed: int) -> NDArray[np.bool_]:
    """Stations that a calibration does not see, (n_stations,) bool.

    Whole stretches are drawn by the least key of their stations: what another station says of the
    same stretch would give away its count, and one more station elsewhere changes no draw.
    """
    stretch = stretches(matched)
    least = pd.Series(matched.stations["station_id"].astype(str)).groupby(stretch).min()
    hashes = np.array([stable_hash(key) for key in least], dtype=np.uint64).view(np.int64)
    drawn = uniform_draws(np.uint64(seed), hashes, np.zeros(len(hashes), np.int64))
    return np.asarray((drawn < share)[stretch])

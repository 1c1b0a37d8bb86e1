"""Uniform draws that depend on what they are for, not on how many were drawn before.

A copy of a sampled trip has the same departure, ends and rank in every study that contains it,
whatever level, days or block of trips it is drawn in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def uniform_draws(
    key: np.uint64, record_idx: NDArray[np.int64], copy_idx: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Draw one number for each copy of each record.

    Parameters
    ----------
    key : numpy.uint64
        Key of the stage, from :meth:`planner.runs.random_streams.RandomStreams.key`.
    record_idx, copy_idx : (n,) int64
        What the numbers are for, >= 0.

    Returns
    -------
    (n,) float64
        Uniform in [0, 1).

    Notes
    -----
    SplitMix64 (Steele, Lea and Flood 2014) over key, record and copy in turn.
    """
    mixed = _mixed(np.full(len(record_idx), key, dtype=np.uint64) + _STEP)
    mixed = _mixed(mixed ^ (record_idx.astype(np.uint64) * _STEP + _FIRST))
    mixed = _mixed(mixed ^ (copy_idx.astype(np.uint64) * _STEP + _SECOND))
    drawn: NDArray[np.float64] = (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return drawn


def _mixed(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    value = (value ^ (value >> np.uint64(30))) * _FIRST
    value = (value ^ (value >> np.uint64(27))) * _SECOND
    return value ^ (value >> np.uint64(31))

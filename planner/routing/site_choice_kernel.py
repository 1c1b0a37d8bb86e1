"""How a driver sees the sites: personal taste."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


@inner_kernel(**UNCOUNTED)
def mixed(value: np.uint64) -> np.uint64:
    """Scramble 64 bits: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014)."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@kernel
def gumbel_draw(key: np.uint64, trip_id: int, site_hash: np.uint64) -> float:
    """Standard Gumbel (maximum) draw of a trip at a site, the same whenever it is asked for."""
    bits = mixed(mixed(key ^ mixed(np.uint64(trip_id))) ^ site_hash)
    uniform = (np.float64(bits >> np.uint64(11)) + 0.5) / 9007199254740992.0
    return float(-np.log(-np.log(uniform)))


@inner_kernel
def fill_penalties(
    key: np.uint64,
    trip_id: int,
    site_hash: NDArray[np.uint64],
    site_idx: NDArray[np.int32],
    scale_h: float,
    penalty_h: NDArray[np.float64],
) -> None:
    """Perceived cost of a stop at each candidate site beyond its time, hours, >= 0.

    A driver who likes a site by ``g`` hours perceives its time less ``g``. All costs are shifted
    by the best-liked candidate, so that the choice of one site is the logit that the Gumbel draws
    make it, and no stop is made only because a site is liked.

    Parameters
    ----------
    site_hash : (n_sites,) uint64
    site_idx : (n_candidates,) int32
    penalty_h : (n_candidates,) float64
        Filled.
    """
    best = -np.inf
    for candidate in range(len(site_idx)):
        liking_h = 0.0
        if scale_h > 0.0:
            liking_h = scale_h * gumbel_draw(key, trip_id, site_hash[site_idx[candidate]])
        penalty_h[candidate] = liking_h
        best = max(best, liking_h)
    for candidate in range(len(site_idx)):
        penalty_h[candidate] = best - penalty_h[candidate]

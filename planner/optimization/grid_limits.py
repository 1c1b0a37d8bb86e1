"""How many high-power charging points a site's grid connection carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UNLIMITED = np.iinfo(np.int32).max


def hpc_carried_by_grid(
    grid_connection_kw: NDArray[np.float64],
    n_lpc: NDArray[np.integer],
    hpc_kw: float,
    lpc_kw: float,
) -> NDArray[np.int32]:
    """HPC points that fit into each grid connection beside the LPC points, at nameplate power.

    Parameters
    ----------
    grid_connection_kw : (n_sites,) float64
        Power the grid delivers, kW; NaN where unknown, which limits nothing.
    n_lpc : (n_sites,) integer
        LPC points at each site.
    hpc_kw, lpc_kw : float
        Nameplate power of a point, kW, > 0.

    Returns
    -------
    (n_sites,) int32
        Most HPC points, >= 0.
    """
    spare_kw = np.maximum(grid_connection_kw - lpc_kw * n_lpc, 0.0)
    n_hpc = np.where(np.isnan(spare_kw), _UNLIMITED, np.floor(spare_kw / hpc_kw))
    return np.minimum(n_hpc, _UNLIMITED).astype(np.int32)

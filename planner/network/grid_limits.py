"""How many high-power charging points a site's grid connection carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UNLIMITED = np.iinfo(np.int32).max


def hpc_carried_by_grid(
    grid_connection_kw: NDArray[np.float64], hpc_kw: float
) -> NDArray[np.int32]:
    """HPC points that a grid connection carries when all of them deliver their nameplate power.

    Overnight points are not counted: they need a third of their power over a night and are
    assumed to draw what the HPC points leave. Peak power without such control is reported by site.

    Parameters
    ----------
    grid_connection_kw : (n_sites,) float64
        Power the grid delivers, kW; NaN where unknown, which limits nothing.
    hpc_kw : float
        Nameplate power of an HPC point, kW, > 0.

    Returns
    -------
    (n_sites,) int32
        Most HPC points, >= 0.
    """
    n_hpc = np.where(np.isnan(grid_connection_kw), _UNLIMITED, grid_connection_kw // hpc_kw)
    return np.minimum(n_hpc, _UNLIMITED).astype(np.int32)

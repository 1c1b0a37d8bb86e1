"""High-power points of few sites with which the law is fulfilled as far as the sites allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.afir.places import PointPowers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.afir.tent_roads import TentRoads
    from planner.network.sites import Sites


def fewest_points(
    roads: TentRoads,
    sites: Sites,
    hpc_kw: float,
    importance: NDArray[np.float64],
    max_hpc: NDArray[np.int32] | None = None,
    share_of_length: float = 1.0,
) -> NDArray[np.int64]:
    """High-power points of few sites that cover as much as all sites together can.

    One site after the other is left out, the least important first, where what all cover stays
    covered: none of those that remain can be spared, though fewer others might do.

    Parameters
    ----------
    importance : (n_sites,) float64
        Which sites are rather chosen, the higher the rather.
    max_hpc : (n_sites,) int32, optional
        Most points of each site; what the grid connections carry at nameplate power in any case.
    share_of_length : float
        Part of the roads' length that is enough.

    Returns
    -------
    (n_sites,) int64
        Points of each site, 0 where it is not needed.
    """
    connection_kw = sites.grid_connection_kw
    most = np.where(np.isnan(connection_kw), np.inf, connection_kw // hpc_kw)
    if max_hpc is not None:
        most = np.minimum(most, max_hpc)
    in_one, in_all = roads.points_of_pools(hpc_kw)
    n_hpc = np.where(most >= in_all, in_all, np.where(most >= in_one, in_one, 0))

    def covered(points: NDArray[np.int64]) -> NDArray[np.bool_]:
        return roads.is_covered(roads.spacing_km(PointPowers(hpc_kw).together_kw(points), points))

    target, length_km = covered(n_hpc), roads.pieces.length_km
    enough_km = share_of_length * length_km.sum() if share_of_length < 1.0 else np.inf
    order = np.lexsort((np.arange(sites.n_sites), importance))
    for site in order[n_hpc[order] > 0].tolist():
        trial = n_hpc.copy()
        trial[site] = 0
        found = covered(trial)
        if found[target].all() or length_km[found].sum() >= enough_km:
            n_hpc = trial
    return n_hpc

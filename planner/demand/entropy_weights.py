"""Volumes that meet flows on roads as nearly as they can while they change the least.

Of all volumes x within bounds around given ones x0, those are taken that minimise

    sum x ln(x / x0) - x + x0  +  sum (flow - target)^2 / (2 tolerance^2 target)

over pairs and counted stretches, where the totals of groups of pairs are kept (information
minimisation: Van Zuylen and Willumsen 1980, with errors of the counts as in Maher 1983 and bounds).
The dual is smooth and concave, with one variable per stretch and group: x = x0 exp(A z), cut to the
bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_MAX_ITERATIONS = 150


def least_changed_volumes(
    volume: NDArray[np.float64],
    passes: csr_array,
    target: NDArray[np.float64],
    group: NDArray[np.int64],
    *,
    most_factor: float,
    tolerance: float,
) -> NDArray[np.float64]:
    """Volumes whose flows come near targets.

    Parameters
    ----------
    volume : (n_pairs,) float64
        Volumes to begin with, >= 0.
    passes : (n_pairs, n_stretches) sparse
        Share of each pair's trucks that pass each stretch.
    target : (n_stretches,) float64
        Trucks that should pass, > 0, in the unit of the volumes.
    group : (n_pairs,) int64
        Group of each pair, from 0; the total of each group stays as it is.
    most_factor : float
        Each volume stays within this factor of where it began, > 1.
    tolerance : float
        Weight of the counts: deviation of a flow is ``tolerance * sqrt(target)``.

    Returns
    -------
    (n_pairs,) float64
    """
    from scipy.optimize import minimize  # noqa: PLC0415  # slow to import, and few studies ask

    n_stretches, widest = len(target), np.log(most_factor)
    total = np.bincount(group, volume)
    scale = max(float(volume.sum()), np.finfo(np.float64).tiny)

    def exponents(z: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(passes @ z[:n_stretches] + z[n_stretches:][group])

    def negative_dual(z: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        exponent = exponents(z)
        inside = np.clip(exponent, -widest, widest)
        weighed = volume * np.exp(inside)
        # Beyond the bounds the conjugate goes on as a straight line.
        value = (weighed * (1.0 + exponent - inside)).sum()
        of_stretch, of_group = z[:n_stretches], z[n_stretches:]
        slack = tolerance**2 * target * of_stretch
        value += (0.5 * slack - target) @ of_stretch - total @ of_group
        slope = np.concatenate(
            [
                passes.T @ weighed - target + slack,
                np.bincount(group, weighed, minlength=len(total)) - total,
            ]
        )
        return value / scale, slope / scale

    start = np.zeros(n_stretches + len(total))
    options = {"maxiter": _MAX_ITERATIONS, "maxcor": 20, "ftol": 1e-9}
    found = minimize(negative_dual, start, jac=True, method="L-BFGS-B", options=options)
    weighed = volume * np.exp(np.clip(exponents(found.x), -widest, widest))
    now = np.bincount(group, weighed)
    kept = np.divide(total, now, out=np.ones_like(total), where=now > 0.0)
    return np.asarray(weighed * kept[group])

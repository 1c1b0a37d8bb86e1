"""What charging at each of its sites would cost a truck, and what it would cost elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.runs.kernel_decorators import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


@kernel(nogil=True)
def fill_outside_costs(
    first_stop: int,
    last_stop: int,
    offset: NDArray[np.int64],
    site_idx: NDArray[np.int64],
    slot_idx: NDArray[np.int64],
    energy_kwh: NDArray[np.float64],
    access_eur: NDArray[np.float64],
    price_eur_kwh: NDArray[np.float64],
    wait_eur: NDArray[np.float64],
    outside_eur: NDArray[np.float64],
) -> None:
    """Fill the price of its energy at which each truck would rather charge at another site.

    Parameters
    ----------
    first_stop, last_stop : int
        Fills stops from the first up to but not including the last.
    offset : (n_stops + 1,) int64
        Where the alternatives of each stop begin.
    site_idx, slot_idx : (n_alternatives,) int64
        Site, and price slot of the arrival there.
    energy_kwh, access_eur : (n_alternatives,) float64
        Energy charged there, and what getting there costs beyond the planned way, euro.
    price_eur_kwh, wait_eur : (n_sites, n_slots) float64
        Price expected at each site, infinite where nobody offers, and cost of the expected wait.
    outside_eur : (n_alternatives,) float64
        Filled: what charging here, without the wait that is expected, may cost before the best of
        the other sites costs less, euro; infinite without another.
    """
    for stop in range(first_stop, last_stop):
        first, last = offset[stop], offset[stop + 1]
        best_eur, second_eur, best = np.inf, np.inf, -1
        for at in range(first, last):
            cost_eur = (
                energy_kwh[at] * price_eur_kwh[site_idx[at], slot_idx[at]]
                + wait_eur[site_idx[at], slot_idx[at]]
                + access_eur[at]
            )
            if cost_eur < best_eur:
                second_eur = best_eur
                best_eur = cost_eur
                best = at
            elif cost_eur < second_eur:
                second_eur = cost_eur
        for at in range(first, last):
            elsewhere_eur = second_eur if at == best else best_eur
            here_eur = wait_eur[site_idx[at], slot_idx[at]] + access_eur[at]
            outside_eur[at] = elsewhere_eur - here_eur

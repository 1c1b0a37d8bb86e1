"""Energy that a session has drawn by a moment: the one rule for figures, queues and peaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from numba import njit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Draws(NamedTuple):
    """Power of sessions over time: stretches of constant power, one after the other from plug-in.

    Parameters
    ----------
    offset : (n_sessions + 1,) int64
        Where the stretches of each session begin.
    until_h : (n_stretches,) float64
        End of each stretch, hours since plug-in, ascending in a session.
    until_kwh : (n_stretches,) float64
        Energy drawn by then, kWh; at a session's last stretch all of it.
    """

    offset: NDArray[np.int64]
    until_h: NDArray[np.float64]
    until_kwh: NDArray[np.float64]


@njit(cache=True)
def drawn_by(draws: Draws, session: int, at_h: float) -> float:
    """Energy that a session has drawn by so many hours after plug-in, kWh; none before it."""
    begun_h, begun_kwh = 0.0, 0.0
    if at_h <= 0.0:
        return 0.0
    for stretch in range(draws.offset[session], draws.offset[session + 1]):
        ends_h, ends_kwh = draws.until_h[stretch], draws.until_kwh[stretch]
        if at_h < ends_h:
            share = (at_h - begun_h) / (ends_h - begun_h)
            return float(begun_kwh + (ends_kwh - begun_kwh) * share)
        begun_h, begun_kwh = ends_h, ends_kwh
    return begun_kwh


@njit(cache=True)
def fill_drawn(
    draws: Draws,
    session: NDArray[np.int64],
    from_h: NDArray[np.float64],
    to_h: NDArray[np.float64],
    drawn_kwh: NDArray[np.float64],
) -> None:
    """Fill the energy that sessions draw between two moments after plug-in, kWh, (n,)."""
    for row in range(len(session)):
        at = session[row]
        drawn_kwh[row] = drawn_by(draws, at, to_h[row]) - drawn_by(draws, at, from_h[row])

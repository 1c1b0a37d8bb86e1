"""What drivers expect to lose at each site, by the time at which they come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.routing.site_choice_kernel import HPC_WAIT, LPC_FULL, LPC_WAIT, WAIT_BIN_H

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ExpectedDelays:
    """Expected delay at each site by quarter hour of arrival since Monday 00:00.

    Each (n_sites, n_bins) float64; linear between the middles of the bins, constant beyond them.

    Parameters
    ----------
    hpc_wait_h
        Waiting for high power, hours, >= 0.
    lpc_wait_h
        Waiting at an overnight stop, hours, >= 0: for an overnight point, or for high power after
        the rest where all overnight points may be taken.
    lpc_full_share
        Probability that a truck finds no overnight point, rests unplugged and charges at high
        power afterwards: so much of the time that its energy and plugging take there is expected
        on top.
    """

    hpc_wait_h: NDArray[np.float64]
    lpc_wait_h: NDArray[np.float64]
    lpc_full_share: NDArray[np.float64]

    def check(self, n_sites: int) -> None:
        """Refuse what does not fit the sites.

        Raises
        ------
        InputDataError
            If a table has another shape, a negative wait, or a share beyond [0, 1].
        """
        shape = (n_sites, self.hpc_wait_h.shape[-1])
        for name, values, most in (
            ("hpc_wait_h", self.hpc_wait_h, np.inf),
            ("lpc_wait_h", self.lpc_wait_h, np.inf),
            ("lpc_full_share", self.lpc_full_share, 1.0),
        ):
            is_right = values.shape == shape and np.all((values >= 0.0) & (values <= most))
            if not is_right:
                message = (
                    f"expected delays: {name} must have a row of {shape[1]} values from 0 to "
                    f"{most:g} for each of {n_sites} sites, found shape {values.shape} with values "
                    f"from {values.min(initial=np.inf):g} to {values.max(initial=-np.inf):g}; "
                    "take them from a run on the same sites"
                )
                raise InputDataError(message)

    def never_overtaking(self, longest_charge_h: float) -> NDArray[np.float64]:
        """Delays raised so that who arrives later never leaves earlier with the same energy.

        Waits fall at most as fast as time passes. Where overnight points become free, the time
        on high power that is spared then is put on the wait and fades at that rate.

        Parameters
        ----------
        longest_charge_h : float
            Longest time on high power, plugging included, after an overnight stop without a point.

        Returns
        -------
        (3, n_sites, n_bins) float64
            Rows ``HPC_WAIT``, ``LPC_WAIT`` and ``LPC_FULL`` of the kernels.
        """
        delay = np.array([self.hpc_wait_h, self.lpc_wait_h, self.lpc_full_share], np.float64)
        spared_h = longest_charge_h * (-np.diff(delay[LPC_FULL], axis=1)).clip(min=0.0)
        for bin_idx in range(1, delay.shape[2]):
            now, before = delay[:, :, bin_idx], delay[:, :, bin_idx - 1] - WAIT_BIN_H
            np.maximum(now[HPC_WAIT], before[HPC_WAIT], out=now[HPC_WAIT])
            least_h = before[LPC_WAIT] + spared_h[:, bin_idx - 1]
            np.maximum(now[LPC_WAIT], least_h, out=now[LPC_WAIT])
        return delay


def no_delays(n_sites: int) -> NDArray[np.float64]:
    """Delays of the kernels where nobody expects any, (3, n_sites, 0)."""
    return np.empty((3, n_sites, 0))

"""What trucks find at charging points, and how their drivers choose among sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ChargingPower:
    """Power of the charging points and the time that plugging takes.

    Parameters
    ----------
    hpc_kw, lpc_kw : float
        Power of a high-power and a low-power charging point, kW, > 0.
    plug_overhead_h : float
        Plugging and paying at an intermediate stop, hours, >= 0; 5 min by default.
    hpc_to_share : float
        Share of the battery at which drivers end charging at a high-power point, > 0.
    """

    hpc_kw: float
    lpc_kw: float
    plug_overhead_h: float = 5 / 60
    hpc_to_share: float = 1.0


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """How drivers who plan exactly choose among sites.

    Parameters
    ----------
    corridor_detour_km : tuple of float
        Longest detour through a site, km, ascending; a wider one is used only by trips that
        cannot be driven within the narrower.
    taste_scale_h : float
        Scale of the Gumbel draw per trip and site, hours, >= 0; 0 lets time alone decide. The
        draws are perceived costs, shifted to be >= 0, and never enter clock times.
    border_reserve_km : float
        Longest distance abroad for which a leaving truck must bring its own energy, km, >= 0.
    """

    corridor_detour_km: tuple[float, ...] = (10.0, 30.0, 100.0)
    taste_scale_h: float = 5 / 60
    border_reserve_km: float = 60.0

    @property
    def tried_detour_km(self) -> NDArray[np.float64]:
        """Widths of the corridors in the order they are tried, (n_widths,), km; the last is inf."""
        return np.append(np.asarray(self.corridor_detour_km, dtype=np.float64), np.inf)

"""Where activities lie that name a link of the MATSim network instead of x and y."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyproj import Transformer

from planner.demand.matsim_trips import ACTIVITY_TAGS
from planner.files.coordinates import reference_system
from planner.network.matsim import read_link_middles

if TYPE_CHECKING:
    from pathlib import Path

    from planner.network.matsim import LinkMiddles


class LinkPlaces:
    """Gives activities with a link alone the middle of that link, as MATSim does.

    Parameters
    ----------
    network : pathlib.Path or None
        The network of the links, read when the first such activity comes.
    """

    def __init__(self, network: Path | None) -> None:
        self.network = network
        self._middles: LinkMiddles | None = None
        self._onward: Transformer | None = None
        self.n_placed = 0

    @property
    def crs(self) -> str | None:
        """System that the network names, as far as it has been read."""
        return None if self._middles is None else self._middles.crs

    def place(self, plan: Any, crs: str | None) -> None:
        """Set x and y of the activities of a plan that have a link alone.

        Parameters
        ----------
        plan : lxml element
            A plan of a person; changed in place.
        crs : str or None
            System of the other coordinates of the plans; that of the network where it is not known.
        """
        if self.network is None:
            return
        for element in plan:
            link = element.get("link")
            is_open = element.get("x") is None or element.get("y") is None
            if not (element.tag in ACTIVITY_TAGS and link is not None and is_open):
                continue
            if self._middles is None:
                self._middles = read_link_middles(self.network)
                self._onward = self._transformer(self._middles.crs, crs)
            found = self._middles.of(link)
            if found is not None:
                x, y = found if self._onward is None else self._onward.transform(*found)
                element.set("x", repr(float(x)))
                element.set("y", repr(float(y)))
                self.n_placed += 1

    def _transformer(self, network_crs: str | None, crs: str | None) -> Transformer | None:
        """From the network's system to that of the plans; None where they are the same."""
        if network_crs is None or crs is None:
            return None
        of_network = reference_system(network_crs, str(self.network))
        of_plans = reference_system(crs, "demand.crs")
        if of_network == of_plans:
            return None
        return Transformer.from_crs(of_network, of_plans, always_xy=True)

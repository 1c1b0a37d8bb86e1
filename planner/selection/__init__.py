"""Which sites a network needs first: closed one by one, the trucks planned anew each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.selection.closing import SiteOrder, order_sites
    from planner.selection.network_sizes import NetworkSize, network_size

__all__ = ["NetworkSize", "SiteOrder", "network_size", "order_sites"]

__getattr__ = door(
    __name__,
    {
        "NetworkSize": "planner.selection.network_sizes",
        "SiteOrder": "planner.selection.closing",
        "network_size": "planner.selection.network_sizes",
        "order_sites": "planner.selection.closing",
    },
)

"""Which sites a network needs first: closed one by one and exchanged, the trucks planned anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.selection.chosen import ChosenSites, choose_sites, fewest_sites
    from planner.selection.closing import Question
    from planner.selection.network_sizes import NetworkSize, network_size
    from planner.selection.site_order import SiteOrder, order_sites

__all__ = [
    "ChosenSites",
    "NetworkSize",
    "Question",
    "SiteOrder",
    "choose_sites",
    "fewest_sites",
    "network_size",
    "order_sites",
]

__getattr__ = door(
    __name__,
    {
        "ChosenSites": "planner.selection.chosen",
        "NetworkSize": "planner.selection.network_sizes",
        "Question": "planner.selection.closing",
        "SiteOrder": "planner.selection.site_order",
        "choose_sites": "planner.selection.chosen",
        "fewest_sites": "planner.selection.chosen",
        "network_size": "planner.selection.network_sizes",
        "order_sites": "planner.selection.site_order",
    },
)

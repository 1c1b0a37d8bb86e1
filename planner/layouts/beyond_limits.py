"""Sites of a layout with more points than they can have, or fewer than they have already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.plan.study_inputs import site_limits
from planner.scenario.site_sources import shared_part

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.sites import Sites
    from planner.optimization.site_limits import PlugLimits
    from planner.scenario.model import Scenario
    from planner.simulation.class_queues import ClassLayout


def beyond_limits(scenario: Scenario, sites: Sites, layout: ClassLayout) -> NDArray[np.bool_]:
    """Sites with more points than power or space allow, or fewer than stand there, (n_sites,).

    Points that stand are of the faster class.
    """
    limits = site_limits(scenario, sites)
    is_beyond = (layout.n_lpc > limits.max_lpc) | (layout.n_lpc < limits.existing_lpc)
    is_beyond |= layout.n_fast < limits.existing_hpc
    if layout.n_slow.any():
        return np.asarray(is_beyond | _too_many_of_classes(scenario, sites, layout, limits))
    return np.asarray(is_beyond | (layout.n_hpc > limits.max_hpc))


def powers_kw(scenario: Scenario) -> tuple[float, float]:
    """Power that a point of the faster and of the slower class is sure of, kW.

    The same twice where the study names no classes.
    """
    chargers = scenario.chargers
    kw = sorted(each.power_kw for each in chargers.classes.values()) or [chargers.hpc_kw]
    part = shared_part(scenario.sites)
    return part * kw[-1], part * kw[0]


def sure_kw(scenario: Scenario, layout: ClassLayout) -> NDArray[np.float64]:
    """Power that all high-power points of each site are sure of together, kW, (n_sites,)."""
    fast_kw, slow_kw = powers_kw(scenario)
    return np.asarray(layout.n_fast * fast_kw + layout.n_slow * slow_kw)


def _too_many_of_classes(
    scenario: Scenario, sites: Sites, layout: ClassLayout, limits: PlugLimits
) -> NDArray[np.bool_]:
    """More points than there is space for, or of more power than the connection has."""
    of_sites = scenario.sites
    by_space = of_sites.model_copy(update={"within_grid_connection": False})
    room = site_limits(scenario.model_copy(update={"sites": by_space}), sites)
    too_many = layout.n_hpc > room.max_hpc
    if not of_sites.within_grid_connection:
        return np.asarray(too_many)
    # What stands already may be more than the connection carries; a connection of NaN limits none.
    is_more = layout.n_hpc > limits.existing_hpc
    return np.asarray(too_many | (is_more & (sure_kw(scenario, layout) > sites.grid_connection_kw)))

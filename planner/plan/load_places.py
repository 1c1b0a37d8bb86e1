"""Places whose load is told: sites, or groups of sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from planner.errors import InputDataError
from planner.grid.needs import UNKNOWN
from planner.plan.groups import reading_order, site_labels
from planner.plan.site_regions import site_regions
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from planner.network.sites import Sites
    from planner.scenario.model import Scenario

By = Literal["site", "region", "road", "grid_operator_mv", "grid_operator_hv", "all"]


@dataclass(frozen=True, slots=True)
class Places:
    """Sites, or groups of sites.

    Parameters
    ----------
    key, name : sequence of str
        Key and name of each.
    of_site : (n_sites,) int64
        Place of each site.
    lon, lat : (n_places,) float64
        Mean position of its sites, degrees, EPSG:4326.
    """

    key: Sequence[str]
    name: Sequence[str]
    of_site: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    def __len__(self) -> int:
        """Number of places."""
        return len(self.key)

    def sums(self, of_sites: NDArray[np.int64]) -> NDArray[np.int64]:
        """Sums over the sites of each place, (n_places,)."""
        return np.bincount(self.of_site, of_sites, minlength=len(self)).astype(np.int64)


def places_of(scenario: Scenario, sites: Sites, by: By) -> Places:
    """Places of a study.

    Raises
    ------
    InputDataError
        If nothing is known of the sites that they could be told by.
    """
    if by == "site":
        return _places(sites.site_id, sites.name, np.arange(sites.n_sites), sites)
    labels = site_labels(sites, site_regions(scenario, sites) if by == "region" else None)
    if by not in labels or not any(labels[by]):
        remedy = (
            "name polygons with --regions PATH --name-column NAME"
            if by == "region"
            else "use --by site, or --regions PATH --name-column NAME"
        )
        msg = said(
            "--by {by}: expected sites of which that is known; found none in this run; {remedy}",
            by=by,
            remedy=remedy,
        )
        raise InputDataError(msg)
    named = [str(label) or UNKNOWN for label in labels[by]]
    groups = sorted(set(named), key=reading_order)
    of_site = pd.Index(groups).get_indexer(pd.Index(named)).astype(np.int64)
    return _places(groups, groups, of_site, sites)


def _places(
    key: Iterable[str], name: Iterable[str], of_site: NDArray[np.int64], sites: Sites
) -> Places:
    keys = [str(each) for each in key]
    n_sites = np.bincount(of_site, minlength=len(keys))
    lon, lat = (
        np.bincount(of_site, each, minlength=len(keys)) / n_sites for each in (sites.lon, sites.lat)
    )
    return Places(keys, [str(each) for each in name], of_site, lon, lat)

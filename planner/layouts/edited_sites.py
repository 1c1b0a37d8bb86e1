"""Sites that a changed plan has beside those of its run, and grid connections that are others."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd

from planner.demand.scenario_sites import with_changes
from planner.files.spreadsheet_texts import write_csv_file

if TYPE_CHECKING:
    from planner.network.sites import Sites
    from planner.plan.solution_on_roads import SolutionOnRoads


@dataclass(frozen=True, slots=True)
class AddedSite:
    """A site that is added to those of a run.

    Parameters
    ----------
    site_id, name, road : str
        As in :class:`~planner.network.sites.Sites`.
    lon, lat : float
        Position, degrees, EPSG:4326.
    """

    site_id: str
    name: str
    road: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class EditedSites:
    """What is otherwise at the sites of a run.

    Parameters
    ----------
    added : tuple of AddedSite
        In the order in which they follow those of the run.
    connections_kw : tuple of (str, float)
        Keys of sites, also of added ones, and their new grid connections, kW.
    """

    added: tuple[AddedSite, ...] = ()
    connections_kw: tuple[tuple[str, float], ...] = ()

    @property
    def are_others(self) -> bool:
        """Whether anything is otherwise."""
        return bool(self.added or self.connections_kw)

    def table(self) -> pd.DataFrame:
        """As ``sites.changes`` of a study and ``planner evaluate --sites`` read it."""
        connections = dict(self.connections_kw)
        rows: list[tuple[object, ...]] = [
            (*astuple(each), connections.pop(each.site_id, None)) for each in self.added
        ]
        rows += [(site_id, None, None, None, None, kw) for site_id, kw in connections.items()]
        names = ["site_id", "name", "road", "lon", "lat", "grid_connection_kw"]
        return pd.DataFrame(rows, columns=names)

    def at(self, run: SolutionOnRoads) -> Sites:
        """The sites of a run with these changes, read as a table of them is.

        Raises
        ------
        InputDataError
            If an added site lies near no road, or a connection is none.
        """
        if not self.are_others:
            return run.sites
        with TemporaryDirectory() as folder:
            path = Path(folder) / "sites.csv"
            write_csv_file(self.table(), path)
            sites, _ = with_changes(run.scenario, run.sites, run.graph, path)
        return sites

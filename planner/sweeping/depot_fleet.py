"""Many depots at a time, on the cores of this machine or on a dask cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from distributed import as_completed

from planner.errors import PlannerError, SweepError
from planner.runs.cluster import workforce
from planner.runs.manifests import read_manifest
from planner.runs.perform import perform
from planner.said import AsWritten, joined, said, with_points
from planner.studies.depot_study import DEPOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from planner.scenario.depot_model import DepotScenario


def run_depot_studies(
    scenarios: Mapping[str, DepotScenario],
    out: Path,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    advance: Callable[[int, int], None] | None = None,
) -> dict[str, dict[str, Any]]:
    """Plan many depots, each in a folder of its own; complete ones are not planned again.

    Parameters
    ----------
    scenarios : mapping of str to DepotScenario
        Studies by the name of their folder.
    out : pathlib.Path
        Folder of the folders; a cluster has to share it.
    workers : int, optional
        Depots at the same time here; one per core by default.
    cluster : str, optional
        Address of a dask scheduler to use instead.
    advance : callable, optional
        Told how many of how many depots are done.

    Returns
    -------
    dict of str to dict
        ``summary`` of each run, in the order of ``scenarios``.

    Raises
    ------
    SweepError
        If some depots cannot be planned, with the reasons; the others are kept.
    ClusterError
        If no scheduler answers at the address.
    """
    found: dict[str, dict[str, Any]] = {}
    faults: dict[str, str] = {}
    with workforce(max(1, len(scenarios)), workers, cluster, __name__) as force:
        futures = {
            force.client.submit(_planned, scenario, out.absolute() / name, pure=False): name
            for name, scenario in scenarios.items()
        }
        loop = force.client.loop
        for done, future in enumerate(as_completed(futures, loop=loop), start=1):
            name = futures[future]
            try:
                found[name] = future.result()
            except PlannerError as error:
                faults[name] = error.args[0]
            if advance is not None:
                advance(done, len(scenarios))
    if faults:
        head = said("{n} of {of} depots cannot be planned:", n=len(faults), of=len(scenarios))
        points = [joined((AsWritten(name), text), ": ") for name, text in sorted(faults.items())]
        msg = with_points(head, points)
        raise SweepError(msg)
    return {name: found[name] for name in scenarios}


def _planned(scenario: DepotScenario, folder: Path) -> dict[str, Any]:
    summary: dict[str, Any] = read_manifest(perform(DEPOT, scenario, out=folder, resume=True))[
        "summary"
    ]
    return summary

"""Work on the order of a run's sites: where it stands, what it has found, and how it goes on."""

from __future__ import annotations

import hashlib
import json
from contextlib import ExitStack, contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

from planner.errors import CannotWriteError, PlannerError
from planner.runs.disk_faults import told_of
from planner.runs.durable_files import remove_tree, replacing
from planner.runs.folder_lock import locked
from planner.runs.manifests import read_manifest, work_beside
from planner.runs.noted_progress import NotedProgress
from planner.runs.own_files import read_json_object
from planner.runs.sources import program_key
from planner.selection.kept_plans import KeptPlans

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.network.sites import Sites
    from planner.runs.progress import ProgressListener

REMEDY = "name another folder with --out"
_PLANS, _SO_FAR = "plans.bin", "so-far.json"
_EVERY_S = 0.5
N_STAGES = 7
"""Stages of :func:`~planner.layouts.site_ranking.rank_sites`."""


class RankWork:
    """A folder beside that of the result, for as long as it is not done.

    Parameters
    ----------
    folder : pathlib.Path
        The folder, which is there.
    progress : ProgressListener
        Who is told how far the work is; it is noted in the folder as well.
    """

    def __init__(self, folder: Path, progress: ProgressListener) -> None:
        self._folder = folder
        self.progress = NotedProgress(progress, folder, N_STAGES)
        self._noted = -_EVERY_S

    def plans(self, run_dir: Path, settings: str) -> KeptPlans:
        """Plans of an earlier try at the same question, to be gone on with.

        Parameters
        ----------
        settings : str
            What was asked, and of which study.
        """
        inputs = read_manifest(run_dir)["provenance"]["inputs_sha256"]
        depends_on = f"{program_key(__name__)} {sorted(inputs.items())} {settings}"
        return KeptPlans(self._folder / _PLANS, hashlib.sha256(depends_on.encode()).hexdigest())

    def note(self, sites: Sites, first: int, is_open: NDArray[Any]) -> None:
        """Keep the set as it stands for whoever looks; not more often than an eye can follow."""
        if (now := monotonic()) - self._noted < _EVERY_S:
            return
        self._noted = now
        rows = zip(
            sites.site_id.tolist(),
            sites.name.tolist(),
            sites.lon.round(4).tolist(),
            sites.lat.round(4).tolist(),
            is_open.tolist(),
            strict=True,
        )
        keys = ("site_id", "name", "lon", "lat", "is_open")
        found = {"first": first, "sites": [dict(zip(keys, row, strict=True)) for row in rows]}
        with suppress(OSError), replacing(self._folder / _SO_FAR) as new:
            new.write_text(json.dumps(found), encoding="utf-8")


@contextmanager
def rank_work(folder: Path, progress: ProgressListener) -> Iterator[RankWork]:
    """Keep a result's folder to this process; what is stopped stays beside it, to be gone on with.

    Raises
    ------
    RunDirectoryError
        If another process is at work there, or the place cannot be written.
    """
    place = folder.resolve()
    work = work_beside(place)
    with ExitStack() as held:
        # What goes wrong between is told by who reads and writes there.
        with told_of(folder, REMEDY):
            held.enter_context(locked(place))
            work.mkdir(parents=True, exist_ok=True)
        try:
            yield RankWork(work, progress)
        except CannotWriteError:  # with more room, or elsewhere, it can be gone on with
            raise
        except PlannerError:  # it would come again: there is nothing to go on with
            remove_tree(work)
            raise
        with told_of(folder, REMEDY):
            remove_tree(work)


def found_so_far(folder: Path) -> dict[str, Any] | None:
    """What work on the order of sites has found by now; None where there is none.

    Returns
    -------
    dict or None
        ``first``, the number asked for, and ``sites``: site_id, name, lon, lat, is_open of each.
    """
    return read_json_object(work_beside(folder) / _SO_FAR)

"""The one order of a study of any kind, from what it asks to a complete folder.

Inputs are read before the folder is touched; what is computed is kept in the work folder stage by
stage; tables, page, manifest and what is made of them are written there and take their place at the
end, all at once.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from planner.runs.kernel_threads import kernel_threads
from planner.runs.manifests import MANIFEST, write_manifest
from planner.runs.noted_progress import NotedProgress
from planner.runs.progress import Quiet, TimedStages
from planner.runs.provenance import Settings, collect_provenance, run_fingerprint
from planner.runs.run_directory import RunDirectory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from planner.runs.progress import ProgressListener


class Asked(Settings, Protocol):
    """What every validated study says of itself."""

    @property
    def name(self) -> str:
        """Name of the study, and of its folder by default."""
        ...

    @property
    def seed(self) -> int:
        """Seed of all randomness."""
        ...


AskedT = TypeVar("AskedT", bound=Asked)
InputsT = TypeVar("InputsT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Study(Generic[AskedT, InputsT, ResultT]):
    """A kind of study: the steps that are its own.

    Parameters
    ----------
    kind : str
        ``kind`` in the manifest of its results.
    files : callable
        Files and folders that the result of a study depends on, by what they are.
    read : callable
        Reads them. A fault there leaves no folder behind.
    compute : callable
        From the inputs to the result; finished stages are kept in ``cache`` of the folder.
    write : callable
        Writes tables and maps of a result to a folder.
    page : callable
        Writes the page of a result, with where it comes from, to a folder. None where ``write``
        does, of a page that does not tell where, or ``finish``.
    manifest : callable
        What the manifest says of a result, with where it comes from.
    finish : callable, optional
        Makes what is made of a result and its folder with tables and manifest: workbook, pictures,
        package. Given what ``beside`` gives, last.
    beside : callable, optional
        What gets ready for ``finish`` while tables are written, as a context that ends it.
    is_open : callable, optional
        Whether parts that lie in folders of their own are still to be done. Inputs are then read
        before it is known whether the result is complete.
    """

    kind: str
    files: Callable[[AskedT], dict[str, Path]]
    read: Callable[[AskedT, TimedStages], InputsT]
    compute: Callable[[AskedT, InputsT, RunDirectory, TimedStages], ResultT]
    write: Callable[[ResultT, Path], None]
    page: Callable[[ResultT, Mapping[str, Any], Path], None] | None
    manifest: Callable[[ResultT, dict[str, Any]], dict[str, Any]]
    finish: Callable[[ResultT, Path, TimedStages, Any], None] | None = None
    beside: Callable[[], AbstractContextManager[Any]] = nullcontext
    manifest_name: str = MANIFEST
    is_open: Callable[[InputsT], bool] | None = None


def folder_of(
    study: Study[AskedT, Any, Any], asked: AskedT, out: Path | None = None, *, is_part: bool = False
) -> RunDirectory:
    """Folder of a study's run, which tells whether it holds this very run.

    Parameters
    ----------
    out : pathlib.Path, optional
        The folder; ``outputs/<name>`` by default.
    is_part : bool
        See :class:`~planner.runs.run_directory.RunDirectory`.
    """
    files = tuple(study.files(asked).values())
    final = out or Path("outputs") / asked.name
    fingerprint = run_fingerprint(asked, files)
    return RunDirectory(final, fingerprint, study.manifest_name, inputs=files, is_part=is_part)


def perform(
    study: Study[AskedT, InputsT, Any],
    asked: AskedT,
    *,
    out: Path | None = None,
    workers: int | None = None,
    resume: bool = False,
    progress: ProgressListener | None = None,
    inputs: InputsT | None = None,
    wait: bool = False,
    is_part: bool = False,
) -> Path:
    """Run a study from its inputs to its folder.

    Parameters
    ----------
    asked : Asked
        The study, validated.
    out : pathlib.Path, optional
        Run directory; ``outputs/<name>`` by default.
    workers : int, optional
        Processor cores to use; all by default. Results do not depend on it.
    resume : bool
        Go on with an interrupted run of the same study; a complete one is not repeated.
    progress : ProgressListener, optional
        Told of the stages.
    inputs : optional
        What ``study.read`` gives, where it is read already.
    wait : bool
        Wait while another process is at work in the folder; by default that is an error.
    is_part : bool
        See :class:`~planner.runs.run_directory.RunDirectory`.

    Returns
    -------
    pathlib.Path
        The complete folder.

    Raises
    ------
    PlannerError
        If an input is not valid, the folder cannot be written, or another process is at work in
        it.
    """
    directory = folder_of(study, asked, out, is_part=is_part)
    noted = NotedProgress(progress or Quiet(), directory.work)
    stages = TimedStages(noted)
    with directory.held(wait=wait), kernel_threads(workers):
        noted.begin()
        if study.is_open is not None and inputs is None:
            inputs = study.read(asked, stages)
        is_open = study.is_open is not None and inputs is not None and study.is_open(inputs)
        if is_open or not (resume and directory.is_complete()):  # by now, after waiting
            read = study.read(asked, stages) if inputs is None else inputs
            directory.begin(resume=resume)
            result = study.compute(asked, read, directory, stages)
            _write(study, asked, result, directory, stages)
            directory.finish()
    return directory.final


def _write(
    study: Study[AskedT, Any, ResultT],
    asked: AskedT,
    result: ResultT,
    directory: RunDirectory,
    stages: TimedStages,
) -> None:
    folder = directory.results
    with study.beside() as beside:
        with stages("Writing results"):
            study.write(result, folder)
        provenance = collect_provenance(
            study.files(asked), asked.seed, stages.seconds, stages.peak_memory_mb, stages.taken
        )
        if study.page is not None:
            study.page(result, provenance, folder)
        content = {"kind": study.kind, **study.manifest(result, provenance)}
        write_manifest(folder / study.manifest_name, content, directory.fingerprint)
        if study.finish is not None:
            study.finish(result, folder, stages, beside)

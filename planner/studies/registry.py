"""The registry of the kinds of studies, and the doors that take any of them.

A new kind is its model and marks in the room ``scenario``, a
:class:`~planner.runs.perform.Study`, and an entry here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from planner.errors import RunDirectoryError, ScenarioError, quoted
from planner.interrupts import end_if_interrupted
from planner.plan.finished_run import FinishedRun, read_finished_run
from planner.runs.manifests import MANIFEST
from planner.said import said
from planner.scenario.any_study import kind_of_study, load_study
from planner.scenario.study_kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from rich.console import Console

    from planner.runs.progress import Advance
    from planner.scenario.any_study import AnyStudy
    from planner.scenario.study_kinds import KindName
    from planner.tables.language import Language


@dataclass(frozen=True, slots=True)
class KindOfStudy:
    """What there is of a kind of study, each as ``module:name``: imported when it is asked for.

    Parameters
    ----------
    check : str
        Looks at all that a study names: takes the study and who is told how far it is, gives
        lines for a person.
    run : str
        :func:`~planner.runs.perform.perform` for its :class:`~planner.runs.perform.Study`.
    listener : str
        Makes, for a console, a context in which a listener shows how far a run is.
    show : str
        Shows a result on the terminal: takes its folder, a console and a language.
    places : tuple of (str, str, str)
        Where the files are that people open first: a label, a file, and what else there is, in
        which ``{folder}`` stands for the folder; those that are not there are left out.
    takes_cluster : bool
        Whether ``run`` takes a dask cluster to do the work.
    """

    check: str
    run: str = ""
    listener: str = "planner.runs.progress:listener_on"
    show: str = ""
    places: tuple[tuple[str, str, str], ...] = ()
    takes_cluster: bool = False


STUDIES: dict[KindName, KindOfStudy] = {
    "scenario": KindOfStudy(
        check="planner.plan.checks:check_inputs",
        run="planner.studies.plan_study:run_plan",
        show="planner.reporting.terminal:show_run",
        places=(
            ("Report", "report.html", "map {folder}/plan.qgz"),
            ("Tables", "plan.xlsx", "figures {folder}/figures"),
            ("Market", "market.html", ""),
        ),
        takes_cluster=True,
    ),
    "market": KindOfStudy(
        check="planner.market.checks:check_market",
        run="planner.studies.market_study:run_market",
        show="planner.reporting.market_terminal:show_market_run",
        places=(("Report", "report.html", "tables {folder}/hours.csv ..."),),
    ),
    "depot": KindOfStudy(
        check="planner.depot.checks:check_depot",
        run="planner.studies.depot_study:run_depot_study",
        show="planner.reporting.depot_terminal:show_depot_run",
        places=(("Report", "report.html", "tours.csv, power_flows.csv, bill.csv beside it"),),
    ),
    "sweep": KindOfStudy(
        check="planner.sweeping.checks:check_sweep",
        run="planner.sweeping.sweep:perform_sweep",
        listener="planner.sweeping.progress_table:listener_on",
        show="planner.sweeping.report:show_sweep_run",
        places=(("Report", "sweep.html", "table sweep.csv beside it"),),
        takes_cluster=True,
    ),
    "roadmap": KindOfStudy(check="planner.sweeping.checks:check_roadmap"),
    "tariff": KindOfStudy(check="planner.depot.checks:check_tariff"),
}


def run(
    study: AnyStudy | str | Path,
    overrides: Sequence[str] = (),
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    resume: bool = False,
    progress: Any = None,
    cluster: str | None = None,
) -> FinishedRun:
    """Run a study of any kind, from its inputs to its folder.

    Parameters
    ----------
    study : Scenario, MarketScenario, DepotScenario, Sweep, str or Path
        The study, its file, or the name of one that comes with the planner.
    overrides : sequence of str
        ``key.path=value`` each, where a file or a name is given.
    out : str or Path, optional
        Folder of the result; ``outputs/<name>`` by default.
    workers : int, optional
        Processor cores to use; all by default. Results do not depend on it.
    resume : bool
        Go on with an interrupted run of the same study; a complete one is not repeated. A sweep
        always goes on.
    progress : ProgressListener, optional
        Told of the stages; for a sweep a :class:`~planner.sweeping.schedule.SweepListener`.
    cluster : str, optional
        Address of a dask scheduler whose workers do the runs of a sweep, or plan the stops of a
        plan's trips; ``"local"`` for processes of this machine. Results do not depend on it.

    Returns
    -------
    FinishedRun
        The result, read from its folder.

    Raises
    ------
    PlannerError
        If an input is not valid, the folder cannot be written, or another process is at work in
        it.
    """
    if isinstance(study, (str, Path)):
        study = load_study(study, overrides)
    kind = kind_of_study(study)
    performer = _named(kind, "run")
    more: dict[str, Any] = {}
    if cluster is not None:
        if not STUDIES[kind].takes_cluster:
            fault = f"--cluster: expected a plan or a sweep; found {KINDS[kind].called}, which runs"
            raise ScenarioError([f"{fault} here: leave it out"], "planner run")
        more["cluster"] = cluster
    to = None if out is None else Path(out)
    folder: Path = performer(
        study, out=to, workers=workers, resume=resume, progress=progress, **more
    )
    return read_finished_run(folder)


def check(study: AnyStudy, advance: Advance | None = None) -> list[str]:
    """Check all that a study names, without running it.

    Parameters
    ----------
    study : AnyStudy
        From :func:`planner.load`.
    advance : callable, optional
        Told how many combinations of a sweep are done.

    Returns
    -------
    list of str
        What was read, a line per input, and a line per file whose reading was not plain: its
        encoding, titles above the header, decimal commas, columns that nobody uses.

    Raises
    ------
    ScenarioError
        With the faults of all inputs, at once.
    """
    lines: list[str] = _named(kind_of_study(study), "check")(study, advance)
    return lines


def show(run: FinishedRun, console: Console, language: Language) -> None:
    """Show a result on the terminal.

    Raises
    ------
    RunDirectoryError
        If it is of a kind that this version does not know.
    """
    shown = [kind for kind in STUDIES if KINDS[kind].result]
    kind = next((kind for kind in shown if KINDS[kind].result == run.kind), None)
    if kind is None:
        known = ", ".join(KINDS[each].result for each in shown)
        msg = (
            f"{run.folder / MANIFEST}: expected a kind of result that this version shows "
            f"({known}); found {quoted(run.kind)}; update the planner"
        )
        raise RunDirectoryError(msg)
    _named(kind, "show")(run.folder, console, language)


def listener_on(study: AnyStudy, console: Console) -> AbstractContextManager[Any]:
    """Context in which a listener shows on a console how far a run of a study is."""
    listener: AbstractContextManager[Any] = _named(kind_of_study(study), "listener")(console)
    return listener


def places(study: AnyStudy, folder: Path) -> list[tuple[str, Path, str]]:
    """Where the files of a study's result are that people open first: label, file, and more."""
    return [
        (said(label), folder / name, said(rest, folder=str(folder)) if rest else "")
        for label, name, rest in STUDIES[kind_of_study(study)].places
        if (folder / name).is_file()
    ]


def _named(kind: KindName, what: str) -> Callable[..., Any]:
    """What a kind has under a name of its entry."""
    name: str = getattr(STUDIES[kind], what)
    if not name:
        fault = f"expected a study; found {KINDS[kind].called}, which {KINDS[kind].use}"
        raise ScenarioError([f"{fault}: {KINDS[kind].command}"], f"planner {what}")
    found: Callable[..., Any] = resolve_name(name)
    end_if_interrupted()  # modules are made of models, which lose interrupts
    return found

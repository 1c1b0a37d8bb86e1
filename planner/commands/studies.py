"""Commands on one study: plan it, check it, begin one."""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.commands.options import (
    LanguageOption,
    Overrides,
    ResultFolder,
    Resume,
    ScenarioPath,
    Seed,
    Workers,
    console,
)
from planner.errors import RunDirectoryError
from planner.files.reading_notes import note_lines, reading_notes
from planner.runs.disk_faults import cause_of
from planner.runs.fork_server import begin_fork_server
from planner.runs.manifests import lines_in
from planner.said import said
from planner.scenario.bundled import STARTER, bundled_path
from planner.scenario.study_kinds import KindName  # noqa: TC001  # typer reads the annotations
from planner.terminal import spoken
from planner.warming.beside import compiled_beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.said import Said
    from planner.scenario.any_study import AnyStudy


def run(
    scenario: ScenarioPath,
    overrides: Overrides = [],  # noqa: B006  # typer reads the default, nobody changes it
    out: ResultFolder = None,
    seed: Seed = None,
    workers: Workers = None,
    resume: Resume = False,  # noqa: FBT002  # a command-line flag
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="local | ADDRESS",
            help="Plan the stops of trips on a dask cluster: `local` for as many processes of this "
            "machine as --workers says, or the address of a scheduler, for example "
            "tcp://10.0.0.1:8786. The result does not depend on it.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Plan a study: from freight trips to a Pareto front, a report and a map.

    A study of another kind (a market, a depot, a sweep) is run as its own command does.

    Examples: `planner run germany-10`,
    `planner run my-study/study.yaml --set sites.network=extended --out outputs/more-sites`
    """
    run_and_show(
        scenario,
        overrides,
        seed,
        lang=lang,
        out=out,
        workers=workers,
        resume=resume,
        cluster=cluster,
    )


def run_and_show(
    file: Path,
    overrides: list[str],
    seed: int | None = None,
    *,
    kind: KindName | None = None,
    lang: str = "en",
    **settings: Any,
) -> None:
    """Run a study of a kind, or of whatever kind it is, and show what came of it.

    Parameters
    ----------
    overrides : list of str
        ``key.path=value`` each.
    seed : int, optional
        Seed in place of the study's.
    kind : str, optional
        The kind it must be; any by default.
    lang : str
        Code of the language in which the result is shown.
    **settings
        See :func:`planner.studies.registry.run`.
    """
    if seed is not None:
        overrides = [*overrides, f"seed={seed}"]
    loaded = _loaded(file, overrides, kind)
    # Seconds of imports, for which neither --help nor a fault in the file need wait.
    from planner.scenario.any_study import kind_of_study  # noqa: PLC0415

    if kind_of_study(loaded) == "sweep" and settings.get("cluster") is None:
        begin_fork_server("planner.sweeping.worker_tasks")  # while this process imports its own
    from planner.studies import registry  # noqa: PLC0415
    from planner.tables.language import language  # noqa: PLC0415

    with ExitStack() as ends:
        listener = ends.enter_context(registry.listener_on(loaded, console))
        if kind_of_study(loaded) == "scenario" and settings.get("workers") != 1:
            ends.enter_context(compiled_beside())
        done = registry.run(loaded, progress=listener, **settings)
    registry.show(done, console, language(lang))
    console.print()
    for line in lines_in(lang, done.manifest, "inputs"):
        console.print(line)
    for line in _taken_lines(done.manifest):
        console.print(line)
    for place in registry.places(loaded, done.folder):
        console.print_place(*place)


STAGES = {
    "warm-up": "Warming up",
    "depots": "Charging trucks at depots",
    "selection": "Selecting sites",
    "stops": "Planning stops",
    "front": "Searching the front",
    "replanning": "Replanning",
    "comparison": "Comparing methods",
    "draws": "Drawing the demand again",
    "market": "Letting operators compete",
    "alternatives": "Running alternatives",
    "day": "Planning tours and charging",
}
"""What stages are called while they are computed."""


def _taken_lines(manifest: Mapping[str, Any]) -> Iterator[Said]:
    """Say what was taken from other runs instead of being computed."""
    provenance = manifest.get("provenance", {})  # of a sweep each run has its own
    for stage, taken in provenance.get("taken_stages", {}).items():
        what = {"stage": said(STAGES[stage]), "run": taken["run"]}
        if taken["n_trips"] is not None:
            yield said(
                "{stage}: the plans of {n} trips, warm-up days included, as in {run}",
                **what,
                n=taken["n_trips"],
            )
        elif taken["seconds"] is None:
            yield said("{stage}: as in {run}", **what)
        else:
            seconds = round(taken["seconds"], 1)
            yield said("{stage}: as in {run} ({seconds} s saved)", **what, seconds=seconds)


def _loaded(file: Path, overrides: list[str], kind: KindName | None = None) -> AnyStudy:
    """Study of a file, with what its reader noted on the terminal."""
    from planner.scenario.any_study import load_study  # noqa: PLC0415  # slow: --help needs it not

    with reading_notes() as notes:
        study = load_study(file, overrides, kind)
    for line in note_lines(notes):
        console.print(said("Note: {text}", text=line))
    return study


def validate(
    study: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A scenario, market study, depot study, sweep or tariff, or the name of one that "
            "comes with the planner (germany-10, odeshog-market, depot-demo, germany-sweep).",
        ),
    ],
    overrides: Overrides = [],  # noqa: B006  # typer reads the default, nobody changes it
    lang: LanguageOption = "en",  # noqa: ARG001  # the terminal speaks it
) -> None:
    """Check a study and the files it names without running it; list all errors.

    Examples: `planner validate my-study/study.yaml`, `planner validate germany-sweep`
    """
    # Faults of the file itself are told before what reads its inputs is imported.
    known = _loaded(study, overrides)
    from planner.studies.registry import check  # noqa: PLC0415  # seconds of imports

    reading = said("Reading ...")
    with console.status(spoken(console, reading)) as status:

        def advance(done: int, total: int) -> None:
            how_far = "{reading} {done} of {total} combinations"
            line = said(how_far, reading=reading, done=done, total=total)
            status.update(spoken(console, line))

        lines = check(known, advance)
    for line in lines:
        console.print(line)
    console.print(said("No errors found."), style="green")


def init(
    folder: Annotated[Path, typer.Argument(help="New folder for the study.")],
) -> None:
    """Copy a commented starter study into a new folder."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        msg = f"{folder}: exists and is not empty; name a new folder"
        raise RunDirectoryError(msg)
    try:
        shutil.copytree(bundled_path(STARTER), folder, dirs_exist_ok=True)
    except OSError as error:
        msg = f"{folder}: cannot be written ({cause_of(error)}); name another folder"
        raise RunDirectoryError(msg) from error
    console.print_place("Made", folder)
    console.print_place("Look into", folder / "study.yaml", "then:")
    console.print(f"  planner run {folder / 'study.yaml'}", soft_wrap=True)


def schema(
    kind: Annotated[
        KindName, typer.Argument(help="Which kind of file.", show_default=True)
    ] = "scenario",
    lang: LanguageOption = "en",
) -> None:
    """Print the JSON schema of a kind of file, for editors that check YAML while you type.

    Examples: `planner schema market > market.schema.json`, `planner schema --lang de`
    """
    from planner.scenario.schema_texts import schema_in  # noqa: PLC0415
    from planner.tables.language import language  # noqa: PLC0415

    sys.stdout.write(json.dumps(schema_in(kind, language(lang)), indent=2) + "\n")

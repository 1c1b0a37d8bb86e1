"""The command line: which commands there are, and what becomes of their errors."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from planner import __version__
from planner.commands import (
    classes,
    climate,
    connections,
    costs,
    country,
    counts,
    depots,
    exports,
    figures,
    grid,
    imports,
    law,
    layouts,
    market,
    parking,
    rank,
    roadmap,
    robust,
    show,
    studies,
    sweeps,
    tornado,
    warm,
)
from planner.commands.finished_runs import of_finished_runs
from planner.commands.help_words import PlainCommand, PlainGroup
from planner.commands.open import open_workbench
from planner.commands.options import console, errors, speak_as_asked
from planner.commands.wrong_arguments import USAGE_ERROR, tell_of_usage
from planner.errors import InvariantError, PlannerError
from planner.interrupts import INTERRUPTED, is_interrupted
from planner.runs.asked_threads import refuse_wrong_threads
from planner.runs.disk_faults import cause_of
from planner.runs.garbage import look_for_garbage_rarely
from planner.runs.noted_fault import note_fault
from planner.runs.progress import NOTED_IN
from planner.said import said
from planner.terminal import say_nothing_more, use_plain_signs

app = typer.Typer(
    name="planner",
    cls=PlainGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Plan where a country's truck charging points go, and how many.\n\n"
    "Start with `planner run germany-10`, or make your own with `planner init my-study`.",
)
for command in (
    studies.run,
    studies.validate,
    studies.init,
    country.country,
    of_finished_runs(show.show),
    of_finished_runs(figures.figures),
    sweeps.sweep,
    roadmap.roadmap,
    of_finished_runs(layouts.target),
    of_finished_runs(layouts.evaluate),
    of_finished_runs(sweeps.compare),
    of_finished_runs(law.afir),
    of_finished_runs(costs.costs),
    of_finished_runs(rank.rank),
    of_finished_runs(robust.robust),
    of_finished_runs(tornado.tornado),
    of_finished_runs(classes.classes),
    of_finished_runs(climate.climate),
    of_finished_runs(grid.grid),
    of_finished_runs(parking.parking),
    of_finished_runs(connections.connections),
    of_finished_runs(counts.counts),
    depots.depot,
    market.market,
    studies.schema,
    warm.warm,
):
    app.command(cls=PlainCommand)(command)
app.command("open", cls=PlainCommand)(open_workbench)

export_app = typer.Typer(cls=PlainGroup, no_args_is_help=True)
export_app.command(cls=PlainCommand)(of_finished_runs(exports.matsim))
export_app.command(cls=PlainCommand)(of_finished_runs(exports.xlsx))
export_app.command(cls=PlainCommand)(of_finished_runs(exports.qgis))
export_app.command(cls=PlainCommand)(of_finished_runs(exports.load))
import_app = typer.Typer(cls=PlainGroup, no_args_is_help=True)
import_app.command(cls=PlainCommand)(of_finished_runs(imports.matsim))
app.add_typer(export_app, name="export", help="Hand a finished run on to other programs.")
app.add_typer(import_app, name="import", help="Take back what another program made of a run.")


def _print_version(*, asked: bool) -> None:
    if asked:
        console.print(f"planner {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[  # noqa: FBT002, ARG001  # read by main() before commands run
        bool, typer.Option("--debug", help="Show where in the program an error arose.")
    ] = False,
    version: Annotated[  # noqa: FBT002, ARG001  # handled by its callback
        bool,
        typer.Option(
            "--version",
            help="Print the version.",
            is_eager=True,
            callback=lambda asked: _print_version(asked=asked),
        ),
    ] = False,
) -> None:
    refuse_wrong_threads()


def _run_app() -> int:
    """Run the command line until all that it says is out; its exit code."""
    speak_as_asked(sys.argv[1:])  # until a command has read its options, or refuses them
    try:
        code = app(standalone_mode=False)
    except USAGE_ERROR as error:
        return tell_of_usage(error)
    except SystemExit as left:
        if isinstance(left.__context__, BrokenPipeError):  # help that nobody reads on
            return 0
        raise
    finally:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            say_nothing_more(sys.stdout)
        except OSError:
            # Nobody can be told there any more: without this Python would try again at its end.
            say_nothing_more(sys.stdout)
            raise
    return int(code or 0)


def _run_until_interrupted() -> int:
    """Run the command line; what libraries make of an interrupt is no fault of theirs."""
    try:
        return _run_app()
    except KeyboardInterrupt:  # before typer has begun, or after it
        return INTERRUPTED
    except Exception:
        if is_interrupted():
            return INTERRUPTED
        raise


def main() -> None:
    """Run the command line; a user's mistake is one message and exit code 2."""
    look_for_garbage_rarely()
    use_plain_signs()
    if "--debug" in sys.argv:
        sys.exit(_run_app())
    try:
        code = _run_until_interrupted()
    except BrokenPipeError:
        # Of what a command wrote itself, at its end: who asked for it has read enough.
        say_nothing_more(sys.stdout)
        sys.exit(0)
    except InvariantError as error:
        errors.print_fault("Fault of the planner", error.args[0])
        errors.print(said("Please report this with the scenario; --debug shows where it arose."))
        sys.exit(1)
    except PlannerError as error:
        errors.print_fault("Error", error.args[0])
        if folder := os.environ.get(NOTED_IN):
            note_fault(error, Path(folder))
        sys.exit(2)
    except OSError as error:
        # Of a disk, or of whatever the output goes to: commands turn those of files into messages.
        told = "{where}: cannot be written or read ({cause}); mend that and start again"
        where = error.filename or "standard output"
        errors.print_fault("Error", said(told, where=where, cause=cause_of(error)))
        sys.exit(2)
    if code == INTERRUPTED:  # typer turns Ctrl-C into it too
        _say_interrupted()
    sys.exit(code)


def _say_interrupted() -> None:
    told = (
        "Interrupted. The same command with --resume resumes it; a sweep and the order of "
        "sites resume without."
    )
    errors.print(said(told))


def say_interrupted_at_work() -> None:
    """Say so below the progress that stands on a terminal, which nobody else ends any more."""
    console.show_cursor()
    if errors.is_terminal:
        errors.line()
    _say_interrupted()

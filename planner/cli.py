"""The command line: which commands there are, and what becomes of their errors."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from rich.text import Text

from planner import __version__
from planner.commands import depots, exports, figures, layouts, market, show, studies, sweeps
from planner.commands.finished_runs import of_finished_runs
from planner.commands.options import console, errors
from planner.disk_faults import cause_of
from planner.errors import InvariantError, PlannerError
from planner.terminal import use_plain_signs

app = typer.Typer(
    name="planner",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Plan where a country's truck chargers go, and how many.\n\n"
    "Start with `planner run germany-10`, or make your own with `planner init my-study`.",
)
for command in (
    studies.run,
    studies.validate,
    studies.init,
    of_finished_runs(show.show),
    of_finished_runs(figures.figures),
    sweeps.sweep,
    of_finished_runs(layouts.target),
    of_finished_runs(layouts.evaluate),
    of_finished_runs(sweeps.compare),
    depots.depot,
    market.market,
    studies.schema,
):
    app.command()(command)

export_app = typer.Typer(no_args_is_help=True)
export_app.command()(of_finished_runs(exports.matsim))
export_app.command()(of_finished_runs(exports.xlsx))
export_app.command()(of_finished_runs(exports.qgis))
app.add_typer(export_app, name="export", help="Hand a finished run on to other programs.")

_INTERRUPTED = 130


def _print_version(*, asked: bool) -> None:
    if asked:
        console.print(f"planner {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[  # noqa: FBT002  # read by main() before commands run
        bool, typer.Option("--debug", help="Show where in the program an error arose.")
    ] = False,
    version: Annotated[  # noqa: FBT002  # handled by its callback
        bool,
        typer.Option(
            "--version",
            help="Print the version.",
            is_eager=True,
            callback=lambda asked: _print_version(asked=asked),
        ),
    ] = False,
) -> None:
    pass


def _run_app() -> None:
    """Run the command line until all that it says is out."""
    try:
        app()
    finally:
        try:
            sys.stdout.flush()
        except OSError:
            # Nobody can be told there any more: without this Python would try again at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise


def main() -> None:
    """Run the command line; a user's mistake is one message and exit code 2."""
    use_plain_signs()
    if "--debug" in sys.argv:
        app()
        return
    try:
        _run_app()
    except InvariantError as error:
        errors.print(Text("Fault of the planner", style="bold red"), str(error), soft_wrap=True)
        errors.print("Please report this with the scenario; --debug shows where it arose.")
        sys.exit(1)
    except PlannerError as error:
        errors.print(Text("Error", style="bold red"), str(error), soft_wrap=True)
        sys.exit(2)
    except OSError as error:
        # Of a disk, or of whatever the output goes to: commands turn those of files into messages.
        where = error.filename or "standard output"
        text = f"{where}: cannot be written or read ({cause_of(error)}); mend that and start again"
        errors.print(Text("Error", style="bold red"), text, soft_wrap=True)
        sys.exit(2)
    except SystemExit as left:
        # typer has turned Ctrl-C into its exit code
        if left.code == _INTERRUPTED:
            errors.print("Interrupted. The same command goes on here; planner run needs --resume.")
        raise

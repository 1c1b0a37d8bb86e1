"""What commands share: where they print to, and arguments that several of them take."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.errors import PlannerError
from planner.tables.language import LANGUAGES, language
from planner.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

console = Terminal()
"""Where results and progress go."""

errors = Terminal(stderr=True)
"""Where messages about a user's mistakes go."""

ScenarioPath = Annotated[
    Path,
    typer.Argument(
        metavar="SCENARIO",
        help="A scenario file, or the name of one that comes with the planner (germany-10).",
    ),
]
Overrides = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="KEY.PATH=VALUE",
        help="Change a key of the scenario, for example `--set demand.electrification_share=0.15`."
        " May be given more than once.",
    ),
]


def _known_language(code: str) -> str:
    """Code of a language, which the terminal speaks from here on, faults included."""
    try:
        console.speaker = errors.speaker = language(code)
    except PlannerError as error:
        raise typer.BadParameter(str(error)) from error
    return code


def speak_as_asked(arguments: Sequence[str]) -> None:
    """Let the terminal speak the language that arguments ask for, whatever is wrong with them.

    Parameters
    ----------
    arguments : sequence of str
        All of a command line. The last language counts that there is; without any the terminal
        speaks English.
    """
    asked = [each.removeprefix("--lang=") for each in arguments if each.startswith("--lang=")]
    asked += [code for option, code in pairwise(arguments) if option == "--lang"]
    known = [each for code in asked for each in LANGUAGES if each.code == code]
    console.speaker = errors.speaker = known[-1] if known else None


CostSetOption = Annotated[
    str | None,
    typer.Option(
        "--set",
        help="Set of costs: of config/infrastructure_costs.yaml, or of your file; by default "
        "that of the run's own scenario, or germany-2030.",
        show_default=False,
    ),
]

LanguageOption = Annotated[
    str,
    typer.Option(
        "--lang",
        metavar=" | ".join(each.code for each in LANGUAGES),
        callback=_known_language,
        is_eager=True,  # faults of other options are told in it, wherever it stands
        help="Language: " + ", ".join(f"{each.code} {each.name}" for each in LANGUAGES) + ".",
    ),
]

ResultFolder = Annotated[
    Path | None,
    typer.Option(help="Folder of the result; by default outputs/NAME.", show_default=False),
]
Seed = Annotated[
    int | None, typer.Option(help="Seed in place of the scenario's.", show_default=False)
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Processor cores to use; all by default. The result does not depend on it.",
        show_default=False,
    ),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help="Resume an interrupted run of the same scenario; skipped if complete.",
    ),
]

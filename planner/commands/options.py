"""What commands share: where they print to, and arguments that several of them take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.errors import PlannerError
from planner.tables.language import LANGUAGES, language
from planner.terminal import Terminal

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

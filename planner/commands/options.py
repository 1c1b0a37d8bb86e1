"""What commands share: where they print to, and arguments that several of them take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

console = Console()
"""Where results and progress go."""

errors = Console(stderr=True)
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

LanguageOption = Annotated[
    Literal["en", "de"], typer.Option("--lang", help="Language: English or German.")
]

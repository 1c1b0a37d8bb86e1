"""The result of a finished folder on the terminal, whatever kind of result it is."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from planner.commands.options import LanguageOption, console


def show(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run, sweep or market.")],
    lang: LanguageOption = "en",
) -> None:
    """Show a result on the terminal: question, answer, the plans and the front in text.

    Examples: `planner show outputs/germany-10`, `planner show outputs/germany-10 --lang de`
    """
    from planner.plan.finished_run import read_finished_run  # noqa: PLC0415
    from planner.studies import registry  # noqa: PLC0415
    from planner.tables.language import language  # noqa: PLC0415

    registry.show(read_finished_run(run_dir), console, language(lang))

"""The result of a finished folder on the terminal, whatever kind of result it is."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from planner.commands.options import LanguageOption, console
from planner.errors import RunDirectoryError, quoted
from planner.runs.run_directory import MANIFEST, read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rich.console import Console

    from planner.tables.language import Language

PLAN, SWEEP, DEPOT, MARKET = "plan", "sweep", "depot", "market"
_SWEEP_MANIFEST = "sweep.json"


def show(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run, sweep or market.")],
    lang: LanguageOption = "en",
) -> None:
    """Show a result on the terminal: question, answer, the plans and the front in text.

    Examples: `planner show outputs/germany-10`, `planner show outputs/germany-10 --lang de`
    """
    from planner.tables.language import language  # noqa: PLC0415

    kind = kind_of(run_dir)
    if kind not in _SHOWN:
        msg = (
            f"{run_dir / MANIFEST}: expected a kind of result that this version shows "
            f"({', '.join(_SHOWN)}); found {kind!r}; update the planner"
        )
        raise RunDirectoryError(msg)
    _SHOWN[kind](run_dir, console, language(lang))


def kind_of(folder: Path) -> str:
    """Kind of the result in a folder: ``kind`` in its ``run.json``, a plan where it says none.

    Raises
    ------
    RunDirectoryError
        If the folder holds no result.
    """
    if (folder / _SWEEP_MANIFEST).is_file() and not (folder / MANIFEST).is_file():
        return SWEEP
    return str(read_manifest(folder).get("kind", PLAN))


def plan_or_sweep(folder: Path) -> str:
    """Kind of the result in a folder that figures and spreadsheets are made of.

    Raises
    ------
    RunDirectoryError
        If the folder holds no result, or one of another kind.
    """
    return _one_of(folder, {PLAN: "planner run", SWEEP: "planner sweep"})


def refuse_other_than_plan(folder: Path) -> None:
    """Refuse a folder that holds no plan of a country.

    Raises
    ------
    RunDirectoryError
        If the folder holds no result, or one of another kind.
    """
    _one_of(folder, {PLAN: "planner run"})


def _one_of(folder: Path, commands: Mapping[str, str]) -> str:
    """Kind of the result in a folder, which must be that of one of the commands."""
    kind = kind_of(folder)
    if kind not in commands:
        expected = " or ".join(f"'{command}'" for command in commands.values())
        of_sweep = "; name one of its runs, below runs/" if kind == SWEEP else ""
        msg = (
            f"{folder}: expected the folder of {expected}; found a result of the kind "
            f"{quoted(kind)}{of_sweep or ', which has its tables and pictures in its own folder'}"
        )
        raise RunDirectoryError(msg)
    return kind


def _show_plan(folder: Path, target: Console, asked: Language) -> None:
    from planner.reporting.terminal import show_run  # noqa: PLC0415

    show_run(folder, target, asked)


def _show_depot(folder: Path, target: Console, asked: Language) -> None:  # noqa: ARG001  # English until its texts are translated
    from planner.reporting.depot.depot_terminal import show_depot_run  # noqa: PLC0415

    show_depot_run(folder, target)


def _show_market(folder: Path, target: Console, asked: Language) -> None:
    from planner.reporting.market.market_terminal import show_market_run  # noqa: PLC0415

    show_market_run(folder, target, asked)


def _show_sweep(folder: Path, target: Console, asked: Language) -> None:
    from planner.sweeping.report import show_sweep  # noqa: PLC0415
    from planner.sweeping.stored_sweep import read_sweep  # noqa: PLC0415

    sweep = read_sweep(folder)
    if sweep.definition.description:
        target.print(Text(sweep.definition.description, style="bold"))
    show_sweep(sweep.variants, sweep.summary, target, asked)


_SHOWN: dict[str, Callable[[Path, Console, Language], None]] = {
    PLAN: _show_plan,
    SWEEP: _show_sweep,
    DEPOT: _show_depot,
    MARKET: _show_market,
}
"""How each kind of result is shown."""

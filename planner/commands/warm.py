"""The command that compiles what later commands would wait for."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from planner.commands.options import Workers, console  # typer reads the annotations


class Kind(StrEnum):
    """Kinds of studies that have kernels."""

    PLAN = "plan"
    DEPOT = "depot"
    MARKET = "market"


def warm(
    kinds: Annotated[
        list[Kind] | None,
        typer.Argument(help="Kinds of studies; all by default.", show_default=False),
    ] = None,
    workers: Workers = None,
) -> None:
    """Compile the planner's numerical kernels, which the first study would else wait for.

    They are kept with the planner and compiled again only where it changes. `make` calls this.

    Example: `planner warm plan`
    """
    from planner.warming.kernels import KINDS, warm_kernels  # noqa: PLC0415  # seconds of imports

    with console.status("Compiling kernels ..."):
        kernels = [each for done in warm_kernels(kinds or KINDS, workers) for each in done]
    cpu_s = sum(each.own_cpu_s for each in kernels)
    n_different = len({each.name for each in kernels})
    if kernels:
        console.print(f"Compiled {n_different} kernels in {cpu_s:.0f} s of processor time.")
    else:
        console.print("All kernels are compiled.")

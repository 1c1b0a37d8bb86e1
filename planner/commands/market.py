"""Commands on a market: competing charge point operators at a site."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from planner.commands.options import Overrides, ResultFolder, Resume, Seed, Workers, console
from planner.runs.progress import Quiet, TerminalProgress

MarketPath = Annotated[
    Path,
    typer.Argument(
        metavar="SCENARIO",
        help="A market scenario, or the name of one that comes with the planner (odeshog-market).",
    ),
]


def market(
    scenario: MarketPath,
    overrides: Overrides = [],  # noqa: B006  # typer reads the default, nobody changes it
    out: ResultFolder = None,
    seed: Seed = None,
    workers: Workers = None,
    resume: Resume = False,  # noqa: FBT002  # a command-line flag
) -> None:
    """Let charge point operators compete for trucks: prices by hour, chargers, profits, waits.

    Operators take turns at changing their prices and chargers and keep what does not lower their
    profit. What is reported is the state that this moves about in, with a band over seeds.

    Examples: `planner market odeshog-market`,
    `planner market scenarios/odeshog-market.yaml --set operators.south.tariff=fixed
    --set alternatives=false --out outputs/one-fixed-tariff`
    """
    from planner.scenario.market_scenario import load_market  # noqa: PLC0415

    if seed is not None:
        overrides = [*overrides, f"seed={seed}"]
    loaded = load_market(scenario, overrides)
    from planner.market_study import run_market_study  # noqa: PLC0415  # slow to load
    from planner.reporting.market.market_terminal import show_market_run  # noqa: PLC0415
    from planner.tables.language import ENGLISH  # noqa: PLC0415

    listener = TerminalProgress(console) if console.is_terminal else None
    with listener or nullcontext():
        folder = run_market_study(
            loaded, out=out, workers=workers, resume=resume, progress=listener or Quiet()
        ).folder
    show_market_run(folder, console, ENGLISH)
    console.print_place("\nReport", folder / "report.html", f"   tables {folder / 'hours.csv'} ...")

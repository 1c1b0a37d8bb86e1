"""Commands on a market: competing charge point operators at a site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.commands.options import (  # typer reads the annotations
    LanguageOption,  # noqa: TC001
    Overrides,  # noqa: TC001
    ResultFolder,  # noqa: TC001
    Resume,  # noqa: TC001
    Seed,  # noqa: TC001
    Workers,  # noqa: TC001
)
from planner.commands.studies import run_and_show

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
    lang: LanguageOption = "en",
) -> None:
    """Let operators compete for trucks: hourly prices, charging points, profits, waits.

    Operators take turns at changing their prices and charging points and keep what does not lower
    their profit. What is reported is the state that this moves about in, with a band over seeds.

    Examples: `planner market odeshog-market`,
    `planner market scenarios/odeshog-market.yaml --set operators.south.tariff=fixed
    --set alternatives=false --out outputs/one-fixed-tariff`
    """
    settings = {"out": out, "workers": workers, "resume": resume}
    run_and_show(scenario, overrides, seed, kind="market", lang=lang, **settings)

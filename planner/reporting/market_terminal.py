"""The result of a market run on the terminal, from its folder alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from planner.errors import RunDirectoryError
from planner.market.market_schemas import MARKET_HOURS, MARKET_OPERATORS
from planner.reporting.market_headline import NOT_SETTLED
from planner.reporting.market_tables import operator_page_table
from planner.runs.manifests import MANIFEST, read_manifest
from planner.tables.table_files import read_parquet

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from rich.console import Console

    from planner.tables.language import Language
    from planner.tables.table import Table

_BAR_WIDTH = 44


def show_market_run(run_dir: Path, console: Console, language: Language) -> None:
    """Print the question, the answer, the operators and the prices by hour of a market run.

    Parameters
    ----------
    run_dir : Path
        Folder of a finished market run.
    console : Console
        Where to print; 80 columns are enough.
    """
    manifest = read_manifest(run_dir)
    operators = _read(run_dir, MARKET_OPERATORS)
    hours = _read(run_dir, MARKET_HOURS)
    try:
        headline, convergence = manifest["headline"], manifest["convergence"]
        texts = headline["translations"].get(language.code, headline)
        console.print(Text(str(texts["question"]), style="bold"))
        console.print(Text(str(texts["answer"])))
        console.print()
        console.print(operator_page_table(operators, brief=True).for_terminal(language))
        console.print(_use_line(manifest["summary"], language))
        if not convergence["has_settled"]:
            warning = language.text(
                NOT_SETTLED,
                share=language.percent(convergence["drift_share"]),
                turns=language.count(convergence["turns_per_price"]),
            )
            console.print(Text(warning, style="yellow"))
        console.print()
        console.print(Text(language.text("What trucks pay by hour of the day (EUR/kWh)")))
        console.print(Padding(Text(price_bars(hours, language)), (0, 0, 0, 2)))
    except KeyError as error:
        message = (
            f"{run_dir / MANIFEST}: expected the key {error}; found none; "
            "run the scenario again with this version of the planner"
        )
        raise RunDirectoryError(message) from error


def price_bars(hours: pd.DataFrame, language: Language) -> str:
    """Prices as bars, an hour a line; the mean of the days where there are several.

    Parameters
    ----------
    hours : DataFrame
        ``MARKET_HOURS``.

    Returns
    -------
    str
        24 lines of text.
    """
    prices = hours.groupby("hour")["price_eur_kwh"].mean()
    longest = max(float(prices.max()), 1e-9)
    lines = [
        f"{hour:02d}  {language.number(price, 3)} {_bar(price / longest)}"
        for hour, price in prices.items()
        if math.isfinite(price)
    ]
    return "\n".join(lines)


def _bar(share: float) -> str:
    return "█" * max(round(share * _BAR_WIDTH), 1)


def _use_line(summary: dict[str, Any], language: Language) -> Text:
    raw, corrected = summary["utilisation_raw"], summary["utilisation_corrected"]
    if raw == corrected:
        return Text(
            language.text(
                "Charging points in use: {raw}. Mean of {n} repetitions.",
                raw=language.percent(raw),
                n=language.count(summary["n_seeds"]),
            )
        )
    return Text(
        language.text(
            "Charging points in use on the typical day: {raw}; on the average day of the year: "
            "{corrected}. Mean of {n} repetitions.",
            raw=language.percent(raw),
            corrected=language.percent(corrected),
            n=language.count(summary["n_seeds"]),
        )
    )


def _read(run_dir: Path, schema: Table) -> pd.DataFrame:
    return read_parquet(run_dir / f"{schema.name}.parquet", schema.column_names)

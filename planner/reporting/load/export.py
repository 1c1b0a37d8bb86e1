"""The load of a solution in files: plain tables, or the layout of another program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from planner.demand.calibration import DAYS
from planner.plan.load_calendar import day_factors, load_calendar
from planner.plan.load_schemas import (
    LOAD,
    LOAD_ENVELOPE,
    LOAD_FACTORS,
    LOAD_PLACES,
    LOAD_SESSIONS,
)
from planner.reporting.load.edisgo import write_edisgo
from planner.reporting.load.pypsa import write_pypsa
from planner.reporting.load.spice_ev import write_spice_ev
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from planner.plan.load_series import Load
    from planner.tables.language import Language

Format = Literal["csv", "pypsa-eur", "spice-ev", "edisgo"]
_WRITERS = {"pypsa-eur": write_pypsa, "spice-ev": write_spice_ev, "edisgo": write_edisgo}
_KWH_PER_MWH = 1000.0


def write_load(load: Load, layout: Format, folder: Path) -> None:
    """Write a load.

    Parameters
    ----------
    folder : pathlib.Path
        An existing folder.
    """
    tables = [(LOAD_PLACES, load.places_table)]
    if load.question.span != "days":
        tables.append((LOAD_FACTORS, _factors(load)))
    if layout == "csv":
        tables = [
            (LOAD, load.series),
            *tables,
            (LOAD_SESSIONS, load.sessions),
            (LOAD_ENVELOPE, load.envelope),
        ]
    else:
        _WRITERS[layout](load, folder)
    write_csv_and_parquet(tables, folder)


def _factors(load: Load) -> pd.DataFrame:
    """What days that were not simulated, and the year, are reckoned with."""
    calendar = load_calendar()
    source = "1 % sample of the German motorway study, trips that depart"
    rows = [
        (f"day {day}", factor, "published", source)
        for day, factor in zip(DAYS, day_factors(), strict=True)
    ]
    if load.question.span == "year":
        months = calendar.months
        rows += [
            (f"month {number}", factor, months.sure, months.source)
            for number, factor in enumerate(months.factors, start=1)
        ]
        rule = calendar.holidays
        day = float(DAYS.index(rule.like) + 1)
        of_country = f"{rule.source}; holidays of {load.question.country or 'no country'}"
        rows.append(("holiday", day, rule.sure, of_country))
    table = pd.DataFrame(rows, columns=LOAD_FACTORS.column_names)
    return table.astype({"value": "float64"})


def sentences(load: Load, language: Language) -> list[str]:
    """Say for a person what was written."""
    hpc_kwh, lpc_kwh = (float(load.simulated_kwh[kind].sum()) for kind in ("hpc", "lpc"))
    overnight = load.sessions[load.sessions["point"] == "lpc"]
    lines = [
        language.text(
            "In the simulated days trucks charge {hpc} MWh at high power and {lpc} MWh overnight, "
            "to the kilowatt-hour as in the run; what is written holds {written} MWh.",
            hpc=language.number(hpc_kwh / _KWH_PER_MWH, 3),
            lpc=language.number(lpc_kwh / _KWH_PER_MWH, 3),
            written=language.count(float(load.places_table["written_mwh"].sum())),
        ),
        language.text(
            "Energy goes into batteries; what the grid delivers is more by the losses of charging."
        ),
    ]
    if len(overnight):
        could_kwh = (overnight["end_h"] - overnight["start_h"]) * overnight["max_kw"]
        lines.append(
            language.counted(
                len(overnight),
                "{n} overnight session could shift: it takes {share} of the energy that its point "
                "could give meanwhile.",
                "{n} overnight sessions could shift: they take {share} of the energy that their "
                "points could give meanwhile.",
                share=language.percent(float(overnight["energy_kwh"].sum() / could_kwh.sum())),
            )
        )
    if load.question.span == "year":
        lines.append(
            language.text("Season and holidays of the year are assumed; load_factors tells them.")
        )
    return lines

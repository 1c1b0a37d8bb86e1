"""How much energy and power the plan that is shown first takes, per day, per year, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.plan.energy_at_ends import NIGHT_H
from planner.plan.energy_years import year_gwh
from planner.plan.plan_results import DEFAULT_SOLUTION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.tables.language import Language

_DAYS_A_WEEK = 7


def energy_sentence(summary: Mapping[str, Any], n_days: int, language: Language) -> str:
    """Say what a country has to deliver.

    Parameters
    ----------
    summary : mapping
        ``summary`` of ``run.json``.
    n_days : int
        Simulated days.

    Returns
    -------
    str
        Years of weeks in which 5 or 6 days are like the mean simulated day, as the utilisation in
        energy has them; of the simulated week where that is whole. Sites do not
        peak together: both peaks are told.
    """
    figures = summary["solutions"][DEFAULT_SOLUTION]
    day_mwh = (summary["energy_hpc_mwh"] + summary["energy_lpc_mwh"]) / n_days
    said = {
        "day": language.count(day_mwh),
        "peak": language.count(figures["simultaneous_peak_kw"] / 1000.0),
        "sum": language.count(figures["sum_of_site_peaks_kw"] / 1000.0),
    }
    if n_days == _DAYS_A_WEEK:
        public = language.text(
            "Trucks charge {day} MWh a day, {year} GWh in a year of such weeks. The highest power "
            "at one moment is {peak} MW; the peaks of the sites, which do not come together, add "
            "up to {sum} MW.",
            year=language.count(year_gwh(day_mwh, days_a_week=n_days)),
            **said,
        )
    else:
        low_gwh, high_gwh = (year_gwh(day_mwh, days_a_week=days) for days in (5, 6))
        public = language.text(
            "Trucks charge {day} MWh a day, {low} to {high} GWh in a year of 5- to 6-day weeks. "
            "The highest power at one moment is {peak} MW; the peaks of the sites, which do not "
            "come together, add up to {sum} MW.",
            low=language.count(low_gwh),
            high=language.count(high_gwh),
            **said,
        )
    at_ends = summary.get("energy_at_ends", {})  # not there in earlier versions
    if at_ends.get("start_soc_share") is None:  # no trip can be driven
        return public
    between = language.text(
        "Trips start with {start} of the battery on average and end with {end}: {day} MWh a day "
        "more have to come from depots and destinations, {power} MW if within {hours} h of night.",
        start=language.percent(at_ends["start_soc_share"]),
        end=language.percent(at_ends["end_soc_share"]),
        day=language.count(at_ends["energy_mwh"] / n_days),
        power=language.count(at_ends["night_mw"]),
        hours=language.count(NIGHT_H),
    )
    return f"{public} {between}"

"""What the depots of a plan come to, in a reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.tables.language import Language


def depots_start(summary: Mapping[str, Any], language: Language) -> str:
    """How many trips start at depots, and with what.

    Parameters
    ----------
    summary : mapping
        ``summary`` of ``run.json``, of a plan with depots.
    """
    told = summary["depots"]
    if not told["n_departures"]:
        return language.text("No trip starts at a depot: none begins within reach of one.")
    return language.text(
        "{n} of {all} trips start {at_depots}. Their trucks come with {arrival} of a "
        "full battery on average, as trucks do that arrive somewhere, and leave with "
        "{departure}; without depots the same trips would start with {drawn}.",
        n=language.count(told["n_departures"]),
        all=language.count(summary["n_trips"]),
        at_depots=language.counted(told["n_depots"], "at {n} depot", "at {n} depots"),
        arrival=language.percent(told["arrival_soc_share"]),
        departure=language.percent(told["departure_soc_share"]),
        drawn=language.percent(told["soc_share_without_depots"]),
    )


def depots_reach(summary: Mapping[str, Any], language: Language) -> str:
    """How many trucks get what they want, and what they need.

    Parameters
    ----------
    summary, language
        As in :func:`depots_start`.
    """
    told = summary["depots"]
    return language.text(
        "{n} trucks leave with the charge aimed at, {short} with less than a driving stint up "
        "to the first break needs. Costs are those of the simulated days, with their part of "
        "the price of the peak.",
        n=language.count(told["n_as_wanted"]),
        short=language.count(told["n_below_need"]),
    )

"""Trips that cannot be driven, in words: how many, what share of all, and for which reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.plan.trip_tables import UNSERVED_REASONS
from planner.routing.stop_plans import TripStatus
from planner.tables.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from planner.tables.language import Language

# Most telling first: only the first one is for want of a site.
_IN_WORDS = {
    TripStatus.NO_SITE_IN_RANGE: "{n} find no site in range",
    TripStatus.STARTS_TOO_LOW: "{n} start with too little charge to reach their first site",
    TripStatus.STARTS_BELOW_MINIMUM: "{n} start below the minimum state of charge",
    TripStatus.NO_ROUTE: "{n} have no route",
}


def count_by_reason(reasons: pd.Series) -> dict[str, int]:
    """Unserved trips of each reason.

    Parameters
    ----------
    reasons : Series
        Column ``reason`` of ``UNSERVED``.

    Returns
    -------
    dict
        Trips of every reason of :data:`~planner.plan.trip_tables.UNSERVED_REASONS`, >= 0.
    """
    counts = reasons.value_counts()
    return {reason: int(counts.get(reason, 0)) for reason in UNSERVED_REASONS.values()}


def stranded_for_want_of_a_site(unserved: pd.DataFrame) -> pd.DataFrame:
    """Holes of the network: unserved trips that a further site could serve.

    Parameters
    ----------
    unserved : DataFrame
        ``UNSERVED``.

    Returns
    -------
    DataFrame
        Its rows without trucks that start nearly empty or have no route: no site helps those.
    """
    return unserved[unserved["reason"] == UNSERVED_REASONS[TripStatus.NO_SITE_IN_RANGE]]


def unserved_share(n_unserved: int, n_trips: int) -> float:
    """Share of trips that cannot be driven; 0 without trips."""
    return n_unserved / max(n_trips, 1)


def unserved_sentence(
    n_trips: int, by_reason: Mapping[str, int], language: Language = ENGLISH
) -> str:
    """Say which share of trips cannot be driven, and why.

    Parameters
    ----------
    by_reason : mapping
        From :func:`count_by_reason`.

    Returns
    -------
    str
        One sentence; empty where all trips can be driven.
    """
    n_unserved = sum(by_reason.values())
    if not n_unserved:
        return ""
    reasons = [
        language.text(template, n=language.count(n))
        for status, template in _IN_WORDS.items()
        if (n := by_reason.get(UNSERVED_REASONS[status], 0))
    ]
    return language.text(
        "Of {all} trips, {share} ({n}) cannot be driven with these sites: {reasons}.",
        all=language.count(n_trips),
        share=language.percent(unserved_share(n_unserved, n_trips)),
        n=language.count(n_unserved),
        reasons=", ".join(reasons),
    )

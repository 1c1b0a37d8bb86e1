"""What is said of the order of sites: what the first carry and need, and which is missed most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.reporting.phrases import Phrase, count, phrase
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    import pandas as pd

    from planner.tables.language import Language


def sentences(
    order: pd.DataFrame, sizes: pd.DataFrame, first: int, *, asked: int, is_stable: bool
) -> list[Phrase]:
    """Say for a person what the first sites carry, and whether exchanges ended too early.

    Parameters
    ----------
    order, sizes : DataFrame
        ``SITE_ORDER`` and ``NETWORK_SIZES``.
    first : int
        Sites to build first, of those of the order.
    asked : int
        How many were asked for: may be more than there are.
    """
    size = sizes[sizes["n_sites"] == first].iloc[0]
    missed = order.sort_values(["lost_alone", "extra_alone_h"], ascending=False).iloc[0]
    told = [_carried(order, first), _needed(size), _missed_most(missed)]
    if first < len(order):
        told.append(_place(int(missed["rank"]), first))
    if asked > first:
        told.insert(
            0,
            phrase(
                "You asked for the first {asked} sites; there are only {n}, all of which follow.",
                asked=count(asked),
                n=count(first),
            ),
        )
    if not is_stable:
        told.append(phrase("Not all exchanges of sites were tried: a better set may be near."))
    return told


def _carried(order: pd.DataFrame, first: int) -> Phrase:
    last, whole = order.iloc[first - 1], order.iloc[-1]
    extra_min = round(float(last["extra_min"]), 1)
    # With fewer sites some trucks go on with less charge, and the trips left are others.
    is_later = extra_min >= 0.0
    if first == len(order):
        template = "With all {n} sites {all} of the trips can be driven."
    elif last["lost_trips"] == 0:
        template = (
            "The first {first} of {n} sites serve every trip that all of them serve, {all} of the "
            "trips; these arrive {later} later on average, without queues."
            if is_later
            else "The first {first} of {n} sites serve every trip that all of them serve, {all} of "
            "the trips; these arrive {later} earlier on average, without queues."
        )
    else:
        template = (
            "With the first {first} of {n} sites {share} of the trips can be driven, with all "
            "{all}; these arrive {later} later on average, without queues."
            if is_later
            else "With the first {first} of {n} sites {share} of the trips can be driven, with all "
            "{all}; these arrive {later} earlier on average, without queues."
        )

    def carried(language: Language) -> str:
        here, there = language.percents(float(last["served_share"]), float(whole["served_share"]))
        return language.text(
            template,
            first=language.count(first),
            n=language.count(len(order)),
            share=here,
            all=there,
            later=language.minutes(abs(extra_min)),
        )

    return Phrase.of(carried)


def _needed(size: pd.Series) -> Phrase:
    def needed(language: Language) -> str:
        if np.isnan(size["n_hpc"]):
            return language.text("No truck charges at them.")
        return language.text(
            "They need {points} high-power points for a mean wait of {wait}, and {lpc} for "
            "overnight charging.",
            points=language.count(float(size["n_hpc"])),
            wait=language.minutes(float(size[MEAN_WAIT.name])),
            lpc=language.count(float(size["n_lpc"])),
        )

    return Phrase.of(needed)


def _missed_most(site: pd.Series) -> Phrase:
    """What is lost if a site closes alone: other than in the order, where few sites are open."""
    lost = int(site["lost_alone"])

    def missed(language: Language) -> str:
        name = str(site["name"] or site["site_id"])
        hours = language.count(max(float(site["extra_alone_h"]), 0.0))
        if not lost:
            return language.text(
                "If one site closes while all others stay open, {name} is missed most: no trip is "
                "lost, but trips arrive {hours} h later in total.",
                name=name,
                hours=hours,
            )
        return language.counted(
            lost,
            "If one site closes while all others stay open, {name} is missed most: {n} trip can "
            "no longer be driven, and the others arrive {hours} h later in total.",
            "If one site closes while all others stay open, {name} is missed most: {n} trips can "
            "no longer be driven, and the others arrive {hours} h later in total.",
            name=name,
            hours=hours,
        )

    return Phrase.of(missed)


def _place(rank: int, first: int) -> Phrase:
    """Where in the order the site stands that is missed most."""
    if rank <= first:
        return phrase(
            "It is number {rank} of the order: the first {first} include it.",
            rank=count(rank),
            first=count(first),
        )
    return phrase(
        "It is number {rank} of the order, not among the first {first}: while few sites are open, "
        "others are worth more.",
        rank=count(rank),
        first=count(first),
    )

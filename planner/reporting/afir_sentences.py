"""What a check of a plan against the law says in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.afir.columns import AFIR_BUILD, REPLANNED_WAIT, TOTAL
from planner.afir.fulfil import NEW_PLACE, WITH_CONNECTION
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    import pandas as pd

    from planner.afir.check import AfirCheck
    from planner.tables.language import Language

PAGE = "afir.html"
N_BRIEF = 8
"""Rows of what to build that a terminal shows."""
_KW_PER_MW = 1000.0


def sentences(check: AfirCheck, language: Language) -> list[str]:
    """Say for a person what was found."""
    whole = dict(check.shares.set_index("tent_class").loc[TOTAL])
    required = check.roads.rules.share_of_length
    met = (
        language.text("The plan fulfils it along the roads, as far as this check looks.")
        if check.is_met
        else language.counted(
            len(check.gaps),
            "The plan does not fulfil it: {n} stretch, of {km} km, has pools too far apart.",
            "The plan does not fulfil it: {n} stretches, {km} km together, have pools too far "
            "apart.",
            km=language.count(float(check.gaps["length_km"].sum())),
        )
    )
    lines = [
        language.text(
            "At the end of {year} the law asks for pools along {required} of the TEN-T roads; the "
            "plan's reach {share} of {km} km, each direction counted.",
            year=str(check.year),
            required=language.percent(required),
            share=language.percent(float(whole["covered_share"])),
            km=language.count(float(whole["length_km"])),
        ),
        met,
        language.text(
            "The law alone needs {n} of these sites with {points} high-power points together; they "
            "reach {share}, the most that these sites can with such points alone.",
            n=language.count(len(check.least)),
            points=language.count(float(check.least["n_hpc"].sum())),
            share=language.percent(check.least_share),
        ),
        *_pools_in_words(check, language),
        *_fulfilment_in_words(check, language),
    ]
    if check.extras.hdv_per_day is not None:
        length_km, roads = check.roads.pieces.length_km, check.roads
        lines.append(
            language.text(
                "With the reliefs for low traffic: smaller pools are enough along {low} km, and on "
                "{very_low} km of the core network they may lie farther apart.",
                low=language.count(float(length_km[roads.has_low_pieces].sum())),
                very_low=language.count(float(length_km[roads.has_very_low_pieces].sum())),
            )
        )
    if len(check.places):
        lines.append(
            language.text(
                "{met} of {n} parking areas and urban nodes have what the law asks for there.",
                met=language.count(float(check.places["is_met"].sum())),
                n=language.count(len(check.places)),
            )
        )
    return lines


def _pools_in_words(check: AfirCheck, language: Language) -> list[str]:
    """Say what the points of the law stand for, beside those of the plan."""
    law, rules, hpc_kw = check.roads.law, check.roads.rules, check.powers.hpc_kw
    if hpc_kw < law.point_kw:
        return [
            language.text(
                "High-power points of {kw} kW do not count for the law, which asks for {least} kW.",
                kw=language.count(hpc_kw),
                least=language.count(law.point_kw),
            )
        ]
    told = language.text(
        "The plan has {planned} high-power points where trucks need them; the law counts pools: in "
        "each direction {core_mw} MW on the core network, {core} points of {kw} kW, and {other_mw} "
        "MW on the comprehensive one, {other} points.",
        planned=language.count(float(check.n_hpc.sum())),
        core_mw=language.figure(rules.core.pool_kw / _KW_PER_MW),
        core=str(law.points_needed(rules.core, hpc_kw)),
        kw=language.count(hpc_kw),
        other_mw=language.figure(rules.comprehensive.pool_kw / _KW_PER_MW),
        other=str(law.points_needed(rules.comprehensive, hpc_kw)),
    )
    return [told]


def _fulfilment_in_words(check: AfirCheck, language: Language) -> list[str]:
    """Say what would have to be built."""
    lines = [] if check.fulfilment.build.empty else [_build_in_words(check, language)]
    left = check.fulfilment.left
    # Points that do not count for the law help nowhere, which is said of them.
    if len(left) and check.powers.hpc_kw >= check.roads.law.point_kw:
        lines.append(
            language.counted(
                len(left),
                "It stays unfulfilled on {n} stretch of {km} km ({roads}), to which neither these "
                "sites nor new places are close enough: such places are looked for every {every} "
                "km along motorways, not on federal roads or motorways shorter than {short} km.",
                "It stays unfulfilled on {n} stretches, {km} km together ({roads}), to which "
                "neither these sites nor new places are close enough: such places are looked for "
                "every {every} km along motorways, not on federal roads or motorways shorter than "
                "{short} km.",
                km=language.count(float(left["length_km"].sum())),
                roads=", ".join(left["road"].unique()),
                every=language.count(check.fulfilment.places_every_km),
                short=language.count(check.fulfilment.shortest_motorway_km),
            )
        )
    return lines


def _build_in_words(check: AfirCheck, language: Language) -> str:
    build = check.fulfilment.build
    kind = build["kind"]
    places = kind == NEW_PLACE

    def n_points(chosen: pd.Series) -> str:
        return language.count(float(build.loc[chosen, "to_build"].sum()))

    return language.text(
        "To fulfil it, {points} points are missing: {at_sites} at {n_sites} of these sites, "
        "{n_connections} of which need a larger grid connection, and {at_places} at {n_places} "
        "new places; then it reaches {share}.",
        points=n_points(kind != ""),
        at_sites=n_points(~places),
        n_sites=language.count(int((~places).sum())),
        n_connections=language.count(int((kind == WITH_CONNECTION).sum())),
        at_places=n_points(places),
        n_places=language.count(int(places.sum())),
        share=language.percent(check.fulfilment.covered_share),
    )


def rest_of_build(check: AfirCheck, language: Language) -> str:
    """Say how much a terminal does not show, and where it stands; empty without any."""
    rest = check.fulfilment.build.iloc[N_BRIEF:]
    if rest.empty:
        return ""
    return language.text(
        "and {n} more with {points} points, in {page} and in {table}",
        n=language.count(len(rest)),
        points=language.count(float(rest["to_build"].sum())),
        page=PAGE,
        table=f"{AFIR_BUILD.name}.csv",
    )


def waits_in_words(waits: pd.DataFrame, language: Language) -> str:
    """Say for a person how long trucks wait with the law alone."""

    def levels(column: str) -> str:
        return "; ".join(
            language.text(
                "{wait} at {share}",
                wait=language.minutes(row[column]),
                share=language.percent(row["level_share"]),
            )
            for row in waits.to_dict("records")
        )

    told = language.text(
        "With the law alone trucks would wait on average: {levels} electric trucks.",
        levels=levels(MEAN_WAIT.name),
    )
    if waits[REPLANNED_WAIT.name].isna().all():
        return told
    known = language.text(
        "Once they know the queues and stop elsewhere: {levels}.",
        levels=levels(REPLANNED_WAIT.name),
    )
    return f"{told} {known}"

"""The check of a plan against the law as people open it: a page, tables and map layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.afir.columns import (
    AFIR_BUILD,
    AFIR_GAPS,
    AFIR_LEAST,
    AFIR_PLACES,
    AFIR_SHARES,
    AFIR_SITES,
    AFIR_WAITS,
    REPLANNED_WAIT,
    TOTAL,
)
from planner.afir.fulfil import AT_SITE, NEW_PLACE, WITH_CONNECTION
from planner.afir.places import NODE, PARKING
from planner.errors import InputDataError
from planner.files.spreadsheet_texts import write_csv_file
from planner.network.arc_lines import arc_lines, two_way_flows
from planner.reporting.afir_sentences import N_BRIEF, PAGE, sentences, waits_in_words
from planner.reporting.charts.afir import COVERED, GAP, coverage_map, road_feature, wait_chart
from planner.reporting.charts.look import SCREEN
from planner.reporting.gis.export import write_map_with
from planner.reporting.gis.plan_layers import CRS
from planner.reporting.gis.point_layer import point_layer
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import Chart, Section, Table, Text, hint
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import Phrase, figure, phrase, verbatim
from planner.tables.language import LANGUAGES
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.afir.check import AfirCheck
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.reporting.gis.plan_map import PlanMap
    from planner.tables.language import Language

MAP, LAW_ALONE = "afir", "law-alone.csv"
_NO_PARKING = "Not looked at: safe and secure parking areas; --parking takes a list of them."
_NO_NODES = "Not looked at: urban nodes, of which no list comes along; --nodes takes one."
_NO_RELIEFS = (
    "Not looked at: the reliefs for roads with little traffic, which a state may grant; --reliefs "
    "reckons with them."
)
_WORDS = {
    "kind": {
        PARKING: phrase("safe and secure parking area"),
        NODE: phrase("urban node"),
        AT_SITE: phrase("points at a site"),
        WITH_CONNECTION: phrase("points and a larger connection"),
        NEW_PLACE: phrase("new place"),
    },
    "tent_class": {
        "core": phrase("core network"),
        "comprehensive": phrase("comprehensive network"),
        TOTAL: phrase("both"),
    },
    "direction": {"one": phrase("one"), "both": phrase("both")},
}
_BRIEF = AFIR_BUILD.quantities("name", "road", "kind", "n_hpc", "to_build", "power_kw")


def write_afir(
    check: AfirCheck,
    graph: RoadGraph,
    sites: Sites,
    title: str,
    folder: Path,
    waits: pd.DataFrame | None = None,
) -> None:
    """Write tables, page, and the layout of the law alone.

    Parameters
    ----------
    title : str
        Study and plan that were looked at.
    folder : pathlib.Path
        An existing folder.
    waits : DataFrame, optional
        ``AFIR_WAITS``, where it was asked what the law alone gives.
    """
    write_csv_and_parquet(check.tables(), folder)
    if waits is not None:
        write_csv_and_parquet([(AFIR_WAITS, waits)], folder)
    if len(check.least):  # a layout without a site is none
        layout = check.least[["site_id", "name", "n_hpc", "n_lpc"]]
        write_csv_file(layout, folder / LAW_ALONE)
    layers = map_layers(check, graph, sites)
    page = _page(check, layers["afir_roads"], layers["afir_sites"], title, waits)
    (folder / PAGE).write_text(page, encoding="utf-8")


def write_afir_map(
    plan: PlanMap, layers: dict[str, gpd.GeoDataFrame], folder: Path, language: Language
) -> None:
    """Write the map of a run with the layers of the check, as project and GeoPackage."""
    write_map_with(layers, plan, folder, MAP, language)


def all_trucks_per_day(graph: RoadGraph, plan: PlanMap, run_dir: Path) -> NDArray[np.float64]:
    """Trucks of a run's study, electric or not, by both directions of each arc together.

    Returns
    -------
    (n_arcs,) float64
        Trucks on the mean simulated day.

    Raises
    ------
    InputDataError
        If the study does not say which share of trucks is electric.
    """
    if plan.level_share is None:
        msg = (
            f"{run_dir}: --reliefs: expected a study with a share of electric trucks "
            "(demand.electrification_share), from which the traffic of all follows; found none; "
            "leave out --reliefs"
        )
        raise InputDataError(msg)
    arcs, _ = two_way_flows(graph, np.zeros(graph.n_arcs))
    trucks = np.zeros(graph.n_arcs)
    # The layer has a line per pair of carriageways, in this order.
    trucks[arcs] = plan.layers["network"]["trucks_per_day"] / plan.level_share
    reverse = graph.reverse_arc_idx()
    other = np.flatnonzero(reverse >= 0)
    trucks[other] = np.maximum(trucks[other], trucks[reverse[other]])
    return trucks


def map_layers(check: AfirCheck, graph: RoadGraph, sites: Sites) -> dict[str, gpd.GeoDataFrame]:
    """Layers of the check by name."""
    return {"afir_sites": site_layer(check, sites), "afir_roads": road_layer(check, graph)}


def brief_build(check: AfirCheck) -> PageTable | None:
    """What to build first, for a terminal; none where nothing is missing."""
    build = check.fulfilment.build.head(N_BRIEF)
    return PageTable.of("afir-build", build, _BRIEF, _WORDS) if len(build) else None


def road_layer(check: AfirCheck, graph: RoadGraph) -> gpd.GeoDataFrame:
    """TEN-T roads: a row per gap with its columns, and one per class for what is covered."""
    line = _piece_lines(check, graph)
    pieces, covered = check.roads.pieces, check.is_covered
    rows: list[dict[str, Any]] = []
    for tent_class in np.unique(check.roads.piece_class):
        on = covered & (check.roads.piece_class == tent_class)
        km = float(pieces.length_km[on].sum())
        told = {"state": COVERED, "tent_class": tent_class, "length_km": km}
        rows.append(told | {"geometry": _drawn(line[on])})
    for gap, row in enumerate(check.gaps.to_dict("records"), start=1):
        on = check.gap_of_piece == gap
        rows.append(
            {str(k): v for k, v in row.items()} | {"state": GAP, "geometry": _drawn(line[on])}
        )
    columns = ["state", *AFIR_GAPS.column_names]
    table = pd.DataFrame(rows).reindex(columns=[*columns, "geometry"])
    table["gap"] = table["gap"].fillna(0).astype(np.int64)
    drawn = table[~table["geometry"].map(lambda each: each.is_empty)]
    return gpd.GeoDataFrame(drawn.reset_index(drop=True), geometry="geometry", crs=CRS)


def site_layer(check: AfirCheck, sites: Sites) -> gpd.GeoDataFrame:
    """``AFIR_SITES`` as points."""
    where = pd.DataFrame({"site_id": sites.site_id, "lon": sites.lon, "lat": sites.lat})
    table = check.sites.merge(where, on="site_id", how="left")
    return point_layer(table, with_position=False)


def _drawn(courses: NDArray[np.object_]) -> shapely.MultiLineString:
    """Courses as one shape; a piece of no length is a point and not drawn."""
    return shapely.MultiLineString([each for each in courses if each.geom_type == "LineString"])


def _piece_lines(check: AfirCheck, graph: RoadGraph) -> NDArray[np.object_]:
    """Course of each piece."""
    pieces = check.roads.pieces
    arcs, position = np.unique(pieces.arc_idx, return_inverse=True)
    whole = np.array(arc_lines(graph, arcs), dtype=object)[position]
    length_km = graph.arc_length_km[pieces.arc_idx]
    return np.array(
        [
            shapely.ops.substring(course, start, end, normalized=True)
            for course, start, end in zip(
                whole, pieces.from_km / length_km, pieces.to_km / length_km, strict=True
            )
        ],
        dtype=object,
    )


def _page(
    check: AfirCheck,
    roads: gpd.GeoDataFrame,
    pools: gpd.GeoDataFrame,
    title: str,
    waits: pd.DataFrame | None,
) -> str:
    told = roads.drop(columns=["geometry", "gap", "state"]).round(1)
    features = [
        road_feature(shapely.geometry.mapping(shape), state, _plain(row))
        for shape, state, row in zip(
            shapely.set_precision(roads.geometry.to_numpy(), 1e-4),
            roads["state"],
            told.to_dict("records"),
            strict=True,
        )
    ]
    fulfilled = pools[pools["n_directions"] > 0]
    dots = pd.DataFrame(
        {"name": fulfilled["name"], "lon": fulfilled.geometry.x, "lat": fulfilled.geometry.y}
    ).round(4)
    data = {"roads": features, "pools": dots.to_dict("records")}
    charts = {each.code: {"map": SCREEN.dressed(coverage_map(each))} for each in LANGUAGES}
    if waits is not None:
        data["waits"] = [_plain(row) for row in waits.round(5).to_dict("records")]
        for each in LANGUAGES:
            charts[each.code]["waits"] = SCREEN.dressed(
                wait_chart(each, with_replanned=bool(waits[REPLANNED_WAIT.name].notna().any()))
            )
    return render_page(
        {
            "study": title,
            "chartData": data,
            "charts": charts,
        },
        kind="AFIR check",
        name=title,
        question=phrase(
            "Does the plan fulfil the law on truck charging at the end of {year}?",
            year=str(check.year),
        ),
        answer=Phrase.of(lambda language: " ".join(sentences(check, language))),
        sections=_sections(check, waits),
    )


def _plain(row: dict[Hashable, Any]) -> dict[str, Any]:
    """Values as JSON knows them: nothing where there is no figure, text for without end."""
    return {
        str(name): "∞" if value == np.inf else None if pd.isna(value) else value
        for name, value in row.items()
    }


def _sections(check: AfirCheck, waits: pd.DataFrame | None) -> list[Section]:
    law = check.roads.law
    shares = PageTable.of("afir-shares", check.shares, AFIR_SHARES.columns, _WORDS)
    gaps = PageTable.of("afir-gaps", check.gaps, AFIR_GAPS.columns, _WORDS)
    sites = PageTable.of("afir-sites", check.sites, AFIR_SITES.columns, _WORDS)
    least = PageTable.of("afir-least", check.least, AFIR_LEAST.columns, _WORDS)
    counted = phrase(
        "A pool is a site with the power and the points that the law asks for in a direction of "
        "travel; one for both directions needs twice as much. A stretch is covered where it lies "
        "on a way from pool to pool that is not longer than allowed. Dots on the map are pools."
    )
    assumed = phrase(
        "Assumed: behind a border, a port or another end of these roads the next pool lies {share} "
        "of the longest spacing away. Which motorways belong to the comprehensive network is "
        "assumed too for the built-in network: all of one or two digits that are not core.",
        share=Phrase.of(lambda language: language.percent(law.beyond_end_share)),
    )
    extras = check.extras
    open_points = [
        text
        for text, is_given in (
            (_NO_PARKING, extras.parking is not None),
            (_NO_NODES, extras.nodes is not None),
            (_NO_RELIEFS, extras.hdv_per_day is not None),
        )
        if not is_given
    ]
    own_traffic = phrase(
        "The reliefs follow from the trucks of this study alone, all of them as if on a working "
        "day: other heavy trucks come on top, so that fewer roads may qualify. A state has to "
        "grant them and to show why; it notifies the Commission and looks at them every two years."
    )
    granted = [] if extras.hdv_per_day is None else [hint(own_traffic)]
    by_itself = phrase(
        "None of these sites can be spared; fewer others might do. The file {file} holds them as a "
        "layout: planner evaluate tells which waits trucks would meet there.",
        file=LAW_ALONE,
    )
    return [
        Section(
            phrase("Where pools lie close enough"),
            (
                Text(counted),
                Chart("map"),
                Table(shares),
                hint(assumed),
                *granted,
                *(hint(phrase(text)) for text in open_points),
            ),
        ),
        *_build_section(check),
        Section(phrase("Gaps, the longest first"), (Table(gaps, "tall"),)),
        Section(phrase("Sites on these roads"), (Table(sites, "tall"),)),
        *_place_section(check),
        Section(
            phrase("What the law alone asks of these sites"),
            (hint(by_itself), Table(least, "tall")),
        ),
        *([] if waits is None else [_wait_section(waits)]),
        Section(phrase("Source"), (Text(verbatim(law.source)),)),
    ]


def _build_section(check: AfirCheck) -> list[Section]:
    build = check.fulfilment.build
    if not len(build):
        return []
    table = PageTable.of("afir-build", build, AFIR_BUILD.without("site_id", "lon", "lat"), _WORDS)
    how = phrase(
        "Pools of the plan count first, then other sites, those whose grid connection is enough "
        "before others, and new places for both directions only where no site helps. None of these "
        "can be spared; fewer others might do. What a direction of its own place saves, and where "
        "there is land, is not looked at."
    )
    return [Section(phrase("What would fulfil the law"), (hint(how), Table(table, "tall")))]


def _place_section(check: AfirCheck) -> list[Section]:
    if not len(check.places):
        return []
    table = PageTable.of("afir-places", check.places, AFIR_PLACES.columns, _WORDS)
    reach = phrase(
        "Points of sites within {parking} km of a parking area, and within the radius of a node or "
        "{node} km, count; these distances are assumed. A station of the law is taken to be a "
        "point.",
        parking=figure(check.roads.law.safe_parking_reach_km),
        node=figure(check.roads.law.urban_node_reach_km),
    )
    return [Section(phrase("Parking areas and urban nodes"), (Table(table, "tall"), hint(reach)))]


def _wait_section(waits: pd.DataFrame) -> Section:
    alone = phrase(
        "The same sites and points at each share of electric trucks, which charge nowhere else: "
        "there are no overnight points. What waits cost, planner costs tells of plans."
    )
    return Section(
        phrase("What the law alone would give"),
        (
            Text(Phrase.of(lambda language: waits_in_words(waits, language))),
            Chart("waits"),
            Table(PageTable.of("afir-waits", waits, AFIR_WAITS.columns)),
            hint(alone),
        ),
    )

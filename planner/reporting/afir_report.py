"""The check of a plan against the law as people open it: a page, tables and map layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from planner.afir.columns import AFIR_GAPS, AFIR_LEAST, AFIR_SHARES, AFIR_SITES, TOTAL
from planner.files.spreadsheet_texts import write_csv_file
from planner.network.arc_lines import arc_lines
from planner.reporting.charts.afir import COVERED, GAP, coverage_map, road_feature
from planner.reporting.charts.look import SCREEN
from planner.reporting.gis.geopackage import new_geopackage
from planner.reporting.gis.plan_layers import CRS
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import Chart, Section, Table, Text, hint
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import Phrase, phrase, verbatim
from planner.tables.language import LANGUAGES
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.afir.check import AfirCheck
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.tables.language import Language

PAGE, LAYERS, LAW_ALONE = "afir.html", "afir.gpkg", "law-alone.csv"
_WORDS = {
    "tent_class": {
        "core": phrase("core network"),
        "comprehensive": phrase("comprehensive network"),
        TOTAL: phrase("both"),
    },
    "direction": {"one": phrase("one"), "both": phrase("both")},
}


def write_afir(check: AfirCheck, graph: RoadGraph, sites: Sites, title: str, folder: Path) -> None:
    """Write tables, map layers, page, and the layout of the law alone.

    Parameters
    ----------
    title : str
        Study and plan that were looked at.
    folder : pathlib.Path
        An existing folder.
    """
    write_csv_and_parquet(check.tables(), folder)
    if len(check.least):  # a layout without a site is none
        layout = check.least[["site_id", "name", "n_hpc", "n_lpc"]]
        write_csv_file(layout, folder / LAW_ALONE)
    roads = road_layer(check, graph)
    pools = site_layer(check, sites)
    with new_geopackage(folder / LAYERS) as path:
        for name, layer in (("afir_roads", roads), ("afir_sites", pools)):
            pyogrio.write_dataframe(layer, path, layer=name, driver="GPKG", append=path.exists())
    page = _page(check, roads, pools, title)
    (folder / PAGE).write_text(page, encoding="utf-8")


def sentences(check: AfirCheck, language: Language) -> list[str]:
    """Say for a person what was found."""
    whole = dict(check.shares.set_index("tent_class").loc[TOTAL])
    required = check.roads.rules.share_of_length
    met = (
        language.text("The plan fulfils it along the roads, as far as this check looks.")
        if check.is_met
        else language.text(
            "The plan does not fulfil it: {n} stretches, {km} km together, have pools too far "
            "apart.",
            n=language.count(len(check.gaps)),
            km=language.count(float(check.gaps["length_km"].sum())),
        )
    )
    return [
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
            "reach {share}, the most that these sites can.",
            n=language.count(len(check.least)),
            points=language.count(float(check.least["n_hpc"].sum())),
            share=language.percent(check.least_share),
        ),
    ]


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
    points = gpd.points_from_xy(table["lon"], table["lat"])
    return gpd.GeoDataFrame(check.sites, geometry=points, crs=CRS)


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


def _page(check: AfirCheck, roads: gpd.GeoDataFrame, pools: gpd.GeoDataFrame, title: str) -> str:
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
    charts = {each.code: {"map": SCREEN.dressed(coverage_map(each))} for each in LANGUAGES}
    return render_page(
        {
            "study": title,
            "chartData": {"roads": features, "pools": dots.to_dict("records")},
            "charts": charts,
        },
        kind="AFIR check",
        name=title,
        question=phrase(
            "Does the plan fulfil the law on truck charging at the end of {year}?",
            year=str(check.year),
        ),
        answer=Phrase.of(lambda language: " ".join(sentences(check, language))),
        sections=_sections(check),
    )


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Values as JSON knows them: nothing where there is no figure, text for without end."""
    return {
        name: "∞" if value == np.inf else None if pd.isna(value) else value
        for name, value in row.items()
    }


def _sections(check: AfirCheck) -> list[Section]:
    law = check.roads.law
    shares = PageTable.of("afir-shares", check.shares, AFIR_SHARES.columns, _WORDS)
    gaps = PageTable.of("afir-gaps", check.gaps, AFIR_GAPS.columns, _WORDS)
    sites = PageTable.of("afir-sites", check.sites, AFIR_SITES.columns, _WORDS)
    least = PageTable.of("afir-least", check.least, AFIR_LEAST.columns, _WORDS)
    counted = phrase(
        "A pool is a site with the power and the points that the law asks for in a direction of "
        "travel; one for both directions needs twice as much. A stretch is covered where it lies "
        "on a way from pool to pool that is not longer than allowed."
    )
    assumed = phrase(
        "Assumed: behind a border, a port or another end of these roads the next pool lies {share} "
        "of the longest spacing away. Which motorways belong to the comprehensive network is "
        "assumed too for the built-in network: all of one or two digits that are not core.",
        share=Phrase.of(lambda language: language.percent(law.beyond_end_share)),
    )
    not_looked_at = phrase(
        "Not looked at: safe and secure parking areas, urban nodes, and the reliefs for roads with "
        "little traffic, which a state may grant."
    )
    by_itself = phrase(
        "None of these sites can be spared; fewer others might do. The file {file} holds them as a "
        "layout: planner evaluate tells which waits trucks would meet there.",
        file=LAW_ALONE,
    )
    return [
        Section(
            phrase("Where pools lie close enough"),
            (Text(counted), Chart("map"), Table(shares), hint(assumed), hint(not_looked_at)),
        ),
        Section(phrase("Gaps, the longest first"), (Table(gaps, "tall"),)),
        Section(phrase("Sites on these roads"), (Table(sites, "tall"),)),
        Section(
            phrase("What the law alone asks of these sites"),
            (hint(by_itself), Table(least, "tall")),
        ),
        Section(phrase("Source"), (Text(verbatim(law.source)),)),
    ]

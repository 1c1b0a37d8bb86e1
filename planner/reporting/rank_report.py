"""The order of sites as people open it: a page, tables, a map layer and the first sites alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyogrio

from planner.files.spreadsheet_texts import write_csv_file
from planner.reporting.charts.look import SCREEN
from planner.reporting.charts.rank import (
    extra_chart,
    numbered_sites,
    order_map,
    served_chart,
)
from planner.reporting.charts.roads import all_roads
from planner.reporting.gis.geopackage import new_geopackage
from planner.reporting.gis.point_layer import point_layer
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import Chart, Section, Table, Text, charted, hint
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import Phrase, count, phrase
from planner.selection.columns import FIRST_TO_BUILD, NETWORK_SIZES, SITE_ORDER
from planner.tables.language import LANGUAGES
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.tables.table import Table as Schema

PAGE, LAYERS = "rank.html", "rank.gpkg"


def first_sites_file(first: int) -> str:
    """Name of the file of the first sites."""
    return f"first-{first}-sites.csv"


def write_rank(
    tables: list[tuple[Schema, pd.DataFrame]],
    first: pd.DataFrame,
    graph: RoadGraph,
    title: str,
    told: list[Phrase],
    folder: Path,
) -> None:
    """Write tables, map layer, page, and the first sites as a table for a study of its own.

    Parameters
    ----------
    tables : list
        ``SITE_ORDER`` and ``NETWORK_SIZES`` with what they hold.
    first : DataFrame
        The first sites with their points.
    title : str
        Study that was looked at.
    told : list of Phrase
        What was found, a sentence each.
    folder : pathlib.Path
        An existing folder.
    """
    write_csv_and_parquet(tables, folder)
    order, sizes = (frame for _, frame in tables)
    write_csv_file(first, folder / first_sites_file(len(first)))
    layer = point_layer(order, with_position=False)
    with new_geopackage(folder / LAYERS) as path:
        pyogrio.write_dataframe(layer, path, layer="site_order", driver="GPKG")
    page = _page(order, sizes, len(first), graph, title, told)
    (folder / PAGE).write_text(page, encoding="utf-8")


def _page(
    order: pd.DataFrame,
    sizes: pd.DataFrame,
    first: int,
    graph: RoadGraph,
    title: str,
    told: list[Phrase],
) -> str:
    is_numbered = _numbered(order, first, graph)
    shown = order.assign(is_first=order["rank"] <= first, is_numbered=is_numbered)
    shown = shown.round({"lon": 4, "lat": 4, "served_share": 5, "extra_min": 3, "extra_alone_h": 2})
    charts = {
        each.code: {
            "served": SCREEN.dressed(served_chart(each)),
            "extra": SCREEN.dressed(extra_chart(each)),
            "map": SCREEN.dressed(order_map(each)),
        }
        for each in LANGUAGES
    }
    return render_page(
        {
            "study": title,
            "chartData": {
                "order": shown.to_dict("records"),
                "first": [{"rank": first}],
                "roads": [all_roads(graph)],
            },
            "charts": charts,
        },
        kind="order of sites",
        name=title,
        question=phrase("Which sites are worth most, and which are to be built first?"),
        answer=Phrase.of(lambda language: " ".join(each.texts[language.code] for each in told)),
        sections=_sections(order, sizes, first, int(is_numbered.sum())),
    )


def _numbered(order: pd.DataFrame, first: int, graph: RoadGraph) -> NDArray[np.bool_]:
    lon, lat = order["lon"].to_numpy(float), order["lat"].to_numpy(float)
    return numbered_sites(lon, lat, first, float(np.ptp(graph.lat)))


def _sections(
    order: pd.DataFrame, sizes: pd.DataFrame, first: int, n_numbered: int
) -> list[Section]:
    how = phrase(
        "Sites close one by one, each time the one whose trucks lose least, and these trucks plan "
        "their stops anew for the sites that are left: so the last to close is the first to build. "
        "Then each closed site is tried in the place of each of the first ones, until no exchange "
        "helps. Another set of as many sites may still be better."
    )
    no_queues = phrase(
        "Trucks take the stops here with which they arrive first, as if nobody waited. What queues "
        "do is in the table below: each network gets the fewest points found with which the mean "
        "wait is as short as asked, or as many as their limits allow."
    )
    not_in_cost = phrase(
        "Trips that cannot be driven are in no cost: a network with which fewer trips can be "
        "driven is not cheaper for that."
    )
    numbers = phrase("Numbers are ranks.")
    if n_numbered < first:
        numbers = phrase(
            "Numbers are ranks, of {n} of the first {first} sites: others would lie on them.",
            n=count(n_numbered),
            first=count(first),
        )
    file = phrase(
        "The file {file} holds the first sites for a study of their own (sites: source: table).",
        file=first_sites_file(first),
    )
    what_each_saves = phrase(
        "So many trips can be driven with each site and those before it, and so much later they "
        "arrive than with all sites; the hours are those that it saves while all others are open."
    )
    return [
        Section(
            phrase("The first sites to build"),
            (
                hint(what_each_saves),
                Table(PageTable.of("first-sites", order.head(first), FIRST_TO_BUILD), "tall"),
                hint(file),
            ),
        ),
        Section(phrase("Where they lie"), (Chart("map"), hint(numbers))),
        Section(
            phrase("What the first sites carry"),
            (
                Text(how),
                charted(phrase("Trips that can be driven with the first sites"), "served"),
                charted(
                    phrase("How much later trips arrive with the first sites alone"),
                    "extra",
                    hint(no_queues),
                ),
                Table(PageTable.of("network-sizes", sizes, NETWORK_SIZES.columns)),
                hint(not_in_cost),
            ),
        ),
        Section(
            phrase("All sites in order"),
            (Table(PageTable.of("site-order", order, SITE_ORDER.without("lon", "lat")), "tall"),),
        ),
    ]

"""A layout of points as people keep it: a table to edit, a map layer, and its figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from planner.files.spreadsheet_texts import write_csv_file
from planner.optimization.class_columns import N_SLOW
from planner.plan.site_origin import origin_title
from planner.reporting.gis.export import translated, write_map
from planner.reporting.gis.geopackage import new_geopackage
from planner.reporting.gis.plan_layers import CRS
from planner.reporting.layout_columns import (
    CLASS_FIGURES,
    LAYOUT_FIGURES,
    OF_CLASSES_AT_SITES,
)
from planner.reporting.spreadsheet_columns import SITE_COLUMNS
from planner.reporting.workbook import new_book
from planner.runs.provenance import plain_values
from planner.simulation.metrics import site_figures
from planner.simulation.site_load import site_load
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.table import Quantity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.network.sites import Sites
    from planner.reporting.gis.plan_map import PlanMap
    from planner.runs.run_directory import RunDirectory
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.metrics import SiteFigures
    from planner.simulation.queues import ChargerLayout, QueueResult
    from planner.simulation.site_load import SiteLoad
    from planner.tables.language import Language

TABLE, WORKBOOK, LAYER, FIGURES = "sites.csv", "sites.xlsx", "sites.gpkg", "evaluation.csv"
LAYOUT_MAP = "layout"
"""Name of the files of the project for QGIS."""
GERMAN_STEM = "-de"
"""At the end of the names of CSV files that a German spreadsheet opens."""

_OF_SITES = {column.name: column for column in SITE_COLUMNS}
# fmt: off
LAYOUT_COLUMNS = (
    *(_OF_SITES[name] for name in ("site_id", "name", "road", "site_origin", "n_hpc", "n_lpc")),
    *(_OF_SITES[name] for name in ("n_sessions_hpc", MEAN_WAIT.name, "p95_wait_min")),
    Quantity("waiting_share", "float64", "share", "percent", "Share of all waiting",
             "Waiting time at the site as a share of that at all sites."),
    _OF_SITES["utilisation_share"],
    Quantity("load_share", "float64", "share", "percent", "Load on the busiest day",
             "Hours of charging that trucks bring in the busiest 24 hours, as a share of what the "
             "high-power points can give in them: from 100 % on they cannot keep up."),
    Quantity("n_waiting_at_end", "int64", "trucks", "count", "Waiting at the end",
             "Trucks that still wait when the simulated days end."),
    Quantity("keeps_up", "string", "", "text", "Keeps up", "no where the load is 100 % or more."),
    *(_OF_SITES[name] for name in ("grid_connection_kw", "lon", "lat")),
)
# fmt: on
"""Columns of a layout in a workbook."""


def layout_table(
    sites: Sites,
    demand: ChargingDemand,
    result: QueueResult,
    layout: ChargerLayout,
    figures: SiteFigures | None = None,
    load: SiteLoad | None = None,
) -> pd.DataFrame:
    """Points and figures of each site, a row per site.

    Parameters
    ----------
    layout : ChargerLayout
        The points they were simulated with.
    figures : SiteFigures, optional
        Figures of the sites, where they are known already.
    load : SiteLoad, optional
        Load of the sites, where it is known already.

    Returns
    -------
    DataFrame
        site_id, name, road, site_origin, lon, lat (degrees), n_hpc, n_lpc, n_sessions_hpc,
        mean_wait_min, p95_wait_min, waiting_share, utilisation_share, load_share,
        n_waiting_at_end, keeps_up (yes or no), grid_connection_kw (NaN where it is not known).
    """
    figures = figures or site_figures(demand, result, layout)
    load = load or site_load(demand, result, layout)
    waiting = np.nan_to_num(figures.mean_wait_min) * figures.n_sessions_hpc
    return pd.DataFrame(
        {
            "site_id": sites.site_id,
            "name": sites.name,
            "road": sites.road,
            "site_origin": sites.register()["origin"],
            "lon": sites.lon,
            "lat": sites.lat,
            "n_hpc": layout.n_hpc,
            "n_lpc": layout.n_lpc,
            "n_sessions_hpc": figures.n_sessions_hpc,
            MEAN_WAIT.name: figures.mean_wait_min,
            "p95_wait_min": figures.p95_wait_min,
            "waiting_share": waiting / max(waiting.sum(), np.finfo(float).tiny),
            "utilisation_share": figures.utilisation_share,
            "load_share": load.load_share,
            "n_waiting_at_end": load.n_waiting_at_end,
            "keeps_up": np.where(load.cannot_keep_up, "no", "yes").astype(object),
            "grid_connection_kw": sites.grid_connection_kw,
        }
    )


def write_layout(
    table: pd.DataFrame,
    answer: dict[str, Any],
    directory: RunDirectory,
    figures: Mapping[str, Mapping[str, float]] | None = None,
    language: Language = ENGLISH,
    project: PlanMap | None = None,
) -> None:
    """Write a layout as table, workbook and layer, and what is to be said of it.

    Parameters
    ----------
    table : DataFrame
        From :func:`layout_table`.
    answer : dict
        What is to be said: the manifest of the folder.
    directory : RunDirectory
        Where to write, held by the caller.
    figures : mapping of str to mapping, optional
        Figures of whole layouts by their names, by what the layouts are called.
    language : Language
        Of the workbook, and of the project.
    project : PlanMap, optional
        What a project for QGIS shows.

    Raises
    ------
    RunDirectoryError
        If the folder holds other files or cannot be written.
    """
    points = shapely.points(table["lon"], table["lat"])
    layer = gpd.GeoDataFrame(table.drop(columns=["lon", "lat"]), geometry=points, crs=CRS)
    directory.begin(resume=False)
    folder = directory.results
    _write_csv(table, folder / TABLE)
    _write_layer(layer, folder / LAYER)
    write_layout_book(folder / WORKBOOK, table, str(answer["study"]), figures, language)
    if project is not None:
        write_map(translated(project, language), folder, LAYOUT_MAP, language)
    if figures is not None:
        _write_csv(figure_table(figures), folder / FIGURES)
    whole = plain_values(answer | {"fingerprint": directory.fingerprint})
    said = json.dumps(whole, indent=2) + "\n"
    (folder / directory.manifest).write_text(said, encoding="utf-8")
    directory.finish()


def figure_table(figures: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Figures of whole layouts to reckon with: ``figure``, then a column per layout."""
    return pd.DataFrame(figures).rename_axis("figure").reset_index()


def write_layout_book(
    path: Path,
    table: pd.DataFrame,
    study: str,
    figures: Mapping[str, Mapping[str, float]] | None,
    language: Language,
) -> None:
    """Write the workbook of a layout: a sheet of sites, and one of the figures of the whole.

    Parameters
    ----------
    table : DataFrame
        From :func:`layout_table`.
    study : str
        Name of the study, for the properties of the file.
    figures : mapping of str to mapping, optional
        Figures of whole layouts by their names, by what the layouts are called.
    """
    with new_book(path, language, study) as book:
        book.table_sheet(language.text("Sites"), _in_words(table, language), _columns_of(table))
        if figures is not None:
            titles = [language.as_heading(name) for name in figures]
            known = LAYOUT_FIGURES | CLASS_FIGURES
            told = [known[name] for name in known if all(name in each for each in figures.values())]
            columns = [[each[figure.name] for figure in told] for each in figures.values()]
            book.figure_sheet(language.text("Figures"), told, titles, columns)


def _columns_of(table: pd.DataFrame) -> list[Quantity]:
    """Columns of a layout, with those of classes of points where it has them."""
    of_classes = {each.name: each for each in OF_CLASSES_AT_SITES if each.name in table}
    known = {each.name: each for each in LAYOUT_COLUMNS} | of_classes
    n_hpc = [*known].index("n_hpc")
    slower = [N_SLOW.name] if N_SLOW.name in of_classes else []
    rest = [name for name in known if name not in slower]
    return [known[name] for name in (*rest[: n_hpc + 1], *slower, *rest[n_hpc + 1 :])]


def _in_words(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Sites with words of a language where files for programs have keys."""
    return table.assign(
        site_origin=[origin_title(origin, language) for origin in table["site_origin"]],
        keeps_up=[language.own_text(answer) for answer in table["keeps_up"]],
    )


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table for programs and, beside it, for spreadsheets with a decimal comma."""
    write_csv_file(table, path)
    write_csv_file(table, path.with_stem(f"{path.stem}{GERMAN_STEM}"), decimal_comma=True)


def _write_layer(layer: gpd.GeoDataFrame, path: Path) -> None:
    with new_geopackage(path) as new:
        pyogrio.write_dataframe(
            layer, new, layer="sites", driver="GPKG", dataset_options={"VERSION": "1.2"}
        )

"""A layout of points as people keep it: a table to edit, a map layer, and its figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from planner.errors import InputDataError
from planner.files.spreadsheet_texts import unmarked_text, write_csv_file
from planner.files.table_columns import counts, named_columns, refuse_rows
from planner.files.table_files import read_table
from planner.files.table_keys import TableKeys
from planner.reporting.gis.geopackage import new_geopackage
from planner.reporting.gis.plan_layers import CRS
from planner.reporting.manifest import plain_values
from planner.reporting.spreadsheet_columns import SITE_COLUMNS
from planner.scenario.suggestions import did_you_mean
from planner.simulation.metrics import site_figures
from planner.simulation.queues import ChargerLayout
from planner.tables.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.network.sites import Sites
    from planner.run_directory import RunDirectory
    from planner.scenario.model import Chargers
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import QueueResult

TABLE, LAYER = "sites.csv", "sites.gpkg"
MOST_POINTS = 10_000
"""No site has more points of a kind."""

_OTHER_NAMES = {
    "site_id": ("id", "site"),
    "n_hpc": ("hpc", "High-power points (HPC)"),
    "n_lpc": ("lpc", "Overnight points (LPC)"),
}
"""Short names, and the headings of workbooks of earlier versions."""


def read_layout(
    path: Path, site_id: NDArray[np.object_], n_lpc: NDArray[np.int64], sheet: str | None = None
) -> ChargerLayout:
    """Read how many points each site has.

    Parameters
    ----------
    path : pathlib.Path
        CSV, Excel workbook, GeoPackage or GeoJSON with a row per site: ``site_id``, ``n_hpc`` and,
        where it is known, ``n_lpc``; headings of ``plan.xlsx`` are known too.
    site_id : (n_sites,) object
        Sites that may be named.
    n_lpc : (n_sites,) int64
        Overnight points where the file does not say.
    sheet : str, optional
        Sheet of a workbook, layer of a map file.

    Returns
    -------
    ChargerLayout
        In the order of ``site_id``. A site that the file leaves out has no points; nor has one
        without high-power points, where a truck that finds no overnight point could not charge.

    Raises
    ------
    InputDataError
        If the file is broken, names an unknown site or one twice, has overnight points alone
        somewhere, or no point at all.
    """
    where = str(path)
    table = _known_columns(read_table(path, TableKeys(sheet=sheet), with_places=True), where)
    refuse_rows(table, table["site_id"].isna().to_numpy(), where, "every row needs a site_id")
    index_of = {str(name): index for index, name in enumerate(site_id)}
    table["site_id"] = [_known_as(str(name), index_of) for name in table["site_id"]]
    twice = table["site_id"].duplicated(keep=False).to_numpy()
    one_plan = "a site must stand in one row (keep the rows of one plan)"
    refuse_rows(table, twice, where, one_plan)
    unknown = ~table["site_id"].isin(list(index_of)).to_numpy()
    if unknown.any():
        first = table["site_id"][unknown].iloc[0]
        expected = (
            f"expected sites of the run, found {first!r}{did_you_mean(first, index_of)}; a new "
            "site goes into the scenario's table of sites"
        )
        refuse_rows(table, unknown, where, expected)
    position = table["site_id"].map(index_of).to_numpy(dtype=np.int64)
    hpc = _counts(table, "n_hpc", where, np.zeros(len(table)))
    lpc = _counts(table, "n_lpc", where, np.where(hpc > 0, n_lpc[position], 0))
    lpc_alone = "overnight points need a high-power point beside them, for trucks that find none"
    refuse_rows(table, (lpc > 0) & (hpc == 0), where, lpc_alone)
    if not hpc.any():
        msg = f"{where}: expected at least one high-power point, found none."
        raise InputDataError(msg)
    layout = ChargerLayout(np.zeros(len(site_id), np.int32), np.zeros(len(site_id), np.int32))
    layout.n_hpc[position], layout.n_lpc[position] = hpc, lpc
    return layout


def _known_columns(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """Identifier and counts under their own names, without counts that the file does not hold."""
    columns = {column.name: column for column in SITE_COLUMNS}
    known = {
        name: (name, *others, *(columns[name].heading(language) for language in LANGUAGES))
        for name, others in _OTHER_NAMES.items()
    }
    return named_columns(table, known, where, required=("site_id", "n_hpc"))


def _known_as(name: str, known: Collection[str]) -> str:
    """Name of a site as the run knows it: files for spreadsheets mark those like formulas."""
    unmarked = unmarked_text(name)
    return unmarked if unmarked in known else name


def _counts(
    table: pd.DataFrame, column: str, where: str, default: NDArray[np.float64]
) -> NDArray[np.int32]:
    if column not in table:
        return default.astype(np.int32)
    found = counts(table, column, where, "points", MOST_POINTS)
    return np.where(np.isnan(found), default, found).astype(np.int32)


def layout_table(
    sites: Sites,
    demand: ChargingDemand,
    result: QueueResult,
    layout: ChargerLayout,
    chargers: Chargers,
) -> pd.DataFrame:
    """Points and figures of each site, a row per site.

    Parameters
    ----------
    sites : Sites
        The sites.
    demand : ChargingDemand
        Trucks and their stops.
    result : QueueResult
        What happened at them.
    layout : ChargerLayout
        The points they were simulated with.
    chargers : planner.scenario.model.Chargers
        Power of the points.

    Returns
    -------
    DataFrame
        site_id, name, road, lon, lat (degrees), n_hpc, n_lpc, mean_wait_min, p95_wait_min,
        utilisation_share.
    """
    figures = site_figures(demand, result, layout, hpc_kw=chargers.hpc_kw, lpc_kw=chargers.lpc_kw)
    return pd.DataFrame(
        {
            "site_id": sites.site_id,
            "name": sites.name,
            "road": sites.road,
            "lon": sites.lon,
            "lat": sites.lat,
            "n_hpc": layout.n_hpc,
            "n_lpc": layout.n_lpc,
            "mean_wait_min": figures.mean_wait_min,
            "p95_wait_min": figures.p95_wait_min,
            "utilisation_share": figures.utilisation_share,
        }
    )


def write_layout(
    table: pd.DataFrame, answer: dict[str, Any], texts: dict[str, str], directory: RunDirectory
) -> None:
    """Write a layout as table and layer, and what is to be said of it.

    Parameters
    ----------
    table : DataFrame
        From :func:`layout_table`.
    answer : dict
        What is to be said: the manifest of the folder.
    texts : dict of str to str
        Further files: name and text.
    directory : RunDirectory
        Where to write, held by the caller.

    Raises
    ------
    RunDirectoryError
        If the folder holds other files or cannot be written.
    """
    points = shapely.points(table["lon"], table["lat"])
    layer = gpd.GeoDataFrame(table.drop(columns=["lon", "lat"]), geometry=points, crs=CRS)
    directory.begin(resume=False)
    folder = directory.results
    write_csv_file(table, folder / TABLE)
    _write_layer(layer, folder / LAYER)
    whole = plain_values(answer | {"fingerprint": directory.fingerprint})
    said = json.dumps(whole, indent=2) + "\n"
    for name, text in (texts | {directory.manifest: said}).items():
        (folder / name).write_text(text, encoding="utf-8")
    directory.finish()


def _write_layer(layer: gpd.GeoDataFrame, path: Path) -> None:
    with new_geopackage(path) as new:
        pyogrio.write_dataframe(
            layer, new, layer="sites", driver="GPKG", dataset_options={"VERSION": "1.2"}
        )

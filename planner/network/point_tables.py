"""Tables of charging points for trucks, a row per place."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import InputDataError, quoted
from planner.files.coordinates import refuse_swapped
from planner.files.ranges import NOT_NEGATIVE
from planner.files.table_columns import counts, named_columns, numbers, refuse_rows
from planner.files.table_files import read_table
from planner.network.charging_register import opening_year
from planner.network.cleaning import LeftOut
from planner.network.site_status import CLOSED, read_status
from planner.network.truck_stations import (
    MOST_KW,
    MOST_POINTS,
    OUT_OF_USE,
    POINT_COLUMNS,
    TOO_WEAK,
    FoundPoints,
)
from planner.said import said

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.truck_points import TruckPointRules
    from planner.scenario.existing_points import ExistingPoints

POINT_NAMES: dict[str, tuple[str, ...]] = {
    "name": ("name", "site_name", "site", "id", "evse_id"),
    "operator": ("operator", "operator_name", "cpo", "betreiber"),
    "country": ("country", "country_code", "land"),
    "lon": ("lon", "longitude", "lng", "long", "x", "längengrad"),
    "lat": ("lat", "latitude", "y", "breitengrad"),
    "n_points": (
        "n_points",
        "points",
        "charge_points",
        "chargepoints",
        "charging_points",
        "recharging_points",
        "number_of_points",
        "anzahl ladepunkte",
    ),
    "power_kw": ("power_kw", "max_kw", "maxkw", "max_power_kw", "kw", "power"),
    "kind": ("kind", "class", "type"),
    "status": ("status", "operational_status"),
    "opening_year": ("opening_year", "opening", "opened", "opening_date", "year"),
    "for_trucks": ("for_trucks", "trucks", "truck", "lorry", "hgv", "vehicles", "vehicle_type"),
}
_KINDS = {
    "hpc": ("hpc", "mcs", "megawatt", "high", "high-power"),
    "lpc": ("lpc", "low", "low-power", "overnight", "night"),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
_NOT_FOR_TRUCKS = {"no", "nein", "false", "0", "0.0", "n", "car", "cars", "pkw"}
NOT_FOR_TRUCKS = "rows that are not for trucks"
OTHER_COUNTRIES = "rows of other countries"


def read_point_table(
    settings: ExistingPoints,
    rules: TruckPointRules,
    near: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> FoundPoints:
    """Read a table of points for trucks.

    Parameters
    ----------
    near : pair of (n_sites,) float64
        Longitudes and latitudes of the sites, which tell whether columns are swapped.

    Raises
    ------
    InputDataError
        If it is broken, or a row lacks its position, or both power and kind.
    """
    where = str(settings.path)
    table = named_columns(
        read_table(settings.path, settings.table_keys("sites.existing"), with_places=True),
        POINT_NAMES,
        where,
        required=("lon", "lat"),
        filled=True,
    )
    n_rows = len(table)
    left_out: Counter[str] = Counter()
    table = _kept(table, ~_is(table, "for_trucks", _NOT_FOR_TRUCKS), NOT_FOR_TRUCKS, left_out)
    if settings.country is not None:
        of_country = _is(table, "country", {settings.country.casefold()})
        if not of_country.any():
            found = sorted({str(name) for name in table["country"].dropna()})
            msg = said(
                "{where}: expected rows of the country {country} (sites.existing.country), found "
                "{found}.",
                where=where,
                country=quoted(settings.country),
                found=", ".join(map(quoted, found[:8])) or "none",
            )
            raise InputDataError(msg)
        table = _kept(table, of_country, OTHER_COUNTRIES, left_out)
    status = read_status(table, where)
    table = _kept(table, status != CLOSED, OUT_OF_USE, left_out)
    lon, lat = (numbers(table, name, where, "degrees") for name in ("lon", "lat"))
    wrong = ~((np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0))
    refuse_rows(table, wrong, where, "every place needs lon (-180 to 180) and lat (-90 to 90)")
    refuse_swapped(lon, lat, near, where, "points")
    n_points = counts(table, "n_points", where, "points", MOST_POINTS)
    n_points = np.where(np.isnan(n_points), 1.0, n_points)
    power_kw = numbers(table, "power_kw", where, "kW")
    NOT_NEGATIVE.check(table, "power_kw", power_kw, where, may_be_empty=True)
    refuse_rows(
        table,
        power_kw > MOST_KW,
        where,
        said("power_kw of a point must be at most {most} kW", most=MOST_KW),
    )
    kind = _kinds(table, power_kw, where, rules)
    weak = kind == "weak"
    left_out[TOO_WEAK] += int(n_points[weak].sum())
    is_hpc = kind == "hpc"
    found = pd.DataFrame(
        {
            "name": table["name"].fillna("").astype(str),
            "operator": table["operator"].fillna("").astype(str),
            "lon": lon,
            "lat": lat,
            "n_hpc": np.where(is_hpc, n_points, 0.0).astype(np.int64),
            "n_lpc": np.where(kind == "lpc", n_points, 0.0).astype(np.int64),
            "hpc_kw": np.where(
                is_hpc, n_points * np.nan_to_num(power_kw, nan=rules.hpc_from_kw.value), 0.0
            ),
            "status": status[status != CLOSED],
            "opening_year": [opening_year(str(text or "")) for text in table["opening_year"]],
            "why": "given",
        }
    )[~weak]
    told_out = tuple(LeftOut(what, n) for what, n in sorted(left_out.items()) if n)
    n_guessed = int(n_points[np.isnan(power_kw)].sum())
    return FoundPoints(
        found[list(POINT_COLUMNS)].reset_index(drop=True), n_rows, "", told_out, n_guessed
    )


def _is(table: pd.DataFrame, column: str, words: set[str]) -> NDArray[np.bool_]:
    plain = table[column].fillna("").astype(str).str.strip().str.casefold()
    return np.asarray(plain.isin(words), dtype=np.bool_)


def _kept(
    table: pd.DataFrame, kept: NDArray[np.bool_], what: str, left_out: Counter[str]
) -> pd.DataFrame:
    """Rows that are kept; the others are counted."""
    left_out[what] += int((~kept).sum())
    return table[kept]


def _kinds(
    table: pd.DataFrame, power_kw: NDArray[np.float64], where: str, rules: TruckPointRules
) -> NDArray[np.object_]:
    """What the points of each row count as; what the table says goes before their power."""
    told = table["kind"].fillna("").astype(str).str.strip().str.casefold().map(_KIND_OF)
    by_power = [None if np.isnan(kw) else rules.kind(kw) for kw in power_kw.tolist()]
    kind = told.where(told.notna(), pd.Series(by_power, index=table.index, dtype=object))
    expected = "every row needs power_kw, or kind (hpc, mcs, lpc, overnight)"
    refuse_rows(table, kind.isna().to_numpy(), where, expected)
    return kind.to_numpy(dtype=object)
